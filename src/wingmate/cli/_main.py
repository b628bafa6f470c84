"""Read the command line, run one command, turn errors into sentences and exit codes."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from .._secrets import redact
from ..errors import ConfigError, WingmateError
from . import _demo, _knowledge, _map, _run, _universe

COMMANDS = (_demo, _run, _universe, _map, _knowledge)
DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130


def build_parser() -> argparse.ArgumentParser:
    """Make the parser: one sub-command for each module in `COMMANDS`."""
    parser = argparse.ArgumentParser(
        prog="wingmate",
        description="Cooperative game bots: several connections, one crew, one map.",
        epilog="Exit status: 0 done, 1 failed, 2 a mistake in the command or a file, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"wingmate {version('wingmate')}")
    parser.add_argument(
        "--debug", action="store_true", help="show tracebacks and the crashes of bots in full"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    given = build_parser().parse_args(argv)
    logging.basicConfig(
        level=logging.DEBUG if given.debug else logging.CRITICAL, format="%(levelname)s %(message)s"
    )
    try:
        return int(given.command(given))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left, as `head` does; nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except (WingmateError, ImportError, OSError) as exc:
        if given.debug:
            raise
        print(f"wingmate: {redact(str(exc))}", file=sys.stderr)
        return MISUSED if isinstance(exc, ConfigError) else FAILED
