"""Everything a player can tell the village to do: one value per command, and how each looks on the wire.

A line is `NUMBER VERB FIELD …`: fields are words and whole numbers, a place is three numbers, and a
last field of free text takes the rest of the line. A sign's four lines are joined by `|`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, TypeAlias, cast, get_type_hints

from attrs import fields, frozen

from ..errors import IllegalCommand
from ._spot import Spot

__all__ = (
    "Ask",
    "Bag",
    "Command",
    "Craft",
    "Dig",
    "Eat",
    "Find",
    "Go",
    "Login",
    "Look",
    "Open",
    "Place",
    "Put",
    "Quit",
    "Read",
    "Say",
    "Scan",
    "See",
    "Stop",
    "Take",
    "Till",
    "Who",
    "Write",
    "command_of",
    "words_of",
)

LONGEST_NUMBER = 9  # digits; no place and no count needs more
LONGEST_WORD = 32


@frozen
class Login:
    """Enter the world under a name; nobody else may be in it under the same."""

    verb: ClassVar = "login"
    name: str


@frozen
class Quit:
    """Leave the world; what one carries stays with the name."""

    verb: ClassVar = "quit"


@frozen
class Go:
    """Walk to a place, or until no further than *near* blocks from it."""

    verb: ClassVar = "go"
    spot: Spot
    near: int = 0


@frozen
class Stop:
    """Break off what takes time."""

    verb: ClassVar = "stop"


@frozen
class Dig:
    """Take a block away; what it gives goes into the bag."""

    verb: ClassVar = "dig"
    spot: Spot


@frozen
class Place:
    """Put something from the bag into the world; seeds and saplings are planted."""

    verb: ClassVar = "place"
    item: str
    spot: Spot


@frozen
class Till:
    """Make farmland of dirt or grass; needs a hoe."""

    verb: ClassVar = "till"
    spot: Spot


@frozen
class Craft:
    """Make something, so many times as the recipe gives."""

    verb: ClassVar = "craft"
    item: str
    times: int = 1


@frozen
class Eat:
    """Eat something from the bag."""

    verb: ClassVar = "eat"
    item: str


@frozen
class Open:
    """Ask what is in a chest."""

    verb: ClassVar = "open"
    spot: Spot


@frozen
class Put:
    """Put things into a chest."""

    verb: ClassVar = "put"
    spot: Spot
    item: str
    count: int


@frozen
class Take:
    """Take things out of a chest."""

    verb: ClassVar = "take"
    spot: Spot
    item: str
    count: int


@frozen
class Write:
    """Write on a sign: up to four lines of up to fifteen characters, joined by `|`."""

    verb: ClassVar = "write"
    spot: Spot
    text: str


@frozen
class Read:
    """Read a sign within sight."""

    verb: ClassVar = "read"
    spot: Spot


@frozen
class Look:
    """Ask where one is, what time it is, and how hungry one is."""

    verb: ClassVar = "look"


@frozen
class Bag:
    """Ask what one carries."""

    verb: ClassVar = "bag"


@frozen
class Who:
    """Ask who is in the world."""

    verb: ClassVar = "who"


@frozen
class See:
    """Ask what is at a place within sight."""

    verb: ClassVar = "see"
    spot: Spot


@frozen
class Find:
    """Ask for the nearest things of a kind, up to *count* of them, no further than *radius*."""

    verb: ClassVar = "find"
    kind: str
    radius: int
    count: int = 1


@frozen
class Scan:
    """Ask how high the ground is in a rectangle: row by row along x, rows along z."""

    verb: ClassVar = "scan"
    x: int
    z: int
    width: int
    depth: int


@frozen
class Say:
    """Say something that everybody hears, oneself included."""

    verb: ClassVar = "say"
    text: str


Command: TypeAlias = (
    Login | Quit | Go | Stop | Dig | Place | Till | Craft | Eat | Open | Put | Take
    | Write | Read | Look | Bag | Who | See | Find | Scan | Say
)  # fmt: skip
KINDS: tuple[type[Command], ...] = (
    Login, Quit, Go, Stop, Dig, Place, Till, Craft, Eat, Open, Put, Take,
    Write, Read, Look, Bag, Who, See, Find, Scan, Say,
)  # fmt: skip
BY_VERB = {kind.verb: kind for kind in KINDS}
FREE_TEXT = {"text"}  # fields that take the rest of the line


@frozen
class Ask:
    """A command with the number that its answer will carry."""

    number: int
    command: Command


def _shape(kind: type[Command]) -> tuple[tuple[str, type], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind))


SHAPES = {kind: _shape(kind) for kind in KINDS}


def words_of(command: Command) -> str:
    """Put a command on one line, without its number. Raises `IllegalCommand`."""
    kind = type(command)
    if kind not in SHAPES:
        raise IllegalCommand(f"not a command of the village: {command!r}")
    words: list[str] = [kind.verb]
    for name, _ in SHAPES[kind]:
        value: object = getattr(command, name)
        if name in FREE_TEXT:
            _check_text(command, str(value))
        elif isinstance(value, str):
            _check_word(command, value)
        else:
            _check_numbers(command, value)
        words.append(str(value))
    return " ".join(words)


def _check_text(command: Command, text: str) -> None:
    if not text or not text.isprintable():
        raise IllegalCommand(f"text of one printable line is needed, got {command!r}")


def _check_word(command: Command, word: str) -> None:
    if not 0 < len(word) <= LONGEST_WORD or not word.isascii() or not word.isprintable() or " " in word:
        raise IllegalCommand(f"one word of up to {LONGEST_WORD} characters is needed, got {command!r}")


def _check_numbers(command: Command, value: object) -> None:
    numbers = cast("tuple[object, ...]", value if isinstance(value, tuple) else (value,))
    for number in numbers:
        if type(number) is not int or abs(number) >= 10**LONGEST_NUMBER:
            raise IllegalCommand(
                f"a whole number of up to {LONGEST_NUMBER} digits is needed, got {command!r}"
            )


def command_of(line: str) -> Command:
    """Read a command from its line, without its number. Raises `IllegalCommand`."""
    verb, _, rest = line.partition(" ")
    kind = BY_VERB.get(verb)
    if kind is None:
        raise IllegalCommand(f"there is no command {verb[:LONGEST_WORD]!r}")
    values: list[object] = []
    for name, want in SHAPES[kind]:
        if name in FREE_TEXT:
            values.append(rest)
            rest = ""
        elif rest or not values:
            value, rest = _take(verb, want, rest)
            values.append(value)
    if rest:
        raise IllegalCommand(f"{verb} takes no more than {len(SHAPES[kind])} fields")
    try:
        command = cast("Callable[..., Command]", kind)(*values)
    except TypeError as exc:
        raise IllegalCommand(f"{verb} needs {' '.join(name for name, _ in SHAPES[kind])}") from exc
    words_of(command)
    return command


def _take(verb: str, want: type, rest: str) -> tuple[object, str]:
    if want is Spot:
        parts = rest.split(" ", 3)
        if len(parts) < 3:
            raise IllegalCommand(f"{verb} needs a place of three numbers")
        return Spot(*_numbers(verb, parts[:3])), parts[3] if len(parts) > 3 else ""
    word, _, rest = rest.partition(" ")
    if want is int:
        return next(_numbers(verb, [word])), rest
    return word, rest


def _numbers(verb: str, words: Sequence[str]) -> Iterator[int]:
    for word in words:
        digits = word.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER):
            raise IllegalCommand(f"{verb} needs a whole number, not {word[:LONGEST_WORD]!r}")
        yield int(word)
