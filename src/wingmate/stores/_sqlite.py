"""A store in a SQLite file: survives restarts, kills and power cuts, and is shared by processes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Self

from anyio import AsyncContextManagerMixin, CancelScope, current_time, sleep, to_thread
from anyio.lowlevel import checkpoint
from attrs import define, field, frozen

from .._clock import now
from .._facts import Fact, Grant
from ..errors import KnowledgeError
from ._database import Claimed, Database, Row, to_row
from ._lane import Job, Lane, at_work
from ._schema import PATIENCE, Busy
from ._values import check_claim, check_text, checked

AGAIN = 0.02  # seconds until a file that was busy is opened again


@frozen(eq=False)
class _Desk:
    """What an open store works with: the file, a lane of writes and one of reads."""

    database: Database
    writes: Lane
    reads: Lane


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
    _desk: _Desk | None = field(init=False, default=None)

    async def learn(self, fact: Fact) -> bool:
        """Keep a fact if it supersedes what is known; say whether it was news."""
        desk, date = self._opened(), now()
        fact = checked(fact, self.ttl)
        if fact.expired(date):
            await checkpoint()
            return False
        return await desk.writes.ask(partial(desk.database.learn, to_row(fact, date)))

    async def learn_all(self, facts: Iterable[Fact]) -> int:
        """Keep every fact that supersedes what is known, in one transaction; say how many were news."""
        desk, date = self._opened(), now()
        rows = await to_thread.run_sync(self._to_rows, list(facts), date)
        return await desk.writes.ask(partial(desk.database.learn_all, rows))

    async def recall(self, key: str) -> Fact | None:
        """Give the fact under *key*, unless it has expired."""
        check_text("key", key)
        desk = self._opened()
        return await desk.reads.ask(partial(desk.database.recall, key, now()))

    async def survey(self, prefix: str) -> list[Fact]:
        """List the facts whose keys start with *prefix*, by key, expired ones left out."""
        check_text("prefix", prefix)
        desk = self._opened()
        return await desk.reads.ask(partial(desk.database.survey, prefix, now()))

    async def claim(self, key: str, who: str, *, until: float) -> int | None:
        """Lease *key* to *who* until a date; give the grant number, or None if another holds it.

        A caller that is cancelled meanwhile leaves no new grant behind.
        """
        until = check_claim(key, who, until)
        desk = self._opened()

        def undo(claimed: Claimed | None) -> Job | None:
            if claimed is None or not claimed.fresh:
                return None
            return partial(desk.database.forgo, key, claimed.number)

        claimed = await desk.writes.ask(partial(desk.database.claim, key, who, until, now()), undo=undo)
        return None if claimed is None else claimed.number

    async def holder(self, key: str) -> Grant | None:
        """Give the grant in force on *key*, if any."""
        check_text("key", key)
        desk = self._opened()
        return await desk.reads.ask(partial(desk.database.holder, key, now()))

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[Self, None]:
        database = await self._open()
        try:
            desk = _Desk(database, Lane(database.write, self.size), Lane(database.read, self.size))
            async with at_work(writes=desk.writes, reads=desk.reads):
                self._desk = desk
                yield self
        finally:
            self._desk = None
            with CancelScope(shield=True):
                await to_thread.run_sync(database.close)

    async def _open(self) -> Database:
        ends = current_time() + PATIENCE
        while True:
            try:
                return await to_thread.run_sync(partial(Database.open, self.path, durable=self.durable))
            except Busy:
                if current_time() >= ends:
                    raise
            await sleep(AGAIN)

    def _opened(self) -> _Desk:
        if self._desk is None:
            raise KnowledgeError(f"the store {self.path} is not open; use it inside its `async with` block")
        return self._desk

    def _to_rows(self, facts: list[Fact], date: float) -> list[Row]:
        lasting = (checked(fact, self.ttl) for fact in facts)
        return [to_row(fact, date) for fact in lasting if not fact.expired(date)]
