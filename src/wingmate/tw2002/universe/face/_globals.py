"""The keys that work at every command prompt."""

from __future__ import annotations

from attrs import evolve

from ..engine import roster, tables
from . import _ink as ink
from ._cim import interrogate
from ._house import Seat
from ._status import quick_stats
from ._talk import fedcomm, hail, radio

SYNC = "\x91"
KEYS = "`'=#/*^|&" + SYNC


async def global_key(seat: Seat, key: str, prompt: str) -> None:
    """Do what a global key does; *prompt* is the one it was typed at."""
    io = seat.io
    if key == "/":
        io.put(quick_stats(seat.world, seat.me))
    elif key == "^":
        await interrogate(seat)
    elif key == "'":
        await radio(seat)
    elif key == "`":
        await fedcomm(seat)
    elif key == "=":
        await hail(seat)
    elif key == "#":
        io.line("#")
        who_plays(seat)
    elif key == SYNC:
        # Two new lines, the prompt, the byte itself and a backspace (the server's revision notes).
        io.put(f"{ink.nl}{ink.blank}{prompt}{SYNC}\b")
        io.line()
    elif key == "|":
        io.line()
        silent = not seat.prefs.silence
        seat.me.prefs = evolve(seat.prefs, silence=silent)
        io.line(f"{ink.g}{'Silencing' if silent else 'Displaying'} all messages.")
    elif key == "&":
        io.line()
        seat.me.prefs = evolve(seat.prefs, pauses=not seat.prefs.pauses)
    else:
        _list_globals(seat)


def who_plays(seat: Seat) -> None:
    """Show who is in the game."""
    io = seat.io
    io.blank()
    io.line(f"{ink.m}{'':31}Who's Playing{'':33}")
    io.blank()
    for player in roster.present(seat.world):
        io.line(f"{ink.g}{tables.rank(player.experience, player.alignment)} {ink.C}{player.name}")
    if seat.world.aliens:
        io.blank()
        io.line(f"{ink.R}The Ferrengi are on the move!")


def _list_globals(seat: Seat) -> None:
    # Invented: the layout; keys and names are those of the main menu's first box.
    io = seat.io
    io.line("*")
    io.blank()
    io.line(f"{ink.C}{'Global Commands':^75}".rstrip())
    io.line(f"{ink.g} <`> Fed. Comm-Link    <'> Sub-Space Radio  <=> Hailing Frequencies")
    io.line(f"{ink.g} <#> Who's Playing     <*> List All Globals </> Quick-stats")
