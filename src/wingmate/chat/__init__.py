"""Bots that coordinate over nothing but a game's chat."""

from ._events import (
    Arrived,
    Belated,
    Delivered,
    Draft,
    Event,
    Met,
    Missed,
    Said,
    Signal,
    Tally,
    Undelivered,
)
from ._frames import Frames
from ._keys import Authority, Key, KeyRing
from ._verbs import TYPES, VILLAGE, Language, Saying, Unread, ValueType, Verb

__all__ = (  # noqa: RUF022 - as people look for them
    "Arrived",
    "Authority",
    "Belated",
    "Delivered",
    "Draft",
    "Event",
    "Frames",
    "Key",
    "KeyRing",
    "Language",
    "Met",
    "Missed",
    "Said",
    "Saying",
    "Signal",
    "Tally",
    "TYPES",
    "Undelivered",
    "Unread",
    "ValueType",
    "Verb",
    "VILLAGE",
)
