"""The server's end of telnet, as the real one opens it: a probe, a list of options, no replies."""

from __future__ import annotations

from anyio import move_on_after
from attrs import define, field

from ....abc import ByteStream
from ....transports import ServerTelnet

CHUNK = 1024  # the most that may be typed ahead: nothing more is read until it is used up

# The bytes and their order: seen on TWGS 2.20b.
PROBE = bytes.fromhex("00 fffdf6")
OPTIONS = bytes.fromhex(
    "fffb00 fffd00 fffb01 fffb03 fffc05 fffe18 fffe1f fffe20 fffe21 fffe22 fffc27 fffe27 fffc24 fffe24"
)
UNDETECTED = b"Failed to detect protocol.  Expected Telnet..."
RLOGIN = b"\0\b\b\bRLogin connection detected.\n\r\n\rOnly Telnet connections allowed."
FULL = b"\0 Game server is currently full."
DETECT = 5.0  # seconds a silent client is given
MUTE = 25.0  # Invented: how much longer a client that talks, but not telnet, is left without an answer


@define(eq=False)
class Wire:
    """A stream with the telnet commands taken out."""

    _stream: ByteStream
    _codec: ServerTelnet = field(init=False, factory=ServerTelnet)

    async def receive(self) -> bytes:
        """Wait for some keys; there may be none among what came. Raises what the stream raises."""
        return self._codec.decode(await self._stream.receive(CHUNK))

    async def send(self, data: bytes) -> None:
        """Send game text."""
        await self._stream.send(self._codec.encode(data) if b"\xff" in data else data)

    async def greet(self) -> bytes | None:
        """Open the conversation; give the keys typed so far, or None if it is over."""
        await self._stream.send(PROBE)
        first = b""
        with move_on_after(DETECT):
            first = await self._stream.receive(CHUNK)
        if not first:
            await self._stream.send(UNDETECTED)
            return None
        keys = self._codec.decode(first)
        if not self._codec.spoken and first[0] == 0:
            await self._stream.send(RLOGIN)
            return None
        with move_on_after(MUTE):
            while not self._codec.spoken:
                keys = (keys + await self.receive())[-CHUNK:]
        if not self._codec.spoken:
            return None
        await self._stream.send(OPTIONS)
        return keys
