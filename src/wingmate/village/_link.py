"""The village's chat as a link for `wingmate.chat`: everybody hears the same order, also the speaker."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from anyio import WouldBlock, create_memory_object_stream
from attrs import define

from ..chat import ChatLine, HeardLine, Interrupted, Traits
from ._hands import Hands
from .events import Event, Heard
from .world.tables import CHAT_LENGTH

MOST = 1000  # lines heard and not yet read; when there are more, all are lost, and that is told


@define(eq=False)
class VillageLink:
    """The chat of the village, over hands that are in the world already."""

    hands: Hands

    @property
    def traits(self) -> Traits:
        """What the chat is like; how fast one may speak is what the village said in its welcome."""
        measures = self.hands.measures
        burst, every = (10, 1.0) if measures is None else (measures.chat_burst, measures.chat_every)
        return Traits(
            limit=CHAT_LENGTH,
            # A little slower than allowed: a line may be on its way for a while, the next one not.
            rate=0.9 * self.hands.speed / max(every, 0.001),
            burst=max(1, burst - 4),
            hears_itself=True,
            total_order=True,
        )

    async def send_line(self, text: str) -> None:
        """Say a line."""
        await self.hands.say(text)

    @asynccontextmanager
    async def listen(self) -> AsyncGenerator[AsyncIterator[HeardLine], None]:
        """Hear what is said, for as long as the block lasts."""
        slot, pile = create_memory_object_stream[HeardLine](MOST)

        def hear(event: Event) -> None:
            if not isinstance(event, Heard):
                return
            try:
                slot.send_nowait(ChatLine(event.sender, event.text))
            except WouldBlock:
                for _ in range(MOST):
                    pile.receive_nowait()
                slot.send_nowait(Interrupted())

        self.hands.listeners.append(hear)
        try:
            with slot, pile:
                yield pile
        finally:
            self.hands.listeners.remove(hear)
