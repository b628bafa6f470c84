"""The reader: a game's bytes to lines, prompts and interjections, in the order they were printed."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable

from attrs import define, field

from ._ansi import AnsiReader
from ._items import Interjected, Item, Line, PromptSeen
from ._rules import LONGEST_PROMPT, Interjection, Prompt, PromptMatch, PromptRules
from ._sieve import Sieve

REMEMBERED = 50  # lines kept for `screen()`
LONGEST_LINE = 4096  # characters; what a line has beyond them is counted and dropped
_RUN = re.compile(r"[^\n\r\b]+|\n|\r|\b+".replace(r"\b", "\b"))


def _rules(rules: Iterable[Interjection | Prompt]) -> tuple[Interjection | Prompt, ...]:
    return tuple(rules)


def _never(_line: str) -> bool:
    return False


@define(eq=False)
class ScreenReader:
    """Reads a game's output; the items are the same wherever the bytes were cut.

    A prompt counts at the very character that completes it, whatever follows: only that does not
    depend on how much has arrived. It counts once per line; what comes after it on the line is the
    echo of typing, or makes a longer prompt. `interjections` are lines that may come at any time,
    and prompts that may (a pager, "stop here?"): they come out as `Interjected`.
    `wrap` is the width at which the game breaks long lines, to be joined again; 0 for never.
    """

    rules: PromptRules
    interjections: tuple[Interjection | Prompt, ...] = field(default=(), converter=_rules)
    remember: int = field(default=REMEMBERED, kw_only=True)
    wrap: int = field(default=0, kw_only=True)
    lost: int = field(init=False, default=0)  # characters beyond the longest line
    _ansi: AnsiReader = field(init=False, factory=AnsiReader)
    _sieve: Sieve = field(init=False)
    _recent: deque[str] = field(init=False)
    _line: str = field(init=False, default="")
    _cursor: int = field(init=False, default=0)
    _seen: list[PromptMatch] = field(init=False, factory=list[PromptMatch])  # on this line, shortest first
    _overprinted: str | None = field(init=False, default=None)  # the prompt's name
    _said: str = field(init=False, default="")  # the last line with text on it that was no aside
    _broken: str = field(init=False, default="")  # what may go on in the next line
    _items: list[Item] = field(init=False, factory=list[Item])

    def __attrs_post_init__(self) -> None:
        self._sieve = Sieve.of(self.rules, self.interjections)
        self._recent = deque(maxlen=self.remember)

    @property
    def pending(self) -> str:
        """The unfinished line."""
        return self._line

    @property
    def prompt(self) -> PromptMatch | None:
        """The prompt the game stands at, if nothing has been typed behind it."""
        return self._seen[-1] if self._seen and len(self._seen[-1].text) == self._cursor else None

    def screen(self) -> str:
        """Give the last lines and the unfinished one."""
        return "\n".join((*self._recent, self._broken + self._line))

    def feed(self, data: bytes) -> list[Item]:
        """Take some bytes; tell what they completed."""
        text = self._ansi.feed(data)
        if "\b" in text or "\r" in text or self._cursor != len(self._line):
            self._take_edits(text)
        elif "\n" in text:
            self._take_lines(text)
        else:
            self._write(text)
        items, self._items = self._items, []
        return items

    def _take_edits(self, text: str) -> None:
        for run in _RUN.findall(text):
            if run == "\n":
                self._end_line()
            elif run == "\r":
                self._restart_line()
            elif run[0] == "\b":
                self._step_back(len(run))
            else:
                self._write(run)

    def _take_lines(self, text: str) -> None:
        first, *lines = text.split("\n")
        last = lines.pop()
        self._write(first)
        self._end_line()
        careful = self.wrap or len(text) > LONGEST_LINE or self._sieve.loose_in(text)
        plain: Callable[[str], bool] = _never if careful else self._sieve.plain
        for line in lines:
            # Most lines are neither prompt nor interjection, and two look-ups tell.
            if not self._seen and plain(line):
                self._items.append(Line(line, None, self._overprinted is not None))
                self._recent.append(line)
                if line and self._overprinted is None and not line.isspace():
                    self._said = line
            else:
                self._write(line)
                self._end_line()
        self._write(last)

    def _write(self, run: str) -> None:
        start = self._cursor
        room = LONGEST_LINE - start
        if len(run) > room:
            self.lost += len(run) - room
            run = run[:room]
        end = self._cursor = start + len(run)
        self._line = self._line[:start] + run + self._line[end:] if self._line else run
        if run and start < LONGEST_PROMPT:
            self._look_for_prompts(self._line[:end])

    def _look_for_prompts(self, line: str) -> None:
        for match in self._sieve.prompts.beginnings(line, before=self._said):
            if not any(
                len(seen.text) == len(match.text) or seen.prompt is match.prompt for seen in self._seen
            ):
                self._tell(match)

    def _tell(self, match: PromptMatch) -> None:
        self._flush_broken()
        self._seen.append(match)
        if match.prompt in self._sieve.asking:
            self._items.append(Interjected(match.prompt, match.text, match.found, asks=True))
        else:
            self._items.append(PromptSeen(match, again=match.name == self._overprinted))
            self._overprinted = None

    def _restart_line(self) -> None:
        if self._seen and not self._seen[-1].prompt.repeats:
            self._overprinted = self._seen[-1].name
        self._begin_line()

    def _begin_line(self) -> None:
        self._line, self._cursor = "", 0
        if self._seen:
            self._seen = []

    def _step_back(self, count: int) -> None:
        self._cursor = max(0, self._cursor - count)
        while self._seen and len(self._seen[-1].text) > self._cursor:
            self._seen.pop()

    def _end_line(self) -> None:
        line = self._line
        typed = line[len(self._seen[-1].text) :] if self._seen else None
        self._begin_line()
        if typed is None and self._broken:
            if line:
                line = self._broken + line
                self._broken = ""
            else:
                self._flush_broken()
        if typed is None and self.wrap and line and len(line) % self.wrap == 0 and len(line) < LONGEST_LINE:
            self._broken = line
        else:
            self._finish(line, typed)

    def _flush_broken(self) -> None:
        if self._broken:
            line, self._broken = self._broken, ""
            self._finish(line, None)

    def _finish(self, line: str, typed: str | None) -> None:
        self._recent.append(line)
        if (interjected := self._sieve.interjection(line)) is not None:
            self._items.append(interjected)
            return
        aside = self._overprinted is not None
        self._items.append(Line(line, typed, aside))
        if not aside and line and not line.isspace():
            self._said = line
            if (opening := self._sieve.prompts.opening(line)) is not None:
                self._tell(opening)
