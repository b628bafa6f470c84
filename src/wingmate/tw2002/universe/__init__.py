"""A Trade Wars universe of our own, to play against without asking anybody.

    async with Universe(Settings(seed=7), save="universe.db") as universe:
        port = await universe.serve()

It answers on the loopback address only, unless told otherwise. Telnet is not encrypted and anybody
who reaches the port can play, so serve on another address only in a network you trust.
"""

from __future__ import annotations

from ._server import Universe as Universe
from .engine.settings import Settings as Settings

__all__ = ("Settings", "Universe")
