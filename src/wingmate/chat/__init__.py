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
from ._link import ChatLine, ChatLink, HeardLine, Interrupted, Traits
from ._store import ChatStore
from ._verbs import TYPES, VILLAGE, Language, Saying, Unread, ValueType, Verb

__all__ = (  # noqa: RUF022 - as people look for them
    "Arrived",
    "Attendant",
    "Authority",
    "Belated",
    "ChatChannel",
    "ChatLine",
    "ChatLink",
    "ChatStore",
    "Delivered",
    "Draft",
    "Event",
    "Frames",
    "HeardLine",
    "Interrupted",
    "Key",
    "KeyRing",
    "Language",
    "Met",
    "Missed",
    "Said",
    "Saying",
    "Signal",
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
