"""Messages pinned to a store: newcomers and restarted bots hear what they missed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

from anyio import sleep
from attrs import define, field, validators

from .._clock import now
from .._facts import Fact, Message
from ..abc import KnowledgeStore


@define(eq=False)
class NoticeBoard:
    """A channel over a store, across processes: slow, durable, and read from the beginning.

    Notices are looked for every *every* seconds and lapse after *ttl*; order is by date.
    """

    store: KnowledgeStore
    every: float = field(default=1.0, validator=validators.gt(0))
    ttl: float = field(default=600.0, validator=validators.gt(0))
    _pinned: int = field(init=False, default=0)

    async def publish(self, message: Message) -> None:
        """Pin a message."""
        body = {"topic": message.topic, "body": message.body, "sent_at": message.sent_at}
        # A date alone is no key: two notices of one sender may carry the same one.
        self._pinned += 1
        key = f"notice/{message.topic}|{now():017.6f}|{self._pinned:09}|{message.sender}"
        await self.store.learn(Fact(key, body, now(), message.sender, ttl=self.ttl))

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncGenerator[AsyncIterator[Message], None]:
        """Hear what is pinned, then what comes."""
        async with aclosing(self._watch(f"notice/{topic}")) as notices:
            yield notices

    async def _watch(self, prefix: str) -> AsyncGenerator[Message, None]:
        seen: set[str] = set()
        while True:
            facts = sorted(await self.store.survey(prefix), key=_place)
            fresh = [fact for fact in facts if fact.key not in seen]
            # Only what is still pinned need be remembered, so the set stays bounded.
            seen = {fact.key for fact in facts}
            for fact in fresh:
                yield _read(fact)
            await sleep(self.every)


def _place(fact: Fact) -> list[str]:
    # By date, then in the order of pinning; the topic in front of them must not decide.
    return fact.key.split("|")[1:]


def _read(fact: Fact) -> Message:
    value = fact.value if isinstance(fact.value, dict) else {}
    sent_at = value.get("sent_at")
    return Message(
        str(value.get("topic", "")),
        value.get("body"),
        fact.seen_by,
        sent_at=float(sent_at) if isinstance(sent_at, int | float) else fact.seen_at,
    )
