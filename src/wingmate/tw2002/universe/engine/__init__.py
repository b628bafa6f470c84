"""The rules of the game: pure, seeded, deterministic; no clock, no chance of its own, no I/O.

`World` is the state; verbs are functions of the modules (`travel.move(world, me, 7)`), which return
frozen values, or raise `Refusal` and change nothing. Time enters by `advance`.
"""

from __future__ import annotations

from . import (
    bank,
    calendar,
    census,
    chat,
    combat,
    galaxy,
    haggle,
    news,
    ports,
    roster,
    stardock,
    tables,
    travel,
)
from .creation import advance, big_bang
from .records import Changes, digest, pack
from .refusal import Reason, Refusal
from .settings import Settings
from .state import Mode, Place, Player, Prefs, Ship, World

__all__ = (
    "Changes",
    "Mode",
    "Place",
    "Player",
    "Prefs",
    "Reason",
    "Refusal",
    "Settings",
    "Ship",
    "World",
    "advance",
    "bank",
    "big_bang",
    "calendar",
    "census",
    "chat",
    "combat",
    "digest",
    "galaxy",
    "haggle",
    "news",
    "pack",
    "ports",
    "roster",
    "stardock",
    "tables",
    "travel",
)
