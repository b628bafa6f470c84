"""How to haggle: a swappable decision, told everything, asked for a figure.

Seen on TWGS 2.20b: the port's first offer lies 4 to 8 per cent on its side of what it would take; it
comes down by about a third of the gap after each counter, none to five of them, then makes a final
offer, which refuses nearly everything but itself. A bid of 60 % of the offer is laughed at for ever.
"""

from __future__ import annotations

from typing import Final, Literal

from attrs import field, frozen, validators

MOST_ROUNDS: Final = 12  # a haggle has about seven at most


@frozen(kw_only=True)
class Haggle:
    """A haggle so far: what *we* do, the port's first and present figure, our bids, and its mood."""

    side: Literal["buy", "sell"]
    product: str
    units: int
    first: int
    offer: int
    bids: tuple[int, ...] = ()
    final: bool = False
    jokes: int = 0

    @property
    def rounds(self) -> int:
        """How often we have bid."""
        return len(self.bids)


@frozen
class Haggler:
    """Open some per cent on our side, give way by a part of the gap, take the final offer.

    Subclass it and override `bid` for another way; the pilot itself ends a haggle of twelve rounds.
    """

    buy_at: float = field(default=0.955, validator=[validators.gt(0.5), validators.le(1.0)])
    sell_at: float = field(default=1.045, validator=[validators.ge(1.0), validators.lt(2.0)])
    give: float = field(default=0.4, validator=[validators.gt(0.0), validators.le(1.0)])
    patience: int = field(default=4, validator=validators.ge(0))

    def bid(self, haggle: Haggle) -> int:
        """Name our figure; the port's own accepts."""
        if haggle.final or haggle.jokes > 1 or haggle.rounds >= self.patience:
            return haggle.offer
        if not haggle.bids:
            return round(haggle.first * (self.buy_at if haggle.side == "buy" else self.sell_at))
        last = haggle.bids[-1]
        return last + round((haggle.offer - last) * self.give)


def settled(haggle: Haggle, bid: int) -> int:
    """Keep a bid within reason: never worse than the port's own figure, nor below one credit."""
    if haggle.rounds >= MOST_ROUNDS:
        return haggle.offer
    if haggle.side == "buy":
        return max(1, min(bid, haggle.offer))
    return max(bid, haggle.offer)
