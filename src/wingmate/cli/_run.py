"""`wingmate run`: a crew of your own, against any server."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import anyio

from .._config import load_crew
from ._demo import positive
from ._play import Run, folder_or, play
from ._state import default_folder, write_report
from ._views import open_view


def add_to(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "run",
        help="run a crew from a configuration file",
        description="Run the crew that a TOML file describes, until every bot is done or Ctrl+C.",
    )
    parser.add_argument("config", type=Path, metavar="crew.toml")
    parser.add_argument(
        "--seconds", type=positive, metavar="N", help="stop after N seconds (default: until Ctrl+C)"
    )
    parser.add_argument("--plain", action="store_true", help="lines with the bot's name in front, for pipes")
    parser.add_argument("--state", type=Path, metavar="DIR", help="where to keep the map; overrides the file")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the summary as JSON")
    parser.add_argument("--check", action="store_true", help="only read the file and say whether it is right")
    parser.set_defaults(command=main)


def main(given: argparse.Namespace) -> int:
    """Run the command."""
    crew = load_crew(given.config)
    if given.check:
        print(f"{given.config}: right; {len(crew.specs)} bots: {', '.join(sorted(crew.specs))}")
        return 0
    folder = folder_or(given.state or crew.state, default_folder(given.config.stem))
    run = Run(
        specs=crew.specs,
        folder=folder,
        seconds=given.seconds,
        seed=crew.seed,
        stagger=crew.stagger,
        record=crew.record,
    )
    with open_view(plain=given.plain) as view:
        ledger = anyio.run(play, run, view)
    for line in ledger.summary():
        print(line)
    if given.report is not None:
        write_report(given.report, ledger.report())
    if ledger.failed:
        print(f"wingmate: {', '.join(ledger.failed)} gave up; see the errors above", file=sys.stderr)
        return 1
    return 0
