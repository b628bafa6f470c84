"""What is left of a line of chat when everything but the words is taken away."""

from __future__ import annotations

import re

# In this order: terminal colours, Minecraft colours, IRC colours and formats.
_DRESS = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b.?|\xa7.?|\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6})?",
    re.DOTALL,
)
LONGEST = 4096  # characters of a line that are looked at; no chat has longer ones
# Without the tilde: it belongs to nobody's words here, and some games give it a meaning.
PRINTABLE = "".join(map(chr, range(32, 126)))


def clean(text: str) -> str:
    """Take out colours, control characters and what cannot be seen; spaces become single."""
    text = text[:LONGEST]
    if not (text.isascii() and text.isprintable()):
        text = "".join([sign if sign.isprintable() else " " for sign in _DRESS.sub("", text)])
    return " ".join(text.split())
