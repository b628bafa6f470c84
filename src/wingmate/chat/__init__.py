"""Bots that coordinate over nothing but a game's chat."""

from ._channel import Attendant, ChatChannel
from ._desk import Terms
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
from ._link import AwayLink, ChatLine, ChatLink, HeardLine, Interrupted, Traits
from ._requests import EXPIRY, Request, RequestBook, Stage, assign, cycles
from ._store import ChatStore
from ._verbs import TYPES, VILLAGE, Language, Saying, Unread, ValueType, Verb

__all__ = (  # noqa: RUF022 - as people look for them
    "Arrived",
    "assign",
    "Attendant",
    "Authority",
    "AwayLink",
    "Belated",
    "ChatChannel",
    "ChatLine",
    "ChatLink",
    "ChatStore",
    "cycles",
    "Delivered",
    "Draft",
    "Event",
    "EXPIRY",
    "Frames",
    "HeardLine",
    "Interrupted",
    "Key",
    "KeyRing",
    "Language",
    "Met",
    "Missed",
    "Request",
    "RequestBook",
    "Said",
    "Saying",
    "Signal",
    "Stage",
    "Tally",
    "Terms",
    "Traits",
    "TYPES",
    "Undelivered",
    "Unread",
    "ValueType",
    "Verb",
    "VILLAGE",
)
