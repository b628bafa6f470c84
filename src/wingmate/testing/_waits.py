"""Where a waiting task waits, for people."""

from __future__ import annotations

import contextlib
import linecache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

if TYPE_CHECKING:
    from types import FrameType

# Nobody looks for their mistake in there.
_HERE = Path(__file__).parent
_PLUMBING = (
    str(Path(anyio.__file__).parent),
    str(Path(contextlib.__file__).parent / "asyncio"),
    contextlib.__file__,
    str(_HERE / "_simulate.py"),
    str(_HERE / "_network.py"),
    str(_HERE / "_pipe.py"),
)


def whereabouts(coro: Any) -> str:
    """Tell the innermost line of the user's own code that a coroutine is stopped at."""
    place = None
    while (frame := _frame(coro)) is not None:
        if place is None or not frame.f_code.co_filename.startswith(_PLUMBING):
            place = frame
        coro = _awaited(coro)
    if place is None:
        return "has not begun"
    name, line = place.f_code.co_filename, place.f_lineno
    return f"waits at {Path(name).name}:{line} ({linecache.getline(name, line).strip()})"


def _frame(coro: Any) -> FrameType | None:
    for attribute in ("cr_frame", "ag_frame", "gi_frame"):
        frame: FrameType | None = getattr(coro, attribute, None)
        if frame is not None:
            return frame
    return None


def _awaited(coro: Any) -> Any:
    for attribute in ("cr_await", "ag_await", "gi_yieldfrom"):
        if (inner := getattr(coro, attribute, None)) is not None:
            return inner
    return None
