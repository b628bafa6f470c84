"""An adapter that looks for the prompt alone, and reads a screen only when somebody wants it."""

from __future__ import annotations

import re
from functools import lru_cache

from attrs import define, field, frozen
from typing_extensions import override

from ._ansi import AFTER_ESCAPES, COLOUR, DROPPED, UNFINISHED
from ._items import Item, Line
from ._keyboard import Keyboard
from ._reader import ScreenReader
from ._rules import Interjection, Prompt, PromptMatch, PromptRules
from ._template import Value

LONGEST_TAIL = 2048  # bytes of an unfinished line that are looked at without reading the screen
LARGEST = 16 * 1024  # bytes of a screen that are kept unread; a text game's has about 2,000
MOST_ITEMS = 500  # kept of one screen, the last ones
# A carriage return that goes back over a line, instead of ending it: something is printed over.
_OVER = re.compile(rb"(?<![\r\n])\r(?!(?:\x1b\[[0-9;]{0,64}m|\r){0,4}+\n)")
_UNSURE = PromptMatch(Prompt("unsure", "?"), "?")  # only the reader can tell


@define(eq=False)
class _Page:
    """What was printed since the last prompt told."""

    blank: ScreenReader  # one that has read nothing
    far: bool  # whether a reader must know all of the page before, or only its last line
    behind: tuple[bytes, bytes] = (b"", b"")  # that page: the line on which it went on, and the rest
    line: bytes = b""  # its last line, on which this page goes on
    reader: ScreenReader | None = None  # stands where this page begins, or as far as it was read
    told: int = 0  # what the reader counted when the page began
    asked: int = 0
    raw: bytes = b""
    taken: int = 0  # bytes of it that were read
    cut: bool = False  # whether `raw` has lost its beginning
    found: tuple[Item, ...] = ()

    @property
    def counted(self) -> int:
        """The prompts on what was read of it, reprints not counted."""
        return 0 if self.reader is None else self.reader.asked - self.asked

    def read(self) -> ScreenReader:
        """Read what is unread."""
        reader = self.reader
        if reader is None:
            reader = self.reader = self.blank.anew()
            reader.feed(b"".join(self.behind) if self.far else self.line)
            self.told, self.asked = reader.told, reader.asked
        if self.taken < len(self.raw):
            self.found = (*self.found, *reader.feed(self.raw[self.taken :]))[-MOST_ITEMS:]
            self.taken = len(self.raw)
        return reader

    def items(self) -> tuple[Item, ...]:
        if self.taken < len(self.raw):  # a reader that is through was handed on
            self.read()
        return self.found

    def shorten(self) -> None:
        """Read all, and keep the end only."""
        self.read()
        self.behind = (b"", self.raw[-LARGEST:])
        self.raw, self.taken, self.cut = b"", 0, True

    def plain(self, *, whole: bool) -> bool:
        """Say whether certainly nothing was printed over the prompt before, or on the whole page."""
        if self.cut or (self.reader is not None and self.reader.overprinted is not None):
            return False
        raw = self.raw
        if whole:
            return b"\b" not in raw and not _OVER.search(raw)
        end = raw.find(b"\n")
        carriage = raw.find(b"\r", 0, end) if end >= 0 else raw.find(b"\r")
        return carriage < 0 or carriage == end - 1 or not _OVER.search(raw, carriage, end + 1)


@frozen(eq=False)
class Prompted:
    """The game stands at a prompt; `again` if it stood there before, and something was printed over it.

    What was printed since the last one told is read when `items` or `lines` are asked for.
    """

    match: PromptMatch
    again: bool
    _page: _Page = field(repr=False)

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

    @property
    def items(self) -> tuple[Item, ...]:
        """All that was printed since the last prompt told, as a `ScreenAdapter` tells it; the last 500."""
        return self._page.items()

    @property
    def lines(self) -> tuple[str, ...]:
        """The text of the lines among them."""
        return tuple(item.text for item in self._page.items() if isinstance(item, Line))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Prompted):
            return NotImplemented
        same = self.match == other.match and self.again == other.again
        return same and self.items == other.items

    def __hash__(self) -> int:
        return hash((self.match, self.again))


@define(eq=False)
class _Glance:
    """Finds the prompt that an unfinished line is, where that can be told without reading the screen."""

    prompts: PromptRules
    asking: frozenset[int]
    backward: PromptRules | None  # the prompts told by the line above them, without that
    encoding: str

    @classmethod
    def of(cls, reader: ScreenReader) -> _Glance:
        rules = reader.sieve.prompts
        sources = {rule.template.source for rule in rules.prompts if rule.after and rule.template.parts}
        backward = PromptRules(Prompt("unsure", source) for source in sorted(sources))
        return cls(rules, reader.sieve.asking, backward if sources else None, reader.encoding)

    def look(self, tail: bytes) -> PromptMatch | None:
        if len(tail) > LONGEST_TAIL:
            return _UNSURE
        if b"\x1b" in tail:
            plain = COLOUR.sub(b"", tail)
            if b"\x1b" in plain:
                last = tail.rfind(b"\x1b")
                plain = COLOUR.sub(b"", tail[:last])
                if b"\x1b" in plain or not UNFINISHED.fullmatch(tail, last):
                    return _UNSURE
            tail = plain
        text = tail.decode("ascii") if tail.isascii() else ""
        if not text or not text.isprintable():
            return self._look_closer(tail)
        return self._match(text) if self.backward or self.asking else self.prompts.match(text)

    def _match(self, text: str) -> PromptMatch | None:
        if self.backward is not None and self.backward.match(text) is not None:
            return _UNSURE
        found = self.prompts.match(text)
        return _UNSURE if found is not None and id(found.prompt) in self.asking else found

    def _look_closer(self, tail: bytes) -> PromptMatch | None:
        # A carriage return in front is the rest of a line end that is sent as LF CR; what one at the
        # end means, only the next byte will tell.
        tail = tail.lstrip(b"\r").translate(None, DROPPED)
        line = tail.rstrip(b"\r")
        if any(byte in line for byte in AFTER_ESCAPES):
            return _UNSURE
        if not line:
            return _UNSURE if self.prompts.wordless else None
        try:
            match = self._match(line.decode(self.encoding))
        except UnicodeDecodeError:
            return _UNSURE
        return _UNSURE if match is not None and line != tail else match


@lru_cache(maxsize=16)
def _arrange(
    rules: PromptRules, interjections: tuple[Interjection | Prompt, ...], encoding: str
) -> tuple[ScreenReader, _Glance]:
    """Arrange the rules, once for all bots that play by the same: neither of the two ever changes."""
    blank = ScreenReader(rules, interjections, encoding=encoding)
    return blank, _Glance.of(blank)


@define(eq=False)
class LazyScreenAdapter(Keyboard):
    """Plays a game whose prompt matters more than its screens: `Prompted` out, and nothing else.

    Each time something arrives, only the unfinished line is looked at; it is told when it is a new
    prompt, exactly where a `ScreenAdapter` would stand at one. What a `ScreenAdapter` would have told
    besides (prompts and interjections in the middle of what arrived at once, lines) is in
    `Prompted.items`, read when asked for. Where a glance cannot tell, the screen is read at once:
    something printed over the prompt, a prompt found by the line above it, one that interjects, a
    cursor that moves about. Lines a game breaks are not joined again (no `wrap`).
    """

    _blank: ScreenReader = field(init=False)
    _glance: _Glance = field(init=False)
    _backward: bool = field(init=False)  # whether any rule looks at the lines above
    _page: _Page = field(init=False)
    _tail: bytes = field(init=False, default=b"")  # the unfinished line
    _told: int = field(init=False, default=0)  # characters of it that are a prompt told already
    _waiting: PromptMatch | None = field(init=False, default=None)  # if nothing came after it
    _asked: int = field(init=False, default=0)  # prompts of the pages before, as far as they were counted
    _answered: int = field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        self._blank, self._glance = _arrange(self.rules, tuple(self.interjections), self.encoding)
        self._backward = any(prompt.after for prompt in self._glance.prompts.prompts)
        self._page = _Page(self._blank, self._backward)

    @property
    @override
    def prompt(self) -> PromptMatch | None:
        """The prompt the game waits at, even while something is printed over it; None once answered."""
        page = self._page
        if not page.raw and not page.cut:
            return self._waiting
        reader = page.read()
        if self._asked + page.counted == self._answered:
            return None
        return reader.prompt or reader.overprinted

    def receive(self, data: bytes) -> list[Prompted]:
        """Take what the game printed, and tell if it stands at a new prompt."""
        if not data:
            return []
        self.heard += len(data)
        page = self._page
        page.raw = page.raw + data if page.raw else data
        if end := data.rfind(b"\n") + 1:
            tail = data[end:]
            self._told = 0
        else:
            tail = self._tail + data
        self._tail = tail = tail[: LONGEST_TAIL + 1]  # beyond that it is read in any case
        match = self._glance.look(tail)
        told: list[Prompted] = []
        if match is not None:
            if match is _UNSURE or not self._certain(page):
                told = self._read_on(page)
            elif len(match.text) > self._told:
                # There may be more on the page that nobody counted, but that this one is new will do.
                self._asked += 1 + page.counted
                return [self._turn(page, match, again=False)]
        if len(page.raw) > LARGEST and not told:
            page.shorten()
        return told

    def screen(self) -> str:
        """Give the last lines the game printed."""
        page = self._page
        if page.cut:
            return page.read().screen()
        reader = self._blank.anew()
        reader.feed(b"".join((*page.behind, page.raw)))
        return reader.screen()

    @override
    def _answer(self) -> None:
        page = self._page
        self._answered = self._asked
        if page.raw or page.cut:
            page.read()
            self._answered += page.counted
        self._waiting = None

    def _certain(self, page: _Page) -> bool:
        if self._backward and (not page.line or b"\n" not in page.raw or len(page.raw) > LARGEST):
            return False  # the line above may be on a page before
        return page.plain(whole=self._backward)

    def _read_on(self, page: _Page) -> list[Prompted]:
        reader = page.read()
        match = reader.prompt
        if match is None or reader.told == page.told:
            return []
        self._asked += page.counted
        told = self._turn(page, match, again=not page.counted)
        after = self._page
        after.reader, after.told, after.asked = reader, reader.told, reader.asked
        return [told]

    def _turn(self, page: _Page, match: PromptMatch, *, again: bool) -> Prompted:
        """Begin the next page."""
        behind = (page.line, page.raw if len(page.raw) <= LARGEST else page.raw[-LARGEST:])
        self._page = _Page(self._blank, self._backward, behind, self._tail)
        self._told = len(match.text)
        self._waiting = match if self._asked != self._answered else None
        return Prompted(match, again, page)
