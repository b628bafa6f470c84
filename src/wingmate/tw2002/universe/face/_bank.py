"""The Galactic Bank; every line as seen on a live server."""

from __future__ import annotations

from ..engine import bank, roster
from ..engine.refusal import Reason, Refusal
from ..engine.state import Player
from . import _ink as ink
from ._house import Seat

PROMPT = f"{ink.m}<{ink.y}Galactic Bank{ink.m}> So, how can I help you Citizen? {ink.Y}(?) {ink.m0}? "


async def visit_bank(seat: Seat) -> None:
    """Serve at the counter until the customer leaves."""
    io = seat.io
    while True:
        io.blank()
        key = await io.hot(PROMPT, "\rDEWTQ?", news=True)
        seat.house.tick()
        if key == "\r":
            io.line()
            io.line(f"{ink.g}The TellBorg stares at you strangely.")
            continue
        io.line(key)
        if key == "Q":
            io.line(f"{ink.g}You leave the Galactic Bank.")
            return
        if key == "?":
            # Invented: the wording.
            io.line(f"{ink.g}D deposit, E examine, T transfer, W withdraw, Q leave.")
            continue
        io.line(f"{ink.g}You have {ink.Y}{seat.me.bank:,}{ink.g0} credits in your account.")
        if key == "D":
            await _deposit(seat)
        elif key == "W":
            await _withdraw(seat)
        elif key == "T":
            await _transfer(seat)


async def _amount(seat: Seat, verb: str, most: int) -> int:
    prompt = f"{ink.m}How many credits do you want to {verb}? {ink.Y}({most:,}){ink.m0} "
    return await seat.io.number(prompt, most, most)


async def _deposit(seat: Seat) -> None:
    # The figure in brackets ignores what is in the account already: the refusal below was seen live,
    # and could not happen otherwise.
    limit = seat.world.settings.max_bank_credits
    amount = await _amount(seat, "deposit", min(seat.me.credits, limit))
    if not amount:
        return
    try:
        bank.deposit(seat.world, seat.me, amount)
    except Refusal as no:
        if no.reason is not Reason.OVER_LIMIT:
            raise
        seat.io.line(
            f"{ink.g}Sorry, you may not have more than {ink.Y}{limit:,}{ink.g0} credits in your account."
        )
        return
    seat.io.line(f"{ink.Y}{amount:,}{ink.g0} credits have been deposited in your account.")


async def _withdraw(seat: Seat) -> None:
    amount = await _amount(seat, "withdraw", seat.me.bank)
    if amount:
        bank.withdraw(seat.world, seat.me, amount)
        seat.io.line(f"{ink.Y}{amount:,}{ink.g0} credits have been withdrawn from your account.")


async def _transfer(seat: Seat) -> None:
    io = seat.io
    io.line(f"{ink.g}Who do you want to transfer money to?")
    text = await io.text(f"{ink.m}Which Trader ? (Full or Partial Name) - ", 40)
    other = await ask_trader(seat, text) if text else None
    if other is None:
        io.line(f"{ink.g}Transfer voided")
        return
    amount = await _amount(seat, "transfer", seat.me.bank)
    if not amount:
        return
    try:
        bank.transfer(seat.world, seat.me, other, amount)
    except Refusal:
        io.line(f"{ink.g}Transfer voided")
        return
    seat.house.spread_news()
    io.line(f"{ink.Y}{amount:,}{ink.g0} credits have been transferred from your account.")


async def ask_trader(seat: Seat, text: str) -> Player | None:
    """Find whom a full or partial name means, asking for each candidate."""
    io = seat.io
    for player in roster.search(seat.world, text):
        if player.name.lower() == text.strip().lower():
            return player
        if await io.yes(f"{ink.m}Do you mean {ink.C}{player.name}{ink.m0}? ", default=True):
            return player
    io.line(f"{ink.alarm}Unknown Trader!")
    return None
