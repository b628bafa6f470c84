"""Sessions written down, as files that a terminal player shows and a test plays back.

The format is asciicast v2: a header, then one JSON array a line: seconds, `"o"` for what the game
printed or `"i"` for what was typed, and the text. Bytes become text by code page 437, the one that
text games draw their boxes in. Each of its 256 characters is another, so a player shows the game as
it was meant, and the exact bytes come back on playing (of a game that prints UTF-8, too: there a
player shows the wrong letters, but nothing is lost).
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from anyio import current_time
from anyio.abc import ByteStream
from attrs import define, field, frozen, validators
from typing_extensions import override

from .._clock import now
from ..abc import PushStream, Reach, Transport
from ._redactor import PROMPT, Redactor
from ._wrapped import WrappedStream

ENCODING = "cp437"
logger = logging.getLogger(__name__)


def _is_transport(_instance: object, _attribute: object, value: Any) -> None:
    if not isinstance(value, Transport):
        raise TypeError(f"what is recorded is another transport, got {value!r}")


def _is_pattern(_instance: object, _attribute: object, value: str) -> None:
    try:
        re.compile(value)
    except re.error as exc:
        raise ValueError(f"{value!r} is not a regular expression: {exc}") from exc


@frozen
class Recorded:
    """Write every session of another transport to a file, passwords blotted out.

    Each session has a file of its own: `bot.cast`, then `bot-2.cast` and so on up to `keep`, after
    which the oldest is replaced. A session longer than `limit` bytes is recorded so far only. When
    the disk is full, or there is no place for the file, one warning is logged and the game goes on.
    `secret_prompt` is what the end of the output looks like when a password is asked for.
    """

    inner: Transport = field(validator=_is_transport)
    path: Path = field(converter=Path)
    keep: int = field(default=20, kw_only=True, validator=validators.ge(1))
    limit: int = field(default=64 * 1024 * 1024, kw_only=True, validator=validators.ge(1))
    secret_prompt: str = field(default=PROMPT, kw_only=True, validator=_is_pattern)

    @property
    def host(self) -> str:
        """The host's name, as the inner transport knows it."""
        return self.inner.host if isinstance(self.inner, Reach) else ""

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[ByteStream, None]:
        """Open one link and a new recording of it. Raises `ConnectFailed`."""
        async with self.inner.connect() as stream:
            tape = Tape(self.path, self.keep, self.limit, Redactor(re.compile(self.secret_prompt)), self.host)
            try:
                yield RecordedStream(stream, tape)
            finally:
                tape.close()


@define(eq=False)
class RecordedStream(WrappedStream):
    """A stream whose traffic goes to a tape as well."""

    tape: Tape

    @override
    async def receive(self, max_bytes: int = 65536) -> bytes:
        data = await self.inner.receive(max_bytes)
        self.tape.printed(data)
        return data

    @override
    async def send(self, item: bytes) -> None:
        self.tape.typed(item)  # before it goes: the answer may be heard while sending waits
        await self.inner.send(item)

    async def deliver(self, hear: Callable[[bytes], bool]) -> None:
        """Give *hear* all that comes until it returns False; see `wingmate.abc.PushStream`."""

        def note(data: bytes) -> bool:
            self.tape.printed(data)
            return hear(data)

        if isinstance(self.inner, PushStream):
            await self.inner.deliver(note)
        else:
            while note(await self.inner.receive()):
                pass


@define(eq=False)
class Tape:
    """One recording being written. Every event is with the system at once: a kill loses nothing."""

    _path: Path
    _keep: int
    _room: int
    _redactor: Redactor
    _title: str
    _began: float = field(init=False, factory=current_time)
    _printed_at: float = field(init=False, factory=current_time)
    _file: int | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        header = {
            "version": 2,
            "width": 80,
            "height": 25,
            "timestamp": int(now()),
            "title": self._title or self._path.stem,
            "env": {"TERM": "ansi"},
            "wingmate": {"encoding": ENCODING},
        }
        try:
            self._file = _new_file(self._path, self._keep)
        except OSError as exc:
            self._stop(exc)
        self._write(header)

    def printed(self, data: bytes) -> None:
        """Write down what the game printed."""
        if self._file is not None:
            self._printed_at = current_time()
            self._event("o", self._redactor.printed(data.decode(ENCODING)), self._printed_at)

    def typed(self, data: bytes) -> None:
        """Write down what was typed."""
        if self._file is not None:
            shown = self._redactor.typed(data.decode(ENCODING))
            self._event("o", self._redactor.held(), self._printed_at)
            self._event("i", shown, current_time())

    def close(self) -> None:
        """Write what was held back, and close the file."""
        self._event("o", self._redactor.held(), self._printed_at)
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _event(self, kind: str, text: str, at: float) -> None:
        if text:
            self._write([round(at - self._began, 6), kind, text])

    def _write(self, line: object) -> None:
        if self._file is None:
            return
        data = (json.dumps(line, ensure_ascii=False) + "\n").encode()
        self._room -= len(data)
        try:
            if self._room < 0:
                raise OSError("it is as long as it may be")  # noqa: TRY301 - the other ways it ends are OSErrors
            while data:
                data = data[os.write(self._file, data) :]
        except OSError as exc:
            self._stop(exc)

    def _stop(self, exc: OSError) -> None:
        logger.warning("the recording %s stops here: %s; the game goes on", self._path, exc)
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _new_file(path: Path, keep: int) -> int:
    """Open a file nobody else has, private to this user."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = [path, *(path.with_stem(f"{path.stem}-{number}") for number in range(2, keep + 1))]
    for name in names:
        try:
            return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
    oldest = min(names, key=lambda name: name.stat().st_mtime)
    oldest.unlink()
    return os.open(oldest, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
