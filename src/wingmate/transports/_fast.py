"""The fast path of TCP under asyncio: anyio's promises, without its costs per turn.

The only module of the package, beside the simulator, that knows asyncio.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from typing import Any

from anyio import BrokenResourceError, BusyResourceError, ClosedResourceError, EndOfStream
from anyio.abc import ByteStream, SocketAttribute
from anyio.lowlevel import cancel_shielded_checkpoint, checkpoint, checkpoint_if_cancelled
from attrs import define, field
from typing_extensions import override

BUFFER = 16 * 1024  # bytes taken from the kernel at once; a screen of a text game has about 2,000
ENOUGH = 64 * 1024  # bytes waiting for a slow reader before the far end is made to wait
IMPATIENT = 16  # sends without anything heard after which the other tasks get a turn
EYEBALLS = 0.25  # seconds after which the host's next address is tried beside the first (RFC 8305)


def in_asyncio() -> bool:
    """Say whether the caller is a task of asyncio."""
    try:
        # A task, not only a loop: trio may be a guest in a loop of asyncio.
        return asyncio.current_task() is not None
    except RuntimeError:
        return False


async def connect(host: str, port: int) -> ByteStream:
    """Open a TCP link with the running loop. Raises `OSError`."""
    loop = asyncio.get_running_loop()
    _, link = await loop.create_connection(_Link, host, port, happy_eyeballs_delay=EYEBALLS)
    return FastStream(link)


@define(eq=False, slots=False)
class _Link(asyncio.BufferedProtocol):
    """What the loop tells: bytes came, the far end is done, the link is gone, writing must wait."""

    transport: asyncio.Transport = field(init=False)
    heard: bytes = field(init=False, default=b"")
    ended: bool = field(init=False, default=False)
    lost: bool = field(init=False, default=False)
    cause: Exception | None = field(init=False, default=None)
    news: asyncio.Future[None] | None = field(init=False, default=None)
    drained: asyncio.Future[None] | None = field(init=False, default=None)
    reading_paused: bool = field(init=False, default=False)
    unanswered: int = field(init=False, default=0)
    hear: Callable[[bytes], bool] | None = field(init=False, default=None)
    _buffer: memoryview = field(init=False, factory=lambda: memoryview(bytearray(BUFFER)))

    @property
    def full(self) -> bool:
        """Whether nobody takes what comes as it comes."""
        return self.hear is None

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.ended or self.lost

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        # Nothing may pile up here: a send is over when the kernel has it all.
        transport.set_write_buffer_limits(0)

    @override
    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    @override
    def buffer_updated(self, nbytes: int) -> None:
        # Usually nothing waits here: one copy, no queue.
        data = bytes(self._buffer[:nbytes])
        self.unanswered = 0
        if self.hear is not None:
            if not self.hear(data):
                self.hear = None
                self._wake()
            return
        self.heard = self.heard + data if self.heard else data
        if self.news is not None:
            self._wake()
        elif len(self.heard) >= ENOUGH:
            self.transport.pause_reading()
            self.reading_paused = True

    @override
    def eof_received(self) -> bool:
        self.ended = True
        self._wake()
        return True  # we may still have something to say

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        self.cause = exc
        self._wake()
        self.resume_writing()

    @override
    def pause_writing(self) -> None:
        self.drained = asyncio.get_running_loop().create_future()

    @override
    def resume_writing(self) -> None:
        if self.drained is not None:
            if not self.drained.done():
                self.drained.set_result(None)
            self.drained = None

    def _wake(self) -> None:
        if self.news is not None:
            if not self.news.done():
                self.news.set_result(None)
            self.news = None


@define(eq=False)
class FastStream(ByteStream):
    """A TCP stream that behaves as anyio's does, and sends without waiting when the kernel has room."""

    _link: _Link
    _closed: bool = field(init=False, default=False)
    _finished: bool = field(init=False, default=False)
    _receiving: bool = field(init=False, default=False)
    _sending: bool = field(init=False, default=False)

    @override
    async def receive(self, max_bytes: int = 65536) -> bytes:
        if max_bytes < 1:
            raise ValueError("max_bytes must be a positive integer")
        if self._receiving:
            raise BusyResourceError("reading from")
        link = self._link
        self._receiving = True
        try:
            if link.heard or link.over or self._closed:
                await checkpoint()
            while not (link.heard or link.over or self._closed):
                await self._news()
        finally:
            self._receiving = False
        return self._take(max_bytes)

    async def deliver(self, hear: Callable[[bytes], bool]) -> None:
        """Give *hear* all that comes, from the loop itself, until it returns False."""
        link = self._link
        while hear(await self.receive()):
            if link.heard:
                continue
            link.hear = hear
            self._receiving = True
            try:
                while not (link.full or link.over or self._closed):
                    await self._news()
                if link.full:
                    return
            finally:
                self._receiving = False
                link.hear = None

    async def _news(self) -> None:
        # A cancelled wait takes nothing along: what came stays with the link.
        self._link.news = asyncio.get_running_loop().create_future()
        try:
            await self._link.news
        finally:
            self._link.news = None

    def _take(self, max_bytes: int) -> bytes:
        link = self._link
        if self._closed:
            raise ClosedResourceError
        if not (data := link.heard):
            if link.cause is not None:
                raise BrokenResourceError from link.cause
            raise EndOfStream
        if len(data) > max_bytes:
            data, link.heard = data[:max_bytes], data[max_bytes:]
        else:
            link.heard = b""
        if link.reading_paused and len(link.heard) < ENOUGH and not link.lost:
            link.reading_paused = False
            link.transport.resume_reading()
        return data

    @override
    async def send(self, item: bytes) -> None:
        if self._sending:
            raise BusyResourceError("writing to")
        link = self._link
        self._sending = True
        try:
            await checkpoint_if_cancelled()
            if link.drained is not None:  # a cancelled send left something behind
                await asyncio.shield(link.drained)
            self._check_open()
            link.transport.write(item)
            if link.drained is not None:
                await asyncio.shield(link.drained)
                self._check_open()
            else:
                # Yielding each time would cost a round of the loop per turn. A bot that waits for
                # answers yields by itself; one that only ever sends is made to, now and then.
                link.unanswered += 1
                if link.unanswered >= IMPATIENT:
                    link.unanswered = 0
                    await cancel_shielded_checkpoint()
        finally:
            self._sending = False

    def _check_open(self) -> None:
        if self._closed or self._finished:
            raise ClosedResourceError
        if self._link.lost:
            raise BrokenResourceError from self._link.cause

    @override
    async def send_eof(self) -> None:
        if self._closed:
            raise ClosedResourceError
        self._finished = True
        if not self._link.lost:
            self._link.transport.write_eof()
        await checkpoint()

    @override
    async def aclose(self) -> None:
        self._closed = True
        self._link.transport.abort()
        await checkpoint()

    @property
    @override
    def extra_attributes(self) -> Mapping[Any, Callable[[], Any]]:
        link = self._link.transport
        raw: socket.socket = link.get_extra_info("socket")
        return {
            SocketAttribute.family: lambda: raw.family,
            SocketAttribute.local_address: lambda: link.get_extra_info("sockname"),
            SocketAttribute.remote_address: lambda: link.get_extra_info("peername"),
            SocketAttribute.remote_port: lambda: link.get_extra_info("peername")[1],
            SocketAttribute.raw_socket: lambda: raw,
        }
