"""What a player hears from the village, in the past tense."""

from __future__ import annotations

from typing import TypeAlias

from attrs import frozen

from ._spot import Spot

__all__ = (
    "Answered",
    "Denied",
    "Died",
    "Event",
    "Heard",
    "Joined",
    "Kicked",
    "Left",
    "Respawned",
    "Welcomed",
)


@frozen(kw_only=True)
class Welcomed:
    """The village greeted us and told its measures."""

    version: int
    size: int
    day: float
    speed: float
    chat_burst: int
    chat_every: float


@frozen
class Answered:
    """What was asked under a number was done; the text is its result."""

    number: int
    text: str


@frozen
class Denied:
    """What was asked under a number was not done: a code for programs, a reason for people."""

    number: int
    code: str
    reason: str
    retry_after: float | None = None


@frozen
class Heard:
    """Somebody said something; everybody hears the same in the same order, the sender too."""

    sender: str
    text: str


@frozen
class Joined:
    """Somebody entered the world."""

    name: str


@frozen
class Left:
    """Somebody left the world."""

    name: str


@frozen
class Died:
    """Somebody died, and lost what it carried."""

    name: str
    cause: str


@frozen
class Respawned:
    """We are back where life begins."""

    spot: Spot


@frozen
class Kicked:
    """The village is about to hang up on us."""

    reason: str


Event: TypeAlias = Answered | Denied | Died | Heard | Joined | Kicked | Left | Respawned | Welcomed
