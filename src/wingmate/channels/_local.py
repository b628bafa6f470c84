"""Bots in one process talk through mailboxes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from anyio import WouldBlock, create_memory_object_stream
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from attrs import define, field, validators

from .._facts import Message


@define(eq=False)
class _Mailbox:
    topic: str
    slot: MemoryObjectSendStream[Message]
    pile: MemoryObjectReceiveStream[Message]


@define(eq=False)
class LocalChannel:
    """Bounded mailboxes for bots in one process: a slow listener loses the oldest mail, counted in `lost`."""

    size: int = field(default=64, validator=validators.ge(1))
    lost: int = field(init=False, default=0)
    _mailboxes: list[_Mailbox] = field(init=False, factory=list[_Mailbox])

    async def publish(self, message: Message) -> None:
        """Put a message into every mailbox whose topic it starts with; never waits."""
        for box in self._mailboxes:
            if message.topic.startswith(box.topic):
                self._drop_in(box, message)

    def _drop_in(self, box: _Mailbox, message: Message) -> None:
        try:
            box.slot.send_nowait(message)
        except WouldBlock:
            box.pile.receive_nowait()
            self.lost += 1
            box.slot.send_nowait(message)

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncGenerator[AsyncIterator[Message], None]:
        """Open a mailbox for one beginning of topics, for as long as the block lasts."""
        box = _Mailbox(topic, *create_memory_object_stream[Message](self.size))
        self._mailboxes.append(box)
        try:
            with box.slot, box.pile:
                yield box.pile
        finally:
            self._mailboxes.remove(box)
