"""Rows of a SQLite store: a key, a body of JSON, and when it ends; read and written hundreds at a time.

Python's one lock is dropped and taken again at every step of SQLite and for every row, and next to a
busy event loop each time may cost milliseconds. So rows travel together, and come back joined into
one text: the number of statements matters more than their size.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Generic, TypeVar

from attrs import frozen

from .._facts import Fact, Grant

ItemT = TypeVar("ItemT", Fact, Grant)
ValueT = TypeVar("ValueT")

MOST = 256  # rows per statement: SQLite before 3.32 takes 999 values, and a row has three

_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().decode
_PAGE = """
SELECT group_concat(body) FROM (SELECT body FROM facts WHERE key >= ? AND key < ? ORDER BY key LIMIT ?)
"""


@frozen
class Table(Generic[ItemT]):
    """One table: its name, what its bodies hold, and how to write one row."""

    name: str
    kind: Callable[..., ItemT]
    to_row: Callable[[ItemT], tuple[str, str, float | None]]

    def load(self, connection: sqlite3.Connection, keys: Collection[str]) -> dict[str, ItemT]:
        """Read what is stored under those keys."""
        found: list[ItemT] = []
        for some in _padded(list(keys)):
            marks = ",".join("?" * len(some))
            select = f"SELECT group_concat(body) FROM {self.name} WHERE key IN ({marks})"  # noqa: S608 - no input in it
            found += _parse(connection.execute(select, some).fetchone()[0], self.kind)
        return {item.key: item for item in found}

    def save(
        self, connection: sqlite3.Connection, before: Mapping[str, ItemT], now: Mapping[str, ItemT]
    ) -> int:
        """Write what differs from before, and count it."""
        rows = [self.to_row(item) for key, item in now.items() if item is not before.get(key)]
        for some in _padded(rows):
            marks = ",".join(["(?,?,?)"] * len(some))
            replace = f"REPLACE INTO {self.name} (key, body, ends_at) VALUES {marks}"  # noqa: S608 - no input in it
            connection.execute(replace, [value for row in some for value in row])
        return len(rows)

    def sweep(self, connection: sqlite3.Connection, date: float) -> None:
        """Remove what has ended."""
        connection.execute(f"DELETE FROM {self.name} WHERE ends_at <= ?", (date,))  # noqa: S608 - no input in it


def page_of_facts(connection: sqlite3.Connection, start: str, end: str | None, size: int) -> list[Fact]:
    """Read the first facts from one key on to before another, sorted."""
    # In SQLite every text sorts before every blob, so an empty blob is behind all keys.
    limit = b"" if end is None else end
    page = _parse(connection.execute(_PAGE, (start, limit, size)).fetchone()[0], Fact)
    page.sort(key=lambda fact: fact.key)  # joining promises no order
    return page


def fact_to_row(fact: Fact) -> tuple[str, str, float | None]:
    """Write a fact as a row."""
    fields: dict[str, Any] = {
        "key": fact.key,
        "value": fact.value,
        "seen_at": fact.seen_at,
        "seen_by": fact.seen_by,
    }
    if fact.ttl is None:
        return fact.key, _encode(fields), None
    fields["ttl"] = fact.ttl
    return fact.key, _encode(fields), fact.seen_at + fact.ttl


def grant_to_row(grant: Grant) -> tuple[str, str, float | None]:
    """Write a grant as a row."""
    fields = {"key": grant.key, "who": grant.who, "number": grant.number, "until": grant.until}
    return grant.key, _encode(fields), grant.until


FACTS = Table("facts", Fact, fact_to_row)
CLAIMS = Table("claims", Grant, grant_to_row)


def _parse(joined: str | None, kind: Callable[..., ItemT]) -> list[ItemT]:
    """Read bodies that were joined by commas. Raises `ValueError` if somebody spoilt one."""
    try:
        return [kind(**fields) for fields in _decode(f"[{joined or ''}]")]
    except TypeError as exc:
        raise ValueError(str(exc)) from exc


def _padded(items: list[ValueT]) -> Iterator[list[ValueT]]:
    """Cut into pieces of 1, 2, 4, 8 … by repeating the last: few sizes, so few statements to prepare."""
    for first in range(0, len(items), MOST):
        some = items[first : first + MOST]
        size = 1 << (len(some) - 1).bit_length()
        yield some + some[-1:] * (size - len(some))
