"""`wingmate map`: the map a crew has drawn."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import anyio

from .._secrets import home
from ..errors import ConfigError
from ..stores import SqliteStore
from ..tw2002.atlas import Atlas, draw_svg, draw_text
from ._state import StateFolder, default_folder


def add_to(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "map",
        help="print or draw the known map",
        description="Print the map a crew has drawn, or draw it as SVG.",
    )
    parser.add_argument(
        "--state", type=Path, metavar="DIR", help="the crew's state folder (default: the demo's)"
    )
    parser.add_argument(
        "--svg", type=Path, metavar="FILE", help="draw it into a file instead ('-' for standard output)"
    )
    parser.add_argument("--centre", type=int, metavar="SECTOR", help="the sector in the middle")
    parser.set_defaults(command=main)


def known_folder(path: Path | None) -> StateFolder:
    """Find a state folder that has knowledge in it. Raises `ConfigError`."""
    folder = StateFolder(home(str(path)) if path is not None else default_folder("demo-1"))
    if not folder.knowledge.exists():
        raise ConfigError(
            f"there is no map in {folder.path}; run a crew first, or name its folder with --state"
        )
    return folder


def main(given: argparse.Namespace) -> int:
    """Run the command."""
    folder = known_folder(given.state)
    atlas = anyio.run(_load, folder)
    if given.centre is not None and atlas.sector(given.centre) is None:
        raise ConfigError(f"sector {given.centre} is not on the map")
    if given.svg is None:
        print(draw_text(atlas, given.centre))
    elif str(given.svg) == "-":
        print(draw_svg(atlas, given.centre))
    else:
        given.svg.write_text(draw_svg(atlas, given.centre), "utf-8")
        print(f"{atlas.explored_count:,} sectors drawn in {given.svg}")
    return 0


async def _load(folder: StateFolder) -> Atlas:
    async with SqliteStore(folder.knowledge) as store:
        return await Atlas.load(store)
