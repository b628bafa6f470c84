"""What a crew knows together, over nothing but a chat."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from anyio import AsyncContextManagerMixin, create_task_group, sleep
from attrs import define, field, validators

from .._clock import now
from .._facts import Fact, Grant
from ..errors import IllegalCommand, KnowledgeError
from ..stores import MemoryStore
from ._channel import ChatChannel
from ._desk import BidDesk, Desk, OrderedDesk, Terms
from ._events import Arrived, Met
from ._events import Event as ChatEvent
from ._link import Interrupted

FACT = "f"  # the first letter of a fact's text
SOON = 5.0  # seconds between what is told again while there are newcomers


@define(eq=False)
class ChatStore(AsyncContextManagerMixin):
    """A store whose facts travel over a chat, and whose claims are settled on it; a block.

    Each bot keeps all facts in memory; what it learned itself it tells, and tells again, `batch` facts
    every `refresh` seconds, so that newcomers come up to date. Claims are ordered where the link has a
    total order, bids otherwise; `terms` has their times, and their promises are in the explanation.
    """

    channel: ChatChannel
    terms: Terms = field(factory=Terms, kw_only=True)
    ttl: Mapping[str, float] = field(factory=dict[str, float], kw_only=True)
    refresh: float = field(default=30.0, kw_only=True, validator=validators.gt(0))
    batch: int = field(default=5, kw_only=True, validator=validators.ge(1))
    _facts: MemoryStore = field(init=False)
    _desk: Desk = field(init=False)
    _own: dict[str, None] = field(init=False, factory=dict[str, None])  # keys, the next to tell first
    _newcomers: int = field(init=False, default=0)  # facts to tell soon, for somebody new is here

    def __attrs_post_init__(self) -> None:
        self._facts = MemoryStore(ttl=self.ttl)
        ordered = self.channel.link.traits.total_order
        self._desk = (OrderedDesk if ordered else BidDesk)(self.channel, self.terms)
        self.channel.attend(self._hear)

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[ChatStore, None]:
        async with create_task_group() as nursery:
            nursery.start_soon(self._tell_again, name=f"{self.channel.name}/tell facts")
            yield self
            nursery.cancel_scope.cancel()

    async def learn(self, fact: Fact) -> bool:
        """Keep a fact if it supersedes what is known, and tell the others; say whether it was news."""
        text = self._text(fact)
        news = await self._facts.learn(fact)
        if news:
            self._own[fact.key] = None
            self._tell(text)
        return news

    async def recall(self, key: str) -> Fact | None:
        """Give the fact under *key* as far as this bot has heard, unless it has expired."""
        return await self._facts.recall(key)

    async def survey(self, prefix: str) -> list[Fact]:
        """List the facts whose keys start with *prefix*, by key, expired ones left out."""
        return await self._facts.survey(prefix)

    async def claim(self, key: str, who: str, *, until: float) -> int | None:
        """Lease *key* to *who* until a date; give the grant number, or None if it is not theirs.

        None may also mean that nobody can know yet. Raises `KnowledgeError` if the lease is longer
        than the terms allow, or does not fit into a line.
        """
        return await self._desk.claim(key, who, until)

    async def holder(self, key: str) -> Grant | None:
        """Give the grant in force on *key*, as far as this bot has heard."""
        return self._desk.holder(key, now())

    async def _tell_again(self) -> None:
        rested = 0.0
        while True:
            pause = min(SOON, self.refresh)
            await sleep(pause)
            rested += pause
            if rested < self.refresh and not self._newcomers:
                continue
            if rested >= self.refresh:
                rested = 0.0
                self._desk.sweep(now())
            self._newcomers = max(0, self._newcomers - self.batch)
            # Only when nothing newer waits: what is known already is least urgent of all.
            if not self.channel.waiting:
                await self._tell_some()

    async def _tell_some(self) -> None:
        for key in list(self._own)[: self.batch]:
            del self._own[key]
            fact = await self._facts.recall(key)
            if fact is not None:
                self._own[key] = None
                self._tell(self._text(fact))

    async def _hear(self, event: ChatEvent | Interrupted, _at: float) -> None:
        if isinstance(event, Met):
            self._newcomers = len(self._own)
        elif isinstance(event, Arrived) and event.text.startswith(FACT):
            try:
                key, value, seen_at, seen_by, ttl = json.loads(event.text[1:])
                if await self._facts.learn(Fact(key, value, seen_at, seen_by, ttl=ttl)):
                    self._own.pop(key, None)  # theirs to tell now
            except (ValueError, TypeError, RecursionError, KnowledgeError):
                self.channel.ignored.add(event.sender, "malformed")

    def _text(self, fact: Fact) -> str:
        fields = [fact.key, fact.value, fact.seen_at, fact.seen_by, fact.lasting(self.ttl).ttl]
        try:
            text = FACT + json.dumps(fields, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            text.encode()
        except (ValueError, TypeError, RecursionError) as exc:
            raise KnowledgeError(f"the fact {fact.key!r} cannot be told: {exc}") from exc
        return text

    def _tell(self, text: str) -> None:
        try:
            self.channel.tell(text)
        except IllegalCommand as exc:
            raise KnowledgeError(f"a fact is too long for a chat: {exc}") from exc
