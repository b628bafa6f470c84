"""The little language prompts are written in: literal text with typed fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from attrs import Factory, field, frozen

Value: TypeAlias = str | int | bool

LONGEST_FIELD = 200  # characters of text a field may hold
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_NUMBER = r" {0,20}+-?(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,18})"
_YES = r"(?i:yes|no|true|false|on|off|y|n)"


@frozen
class Field:
    """A place in a template: its name and the kind of value found there."""

    name: str
    kind: str

    @property
    def ends_itself(self) -> bool:
        """Whether its end does not depend on the text behind it."""
        return self.kind in _EXACT or self.kind.isdigit()

    @property
    def look(self) -> str:
        """The regular expression of what may stand there."""
        return f".{{{self.kind}}}" if self.kind.isdigit() else _KINDS[self.kind][0]

    def value(self, text: str) -> Value:
        """Give what was found as a value."""
        return text.strip(" ") if self.kind.isdigit() else _KINDS[self.kind][1](text)


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _yes(text: str) -> bool:
    return text.lower() in {"yes", "true", "on", "y"}


# kind: how it looks, and what becomes of it
_KINDS: Mapping[str, tuple[str, Callable[[str], Value]]] = MappingProxyType(
    {
        "text": (f".{{1,{LONGEST_FIELD}}}", str),
        "word": (f"\\S{{1,{LONGEST_FIELD}}}", str),
        "int": (_NUMBER, _number),
        "yes": (_YES, _yes),
    }
)
_EXACT = {"int", "yes"}  # these end by themselves; text goes on to the literal behind it
_WIDTH = re.compile(r"[1-9]\d?")  # a column of that many characters


@frozen
class Template:
    """Literal text with fields: `{name}` is text, `{n:int}` a number with or without thousands
    separators, `{w:word}` has no blanks, `{flag:yes}` is Yes/No, On/Off or Y/N, `{who:6}` a column of
    six characters, `{{` is a brace.

    A field ends where the literal text after it first appears, so there is only one way to match
    and matching takes time in proportion to the line.
    """  # noqa: D205 - the first sentence needs two lines

    source: str
    parts: tuple[str | Field, ...] = field(
        init=False, eq=False, repr=False, default=Factory(lambda self: _parse(self.source), takes_self=True)
    )
    pattern: re.Pattern[str] = field(
        init=False,
        eq=False,
        repr=False,
        default=Factory(lambda self: re.compile(_compose(self.parts)), takes_self=True),
    )
    # The literal text it begins and ends with, empty if that is a field: asked for every line.
    head: str = field(
        init=False,
        eq=False,
        repr=False,
        default=Factory(lambda self: _literal(self.parts[:1]), takes_self=True),
    )
    tail: str = field(
        init=False,
        eq=False,
        repr=False,
        default=Factory(lambda self: _literal(self.parts[-1:]), takes_self=True),
    )

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields, in order."""
        return tuple(part for part in self.parts if isinstance(part, Field))

    @property
    def weight(self) -> int:
        """How specific it is: the length of its literal text."""
        return sum(len(part) for part in self.parts if isinstance(part, str))

    def values(self, found: tuple[str, ...]) -> dict[str, Value]:
        """Give what was found as values, by field name."""
        return {place.name: place.value(text) for place, text in zip(self.fields, found, strict=True)}

    def read(self, line: str) -> dict[str, Value] | None:
        """Give the fields of a line that fits as a whole, blanks at its end aside; otherwise None."""
        fits = self.pattern.fullmatch(line.rstrip(" ")) or self.pattern.fullmatch(line)
        return None if fits is None else self.values(fits.groups())

    def reach(self, line: str) -> tuple[int, str | Field | None]:
        """Say how many characters of *line* fit, and the part that did not (None if all did)."""
        end = 0
        for count, part in enumerate(self.parts):
            fits = re.match(_compose(self.parts[: count + 1]), line)
            if fits is None:
                return max(end, self._reach_into(count, line)), part
            if isinstance(part, str) or part.ends_itself or count == len(self.parts) - 1:
                end = fits.end()
        return end, None

    def _reach_into(self, count: int, line: str) -> int:
        """Say how far the parts before *count* and some of the literal text after them fit."""
        part = self.parts[count]
        if isinstance(part, Field):
            return 0
        for size in range(len(part) - 1, 0, -1):
            if fits := re.match(_compose((*self.parts[:count], part[:size])), line):
                return fits.end()
        return 0


def _literal(parts: tuple[str | Field, ...]) -> str:
    return parts[0] if parts and isinstance(parts[0], str) else ""


def _parse(source: str) -> tuple[str | Field, ...]:
    parts: list[str | Field] = []
    literal, place = "", 0
    for token in _TOKEN.finditer(source):
        literal += source[place : token.start()]
        place = token.end()
        if token[0] in {"{{", "}}"}:
            literal += token[0][0]
        elif token[1] is None:
            raise ValueError(
                f"a single {token[0]!r} in the template {source!r}; write {token[0] * 2!r} for a brace"
            )
        else:
            parts += [literal, _field(token[1], source)] if literal else [_field(token[1], source)]
            literal = ""
    literal += source[place:]
    if literal:
        parts.append(literal)
    _check(tuple(parts), source)
    return tuple(parts)


def _field(text: str, source: str) -> Field:
    name, _, kind = text.partition(":")
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{text!r} is not a field in the template {source!r}; write {{name}} or {{name:kind}}"
        )
    kind = kind or "text"
    if kind not in _KINDS and not _WIDTH.fullmatch(kind):
        raise ValueError(
            f"no kind {kind!r} of field in the template {source!r}; there are {', '.join(_KINDS)} and a width"
        )
    return Field(name, kind)


def _check(parts: tuple[str | Field, ...], source: str) -> None:
    if "\n" in source or "\r" in source:
        raise ValueError(f"the template {source!r} is for one line, but has a line end in it")
    seen: set[str] = set()
    for part, follower in zip(parts, (*parts[1:], ""), strict=False):
        if isinstance(part, str):
            continue
        if part.name in seen:
            raise ValueError(f"the field {part.name!r} comes twice in the template {source!r}")
        seen.add(part.name)
        if isinstance(follower, Field):
            raise ValueError(  # noqa: TRY004 - a value of the right type, badly written
                f"the fields {part.name!r} and {follower.name!r} touch in the template {source!r}"
            )
        # Otherwise the same text would match or not depending on how much of it has arrived.
        if part.kind in _EXACT and re.match(r"[^\W_]|,(?:\d|$)", follower):
            raise ValueError(f"the field {part.name!r} in the template {source!r} runs into {follower!r}")


def _compose(parts: tuple[str | Field, ...]) -> str:
    """Write the regular expression: atomic groups, so that no text makes it go back and forth."""
    pieces: list[str] = []
    behind: str | None = None
    for part, follower in zip(parts, (*parts[1:], None), strict=False):
        if isinstance(part, str):
            if part != behind:
                pieces.append(re.escape(part))
            continue
        behind = None
        if part.ends_itself:
            pieces.append(f"(?>({part.look}))")
        elif follower is None:
            pieces.append(f"({part.look})")
        else:
            assert isinstance(follower, str)
            pieces.append(f"(?>({part.look}?){re.escape(follower)})")
            behind = follower
    return "".join(pieces)
