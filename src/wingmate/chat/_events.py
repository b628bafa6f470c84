"""What listening to a chat can bring, and what there is to send."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TypeAlias

from attrs import define, field, frozen

MOST_NAMES = 256  # speakers counted one by one; the others together
OTHERS = "(others)"


@frozen(kw_only=True)
class Arrived:
    """A whole message came; each comes once, those of one sender in order."""

    sender: str
    text: str
    date: float
    urgent: bool


@frozen(kw_only=True)
class Signal:
    """A line of the coordination itself came, at once and out of any order; `own` is our echo."""

    sender: str
    text: str
    date: float
    own: bool


@frozen(kw_only=True)
class Said:
    """Somebody said a readable line; `sender` is proven if it is signed, and the link's word if not."""

    sender: str
    text: str
    signed: bool
    own: bool = False


@frozen
class Met:
    """A bot is heard for the first time, or for the first time since it started again."""

    sender: str


@frozen
class Missed:
    """Messages of a sender are given up: nobody could repeat them."""

    sender: str
    count: int


@frozen
class Belated:
    """A signal came too late to count, though others may have heard it in time: this link lags behind."""

    sender: str


@frozen
class Delivered:
    """All whose answer was asked for have the message."""

    number: int


@frozen
class Undelivered:
    """These never answered."""

    number: int
    to: tuple[str, ...]


Event: TypeAlias = "Arrived | Signal | Said | Met | Missed | Belated | Delivered | Undelivered"


@define(eq=False, kw_only=True)
class Draft:
    """A line to send; it is stamped when it leaves, for its date must be true then.

    `urgency` 0 goes first. `gone` is told the date of leaving. One that is `void` is not sent any more.
    """

    kind: str
    urgency: int
    body: str = ""
    number: int | None = None
    piece: int = 0
    pieces: int = 1
    said: str = ""
    gone: Callable[[float], None] | None = None
    void: bool = False


@define(eq=False)
class Tally:
    """What was ignored, per speaker and reason; bounded, whoever makes up names."""

    counts: dict[str, Counter[str]] = field(factory=dict[str, Counter[str]])

    def add(self, who: str, what: str) -> None:
        """Count one."""
        if who not in self.counts and len(self.counts) >= MOST_NAMES:
            who = OTHERS
        self.counts.setdefault(who, Counter())[what] += 1

    def total(self, what: str) -> int:
        """Say how often that happened, whoever did it."""
        return sum(counts[what] for counts in self.counts.values())
