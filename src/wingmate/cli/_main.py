"""Read the command line, run one command, turn errors into sentences and exit codes."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from io import TextIOWrapper
from traceback import format_exception
from typing import cast

from typing_extensions import override

from .._secrets import redact
from ..errors import ConfigError, WingmateError
from . import _demo, _knowledge, _map, _run, _universe, _village

COMMANDS = (_demo, _run, _universe, _village, _map, _knowledge)
DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130
EXPECTED = (WingmateError, ImportError, OSError)  # what needs a sentence, not a traceback
CURES = {
    "database is locked": "another wingmate has it open: end that one, or choose another folder with --state",
    "file is not a database": "move it away, or choose another folder with --state",
}


class Blotting(logging.Formatter):
    """Log lines without secrets, tracebacks included."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a letter that the terminal lacks must not end a crew
    lines = logging.StreamHandler()
    lines.setFormatter(Blotting("%(levelname)s %(message)s"))
    logging.basicConfig(level=logging.DEBUG if given.debug else logging.CRITICAL, handlers=[lines])
    try:
        return int(given.command(given))
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as exc:  # noqa: BLE001 - the last place where a secret can be kept out of a traceback
        return _explain(exc, debug=given.debug)


def _explain(error: Exception, *, debug: bool) -> int:
    """Tell people what went wrong, and give the exit status."""
    causes = list(_leaves(error))
    if any(isinstance(cause, BrokenPipeError) for cause in causes):
        # Whoever read our output has left, as `head` does; nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    elif debug or not all(isinstance(cause, EXPECTED) for cause in causes):
        print(redact("".join(format_exception(error))), end="", file=sys.stderr)
    else:
        for words in dict.fromkeys(redact(str(cause)) or type(cause).__name__ for cause in causes):
            cure = next(
                (cure for sign, cure in CURES.items() if sign in words and "move it" not in words), ""
            )
            print(f"wingmate: {words}{'; ' if cure else ''}{cure}", file=sys.stderr)
    return MISUSED if all(isinstance(cause, ConfigError) for cause in causes) else FAILED


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in cast("BaseExceptionGroup[BaseException]", error).exceptions:
            yield from _leaves(inner)
    else:
        yield error
