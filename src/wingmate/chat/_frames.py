"""The whole conversation of one bot over one chat, as lines in and lines out; it never waits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attrs import define, field, validators

from ..errors import IllegalCommand
from ._events import Belated, Draft, Event, Met, Said, Signal, Tally
from ._inbound import Inbound, Part, Peer
from ._keys import KeyRing, Seal, Verdict
from ._outbound import CHATTER, ORDERS, Outbound
from ._text import clean
from ._wire import HEAD, MOST_PIECES, Frame, base36, pack, parse, tick_of, unpack

STREAMS = (CHATTER, ORDERS)
MOST_PEERS = 256  # speakers remembered; the one silent for longest is forgotten first
SMALLEST_ROOM = 24  # characters of a body; with less, asking for what is missing would not fit
NAMES = 4096  # bytes in front of a message for those who are to answer
EARLY = 30.0  # seconds a sender's clock may be ahead
_RANGES = re.compile(r"\*|[0-9a-z]{1,3}(?:-[0-9a-z]{1,3})?(?:,[0-9a-z]{1,3}(?:-[0-9a-z]{1,3})?)*", re.ASCII)
_ASKED = re.compile(rf"(\S{{1,64}}) ([{CHATTER}{ORDERS}]) (\S{{1,9}}) (\S{{1,9}})(?: (\S+))?", re.ASCII)


@define(eq=False, kw_only=True)
class Frames:
    """Frames of one bot: what it hears becomes events, what it says becomes drafts of lines.

    Dates are `wingmate.now()`. `limit` is the longest line the chat takes; lines older than `fresh`
    seconds do not count; a missing piece is asked for after `patience` seconds, `tries` times; a
    beacon goes out every `every` seconds; a message has `largest` bytes at most.
    """

    name: str = field(validator=validators.matches_re(r"[A-Za-z0-9][\w.-]{0,63}", re.ASCII))
    limit: int
    born: float
    keys: KeyRing | None = None
    fresh: float = 120.0
    patience: float = 3.0
    tries: int = 6
    every: float = 30.0
    largest: int = 65_536
    tally: Tally = field(factory=Tally)
    incarnation: int = field(init=False)
    _seal: Seal = field(init=False)
    _out: Outbound = field(init=False)
    _in: Inbound = field(init=False)
    _drafts: list[Draft] = field(init=False, factory=list[Draft])
    _peers: dict[str, Peer] = field(init=False, factory=dict[str, Peer])
    _said: int = field(init=False, default=0)  # lines that are never repaired

    def __attrs_post_init__(self) -> None:
        room = self.limit - HEAD - len(self.name)
        if room < SMALLEST_ROOM:
            longest = HEAD + len(self.name) + SMALLEST_ROOM
            raise ValueError(f"{self.name} needs lines of {longest} characters; this chat has {self.limit}")
        self._seal = Seal(self.keys)
        self.incarnation = tick_of(self.born)
        self._out = Outbound(room=room, patience=self.patience, every=self.every, tries=self.tries)
        self._in = Inbound(
            name=self.name,
            born=self.incarnation,
            patience=self.patience,
            tries=self.tries,
            largest=self.largest + NAMES,
            tally=self.tally,
        )

    @property
    def room(self) -> int:
        """The characters that fit into the body of one line."""
        return self._out.room

    # --- saying -----------------------------------------------------------------------------

    def send(self, text: str, *, urgent: bool = False, to: Iterable[str] = ()) -> int:
        """Say something to everybody, repaired where lost; those named in *to* are asked to answer.

        The drafts are in `drain`. Raises `IllegalCommand` if it is longer than `largest`.
        """
        if len(text.encode()) > self.largest:
            raise IllegalCommand(f"{self.name}: a message has at most {self.largest} bytes")
        return self._out.send(text, urgent=urgent, to=to)

    def signal(self, text: str) -> Draft:
        """Say something short that is heard at once or not at all. Raises `IllegalCommand` if too long."""
        if len(body := pack(text)) > self.room:
            raise IllegalCommand(f"{self.name}: {text!r} does not fit into one line of this chat")
        return Draft(kind="c", urgency=0, body=body)

    def say(self, text: str) -> Draft:
        """Say a readable line, signed if there are keys. Raises `IllegalCommand` if it is too long."""
        longest = self.limit - (HEAD + len(self.name) + 1 if self.keys else 0)
        if clean(text) != text or len(text) > longest or parse(text):
            raise IllegalCommand(f"{self.name}: {text!r} is not a line of at most {longest} characters")
        return Draft(kind="s", urgency=1, said=text)

    @property
    def eager(self) -> bool:
        """Whether there is something to send now."""
        return bool(self._drafts or self._out.drafts)

    def drain(self) -> list[Draft]:
        """Take what there is to send now."""
        drafts = [*self._drafts, *self._out.drafts]
        self._drafts.clear()
        self._out.drafts.clear()
        return drafts

    def stamp(self, draft: Draft, at: float) -> str:
        """Make the line of a draft, which leaves now."""
        if draft.kind == "s" and self.keys is None:
            return draft.said
        number = draft.number
        if number is None:
            self._said += 1
            number = self._said
        frame = Frame(
            kind=draft.kind,
            sender=self.name,
            incarnation=self.incarnation,
            number=number,
            age=max(0, tick_of(at) - self.incarnation),
            piece=draft.piece,
            pieces=draft.pieces,
            body=draft.body,
            key=self._seal.key_id,
            said=draft.said,
        )
        self._out.left(draft, at)
        if draft.gone is not None:
            draft.gone(frame.date)
        text = frame.text()
        return f"{text}:{self._seal.tag(text)}"

    def rekey(self, keys: KeyRing) -> None:
        """Use other keys from now on; what was sent under an old one still counts if they have it."""
        if self.keys is None:
            raise IllegalCommand(f"{self.name}: this conversation is an open one")
        self._seal, self.keys = Seal(keys), keys

    # --- hearing ----------------------------------------------------------------------------

    def receive(self, text: str, heard_from: str, at: float) -> list[Event]:
        """Take a line that the chat shows as said by *heard_from*; tell what happened. Never raises."""
        line = clean(text)
        if (parsed := parse(line)) is None:
            who = clean(heard_from)[:64]
            return [Said(sender=who, text=line, signed=False, own=who == self.name)]
        frame, vouched, tag = parsed
        verdict = self._seal.judge(frame.key, vouched, tag)
        if verdict is not Verdict.GOOD:
            # Under the name that the chat shows: the one in the frame may be anybody's.
            self.tally.add(heard_from, verdict.value)
            return []
        if not at - self.fresh <= frame.date <= at + EARLY:
            return self._out_of_date(frame, at)
        return self._take(frame, at)

    def tick(self, at: float) -> list[Event]:
        """Let time pass: ask for what is missing, say again what was not answered, send beacons."""
        events = self._out.tick(at)
        for sender, peer in self._peers.items():
            for kind, number, part in list(self._in.wants(sender, peer, at)):
                if not part.lost:
                    self._ask(sender, peer, kind, number, part)
                    continue
                done, answers = self._in.resume(sender, peer, kind, at)
                events += done
                self._answer(sender, peer, kind, answers)
        return events

    def _take(self, frame: Frame, at: float) -> list[Event]:
        own = frame.sender == self.name and frame.incarnation == self.incarnation
        peer = self._peers.get(frame.sender)
        if peer is not None and frame.incarnation < peer.incarnation:
            self.tally.add(frame.sender, "replayed")
            return []
        events = list[Event]()
        if peer is None or frame.incarnation > peer.incarnation:
            peer = self._meet(frame, at)
            if not own:
                events.append(Met(frame.sender))
        peer.heard = at
        if frame.kind in STREAMS:
            if own:
                return []
            heard, answers = self._in.hear(peer, frame, at)
            self._answer(frame.sender, peer, frame.kind, answers)
            return events + heard
        if not peer.fresh(frame.number):
            self.tally.add(frame.sender, "replayed")
            return events
        return events + list(self._understand(peer, frame, at, own=own))

    def _out_of_date(self, frame: Frame, at: float) -> list[Event]:
        peer = self._peers.get(frame.sender)
        if frame.kind != "c" or frame.date < self.born:
            self.tally.add(frame.sender, "late" if frame.date < at else "early")
            return []
        if peer is None or frame.incarnation > peer.incarnation:
            peer = self._meet(frame, at)
        if frame.incarnation < peer.incarnation or not peer.fresh(frame.number):
            self.tally.add(frame.sender, "replayed")
            return []
        # The others may have heard it in time, so what we know is not what they know.
        self.tally.add(frame.sender, "late" if frame.date < at else "early")
        return [Belated(frame.sender)]

    def _meet(self, frame: Frame, at: float) -> Peer:
        while len(self._peers) >= MOST_PEERS:
            del self._peers[min(self._peers, key=lambda name: self._peers[name].heard)]
        self._peers[frame.sender] = peer = Peer(frame.incarnation, at)
        return peer

    def _understand(self, peer: Peer, frame: Frame, at: float, *, own: bool) -> Iterator[Event]:
        if frame.kind == "s":
            yield Said(sender=frame.sender, text=frame.said, signed=frame.key != "", own=own)
            return
        text = unpack(frame.body, largest=self.limit)
        if text is None:
            self.tally.add(frame.sender, "malformed")
        elif frame.kind == "c":
            yield Signal(sender=frame.sender, text=text, date=frame.date, own=own)
        elif not own:
            yield from self._keep_house(peer, frame, text, at)

    def _keep_house(self, peer: Peer, frame: Frame, text: str, at: float) -> Iterator[Event]:
        """Take a beacon, an answer, or somebody's wish to hear something again."""
        if frame.kind == "b" and (tops := re.fullmatch(r"([0-9a-z]{1,9}) ([0-9a-z]{1,9})", text)):
            for kind, top in zip(STREAMS, tops.groups(), strict=True):
                yield from self._in.told(peer, frame, kind, int(top, 36), at)
            return
        asked = _ASKED.fullmatch(text)
        try:
            numbers = None if asked is None else (int(asked[3], 36), int(asked[4], 36))
        except ValueError:
            numbers = None
        if asked is None or numbers is None:
            self.tally.add(frame.sender, "malformed")
            return
        whose, kind, (incarnation, number) = asked[1], asked[2], numbers
        if whose == self.name and incarnation == self.incarnation:
            if frame.kind == "a":
                yield from self._out.answered(kind, number, frame.sender)
            elif frame.kind == "n" and _RANGES.fullmatch(asked[5] or ""):
                self._out.repeat(kind, number, _pieces(asked[5]), at)
        elif frame.kind == "n":
            self._hush(whose, incarnation, kind, number, at)

    def _hush(self, whose: str, incarnation: int, kind: str, number: int, at: float) -> None:
        # Somebody else has asked for the same: what is said again will reach us too.
        peer = self._peers.get(whose)
        if peer is not None and peer.incarnation == incarnation and kind in peer.streams:
            part = peer.streams[kind].parts.get(number)
            if part is not None:
                part.touched = at

    def _ask(self, sender: str, peer: Peer, kind: str, number: int, part: Part) -> None:
        text = f"{sender} {kind} {base36(peer.incarnation)} {base36(number)} {part.missing()}"
        # What does not fit is asked for when the rest has come.
        while len(body := pack(text)) > self.room and "," in text:
            text = text.rpartition(",")[0]
        if len(body) <= self.room:
            self._drafts.append(Draft(kind="n", urgency=0 if kind == ORDERS else 1, body=body))

    def _answer(self, sender: str, peer: Peer, kind: str, numbers: list[int]) -> None:
        for number in numbers:
            body = pack(f"{sender} {kind} {base36(peer.incarnation)} {base36(number)}")
            self._drafts.append(Draft(kind="a", urgency=1, body=body))


def _pieces(ranges: str) -> list[int] | None:
    if ranges == "*":
        return None
    pieces = set[int]()
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        pieces.update(range(int(first, 36), min(int(last or first, 36), MOST_PIECES) + 1))
    return sorted(pieces)
