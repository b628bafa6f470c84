"""`wingmate universe`: serve the embedded Trade Wars universe to bots and people."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path
from typing import Any

import anyio

from ..errors import ConfigError
from ..tw2002.universe import Settings, Universe
from ._play import folder_or
from ._state import StateFolder, default_folder


def add_to(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "universe",
        help="serve the embedded Trade Wars universe over telnet",
        description="Serve a Trade Wars 2002 compatible universe until Ctrl+C; telnet to it and play.",
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=2002, help="port to listen on (default 2002, 0 for any)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of a new universe (default 1)")
    parser.add_argument(
        "--sectors", type=int, default=1000, metavar="N", help="of a new universe (default 1000)"
    )
    parser.add_argument("--turns", type=int, default=1000, metavar="N", help="turns a day in a new universe")
    parser.add_argument(
        "--nodes", type=int, default=50, metavar="N", help="how many may play at once (default 50)"
    )
    parser.add_argument("--fast", action="store_true", help="no ship delays and no emulated latency")
    parser.add_argument("--state", type=Path, metavar="DIR", help="where to keep the universe")
    parser.set_defaults(command=main)


def main(given: argparse.Namespace) -> int:
    """Run the command."""
    folder = folder_or(given.state, default_folder("universe"))
    anyio.run(_serve, given, folder)
    return 0


async def _serve(given: argparse.Namespace, folder: StateFolder) -> None:
    try:
        settings = Settings(seed=given.seed, nodes=given.nodes, sectors=given.sectors, turn_base=given.turns)
    except ValueError as exc:
        raise ConfigError(f"there is no such universe: {exc}") from exc
    async with Universe(settings, save=folder.universe, fast=given.fast) as universe:
        try:
            port = await universe.serve(given.host, given.port)
        except (OSError, OverflowError) as exc:
            words = (exc.strerror if isinstance(exc, OSError) else None) or exc
            raise ConfigError(
                f"{given.host}:{given.port} cannot be listened on: {words}; "
                "choose another with --host and --port (--port 0 takes any free one)"
            ) from exc
        print(f"telnet {given.host} {port}   (kept in {folder.path}; Ctrl+C ends)", flush=True)
        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for _ in signals:
                break
        print("saving and closing", flush=True)
