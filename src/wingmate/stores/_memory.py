"""A store in a dictionary: for tests, simulations and crews that may forget."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from attrs import define, evolve, field

from .._clock import now
from .._facts import Fact, Grant
from ._values import after, check_claim, checked

SWEEP = 1000  # an empty store sweeps out what has expired after this many entries


def _no_ttls() -> Mapping[str, float]:
    return MappingProxyType({})


@define(eq=False)
class MemoryStore:
    """Facts and claims of one process; gone when it ends.

    `ttl` gives the lifetime in seconds per kind of fact. Values read are shared, so treat them as
    read-only. It grows with the number of different keys in force: one fact per key, one grant per
    claim; what has expired is swept out whenever the store has doubled.
    """

    ttl: Mapping[str, float] = field(factory=_no_ttls, kw_only=True)
    _facts: dict[str, Fact] = field(init=False, factory=dict[str, Fact])
    _keys: list[str] = field(init=False, factory=list[str])  # of the facts, sorted
    _grants: dict[str, Grant] = field(init=False, factory=dict[str, Grant])
    _granted: int = field(init=False, default=0)
    _sweep_at: int = field(init=False, default=SWEEP)

    async def learn(self, fact: Fact) -> bool:
        """Keep a fact if it supersedes what is known; say whether it was news."""
        fact, date = checked(fact, self.ttl), now()
        if not self._is_news(fact, date):
            return False
        if fact.key not in self._facts:
            insort(self._keys, fact.key)
        self._facts[fact.key] = fact
        self._sweep_if_grown(date)
        return True

    async def learn_all(self, facts: Iterable[Fact]) -> int:
        """Keep every fact that supersedes what is known, together; say how many were news."""
        date, news = now(), 0
        for fact in [checked(fact, self.ttl) for fact in facts]:
            if self._is_news(fact, date):
                self._facts[fact.key] = fact
                news += 1
        if len(self._keys) < len(self._facts):
            self._keys = sorted(self._facts)
        self._sweep_if_grown(date)
        return news

    async def recall(self, key: str) -> Fact | None:
        """Give the fact under *key*, unless it has expired."""
        fact = self._facts.get(key)
        return None if fact is None or fact.expired(now()) else fact

    async def survey(self, prefix: str) -> list[Fact]:
        """List the facts whose keys start with *prefix*, by key, expired ones left out."""
        date, end = now(), after(prefix)
        first = bisect_left(self._keys, prefix)
        last = len(self._keys) if end is None else bisect_left(self._keys, end)
        found = [self._facts[key] for key in self._keys[first:last]]
        return [fact for fact in found if fact.ttl is None or not fact.expired(date)]

    async def claim(self, key: str, who: str, *, until: float) -> int | None:
        """Lease *key* to *who* until a date; give the grant number, or None if another holds it."""
        until = check_claim(key, who, until)
        date = now()
        held = self._in_force(key, date)
        if held is not None and held.who != who:
            return None
        if until <= date:
            self._grants.pop(key, None)
            return None if held is None else held.number
        if held is None:
            self._granted += 1
            held = Grant(key, who, self._granted, until)
        self._grants[key] = evolve(held, until=until)
        self._sweep_if_grown(date)
        return held.number

    async def holder(self, key: str) -> Grant | None:
        """Give the grant in force on *key*, if any."""
        return self._in_force(key, now())

    def _is_news(self, fact: Fact, date: float) -> bool:
        if fact.expired(date):
            return False
        known = self._facts.get(fact.key)
        # What has expired is as good as unknown, so that sweeping it out changes nothing.
        return known is None or known.expired(date) or fact.supersedes(known)

    def _in_force(self, key: str, date: float) -> Grant | None:
        grant = self._grants.get(key)
        return grant if grant is not None and grant.until > date else None

    def _sweep_if_grown(self, date: float) -> None:
        if len(self._facts) + len(self._grants) < self._sweep_at:
            return
        self._facts = {key: fact for key, fact in self._facts.items() if not fact.expired(date)}
        self._keys = sorted(self._facts)
        self._grants = {key: grant for key, grant in self._grants.items() if grant.until > date}
        self._sweep_at = SWEEP + 2 * (len(self._facts) + len(self._grants))
