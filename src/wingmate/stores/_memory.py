"""A store in a dictionary: for tests, simulations and crews that may forget."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from anyio.lowlevel import checkpoint
from attrs import define, field

from .._clock import now
from .._facts import Fact, Grant
from ._ledger import Ledger
from ._values import after, check_claim, checked

SWEEP = 1000  # an empty store sweeps out what has expired after this many entries


def _no_ttls() -> Mapping[str, float]:
    return MappingProxyType({})


@define(eq=False)
class MemoryStore:
    """Facts and claims of one process; gone when it ends.

    Every call lets other tasks go first, as one that waits for a disk would: a role that looks
    again and again stops nobody, and a simulation sees what can come in between.

    `ttl` gives the lifetime in seconds per kind of fact. Values read are shared, so treat them as
    read-only. It grows with the number of different keys in force: one fact per key, one grant per
    claim; what has expired is swept out whenever the store has doubled.
    """

    ttl: Mapping[str, float] = field(factory=_no_ttls, kw_only=True)
    _ledger: Ledger = field(init=False, repr=False, factory=Ledger)
    _keys: list[str] = field(init=False, repr=False, factory=list[str])  # of the facts, sorted
    _sweep_at: int = field(init=False, repr=False, default=SWEEP)

    async def learn(self, fact: Fact) -> bool:
        """Keep a fact if it supersedes what is known; say whether it was news."""
        await checkpoint()
        known, date = len(self._ledger.facts), now()
        news = self._ledger.learn(checked(fact, self.ttl), date)
        if len(self._ledger.facts) > known:
            insort(self._keys, fact.key)
            self._sweep_if_grown(date)
        return news

    async def learn_all(self, facts: Iterable[Fact]) -> int:
        """Keep every fact that supersedes what is known, together; say how many were news."""
        await checkpoint()
        known, date = len(self._ledger.facts), now()
        lasting = [checked(fact, self.ttl) for fact in facts]
        news = sum([self._ledger.learn(fact, date) for fact in lasting])
        if len(self._ledger.facts) > known:
            self._keys = sorted(self._ledger.facts)
            self._sweep_if_grown(date)
        return news

    async def recall(self, key: str) -> Fact | None:
        """Give the fact under *key*, unless it has expired."""
        await checkpoint()
        return self._ledger.fact(key, now())

    async def survey(self, prefix: str) -> list[Fact]:
        """List the facts whose keys start with *prefix*, by key, expired ones left out."""
        await checkpoint()
        date, end, facts = now(), after(prefix), self._ledger.facts
        first = bisect_left(self._keys, prefix)
        last = len(self._keys) if end is None else bisect_left(self._keys, end)
        found = [facts[key] for key in self._keys[first:last]]
        return [fact for fact in found if fact.ttl is None or not fact.expired(date)]

    async def claim(self, key: str, who: str, *, until: float) -> int | None:
        """Lease *key* to *who* until a date; give the grant number, or None if another holds it."""
        await checkpoint()
        until, date = check_claim(key, who, until), now()
        claimed = self._ledger.claim(key, who, until, date)
        self._sweep_if_grown(date)
        return None if claimed is None else claimed.number

    async def holder(self, key: str) -> Grant | None:
        """Give the grant in force on *key*, if any."""
        await checkpoint()
        return self._ledger.grant(key, now())

    def _sweep_if_grown(self, date: float) -> None:
        ledger = self._ledger
        if len(ledger.facts) + len(ledger.grants) >= self._sweep_at:
            ledger.sweep(date)
            self._keys = sorted(ledger.facts)
            self._sweep_at = SWEEP + 2 * (len(ledger.facts) + len(ledger.grants))
