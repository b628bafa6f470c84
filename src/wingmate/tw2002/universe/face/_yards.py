"""The Federation Shipyards."""

from __future__ import annotations

from ..engine import stardock, tables
from ..engine.refusal import Refusal
from . import _ink as ink
from ._house import Seat
from ._items import cannot, class_zero

PROMPT = f"{ink.m}<{ink.y}Shipyards{ink.m}> Your option {ink.Y}(?){ink.m0} ? "
SHIP_NAME = 30


async def visit_yards(seat: Seat) -> None:
    """Serve until the customer leaves."""
    io = seat.io
    while True:
        io.blank()
        io.line(f"{ink.g}You have {ink.Y}{seat.me.credits:,}{ink.g0} credits.")
        io.blank()
        key = await io.choose(PROMPT, "BSEPRQ?!", news=True)
        seat.house.tick()
        if key == "Q":
            io.line(f"{ink.g}You leave the shipyards.")
            return
        if key == "B":
            await _buy_ship(seat)
        elif key == "P":
            await class_zero(seat)
        elif key == "E":
            await examine_ships(seat)
        elif key in "?!":
            # Invented: the layout.
            io.line(f"{ink.g}B buy a new ship, E examine ship specs, P buy class 0 items, Q leave.")
        else:
            # Invented: neither is done in this universe.
            io.line(f"{ink.g}The clerk who does that is on leave.")


def _list_ships(seat: Seat) -> None:
    io = seat.io
    io.blank()
    for hull in tables.YARD:
        io.line(f"{ink.m}<{ink.g}{hull.letter}{ink.m}>{ink.c} {hull.name:<24}{ink.Y}{hull.cost:>9,}")
    io.line(f"{ink.m}<{ink.g}Q{ink.m}>{ink.c} To Leave")
    io.blank()


async def _which(seat: Seat) -> str:
    """Ask for a type of ship; empty for none."""
    letters = "".join(hull.letter for hull in tables.YARD)
    while True:
        key = await seat.io.choose(
            f"{ink.m}Which ship are you interested in {ink.Y}(?=List){ink.m0} ? ", f"{letters}Q?", default="Q"
        )
        if key != "?":
            return "" if key == "Q" else key
        _list_ships(seat)


def _hull(letter: str) -> tables.Hull:
    return next(hull for hull in tables.YARD if hull.letter == letter)


async def _buy_ship(seat: Seat) -> None:
    io = seat.io
    io.put(ink.banner_line("Buy a New Ship"))
    trade_in = await io.yes(f"{ink.g}Welcome to the 'yards', you want to trade in that old ship? ")
    if trade_in:
        # Invented: how the worth of the old ship is told.
        worth = stardock.trade_in(seat.world, seat.me)
        io.line(f"{ink.g}We can give you {ink.Y}{worth:,}{ink.g0} credits for it.")
    if not await io.yes(f"{ink.g}You ready to deal? "):
        io.line(f"{ink.g}Then don't waste my time!")
        return
    letter = await _which(seat)
    if not letter:
        return
    price = stardock.price(_hull(letter))
    io.line(f"{ink.g}The cost for one of those is {ink.Y}{price:,}")
    if not await io.yes(f"{ink.m}Want to buy it? "):
        io.line(f"{ink.g}Then don't waste my time!")
        return
    io.line(f"{ink.m}What do you want to name your ship? {ink.Y}({SHIP_NAME} letters)")
    name = await io.text(ink.y, SHIP_NAME)
    try:
        ship = stardock.buy_ship(seat.world, seat.me, letter, trade_in=trade_in, name=name or ".")
    except Refusal as no:
        io.line(cannot(no))
        return
    # Invented: the farewell.
    io.line(f"{ink.g}{ship.name} is yours, Captain.  Take good care of her!")


async def examine_ships(seat: Seat) -> None:
    """Show the tables of ships, until no ship is named."""
    io = seat.io
    while letter := await _which(seat):
        io.blank()
        io.put(ship_specs(_hull(letter)))
        io.blank()


def ship_specs(hull: tables.Hull) -> str:
    """Draw the table of the ship catalogue, as far as the numbers are known."""
    yes = {True: "Yes", False: "No"}
    rows = (
        ("Initial Holds", hull.holds[0], "Maximum Shields", f"{hull.shields:,}"),
        ("Max Fighters", f"{hull.fighters:,}", "Offensive Odds", f"{hull.offence}:1"),
        ("Turns Per Warp", hull.turns, "Defensive Odds", f"{hull.defence}:1"),
        ("Mine Max", hull.mines, "Beacon Max", hull.beacons),
        ("Genesis Max", hull.genesis, "Long Range Scan", yes[hull.scanner]),
        ("TransWarp Drive", yes[hull.transwarp], "Planet Scanner", yes[hull.planet_scanner]),
        ("Transport Range", hull.transport, "Photon Missiles", yes[hull.photons]),
        ("Max Figs Per Attack", hull.wave, "Maximum Holds", hull.holds[1]),
        ("Ship Base Cost", f"{hull.cost:,}", "Computer Type", hull.short),
    )
    head = f"{ink.C}{hull.name}{ink.nl}"
    return head + "".join(
        f"{ink.m}{left:>20}{ink.Y}: {ink.c}{one!s:>10} {ink.m0}{right:>16}{ink.Y}: {ink.c}{two!s:>10}{ink.nl}"
        for left, one, right, two in rows
    )
