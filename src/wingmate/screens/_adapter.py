"""An adapter for any game that prints lines and waits at prompts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from attrs import define, field, frozen

from ..errors import IllegalCommand
from ._items import Item
from ._reader import REMEMBERED, ScreenReader
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
class ScreenAdapter:
    """Plays a game of lines and prompts, given its rules: items out (`PromptSeen`, `Line`, `Interjected`).

    Without `lines`, only prompts and interjections come out, and each prompt brings the lines above
    it: the cheaper way for games that always end in a prompt. `ending` is what Enter sends, `goodbye`
    what to say on the way out, if it may be said where the game then stands.
    """

    rules: PromptRules
    interjections: Sequence[Interjection | Prompt] = ()
    lines: bool = field(default=True, kw_only=True)
    wrap: int = field(default=0, kw_only=True)
    remember: int = field(default=REMEMBERED, kw_only=True)
    encoding: str = field(default="cp437", kw_only=True)
    ending: str = field(default="\r", kw_only=True)
    goodbye: Command | None = field(default=None, kw_only=True)
    heard: int = field(init=False, default=0)  # bytes received
    _reader: ScreenReader = field(init=False)
    _answered: int = field(init=False, default=0)  # the number of the last prompt that was answered

    def __attrs_post_init__(self) -> None:
        self._reader = ScreenReader(
            self.rules,
            self.interjections,
            lines=self.lines,
            remember=self.remember,
            wrap=self.wrap,
            encoding=self.encoding,
        )

    @property
    def prompt(self) -> PromptMatch | None:
        """The prompt the game waits at, even while something is printed over it; None once answered."""
        if self._reader.asked == self._answered:
            return None
        return self._reader.prompt or self._reader.overprinted

    @property
    def lost(self) -> int:
        """How many characters of overlong lines were dropped."""
        return self._reader.lost

    def receive(self, data: bytes) -> list[Item]:
        """Take what the game printed and tell what it means."""
        self.heard += len(data)
        return self._reader.feed(data)

    def send(self, command: Command) -> bytes:
        """Put a command into keystrokes. Raises `IllegalCommand` if its prompt is not there."""
        text = command.text if isinstance(command, Type) else command.keys
        self._check_place((command.at,) if isinstance(command.at, str) else command.at)
        data = self._encode(text, controls=isinstance(command, Press))
        self._answered = self._reader.asked
        return data + self.ending.encode("ascii") if isinstance(command, Type) else data

    def close(self) -> bytes:
        """Give the goodbye, if the game stands where it may be said."""
        if self.goodbye is None:
            return b""
        try:
            return self.send(self.goodbye)
        except IllegalCommand:
            return b""

    def screen(self) -> str:
        """Give the last lines the game printed."""
        return self._reader.screen()

    def _check_place(self, places: tuple[str, ...]) -> None:
        here = self.prompt
        if places and (here is None or here.name not in places):
            where = f"at {here.name!r}" if here else "at no prompt"
            raise IllegalCommand(f"this is for {' or '.join(map(repr, places))}, but the game is {where}")

    def _encode(self, text: str, *, controls: bool) -> bytes:
        if len(text) > LONGEST_COMMAND:
            raise IllegalCommand(f"a command has at most {LONGEST_COMMAND} characters, not {len(text)}")
        if not (controls or text.isprintable()) and any(ord(key) < 32 or ord(key) == 127 for key in text):
            raise IllegalCommand(f"control characters cannot be typed on a line: {text!r}")
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError as exc:
            raise IllegalCommand(f"{text!r} cannot be typed in {self.encoding}") from exc
