"""Trade Wars 2002: the adapter, and here in one place what a bot's author needs of the rooms below.

Events, commands and refusals are in `events`, `commands` and `errors`; the game server in `universe`.
"""

from __future__ import annotations

from ._adapter import TradeWars
from .atlas import Atlas, Pair
from .pilot import Account, Haggler, Pilot
from .roles import Banker, Defender, Scout, Trader

__all__ = (
    "Account",
    "Atlas",
    "Banker",
    "Defender",
    "Haggler",
    "Pair",
    "Pilot",
    "Scout",
    "TradeWars",
    "Trader",
)
