"""Telnet's framing (RFC 854, RFC 855): text here, commands there, however the bytes were cut."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from attrs import define, field

IAC = 0xFF
DONT, DO, WONT, WILL = 0xFE, 0xFD, 0xFC, 0xFB
SB, SE = 0xFA, 0xF0
ESCAPED = b"\xff\xff"
LONGEST = 1024  # bytes kept of one subnegotiation; those a text game needs have fewer than 50

# What was found: a verb (WILL … DONT, SB, or a command of one byte) and what came with it.
Found = Callable[[int, bytes], None]


class _At(Enum):
    TEXT = auto()
    COMMAND = auto()  # after IAC
    OPTION = auto()  # after IAC WILL, WONT, DO or DONT
    INSIDE = auto()  # in a subnegotiation
    INSIDE_COMMAND = auto()  # after IAC in a subnegotiation


@define(eq=False)
class Splitter:
    """Take the telnet commands out of a stream, and call `found` for each one that is whole.

    Memory is bounded whatever comes: a subnegotiation longer than `LONGEST` is thrown away and
    counted in `dropped`; one that never ends swallows the stream, as the standard has it.
    """

    found: Found
    dropped: int = field(init=False, default=0)
    _at: _At = field(init=False, default=_At.TEXT)
    _verb: int = field(init=False, default=0)
    _inside: bytearray = field(init=False, factory=bytearray)
    _too_long: bool = field(init=False, default=False)

    def feed(self, data: bytes) -> bytes:
        """Give the text in *data*, doubled IACs made one."""
        if self._at is _At.TEXT and IAC not in data:
            return data
        text = bytearray()
        place = 0
        while place < len(data):
            if self._at is _At.TEXT:
                place = self._plain(data, place, text)
            elif self._at is _At.INSIDE:
                place = self._subnegotiation(data, place)
            else:
                place = self._step(data[place], place, text)
        return bytes(text)

    def _plain(self, data: bytes, place: int, text: bytearray) -> int:
        end = data.find(IAC, place)
        if end < 0:
            text += data[place:]
            return len(data)
        text += data[place:end]
        self._at = _At.COMMAND
        return end + 1

    def _subnegotiation(self, data: bytes, place: int) -> int:
        end = data.find(IAC, place)
        last = len(data) if end < 0 else end
        self._keep(data[place : min(last, place + LONGEST + 1)])
        if end < 0:
            return last
        self._at = _At.INSIDE_COMMAND
        return end + 1

    def _step(self, byte: int, place: int, text: bytearray) -> int:
        """Take one byte that follows an IAC or a verb; give the place to go on from."""
        if self._at is _At.OPTION:
            self._at = _At.TEXT
            self.found(self._verb, bytes((byte,)))
        elif self._at is _At.INSIDE_COMMAND:
            return self._inside_step(byte, place)
        elif byte == IAC:
            self._at = _At.TEXT
            text.append(IAC)
        elif byte in {WILL, WONT, DO, DONT}:
            self._at, self._verb = _At.OPTION, byte
        elif byte == SB:
            self._at = _At.INSIDE
            self._inside.clear()
            self._too_long = False
        else:
            self._at = _At.TEXT
            self.found(byte, b"")
        return place + 1

    def _inside_step(self, byte: int, place: int) -> int:
        if byte == IAC:
            self._at = _At.INSIDE
            self._keep(b"\xff")
        elif byte == SE:
            self._at = _At.TEXT
            self._finish()
        else:
            # Another command inside: the far end forgot the end. Drop what was begun, obey the rest.
            self._at = _At.COMMAND
            self.dropped += 1
            return place
        return place + 1

    def _keep(self, more: bytes) -> None:
        if not self._too_long:
            self._inside += more
            if len(self._inside) > LONGEST:
                self._too_long = True
                self._inside.clear()

    def _finish(self) -> None:
        if self._too_long:
            self.dropped += 1
        else:
            self.found(SB, bytes(self._inside))
        self._inside.clear()


def escape(text: bytes) -> bytes:
    """Double what telnet would take for a command."""
    return text.replace(b"\xff", ESCAPED) if b"\xff" in text else text
