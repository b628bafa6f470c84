"""An adapter for any game that prints lines and waits at prompts."""

from __future__ import annotations

from attrs import define, field
from typing_extensions import override

from ._items import Item
from ._keyboard import Keyboard
from ._reader import REMEMBERED, ScreenReader
from ._rules import PromptMatch


@define(eq=False)
class ScreenAdapter(Keyboard):
    """Plays a game of lines and prompts, given its rules: items out (`PromptSeen`, `Line`, `Interjected`).

    Without `lines`, only prompts and interjections come out, and each prompt brings the lines above
    it: the cheaper way for games that always end in a prompt. `ending` is what Enter sends, `goodbye`
    what to say on the way out, if it may be said where the game then stands.
    """

    lines: bool = field(default=True, kw_only=True)
    wrap: int = field(default=0, kw_only=True)
    remember: int = field(default=REMEMBERED, kw_only=True)
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
    @override
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

    def screen(self) -> str:
        """Give the last lines the game printed."""
        return self._reader.screen()

    @override
    def _answer(self) -> None:
        self._answered = self._reader.asked
