"""What a reader tells about a game's output."""

from __future__ import annotations

from typing import TypeAlias

from attrs import field, frozen

from ._rules import Interjection, Prompt, PromptMatch
from ._template import Value


@frozen
class Line:
    """A finished line.

    `typed` is what came after the last prompt on it (the echo of what the player typed), None if
    there was no prompt. `aside` tells that the line was printed over a prompt: nobody asked for it.
    """

    text: str
    typed: str | None = None
    aside: bool = False


@frozen
class PromptSeen:
    """A prompt; `again` if it is only a reprint, because something was printed over the first.

    `above` are the lines since the prompt before, if the reader gives no `Line` items.
    """

    match: PromptMatch
    again: bool = False
    above: tuple[str, ...] = field(default=(), kw_only=True, repr=False)

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.match.name

    @property
    def text(self) -> str:
        """The prompt as printed."""
        return self.match.text

    @property
    def fields(self) -> dict[str, Value]:
        """The fields as values."""
        return self.match.fields


@frozen
class Interjected:
    """Something the game printed of its own accord; if it `asks`, it waits for an answer first."""

    rule: Interjection | Prompt
    text: str
    found: tuple[str, ...] = ()
    asks: bool = False

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.rule.name

    @property
    def fields(self) -> dict[str, Value]:
        """The fields as values."""
        return self.rule.template.values(self.found)


Item: TypeAlias = Line | PromptSeen | Interjected
