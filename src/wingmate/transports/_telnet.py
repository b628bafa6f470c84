"""Telnet, wrapped around any other transport."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any

from anyio import (
    BrokenResourceError,
    BusyResourceError,
    ClosedResourceError,
    Event,
    current_time,
    move_on_after,
)
from anyio.abc import ByteStream
from anyio.lowlevel import checkpoint_if_cancelled
from attrs import define, field, frozen, validators
from typing_extensions import override

from ..abc import PushStream, Reach, Transport
from ..errors import ConnectFailed
from ._options import TelnetCodec
from ._wrapped import WrappedStream

WORD = 0xFFFF  # telnet writes a window's size in two bytes each


def _is_transport(_instance: object, _attribute: object, value: Any) -> None:
    if not isinstance(value, Transport):
        raise TypeError(f"telnet is spoken over another transport, got {value!r}")


def _is_ascii(_instance: object, _attribute: object, value: str) -> None:
    if not (value.isascii() and value.isprintable()) or len(value) > 40:
        raise ValueError(f"a terminal's name has at most 40 ASCII characters, got {value!r}")


def _as_size(value: Iterable[int]) -> tuple[int, int]:
    columns, rows = value  # a configuration file has a list here
    return columns, rows


def _is_size(_instance: object, _attribute: object, value: tuple[int, int]) -> None:
    if not all(0 <= side <= WORD for side in value):
        raise ValueError(f"a window's size is (columns, rows), got {value!r}")


@frozen
class Telnet:
    """Speak telnet over another transport.

    `first_byte` is the number of seconds the server may stay silent after the link stands, for some
    accept a link they will never serve; whoever reads gets the `ConnectFailed`. `size` is (columns,
    rows).
    """

    inner: Transport = field(validator=_is_transport)
    term: str = field(default="ansi", validator=_is_ascii)
    size: tuple[int, int] = field(default=(80, 25), converter=_as_size, kw_only=True, validator=_is_size)
    first_byte: float = field(default=15.0, kw_only=True, validator=validators.gt(0))

    @property
    def host(self) -> str:
        """The host's name, as the inner transport knows it."""
        return self.inner.host if isinstance(self.inner, Reach) else ""

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[ByteStream, None]:
        """Open one link. Raises `ConnectFailed`, as does reading when the server never speaks."""
        async with self.inner.connect() as stream:
            telnet = TelnetStream(stream, TelnetCodec(self.term, self.size), self)
            yield telnet


@define(eq=False)
class TelnetStream(WrappedStream):
    """A byte stream with the option talk taken out, which is answered while somebody reads.

    `codec.dropped` counts what made no sense. An answer under way when reading is cancelled may be
    lost; text never is.
    """

    codec: TelnetCodec
    _recipe: Telnet
    _patience: float | None = field(init=False)  # the time until which the first byte may come
    _text: bytes = field(init=False, default=b"")
    _replies: bytes = field(init=False, default=b"")
    _sending: bool = field(init=False, default=False)
    _answering: Event | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        self._patience = current_time() + self._recipe.first_byte

    @override
    async def receive(self, max_bytes: int = 65536) -> bytes:
        """Wait for text. Raises `ConnectFailed` if the server has been silent since the link stands."""
        while True:
            if self._replies and not self._sending:
                await self._answer()
            if self._text:
                text, self._text = self._text[:max_bytes], self._text[max_bytes:]
                return text
            if self._patience is None:
                data = await self.inner.receive(max_bytes)
            else:
                data = await self._first(self._patience, max_bytes)
            text, replies = self.codec.decode(data)
            if text and not replies and not self._replies:
                return text
            # Kept, not held: answering may be cancelled.
            self._text = text
            self._replies += replies

    @override
    async def send(self, item: bytes) -> None:
        """Send text, and what answers are due."""
        while self._answering is not None:
            await self._answering.wait()
        if self._sending:
            raise BusyResourceError("writing to")
        data = self.codec.encode(item)
        self._sending = True
        try:
            if self._replies:
                data, self._replies = self._replies + data, b""
            await self.inner.send(data)
            while self._replies:  # they came while we waited
                data, self._replies = self._replies, b""
                await self.inner.send(data)
        finally:
            self._sending = False

    async def deliver(self, hear: Callable[[bytes], bool]) -> None:
        """Give *hear* all text that comes until it returns False; see `wingmate.abc.PushStream`."""
        wanted = True

        def sift(data: bytes) -> bool:
            nonlocal wanted
            text, replies = self.codec.decode(data)
            if replies:  # answering may have to wait, so `receive` does it
                self._text = text
                self._replies += replies
                return False
            if text:
                wanted = hear(text)
            return wanted

        while wanted and hear(await self.receive()):
            if isinstance(self.inner, PushStream) and not self._text and not self._replies:
                await self.inner.deliver(sift)

    async def _first(self, patience: float, max_bytes: int) -> bytes:
        with move_on_after(patience - current_time()):
            data = await self.inner.receive(max_bytes)
            self._patience = None
            return data
        who = self._recipe.host or "the server"
        waited = self._recipe.first_byte
        raise ConnectFailed(f"{who} accepted the link, but no first byte came within {waited:g} s")

    async def _answer(self) -> None:
        await checkpoint_if_cancelled()
        data, self._replies = self._replies, b""
        self._answering = Event()
        try:
            # A link that ends while we answer may have left text; reading on will tell its end.
            with suppress(BrokenResourceError, ClosedResourceError):
                await self.inner.send(data)
        finally:
            self._answering.set()
            self._answering = None
