"""Facts as JSON lines: one fact per line, to keep, to read and to carry elsewhere."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable
from typing import Any, NoReturn, cast

from anyio.lowlevel import checkpoint

from .._facts import Fact
from ..abc import BulkStore, KnowledgeStore
from ..errors import KnowledgeError
from ._values import checked

BREATH = 500  # lines between two chances for other tasks
LONGEST_QUOTE = 60  # characters of a bad line shown in the error

_MUST = frozenset({"key", "value", "seen_at", "seen_by"})
_MAY = frozenset({"ttl"})

_encode = json.JSONEncoder(allow_nan=False).encode


async def export_facts(store: KnowledgeStore, prefix: str = "") -> AsyncGenerator[str, None]:
    """Give every fact in force under a prefix as a line of JSON without its line end, sorted by key."""
    for number, fact in enumerate(await store.survey(prefix)):
        if number % BREATH == 0:
            await checkpoint()
        yield fact_to_line(fact)


async def import_facts(store: KnowledgeStore, lines: Iterable[str] | AsyncIterable[str]) -> int:
    """Learn the facts of an export and say how many were news; blank lines are skipped.

    All lines are read before the first is learned: a bad one raises `KnowledgeError` with its
    number, and then nothing has changed. A `BulkStore` learns them all or none.
    """
    facts: list[Fact] = []
    number = 0
    async for line in _each(lines):
        number += 1
        if number % BREATH == 0:
            await checkpoint()
        if line.strip():
            facts.append(line_to_fact(line, number))
    if isinstance(store, BulkStore):
        return await store.learn_all(facts)
    return sum([await store.learn(fact) for fact in facts])


def fact_to_line(fact: Fact) -> str:
    """Write one fact as JSON; one without a lifetime has no `ttl`. Raises `KnowledgeError`."""
    fields: dict[str, Any] = {
        "key": fact.key,
        "value": fact.value,
        "seen_at": fact.seen_at,
        "seen_by": fact.seen_by,
    }
    if fact.ttl is not None:
        fields["ttl"] = fact.ttl
    try:
        return _encode(fields)
    except (TypeError, ValueError, RecursionError) as exc:
        raise KnowledgeError(f"the fact {fact.key!r} cannot be written as JSON: {exc}") from exc


def line_to_fact(line: str, number: int = 1) -> Fact:
    """Read one fact. Raises `KnowledgeError` naming the line and what is wrong with it."""
    try:
        return _to_fact(json.loads(line, parse_constant=_no_constant))
    except (ValueError, RecursionError, KnowledgeError) as exc:
        # The decoder always says "line 1": it was given only one.
        why = f"{exc.msg} at column {exc.colno}" if isinstance(exc, json.JSONDecodeError) else str(exc)
        quote = line[:LONGEST_QUOTE]
        raise KnowledgeError(f"line {number} is not a fact: {why}; it begins {quote!r}") from exc


def _to_fact(fields: Any) -> Fact:
    if not isinstance(fields, dict):
        raise KnowledgeError(f"it should be a JSON object, not {type(fields).__name__}")
    fields = cast("dict[str, Any]", fields)
    if missing := _MUST - fields.keys():
        raise KnowledgeError(f"it lacks {', '.join(sorted(missing))}")
    if unknown := fields.keys() - _MUST - _MAY:
        raise KnowledgeError(f"it has the unknown field {min(unknown)!r}")
    for name in ("seen_at", "ttl"):
        if not _is_number(fields.get(name, 0.0)) and (name, fields[name]) != ("ttl", None):
            raise KnowledgeError(f"{name} should be a number, not {fields[name]!r}")
    fact = Fact(fields["key"], fields["value"], fields["seen_at"], fields["seen_by"], ttl=fields.get("ttl"))
    return checked(fact, {})


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


async def _each(lines: Iterable[str] | AsyncIterable[str]) -> AsyncIterator[str]:
    if isinstance(lines, AsyncIterable):
        async for line in lines:
            yield line
    else:
        for line in lines:
            yield line
