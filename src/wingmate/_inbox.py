"""A bounded queue with one reader, cheaper than a general one: it is on the path of every turn."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

from anyio import Event
from attrs import define, field

T = TypeVar("T")


@define(eq=False)
class Inbox(Generic[T]):
    """What was heard and not yet read; a full one makes the writer wait."""

    size: int
    _items: deque[T] = field(init=False, factory=deque[T])
    _news: Event | None = field(init=False, default=None)
    _room: Event | None = field(init=False, default=None)

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

    async def get(self) -> T:
        """Take the oldest item, waiting for one."""
        while not self._items:
            if self._news is None:
                self._news = Event()
            await self._news.wait()
        return self.get_nowait()
