"""Radio, FedComm and hails: sending. What arrives is told by the session."""

from __future__ import annotations

from collections.abc import Callable

from ..engine import chat
from ..engine.refusal import Refusal
from ..engine.state import Player
from . import _ink as ink
from ._bank import ask_trader
from ._house import Seat

LONGEST = 155  # characters in a line, documented
HELP = "message [<ENTER> to send line. Blank line to end transmission]"


def _open(seat: Seat, title: str, key: str, *, gap: bool = True) -> None:
    """Show the title; the key itself begins the input line."""
    io = seat.io
    io.put(ink.nl + ink.blank)
    io.line(title)
    if gap:
        io.blank()
    io.pose(key, news=True)


async def _line(seat: Seat, prompt: str) -> str:
    seat.io.pose(prompt, news=True)
    return await seat.io.more_text(LONGEST)


async def _many(seat: Seat, prompt: str, send: Callable[[str], object]) -> None:
    while text := await _line(seat, prompt):
        send(text)
        seat.house.tick()


async def radio(seat: Seat) -> None:
    """`'`: speak on the own sub-space channel."""
    io, world, me = seat.io, seat.world, seat.me
    title = f"{ink.g}Sub-space radio ({ink.C}{me.channel}{ink.g0}): {ink.Y}[<ENTER> for multiple lines]"
    _open(seat, title, "'")
    text = await io.more_text(LONGEST)
    if text:
        chat.radio(world, me, text)
        seat.house.spread_news()
        io.blank()
        io.line(f"{ink.m}Message sent on sub-space channel {ink.C}{me.channel}{ink.m0}.")
        return
    io.blank()
    io.line(f"{ink.g}Comm-link open on sub-space band {ink.C}{me.channel}{ink.g0}, Captain.")
    io.line(f"{ink.g}Type sub-space {HELP}")
    io.blank()
    await _many(seat, f"{ink.m}S: {ink.Y}", lambda line: chat.radio(world, me, line))
    io.blank()
    io.line(f"{ink.g}Sub-space comm-link terminated")


async def fedcomm(seat: Seat) -> None:
    """The backtick: speak to everybody."""
    io, world, me = seat.io, seat.world, seat.me
    _open(seat, f"{ink.g}Federation comm-link: {ink.Y}[<ENTER> for multiple lines]", "`")
    text = await io.more_text(LONGEST)
    if text:
        chat.fedcomm(world, me, text)
        seat.house.spread_news()
        io.blank()
        io.line(f"{ink.m}Message sent on Federation comm-link.")
        return
    io.blank()
    io.line(f"{ink.g}Federation comm-link established, Captain.")
    io.line(f"{ink.g}Type FedComm {HELP}")
    io.blank()
    await _many(seat, f"{ink.m}F: {ink.Y}", lambda line: chat.fedcomm(world, me, line))
    io.blank()
    io.line(f"{ink.g}Federation comm-link terminated.")


async def hail(seat: Seat) -> None:
    """`=`: speak to one trader, who is found by a full or partial name."""
    io, me = seat.io, seat.me
    _open(seat, f"{ink.g}Hailing frequencies: {ink.Y}[<ENTER> to request secure channel]", "=")
    name, comma, text = (await io.more_text(LONGEST)).partition(",")
    if not name.strip():
        io.blank()
        name = await io.text(f"{ink.m}Which Trader ? (Full or Partial Name) - ", 40)
    other = await ask_trader(seat, name) if name.strip() else None
    if other is None:
        return
    if other is me:
        io.line(f"{ink.g}The crew is disturbed by your incoherent mumbling.")
    elif comma and text.strip():
        _one_line(seat, other, text.strip())
    else:
        await _conversation(seat, other)


def _one_line(seat: Seat, other: Player, text: str) -> None:
    io = seat.io
    io.blank()
    try:
        heard = chat.hail(seat.world, seat.me, other, text)
    except Refusal as no:
        io.line(f"{ink.r}{no.reason.value}")
        return
    if heard:
        seat.house.spread_news()
        # Invented: the words for a hail that arrived.
        io.line(f"{ink.m}Message sent to {ink.C}{other.name}{ink.m0}.")
        return
    # The manual says that such a line goes to mail, the revision notes that it is lost.
    chat.mail(seat.world, seat.me, other, text)
    io.line(f"{ink.C}{other.name}{ink.g0} is not responding, Captain.")
    io.line(f"{ink.g}Rerouting message to Galactic M.A.I.L. Server.")


async def _conversation(seat: Seat, other: Player) -> None:
    io, world, me = seat.io, seat.world, seat.me
    io.line(f"{ink.g}Requesting comm-link with {ink.C}{other.name}")
    if other.number in world.present:
        io.line(f"{ink.g}Secure comm-link established, Captain.")
        io.line(f"{ink.g}Type private {HELP}")
        io.blank()
        await _many(seat, f"{ink.m}P: {ink.Y}", lambda line: chat.hail(world, me, other, line))
        io.blank()
        io.line(f"{ink.g}Secure comm-link terminated.")
        return
    io.line(f"{ink.C}{other.name}{ink.g0} is not responding, Captain.")
    io.line(f"{ink.g}Rerouting message to Galactic M.A.I.L. Server.")
    await write_mail(seat, other)


async def write_mail(seat: Seat, other: Player) -> None:
    """Take lines for a trader's mail."""
    io, world, me = seat.io, seat.world, seat.me
    io.line(f"{ink.g}Type M.A.I.L. {HELP}")
    io.blank()
    await _many(seat, f"{ink.m}M: {ink.Y}", lambda line: chat.mail(world, me, other, line))
    io.blank()
    io.line(f"{ink.g}GMS link terminated.")
