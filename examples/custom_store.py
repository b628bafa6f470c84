"""A store of one's own: a notebook, read when it is opened and written when it is closed.

Checked in virtual time against all that bots rely on, restarts included.
"""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from anyio import AsyncContextManagerMixin
from attrs import asdict, define, field

from wingmate import Fact, Grant, now
from wingmate.testing import check_lasting_store, check_store, simulate


# --8<-- [start:store]
@define(eq=False)
class Notebook(AsyncContextManagerMixin):
    """What a crew of one process knows, kept in a small file between two runs."""

    path: Path
    facts: dict[str, Fact] = field(init=False, factory=dict[str, Fact])
    grants: dict[str, Grant] = field(init=False, factory=dict[str, Grant])
    last: int = field(init=False, default=0)  # the newest grant's number: it only grows

    async def learn(self, fact: Fact) -> bool:
        known = self.facts.get(fact.key)
        if known is not None and known.expired(now()):
            known = None
        if fact.expired(now()) or not fact.supersedes(known):
            return False
        self.facts[fact.key] = fact
        return True

    async def recall(self, key: str) -> Fact | None:
        fact = self.facts.get(key)
        return None if fact is None or fact.expired(now()) else fact

    async def survey(self, prefix: str) -> list[Fact]:
        known = (self.facts[key] for key in sorted(self.facts) if key.startswith(prefix))
        return [fact for fact in known if not fact.expired(now())]

    async def claim(self, key: str, who: str, *, until: float) -> int | None:
        held = self.grants.get(key)
        if held is None or held.until <= now():
            if until <= now():
                return None  # nothing to give back
            self.last += 1
            held = Grant(key, who, self.last, until)
        if held.who != who:
            return None
        self.grants[key] = Grant(key, who, held.number, until)
        return held.number

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[Self, None]:
        self._read()
        try:
            yield self
        finally:
            self._write()

    def _read(self) -> None:
        if self.path.exists():
            book = json.loads(self.path.read_text("utf-8"))
            self.facts = {page["key"]: Fact(**page) for page in book["facts"]}
            self.grants = {page["key"]: Grant(**page) for page in book["grants"]}
            self.last = book["last"]

    def _write(self) -> None:
        facts, grants = map(asdict, self.facts.values()), map(asdict, self.grants.values())
        book = {"facts": list(facts), "grants": list(grants), "last": self.last}
        self.path.write_text(json.dumps(book, allow_nan=False), "utf-8")


# --8<-- [end:store]


# --8<-- [start:check]
def check(directory: Path) -> None:
    """Hold it against the promises of a store, and of one that lasts."""
    numbers = count()
    simulate(check_store, lambda: Notebook(directory / f"{next(numbers)}.json"))
    simulate(check_lasting_store, lambda: Notebook(directory / "lasting.json"))


# --8<-- [end:check]

if __name__ == "__main__":
    with TemporaryDirectory() as name:
        check(Path(name))
    print("every promise kept, over restarts too")
