"""Trade Wars 2002: the adapter, its events and commands, and what is built on them."""

from __future__ import annotations

from ._adapter import TradeWars

__all__ = ("TradeWars",)
