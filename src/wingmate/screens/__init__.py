"""For games that talk to people on a terminal: bytes to text, prompts as data, unknown screens.

Nothing in here knows a game.
"""

from __future__ import annotations

from ._adapter import ScreenAdapter
from ._ansi import AnsiReader
from ._capture import Clue, Fit, capture, explain
from ._glance import GlanceAdapter, Glimpsed
from ._items import Interjected, Item, Line, PromptSeen
from ._keyboard import Command, Press, Type
from ._lazy import LazyScreenAdapter, Prompted
from ._reader import ScreenReader
from ._rules import Interjection, Prompt, PromptMatch, PromptRules
from ._settle import Reason, Settled, settle, settle_bot
from ._template import Template, Value

__all__ = (
    "AnsiReader",
    "Clue",
    "Command",
    "Fit",
    "GlanceAdapter",
    "Glimpsed",
    "Interjected",
    "Interjection",
    "Item",
    "LazyScreenAdapter",
    "Line",
    "Press",
    "Prompt",
    "PromptMatch",
    "PromptRules",
    "PromptSeen",
    "Prompted",
    "Reason",
    "ScreenAdapter",
    "ScreenReader",
    "Settled",
    "Template",
    "Type",
    "Value",
    "capture",
    "explain",
    "settle",
    "settle_bot",
)
