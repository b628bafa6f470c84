"""The adapter: a conversation with a village as pure bytes in, events out, lines back."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from typing import cast

from attrs import define, field

from ..errors import IllegalCommand
from ._spot import Spot
from .commands import Ask, words_of
from .events import Answered, Denied, Died, Event, Heard, Joined, Kicked, Left, Respawned, Welcomed

LONGEST_LINE = 4096  # bytes; the village's own are shorter
REMEMBERED = 40  # lines for `screen`
_NAME = r"([A-Za-z0-9_]{1,16})"
_NUMBER = r"(\d{1,9})"
_REAL = r"(\d{1,9}(?:\.\d{1,9})?)"
_ANSWER = re.compile(rf"{_NUMBER} ok(?: (.*))?", re.ASCII)
_DENIAL = re.compile(rf"{_NUMBER} no ([a-z]{{1,16}})(?: after {_REAL})? (.+)", re.ASCII)
_CHAT = re.compile(rf"\* chat {_NAME} (.+)", re.ASCII)
_PRESENCE = re.compile(rf"\* (join|left) {_NAME}", re.ASCII)
_DEATH = re.compile(rf"\* died {_NAME} (.+)", re.ASCII)
_SPAWN = re.compile(r"\* spawn (-?\d{1,9}) (-?\d{1,9}) (-?\d{1,9})", re.ASCII)
_KICK = re.compile(r"\* kicked ([a-z]{1,16})", re.ASCII)
_WELCOME = re.compile(
    rf"\* welcome village {_NUMBER} size {_NUMBER} day {_REAL} speed {_REAL} chat {_NUMBER} {_REAL}", re.ASCII
)


@define(eq=False)
class VillageAdapter:
    """Understands one conversation with a village, however its bytes were cut.

    What is not a line of the village is counted in `unread` and otherwise ignored: it never raises.
    """

    unread: int = field(init=False, default=0)
    _unfinished: bytearray = field(init=False, factory=bytearray)
    _skipping: bool = field(init=False, default=False)
    _shown: deque[str] = field(init=False, factory=lambda: deque[str](maxlen=REMEMBERED))

    def receive(self, data: bytes) -> list[Event]:
        """Take what the village sent and tell what happened."""
        events: list[Event] = []
        *ends, rest = data.split(b"\n")
        for piece in ends:
            self._unfinished += piece
            if (event := self._finish_line()) is not None:
                events.append(event)
        self._unfinished += rest
        if len(self._unfinished) > LONGEST_LINE:
            self._unfinished.clear()
            self._skipping = True
        return events

    def _finish_line(self) -> Event | None:
        line, skipping = bytes(self._unfinished), self._skipping
        self._unfinished.clear()
        self._skipping = False
        if skipping or len(line) > LONGEST_LINE:
            self.unread += 1
            return None
        text = line.removesuffix(b"\r").decode("utf-8", "replace")
        event = read_line(text)
        self.unread += event is None
        self._shown.append("".join(letter if letter.isprintable() else "?" for letter in text[:200]))
        return event

    def send(self, command: Ask) -> bytes:
        """Put a command into a line. Raises `IllegalCommand`."""
        if not isinstance(cast("object", command), Ask):
            raise IllegalCommand(f"commands are asked under a number, Ask(7, Look()), not {command!r}")
        number: object = command.number
        if type(number) is not int or not 0 <= number < 10**9:
            raise IllegalCommand(f"a number of up to nine digits is needed, not {number!r}")
        return f"{number} {words_of(command.command)}\n".encode()

    def close(self) -> bytes:
        """Leave politely."""
        return b"0 quit\n"

    def screen(self) -> str:
        """Give the last lines."""
        return "\n".join(self._shown)


def read_line(text: str) -> Event | None:
    """Read one line of the village, or None if it is not one."""
    if not text.isprintable():
        return None
    for pattern, make in _LINES:
        if found := pattern.fullmatch(text):
            return make(found)
    return None


def _deny(found: re.Match[str]) -> Event:
    return Denied(int(found[1]), found[2], found[4], float(found[3]) if found[3] else None)


def _welcome(found: re.Match[str]) -> Event:
    return Welcomed(
        version=int(found[1]),
        size=int(found[2]),
        day=float(found[3]),
        speed=float(found[4]),
        chat_burst=int(found[5]),
        chat_every=float(found[6]),
    )


_LINES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Event]], ...] = (
    (_ANSWER, lambda found: Answered(int(found[1]), found[2] or "")),
    (_DENIAL, _deny),
    (_CHAT, lambda found: Heard(found[1], found[2])),
    (_PRESENCE, lambda found: Joined(found[2]) if found[1] == "join" else Left(found[2])),
    (_DEATH, lambda found: Died(found[1], found[2])),
    (_SPAWN, lambda found: Respawned(Spot(int(found[1]), int(found[2]), int(found[3])))),
    (_KICK, lambda found: Kicked(found[1])),
    (_WELCOME, _welcome),
)
