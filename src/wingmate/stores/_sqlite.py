"""A store in a SQLite file: survives restarts, kills and power cuts, and is shared by processes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Self

from anyio import AsyncContextManagerMixin, current_time, sleep
from anyio.lowlevel import checkpoint
from attrs import define, field, frozen

from .._clock import now
from .._facts import Fact, Grant
from ..errors import KnowledgeError
from ._database import Database
from ._jobs import Claim, Forgo, Holder, Learn, Read, Recall, Survey, Write
from ._lane import Lane, at_work
from ._ledger import Claimed
from ._schema import PATIENCE, Busy
from ._threads import in_thread
from ._values import check_claim, check_text, checked

BREATH = 100  # facts between two chances for other tasks
AGAIN = 0.02  # seconds until a file that was busy is opened again


@frozen(eq=False)
class _Desk:
    """What an open store works with: the file, a lane of writes and one of reads."""

    database: Database
    writes: Lane[Write]
    reads: Lane[Read]


def _no_ttls() -> Mapping[str, float]:
    return MappingProxyType({})


@define(eq=False)
class SqliteStore(AsyncContextManagerMixin):
    """Facts and claims in a file that any number of processes on this machine may use at once.

    Used as `async with SqliteStore(path) as store:`. Every method returns when its work is on disk:
    what was confirmed survives a kill and, if `durable`, a power cut. Callers that wait at the same
    time share one transaction; when `size` of them wait, the next wait for room. `ttl` gives the
    lifetime in seconds per kind of fact.
    """

    path: Path = field(converter=Path)
    ttl: Mapping[str, float] = field(factory=_no_ttls, kw_only=True)
    durable: bool = field(default=True, kw_only=True)
    size: int = field(default=10_000, kw_only=True)
    _desk: _Desk | None = field(init=False, repr=False, default=None)

    async def learn(self, fact: Fact) -> bool:
        """Keep a fact if it supersedes what is known; say whether it was news."""
        job = Learn([checked(fact, self.ttl)], now())
        return bool(await self._opened().writes.ask(job))

    async def learn_all(self, facts: Iterable[Fact]) -> int:
        """Keep every fact that supersedes what is known, in one transaction; say how many were news."""
        date, desk = now(), self._opened()
        lasting: list[Fact] = []
        for number, fact in enumerate(facts):
            if number % BREATH == 0:
                await checkpoint()
            lasting.append(checked(fact, self.ttl))
        news: int = await desk.writes.ask(Learn(lasting, date))
        return news

    async def recall(self, key: str) -> Fact | None:
        """Give the fact under *key*, unless it has expired."""
        check_text("key", key)
        fact: Fact | None = await self._opened().reads.ask(Recall(key, now()))
        return fact

    async def survey(self, prefix: str) -> list[Fact]:
        """List the facts whose keys start with *prefix*, by key, expired ones left out."""
        check_text("prefix", prefix)
        facts: list[Fact] = await self._opened().reads.ask(Survey(prefix, now()))
        return facts

    async def claim(self, key: str, who: str, *, until: float) -> int | None:
        """Lease *key* to *who* until a date; give the grant number, or None if another holds it.

        A caller that is cancelled meanwhile leaves no new grant behind.
        """
        until, date = check_claim(key, who, until), now()

        def undo(claimed: Claimed | None) -> Forgo | None:
            return Forgo(key, claimed.number, date) if claimed is not None and claimed.fresh else None

        job = Claim(key, who, until, date)
        claimed: Claimed | None = await self._opened().writes.ask(job, undo=undo)
        return None if claimed is None else claimed.number

    async def holder(self, key: str) -> Grant | None:
        """Give the grant in force on *key*, if any."""
        check_text("key", key)
        grant: Grant | None = await self._opened().reads.ask(Holder(key, now()))
        return grant

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[Self, None]:
        database = await self._open()
        try:
            writes, reads = Lane(database.write, self.size), Lane(database.read, self.size)
            async with at_work(writes=writes, reads=reads):
                self._desk = _Desk(database, writes, reads)
                yield self
        finally:
            self._desk = None
            await in_thread(database.close)

    async def _open(self) -> Database:
        ends = current_time() + PATIENCE
        while True:
            try:
                return await in_thread(partial(Database.open, self.path, durable=self.durable))
            except Busy:
                if current_time() >= ends:
                    raise
            await sleep(AGAIN)

    def _opened(self) -> _Desk:
        if self._desk is None:
            raise KnowledgeError(f"the store {self.path} is not open; use it inside its `async with` block")
        return self._desk
