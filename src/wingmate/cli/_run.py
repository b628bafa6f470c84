"""`wingmate run`: a crew of your own, against any server."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import Any

from .._config import load_crew
from ._arguments import positive
from ._ledger import Ledger
from ._play import Run, conduct, folder_or, play, signals
from ._state import default_folder
from ._views import View


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
    return conduct(given, partial(_run, run))


async def _run(run: Run, view: View, ledger: Ledger) -> None:
    with signals() as orders:
        await play(run, view, ledger, orders)
