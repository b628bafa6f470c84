"""Lines that people and bots written by others can read: declared as data, read and written from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from functools import lru_cache
from math import floor
from typing import TypeAlias

from attrs import field, frozen

from ..errors import IllegalCommand
from ._text import PRINTABLE, clean

Value: TypeAlias = "int | str"
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,31}", re.ASCII)
_VERB = re.compile(r"\[([A-Z][A-Z0-9_]{0,31})\](?: (.*))?", re.ASCII)
_HOLE = re.compile(r"\{([a-z_]+):([a-z]+)\}", re.ASCII)


@frozen(kw_only=True)
class ValueType:
    """A kind of value in a line: what it looks like, how it is read, what it is for people."""

    pattern: str
    read: Callable[[str], Value]
    means: str


def _whole(text: str) -> int:
    return floor(float(text))


TYPES: Mapping[str, ValueType] = {
    # A coordinate of others may have decimals; it is floored, as ours are before they are said.
    "int": ValueType(pattern=r"-?\d{1,9}(?:\.\d{1,9})?", read=_whole, means="a whole number"),
    "count": ValueType(pattern=r"0*[1-9]\d{0,5}", read=_whole, means="a number from 1 to 999999"),
    "word": ValueType(pattern=r"[A-Za-z0-9_.:-]{1,48}", read=str, means="a word"),
    "name": ValueType(pattern=r"[A-Za-z0-9_.-]{1,64}", read=str, means="a player's name"),
    "text": ValueType(pattern=r"[!-}](?:[ -}]*[!-}])?", read=str, means="the rest of the line"),
}


class Unread(Enum):
    """Why a line gave no saying."""

    CHATTER = "not in the form of a verb"
    UNKNOWN = "a verb nobody declared"
    MALFORMED = "a verb with something else behind it than declared"


@frozen
class Saying:
    """One readable line: a verb's name and the values of its fields."""

    verb: str
    values: Mapping[str, Value] = field(factory=dict[str, Value])

    def __getitem__(self, name: str) -> Value:
        return self.values[name]


def _named(_instance: object, _attribute: object, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"a verb is named in capitals, digits and underscores, got {name!r}")


def _shaped(_instance: object, _attribute: object, form: str) -> None:
    words = form.split()
    if " ".join(words) != form:
        raise ValueError(f"the words of a form are parted by single spaces, got {form!r}")
    names = list[str]()
    for place, word in enumerate(words):
        if (hole := _HOLE.fullmatch(word)) is None:
            if "{" in word or not set(word) <= set(PRINTABLE):
                raise ValueError(f"{word!r} is neither a plain word nor of the form {{name:type}}")
            continue
        name, kind = hole.groups()
        if kind not in TYPES:
            raise ValueError(f"{word!r} is of no known type; there are {', '.join(TYPES)}")
        if name in names or (kind == "text" and place < len(words) - 1):
            raise ValueError(f"{word!r} in {form!r}: names differ, and text comes last")
        names.append(name)


@frozen
class Verb:
    """One readable line, declared: `Verb("REQUEST", "{item:word} {count:count}", "I need this")`.

    The form is plain words and `{name:type}` fields; the types are `int`, `count`, `word`, `name`
    and, at the end, `text`.
    """

    name: str = field(validator=_named)
    form: str = field(validator=_shaped)
    means: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """The names of the fields, and the type of each."""
        return {hole[1]: hole[2] for hole in _HOLE.finditer(self.form)}

    @property
    def example(self) -> str:
        """How the line looks, with the names of its fields in place of values."""
        return f"[{self.name}] {_HOLE.sub(lambda hole: hole[1], self.form)}".rstrip()

    def read(self, rest: str) -> Saying | None:
        """Read what stands behind the name, or None if it is not as declared."""
        if (found := _pattern(self.form).fullmatch(rest)) is None:
            return None
        kinds = self.fields
        return Saying(
            self.name, {name: TYPES[kinds[name]].read(text) for name, text in found.groupdict().items()}
        )

    def write(self, **values: float | str) -> str:
        """Write the line; numbers are floored. Raises `IllegalCommand` if a value does not fit."""
        kinds = self.fields
        if values.keys() != kinds.keys():
            wanted, given = (", ".join(sorted(names)) or "none" for names in (kinds, values))
            raise IllegalCommand(f"[{self.name}] has the fields {wanted}; given were {given}")
        texts = {name: self._written(name, kinds[name], value) for name, value in values.items()}
        return f"[{self.name}] {_HOLE.sub(lambda hole: texts[hole[1]], self.form)}".rstrip()

    def _written(self, name: str, kind: str, value: float | str) -> str:
        try:
            text = value if isinstance(value, str) else str(floor(value))
        except (OverflowError, ValueError) as exc:
            raise IllegalCommand(f"[{self.name}] {name} cannot be {value!r}") from exc
        if not re.fullmatch(TYPES[kind].pattern, text, re.ASCII) or clean(text) != text:
            raise IllegalCommand(f"[{self.name}] {name} is {TYPES[kind].means}, not {value!r}")
        return text


@lru_cache(maxsize=256)
def _pattern(form: str) -> re.Pattern[str]:
    words = [
        f"(?P<{hole[1]}>{TYPES[hole[2]].pattern})" if (hole := _HOLE.fullmatch(word)) else re.escape(word)
        for word in form.split()
    ]
    return re.compile(" ".join(words), re.ASCII)


def _distinct(_instance: object, _attribute: object, verbs: tuple[Verb, ...]) -> None:
    names = [verb.name for verb in verbs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"declared more than once: {', '.join(twice)}")


@frozen
class Language:
    """The verbs a crew understands; add your own with `VILLAGE.plus(Verb(…))`."""

    verbs: tuple[Verb, ...] = field(converter=tuple[Verb, ...], validator=_distinct)

    def __getitem__(self, name: str) -> Verb:
        return next(verb for verb in self.verbs if verb.name == name)

    def plus(self, *verbs: Verb) -> Language:
        """Give a language with more verbs."""
        return Language((*self.verbs, *verbs))

    def read(self, line: str) -> Saying | Unread:
        """Read a line of chat, or tell why it says nothing to us. Never raises."""
        if (found := _VERB.fullmatch(clean(line))) is None:
            return Unread.CHATTER
        verb = next((verb for verb in self.verbs if verb.name == found[1]), None)
        if verb is None:
            return Unread.UNKNOWN
        return verb.read(found[2] or "") or Unread.MALFORMED

    def write(self, name: str, **values: float | str) -> str:
        """Write a line. Raises `IllegalCommand` if there is no such verb or a value does not fit."""
        if name not in {verb.name for verb in self.verbs}:
            raise IllegalCommand(
                f"there is no verb [{name}]; there are {', '.join(v.name for v in self.verbs)}"
            )
        return self[name].write(**values)

    def table(self) -> str:
        """Describe the verbs as a table in Markdown, for documentation."""
        rows = ["| Line | Fields | Means |", "|---|---|---|"]
        for verb in self.verbs:
            fields = "; ".join(f"`{name}` is {TYPES[kind].means}" for name, kind in verb.fields.items())
            rows.append(f"| `{verb.example}` | {fields} | {verb.means} |")
        return "\n".join(rows)


_PLACE = "{x:int} {y:int} {z:int}"
_GOODS = "{item:word} {count:count}"

# The words that village bots written by others say and understand, letter by letter.
VILLAGE = Language(
    (
        Verb("VILLAGE", f"center {_PLACE}", "the village is here; the first to say so founds it"),
        Verb("CHEST", f"shared {_PLACE}", "everybody's chest is here"),
        Verb("CRAFTING", f"shared {_PLACE}", "everybody's crafting table is here"),
        Verb("REQUEST", _GOODS, "I need this"),
        Verb("FULFILL", f"{_GOODS} for {{who:name}}", "I will bring it to them"),
        Verb("DEPOSIT", _GOODS, "I have put this into the shared chest"),
        Verb("TERRAFORM", _PLACE, "the ground here should be levelled"),
        Verb("TERRAFORM_CLAIM", _PLACE, "I level it"),
        Verb("TERRAFORM_DONE", _PLACE, "it is level"),
        Verb("TERRAFORM_RELEASE", _PLACE, "I do not level it after all"),
    )
)
