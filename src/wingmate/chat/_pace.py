"""How fast a bot may speak, and what waits until it may."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from heapq import heappop, heappush

from attrs import define, field, frozen

from ._events import Draft
from ._frames import Frames
from ._link import Traits
from ._outbound import CHATTER, ORDERS

REPEATABLE = "bnc"  # kinds of lines of which one in the queue is enough, if it says the same


@define(eq=False)
class Pace:
    """A token bucket: `rate` lines a second, after `burst` at once."""

    traits: Traits
    _tokens: float = field(init=False)
    _at: float = field(init=False, default=0.0)

    def __attrs_post_init__(self) -> None:
        self._tokens = float(self.traits.burst)

    def delay(self, at: float) -> float:
        """Say how long to wait before the next line."""
        self._tokens = min(float(self.traits.burst), self._tokens + (at - self._at) * self.traits.rate)
        self._at = at
        # A token that lacks only what rounding took from it counts.
        return 0.0 if self._tokens >= 1 - 1e-6 else (1 - self._tokens) / self.traits.rate

    def take(self) -> None:
        """Use up a line."""
        self._tokens -= 1


@frozen
class Words:
    """A message that is not split yet."""

    text: str
    to: tuple[str, ...] = ()


@define(eq=False)
class Outbox:
    """What waits to be said: lines by urgency, and behind them at most `size` messages, orders first.

    When there are more, the oldest chatter is dropped, counted in `dropped`. A message gets its number
    only when its turn comes, so that nobody misses one that was dropped.
    """

    frames: Frames
    size: int
    dropped: Counter[str] = field(init=False, factory=Counter[str])
    _lines: list[tuple[int, int, Draft]] = field(init=False, factory=list[tuple[int, int, Draft]])
    _count: int = field(init=False, default=0)
    _pending: Counter[str] = field(init=False, factory=Counter[str])
    _queues: dict[str, deque[Words]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._queues = {ORDERS: deque[Words](), CHATTER: deque[Words]()}

    def __len__(self) -> int:
        return len(self._lines) + sum(map(len, self._queues.values()))

    def put(self, words: Words, *, urgent: bool) -> None:
        """Add a message, dropping the least needed if there are too many."""
        self._queues[ORDERS if urgent else CHATTER].append(words)
        if sum(map(len, self._queues.values())) > self.size:
            kind = CHATTER if self._queues[CHATTER] else ORDERS
            self._queues[kind].popleft()
            self.dropped["chatter" if kind == CHATTER else "orders"] += 1

    def add(self, drafts: Iterable[Draft]) -> None:
        """Add lines."""
        for draft in drafts:
            same = f"{draft.kind}{draft.body}"
            if draft.kind in REPEATABLE and draft.gone is None and self._pending[same]:
                continue
            self._pending[same] += 1
            self._pending[draft.kind] += 1
            self._count += 1
            heappush(self._lines, (draft.urgency, self._count, draft))

    def next(self) -> Draft | None:
        """Take the line to say now."""
        self.add(self.frames.drain())
        for kind, queue in self._queues.items():
            # One message of a kind at a time is in pieces; the others can still be dropped.
            if queue and not self._pending[kind]:
                words = queue.popleft()
                self.frames.send(words.text, urgent=kind == ORDERS, to=words.to)
                self.add(self.frames.drain())
        while self._lines:
            draft = heappop(self._lines)[2]
            for key in (f"{draft.kind}{draft.body}", draft.kind):
                self._pending[key] -= 1
                if self._pending[key] <= 0:
                    del self._pending[key]
            if not draft.void:
                return draft
        return None
