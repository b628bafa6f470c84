"""A village of blocks: an embedded world with a line protocol, and what plays in it.

`Village` is the server, `VillageAdapter` understands it, `Hands` turns its commands into verbs.
"""

from ._adapter import VillageAdapter
from ._hands import Hands, Sight, TurnedDown, VillageBot
from ._link import VillageLink
from ._server import Village
from ._signs import SignStore
from ._spot import Spot
from ._view import LEGEND, draw
from .world import Settings

__all__ = (
    "LEGEND",
    "Hands",
    "Settings",
    "Sight",
    "SignStore",
    "Spot",
    "TurnedDown",
    "Village",
    "VillageAdapter",
    "VillageBot",
    "VillageLink",
    "draw",
)
