"""The Ferrengi: they wander, and strike at traders who linger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import names, news
from .losses import destroy, strike
from .state import Alien, Place
from .tables import FERRENGI_HULLS

if TYPE_CHECKING:
    from .state import Player, World

# Invented: all spans of this module, in seconds; that the Ferrengi power up weapons first, then
# launch a wave, and warp on was seen on TWGS 2.20b.
_WANDER = (8.0, 30.0)
_POWER_UP = (4.0, 10.0)
_REBIRTH = 600.0


def populate(world: World) -> None:
    """Put the first Ferrengi into the galaxy."""
    for number in range(1, world.settings.ferrengi_count + 1):
        _hatch(world, number, world.date + world.dice.uniform(*_WANDER))
    if world.aliens:
        # The first ones are spread already; later ones start from home.
        for alien in world.aliens.values():
            alien.sector = _wild(world)


def _wild(world: World) -> int:
    while True:
        sector = world.dice.randint(11, world.galaxy.sectors)
        if not world.is_fedspace(sector):
            return sector


def _hatch(world: World, number: int, moves_at: float) -> None:
    dice = world.dice
    home = world.galaxy.ferrengal
    world.gone.discard(("alien", number))
    world.aliens[number] = Alien(
        number=number,
        name=names.ferrengi_name(dice, {alien.name for alien in world.aliens.values()}),
        experience=dice.randint(8, 200),
        sector=home,
        last_sector=home,
        ship_name=names.ferrengi_ship(dice),
        kind=dice.choice(FERRENGI_HULLS),
        # Invented: the span; 170 fighters were seen with one of a middle rank.
        fighters=dice.randint(20, 200),
        shields=dice.randint(0, 50),
        moves_at=moves_at,
    )


def act(world: World) -> None:
    """Let every Ferrengi whose time has come do one thing."""
    for number in range(1, world.settings.ferrengi_count + 1):
        alien = world.aliens.get(number)
        if alien is None:
            # Somebody shot this one; another comes from home after a while.
            _hatch(world, number, world.date + _REBIRTH)
        elif alien.moves_at <= world.date:
            _turn(world, alien)


def _prey(world: World, alien: Alien) -> list[Player]:
    if world.is_fedspace(alien.sector):
        return []
    return [
        presence.player
        for _, presence in sorted(world.present.items())
        if presence.player.sector == alien.sector
        and presence.place is Place.SPACE
        and not presence.player.dead
    ]


def _turn(world: World, alien: Alien) -> None:
    found = _prey(world, alien)
    marked = next((player for player in found if player.number == alien.prey), None)
    if marked is not None:
        _attack(world, alien, marked)
    elif found:
        alien.prey = world.dice.choice(found).number
        news.tell_sector(world, alien.sector, news.Powering("a Ferrengi ship"))
        alien.moves_at = world.date + world.dice.uniform(*_POWER_UP)
    else:
        _wander(world, alien)


def _attack(world: World, alien: Alien, prey: Player) -> None:
    # Invented: a quarter of the fighters goes into a wave.
    wave = max(1, min(alien.fighters // 4, alien.hull.wave))
    news.tell_sector(world, alien.sector, news.Launched(alien.name, prey.name))
    hit = strike(world, world.ship_of(prey), min(wave, alien.fighters), odds=alien.hull.offence)
    alien.fighters = max(0, alien.fighters - hit.lost)
    news.tell(world, prey.number, news.ShipHit(alien.name, hit.shields, hit.fighters))
    if hit.destroyed:
        alien.experience += 10
        world.note(f"{prey.name}'s {world.ship_of(prey).kind} was destroyed by {alien.name} the Ferrengi.")
        destroy(world, prey, by=alien.name)
    alien.prey = 0
    _wander(world, alien)


def _wander(world: World, alien: Alien) -> None:
    alien.moves_at = world.date + world.dice.uniform(*_WANDER)
    alien.prey = 0
    if alien.fighters < alien.hull.fighters // 100:
        alien.fighters += 1  # Invented: they recruit as they go.
    ways = [
        there
        for there in world.galaxy.warps[alien.sector]
        if there not in world.galaxy.fedspace and there not in world.forces
    ]
    if not ways:
        return
    news.tell_sector(world, alien.sector, news.WarpedOut(alien.name))
    alien.last_sector, alien.sector = alien.sector, world.dice.choice(ways)
    news.tell_sector(world, alien.sector, news.WarpedIn(alien.name))
