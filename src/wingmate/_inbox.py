"""A bounded queue with one reader, cheaper than a general one: it is on the path of every turn."""

from __future__ import annotations

from collections import deque
from math import inf
from typing import Generic, TypeVar

from anyio import CancelScope, Event, current_time, fail_after
from attrs import define, field

T = TypeVar("T")


@define(eq=False)
class Inbox(Generic[T]):
    """What was heard and not yet read; a full one makes the writer wait.

    A deadline of its own for each wait would cost more than the rest of a turn. With `keep_time`
    running beside it, one alarm serves them all: usually the next deadline is later than the one
    the alarm is set to, and nothing needs to be done.
    """

    size: int
    _items: deque[T] = field(init=False, factory=deque[T])
    _news: Event | None = field(init=False, default=None)
    _room: Event | None = field(init=False, default=None)
    _until: float = field(init=False, default=inf)  # how long the reader waits
    _alarm: float = field(init=False, default=-inf)  # when time is looked at next; -inf: by nobody
    _sooner: Event = field(init=False, factory=Event)
    _late: bool = field(init=False, default=False)
    _event: type[Event] = field(init=False, default=Event)

    def __len__(self) -> int:
        return len(self._items)

    def put_nowait(self, item: T) -> bool:
        """Add one item if there is room; say whether there was."""
        if len(self._items) >= self.size:
            return False
        self._items.append(item)
        if self._news is not None:
            self._news.set()
            self._news = None
        return True

    async def put(self, item: T) -> None:
        """Add one item, waiting for room."""
        while not self.put_nowait(item):
            if self._room is None:
                self._room = Event()
            await self._room.wait()

    def get_nowait(self) -> T:
        """Take the oldest item. Raises `IndexError` when there is none."""
        item = self._items.popleft()
        if self._room is not None:
            self._room.set()
            self._room = None
        return item

    async def get(self, until: float = inf) -> T:
        """Take the oldest item, waiting for one. Raises `TimeoutError` at the time *until*."""
        while not self._items:
            if until == inf:
                await self._next()
            elif self._alarm == -inf or self._until != inf:
                # Nobody keeps the time, or keeps it for another reader already.
                with fail_after(until - current_time()):
                    await self._next()
            else:
                self._late = False
                self._until = until
                if until < self._alarm:
                    self._sooner.set()
                # As in `_next`, but without a call: this is the wait of every turn.
                if self._news is None:
                    self._news = self._event()
                try:
                    await self._news.wait()
                finally:
                    self._until = inf
                if self._late and not self._items:
                    raise TimeoutError
        return self.get_nowait()

    async def keep_time(self) -> None:
        """Wake the reader when its time is up; for ever, in a task of its own."""
        self._event = type(Event())  # the loop's own kind, without asking which loop it is each time
        try:
            while True:
                self._sooner = Event()
                self._alarm = until = self._until
                with CancelScope(deadline=until) as patience:
                    await self._sooner.wait()
                if patience.cancelled_caught and self._until <= until:
                    self._until = inf
                    self._late = True
                    self._wake()
        finally:
            self._alarm = -inf

    async def _next(self) -> None:
        if self._news is None:
            self._news = Event()
        await self._news.wait()

    def _wake(self) -> None:
        if self._news is not None:
            self._news.set()
            self._news = None
