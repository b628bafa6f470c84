"""Hostile fighters in the way."""

from __future__ import annotations

from ..engine import combat, travel
from ..engine.refusal import Reason, Refusal
from . import _ink as ink
from ._house import Seat
from ._sector import sector_block
from ._status import info


async def meet(seat: Seat) -> None:
    """Ask what to do until the fighters are gone, paid, or fled from."""
    io = seat.io
    while (odds := combat.standoff(seat.world, seat.me)) is not None and not seat.me.dead:
        way_out = f"or pay the {odds.toll:,} credit toll " if odds.toll else ""
        io.line(f"{ink.r}You have to destroy the fighters {way_out}to remain in this sector.")
        io.blank()
        io.line(f"{ink.g}Your fighters: {ink.Y}{odds.yours:,} {ink.g0}vs. theirs: {ink.Y}{odds.theirs:,}")
        keys = "ADIRP?" if odds.toll else "ADIR?"
        shown = "A,D,I,R,P,?" if odds.toll else "A,D,I,R,?"
        key = await io.hot(f"{ink.m}Option? {ink.Y}({shown}){ink.m0}:? ", keys, news=True)
        await _answer(seat, key)
        seat.house.spread_news()
        if combat.standoff(seat.world, seat.me) is not None:
            io.blank()


def ambushed(seat: Seat, hit: combat.Ambush) -> None:
    """Tell what offensive fighters did on arrival; the loss of a ship comes as news."""
    io = seat.io
    io.blank()
    # Invented: the middle line.
    io.line(f"{ink.alarm}Fighter Attack!")
    io.line(
        f"{ink.g}{hit.owner} destroyed {ink.Y}{hit.shields:,}{ink.g0} shield points and "
        f"{ink.Y}{hit.fighters:,}{ink.g0} fighters."
    )
    if hit.lost_ship:
        io.line(f"{ink.alarm}Your {hit.lost_ship} has been destroyed!")


async def _answer(seat: Seat, key: str) -> None:
    io, world, me = seat.io, seat.world, seat.me
    io.line(key)
    if key == "A":
        await _assault(seat)
    elif key == "D":
        io.put(ink.banner_line("Re-Display") + ink.blank + sector_block(travel.look(world, me)))
    elif key == "I":
        io.put(ink.banner_line("Info") + ink.blank + info(world, me))
    elif key == "R":
        _retreat(seat)
    elif key == "P":
        _pay(seat)
    else:
        # Invented: the wording of the help.
        io.line(f"{ink.g}A attack, D redisplay, I ship information, R retreat, P pay the toll.")


async def _assault(seat: Seat) -> None:
    io = seat.io
    io.put(ink.banner_line("Attack"))
    amount = await ask_wave(seat)
    if not amount:
        return
    battle = combat.assault(seat.world, seat.me, amount)
    io.line(f"{ink.g}You lost {ink.Y}{battle.lost:,}{ink.g0} fighter(s)")
    io.line(f"{ink.g}You destroyed {ink.Y}{battle.destroyed:,}{ink.g0} enemy fighters.")
    if battle.experience:
        io.line(
            f"{ink.g}For attacking this slimeball's fighters you receive {ink.Y}{battle.experience}{ink.g0} "
            "experience point(s)."
        )
    if battle.alignment:
        way = "up" if battle.alignment > 0 else "down"
        io.line(f"{ink.g}your alignment went {way} by {ink.Y}{abs(battle.alignment)}{ink.g0} point(s).")
    if battle.cleared:
        io.line(f"{ink.g}You destroyed all the fighters.")


async def ask_wave(seat: Seat) -> int:
    """Ask how many fighters to use; the default is none."""
    most = min(seat.ship.fighters, seat.ship.hull.wave)
    prompt = (
        f"{ink.m}How many fighters do you wish to use ({ink.Y}0{ink.m0} to {ink.Y}{most:,}{ink.m0}) [0]? "
    )
    return await seat.io.number(prompt, most)


def _retreat(seat: Seat) -> None:
    io = seat.io
    try:
        result = combat.retreat(seat.world, seat.me)
    except Refusal as no:
        io.line(f"{ink.r}You cannot retreat: {no.reason.value}.")
        return
    # Invented: the end of the line; only its beginning is attested.
    io.line(f"{ink.g}You fled from the fighters to sector {ink.Y}{result.sector}{ink.g0}.")
    io.blank()
    io.put(sector_block(travel.look(seat.world, seat.me)))
    if result.ambush is not None:
        ambushed(seat, result.ambush)


def _pay(seat: Seat) -> None:
    try:
        paid = combat.pay(seat.world, seat.me)
    except Refusal as no:
        short = no.reason is Reason.NO_CREDITS
        seat.io.line(
            f"{ink.r}{'You do not have enough credits to pay the toll.' if short else no.reason.value}"
        )
        return
    seat.io.line(f"{ink.g}You paid a toll of {ink.Y}{paid:,}{ink.g0} credits.")
