"""The work of a SQLite store, done in its threads: one transaction for all who wait."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from attrs import define, field

from .._facts import Fact
from ._jobs import Claim, Read, Survey, Write, claim_keys, fact_keys
from ._lane import Failure
from ._ledger import Ledger
from ._schema import connect, explain, primary
from ._tables import CLAIMS, FACTS, page_of_facts
from ._values import after

SWEEP = 10_000  # rows written between two sweeps of what has expired; the first is at the start
PAGE = 500  # facts per step of a survey


@define(eq=False)
class Database:
    """One file, open twice: a reader never waits for a writer, of whatever process."""

    path: Path
    writer: sqlite3.Connection
    reader: sqlite3.Connection
    _unswept: int = field(init=False, default=SWEEP)

    @classmethod
    def open(cls, path: Path, *, durable: bool) -> Database:
        """Open a file, in a thread. Raises `KnowledgeError`."""
        writer = connect(path, durable=durable)
        try:
            reader = connect(path, durable=durable)
            reader.execute("PRAGMA query_only = ON")
        except BaseException:
            writer.close()
            raise
        return cls(path, writer, reader)

    def write(self, jobs: Sequence[Write]) -> list[Any]:
        """Do all jobs in one transaction, and answer when it is on disk."""
        try:
            with _transaction(self.writer, "BEGIN IMMEDIATE"):
                return self._write(jobs)
        except (sqlite3.Error, ValueError) as exc:
            # With little room left, one big job must not take the small ones down with it.
            if len(jobs) > 1 and primary(exc) in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_TOOBIG}:
                return [answer for job in jobs for answer in self.write([job])]
            return [Failure(explain(self.path, exc), exc)] * len(jobs)

    def read(self, jobs: Sequence[Read]) -> list[Any]:
        """Do all jobs on the file as it is at one moment."""
        try:
            with _transaction(self.reader, "BEGIN"):
                ledger = _ledger(self.reader, jobs)
                return [self._survey(job) if isinstance(job, Survey) else job.do(ledger) for job in jobs]
        except (sqlite3.Error, ValueError) as exc:
            return [Failure(explain(self.path, exc), exc)] * len(jobs)

    def close(self) -> None:
        """Close both connections; the last process to do so folds the log into the file."""
        self.reader.close()
        self.writer.close()

    def _write(self, jobs: Sequence[Write]) -> list[Any]:
        ledger = _ledger(self.writer, jobs)
        facts, grants, last = dict(ledger.facts), dict(ledger.grants), ledger.last
        answers = [job.do(ledger) for job in jobs]
        self._unswept += FACTS.save(self.writer, facts, ledger.facts)
        self._unswept += CLAIMS.save(self.writer, grants, ledger.grants)
        if ledger.last != last:
            self.writer.execute("UPDATE grants SET last = ?", (ledger.last,))
        if self._unswept >= SWEEP:
            self._unswept = 0
            for table in (FACTS, CLAIMS):
                table.sweep(self.writer, jobs[-1].date)
        return answers

    def _survey(self, job: Survey) -> list[Fact]:
        start, end = job.prefix, after(job.prefix)
        found: list[Fact] = []
        while page := page_of_facts(self.reader, start, end, PAGE):
            found += [fact for fact in page if not fact.expired(job.date)]
            start = page[-1].key + "\0"  # no text lies between the two
        return found


def _ledger(connection: sqlite3.Connection, jobs: Sequence[Write | Read]) -> Ledger:
    """Read what the jobs are about."""
    ledger = Ledger(
        FACTS.load(connection, {key for job in jobs for key in fact_keys(job)}),
        CLAIMS.load(connection, {key for job in jobs for key in claim_keys(job)}),
    )
    if any(isinstance(job, Claim) for job in jobs):
        ledger.last = int(connection.execute("SELECT last FROM grants").fetchone()[0])
    return ledger


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Generator[None, None, None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            with suppress(sqlite3.Error):  # the first error is the one to tell
                connection.execute("ROLLBACK")
