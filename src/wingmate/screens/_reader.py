"""The reader: a game's bytes to lines, prompts and interjections, in the order they were printed."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from copy import copy

from attrs import define, field

from ._ansi import AnsiReader
from ._items import Interjected, Item, Line, PromptSeen
from ._rules import LONGEST_PROMPT, Interjection, Prompt, PromptMatch, PromptRules
from ._sieve import Sieve

REMEMBERED = 50  # lines kept for `screen()`
WIDEST = 512  # characters of each that are kept
LONGEST_LINE = 4096  # characters; what a line has beyond them is counted and dropped
MOST_ABOVE = 500  # lines told with a prompt, the last ones
_RUN = re.compile("[^\n\r\b]+|\n|\r|\b+")


@define(eq=False)
class ScreenReader:
    """Reads a game's output; the items are the same wherever the bytes were cut.

    A prompt counts at the very character that completes it, whatever follows: only that does not
    depend on how much has arrived. It counts once per line; what comes after it on the line is the
    echo of typing, or makes a longer prompt. `interjections` are lines that may come at any time,
    and prompts that may (a pager, "stop here?"): they come out as `Interjected`.
    `wrap` is the width at which the game breaks long lines, to be joined again; 0 for never.
    Without `lines`, each prompt brings the lines above it, and nothing is made of them.
    """

    rules: PromptRules
    # No converter on purpose: with one, attrs would check every assignment to every attribute.
    interjections: Sequence[Interjection | Prompt] = ()
    lines: bool = field(default=True, kw_only=True)
    remember: int = field(default=REMEMBERED, kw_only=True)
    wrap: int = field(default=0, kw_only=True)
    encoding: str = field(default="cp437", kw_only=True)
    lost: int = field(init=False, default=0)  # characters beyond the longest line
    told: int = field(init=False, default=0)  # prompts told
    asked: int = field(init=False, default=0)  # the same, reprints not counted
    _ansi: AnsiReader = field(init=False)
    sieve: Sieve = field(init=False)
    _recent: deque[str] = field(init=False)
    _line: str = field(init=False, default="")
    _cursor: int = field(init=False, default=0)
    _seen: list[PromptMatch] = field(init=False, factory=list[PromptMatch])  # on this line, shortest first
    _overprinted: PromptMatch | None = field(init=False, default=None)
    _said: str = field(init=False, default="")  # the last line with text on it that was no aside
    _broken: str = field(init=False, default="")  # what may go on in the next line
    _items: list[Item] = field(init=False, factory=list[Item])
    _above: list[str] = field(init=False, factory=list[str])

    def __attrs_post_init__(self) -> None:
        self._ansi = AnsiReader(self.encoding)
        self.sieve = Sieve.of(self.rules, self.interjections)
        self._recent = deque(maxlen=self.remember)

    def anew(self) -> ScreenReader:
        """Give a reader of the same kind that has read nothing; cheaper than making one from the rules."""
        other = copy(self)
        other._forget()  # noqa: SLF001 - it is one of us
        return other

    def _forget(self) -> None:
        self.lost = self.told = self.asked = self._cursor = 0
        self._ansi = AnsiReader(self.encoding)
        self._recent = deque(maxlen=self.remember)
        self._line = self._said = self._broken = ""
        self._overprinted = None
        self._seen, self._items, self._above = [], [], []

    @property
    def pending(self) -> str:
        """The unfinished line."""
        return self._line

    @property
    def prompt(self) -> PromptMatch | None:
        """The prompt the game stands at, if nothing has been typed behind it."""
        return self._seen[-1] if self._seen and len(self._seen[-1].text) == self._cursor else None

    @property
    def overprinted(self) -> PromptMatch | None:
        """The prompt that something is being printed over; the game still waits at it, and will say so."""
        return self._overprinted

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
        if self._seen:
            first, _, text = text.partition("\n")
            self._write(first)
            self._end_line()
        text = self._line + text
        self._line, self._cursor = "", 0
        lines = text.split("\n")
        last = lines.pop()
        sieve = self.sieve
        if self.wrap or len(text) > LONGEST_LINE or sieve.loose_in(text):
            for line in lines:
                self._write(line)
                self._end_line()
        elif not self._seen and sieve.all_plain(lines):
            self._pass_over(lines)
        else:
            for line in lines:
                if not self._seen and sieve.plain(line):
                    self._pass_over((line,))
                else:
                    self._write(line)
                    self._end_line()
        self._write(last)

    def _pass_over(self, lines: Sequence[str]) -> None:
        """Take whole lines that are neither prompts nor interjections: most are, so it must cost little."""
        aside = self._overprinted is not None
        if self.lines:
            self._items += [Line(line, None, aside) for line in lines]
        else:
            self._keep(lines)
        self._recent += [line[:WIDEST] for line in lines]
        if not aside:
            for line in reversed(lines):
                if line and not line.isspace():
                    self._said = line
                    break

    def _keep(self, lines: Iterable[str]) -> None:
        self._above += lines
        if len(self._above) > 2 * MOST_ABOVE:
            del self._above[:-MOST_ABOVE]

    def _write(self, run: str) -> None:
        start = self._cursor
        room = LONGEST_LINE - start
        if len(run) > room:
            self.lost += len(run) - room
            run = run[:room]
        end = self._cursor = start + len(run)
        self._line = self._line[:start] + run + self._line[end:] if self._line else run
        if run and start < LONGEST_PROMPT:
            line = self._line if end == len(self._line) else self._line[:end]
            for match in self.sieve.prompts.beginnings(line, before=self._said, seen=self._seen):
                self._tell(match)

    def _tell(self, match: PromptMatch) -> None:
        self._flush_broken()
        self._seen.append(match)
        self.told += 1
        if id(match.prompt) in self.sieve.asking:
            self.asked += 1
            self._items.append(Interjected(match.prompt, match.text, match.found, asks=True))
            return
        above: tuple[str, ...] = ()
        if self._above:
            above, self._above = tuple(self._above[-MOST_ABOVE:]), []
        again = self._overprinted is not None and match.name == self._overprinted.name
        self.asked += not again
        self._overprinted = None
        self._items.append(PromptSeen(match, again, above=above))

    def _restart_line(self) -> None:
        if self._seen and not self._seen[-1].prompt.repeats:
            self._overprinted = self._seen[-1]
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
        line, prompt = self._line, self._seen[-1] if self._seen else None
        self._begin_line()
        if prompt is not None:
            self._finish(line, prompt)
            return
        if self._broken:
            if line:
                line, self._broken = self._broken + line, ""
            else:
                self._flush_broken()
        if self.wrap and line and len(line) % self.wrap == 0 and len(line) < LONGEST_LINE:
            self._broken = line
        else:
            self._finish(line)

    def _flush_broken(self) -> None:
        if self._broken:
            line, self._broken = self._broken, ""
            self._finish(line)

    def _finish(self, line: str, prompt: PromptMatch | None = None) -> None:
        self._recent.append(line[:WIDEST])
        # A line that begins with the words of a prompt is no interjection.
        if not (prompt and prompt.text) and (interjected := self.sieve.interjection(line)) is not None:
            self._items.append(interjected)
            return
        aside = self._overprinted is not None
        if self.lines:
            self._items.append(Line(line, line[len(prompt.text) :] if prompt else None, aside))
        else:
            self._keep((line,))
        if not aside and line and not line.isspace():
            self._said = line
            if (opening := self.sieve.prompts.opening(line)) is not None:
                self._tell(opening)
