"""Beginning and time: the big bang, and `advance`, the one door through which dates come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import aliens
from .calendar import stardate
from .dice import Dice
from .galaxy import make_galaxy
from .growth import refresh_hourly
from .state import Chronicle, Planet, World

if TYPE_CHECKING:
    from .settings import Settings


def big_bang(settings: Settings, *, date: float) -> World:
    """Make a new universe; the same settings and date make the same one, and the same calls keep it so."""
    galaxy = make_galaxy(settings, Dice(settings.seed))
    chronicle = Chronicle(born=date, date=date, day=stardate(date))
    world = World(settings, galaxy, Dice(settings.seed + 1), chronicle)
    world.planets[1] = Planet(number=1, sector=1, name="Terra", letter="M", born=date)
    chronicle.next_planet = 2
    aliens.populate(world)
    return world


def advance(world: World, date: float) -> None:
    """Bring the world to a date: a new stardate, turns that come back, Ferrengi that act.

    Call it before every command and about once a second. A date before the last one changes nothing,
    so a clock that is set back cannot make anything happen twice.
    """
    chronicle = world.chronicle
    if date <= chronicle.date:
        return
    chronicle.date = date
    if stardate(date) != chronicle.day:
        chronicle.day = stardate(date)
    for presence in world.present.values():
        refresh_hourly(world, presence.player)
    aliens.act(world)
