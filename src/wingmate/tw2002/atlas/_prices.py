"""What goods are worth, and which two neighbouring ports pay best.

The price formula is the players' research on the game's port prices:

    unit = base + s * weekday - experience - MCIC * factor * percent,   never below 4

with s = +1 where the port buys and -1 where it sells; base 25.5 / 50.5 / 90.5 and factor
0.25 / 0.5 / 0.9 for ore, organics and equipment; weekday 0 to 18 credits; experience
s * (1000 - points) / 100 up to a thousand points; percent the stock as a part of its maximum.
MCIC is fixed per port and product: 40 to 90, 30 to 75, 20 to 65, negative where the port buys. Two
ports of a TWGS 2.20b agreed with it. MCIC cannot be read off a screen, so the middle stands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from attrs import frozen

from ._values import PRODUCTS, Port, Product

BASE: Final[Mapping[Product, float]] = MappingProxyType({"ore": 25.5, "organics": 50.5, "equipment": 90.5})
FACTOR: Final[Mapping[Product, float]] = MappingProxyType({"ore": 0.25, "organics": 0.5, "equipment": 0.9})
MIDDLE_MCIC: Final[Mapping[Product, float]] = MappingProxyType(
    {"ore": 65.0, "organics": 52.5, "equipment": 42.5}
)
MIDDLE_WEEKDAY: Final = 10.0
DOCKING: Final = 1  # turns for each visit to a port
STOCK_LASTS = 86_400.0  # seconds; ports regain a twentieth a day, so a day-old report still tells something


@frozen(kw_only=True)
class Pair:
    """Two ports one warp apart in both directions, and what a round trip with full holds brings.

    `out` is bought at `here` and sold at `there`, `back` the other way; either may be None.
    """

    here: int
    there: int
    out: Product | None
    back: Product | None
    profit: float
    turns: int

    @property
    def per_turn(self) -> float:
        """Credits for each turn spent."""
        return self.profit / self.turns

    @property
    def key(self) -> str:
        """What one claims to trade here alone."""
        return f"pair/{min(self.here, self.there)}-{max(self.here, self.there)}"


def unit_price(
    product: Product,
    *,
    buying: bool,
    percent: float = 100.0,
    experience: int = 0,
    mcic: float | None = None,
) -> float:
    """Estimate what a port pays (*buying*) or asks for one unit, before any haggling."""
    sign = 1 if buying else -1
    size = MIDDLE_MCIC[product] if mcic is None else abs(mcic)
    rookie = sign * max(0, 1000 - experience) / 100
    unit = BASE[product] + sign * MIDDLE_WEEKDAY - rookie + sign * size * FACTOR[product] * percent / 100
    return max(4.0, unit)


def make_pair(
    here: Port, there: Port, *, holds: int, turns_per_warp: int, experience: int, date: float
) -> Pair | None:
    """Estimate a round trip between two ports; None if there is nothing to gain."""
    out, gain_out = _best(here, there, holds, experience, date)
    back, gain_back = _best(there, here, holds, experience, date)
    profit = gain_out + gain_back
    if profit <= 0:
        return None
    turns = 2 * turns_per_warp + 2 * DOCKING
    return Pair(here=here.sector, there=there.sector, out=out, back=back, profit=profit, turns=turns)


def _best(
    seller: Port, buyer: Port, holds: int, experience: int, date: float
) -> tuple[Product | None, float]:
    best: tuple[Product | None, float] = (None, 0.0)
    for product in PRODUCTS:
        if seller.sells(product) and buyer.buys(product):
            units = min(holds, _units(seller, product, date), _units(buyer, product, date))
            pays = unit_price(
                product, buying=True, percent=_percent(buyer, product, date), experience=experience
            )
            asks = unit_price(
                product, buying=False, percent=_percent(seller, product, date), experience=experience
            )
            gain = units * (pays - asks)
            if gain > best[1]:
                best = (product, gain)
    return best


def _units(port: Port, product: Product, date: float) -> float:
    if product not in port.products or date - port.seen_at > STOCK_LASTS:
        return float("inf")
    return port.products[product].amount


def _percent(port: Port, product: Product, date: float) -> float:
    if product not in port.products or date - port.seen_at > STOCK_LASTS:
        return 100.0
    return port.products[product].percent
