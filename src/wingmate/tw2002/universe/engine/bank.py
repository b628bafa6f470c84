"""The 2nd National Galactic Bank: no interest, and a cap (both seen on TWGS 2.20b)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import news
from .growth import need_on
from .refusal import Reason, Refusal
from .state import Place

if TYPE_CHECKING:
    from .state import Player, World


def _teller(world: World, me: Player) -> None:
    if need_on(world, me).place is not Place.STARDOCK:
        raise Refusal(Reason.NOT_DOCKED)


def room(world: World, me: Player) -> int:
    """Tell how much can be deposited now: no more than the cash, and not over the cap."""
    return max(0, min(me.credits, world.settings.max_bank_credits - me.bank))


def deposit(world: World, me: Player, amount: int) -> None:
    """Move cash into one's account.

    Raises NOT_DOCKED, BAD_AMOUNT, NO_CREDITS, OVER_LIMIT (amount: the cap).
    """
    _teller(world, me)
    if amount < 0:
        raise Refusal(Reason.BAD_AMOUNT)
    if amount > me.credits:
        raise Refusal(Reason.NO_CREDITS)
    if amount > room(world, me):
        raise Refusal(Reason.OVER_LIMIT, amount=world.settings.max_bank_credits)
    me.credits -= amount
    me.bank += amount


def withdraw(world: World, me: Player, amount: int) -> None:
    """Take cash from one's account. Raises NOT_DOCKED, BAD_AMOUNT."""
    _teller(world, me)
    if not 0 <= amount <= me.bank:
        raise Refusal(Reason.BAD_AMOUNT, amount=me.bank)
    me.bank -= amount
    me.credits += amount


def transfer(world: World, me: Player, to: Player, amount: int) -> None:
    """Move money to another's account, who need not be on line.

    Raises NOT_DOCKED, SELF, BAD_AMOUNT, OVER_LIMIT (amount: the room in the other account).
    """
    _teller(world, me)
    if to.number == me.number:
        raise Refusal(Reason.SELF)
    if not 0 <= amount <= me.bank:
        raise Refusal(Reason.BAD_AMOUNT, amount=me.bank)
    # Invented: what happens at a full account; the cap itself was seen.
    room_there = max(0, world.settings.max_bank_credits - to.bank)
    if amount > room_there:
        raise Refusal(Reason.OVER_LIMIT, amount=room_there)
    me.bank -= amount
    to.bank += amount
    if amount:  # a transfer of nothing sends nothing: the server's revision notes
        news.tell(world, to.number, news.Transferred(me.name, amount))
