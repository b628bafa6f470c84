"""The block world: a state, and the rules by which it changes. No I/O, and time is an argument."""

from .rules import create, join, kill, leave, next_due, order, run, take_notices
from .settings import Settings
from .state import WITNESS, Denial, Notice, Player, Task, World

__all__ = (
    "WITNESS",
    "Denial",
    "Notice",
    "Player",
    "Settings",
    "Task",
    "World",
    "create",
    "join",
    "kill",
    "leave",
    "next_due",
    "order",
    "run",
    "take_notices",
)
