"""One direction of a link in memory: bytes that travel, in order, through whatever the weather is."""

from __future__ import annotations

from collections import Counter, deque
from enum import Enum, auto
from math import inf
from typing import TYPE_CHECKING

from anyio import BrokenResourceError, ClosedResourceError, EndOfStream, Event, current_time, sleep
from attrs import define, field

if TYPE_CHECKING:
    from random import Random

    from ._weather import Weather

ROOM = 65_536  # bytes under way in one direction; after that the sender waits, as a socket's does
NOISE = 8  # bytes of noise at most, at a time


class Ending(Enum):
    """What comes after the last byte."""

    OPEN = auto()
    FINISHED = auto()  # the far end has said all it has to say
    BROKEN = auto()  # the link was cut
    CLOSED = auto()  # this end itself was closed


@define(eq=False)
class Pipe:
    """Bytes on their way from one end to the other.

    `blocked` is the time until which nothing gets through, on the loop's clock; `inf` during a
    partition.
    """

    _random: Random
    _happened: Counter[str]
    ending: Ending = field(init=False, default=Ending.OPEN)
    blocked: float = field(init=False, default=0.0)
    _pieces: deque[tuple[float, bytes]] = field(init=False, factory=deque[tuple[float, bytes]])
    _taken: int = field(init=False, default=0)  # bytes of the first piece that were read already
    _size: int = field(init=False, default=0)
    _latest: float = field(init=False, default=0.0)
    _news: Event | None = field(init=False, default=None)
    _relief: Event | None = field(init=False, default=None)

    # --- the sending end --------------------------------------------------------------------

    async def put(self, data: bytes, weather: Weather) -> None:
        """Send bytes on their way, waiting for room. Raises `BrokenResourceError` when nobody reads."""
        done = 0
        while True:
            if self.ending is not Ending.OPEN:
                raise BrokenResourceError
            if done >= len(data):
                return
            if (room := ROOM - self._size) > 0:
                self.push(data[done : done + room], weather)  # the whole of `bytes` is not copied
                done += room
                continue
            if self._relief is None:
                self._relief = Event()
            await self._relief.wait()

    def push(self, data: bytes, weather: Weather) -> None:
        """Send bytes on their way, room or not."""
        if not data:
            return
        now = current_time()
        if weather.noise and self._random.random() < weather.noise:
            data += self._random.randbytes(self._random.randint(1, NOISE))
            self._happened["noise"] += 1
        arrival = now + self._random.uniform(*weather.latency) if weather.latency[1] else now
        if weather.clog and self._random.random() < weather.clog:
            arrival += self._random.uniform(*weather.clogged)
            self._happened["clog"] += 1
        # What was sent first arrives first: a piece never overtakes, however lucky.
        arrival = max(arrival, self._latest)
        if weather.bandwidth is not None:
            arrival += len(data) / weather.bandwidth
        self._latest = arrival
        self._pieces.append((arrival, data))
        self._size += len(data)
        if len(self._pieces) == 1:  # otherwise the reader waits for an earlier piece
            self.wake()

    def end(self, ending: Ending) -> None:
        """Let nothing more in; what is under way still arrives, unless it was this end that closed."""
        if self.ending is Ending.OPEN or ending is Ending.CLOSED:
            self.ending = ending
        if ending is Ending.CLOSED:
            self._pieces.clear()
            self._size = self._taken = 0
        self.wake()
        self._relieve()

    # --- the receiving end ------------------------------------------------------------------

    async def take(self, most: int, *, shred: bool) -> bytes:
        """Read what has arrived, waiting for something. Raises what the end of the link calls for."""
        yielded = False
        while True:
            if self.ending is Ending.CLOSED:
                raise ClosedResourceError
            delay = self._delay()
            if delay <= 0 and yielded:
                if self._pieces:
                    return self._read(most, shred=shred)
                raise BrokenResourceError if self.ending is Ending.BROKEN else EndOfStream
            if delay == inf:
                if self._news is None:
                    self._news = Event()
                await self._news.wait()
            else:
                # Nothing can come sooner than what is first; only closing this end is noticed late.
                await sleep(max(delay, 0.0))
            yielded = True

    def wake(self) -> None:
        """Let the reader look again."""
        if self._news is not None:
            self._news.set()
            self._news = None

    def _delay(self) -> float:
        # The end travels like everything else, right behind the last byte.
        if self._pieces:
            due = self._pieces[0][0]
        elif self.ending is Ending.OPEN:
            return inf
        else:
            due = self._latest
        return max(due, self.blocked) - current_time()

    def _read(self, most: int, *, shred: bool) -> bytes:
        """Take arrived bytes off the front, in time linear to their number."""
        left = min(most, self._arrived(most))
        if shred:
            left = self._random.randint(1, left)
        self._size -= left
        parts = list[bytes]()
        while left:
            piece = self._pieces[0][1]
            part = piece[self._taken : self._taken + left]
            parts.append(part)
            left -= len(part)
            self._taken += len(part)
            if self._taken == len(piece):
                self._pieces.popleft()
                self._taken = 0
        self._relieve()
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _arrived(self, most: int) -> int:
        """Count the bytes that are here, as far as they matter."""
        count = len(self._pieces[0][1]) - self._taken
        if len(self._pieces) > 1 and count < most:
            now = current_time()
            count = -self._taken
            for arrival, piece in self._pieces:
                if arrival > now or count >= most:
                    break
                count += len(piece)
        return count

    def _relieve(self) -> None:
        if self._relief is not None and self._size < ROOM:
            self._relief.set()
            self._relief = None
