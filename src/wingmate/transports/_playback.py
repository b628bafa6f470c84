"""A recorded session as a transport, so that a live failure becomes a test."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from math import isfinite
from pathlib import Path
from typing import Any

from anyio import (
    BrokenResourceError,
    ClosedResourceError,
    EndOfStream,
    Event,
    ResourceGuard,
    current_time,
    sleep_until,
)
from anyio.abc import ByteStream
from anyio.lowlevel import checkpoint
from attrs import define, field, frozen
from typing_extensions import override

from .._secrets import HIDDEN
from ..errors import ConnectFailed, IllegalCommand
from ._recorded import ENCODING

BLOTTED = HIDDEN.encode(ENCODING)
LINE_END = re.compile(rb"[\r\n]")


@frozen
class Playback:
    """Play a recording as if it were the game.

    The game's next words come when what was typed before them has been typed again; anything else
    raises `IllegalCommand` naming the difference. Where a password was blotted out, any line will do.
    When `timed`, the game takes the time it took; otherwise it answers at once.
    """

    path: Path = field(converter=Path)
    timed: bool = field(default=False, kw_only=True)

    @property
    def host(self) -> str:
        """Nothing: the game is a file."""
        return ""

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[ByteStream, None]:
        """Start from the beginning. Raises `ConnectFailed` if the file is no recording."""
        stream = PlaybackStream(_Script.of(read_recording(self.path)), timed=self.timed)
        async with stream:
            yield stream


@frozen
class Recording:
    """One event of a recording: when, whether it was printed or typed, and the bytes."""

    at: float
    kind: str
    data: bytes


def read_recording(path: Path) -> list[Recording]:
    """Read an asciicast v2 file; a last line cut short by a crash is left out. Raises `ConnectFailed`."""
    try:
        lines = path.read_text("utf-8", errors="replace").split("\n")
    except OSError as exc:
        raise ConnectFailed(f"the recording {path} cannot be read: {exc.strerror}") from exc
    last = lines.pop()  # empty, or what a killed process left of a line
    try:
        header: Any = json.loads(lines[0] if lines else last)
        if header["version"] != 2:
            raise ValueError("its first line is no asciicast v2 header")  # noqa: TRY301 - one message for all
        return [event for line in lines[1:] if line and (event := _read_event(line))]
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError) as exc:
        raise ConnectFailed(f"the recording {path} makes no sense: {exc}") from exc


def _read_event(line: str) -> Recording | None:
    at, kind, text = json.loads(line)
    if kind not in {"o", "i"}:
        return None  # markers and resizes
    if not isfinite(at):
        raise ValueError(f"there is no time {at}")
    return Recording(at, kind, text.encode(ENCODING))


@frozen
class _Words:
    """Something the game printed: after how much typing, how long after what came before."""

    place: int
    gap: float
    data: bytes


@define(eq=False)
class _Script:
    """What the bot typed, as one string, and what the game printed at which places of it."""

    typed: bytes = field(init=False, default=b"")
    times: list[tuple[int, float]] = field(init=False, factory=list[tuple[int, float]])
    words: deque[_Words] = field(init=False, factory=deque[_Words])

    @classmethod
    def of(cls, events: list[Recording]) -> _Script:
        """Sort the events of a recording."""
        script, last = cls(), 0.0
        for event in events:
            if event.kind == "i":
                script.typed += event.data
                script.times.append((len(script.typed), event.at))
            elif event.data:
                script.words.append(_Words(len(script.typed), max(event.at - last, 0.0), event.data))
            last = event.at
        return script

    def time(self, place: int) -> float:
        """Tell when the bot typed what is at *place*."""
        return next((at for end, at in self.times if end > place), 0.0)


@define(eq=False)
class PlaybackStream(ByteStream):
    """The recorded game: prints what it printed, once it was told what it was told."""

    _script: _Script
    timed: bool = field(kw_only=True)
    _place: int = field(init=False, default=0)
    _blotted: bool = field(init=False, default=False)  # in a line that was not written down
    _told: Event = field(init=False, factory=Event)
    _last: float = field(init=False, factory=current_time)
    _rest: bytes = field(init=False, default=b"")
    _closed: bool = field(init=False, default=False)
    _reading: ResourceGuard = field(init=False, factory=lambda: ResourceGuard("reading from"))

    @override
    async def receive(self, max_bytes: int = 65536) -> bytes:
        if max_bytes < 1:
            raise ValueError("max_bytes must be a positive integer")
        with self._reading:
            await checkpoint()
            if not self._rest:
                self._rest = await self._next_words()
            data, self._rest = self._rest[:max_bytes], self._rest[max_bytes:]
            return data

    async def _next_words(self) -> bytes:
        words = self._script.words
        while not self._closed and words and words[0].place > self._place:
            self._told = Event()
            await self._told.wait()
        if words and self.timed and not self._closed:
            await sleep_until(self._last + words[0].gap)
        if self._closed:
            raise ClosedResourceError
        if not words:
            raise EndOfStream
        self._last = current_time()
        return words.popleft().data

    @override
    async def send(self, item: bytes) -> None:
        await checkpoint()
        if self._closed:
            raise ClosedResourceError
        given = item
        while given:
            given = self._skip_blotted(given) if self._blotted else self._match(given)
        self._last = current_time()
        self._told.set()

    def _match(self, given: bytes) -> bytes:
        """Compare what is given with what the recording has next; give the rest."""
        wanted = self._script.typed[self._place :]
        if not wanted:
            raise BrokenResourceError("the recording ends here")
        if wanted.startswith(BLOTTED):
            self._place += len(BLOTTED)
            self._blotted = True
            return given
        wanted = wanted.partition(BLOTTED)[0]
        length = min(len(wanted), len(given))
        if given[:length] != wanted[:length]:
            when = self._script.time(self._place)
            raise IllegalCommand(
                f"the bot typed {given[:80]!r} where the recording has {wanted[:80]!r}, {when:g} s in"
            )
        self._place += length
        return given[length:]

    def _skip_blotted(self, given: bytes) -> bytes:
        """Take any text up to the end of its line, and go to the end of the recorded one."""
        found = LINE_END.search(given)
        if found is None:
            return b""
        end = LINE_END.search(self._script.typed, self._place)
        self._place = end.start() if end else len(self._script.typed)
        self._blotted = False
        return given[found.start() :]

    @override
    async def send_eof(self) -> None:
        await checkpoint()

    @override
    async def aclose(self) -> None:
        self._closed = True
        self._told.set()
        await checkpoint()
