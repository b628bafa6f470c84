"""Ready-made roles for Trade Wars 2002; subclass one and override its decisions."""

from __future__ import annotations

from ._banker import Banker
from ._defender import Defender
from ._scout import Scout
from ._trader import Trader

__all__ = ("Banker", "Defender", "Scout", "Trader")
