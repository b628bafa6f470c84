"""The computer's interrogation mode: plain tables for programs."""

from __future__ import annotations

from collections.abc import Iterable

from ..engine import ports, travel
from ..engine.refusal import Refusal
from . import _ink as ink
from ._house import Seat
from ._sector import path_lines

EOL = ink.blank  # no colours here


async def interrogate(seat: Seat) -> None:
    """`^`: answer questions until `Q`; the command keys are not echoed."""
    io = seat.io
    io.line()
    while True:
        key = await io.hot(": ", "IRFEUQ", news=True)
        seat.house.tick()
        if key == "Q":
            io.put(f"ENDINTERROG{EOL}")
            return
        io.put(EOL)
        if key == "F":
            await _course(seat)
        elif key == "I":
            await _warps(seat)
        elif key == "R":
            await _ports(seat)
        else:
            await _sectors(seat, unexplored=key == "U")
        io.put(EOL)


async def _warps(seat: Seat) -> None:
    world, wide = seat.world, len(str(seat.world.settings.sectors))
    for sector in travel.explored(seat.me):
        row = " ".join(f"{number:>{wide}}" for number in (sector, *travel.adjacent(world, sector)))
        seat.io.put(row + EOL)
        await seat.io.drain()


async def _ports(seat: Seat) -> None:
    world, wide = seat.world, len(str(seat.world.settings.sectors))
    for sector in travel.explored(seat.me):
        if sector not in world.galaxy.ports or ports.blocked(world, seat.me, sector):
            continue
        try:
            report = ports.report(world, seat.me, sector)
        except Refusal:
            continue  # class 0 has no figures
        row = "".join(
            f"{'-' if item.buying else ' '}{item.amount:>5} {item.percent:>3}% " for item in report.items
        )
        seat.io.put(f"{sector:>{wide}} {row}{EOL}")
        await seat.io.drain()


async def _course(seat: Seat) -> None:
    io, most = seat.io, seat.world.settings.sectors
    ends: list[int] = []
    for prompt in ("FM > ", "  TO > "):
        io.pose(prompt)
        text = await io.more_digits(most)
        io.put(EOL)
        ends.append(int(text or 0))
    try:
        course = travel.plot(seat.world, seat.me, ends[0], ends[1])
    except Refusal:
        longest = seat.world.settings.max_course
        io.put(f"*** Error - No route within {longest} warps from sector {ends[0]} to sector {ends[1]}{EOL}")
        return
    for line in path_lines(course.path, (seat.me.knows(sector) for sector in course.path)):
        io.put(ink.plain(line) + EOL)
    io.put(EOL)


async def _sectors(seat: Seat, *, unexplored: bool) -> None:
    seen = travel.explored(seat.me)
    if unexplored:
        seen = sorted(set(range(1, seat.world.settings.sectors + 1)) - set(seen))
    for row in sector_rows(seen):
        seat.io.put(row + EOL)
        await seat.io.drain()


def sector_rows(sectors: Iterable[int]) -> Iterable[str]:
    """Write numbers seven columns wide, eleven to a line."""
    row = ""
    for sector in sectors:
        row += f"{sector:>7}"
        if len(row) == 77:
            yield row
            row = ""
    if row:
        yield row
