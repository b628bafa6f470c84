"""`wingmate knowledge`: what a crew knows, as JSON lines, out and in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import anyio

from ..errors import ConfigError
from ..stores import SqliteStore, export_facts, import_facts
from ._map import known_folder
from ._play import folder_or
from ._state import StateFolder, default_folder


def add_to(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("knowledge", help="export or import what a crew knows, as JSON lines")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    export = actions.add_parser("export", help="print every fact, one JSON object a line")
    export.add_argument("--prefix", default="", help="only keys that start with this, such as sector/")
    export.add_argument(
        "--output", type=Path, metavar="FILE", help="write there instead of to standard output"
    )
    export.set_defaults(command=main_export)
    importer = actions.add_parser("import", help="learn facts; the newest sighting of each wins")
    importer.add_argument("file", type=Path, nargs="?", metavar="FILE", help="left out: standard input")
    importer.set_defaults(command=main_import)
    for action in (export, importer):
        action.add_argument(
            "--state", type=Path, metavar="DIR", help="the crew's state folder (default: the demo's)"
        )


def main_export(given: argparse.Namespace) -> int:
    """Export."""
    count = anyio.run(_export, known_folder(given.state), given.prefix, given.output)
    print(f"{count:,} facts exported", file=sys.stderr)
    return 0


def main_import(given: argparse.Namespace) -> int:
    """Import."""
    if given.file is None:
        lines = sys.stdin.read().splitlines()
    else:
        try:
            lines = given.file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as exc:
            raise ConfigError(f"{given.file} cannot be read: {exc}") from exc
    folder = folder_or(given.state, default_folder("demo-1"))
    news = anyio.run(_import, folder, lines)
    print(f"{len(lines):,} lines read, {news:,} facts were news", file=sys.stderr)
    return 0


async def _export(folder: StateFolder, prefix: str, output: Path | None) -> int:
    count = 0
    target = output.open("w", encoding="utf-8") if output is not None else None
    try:
        async with SqliteStore(folder.knowledge) as store:
            async for line in export_facts(store, prefix):
                print(line, file=target)
                count += 1
    finally:
        if target is not None:
            target.close()
    return count


async def _import(folder: StateFolder, lines: list[str]) -> int:
    async with SqliteStore(folder.knowledge) as store:
        return await import_facts(store, lines)
