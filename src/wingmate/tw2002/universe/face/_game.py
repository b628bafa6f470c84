"""The main prompt, and what each of its keys does."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from ..engine.refusal import Refusal
from . import _ink as ink
from ._computer import computer
from ._encounter import meet
from ._fighters import attack, deployed, drop
from ._globals import KEYS, global_key
from ._house import Seat
from ._move import go, move, typed_sector
from ._planet import land
from ._port import port
from ._scan import probe, scan
from ._sector import command_prompt
from ._show import enter, redisplay, show_info
from ._status import game_status

log = logging.getLogger(__name__)

DIGITS = "0123456789"


async def play(seat: Seat) -> None:
    """Serve the main prompt until the player quits."""
    io = seat.io
    while not seat.me.dead:
        if seat.me.standoff:
            io.blank()
            await meet(seat)
        io.blank()
        prompt = command_prompt(seat.me.sector)
        key = await io.hot(prompt, KNOWN, news=True)
        seat.house.tick()
        if key == "Q":
            if await _quit(seat):
                return
            continue
        try:
            await _obey(seat, key, prompt)
        except Refusal as no:
            # The rules said no where no dialog expected it: no reason to lose the player.
            seat.house.surprises += 1
            log.warning("an unexpected refusal at %r: %s", key, no)
            io.line(f"{ink.r}That is not possible: {no}.")
        seat.house.spread_news()


async def _obey(seat: Seat, key: str, prompt: str) -> None:
    if key in DIGITS:
        await typed_sector(seat, key)
    elif key in KEYS:
        await global_key(seat, key, prompt)
    else:
        await COMMANDS[key](seat)


async def _quit(seat: Seat) -> bool:
    io = seat.io
    io.line("Q")
    io.line(f"{ink.alarm}<Quit>")
    return await io.yes(f"{ink.m}Confirmed? {ink.Y}(Y/N){ink.m0}? ")


async def _back(seat: Seat) -> None:
    io = seat.io
    io.line()
    io.put(ink.banner_line("Move"))
    await go(seat, seat.me.last_sector)


async def _status(seat: Seat) -> None:
    io = seat.io
    io.line("V")
    io.blank()
    for line in game_status(seat.world):
        io.line(f"{ink.g}{line}" if line else "")


async def _help(seat: Seat) -> None:
    # Invented: the frame is missing; the rows are those of the real menu, for what works here.
    io = seat.io
    io.line("?")
    io.blank()
    for line in (
        "                           Global Commands",
        " <`> Fed. Comm-Link    <'> Sub-Space Radio  <=> Hailing Frequencies",
        " <#> Who's Playing     <*> List All Globals </> Quick-stats",
        "        Navigation            Computer              Tactical",
        " <D> Re-Display Sector <C> Onboard Computer <A> Attack Enemy Ship",
        " <P> Port and Trade    <I> Ship Information <E> Sub-space EtherProbe",
        " <M> Move to a Sector  <V> View Game Status <F> Take or Leave Fighters",
        " <L> Land on a Planet  <Q> Quit and Exit    <G> Show Deployed Fighters",
        " <S> Long Range Scan",
    ):
        io.line(f"{ink.g}{line}")


Command = Callable[[Seat], Awaitable[None]]
COMMANDS: dict[str, Command] = {
    "\r": enter,
    "D": redisplay,
    "I": show_info,
    "M": move,
    "P": port,
    "S": scan,
    "E": probe,
    "F": drop,
    "G": deployed,
    "A": attack,
    "L": land,
    "C": computer,
    "V": _status,
    "<": _back,
    "?": _help,
}
KNOWN = f"Q{DIGITS}{KEYS}{''.join(COMMANDS)}"
