"""A universe in one SQLite file, which survives a killed process."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from attrs import define, field

from ...errors import KnowledgeError
from .engine.records import Changes, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Generator

    from .engine.state import World

SCHEMA = 1
_OURS = 0x54573032  # "TW02", so that no other program's file is taken for a universe


@define(eq=False)
class SaveFile:
    """The file of one universe; opened on first use, safe to use from worker threads, one at a time.

    While it is open no other process can write it: two servers on one file would undo each other.
    """

    path: Path = field(converter=Path)
    _link: sqlite3.Connection | None = field(default=None, init=False, repr=False)
    _lock: Lock = field(factory=Lock, init=False, repr=False)

    def read(self) -> World | None:
        """Restore the universe; None if the file is new. Raises `KnowledgeError`."""
        with self._session() as link:
            rows = link.execute("SELECT kind, key, body FROM record ORDER BY kind, key").fetchall()
            if not rows:
                return None
            try:
                return unpack(rows)
            except (KeyError, ValueError, TypeError) as error:
                raise KnowledgeError(f"{self.path}: the saved universe is damaged: {error!r}") from error

    def write(self, changes: Changes) -> None:
        """Write what `pack` gave, all or nothing. Raises `KnowledgeError`; try again with `then`."""
        kept = [(kind, key, text) for (kind, key), text in changes.rows.items() if text is not None]
        gone = [place for place, text in changes.rows.items() if text is None]
        with self._session() as link:
            link.execute("BEGIN IMMEDIATE")
            try:
                link.executemany("DELETE FROM record WHERE kind = ? AND key = ?", gone)
                link.executemany("INSERT OR REPLACE INTO record (kind, key, body) VALUES (?, ?, ?)", kept)
                link.execute("COMMIT")
            except BaseException:
                link.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Let the file go; it is opened again when it is used again."""
        with self._lock:
            if self._link is not None:
                self._link.close()
                self._link = None

    @contextmanager
    def _session(self) -> Generator[sqlite3.Connection, None, None]:
        with self._lock:
            try:
                if self._link is None:
                    self._link = self._open()
                yield self._link
            except sqlite3.Error as error:
                raise KnowledgeError(f"{self.path}: {error}") from error

    def _open(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise KnowledgeError(f"{self.path}: {error}") from error
        link = sqlite3.connect(self.path, timeout=0.2, isolation_level=None, check_same_thread=False)
        try:
            self._prepare(link)
        except BaseException:
            link.close()
            raise
        return link

    def _prepare(self, link: sqlite3.Connection) -> None:
        link.execute("PRAGMA locking_mode = EXCLUSIVE")
        version = link.execute("PRAGMA user_version").fetchone()[0]
        owner = link.execute("PRAGMA application_id").fetchone()[0]
        tables = link.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and owner != _OURS:
            raise KnowledgeError(f"{self.path}: this is not a saved universe")
        if version > SCHEMA:
            raise KnowledgeError(
                f"{self.path}: saved by a newer version (schema {version}, we know {SCHEMA}); update wingmate"
            )
        # A write-ahead log survives a killed process; only a power cut can cost the last seconds.
        link.execute("PRAGMA journal_mode = WAL")
        link.execute("PRAGMA synchronous = NORMAL")
        if not tables:
            link.executescript(
                f"""
                BEGIN IMMEDIATE;
                CREATE TABLE record (kind TEXT, key INTEGER, body TEXT NOT NULL, PRIMARY KEY (kind, key))
                    WITHOUT ROWID;
                PRAGMA application_id = {_OURS};
                PRAGMA user_version = {SCHEMA};
                COMMIT;
                """
            )


def save(world: World, path: Path | str) -> None:
    """Write a whole universe, or what has changed in it since the last `pack`, to a file."""
    file = SaveFile(path)
    changes = pack(world)
    try:
        file.write(changes)
    finally:
        file.close()


def restore(path: Path | str) -> World | None:
    """Read a universe from a file; None if there is none in it."""
    file = SaveFile(path)
    try:
        return file.read()
    finally:
        file.close()
