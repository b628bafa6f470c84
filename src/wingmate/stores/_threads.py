"""Work in a thread next to a busy event loop, without starving and without stopping it.

A loop with much to do drops Python's lock at every turn, but takes it back before another thread
has woken up; and as that restarts the five milliseconds after which a thread may insist, it never
gets to. Measured with a loop at 97 %: a commit of 1 ms took 2 s. So while a thread is at work, the
loop pauses now and then for as long as a thread needs to wake up; measured so, it took 30 ms.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from anyio import CancelScope, create_task_group, sleep, to_thread

from ..errors import KnowledgeError

T = TypeVar("T")

PAUSE = 0.0002  # seconds; enough to wake a thread, and short against the turn of a busy loop
FIRST, LONGEST = 0.001, 0.016  # seconds between pauses: at first, and when the work takes long


async def make_way(at_work: Callable[[], bool]) -> None:
    """Pause the loop now and then, more and more rarely, while a thread is at work."""
    delay = FIRST
    while True:
        await sleep(delay)
        if not at_work():
            return
        time.sleep(PAUSE)  # noqa: ASYNC251 - the point of it: a real pause, in which the thread wakes up
        delay = min(2 * delay, LONGEST)


async def in_thread(work: Callable[[], T]) -> T:
    """Do something in a thread and wait for it; nothing cuts it short. Raises its `KnowledgeError`."""
    results: list[T] = []
    errors: list[KnowledgeError] = []

    def attempt() -> None:
        try:
            results.append(work())
        except KnowledgeError as exc:  # carried by hand, so that it leaves the task group unwrapped
            errors.append(exc)

    # Shielded as a whole: what was opened must reach whoever will close it.
    with CancelScope(shield=True):
        async with create_task_group() as nursery:
            nursery.start_soon(make_way, lambda: True)
            await to_thread.run_sync(attempt)
            nursery.cancel_scope.cancel()
    if errors:
        raise errors[0]
    return results[0]
