"""Which sighting counts and who holds what: the rules that every store of ours follows."""

from __future__ import annotations

from attrs import define, evolve, field, frozen

from .._facts import Fact, Grant


@frozen
class Claimed:
    """The answer to a claim: the grant's number, and whether it is a new one."""

    number: int
    fresh: bool


@define(eq=False)
class Ledger:
    """Facts and grants by key, of a whole store or of the keys that somebody asked for.

    What has expired is as good as unknown, so forgetting it changes nothing.
    """

    facts: dict[str, Fact] = field(factory=dict[str, Fact])
    grants: dict[str, Grant] = field(factory=dict[str, Grant])
    last: int = 0  # the newest grant's number

    def learn(self, fact: Fact, date: float) -> bool:
        """Keep a fact if it is news."""
        if fact.expired(date) or not fact.supersedes(self.fact(fact.key, date)):
            return False
        self.facts[fact.key] = fact
        return True

    def fact(self, key: str, date: float) -> Fact | None:
        """Give the fact in force."""
        fact = self.facts.get(key)
        return None if fact is None or fact.expired(date) else fact

    def claim(self, key: str, who: str, until: float, date: float) -> Claimed | None:
        """Grant, renew or release a claim."""
        held = self.grant(key, date)
        if (held is not None and held.who != who) or (held is None and until <= date):
            return None
        if held is not None:
            self.grants[key] = Grant(key, who, held.number, until)
            return Claimed(held.number, fresh=False)
        self.last += 1
        self.grants[key] = Grant(key, who, self.last, until)
        return Claimed(self.last, fresh=True)

    def grant(self, key: str, date: float) -> Grant | None:
        """Give the grant in force."""
        grant = self.grants.get(key)
        return None if grant is None or grant.until <= date else grant

    def forgo(self, key: str, number: int, date: float) -> None:
        """End a grant that nobody heard of."""
        grant = self.grant(key, date)
        if grant is not None and grant.number == number:
            self.grants[key] = evolve(grant, until=date)

    def sweep(self, date: float) -> None:
        """Forget what has expired."""
        self.facts = {key: fact for key, fact in self.facts.items() if not fact.expired(date)}
        self.grants = {key: grant for key, grant in self.grants.items() if grant.until > date}
