"""The one source of dates; durations come from the event loop (`anyio.current_time`)."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar

# A context variable, because every task inherits it: a simulation sets it once and
# the whole crew, unchanged code included, lives on its calendar.
calendar: ContextVar[Callable[[], float]] = ContextVar("calendar", default=time.time)


def now() -> float:
    """Tell the date, in seconds since 1970 UTC; inside a simulation, the simulated one."""
    return calendar.get()()
