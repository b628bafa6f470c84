"""The values bots share. What is shared is JSON, so that every store and channel can carry it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from attrs import evolve, field, frozen

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


@frozen
class Fact:
    """One thing some bot saw at some time.

    `seen_at` is a date (`wingmate.now()`), `ttl` the seconds after which the fact is no longer
    worth knowing, None for never. The first part of the key, up to the slash, is its kind.
    """

    key: str
    value: Json
    seen_at: float
    seen_by: str
    ttl: float | None = field(default=None, kw_only=True)

    @property
    def kind(self) -> str:
        """The first part of the key: `sector` for `sector/7`."""
        return self.key.partition("/")[0]

    def supersedes(self, other: Fact | None) -> bool:
        """Say whether this sighting should replace *other*: the latest wins, ties go by name."""
        return other is None or (self.seen_at, self.seen_by) > (other.seen_at, other.seen_by)

    def expired(self, date: float) -> bool:
        """Say whether the fact is too old on *date*."""
        return self.ttl is not None and date >= self.seen_at + self.ttl

    def lasting(self, ttls: Mapping[str, float]) -> Fact:
        """Give the fact the lifetime of its kind, unless it has one of its own."""
        if self.ttl is None and self.kind in ttls:
            return evolve(self, ttl=ttls[self.kind])
        return self


@frozen
class Message:
    """One thing some bot said to the others; `sent_at` is a date (`wingmate.now()`)."""

    topic: str
    body: Json
    sender: str
    sent_at: float = field(kw_only=True)


@frozen
class Grant:
    """A lease on a key: who holds it, until which date, under which fencing number.

    The number only ever grows, over holders, restarts and processes: whoever acts on a claim
    quotes it, and the newest wins.
    """

    key: str
    who: str
    number: int
    until: float
