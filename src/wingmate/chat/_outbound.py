"""The sending side of frames: splitting, remembering what may have to be said again, beacons."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from attrs import define, field

from ._events import Delivered, Draft, Event, Undelivered
from ._wire import MOST_PIECES, base36, pack

CHATTER, ORDERS = "d", "e"  # two streams, so that an order never waits for the end of a long story
HISTORY = 512  # messages of each stream that can be said again,
LONG_HISTORY = 512 * 1024  # and characters of both


@define(eq=False)
class Message:
    """Something said, as long as it may have to be said again."""

    bodies: list[str]
    said_at: list[float | None]
    waiting: set[str] = field(factory=set[str])  # whose answer is asked for
    due: float = inf
    tries: int = 0


@define(eq=False, kw_only=True)
class Outbound:
    """One bot's own messages."""

    room: int  # characters of a body
    patience: float
    every: float
    tries: int
    drafts: list[Draft] = field(factory=list[Draft])
    _tops: dict[str, int] = field(factory=lambda: {CHATTER: 0, ORDERS: 0})
    _kept: dict[tuple[str, int], Message] = field(factory=dict[tuple[str, int], Message])
    _held: int = field(init=False, default=0)
    _pause: float = field(init=False, default=0.0)  # until the beacon after the next one
    _told_at: float = field(init=False, default=-inf)
    _beacon_at: float = field(init=False, default=-inf)

    def send(self, text: str, *, urgent: bool, to: Iterable[str]) -> int:
        """Split a message into drafts; give its number. Raises `ValueError` if it is too long."""
        names = sorted(to)
        body = pack(f"{','.join(names)}\n{text}")
        bodies = [body[start : start + self.room] for start in range(0, len(body), self.room)]
        if len(bodies) > MOST_PIECES:
            raise ValueError(f"a message of {len(text)} characters is too long for lines of this chat")
        kind = ORDERS if urgent else CHATTER
        self._tops[kind] = number = self._tops[kind] + 1
        self._kept[kind, number] = Message(bodies, [None] * len(bodies), set(names))
        self._held += len(body)
        self._forget(kind, number - HISTORY)
        while self._held > LONG_HISTORY and len(self._kept) > 2:
            self._forget(*next(iter(self._kept)))
        for piece in range(len(bodies)):
            self._say(kind, number, piece)
        return number

    def left(self, draft: Draft, at: float) -> None:
        """Take note that a draft of ours is on its way."""
        if draft.number is None or (message := self._kept.get((draft.kind, draft.number))) is None:
            return
        message.said_at[draft.piece] = at
        if message.waiting and None not in message.said_at:
            message.due = at + self.patience
        # The last message of all leaves no gap when it is lost: a beacon soon after tells of it.
        self._pause = self.patience
        self._beacon_at = min(at + self.patience, self._told_at + self.every)

    def repeat(self, kind: str, number: int, pieces: Iterable[int] | None, at: float) -> None:
        """Say pieces again that somebody misses, all if None; not those said just now or not yet."""
        if (message := self._kept.get((kind, number))) is None:
            return
        for piece in range(len(message.bodies)) if pieces is None else pieces:
            said_at = message.said_at[piece] if piece < len(message.bodies) else None
            if said_at is not None and at - said_at >= self.patience / 2:
                message.said_at[piece] = None
                self._say(kind, number, piece)

    def answered(self, kind: str, number: int, who: str) -> list[Event]:
        """Take note that somebody has a message whole."""
        message = self._kept.get((kind, number))
        if message is None or who not in message.waiting:
            return []
        message.waiting.remove(who)
        return [] if message.waiting else [Delivered(number)]

    def tick(self, at: float) -> list[Event]:
        """Ask those again who did not answer; send a beacon when it is time."""
        if at >= self._beacon_at:
            tops = " ".join(base36(top) for top in self._tops.values())
            self.drafts.append(Draft(kind="b", urgency=1, body=pack(tops)))
            self._pause = min(self.every, max(self.patience, 2 * self._pause))
            self._told_at, self._beacon_at = at, at + self._pause
        events = list[Event]()
        for (kind, number), message in self._kept.items():
            if message.waiting and at >= message.due:
                events += self._insist(kind, number, message, at)
        return events

    def _forget(self, kind: str, number: int) -> None:
        if (message := self._kept.pop((kind, number), None)) is not None:
            self._held -= sum(map(len, message.bodies))

    def _insist(self, kind: str, number: int, message: Message, at: float) -> list[Event]:
        message.tries += 1
        if message.tries > self.tries:
            names, message.waiting = tuple(sorted(message.waiting)), set()
            return [Undelivered(number, names)]
        message.due = at + self.patience * 1.5**message.tries
        # One piece is enough: who has the rest answers, who has not asks for it.
        self._say(kind, number, len(message.bodies) - 1)
        return []

    def _say(self, kind: str, number: int, piece: int) -> None:
        bodies = self._kept[kind, number].bodies
        urgency = 0 if kind == ORDERS else 2
        draft = Draft(kind=kind, urgency=urgency, body=bodies[piece], number=number, piece=piece)
        draft.pieces = len(bodies)
        self.drafts.append(draft)
