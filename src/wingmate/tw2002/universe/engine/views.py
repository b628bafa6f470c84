"""What a trader sees of a sector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from .galaxy import LAW
from .tables import CLASS_ZERO, STARDOCK, alien_rank, rank

if TYPE_CHECKING:
    from .state import Mode, Player, World


@frozen
class PortLabel:
    """`Name, Class 2 (BSB)`; code is `Special` for classes 0 and 9."""

    name: str
    kind: int
    code: str

    @property
    def stardock(self) -> bool:
        """Whether the line ends in `(StarDock)`."""
        return self.kind == STARDOCK


@frozen
class PlanetLabel:
    """`(M) Terra`."""

    letter: str
    name: str


@frozen
class ShipLabel:
    """A manned ship: rank and name, fighters, ship name, maker and type (`hull`)."""

    rank: str
    name: str
    fighters: int
    ship_name: str
    hull: str

    @property
    def title(self) -> str:
        """Rank and name, as one string."""
        return f"{self.rank} {self.name}"


@frozen
class ParkedLabel:
    """An unmanned ship."""

    ship_name: str
    owner: str
    fighters: int
    hull: str


@frozen
class FightersLabel:
    """Deployed fighters: how many, whose, in which mode."""

    amount: int
    owner: str
    yours: bool
    mode: Mode


@frozen(kw_only=True)
class SectorView:
    """One sector as displayed; `explored` is how it was before this look; warps carry the same mark."""

    number: int
    region: str
    explored: bool
    beacon: str = ""
    port: PortLabel | None = None
    planets: tuple[PlanetLabel, ...] = ()
    traders: tuple[ShipLabel, ...] = ()
    aliens: tuple[ShipLabel, ...] = ()
    ships: tuple[ParkedLabel, ...] = ()
    fighters: FightersLabel | None = None
    navhaz: int = 0
    warps: tuple[tuple[int, bool], ...] = ()


def hull_label(maker: str, name: str) -> str:
    """Put maker and type together, as behind a ship's name."""
    return f"{maker} {name}" if maker and not name.startswith(maker) else name


def beacon_at(world: World, sector: int) -> str:
    """Read the beacon of a sector, if there is one."""
    return LAW if world.is_fedspace(sector) else ""


def others_in(world: World, me: Player, sector: int) -> list[Player]:
    """List the other traders whose manned ships are in a sector, on line or not, by number."""
    return [
        player
        for player in world.players.values()
        if player.sector == sector and player.number != me.number and not player.dead
    ]


def _traders(world: World, me: Player, sector: int) -> tuple[ShipLabel, ...]:
    return tuple(
        ShipLabel(
            rank(player.experience, player.alignment),
            player.name,
            world.ship_of(player).fighters,
            world.ship_of(player).name,
            hull_label(world.ship_of(player).hull.maker, world.ship_of(player).kind),
        )
        for player in others_in(world, me, sector)
    )


def _aliens(world: World, sector: int) -> tuple[ShipLabel, ...]:
    return tuple(
        ShipLabel(
            alien_rank(alien.experience),
            alien.name,
            alien.fighters,
            alien.ship_name,
            hull_label(alien.hull.maker, alien.kind),
        )
        for alien in world.aliens.values()
        if alien.sector == sector
    )


def _parked(world: World, sector: int) -> tuple[ParkedLabel, ...]:
    manned = {player.ship for player in world.players.values()}
    return tuple(
        ParkedLabel(
            ship.name, world.owner_name(ship.owner), ship.fighters, hull_label(ship.hull.maker, ship.kind)
        )
        for ship in world.ships.values()
        if ship.sector == sector and ship.number not in manned
    )


def fighters_label(world: World, me: Player, sector: int) -> FightersLabel | None:
    """Describe the fighters left in a sector."""
    force = world.forces.get(sector)
    if force is None:
        return None
    return FightersLabel(force.fighters, world.owner_name(force.owner), force.owner == me.number, force.mode)


def look_at(world: World, me: Player, sector: int, *, warps: bool = True) -> SectorView:
    """Describe a sector as a trader sees it; own ship left out."""
    port = world.galaxy.ports.get(sector)
    planets = [planet for planet in world.planets.values() if planet.sector == sector]
    return SectorView(
        number=sector,
        region=world.galaxy.region(sector),
        explored=me.knows(sector),
        beacon=beacon_at(world, sector),
        port=PortLabel(port.name, port.kind, port.code) if port else None,
        planets=tuple(PlanetLabel(planet.letter, planet.name) for planet in planets),
        traders=_traders(world, me, sector),
        aliens=_aliens(world, sector),
        ships=_parked(world, sector),
        fighters=fighters_label(world, me, sector),
        warps=tuple((there, me.knows(there)) for there in world.galaxy.warps[sector]) if warps else (),
    )


def is_class_zero(world: World, sector: int) -> bool:
    """Whether holds, fighters and shields are for sale in a sector's port."""
    port = world.galaxy.ports.get(sector)
    return port is not None and port.kind == CLASS_ZERO
