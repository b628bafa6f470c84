"""The work of a SQLite store, done in its threads: rows in, rows out, one transaction for many jobs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from attrs import define, field, frozen

from .._facts import Fact, Grant
from ._lane import Failure, Job
from ._schema import connect, explain, primary
from ._values import after

SWEEP = 10_000  # facts and claims between two sweeps of what has expired; the first is at the start

Row: TypeAlias = tuple[str, str, float, str, float | None, float | None, float]

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_decode = json.JSONDecoder().raw_decode
_RECALL = """
SELECT key, value, seen_at, seen_by, ttl FROM facts
WHERE key = ? AND (ends_at IS NULL OR ends_at > ?)
"""
_SURVEY = """
SELECT key, value, seen_at, seen_by, ttl FROM facts
WHERE key >= ? AND key < ? AND (ends_at IS NULL OR ends_at > ?) ORDER BY key
"""
_LEARN = """
INSERT INTO facts (key, value, seen_at, seen_by, ttl, ends_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (key) DO UPDATE SET
    value = excluded.value, seen_at = excluded.seen_at, seen_by = excluded.seen_by,
    ttl = excluded.ttl, ends_at = excluded.ends_at
WHERE (excluded.seen_at, excluded.seen_by) > (facts.seen_at, facts.seen_by) OR facts.ends_at <= ?7
"""
_CLAIM = "INSERT OR REPLACE INTO claims (key, who, number, until) VALUES (?, ?, ?, ?)"


@frozen
class Claimed:
    """A claim's answer: the grant's number, and whether it is a new one."""

    number: int
    fresh: bool


def to_row(fact: Fact, date: float) -> Row:
    """Write a fact as the row that is stored, and the date on which it was learned."""
    ends_at = None if fact.ttl is None else fact.seen_at + fact.ttl
    return fact.key, _encode(fact.value), fact.seen_at, fact.seen_by, fact.ttl, ends_at, date


def to_fact(row: tuple[str, str, float, str, float | None]) -> Fact:
    """Read a stored row."""
    key, value, seen_at, seen_by, ttl = row
    return Fact(key, _decode(value)[0], seen_at, seen_by, ttl=ttl)


@define(eq=False)
class Database:
    """One file, open twice: a reader never waits for a writer, of whatever process."""

    path: Path
    writer: sqlite3.Connection
    reader: sqlite3.Connection
    _last_grant: int | None = field(init=False, default=None)  # inside a transaction, once asked for
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

    def write(self, jobs: Sequence[Job]) -> list[Any]:
        """Do all jobs in one transaction, and answer when it is on disk."""
        try:
            return self._commit(jobs)
        except sqlite3.Error as exc:
            # With little room left, one big job must not take the small ones down with it.
            if len(jobs) > 1 and primary(exc) in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_TOOBIG}:
                return [answer for job in jobs for answer in self.write([job])]
            return [Failure(explain(self.path, exc), exc)] * len(jobs)

    def read(self, jobs: Sequence[Job]) -> list[Any]:
        """Do all jobs, each on its own."""
        return [self._try(job) for job in jobs]

    def learn(self, row: Row) -> bool:
        """Keep one fact if it is news."""
        self._sweep_now_and_then(1, row[-1])
        return self.writer.execute(_LEARN, row).rowcount > 0

    def learn_all(self, rows: Sequence[Row]) -> int:
        """Keep those facts that are news, and count them."""
        if not rows:
            return 0
        self._sweep_now_and_then(len(rows), rows[0][-1])
        return self.writer.executemany(_LEARN, rows).rowcount

    def claim(self, key: str, who: str, until: float, date: float) -> Claimed | None:
        """Grant, renew or release a claim."""
        self._sweep_now_and_then(1, date)
        held = self.writer.execute(
            "SELECT who, number FROM claims WHERE key = ? AND until > ?", (key, date)
        ).fetchone()
        if held is not None and held[0] != who:
            return None
        if until <= date:
            self.writer.execute("DELETE FROM claims WHERE key = ?", (key,))
            return None if held is None else Claimed(held[1], fresh=False)
        number = self._next_grant() if held is None else held[1]
        self.writer.execute(_CLAIM, (key, who, number, until))
        return Claimed(number, fresh=held is None)

    def forgo(self, key: str, number: int) -> None:
        """Take back a grant that nobody heard of."""
        self.writer.execute("DELETE FROM claims WHERE key = ? AND number = ?", (key, number))

    def recall(self, key: str, date: float) -> Fact | None:
        """Read one fact."""
        row = self.reader.execute(_RECALL, (key, date)).fetchone()
        return None if row is None else to_fact(row)

    def survey(self, prefix: str, date: float) -> list[Fact]:
        """Read the facts whose keys start with *prefix*, by key."""
        end = after(prefix)
        # In SQLite every text sorts before every blob, so an empty blob is behind all keys.
        limit = b"" if end is None else end
        return [to_fact(row) for row in self.reader.execute(_SURVEY, (prefix, limit, date))]

    def holder(self, key: str, date: float) -> Grant | None:
        """Read the grant in force on a key."""
        row = self.reader.execute(
            "SELECT key, who, number, until FROM claims WHERE key = ? AND until > ?", (key, date)
        ).fetchone()
        return None if row is None else Grant(*row)

    def close(self) -> None:
        """Close both connections; the last process to do so folds the log into the file."""
        self.reader.close()
        self.writer.close()

    def _commit(self, jobs: Sequence[Job]) -> list[Any]:
        self._last_grant = None
        self.writer.execute("BEGIN IMMEDIATE")
        try:
            answers = [job() for job in jobs]
            if self._last_grant is not None:
                self.writer.execute("UPDATE grants SET last = ?", (self._last_grant,))
            self.writer.execute("COMMIT")
        finally:
            if self.writer.in_transaction:
                with suppress(sqlite3.Error):  # the first error is the one to tell
                    self.writer.execute("ROLLBACK")
        return answers

    def _next_grant(self) -> int:
        if self._last_grant is None:
            self._last_grant = int(self.writer.execute("SELECT last FROM grants").fetchone()[0])
        self._last_grant += 1
        return self._last_grant

    def _sweep_now_and_then(self, entries: int, date: float) -> None:
        self._unswept += entries
        if self._unswept > SWEEP:
            self._unswept = 0
            self.writer.execute("DELETE FROM facts WHERE ends_at <= ?", (date,))
            self.writer.execute("DELETE FROM claims WHERE until <= ?", (date,))

    def _try(self, job: Job) -> Any:
        try:
            return job()
        except sqlite3.Error as exc:
            return Failure(explain(self.path, exc), exc)
        except ValueError as exc:
            return Failure(f"{self.path} holds a value that is not JSON; import an export ({exc})", exc)
