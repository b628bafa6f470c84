"""One frame as text: what is on the wire when bots do not speak for people.

`w1dA1:Emma_Farmer:1g2h3i:1f:7k:0/2:eyJh…:tag`: version 1, kind `d`, key `A1` (none in open mode), the
sender, its incarnation, the frame's number, its age (in ticks since the incarnation), the piece and
how many there are, the body, and the tag. No spaces, no tilde, nothing a chat gives a meaning to.
"""

from __future__ import annotations

import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from math import floor

from attrs import frozen

TICKS = 64  # a second; dates on the wire are whole ticks
EPOCH = 1_735_689_600  # 1 January 2025, midnight UTC
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MOST_PIECES = 4096  # of one message; what claims to have more is not joined
# The longest that version, kind, key, three numbers, pieces, tag and colons can become, the name aside.
HEAD = len("w1dAAAA::1g2h3i4j5:zzzzzz:zzzzzzz:zzz/zzz::" + 12 * "t")
_NUMBER = "[0-9a-z]{1,9}"
_FRAME = re.compile(
    rf"(?:(.*) )?(w1([a-z])([A-Z0-9]{{0,4}}):([A-Za-z0-9][\w.-]{{0,63}}):({_NUMBER}):({_NUMBER}):({_NUMBER})"
    r":([0-9a-z]{1,3})/([0-9a-z]{1,3}):([A-Za-z0-9_-]*)):([A-Za-z0-9_-]{6,12})",
    re.ASCII,
)


@frozen(kw_only=True)
class Frame:
    """One line of ours, taken apart; `said` is the readable text in front of it, if any."""

    kind: str
    sender: str
    incarnation: int  # the tick of its birth: a bot that starts again has a larger one
    number: int
    age: int
    piece: int = 0
    pieces: int = 1
    body: str = ""
    key: str = ""
    said: str = ""

    @property
    def date(self) -> float:
        """When it was sent, by the sender's clock."""
        return date_of(self.incarnation + self.age)

    def text(self) -> str:
        """Write the frame, without its tag."""
        pieces = f"{base36(self.piece)}/{base36(self.pieces)}"
        numbers = ":".join((base36(self.incarnation), base36(self.number), base36(self.age), pieces))
        head = f"w1{self.kind}{self.key}:{self.sender}:{numbers}:{self.body}"
        return f"{self.said} {head}" if self.said else head


def parse(line: str) -> tuple[Frame, str, str] | None:
    """Take a line apart into frame, the text its tag vouches for, and tag; None if it is none of ours."""
    if "w1" not in line or (found := _FRAME.fullmatch(line)) is None:
        return None
    said, _, kind, key, sender, incarnation, number, age, piece, pieces, body, tag = found.groups()
    frame = Frame(
        kind=kind,
        sender=sender,
        incarnation=int(incarnation, 36),
        number=int(number, 36),
        age=int(age, 36),
        piece=int(piece, 36),
        pieces=int(pieces, 36),
        body=body,
        key=key,
        said=said or "",
    )
    return frame, line[: -len(tag) - 1], tag


def base36(number: int) -> str:
    """Write a whole number with digits and letters."""
    text = ""
    while number >= 36:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return DIGITS[number] + text


def tick_of(date: float) -> int:
    """Give the tick a date lies in."""
    return max(0, floor((date - EPOCH) * TICKS))


def date_of(tick: int) -> float:
    """Give the date at which a tick begins."""
    return EPOCH + tick / TICKS


def pack(text: str) -> str:
    """Put any text into the alphabet of a body, compressed if that makes it shorter."""
    data = text.encode()
    squeezed = zlib.compress(data, 9, -15)
    return _base64(b"z" + squeezed) if len(squeezed) < len(data) else _base64(b"p" + data)


def unpack(body: str, *, largest: int) -> str | None:
    """Give the text of a body, or None if it is none or has more than *largest* bytes."""
    try:
        data = urlsafe_b64decode(body + "=" * (-len(body) % 4))
        kind, data = data[:1], data[1:]
        if kind == b"z":
            # Bounded while it grows: a small body may hold a very large text.
            data = zlib.decompressobj(-15).decompress(data, largest + 1)
        elif kind != b"p":
            return None
        return data.decode() if len(data) <= largest else None
    except (Base64Error, ValueError, zlib.error):
        return None


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
