"""The second opinion: the same stories on trio, with its jumping clock and its own dice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
from typing_extensions import TypeVarTuple

from .._clock import calendar
from ._simulate import LONGEST, START, Endless

T = TypeVar("T")
Args = TypeVarTuple("Args")


def run_on_trio(
    main: Callable[[*Args], Awaitable[T]],
    *args: *Args,
    start: float = START,
    within: float = LONGEST,
) -> T:
    """Run *main* to its end in trio's virtual time and give what it returned.

    Uses public names of trio only, so it stays when asyncio changes inside; but it has no seed, and
    cannot tell a deadlock from a long wait: both raise `Endless` after *within* virtual seconds.
    """
    try:
        from trio.testing import MockClock  # noqa: PLC0415 - optional, needed here alone
    except ImportError as exc:
        raise ImportError("run_on_trio needs trio: pip install trio") from exc
    clock = MockClock(autojump_threshold=0)

    async def story() -> T:
        calendar.set(lambda: start + clock.current_time())
        with anyio.move_on_after(within):
            return await main(*args)
        raise Endless(f"the story still runs after {within:g} s; perhaps it is deadlocked")

    return anyio.run(story, backend="trio", backend_options={"clock": clock})
