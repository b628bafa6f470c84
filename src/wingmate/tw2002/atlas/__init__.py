"""The map of the universe, drawn from what the crew's store knows."""

from __future__ import annotations

from ._atlas import Atlas
from ._draw import draw_svg, draw_text
from ._prices import Pair, unit_price
from ._values import CODES, HIGHEST_SECTOR, PRODUCTS, Danger, Port, Sector, Stock

__all__ = (
    "CODES",
    "HIGHEST_SECTOR",
    "PRODUCTS",
    "Atlas",
    "Danger",
    "Pair",
    "Port",
    "Sector",
    "Stock",
    "draw_svg",
    "draw_text",
    "unit_price",
)
