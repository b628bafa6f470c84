"""Fighters: dropped, counted, and sent at somebody."""

from __future__ import annotations

from ..engine import combat
from ..engine.refusal import Reason, Refusal
from ..engine.state import Mode
from . import _ink as ink
from ._encounter import ask_wave
from ._house import Seat

MODES = {"D": Mode.DEFENSIVE, "O": Mode.OFFENSIVE, "T": Mode.TOLL}
MODE = (
    f"{ink.m}Should they be {ink.Y}(D){ink.m0}efensive, {ink.Y}(O){ink.m0}ffensive "
    f"or Charge a {ink.Y}(T){ink.m0}oll ? "
)


async def drop(seat: Seat) -> None:
    """`F`: take or leave fighters."""
    io, world, me = seat.io, seat.world, seat.me
    io.line("F")
    io.put(ink.banner_line("Drop/Take Fighters"))
    try:
        limits = combat.limits(world, me)
    except Refusal as no:
        io.line(_cannot(no))
        return
    io.blank()
    io.line(f"{ink.g}You have {ink.Y}{limits.available:,}{ink.g0} fighters available.")
    io.line(
        f"{ink.g}Your ship can support up to {ink.Y}{limits.capacity:,}{ink.g0} Fighters, leaving "
        f"{ink.Y}{limits.least:,}"
    )
    text = await io.digits(f"{ink.m}How many fighters do you want defending this sector?  ", limits.available)
    if not text:
        return
    amount, mode = int(text), Mode.DEFENSIVE
    if amount:
        mode = MODES[await io.choose(MODE, "DOT", default="D")]
    try:
        left = combat.deploy(world, me, amount, mode)
    except Refusal as no:
        io.line(_cannot(no, limits.capacity))
        return
    io.line(f"{ink.g}Done. You have {ink.Y}{left:,}{ink.g0} fighter(s) in close support.")


def _cannot(no: Refusal, capacity: int = 0) -> str:
    if no.reason is Reason.NOT_YOURS:
        return f"{ink.r}These fighters are not under your control."
    if no.reason is Reason.NO_ROOM:
        return f"{ink.r}Too many fighters in your fleet!  You are limited to {capacity:,}"
    if no.reason is Reason.FEDSPACE:
        # Invented: the words.
        return f"{ink.r}Federation law forbids fighters in FedSpace!"
    return f"{ink.r}You don't have that many fighters available."


async def deployed(seat: Seat) -> None:
    """`G`: list the fighters left behind; the screen is cleared first."""
    io = seat.io
    forces = combat.deployed(seat.world, seat.me)
    io.put("G" + ink.nl + ink.clear)
    if not forces:
        io.line(f"{ink.g}No fighters deployed")
        return
    io.line(f"{ink.m}{'':17}{ink.C}Deployed  Fighter  Scan{'':19}")
    io.blank()
    io.line(f"{ink.g} Sector    Fighters    Personal/Corp    Mode        Tolls  ")
    io.line(f"{ink.m}{'=' * 59}")
    for force in forces:
        tolls = f"{force.tolls:,}" if force.mode is Mode.TOLL else "N/A"
        io.line(
            f"{ink.C}{force.sector:>6}{ink.Y}{_short(force.fighters):>12}{ink.g0}       Personal    "
            f"{ink.c}{force.mode.value:<9}{ink.g}{tolls:>15}"
        )
        await io.drain()
    total, paid = sum(force.fighters for force in forces), sum(force.tolls for force in forces)
    io.line(f"{ink.Y}{_short(total):>18}{ink.g0} Total{ink.Y}{paid:>35,}{ink.g0} Total")


def _short(amount: int) -> str:
    """Abbreviate a large number as the deployed list does."""
    for size, letter in ((10**9, "B"), (10**6, "M"), (10**4, "T")):
        if amount >= size:
            return f"{amount // (size if letter != 'T' else 1_000)}{letter}"
    return str(amount)


async def attack(seat: Seat) -> None:
    """`A`: attack a ship in the sector."""
    io, world, me = seat.io, seat.world, seat.me
    io.line("A")
    io.put(ink.banner_line("Attack"))
    io.blank()
    targets = combat.targets(world, me)
    if not targets:
        io.line(f"{ink.r}There is nothing here to attack.")
        return
    for target in targets:
        mine = seat.ship.fighters
        label = f"{ink.C}{target.label}{ink.m0} ({ink.Y}{mine:,}{ink.m0}-{ink.Y}{target.fighters:,}{ink.m0})"
        if not await io.yes(f"{ink.m}Attack {label} (Y/N) [N]? "):
            continue
        amount = await ask_wave(seat)
        if amount:
            _fight(seat, target, amount)
        return


def _fight(seat: Seat, target: combat.Target, amount: int) -> None:
    io = seat.io
    try:
        battle = combat.attack(seat.world, seat.me, target.key, amount)
    except Refusal as no:
        if no.reason is Reason.NO_TURNS:
            io.line(f"{ink.r}You don't have any turns left.")
        else:
            # Invented: the target left while the player was thinking.
            io.line(f"{ink.r}{target.label} is out of reach.")
        return
    seat.house.spread_news()
    io.line(
        f"{ink.g}You lost {ink.Y}{battle.lost:,}{ink.g0} fighter(s), {ink.Y}{battle.remain:,}{ink.g0} remain."
    )
    io.line(f"{ink.g}You destroyed {ink.Y}{battle.destroyed:,}{ink.g0} enemy fighters.")
    if battle.cleared:
        # Invented: the words.
        io.line(f"{ink.alarm}{battle.target} has been destroyed!")
    if battle.experience:
        io.line(f"{ink.g}For this attack you receive {ink.Y}{battle.experience}{ink.g0} experience point(s).")
    if battle.alignment:
        way = "up" if battle.alignment > 0 else "down"
        io.line(f"{ink.g}your alignment went {way} by {ink.Y}{abs(battle.alignment)}{ink.g0} point(s).")
    if battle.promoted:
        io.line(f"{ink.alarm}You have been promoted to {battle.promoted}!")
