"""The chat of any line game whose lines of talk match a pattern."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, Generic

from anyio import WouldBlock, create_memory_object_stream
from attrs import define, field

from ..._bot import Bot
from ...abc import Adapter, CommandT, Display, EventT
from .._link import ChatLine, HeardLine, Traits

MOST = 1000  # lines heard and not yet read; the oldest are lost first


def _talk(_instance: object, _attribute: object, pattern: re.Pattern[str]) -> None:
    if not {"sender", "text"} <= pattern.groupindex.keys():
        raise ValueError(f"the pattern {pattern.pattern!r} needs the groups (?P<sender>…) and (?P<text>…)")


def _compiled(pattern: str | re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(pattern)


def _text_of(event: Any) -> str | None:
    text = event if isinstance(event, str) else getattr(event, "text", None)
    return text if isinstance(text, str) else None


@define(eq=False)
class PatternLink(Generic[EventT, CommandT]):
    """A bot's chat: events whose text matches *pattern* (groups `sender` and `text`) are lines heard.

    *say* makes the command that says a line; *text* gives the text of an event (by default the event
    itself or its `text`). The role still sees every event.
    """

    bot: Bot[EventT, CommandT]
    pattern: re.Pattern[str] = field(converter=_compiled, validator=_talk)
    say: Callable[[str], CommandT] = field(kw_only=True)
    traits: Traits = field(kw_only=True)
    text: Callable[[EventT], str | None] = field(default=_text_of, kw_only=True)

    async def send_line(self, text: str) -> None:
        """Say a line in the game."""
        await self.bot.send(self.say(text))

    @asynccontextmanager
    async def listen(self) -> AsyncGenerator[AsyncIterator[HeardLine], None]:
        """Hear what is said in the game, beside the role."""
        slot, pile = create_memory_object_stream[HeardLine](MOST)

        def overhear(event: EventT) -> None:
            found = self.pattern.search(self.text(event) or "")
            if found is None:
                return
            line = ChatLine(found["sender"], found["text"])
            try:
                slot.send_nowait(line)
            except WouldBlock:
                pile.receive_nowait()
                slot.send_nowait(line)

        adapter = self.bot.adapter
        tapped = _Tapped(adapter, overhear)
        self.bot.adapter = tapped
        try:
            with slot, pile:
                yield pile
        finally:
            if self.bot.adapter is tapped:
                self.bot.adapter = adapter


@define(eq=False)
class _Tapped(Generic[EventT, CommandT]):
    """An adapter whose events somebody else hears too; all else of it stays as it is."""

    inner: Adapter[EventT, CommandT]
    overhear: Callable[[EventT], None]

    def receive(self, data: bytes) -> Iterable[EventT]:
        for event in self.inner.receive(data):
            self.overhear(event)
            yield event

    def send(self, command: CommandT) -> bytes:
        return self.inner.send(command)

    def close(self) -> bytes:
        return self.inner.close()

    def screen(self) -> str:
        return self.inner.screen() if isinstance(self.inner, Display) else ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)
