"""Commands for ports and for the StarDock."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from .. import events as ev
from .._manner import Manner, key, number, one_of

MAIN = ("command",)
SHOPS = {
    "bank": "g",
    "hardware": "h",
    "shipyards": "s",
    "police": "p",
    "tavern": "t",
    "library": "l",
    "cineplex": "c",
}


@frozen
class Dock:
    """Ask to dock at the port here; its menu follows."""

    manner: ClassVar = Manner(
        keys="p", at=MAIN, headers=("Port",), prompts=("port-menu",), events=(ev.NoPortHere, ev.OutOfTurns)
    )


@frozen
class TradeHere:
    """Trade at this port: costs a turn."""

    manner: ClassVar = Manner(
        keys="t", at=("port-menu",), headers=("Port",), events=(ev.Docked, ev.OutOfTurns)
    )


@frozen
class LeavePort:
    """Do not dock after all."""

    manner: ClassVar = Manner(keys="q", at=("port-menu",), prompts=MAIN)


@frozen
class Quantity:
    """Say how many holds to trade; 0 skips the product."""

    manner: ClassVar = Manner(
        keys="{units}\r", at=("trade-quantity",), events=(ev.Agreed, ev.TradeEnded, ev.Traded, ev.CreditsTold)
    )
    units: int = field(validator=number)


@frozen
class Offer:
    """Make an offer in a haggle; the port's own figure accepts it."""

    manner: ClassVar = Manner(keys="{credits}\r", at=("offer",), events=(ev.Haggled, ev.Traded))
    credits: int = field(validator=number)


@frozen
class VisitStarDock:
    """Land on the StarDock: costs a turn."""

    manner: ClassVar = Manner(
        keys="s",
        at=("port-menu",),
        prompts=("stardock", "limpet-removal"),
        events=(ev.OutOfTurns,),
        within=30,
    )


@frozen
class VisitShop:
    """Walk into a shop on the StarDock. Never send Enter there: a stroll ends in a mugging."""

    manner: ClassVar = Manner(keys="{letter}", at=("stardock",), prompts=tuple(SHOPS))
    shop: str = field(validator=one_of(*SHOPS))

    @property
    def letter(self) -> str:
        """The key."""
        return SHOPS[self.shop]


@frozen
class LeaveShop:
    """Go back from a shop to the StarDock."""

    manner: ClassVar = Manner(keys="q", at=tuple(SHOPS), prompts=("stardock",))


@frozen
class LeaveStarDock:
    """Blast off from the StarDock."""

    manner: ClassVar = Manner(keys="q", at=("stardock",), events=(ev.StarDockLeft,))


@frozen
class ExamineAccount:
    """Ask the bank for our balance."""

    manner: ClassVar = Manner(keys="e", at=("bank",), events=(ev.BankBalanceTold,), repeatable=True)


@frozen
class Deposit:
    """Ask the bank to take credits; asks how many (`deposit`), and confirms what it took."""

    manner: ClassVar = Manner(keys="d", at=("bank",), prompts=("deposit",), events=(ev.BankRefused,))


@frozen
class Withdraw:
    """Ask the bank for credits; asks how many (`withdraw`), and confirms what it gave."""

    manner: ClassVar = Manner(keys="w", at=("bank",), prompts=("withdraw",), events=(ev.BankRefused,))


@frozen
class CallUp:
    """Ask a shop for an article by its letter; its question follows."""

    manner: ClassVar = Manner(
        keys="{letter}",
        at=("hardware", "shipyards", "class-zero"),
        events=(ev.Prompted, ev.ShopRefused),
    )
    letter: str = field(validator=key)
