"""The Stellar Hardware Emporium."""

from __future__ import annotations

from ..engine import stardock, tables
from ..engine.refusal import Reason, Refusal
from . import _ink as ink
from ._house import Seat
from ._items import cannot

PROMPT = f"{ink.m}<{ink.y}Hardware Emporium{ink.m}> So what are you looking for {ink.Y}(?){ink.m0} ? "
INSTALLED = "Ok!  We'll get that sent over to your ship, installation is free!"
GOODS = {article.key: article for article in tables.HARDWARE}


async def visit_emporium(seat: Seat) -> None:
    """Serve until the customer leaves."""
    io = seat.io
    while True:
        io.blank()
        io.line(f"{ink.g}You have {ink.Y}{seat.me.credits:,}{ink.g0} credits.")
        io.blank()
        # Any other letter gets an answer too; Enter and digits do not.
        key = await io.choose(PROMPT, "ABCDEFGHIJKLMNOPQRSTUVWXYZ?!", news=True)
        seat.house.tick()
        if key == "Q":
            io.line(f"{ink.g}See you later.")
            return
        if key == "R":
            await _scanner(seat)
        elif key in GOODS:
            await _article(seat, key)
        elif key in "?!":
            _list_goods(seat)
        else:
            io.line(f"{ink.g}Hmmm, haven't heard of one of those.")


def _list_goods(seat: Seat) -> None:
    # Invented: the layout.
    io = seat.io
    for article in sorted(tables.HARDWARE, key=lambda article: article.key):
        io.line(f"{ink.m}<{ink.g}{article.key}{ink.m}>{ink.c} {article.name:<24}{ink.Y}{article.price:>8,}")
    io.line(f"{ink.m}<{ink.g}R{ink.m}>{ink.c} {'Long Range Scanner':<24}{ink.Y}{tables.DENSITY_PRICE:>8,}")


async def _article(seat: Seat, key: str) -> None:
    io, article = seat.io, GOODS[key]
    try:
        quote = stardock.quote(seat.world, seat.me, key)
    except Refusal as no:
        io.line(_refused(article, no))
        return
    if article.limit == 1:
        prompt = f"{ink.g}I can let you have one for {ink.Y}{quote.price:,}{ink.g0} credits, interested? "
        wanted = 1 if await io.yes(prompt) else 0
    else:
        io.line(f"{ink.g}We sell them for {ink.Y}{quote.price:,}{ink.g0} credits each.")
        most = quote.maximum
        prompt = f"{ink.m}How many {article.name} do you want {ink.Y}(Max {most}){ink.m0} [0] ? "
        wanted = await io.number(prompt, most)
    if not wanted:
        return
    try:
        stardock.buy(seat.world, seat.me, key, wanted)
    except Refusal as no:
        io.line(_refused(article, no))
        return
    if article.limit == 1:
        io.line(f"{ink.g}{INSTALLED}")


def _refused(article: tables.Hardware, no: Refusal) -> str:
    if no.reason is Reason.NOT_EQUIPPED:
        what = "for a TransWarp Drive" if article.key == "W" else f"to handle {article.name}"
        return f"{ink.R}Sorry, your ship is not equipped {what}!"
    if no.reason is Reason.OWNED:
        return f"{ink.R}You don't need two!"
    return cannot(no)


async def _scanner(seat: Seat) -> None:
    io = seat.io
    # Invented: how the two are introduced.
    io.line(f"{ink.g}We have a (D)ensity scanner for {ink.Y}{tables.DENSITY_PRICE:,}{ink.g0} credits,")
    io.line(f"{ink.g}and a (H)olographic one for {ink.Y}{tables.HOLO_PRICE:,}{ink.g0}.")
    key = await io.choose(f"{ink.m}Which would you like? {ink.Y}(H/D/Quit){ink.m0} ", "HDQ", default="Q")
    if key == "Q":
        return
    try:
        stardock.buy_scanner(seat.world, seat.me, key)
    except Refusal as no:
        io.line(_refused(GOODS["F"], no) if no.reason is Reason.OWNED else cannot(no))
        return
    io.line(f"{ink.g}{INSTALLED}")
