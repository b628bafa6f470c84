"""What callers ask of a SQLite store, as values that name the keys they need."""

from __future__ import annotations

from typing import TypeAlias

from attrs import frozen

from .._facts import Fact, Grant
from ._ledger import Claimed, Ledger


@frozen
class Learn:
    """Keep those facts that are news, and count them; `date` is when they were learned."""

    facts: list[Fact]
    date: float

    def do(self, ledger: Ledger) -> int:
        """Do it in a ledger that holds the facts' keys."""
        return sum([ledger.learn(fact, self.date) for fact in self.facts])


@frozen
class Claim:
    """Grant, renew or release a claim."""

    key: str
    who: str
    until: float
    date: float

    def do(self, ledger: Ledger) -> Claimed | None:
        """Do it in a ledger that holds the key."""
        return ledger.claim(self.key, self.who, self.until, self.date)


@frozen
class Forgo:
    """End a grant that nobody heard of."""

    key: str
    number: int
    date: float

    def do(self, ledger: Ledger) -> None:
        """Do it in a ledger that holds the key."""
        ledger.forgo(self.key, self.number, self.date)


@frozen
class Recall:
    """Give the fact in force on a key."""

    key: str
    date: float

    def do(self, ledger: Ledger) -> Fact | None:
        """Do it in a ledger that holds the key."""
        return ledger.fact(self.key, self.date)


@frozen
class Holder:
    """Give the grant in force on a key."""

    key: str
    date: float

    def do(self, ledger: Ledger) -> Grant | None:
        """Do it in a ledger that holds the key."""
        return ledger.grant(self.key, self.date)


@frozen
class Survey:
    """List the facts in force whose keys start with a prefix, by key."""

    prefix: str
    date: float


Write: TypeAlias = Learn | Claim | Forgo
Read: TypeAlias = Recall | Holder | Survey


def fact_keys(job: Write | Read) -> list[str]:
    """Name the keys of the facts that a job is about."""
    match job:
        case Learn(facts=facts):
            return [fact.key for fact in facts]
        case Recall(key=key):
            return [key]
        case _:
            return []


def claim_keys(job: Write | Read) -> list[str]:
    """Name the keys of the claims that a job is about."""
    return [job.key] if isinstance(job, (Claim, Forgo, Holder)) else []
