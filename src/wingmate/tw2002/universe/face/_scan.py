"""Looking further than the own sector: scanners and probes."""

from __future__ import annotations

from ..engine import travel
from ..engine.refusal import Reason, Refusal
from . import _ink as ink
from ._house import Seat
from ._sector import sector_block

KIND = f"{ink.m}Select (H)olo Scan or (D)ensity Scan or (Q)uit? {ink.Y}[D]{ink.m0} "


async def scan(seat: Seat) -> None:
    """`S`: whatever the ship's scanner can."""
    io = seat.io
    io.line("S")
    io.blank()
    scanner = seat.ship.scanner
    if not scanner:
        io.line(f"{ink.r}You don't have a long range scanner.")
        return
    kind = "D"
    if scanner == "holo":
        io.line(f"{ink.C}Long Range Scan")
        kind = await io.choose(KIND, "HDQ", default="D")
    if kind == "D":
        _density(seat)
    elif kind == "H":
        _holo(seat)


def _density(seat: Seat) -> None:
    io, wide = seat.io, max(4, len(str(seat.world.settings.sectors)))
    io.blank()
    io.line(f"{ink.g}{'':26}Relative Density Scan")
    io.line(f"{ink.m}{'-' * 77}")
    for row in travel.density(seat.world, seat.me):
        number = f"{row.sector:>{wide}}"
        if row.explored:
            head = f"{ink.g}Sector  {ink.C}{number}  {ink.g0}==> "
        else:
            # Invented: the colours of an unexplored row.
            head = f"{ink.g}Sector {ink.m}({ink.R}{number}{ink.m0}) {ink.g}==> "
        anomaly = "Yes" if row.anomaly else "No"
        io.line(
            f"{head}{ink.m}{row.density:>14,}{ink.g}  Warps{ink.C} : {ink.y}{row.warps}{ink.g0}    "
            f"NavHaz{ink.C} : {ink.y}{row.navhaz:>5}{ink.g0}%    Anom{ink.C} : {ink.y}{anomaly}"
        )


def _holo(seat: Seat) -> None:
    io = seat.io
    try:
        views = travel.holo(seat.world, seat.me)
    except Refusal as no:
        io.line(f"{ink.r}You don't have any turns left." if no.reason is Reason.NO_TURNS else no.reason.value)
        return
    io.line(f"{ink.Y}One turn deducted, {ink.c}{seat.me.turns}{ink.y} turns left.")
    for view in views:
        io.blank()
        io.put(sector_block(view, here=view.number == seat.me.sector))


async def probe(seat: Seat) -> None:
    """`E`: send an ether probe."""
    io = seat.io
    io.line("E")
    probes = seat.ship.probes
    if not probes:
        # Invented: the words.
        io.line(f"{ink.r}You do not have any Ether Probes.")
        return
    io.line(f"{ink.g}SubSpace Ether Probe loaded in launch tube, {ink.Y}{probes} {ink.g0}remaining.")
    prompt = f"{ink.m}Please enter a destination for this probe {ink.Y}: {ink.c} "
    goal = await io.number(prompt, seat.world.settings.sectors)
    if not goal:
        return
    start = seat.me.sector
    try:
        flight = travel.probe(seat.world, seat.me, goal)
    except Refusal as no:
        io.blank()
        if no.reason is Reason.NO_ROUTE:
            longest = seat.world.settings.max_course
            io.line(
                f"{ink.R}*** Error - No route within {longest} warps from sector {start} to sector {goal}"
            )
        else:
            io.line(f"{ink.r}The probe is not launched: {no.reason.value}.")
        return
    for view in flight.views:
        io.blank()
        io.line(f"{ink.y}Probe entering sector {ink.bold}: {ink.c}{view.number}")
        io.blank()
        io.put(sector_block(view, here=False))
    io.blank()
    io.line(f"{ink.y}Probe {'Destroyed!' if flight.destroyed else 'Self Destructs'}")
