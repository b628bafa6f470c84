"""Chats to talk over."""

from ._irc import IrcLink
from ._memory import ChatRoom, ChatWeather, MemoryLink
from ._pattern import PatternLink

__all__ = ("ChatRoom", "ChatWeather", "IrcLink", "MemoryLink", "PatternLink")
