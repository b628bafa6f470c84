"""Moving and scanning, with whatever comes between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from ...errors import GarbledReply
from ..commands import (
    Answer,
    Attack,
    ChooseScan,
    Engage,
    EnterNumber,
    Press,
    Retreat,
    Scan,
    Warp,
)
from ..errors import TurnsSpent, WayBarred
from ..events import (
    DensityScanned,
    FightersMet,
    HoloScanned,
    MoveRefused,
    NoRoute,
    OutOfTurns,
    ScannerMissing,
    SectorDisplayed,
)
from ._home import HOME, home, step
from ._talk import Reply, Talk

MOST_STOPS: Final = 120  # questions on one flight; the longest course a game computes has 45 warps
ODDS: Final = 2  # we fight for a way only when we are that many times stronger
MOST_ROUNDS: Final = 8


async def move(talk: Talk, sector: int, *, boldly: bool) -> int:
    """Fly to one sector by its number; give where the ship is. Raises `WayBarred` or `TurnsSpent`."""
    await home(talk)
    if talk.ship.sector == sector:
        return sector
    reply = await talk.do(Warp(sector), within=60.0)
    for _ in range(MOST_STOPS):
        _judge(talk, reply, sector)
        if reply.prompt.name == HOME:
            break
        reply = await _go_on(talk, reply, boldly=boldly)
    else:
        raise GarbledReply(f"{talk.name}: the flight to {sector} does not end", screen=talk.bot.screen())
    here = talk.ship.sector
    if here != sector:
        raise WayBarred(f"{talk.name}: set out for sector {sector}, stopped in {here}")
    return sector


async def follow(talk: Talk, path: Sequence[int], *, boldly: bool) -> int:
    """Fly along a path, one warp at a time."""
    for sector in path:
        if talk.ship.sector != sector:
            await move(talk, sector, boldly=boldly)
    return path[-1] if path else talk.ship.sector or 0


async def _go_on(talk: Talk, reply: Reply, *, boldly: bool) -> Reply:
    match reply.prompt.name:
        case "autopilot-start":
            return await talk.do(Engage("express"), within=120.0)
        case "autopilot-stop":
            return await talk.do(Press("n"), within=120.0)
        case "really-warp":
            return await talk.do(Answer(yes=boldly))
        case "hostile-fighters":
            return await _face(talk, reply)
        case "avoid-sector":
            return await talk.do(Answer(yes=True))
        case _:
            return await step(talk, reply.prompt)


async def _face(talk: Talk, reply: Reply) -> Reply:
    """Fight for the way if it is cheap, otherwise flee."""
    for _ in range(MOST_ROUNDS):
        met = reply.find(FightersMet)
        if met is None or met.ours < ODDS * max(1, met.theirs):
            break
        reply = await talk.do(Attack())
        if reply.prompt.name == "attack-fighters":
            wanted, most = ODDS * met.theirs, reply.prompt.fields.get("max")
            reply = await talk.do(EnterNumber(min(wanted, most) if isinstance(most, int) else wanted))
        if reply.prompt.name != "hostile-fighters":
            return reply
    return await talk.do(Retreat())


def _judge(talk: Talk, reply: Reply, sector: int) -> None:
    if (spent := reply.find(OutOfTurns)) is not None:
        talk.ship.turns = 0
        raise TurnsSpent(f"{talk.name}: {spent.text}")
    refused = reply.find(MoveRefused)
    if refused is not None and refused.why not in {"not-adjacent", "already-there"}:
        raise WayBarred(f"{talk.name}: {refused.text}")
    if reply.find(NoRoute) is not None and reply.prompt.name == HOME:
        raise WayBarred(f"{talk.name}: the game knows no way to sector {sector}")


async def scan(talk: Talk, kind: Literal["density", "holo"]) -> Reply | None:
    """Scan the neighbours; None without a scanner of that kind."""
    await home(talk)
    if talk.ship.scanner == "None":
        return None
    reply = await talk.do(Scan())
    if reply.prompt.name == "scan-kind":
        reply = await talk.do(ChooseScan(kind))
    if reply.find(OutOfTurns) is not None:
        raise TurnsSpent(f"{talk.name}: no turn left for a scan")
    wanted = DensityScanned if kind == "density" else HoloScanned
    if reply.find(ScannerMissing) is not None or reply.find(wanted) is None:
        return None
    return reply


def displayed(reply: Reply) -> list[SectorDisplayed]:
    """Give the sectors a reply showed."""
    return reply.all(SectorDisplayed)
