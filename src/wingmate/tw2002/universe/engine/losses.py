"""What fighters do to a ship, and what becomes of the trader when it blows up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from attrs import frozen

from . import news
from .calendar import stardate
from .state import Place, Ship
from .tables import HULLS, MARAUDER, POD

if TYPE_CHECKING:
    from .state import Alien, Player, World

_DAY = 86_400.0
_PODS_A_DAY = 2  # seen: only two pods a day, then death


@frozen
class Strike:
    """What one wave did: shields and fighters destroyed, fighters of the wave lost."""

    shields: int
    fighters: int
    lost: int
    destroyed: bool


def strike(world: World, ship: Ship | Alien, wave: int, *, odds: float = 1.0) -> Strike:
    """Let a wave of fighters hit a ship: shields go first, one point each, then fighters by the odds."""
    # Invented: the arithmetic; that odds multiply fighters is in the server's manual.
    force = int(wave * odds * (0.9 + 0.2 * world.dice.random()))
    shields = min(ship.shields, force)
    force -= shields
    fighters = min(ship.fighters, math.ceil(force / ship.hull.defence))
    destroyed = force > ship.fighters * ship.hull.defence
    lost = min(wave, math.ceil(fighters * ship.hull.defence / odds))
    ship.shields -= shields
    ship.fighters -= fighters
    return Strike(shields, fighters, lost, destroyed)


def new_ship(world: World, player_number: int, kind: str, name: str, sector: int) -> Ship:
    """Build a ship with the fewest holds of its hull."""
    number = world.chronicle.next_ship
    world.chronicle.next_ship += 1
    ship = Ship(
        number=number,
        name=name,
        kind=kind,
        owner=player_number,
        sector=sector,
        built=world.date,
        holds=HULLS[kind].holds[0],
    )
    world.ships[number] = ship
    return ship


def scrap(world: World, ship: Ship) -> None:
    """Take a ship out of the world with all that is on board."""
    del world.ships[ship.number]
    world.gone.add(("ship", ship.number))


def destroy(world: World, victim: Player, *, by: str) -> None:
    """Blow a trader's ship up: into an escape pod if there is one left today, else dead until restart."""
    old = world.ship_of(victim)
    sector = victim.sector
    points = victim.experience // 10  # Invented: the tenth; that experience is lost was seen.
    victim.experience -= points
    victim.deaths += 1
    # The count is per stardate, also for somebody who has not played today.
    today = stardate(world.date)
    victim.deaths_today = victim.deaths_today + 1 if victim.day == today else 1
    victim.standoff = False
    scrap(world, old)
    pod = old.kind != POD and victim.deaths_today <= _PODS_A_DAY
    news.tell_sector(world, sector, news.Destroyed(victim.name, by), but=victim.number)
    if pod:
        _eject(world, victim, sector)
    else:
        _bury(world, victim)
    news.tell(world, victim.number, news.ShipLost(by, old.kind, pod, victim.sector, points))
    presence = world.present.get(victim.number)
    if presence is not None:
        presence.visit, presence.place = None, Place.SPACE


def _eject(world: World, victim: Player, sector: int) -> None:
    # Invented: the pod drifts into a neighbouring sector, without fighters in the way if possible.
    around = world.galaxy.warps[sector]
    free = [
        there for there in around if there not in world.forces or world.forces[there].owner == victim.number
    ]
    victim.last_sector, victim.sector = sector, world.dice.choice(free or list(around))
    victim.explore(victim.sector)
    victim.ship = new_ship(world, victim.number, POD, "Escape Pod", victim.sector).number
    if not free:
        victim.standoff = True


def _bury(world: World, victim: Player) -> None:
    """Take everything on hand; the trader comes back later, with the least of ships, in sector 1."""
    settings = world.settings
    victim.dead = True
    # Invented: until the next stardate; that there is a wait in days was seen.
    wait = settings.death_delay and victim.deaths_today > settings.deaths_per_day
    victim.dead_until = (stardate(world.date) + 1) * _DAY if wait else world.date
    victim.sector, victim.last_sector = 1, 0
    victim.credits = settings.initial_credits
    # A Scout Marauder and at most 250 fighters for whoever returns from death: revision notes.
    ship = new_ship(world, victim.number, MARAUDER, "", 1)
    ship.fighters = min(250, settings.initial_fighters)
    victim.ship = ship.number
