"""What a store accepts: facts that are really JSON, and keys that every store can carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, isinf, isnan
from typing import cast

from .._facts import Fact, Json
from ..errors import KnowledgeError

DEEPEST = 100  # levels of nesting; a list that contains itself ends here too
LONGEST_INT = 10_000  # bits; Python refuses to read or write integers of more than 4,300 digits

_LEAVES = frozenset({str, bool, type(None)})


def checked(fact: Fact, ttls: Mapping[str, float]) -> Fact:
    """Give a copy of the fact that nobody else holds, with the lifetime of its kind.

    Raises `KnowledgeError` if some store could not keep it.
    """
    check_text("key", fact.key)
    check_text("seen_by", fact.seen_by)
    seen_at = check_number("seen_at", fact.seen_at)
    ttl = fact.lasting(ttls).ttl
    if ttl is not None:
        ttl = check_number("ttl", ttl)
    try:
        value = plain(fact.value)
    except KnowledgeError as exc:
        raise KnowledgeError(f"the fact {fact.key!r} cannot be kept: {exc}") from exc
    return Fact(fact.key, value, seen_at, fact.seen_by, ttl=ttl)


def plain(value: Json, depth: int = 0) -> Json:
    """Copy a JSON value into plain dicts and lists. Raises `KnowledgeError` if it is not JSON."""
    kind = type(value)
    if kind in _LEAVES:
        return value
    if isinstance(value, int):
        if value.bit_length() > LONGEST_INT:
            raise KnowledgeError(f"an integer of {value.bit_length()} bits is too long")
        return int(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise KnowledgeError(f"{value} is not a JSON number")
        return float(value)
    if isinstance(value, str):
        return str.__str__(value)
    if depth >= DEEPEST:
        raise KnowledgeError(f"it is nested more than {DEEPEST} levels deep")
    if isinstance(value, Mapping):
        return {_name(name): plain(item, depth + 1) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return [plain(item, depth + 1) for item in value]
    raise KnowledgeError(f"{kind.__name__} is not a JSON type")


def check_text(what: str, text: str) -> None:
    """Raise `KnowledgeError` unless *text* is text that can be written to a file."""
    if not isinstance(cast(object, text), str):
        raise KnowledgeError(f"{what} must be text, not {type(text).__name__}")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as exc:
            raise KnowledgeError(f"{what} {text!r} holds half a character (a lone surrogate)") from exc


def check_number(what: str, number: float, *, bounded: bool = True) -> float:
    """Give *number* as a float; raise `KnowledgeError` unless it is one, and finite if *bounded*."""
    try:
        real = float(number)
    except (TypeError, ValueError, OverflowError) as exc:
        raise KnowledgeError(
            f"{what} must be a number of ordinary size, not {type(number).__name__}"
        ) from exc
    if isnan(real) or (bounded and isinf(real)):
        raise KnowledgeError(f"{what} must be a finite number, not {number}")
    return real


def check_claim(key: str, who: str, until: float) -> float:
    """Give *until* as a float; raise `KnowledgeError` unless the claim can be kept."""
    check_text("key", key)
    check_text("who", who)
    return check_number("until", until, bounded=False)


def after(prefix: str) -> str | None:
    """Give the first text that sorts behind all that starts with *prefix*; None if there is none."""
    stem = prefix.rstrip("\U0010ffff")
    if not stem:
        return None
    last = ord(stem[-1]) + 1
    # Surrogates are no characters of their own: the one behind U+D7FF is U+E000.
    return stem[:-1] + chr(0xE000 if last == 0xD800 else last)


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise KnowledgeError(f"{name!r} is no name for a JSON field; names are text")
    return str.__str__(name)
