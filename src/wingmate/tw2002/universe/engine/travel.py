"""Getting about: courses, moves, scans, probes, avoids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from . import combat, news
from .growth import need_free, spend_turns
from .refusal import Reason, Refusal
from .tables import DENSITY
from .views import SectorView, beacon_at, look_at

if TYPE_CHECKING:
    from .combat import Ambush, Standoff
    from .state import Player, World


@frozen
class Course:
    """A shortest path, both ends included, and what it costs this ship."""

    path: tuple[int, ...]
    turns: int

    @property
    def hops(self) -> int:
        """How many warps it takes."""
        return len(self.path) - 1


@frozen(kw_only=True)
class Arrival:
    """Where a move led. `view` is before the sector counts as explored; `ambush` what met us there."""

    sector: int
    view: SectorView
    turns: int
    standoff: Standoff | None = None
    ambush: Ambush | None = None


@frozen
class DensityRow:
    """One row of a density scan."""

    sector: int
    explored: bool
    density: int
    warps: int
    navhaz: int = 0
    anomaly: bool = False


@frozen
class ProbeFlight:
    """The sectors a probe passed; destroyed by fighters in the last one, or arrived there."""

    views: tuple[SectorView, ...]
    destroyed: bool


def look(world: World, me: Player, sector: int | None = None) -> SectorView:
    """Describe a sector, one's own by default."""
    where = me.sector if sector is None else sector
    _need_sector(world, where)
    return look_at(world, me, where)


def adjacent(world: World, sector: int) -> tuple[int, ...]:
    """List where the warps of a sector lead. Raises BAD_SECTOR."""
    _need_sector(world, sector)
    return world.galaxy.warps[sector]


def _need_sector(world: World, sector: int) -> None:
    if not 1 <= sector <= world.galaxy.sectors:
        raise Refusal(Reason.BAD_SECTOR)


def find_path(world: World, me: Player, start: int, goal: int) -> tuple[int, ...] | None:
    """Find a shortest path round the sectors to avoid; of equals the one by lowest numbers."""
    if start == goal:
        return (start,)
    warps, came = world.galaxy.warps, {start: 0}
    shut = {sector for sector in avoids(me) if sector != goal} if me.avoids else frozenset[int]()
    front = [start]
    for _ in range(world.settings.max_course):
        following: list[int] = []
        for here in front:
            for there in warps[here]:
                if there not in came and there not in shut:
                    came[there] = here
                    if there == goal:
                        return _trace(came, goal)
                    following.append(there)
        front = following
    return None


def _trace(came: dict[int, int], goal: int) -> tuple[int, ...]:
    path = [goal]
    while came[path[-1]]:
        path.append(came[path[-1]])
    return tuple(reversed(path))


def plot(world: World, me: Player, start: int, goal: int) -> Course:
    """Plot a course, for nothing. Raises BAD_SECTOR, NO_ROUTE (amount: the longest course)."""
    _need_sector(world, start)
    _need_sector(world, goal)
    path = find_path(world, me, start, goal)
    if path is None:
        raise Refusal(Reason.NO_ROUTE, amount=world.settings.max_course)
    return Course(path, (len(path) - 1) * world.ship_of(me).hull.turns)


def needs_warning(world: World, me: Player, sector: int) -> bool:
    """Whether the computer asks `Do you really want to warp there?`."""
    _need_sector(world, sector)
    return me.avoids_sector(sector)


def move(world: World, me: Player, sector: int) -> Arrival:
    """Warp to an adjacent sector for the ship's turns per warp.

    Raises BAD_SECTOR, SAME_SECTOR, NOT_ADJACENT, NO_TURNS, BLOCKED, NOT_DOCKED. What waits there
    may strike at once: see `ambush` and `standoff`.
    """
    need_free(world, me)
    _need_sector(world, sector)
    if sector == me.sector:
        raise Refusal(Reason.SAME_SECTOR)
    if sector not in world.galaxy.warps[me.sector]:
        raise Refusal(Reason.NOT_ADJACENT)
    spend_turns(me, world.ship_of(me).hull.turns, world)
    shift(world, me, sector)
    view = look_at(world, me, sector)
    me.explore(sector)
    ambush = combat.ambush(world, me)
    return Arrival(
        sector=me.sector, view=view, turns=me.turns, standoff=combat.standoff(world, me), ambush=ambush
    )


def shift(world: World, me: Player, sector: int) -> None:
    """Put a trader's ship into another sector, and let both sectors know."""
    news.tell_sector(world, me.sector, news.WarpedOut(me.name), but=me.number)
    me.last_sector, me.sector = me.sector, sector
    world.ship_of(me).sector = sector
    news.tell_sector(world, sector, news.WarpedIn(me.name), but=me.number)


def density_of(world: World, sector: int) -> int:
    """Add up what is in a sector, by the densities that player research agrees on."""
    total = DENSITY["beacon"] if beacon_at(world, sector) else 0
    total += DENSITY["port"] if sector in world.galaxy.ports else 0
    total += DENSITY["planet"] * sum(planet.sector == sector for planet in world.planets.values())
    alive = {player.ship: not player.dead for player in world.players.values()}
    for ship in world.ships.values():
        if ship.sector == sector and alive.get(ship.number, True):
            total += DENSITY["manned" if ship.number in alive else "unmanned"]
    total += DENSITY["manned"] * sum(alien.sector == sector for alien in world.aliens.values())
    force = world.forces.get(sector)
    return total + (DENSITY["fighter"] * force.fighters if force else 0)


def density(world: World, me: Player) -> tuple[DensityRow, ...]:
    """Scan the density of the adjacent sectors, for nothing. Raises NO_SCANNER."""
    need_free(world, me)
    if not world.ship_of(me).scanner:
        raise Refusal(Reason.NO_SCANNER)
    warps = world.galaxy.warps
    return tuple(
        DensityRow(there, me.knows(there), density_of(world, there), len(warps[there]))
        for there in warps[me.sector]
    )


def holo(world: World, me: Player) -> tuple[SectorView, ...]:
    """Look into the adjacent sectors for one turn; they count as explored; the own sector comes last.

    Raises NO_SCANNER, NO_TURNS.
    """
    need_free(world, me)
    if world.ship_of(me).scanner != "holo":
        raise Refusal(Reason.NO_SCANNER)
    spend_turns(me, 1, world)
    around = world.galaxy.warps[me.sector]
    views = [look_at(world, me, there, warps=False) for there in around]
    me.explore(*around)
    return (*views, look_at(world, me, me.sector))


def probe(world: World, me: Player, goal: int) -> ProbeFlight:
    """Send an ether probe, which explores its way. Raises NO_PROBE, BAD_SECTOR, SAME_SECTOR, NO_ROUTE.

    A launch that is refused does not use the probe up (seen on TWGS 2.20b); others' fighters shoot it.
    """
    need_free(world, me)
    ship = world.ship_of(me)
    if not ship.probes:
        raise Refusal(Reason.NO_PROBE)
    if goal == me.sector:
        raise Refusal(Reason.SAME_SECTOR)
    course = plot(world, me, me.sector, goal)
    ship.probes -= 1
    views: list[SectorView] = []
    for sector in course.path[1:]:
        force = world.forces.get(sector)
        if force is not None and force.owner != me.number:
            return ProbeFlight(tuple(views), destroyed=True)
        views.append(look_at(world, me, sector, warps=False))
        me.explore(sector)
    return ProbeFlight(tuple(views), destroyed=False)


def avoid(world: World, me: Player, sector: int) -> None:
    """Keep courses out of a sector from now on. Raises BAD_SECTOR."""
    _need_sector(world, sector)
    me.avoids |= 1 << sector


def unavoid(world: World, me: Player, sector: int) -> None:
    """Use a sector in courses again. Raises BAD_SECTOR."""
    _need_sector(world, sector)
    me.avoids &= ~(1 << sector)


def clear_avoids(me: Player) -> int:
    """Forget all sectors to avoid; say how many there were."""
    count = me.avoids.bit_count()
    me.avoids = 0
    return count


def _numbers(bits: int) -> list[int]:
    return [place for place, digit in enumerate(reversed(f"{bits:b}")) if digit == "1"]


def avoids(me: Player) -> list[int]:
    """List the sectors to avoid, ascending."""
    return _numbers(me.avoids)


def explored(me: Player) -> list[int]:
    """List the explored sectors, ascending."""
    return _numbers(me.explored)
