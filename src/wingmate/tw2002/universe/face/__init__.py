"""The telnet face of the universe: screens and dialogs, over any byte stream."""

from __future__ import annotations

from ._house import House as House
from ._session import Session as Session
from ._visit import converse as converse
from ._wire import FULL as FULL
from ._wire import Wire as Wire

__all__ = ("FULL", "House", "Session", "Wire", "converse")
