"""Values on the command line that must make sense, shared by the commands."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def positive(text: str) -> float:
    """A duration from the command line."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a positive number of seconds, not {text}")
    return value


def crew_size(most: int) -> Callable[[str], int]:
    """A number of bots from the command line, up to *most*."""

    def read(text: str) -> int:
        value = int(text)
        if not 1 <= value <= most:
            raise argparse.ArgumentTypeError(f"must be between 1 and {most}, not {text}")
        return value

    read.__name__ = "crew_size"  # argparse names it to who types no number at all
    return read
