"""The hearing side of frames: joining pieces, noticing what is missing, hearing everything once."""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from attrs import define, field

from ._events import Arrived, Event, Missed, Tally
from ._outbound import ORDERS
from ._wire import MOST_PIECES, Frame, base36, tick_of, unpack

AHEAD = 1024  # numbers: who is further ahead has lost us, and the old ones are given up


@define(eq=False)
class Part:
    """A message that is not whole yet; without a piece, one known to be missing."""

    touched: float
    pieces: int = 0
    bodies: dict[int, str] = field(factory=dict[int, str])
    tries: int = 0
    lost: bool = False  # nobody could repeat it

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return 0 < self.pieces == len(self.bodies)

    def missing(self) -> str:
        """List the missing pieces as ranges, `*` for all."""
        if not self.bodies:
            return "*"
        gaps = list[tuple[int, int]]()
        for piece in range(self.pieces):
            if piece in self.bodies:
                continue
            if gaps and gaps[-1][1] == piece - 1:
                gaps[-1] = (gaps[-1][0], piece)
            else:
                gaps.append((piece, piece))
        return ",".join(base36(a) if a == b else f"{base36(a)}-{base36(b)}" for a, b in gaps)


@define(eq=False)
class Stream:
    """The numbered messages of one sender: which comes next, and what is there of it."""

    next: int
    top: int
    parts: dict[int, Part] = field(factory=dict[int, Part])
    answered: dict[int, float] = field(factory=dict[int, float])  # when we last said that we have it
    held: int = 0  # characters in the parts

    def reach(self, number: int, at: float) -> int:
        """Know of all messages up to a number; give how many had to be given up for that."""
        before = self.next
        self.next = max(self.next, number - AHEAD + 1)
        lost = [old for old in self.parts if old < self.next]
        for old in lost:
            self.forget(old)
        for fresh in range(max(self.top + 1, self.next), number + 1):
            self.parts[fresh] = Part(at)
        self.top = max(self.top, number)
        return self.next - before

    def forget(self, number: int) -> Part:
        """Take a part out."""
        part = self.parts.pop(number)
        self.held -= sum(map(len, part.bodies.values()))
        return part


@define(eq=False)
class Peer:
    """What is known of one incarnation of one sender."""

    incarnation: int
    heard: float
    newest: int = 0
    seen: set[int] = field(factory=set[int])
    streams: dict[str, Stream] = field(factory=dict[str, Stream])

    def fresh(self, number: int) -> bool:
        """Say whether a line that is never repaired is heard for the first time."""
        if number in self.seen or number <= self.newest - AHEAD:
            return False
        self.seen.add(number)
        self.newest = max(self.newest, number)
        if len(self.seen) > 2 * AHEAD:
            self.seen = {old for old in self.seen if old > self.newest - AHEAD}
        return True


@define(eq=False, kw_only=True)
class Inbound:
    """Everything heard from the others in numbered messages."""

    name: str
    born: int  # our own incarnation: of those who began later we want to hear everything
    patience: float
    tries: int
    largest: int
    tally: Tally

    def hear(self, peer: Peer, frame: Frame, at: float) -> tuple[list[Event], list[int]]:
        """Take a piece; give what it completes, and the numbers that the sender wants answered now."""
        stream = peer.streams.get(frame.kind)
        if stream is None:
            first = 1 if frame.incarnation >= self.born else max(1, frame.number)
            stream = peer.streams[frame.kind] = Stream(first, first - 1)
        if frame.number < stream.next:
            self.tally.add(frame.sender, "duplicate")
            return [], self._answer_again(stream, frame.number, at)
        if not 0 <= frame.piece < frame.pieces <= MOST_PIECES:
            self.tally.add(frame.sender, "malformed")
            return [], []
        events = self._reach(stream, frame.sender, frame.number, at)
        part = stream.parts[frame.number]
        part.pieces = part.pieces or frame.pieces
        if part.pieces != frame.pieces or frame.piece in part.bodies:
            self.tally.add(frame.sender, "duplicate")
            return events, []
        part.bodies[frame.piece] = frame.body
        stream.held += len(frame.body)
        part.touched, part.tries = at, 0
        self._keep_small(stream)
        done, answers = self._deliver(stream, frame, at)
        return events + done, answers

    def told(self, peer: Peer, frame: Frame, kind: str, top: int, at: float) -> list[Event]:
        """Take from a beacon how far a stream has come."""
        stream = peer.streams.get(kind)
        if stream is None:
            first = 1 if frame.incarnation >= self.born else top + 1
            stream = peer.streams[kind] = Stream(first, first - 1)
        return self._reach(stream, frame.sender, top, at)

    def wants(self, sender: str, peer: Peer, at: float) -> Iterator[tuple[str, int, Part]]:
        """Give what is overdue: the stream, the number, and the part, which is lost if asked for in vain."""
        for kind, stream in peer.streams.items():
            if stream.next > stream.top:
                continue
            for number, part in sorted(stream.parts.items()):
                if part.whole or part.lost or at < part.touched + self._wait(sender, number, part.tries):
                    continue
                part.lost = part.tries >= self.tries
                part.tries += 1
                part.touched = at
                yield kind, number, part

    def resume(self, sender: str, peer: Peer, kind: str, at: float) -> tuple[list[Event], list[int]]:
        """Give what was held back behind messages that are now given up."""
        age = max(0, tick_of(at) - peer.incarnation)
        frame = Frame(kind=kind, sender=sender, incarnation=peer.incarnation, number=0, age=age)
        return self._deliver(peer.streams[kind], frame, at)

    def _wait(self, sender: str, number: int, tries: int) -> float:
        # Not everybody at once: who hears another ask for the same need not.
        share = crc32(f"{self.name}/{sender}/{number}/{tries}".encode()) / 2**32
        return self.patience * (1.0 + share) * 1.5**tries

    def _reach(self, stream: Stream, sender: str, number: int, at: float) -> list[Event]:
        lost = stream.reach(number, at)
        return [Missed(sender, lost)] if lost else []

    def _keep_small(self, stream: Stream) -> None:
        # Beginning with the newest, for the oldest are wanted first, and it can be asked for again.
        for number in sorted(stream.parts, reverse=True) if stream.held > 2 * self.largest else ():
            part = stream.parts[number]
            stream.held -= sum(map(len, part.bodies.values()))
            part.bodies.clear()
            if stream.held <= 2 * self.largest:
                break

    def _deliver(self, stream: Stream, frame: Frame, at: float) -> tuple[list[Event], list[int]]:
        events, answers = list[Event](), list[int]()
        while (part := stream.parts.get(stream.next)) is not None and (part.whole or part.lost):
            number = stream.next
            stream.forget(number)
            stream.next += 1
            if not part.whole:
                events.append(Missed(frame.sender, 1))
                continue
            body = "".join(part.bodies[piece] for piece in range(part.pieces))
            text = unpack(body, largest=self.largest)
            if text is None or "\n" not in text:
                self.tally.add(frame.sender, "malformed")
                continue
            names, _, text = text.partition("\n")
            urgent = frame.kind == ORDERS
            events.append(Arrived(sender=frame.sender, text=text, date=frame.date, urgent=urgent))
            if self.name in names.split(","):
                answers.append(number)
                stream.answered[number] = at
                while len(stream.answered) > AHEAD:
                    del stream.answered[next(iter(stream.answered))]
        return events, answers

    def _answer_again(self, stream: Stream, number: int, at: float) -> list[int]:
        if at - stream.answered.get(number, at) < self.patience / 2:
            return []
        stream.answered[number] = at
        return [number]
