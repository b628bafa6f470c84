"""What class 0 ports and the shipyards sell for the ship one has: holds, fighters, shields."""

from __future__ import annotations

from collections.abc import Callable

from ..engine import stardock
from ..engine.refusal import Reason, Refusal
from . import _ink as ink
from ._house import Seat
from ._status import clock

WHICH = f"{ink.m}Which item do you wish to buy? {ink.Y}(A,B,C,Q,?){ink.m0} "


async def class_zero(seat: Seat) -> None:
    """Sell until the customer leaves."""
    io = seat.io
    while True:
        prices = stardock.class_zero(seat.world, seat.me)
        io.blank()
        io.line(f"{ink.Y}Commerce report for: {ink.y}{clock(seat.world.date)}     {ink.g}You can buy:")
        for key, name, price, unit, most in (
            ("A", "Cargo holds", prices.hold_price, "credits / next hold", prices.holds_max),
            ("B", "Fighters", prices.fighter_price, "credits per fighter", prices.fighters_max),
            ("C", "Shield Points", prices.shield_price, "credits per point", prices.shields_max),
        ):
            io.line(
                f"{ink.m}{key}  {ink.c}{name:<16}{ink.Y}:{int(price):>7} {ink.g0}{unit:<20}{ink.C}{most:>16}"
            )
        io.blank()
        key = await io.choose(WHICH, "ABCQ?", default="Q")
        if key == "Q":
            return
        io.blank()
        if key == "A":
            await _holds(seat, prices)
        elif key == "B":
            await _fighters(seat, prices)
        elif key == "C":
            await _shields(seat, prices)
        seat.house.tick()
        io.line(f"{ink.g}You have {ink.Y}{seat.me.credits:,}{ink.g0} credits.")


def cannot(no: Refusal) -> str:
    """Say why nothing was sold."""
    if no.reason is Reason.NO_CREDITS:
        return f"{ink.R}You can not afford it!"
    return f"{ink.R}That is not possible: {no.reason.value}."


def turned_away(seat: Seat, no: Refusal) -> str:
    """Say why a ship may not dock."""
    if no.reason is Reason.NO_TURNS:
        return f"{ink.r}You don't have {'enough' if seat.me.turns else 'any'} turns left."
    return f"{ink.r}You cannot dock here: {no.reason.value}."


async def _holds(seat: Seat, prices: stardock.ClassZero) -> None:
    io = seat.io
    if not prices.holds_max:
        io.line(f"{ink.g}Your ship cannot take any more holds.")
        return
    price = int(prices.hold_price)
    io.line(f"{ink.g}Installing your next Cargo hold will cost {ink.Y}{price:,}{ink.g0} credits. ")
    wanted = await io.number(f"{ink.m}How many Cargo Holds do you want installed? ", prices.holds_max)
    if not wanted:
        return
    cost = stardock.hold_cost(seat.world, seat.me, wanted)
    io.line(f"{ink.g}The cost for {ink.Y}{wanted}{ink.g0} more holds is {ink.Y}{cost:,}{ink.g0} credits.")
    if await io.yes(f"{ink.m}Are you still interested in buying them? "):
        _buy(seat, stardock.buy_holds, wanted)


async def _fighters(seat: Seat, prices: stardock.ClassZero) -> None:
    most = prices.fighters_max
    prompt = f"{ink.m}How many K-3A fighters do you want to buy {ink.Y}(Max {most:,}){ink.m0} [0] ? "
    wanted = await seat.io.number(prompt, most)
    if wanted:
        _buy(seat, stardock.buy_fighters, wanted)


async def _shields(seat: Seat, prices: stardock.ClassZero) -> None:
    most = prices.shields_max
    seat.io.line(f"{ink.g}You have {ink.Y}{seat.ship.shields}{ink.g0} shields.")
    prompt = f"{ink.m}How many shield armor points do you want to buy {ink.Y}(Max {most:,}){ink.m0} [0] ? "
    wanted = await seat.io.number(prompt, most)
    if wanted:
        _buy(seat, stardock.buy_shields, wanted)


def _buy(seat: Seat, verb: Callable[..., int], wanted: int) -> None:
    try:
        verb(seat.world, seat.me, wanted)
    except Refusal as no:
        seat.io.line(cannot(no))
