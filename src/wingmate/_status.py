"""What a supervisor tells about its bots, and the orders it takes for them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeAlias

from attrs import field, frozen

from ._facts import Json


class State(Enum):
    """Where a bot is in its life."""

    CREATED = "created"  # known, waiting for its turn to start
    CONNECTING = "connecting"
    RUNNING = "running"
    PAUSED = "paused"  # nothing is sent
    DRAINING = "draining"  # finishing its cycle, then leaving
    WAITING = "waiting"  # crashed, will try again
    DONE = "done"  # the role returned
    STOPPED = "stopped"  # somebody asked for it
    FAILED = "failed"  # gave up; see `last_error`

    @property
    def over(self) -> bool:
        """Whether nothing more will happen without an order."""
        return self in {State.DONE, State.STOPPED, State.FAILED}


@frozen(kw_only=True)
class Progress:
    """The last thing a role got done: which figure, its value, and the date."""

    metric: str
    value: float
    at: float


def _no_figures() -> Mapping[str, Json]:
    return MappingProxyType({})


@frozen(kw_only=True)
class Status:
    """One bot at one moment. `at` is the date of the change, `turns` counts commands sent."""

    name: str
    role: str
    state: State
    goal: Json = None
    incarnation: int = 0
    where: str = ""
    doing: str = ""
    figures: Mapping[str, Json] = field(factory=_no_figures)
    progress: Progress | None = None
    turns: int = 0
    last_error: str = ""
    reason: str = ""
    at: float = 0.0


@frozen
class Pause:
    """Send nothing until resumed."""


@frozen
class Resume:
    """Go on from where the pause began."""


@frozen
class Assign:
    """Play another role, without hanging up."""

    role: Any


@frozen
class Pursue:
    """Have another goal; the role reads it as `bot.goal` at its next cycle."""

    goal: Json


Order: TypeAlias = Pause | Resume | Assign | Pursue
