"""Commands for ports and for the StarDock."""

from __future__ import annotations

from attrs import field, frozen

from .. import events as ev
from .._manner import Command, Manner, key, number, one_of

MAIN = ("command",)
SHOPS = {
    "bank": "g",
    "hardware": "h",
    "shipyards": "s",
}


@frozen
class Dock(Command):
    """Ask to dock at the port here; its menu follows."""

    manner = Manner(
        keys="p", at=MAIN, headers=("Port",), prompts=("port-menu",), events=(ev.NoPortHere, ev.OutOfTurns)
    )


@frozen
class TradeHere(Command):
    """Trade at this port: costs a turn."""

    manner = Manner(keys="t", at=("port-menu",), headers=("Port",), events=(ev.Docked, ev.OutOfTurns))


@frozen
class LeavePort(Command):
    """Do not dock after all."""

    manner = Manner(keys="q", at=("port-menu",), prompts=MAIN)


@frozen
class Quantity(Command):
    """Say how many holds to trade; 0 skips the product."""

    manner = Manner(
        keys="{units}\r", at=("trade-quantity",), events=(ev.Agreed, ev.TradeEnded, ev.Traded, ev.CreditsTold)
    )
    units: int = field(validator=number)


@frozen
class Offer(Command):
    """Make an offer in a haggle; the port's own figure accepts it."""

    manner = Manner(keys="{credits}\r", at=("offer",), events=(ev.Haggled, ev.Traded))
    credits: int = field(validator=number)


@frozen
class VisitStarDock(Command):
    """Land on the StarDock: costs a turn."""

    manner = Manner(
        keys="s",
        at=("port-menu",),
        prompts=("stardock", "limpet-removal"),
        events=(ev.OutOfTurns,),
        within=30,
    )


@frozen
class VisitShop(Command):
    """Walk into a shop on the StarDock. Never send Enter there: a stroll ends in a mugging."""

    manner = Manner(keys="{letter}", at=("stardock",), prompts=tuple(SHOPS))
    shop: str = field(validator=one_of(*SHOPS))

    @property
    def letter(self) -> str:
        """The key."""
        return SHOPS[self.shop]


@frozen
class LeaveShop(Command):
    """Go back from a shop to the StarDock."""

    manner = Manner(keys="q", at=tuple(SHOPS), prompts=("stardock",))


@frozen
class LeaveStarDock(Command):
    """Blast off from the StarDock."""

    manner = Manner(keys="q", at=("stardock",), events=(ev.StarDockLeft,))


@frozen
class ExamineAccount(Command):
    """Ask the bank for our balance."""

    manner = Manner(keys="e", at=("bank",), events=(ev.BankBalanceTold,), repeatable=True)


@frozen
class Deposit(Command):
    """Ask the bank to take credits; asks how many (`deposit`), and confirms what it took."""

    manner = Manner(keys="d", at=("bank",), prompts=("deposit",), events=(ev.BankRefused,))


@frozen
class Withdraw(Command):
    """Ask the bank for credits; asks how many (`withdraw`), and confirms what it gave."""

    manner = Manner(keys="w", at=("bank",), prompts=("withdraw",), events=(ev.BankRefused,))


@frozen
class CallUp(Command):
    """Ask a shop for an article by its letter; its question follows."""

    manner = Manner(
        keys="{letter}",
        at=("hardware", "shipyards", "class-zero"),
        events=(ev.Prompted, ev.ShopRefused),
    )
    letter: str = field(validator=key)
