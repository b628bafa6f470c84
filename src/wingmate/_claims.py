"""Leases on what only one bot may use at a time, over any store."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from anyio import create_task_group, current_time, move_on_after, sleep

from ._clock import now
from .abc import KnowledgeStore
from .errors import KnowledgeError

LONGEST_RELEASE = 5.0  # seconds granted to give a claim back on the way out
LONG_AGO = 0.0


class ClaimLost(KnowledgeError):
    """The lease ended while it was in use; whatever is done under it now must not count."""


async def renew(store: KnowledgeStore, key: str, who: str, *, within: float) -> int | None:
    """Hold *key* for that many seconds from now; None if somebody else has it."""
    return await store.claim(key, who, until=now() + within)


async def release(store: KnowledgeStore, key: str, who: str) -> None:
    """Give *key* back; harmless if somebody else has it."""
    await store.claim(key, who, until=LONG_AGO)


@asynccontextmanager
async def lease(
    store: KnowledgeStore, key: str, who: str, *, within: float = 60.0
) -> AsyncGenerator[int | None, None]:
    """Hold *key* as long as the block lasts; gives the fencing number, or None if it is taken.

    The lease is renewed every third of *within* seconds, and lapses that long after a crash.
    Raises `ClaimLost` inside the block when it could not be renewed in time.
    """
    ends = current_time() + within
    number = await renew(store, key, who, within=within)
    if number is None:
        yield None
        return
    try:
        async with create_task_group() as nursery:
            nursery.start_soon(_keep, store, key, who, within, number, ends, name=f"{who}/lease {key}")
            yield number
            nursery.cancel_scope.cancel()
    finally:
        with move_on_after(LONGEST_RELEASE, shield=True):
            await release(store, key, who)


async def _keep(  # noqa: PLR0917 - a task takes its arguments by place
    store: KnowledgeStore, key: str, who: str, within: float, number: int, ends: float
) -> None:
    while True:
        await sleep(within / 3)
        # The loop's clock judges the wait: a date may jump, and a renewal that arrives after the
        # end, because this process or the store was held up, must not pass for one.
        # And a lease runs from when it was asked for: some stores take seconds to answer.
        renewed, asked = None, current_time()
        with move_on_after(ends - asked):
            renewed = await renew(store, key, who, within=within)
        if renewed != number:
            raise ClaimLost(f"{who} lost its claim on {key} (number {number})")
        ends = asked + within
