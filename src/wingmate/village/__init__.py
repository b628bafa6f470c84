"""A village of blocks: an embedded world with a line protocol, and what plays in it.

`Village` is the server, `VillageAdapter` understands it, `Hands` turns its commands into verbs.
"""

from ._adapter import VillageAdapter
from ._hands import Hands, Sight, TurnedDown, VillageBot
from ._server import Village
from ._spot import Spot
from .world import Settings

__all__ = ("Hands", "Settings", "Sight", "Spot", "TurnedDown", "Village", "VillageAdapter", "VillageBot")
