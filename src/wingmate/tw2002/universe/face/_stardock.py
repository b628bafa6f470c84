"""StarDock: its halls, and the dangers of standing about in them."""

from __future__ import annotations

from ..engine import stardock
from ..engine.refusal import Refusal
from . import _ink as ink
from ._bank import visit_bank
from ._emporium import visit_emporium
from ._globals import KEYS, global_key
from ._house import Seat
from ._items import turned_away
from ._yards import visit_yards

PROMPT = f"{ink.m}<{ink.y}StarDock{ink.m}> Where to? ({ink.Y}?=Help{ink.m0}) "
SHOPS = {"G": visit_bank, "H": visit_emporium, "S": visit_yards}
CLOSED = {
    "C": "The CinePlex",
    "L": "The Libram Universitatus",
    "P": "The Space Police HQ",
    "T": "The Lost Trader's Tavern",
}


async def visit_stardock(seat: Seat) -> None:
    """Land, and walk about until the player leaves."""
    io = seat.io
    io.line(f"{ink.g}Landing on Federation StarDock.")
    try:
        turns = stardock.land(seat.world, seat.me)
    except Refusal as no:
        io.line(turned_away(seat, no))
        return
    seat.house.spread_news()
    io.blank()
    io.line(f"{ink.Y}One turn deducted, {ink.c}{turns}{ink.y} turns left.")
    while True:
        io.blank()
        key = await io.hot(PROMPT, f"\r!?GHSCLPTUQ{KEYS}", news=True)
        seat.house.tick()
        if key in KEYS:
            await global_key(seat, key, PROMPT)
            continue
        io.line("" if key == "\r" else key)
        if key == "Q":
            break
        if key in SHOPS:
            await SHOPS[key](seat)
        else:
            _walk(seat, key)
    stardock.leave(seat.world, seat.me)
    io.blank()
    io.line(f"{ink.g}You return to your ship and blast off from the StarDock.")


def _walk(seat: Seat, key: str) -> None:
    io = seat.io
    if key in "!?":
        # Invented: the layout; keys and names are those of the real menu.
        io.blank()
        for letter, name in (
            ("C", "The CinePlex Videon Theatres"),
            ("G", "The 2nd National Galactic Bank"),
            ("H", "The Stellar Hardware Emporium"),
            ("L", "The Libram Universitatus"),
            ("P", "The Federal Space Police HQ"),
            ("S", "The Federation Shipyards"),
            ("T", "The Lost Trader's Tavern"),
            ("Q", "Return to your ship and leave"),
        ):
            io.line(f"{ink.m}<{ink.g}{letter}{ink.m}>{ink.g} {name}")
    elif key in CLOSED:
        # Invented: these houses are not built yet.
        io.line(f"{ink.g}{CLOSED[key]} is closed for renovation.")
    else:
        _wander(seat)


def _wander(seat: Seat) -> None:
    # Invented: all but the ends of both lines; that Enter here may cost half of one's cash was seen live.
    lost = stardock.mug(seat.world, seat.me)
    if lost:
        seat.io.line(f"{ink.r}A blow from behind sends you to the floor.  You come to and")
        seat.io.line(f"{ink.r}find most of your money gone.")
    else:
        seat.io.line(f"{ink.g}You wander about the port for a while, but find nothing of interest.")
