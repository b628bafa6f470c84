"""Moving: one sector, a course, and the questions on the way."""

from __future__ import annotations

from ..engine import ports, travel
from ..engine.refusal import Reason, Refusal
from . import _ink as ink
from ._encounter import ambushed, meet
from ._house import Seat
from ._port import port, show_report
from ._scan import scan
from ._sector import path_lines, sector_block, warp_line
from ._show import redisplay, show_info

STOP = f"{ink.C}Stop in this sector {ink.y}(Y,N,E,I,R,S,D,P,?) (?=Help) {ink.y0}[N]{ink.C} ? "
ENGAGE = f"{ink.m}Engage the Autopilot? {ink.Y}(Y/N/Single step/Express){ink.m0} [Y] "
REALLY = f"{ink.C}Do you really want to warp there? (Y/N) "


async def typed_sector(seat: Seat, first: str) -> None:
    """Go on with a sector number that was begun at the command prompt."""
    io, most = seat.io, seat.world.settings.sectors
    io.echo(first)
    number = await io.more_digits(most, complete=seat.prefs.autoreturn)
    io.line()
    io.put(ink.banner_line("Move"))
    await go(seat, int(number or 0))


async def move(seat: Seat) -> None:
    """`M`: ask where to."""
    io, me = seat.io, seat.me
    io.line("M")
    io.put(ink.banner_line("Move"))
    io.line(warp_line(travel.look(seat.world, me).warps))
    last = me.last_sector
    default = f"{ink.Y}[{last}] {ink.m0}" if last else ""
    prompt = f"{ink.m}To which Sector {default}? "
    number = await io.digits(prompt, seat.world.settings.sectors, complete=seat.prefs.autoreturn)
    if number or last:
        await go(seat, int(number or last))


async def go(seat: Seat, goal: int) -> None:
    """Warp to a neighbour, or offer the autopilot."""
    io, me, world = seat.io, seat.me, seat.world
    if not goal:
        return
    io.line(f"{ink.m}Warping to Sector {ink.Y}{goal} ")
    io.blank()
    if goal == me.sector:
        io.line(f"{ink.m}You are already in that sector!")
    elif goal in travel.adjacent(world, me.sector):
        await hop(seat, goal)
    else:
        await _far(seat, goal)


async def hop(seat: Seat, goal: int) -> bool:
    """Warp to a neighbour and show it; say whether a course may go on."""
    io, me = seat.io, seat.me
    if travel.needs_warning(seat.world, me, goal) and not await io.yes(REALLY):
        return False
    try:
        arrival = travel.move(seat.world, me, goal)
    except Refusal as no:
        io.line(_refused(seat, no))
        return False
    seat.house.spread_news()
    settings = seat.world.settings
    delay = seat.house.pace(settings.ship_delay_ms)
    if seat.prefs.animation:
        await _animate(seat, delay)
    else:
        await io.delay(delay)
    io.put(sector_block(arrival.view))
    if arrival.ambush is not None:
        ambushed(seat, arrival.ambush)
        return False
    if arrival.standoff is not None:
        io.blank()
        await meet(seat)
        return False
    return True


async def _animate(seat: Seat, delay: float) -> None:
    """Fill a bar while the ship is under way; the frames are those of a live session."""
    io = seat.io
    io.put(f"\r{ink.Y}")
    for filled in range(0, 20, 5):
        io.put(f"{chr(13) if filled else ''}\xb3{chr(0xDB) * filled:<20}\xb3")
        await io.delay(delay / 4)
    io.put(f"{chr(8) * 22}{' ' * 22}{ink.nl}{chr(27)}[3A{ink.blank}{ink.blank}")


def _refused(seat: Seat, no: Refusal) -> str:
    if no.reason is Reason.NO_TURNS:
        return f"{ink.r}You don't have {'enough' if seat.me.turns else 'any'} turns left."
    if no.reason is Reason.BAD_SECTOR:
        return f"{ink.r}Invalid Sector number, there are {seat.world.settings.sectors} sectors."
    return f"{ink.r}You cannot go there: {no.reason.value}."


def show_course(seat: Seat, course: travel.Course, start: int, goal: int) -> None:
    """Show that a course was computed, and the course."""
    io = seat.io
    io.line(f"{ink.g}Computing shortest path...{26 * chr(8)}{ink.g}Computed.{22 * ' '}")
    io.blank()
    hops = f"{ink.Y}{course.hops}{ink.g0} hops, {ink.Y}{course.turns}{ink.g0} turns"
    io.line(
        f"{ink.g}The shortest path ({hops}) from sector {ink.Y}{start}{ink.g0} "
        f"to sector {ink.Y}{goal}{ink.g0} is:"
    )
    for line in path_lines(course.path, (seat.me.knows(sector) for sector in course.path)):
        io.line(line)


async def plotted(seat: Seat, start: int, goal: int) -> travel.Course | None:
    """Plot a course and show it; offer to clear the avoids if there is none."""
    io = seat.io
    while True:
        try:
            course = travel.plot(seat.world, seat.me, start, goal)
        except Refusal as no:
            if no.reason is not Reason.NO_ROUTE:
                io.line(_refused(seat, no))
                return None
            longest = seat.world.settings.max_course
            io.line(
                f"{ink.R}*** Error - No route within {longest} warps from sector {start} to sector {goal}"
            )
            if not travel.avoids(seat.me) or not await io.yes(f"{ink.m}Clear Avoids? "):
                return None
            travel.clear_avoids(seat.me)
        else:
            show_course(seat, course, start, goal)
            return course


async def _far(seat: Seat, goal: int) -> None:
    io = seat.io
    io.line(f"{ink.g}That Warp Lane is not adjacent.")
    io.blank()
    course = await plotted(seat, seat.me.sector, goal)
    if course is None:
        return
    io.blank()
    mode = await io.hot(ENGAGE, "YNSE", default="Y")
    io.line(mode)
    if mode != "N":
        await _autopilot(seat, course, mode)


async def _autopilot(seat: Seat, course: travel.Course, mode: str) -> None:
    io = seat.io
    io.put(ink.banner_line("Auto Pilot Engaging"))
    goal = course.path[-1]
    for sector in course.path[1:]:
        io.blank()
        io.line(f"{ink.m}Auto Warping to sector {ink.Y}{sector}")
        io.blank()
        if not await hop(seat, sector):
            return
        if sector == goal:
            break
        if mode == "S" or (mode == "Y" and _interesting(seat)):
            io.blank()
            answer = await _stop(seat)
            if answer == "Y":
                return
            mode = "E" if answer == "E" else mode
        seat.house.tick()
    io.blank()
    io.line(f"{ink.C}Arriving sector :{chr(27)}[37;44m{goal}{chr(27)}[36;40m  Autopilot disengaging.")


def _interesting(seat: Seat) -> bool:
    view = travel.look(seat.world, seat.me)
    return bool(view.port or view.planets or view.traders or view.aliens or view.navhaz)


async def _stop(seat: Seat) -> str:
    io = seat.io
    while True:
        key = await io.hot(STOP, "YNEIRSDP?", default="N", news=True)
        if key in "YNE":
            io.line(key)
            return key
        await ON_THE_WAY[key](seat)
        io.blank()


async def _report(seat: Seat) -> None:
    seat.io.line("R")
    try:
        report = ports.report(seat.world, seat.me, seat.me.sector)
    except Refusal:
        seat.io.line(f"{ink.r}I have no information about a port in that sector.")
        return
    seat.io.blank()
    show_report(seat, report)


async def _help(seat: Seat) -> None:
    # Invented: the words.
    seat.io.line("?")
    seat.io.line(f"{ink.g}Y stop here, N go on, E express, I ship, R port report, S scan, D display, P port.")


ON_THE_WAY = {"I": show_info, "R": _report, "S": scan, "D": redisplay, "P": port, "?": _help}
