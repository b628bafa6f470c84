"""One listener to status changes, who may be slow without slowing anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import define, field

from .._inbox import Inbox
from .._status import Status

BACKLOG = 1024


@define(eq=False)
class Viewer:
    """Status changes: first the whole, then each change, and the whole again after falling behind."""

    _whole: Callable[[], Iterable[Status]]
    _inbox: Inbox[Status | None] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._resynchronise()

    def _resynchronise(self) -> None:
        statuses = list(self._whole())
        self._inbox = Inbox(max(BACKLOG, 2 * len(statuses) + 1))
        for status in statuses:
            self._inbox.put_nowait(status)

    def put(self, status: Status) -> None:
        """Tell one change."""
        if not self._inbox.put_nowait(status):
            # The reader is not waiting, or there would be room: the inbox can be replaced.
            self._resynchronise()

    def close(self) -> None:
        """Say that there will be no more."""
        if not self._inbox.put_nowait(None):
            self._resynchronise()
            self._inbox.put_nowait(None)

    def __aiter__(self) -> Viewer:
        return self

    async def __anext__(self) -> Status:
        status = await self._inbox.get()
        if status is None:
            raise StopAsyncIteration
        return status
