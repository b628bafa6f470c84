"""The SQLite file itself: how it is opened, what is in it, and how older ones are brought up to date."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from .._facts import Fact, Grant
from ..errors import KnowledgeError
from ._tables import CLAIMS, FACTS

VERSION = 2
MARK = 0x77696E67  # "wing": the application id of our files, from version 2 on
PATIENCE = 10.0  # seconds to wait for another process that writes
SHORT = 0.1  # the same while opening, which is then tried again, so that it can be cancelled

# Bodies are JSON. `grants` has one row: the newest number, which only grows.
_TABLES = """
CREATE TABLE facts (key TEXT PRIMARY KEY, body TEXT NOT NULL, ends_at REAL) WITHOUT ROWID;
CREATE INDEX facts_by_end ON facts (ends_at) WHERE ends_at IS NOT NULL;
CREATE TABLE claims (key TEXT PRIMARY KEY, body TEXT NOT NULL, ends_at REAL) WITHOUT ROWID;
CREATE TABLE grants (last INTEGER NOT NULL);
"""


class Busy(KnowledgeError):
    """Another process has the file; trying again may help."""


def connect(path: Path, *, durable: bool) -> sqlite3.Connection:
    """Open a file, made or brought up to date as needed. Raises `KnowledgeError`, perhaps `Busy`."""
    if path.is_dir():
        raise KnowledgeError(f"{path} is a directory; give the store a file name inside it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise KnowledgeError(f"{path} has no directory to be in, and it cannot be made: {exc}") from exc
    try:
        connection = sqlite3.connect(path, timeout=SHORT, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as exc:
        raise KnowledgeError(explain(path, exc)) from exc
    try:
        _prepare(connection, path, durable=durable)
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
    except (sqlite3.Error, ValueError) as exc:
        connection.close()
        # SQLite waits for locks, but not for the one it needs to turn a file to WAL: there it
        # says "busy" at once, when several processes open a new file together.
        busy = primary(exc) == sqlite3.SQLITE_BUSY
        raise (Busy if busy else KnowledgeError)(explain(path, exc)) from exc
    except KnowledgeError:
        connection.close()
        raise
    return connection


def explain(path: Path, exc: Exception) -> str:
    """Say in a sentence what SQLite met and who should do what."""
    code = primary(exc)
    if code == sqlite3.SQLITE_FULL:
        why = "is full, or its disk is; make room and try again (nothing of this call was kept)"
    elif code == sqlite3.SQLITE_READONLY:
        why = "may only be read; give this user the right to write the file and its directory"
    elif code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or isinstance(exc, ValueError):
        why = "is damaged or no SQLite file; move it away and import an export, or restore a copy"
    elif code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}:
        why = "cannot be opened; check the path, and the rights to the file and its directory"
    elif code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        why = f"was kept busy by another process for {PATIENCE:.0f} seconds; find that process, or try again"
    elif code == sqlite3.SQLITE_IOERR:
        why = "cannot be read or written; check the disk"
    else:
        why = "could not do this"
    return f"{path} {why} ({exc})"


def primary(exc: Exception) -> int | None:
    """Give SQLite's primary result code, if the error came from SQLite."""
    code: int | None = getattr(exc, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _prepare(connection: sqlite3.Connection, path: Path, *, durable: bool) -> None:
    # Looked at before anything is changed, even the journal's mode: it may not be ours. In one
    # transaction, or half of what is seen could be from before another process made the tables.
    connection.execute("BEGIN")
    try:
        version = _version(connection, path)
    finally:
        connection.execute("ROLLBACK")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    if version == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Asked again under the lock: another process may have been first.
        _bring_up_to_date(connection, _version(connection, path))
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """Tell the version of the file, 0 for an empty one. Raises `KnowledgeError` if it is not for us."""
    version, mark = _number(connection, "user_version"), _number(connection, "application_id")
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if mark == 0 and (version, tables) in [(0, set()), (1, {"facts", "claims"})]:
        return version
    if mark != MARK:
        raise KnowledgeError(f"{path} belongs to another program; give the store a file of its own")
    if version > VERSION:
        raise KnowledgeError(
            f"{path} was written by a newer wingmate (schema {version}, this one reads up to {VERSION}); "
            "upgrade wingmate here, or use another file"
        )
    return version


def _bring_up_to_date(connection: sqlite3.Connection, version: int) -> None:
    if version == 0:
        _create(connection)
        connection.execute("INSERT INTO grants VALUES (0)")
    elif version == 1:
        _from_1_to_2(connection)
    connection.execute(f"PRAGMA application_id = {MARK}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _create(connection: sqlite3.Connection) -> None:
    # One by one: executescript would commit the transaction around it.
    for statement in _TABLES.split(";"):
        connection.execute(statement)


def _from_1_to_2(connection: sqlite3.Connection) -> None:
    """Version 1 had a column per field, no lifetimes, and no count of grants but the claims themselves."""
    facts = connection.execute("SELECT key, value, seen_at, seen_by FROM facts").fetchall()
    grants = connection.execute("SELECT key, who, number, until FROM claims").fetchall()
    connection.execute("DROP TABLE facts")
    connection.execute("DROP TABLE claims")
    _create(connection)
    FACTS.save(connection, {}, {key: Fact(key, json.loads(value), at, by) for key, value, at, by in facts})
    CLAIMS.save(connection, {}, {key: Grant(key, who, number, until) for key, who, number, until in grants})
    last = max((number for _, _, number, _ in grants), default=0)
    connection.execute("INSERT INTO grants VALUES (?)", (last,))


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])
