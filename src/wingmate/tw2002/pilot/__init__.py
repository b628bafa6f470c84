"""High-level verbs over a bot that plays Trade Wars 2002."""

from __future__ import annotations

from ._account import Account
from ._haggle import Haggle, Haggler
from ._pilot import Pilot
from ._ship import Ship
from ._trade import Haul, Plan, Visit

__all__ = ("Account", "Haggle", "Haggler", "Haul", "Pilot", "Plan", "Ship", "Visit")
