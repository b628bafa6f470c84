"""What is known about each command besides its keys, and the checks of what a player may type."""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import field, frozen

from ..errors import IllegalCommand
from .events import HeaderShown, Prompted

LONGEST_MESSAGE = 155  # the game stops taking characters there (its manual says so, for every medium)
LARGEST_NUMBER = 9_999_999_999

# Where the keys work that work nearly everywhere, as the game's revision notes list the prompts; the
# tavern is left out, because nobody recorded its prompt.
GLOBAL = ("command", "computer", "corporate", "planet", "citadel", "stardock", "autopilot-stop")


@frozen(kw_only=True)
class Manner:
    """How a command is given: its keys, where it is legal, what proves it, how long to wait.

    `keys` is a format over the command's fields. `at` lists prompts, empty means any. `headers`,
    `prompts` and `events` are the proofs: one of them must follow before the command may count as
    taken; a prompt that merely came back proves nothing. `within` is the default deadline in
    seconds; `repeatable` says that sending it twice does no harm.
    """

    keys: str
    at: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    events: tuple[type[Any], ...] = ()
    within: float = 15.0
    repeatable: bool = field(default=False)

    def proves(self, event: object) -> bool:
        """Say whether *event* shows that the game took the command."""
        match event:
            case HeaderShown(name=name):
                return name in self.headers
            case Prompted(name=name, again=again):
                return not again and (name in self.prompts or Prompted in self.events)
            case _:
                return isinstance(event, self.events)


class Command:
    """A command: a frozen value with a manner."""

    __slots__ = ()
    manner: ClassVar[Manner]


def _complain(instance: Any, attribute: Any, value: Any, wanted: str) -> IllegalCommand:
    shown = "what was given" if not attribute.repr else repr(value)
    return IllegalCommand(f"{type(instance).__name__}: {attribute.name} must be {wanted}, got {shown}")


def number(instance: Any, attribute: Any, value: Any) -> None:
    """Allow a count or a sum: 0 and up."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_NUMBER:
        raise _complain(instance, attribute, value, "a whole number, 0 or more")


def sector(instance: Any, attribute: Any, value: Any) -> None:
    """Allow a sector number: 1 and up."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 999_999:
        raise _complain(instance, attribute, value, "a sector number")


def key(instance: Any, attribute: Any, value: Any) -> None:
    """Allow one key a terminal can send as one printable character, or Escape or Enter."""
    if not isinstance(value, str) or len(value) != 1 or not (" " <= value <= "~" or value in "\r\x1b"):
        raise _complain(instance, attribute, value, "one key")


def text(instance: Any, attribute: Any, value: Any) -> None:
    """Allow a line of printable ASCII, as long as the game takes it."""
    if not _is_line(value) or len(str(value)) > LONGEST_MESSAGE:
        raise _complain(instance, attribute, value, f"at most {LONGEST_MESSAGE} printable ASCII characters")


def words(instance: Any, attribute: Any, value: Any) -> None:
    """Allow what others shall read: like a line, but never empty, and without the tilde.

    A tilde starts a colour in the game's own texts, and players saw it vanish from radio lines.
    """
    text(instance, attribute, value)
    if not value or "~" in str(value):
        raise _complain(instance, attribute, value, "words, without a tilde")


def one_of(*allowed: str) -> Any:
    """Allow one of some words."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if value not in allowed:
            raise _complain(instance, attribute, value, "one of " + ", ".join(allowed))

    return check


def _is_line(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and (value.isprintable() or not value)
