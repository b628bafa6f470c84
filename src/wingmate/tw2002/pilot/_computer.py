"""What the ship's computer knows: reports, courses, and the bulk dumps made for programs."""

from __future__ import annotations

from ..commands import (
    AskPort,
    AskWarps,
    EnterNumber,
    LeaveCim,
    LeaveComputer,
    OpenCim,
    OpenComputer,
    PlotCourse,
    ReadCimPorts,
    ReadCimWarps,
    ShowGame,
)
from ..events import CimPortsListed, CimWarpsListed, CourseComputed, PortReported, StarDockLocated, WarpsTold
from ._home import home, step
from ._talk import Reply, Talk


async def _open(talk: Talk) -> None:
    if (await home(talk, to="computer")).name != "computer":
        await talk.do(OpenComputer())


async def port_report(talk: Talk, sector: int) -> PortReported | None:
    """Ask for a port's report; None if the computer has none."""
    await _open(talk)
    await talk.do(AskPort())
    report = (await talk.do(EnterNumber(sector))).find(PortReported)
    await talk.do(LeaveComputer())
    if report is not None and report.sector is None:
        here = talk.ship.sector
        talk.ship.sector = sector  # the report does not say where it is from; we do
        await talk.notice(report)
        talk.ship.sector = here
    return report


async def warps(talk: Talk, sector: int) -> tuple[int, ...] | None:
    """Ask where a sector leads; None if the computer does not know."""
    await _open(talk)
    await talk.do(AskWarps())
    told = (await talk.do(EnterNumber(sector))).find(WarpsTold)
    await talk.do(LeaveComputer())
    return None if told is None else told.warps


async def plot(talk: Talk, start: int, goal: int) -> CourseComputed | None:
    """Ask for the course between two sectors; None if there is none."""
    await _open(talk)
    await talk.do(PlotCourse())
    await talk.do(EnterNumber(start))
    reply = await talk.do(EnterNumber(goal), within=30.0)
    course = reply.find(CourseComputed)
    await home(talk)
    return course


async def cim(talk: Talk) -> tuple[int, int]:
    """Read every warp and port the computer knows; give how many of each. Facts are learned on the way."""
    await home(talk)
    await talk.do(OpenCim())
    ways = await talk.do(ReadCimWarps(), within=120.0)
    ports = await talk.do(ReadCimPorts(), within=120.0)
    await talk.do(LeaveCim())
    return (
        sum(len(part.rows) for part in ways.all(CimWarpsListed)),
        sum(len(part.rows) for part in ports.all(CimPortsListed)),
    )


async def find_stardock(talk: Talk) -> int | None:
    """Look up where the StarDock is, where the game's status screen tells."""
    if talk.atlas.stardock() is None:
        await home(talk)
        reply: Reply = await talk.do(ShowGame())
        if reply.find(StarDockLocated) is None:
            return None
        if reply.prompt.name != "command":
            await step(talk, reply.prompt)
    return talk.atlas.stardock()
