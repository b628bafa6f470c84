"""One expression over the end of the raw bytes: for load tests, where nobody reads the screens."""

from __future__ import annotations

import re

from attrs import define, field, frozen

from ..errors import IllegalCommand
from ._keyboard import LONGEST_COMMAND, Press, Type

LONGEST_TAIL = 4096  # bytes of which the end may be kept for the next delivery


@frozen
class Glimpsed:
    """The expression was found in what came last; its groups as bytes, None for those not in it."""

    groups: tuple[bytes | None, ...]


@define(eq=False)
class GlanceAdapter:
    """Tell that a regular expression over raw bytes was found; colours and all are yours to match.

    The cheapest way to play: no text is decoded, no rule is asked, and a send is not checked against
    a prompt. At most one find is told for each delivery, then everything up to it is forgotten; a
    prompt cut in two is found as long as it is no longer than `tail` bytes. To play for more than
    load, take `LazyScreenAdapter` or `ScreenAdapter`.
    """

    pattern: re.Pattern[bytes]
    tail: int = field(default=300, kw_only=True)
    ending: bytes = field(default=b"\r", kw_only=True)
    goodbye: bytes = field(default=b"", kw_only=True)
    _seen: bytes = field(init=False, default=b"")

    def __attrs_post_init__(self) -> None:
        if not 0 < self.tail <= LONGEST_TAIL:
            raise ValueError(f"tail must be between 1 and {LONGEST_TAIL} bytes, not {self.tail}")

    def receive(self, data: bytes) -> tuple[Glimpsed, ...]:
        """Look at the end of what came."""
        keep = self.tail
        self._seen = seen = data[-keep:] if len(data) >= keep else (self._seen + data)[-keep:]
        found = self.pattern.search(seen)
        if found is None:
            return ()
        self._seen = b""
        return (Glimpsed(found.groups()),)

    def send(self, command: Type | Press) -> bytes:
        """Put a command of ASCII characters, and without a prompt to check, into keystrokes."""
        if command.at:
            raise IllegalCommand("a glance knows no prompts; leave out at=…, or take a ScreenAdapter")
        text, ending = (command.text, self.ending) if isinstance(command, Type) else (command.keys, b"")
        if len(text) > LONGEST_COMMAND or not text.isascii():
            raise IllegalCommand(f"not {LONGEST_COMMAND} ASCII characters or fewer: {text[:60]!r}")
        return text.encode("ascii") + ending

    def close(self) -> bytes:
        """Give the goodbye."""
        return self.goodbye
