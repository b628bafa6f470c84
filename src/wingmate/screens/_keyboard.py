"""Commands to keystrokes, typed only where the game waits for them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TypeAlias

from attrs import define, field, frozen

from ..errors import IllegalCommand
from ._rules import Interjection, Prompt, PromptMatch, PromptRules

LONGEST_COMMAND = 1024  # characters


@frozen
class Type:
    """Type a line and Enter; `at` names the prompts of which one must be there."""

    text: str
    at: str | tuple[str, ...] = field(default=(), kw_only=True)


@frozen
class Press:
    """Press keys without Enter; `at` names the prompts of which one must be there."""

    keys: str
    at: str | tuple[str, ...] = field(default=(), kw_only=True)


Command: TypeAlias = Type | Press


@define(eq=False)
class Keyboard(ABC):
    """What adapters of prompted games have in common: their options, and everything about sending."""

    rules: PromptRules
    # No converters or validators on purpose: with one, attrs would check every assignment.
    interjections: Sequence[Interjection | Prompt] = ()
    encoding: str = field(default="cp437", kw_only=True)
    ending: str = field(default="\r", kw_only=True)
    goodbye: Command | None = field(default=None, kw_only=True)
    heard: int = field(init=False, default=0)  # bytes received

    @property
    @abstractmethod
    def prompt(self) -> PromptMatch | None:
        """The prompt the game waits at, even while something is printed over it; None once answered."""

    def send(self, command: Command) -> bytes:
        """Put a command into keystrokes. Raises `IllegalCommand` if its prompt is not there."""
        if command.at:
            self._check_place(command.at)
        if isinstance(command, Type):
            data = self._encode(command.text, self.ending)
        else:
            data = self._encode(command.keys, "", controls=True)
        self._answer()
        return data

    def close(self) -> bytes:
        """Give the goodbye, if the game stands where it may be said."""
        if self.goodbye is None:
            return b""
        try:
            return self.send(self.goodbye)
        except IllegalCommand:
            return b""

    @abstractmethod
    def _answer(self) -> None:
        """Note that the prompt is answered, and every one before it."""

    def _check_place(self, places: str | tuple[str, ...]) -> None:
        here = self.prompt
        name = None if here is None else here.prompt.name
        if name == places:
            return
        if isinstance(places, str):
            places = (places,)
        if name not in places:
            where = f"at {name!r}" if name else "at no prompt"
            raise IllegalCommand(f"this is for {' or '.join(map(repr, places))}, but the game is {where}")

    def _encode(self, text: str, ending: str, *, controls: bool = False) -> bytes:
        if len(text) > LONGEST_COMMAND:
            raise IllegalCommand(f"a command has at most {LONGEST_COMMAND} characters, not {len(text)}")
        if not (controls or text.isprintable()) and any(ord(key) < 32 or ord(key) == 127 for key in text):
            raise IllegalCommand(f"control characters cannot be typed on a line: {text!r}")
        keys = text + ending
        if keys.isascii():  # the lower half of every encoding we take
            return keys.encode("ascii")
        try:
            return keys.encode(self.encoding)
        except UnicodeEncodeError as exc:
            raise IllegalCommand(f"{text!r} cannot be typed in {self.encoding}") from exc
