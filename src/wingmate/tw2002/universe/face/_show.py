"""Showing where one is and what one flies, at any prompt."""

from __future__ import annotations

from ..engine import travel
from . import _ink as ink
from ._house import Seat
from ._sector import sector_block
from ._status import info


async def redisplay(seat: Seat) -> None:
    """`D`: show the sector again."""
    seat.io.line("D")
    show_here(seat)


async def enter(seat: Seat) -> None:
    """A bare Enter shows the sector as well."""
    seat.io.line()
    show_here(seat)


def show_here(seat: Seat) -> None:
    """Show the sector under its banner."""
    seat.io.put(ink.banner_line("Re-Display") + ink.blank + sector_block(travel.look(seat.world, seat.me)))


async def show_info(seat: Seat) -> None:
    """`I`: show ship and trader."""
    seat.io.line("I")
    seat.io.put(ink.banner_line("Info") + ink.blank + info(seat.world, seat.me))
