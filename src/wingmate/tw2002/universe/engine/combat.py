"""Fighters: left behind, met on the way, and sent at ships."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from . import news
from .growth import gain, need_free, need_on, spend_turns
from .losses import Strike, destroy, strike
from .refusal import Reason, Refusal
from .state import Alien, Force, Mode, Place
from .views import others_in

if TYPE_CHECKING:
    from .state import Player, Ship, World

# Player lore: what a toll fighter asks for.
TOLL = 5


@frozen
class Limits:
    """What `F` tells first: fighters at hand (ship and sector), the hull's room, how many are out here."""

    available: int
    capacity: int
    here: int

    @property
    def least(self) -> int:
        """How many must stay in the sector because the ship cannot take them."""
        return max(0, self.available - self.capacity)


@frozen
class Standoff:
    """Hostile fighters in the way: `Your fighters: 24,926 vs. theirs: 506`; toll is 0 if none is asked."""

    yours: int
    theirs: int
    owner: str
    mode: Mode
    toll: int


@frozen(kw_only=True)
class Ambush:
    """Offensive fighters struck on arrival; `lost_ship` is the hull that is gone, or empty."""

    owner: str
    shields: int
    fighters: int
    lost_ship: str = ""
    dead: bool = False


@frozen(kw_only=True)
class Battle:
    """How one attack went; `salvage` is in credits."""

    target: str
    lost: int
    destroyed: int
    shields: int = 0
    remain: int = 0
    cleared: bool = False
    experience: int = 0
    alignment: int = 0
    promoted: str = ""
    salvage: int = 0


@frozen
class Retreat:
    """Where a retreat led, and what waits there."""

    sector: int
    standoff: Standoff | None
    ambush: Ambush | None


@frozen
class Target:
    """One ship that can be attacked; `key` names it to `attack`."""

    key: str
    label: str
    fighters: int
    shields: int
    manned: bool


def limits(world: World, me: Player) -> Limits:
    """Tell what can be deployed here. Raises FEDSPACE, NOT_YOURS."""
    need_free(world, me)
    if world.is_fedspace(me.sector):
        raise Refusal(Reason.FEDSPACE)
    force = world.forces.get(me.sector)
    if force is not None and force.owner != me.number:
        raise Refusal(Reason.NOT_YOURS)
    ship, here = world.ship_of(me), force.fighters if force else 0
    return Limits(ship.fighters + here, ship.hull.fighters, here)


def deploy(world: World, me: Player, amount: int, mode: Mode = Mode.DEFENSIVE) -> int:
    """Leave *amount* fighters here in all, and take up the tolls; say how many are on board now.

    Raises as `limits`, and BAD_AMOUNT (amount: the most), NO_ROOM (amount: the least).
    """
    bounds = limits(world, me)
    if not 0 <= amount <= bounds.available:
        raise Refusal(Reason.BAD_AMOUNT, amount=bounds.available)
    if amount < bounds.least:
        raise Refusal(Reason.NO_ROOM, amount=bounds.least)
    force = world.forces.pop(me.sector, None)
    if force is not None:
        me.credits += force.tolls
        world.gone.add(("force", me.sector))
    if amount:
        world.forces[me.sector] = Force(sector=me.sector, owner=me.number, fighters=amount, mode=mode)
        world.gone.discard(("force", me.sector))
    ship = world.ship_of(me)
    ship.fighters = bounds.available - amount
    return ship.fighters


def deployed(world: World, me: Player) -> list[Force]:
    """List one's forces by sector."""
    return sorted(
        (force for force in world.forces.values() if force.owner == me.number), key=lambda force: force.sector
    )


def hostile(world: World, me: Player) -> Force | None:
    """Give the force in the trader's sector if it is not the trader's own."""
    force = world.forces.get(me.sector)
    return force if force is not None and force.owner != me.number else None


def ambush(world: World, me: Player) -> Ambush | None:
    """Meet what guards the sector one has come to: every hostile force blocks, an offensive one strikes."""
    force = hostile(world, me)
    if force is None:
        return None
    me.standoff = True
    news.tell(world, force.owner, news.FightersHit(me.sector, me.name, 0, force.fighters))
    if force.mode is not Mode.OFFENSIVE:
        return None
    owner, kind = world.owner_name(force.owner), world.ship_of(me).kind
    hit = strike(world, world.ship_of(me), force.fighters)
    _thin(world, force, hit.lost)
    lost_ship = kind if hit.destroyed else ""
    if hit.destroyed:
        destroy(world, me, by=owner)
    return Ambush(owner=owner, shields=hit.shields, fighters=hit.fighters, lost_ship=lost_ship, dead=me.dead)


def _thin(world: World, force: Force, lost: int) -> None:
    """Take fighters from a force, and the force away when none is left."""
    force.fighters -= min(lost, force.fighters)
    if not force.fighters:
        # Uncollected tolls go to the owner's bank: nobody's money vanishes. Invented.
        owner = world.players.get(force.owner)
        if owner is not None and force.tolls:
            owner.bank += force.tolls
        del world.forces[force.sector]
        world.gone.add(("force", force.sector))


def standoff(world: World, me: Player) -> Standoff | None:
    """Tell what blocks the way, if anything does still."""
    force = hostile(world, me)
    if not me.standoff or force is None:
        if me.standoff:
            me.standoff = False
        return None
    toll = TOLL * force.fighters if force.mode is Mode.TOLL else 0
    return Standoff(
        world.ship_of(me).fighters, force.fighters, world.owner_name(force.owner), force.mode, toll
    )


def _blocker(world: World, me: Player) -> Force:
    need_on(world, me)
    force = hostile(world, me)
    if force is None or not me.standoff:
        raise Refusal(Reason.NO_STANDOFF)
    return force


def _check_wave(ship: Ship, amount: int) -> None:
    most = min(ship.fighters, ship.hull.wave)
    if not 1 <= amount <= most:
        raise Refusal(Reason.BAD_AMOUNT, amount=most)


def assault(world: World, me: Player, amount: int) -> Battle:
    """Send fighters at those that guard this sector. Raises NO_STANDOFF, BAD_AMOUNT."""
    need_on(world, me)
    force = hostile(world, me)
    if force is None:
        raise Refusal(Reason.NO_STANDOFF)
    ship = world.ship_of(me)
    _check_wave(ship, amount)
    # Invented: losses. One wave of 300 was seen to destroy 506 and to lose 142.
    luck = 0.9 + 0.2 * world.dice.random()
    destroyed = min(force.fighters, max(1, int(amount * ship.hull.offence * luck)))
    lost = min(amount, int(destroyed / ship.hull.offence * luck))
    ship.fighters -= lost
    owner = world.players.get(force.owner)
    remain = force.fighters - destroyed
    news.tell(world, force.owner, news.FightersHit(me.sector, me.name, destroyed, remain))
    _thin(world, force, destroyed)
    if not remain:
        me.standoff = False
    # Invented: 9 points and 60 of alignment were seen for 506 fighters of an evil trader.
    points, side = destroyed // 56, 1 if owner is None or owner.alignment < 0 else -1
    virtue = side * (destroyed * 60 // 506)
    return Battle(
        target=world.owner_name(force.owner),
        lost=lost,
        destroyed=destroyed,
        remain=ship.fighters,
        cleared=not remain,
        experience=points,
        alignment=virtue,
        promoted=gain(me, experience=points, alignment=virtue),
    )


def pay(world: World, me: Player) -> int:
    """Pay the toll and pass; say how much it was. Raises NO_STANDOFF, NO_CREDITS."""
    force = _blocker(world, me)
    toll = TOLL * force.fighters
    if force.mode is not Mode.TOLL:
        raise Refusal(Reason.NO_STANDOFF)
    if me.credits < toll:
        raise Refusal(Reason.NO_CREDITS, amount=toll)
    me.credits -= toll
    force.tolls += toll
    me.standoff = False
    news.tell(world, force.owner, news.TollPaid(me.sector, me.name, toll))
    return toll


def retreat(world: World, me: Player) -> Retreat:
    """Go back to where one came from. Raises NO_STANDOFF."""
    _blocker(world, me)
    # Invented: a retreat costs no turn and no fighter, also along a one-way warp.
    back = me.last_sector or world.galaxy.warps[me.sector][0]
    news.tell_sector(world, me.sector, news.WarpedOut(me.name), but=me.number)
    me.standoff = False
    me.last_sector, me.sector = me.sector, back
    world.ship_of(me).sector = back
    me.explore(back)
    news.tell_sector(world, back, news.WarpedIn(me.name), but=me.number)
    met = ambush(world, me)
    return Retreat(me.sector, standoff(world, me), met)


def _in_reach(world: World, me: Player) -> list[Player]:
    found = others_in(world, me, me.sector)
    return [
        other
        for other in found
        if (presence := world.present.get(other.number)) is None or presence.place is Place.SPACE
    ]


def targets(world: World, me: Player) -> list[Target]:
    """List what can be attacked here: Ferrengi first, then traders, then unmanned ships."""
    need_free(world, me)
    found = [
        Target(
            f"alien/{alien.number}",
            f"{alien.name}'s {alien.kind}",
            alien.fighters,
            alien.shields,
            manned=True,
        )
        for alien in world.aliens.values()
        if alien.sector == me.sector
    ]
    if world.is_fedspace(me.sector):
        return found
    for other in _in_reach(world, me):
        ship = world.ship_of(other)
        label = f"{other.name}'s {ship.kind}"
        found.append(Target(f"trader/{other.number}", label, ship.fighters, ship.shields, manned=True))
    manned = {player.ship for player in world.players.values()}
    found += [
        Target(f"ship/{ship.number}", ship.name, ship.fighters, ship.shields, manned=False)
        for ship in world.ships.values()
        if ship.sector == me.sector and ship.number not in manned and ship.owner != me.number
    ]
    return found


def attack(world: World, me: Player, key: str, amount: int) -> Battle:
    """Send fighters at a target, for one turn. Raises NO_TARGET, BAD_AMOUNT, NO_TURNS."""
    if key not in {target.key for target in targets(world, me)}:
        raise Refusal(Reason.NO_TARGET)
    mine = world.ship_of(me)
    _check_wave(mine, amount)
    spend_turns(me, 1, world)  # Invented: the price of an attack.
    kind, _, number = key.partition("/")
    alien = world.aliens[int(number)] if kind == "alien" else None
    other = world.players[int(number)] if kind == "trader" else None
    ship = alien or (world.ship_of(other) if other else world.ships[int(number)])
    target = (alien or other or ship).name
    news.tell_sector(world, me.sector, news.Launched(me.name, target), but=me.number)
    if isinstance(ship, Alien):
        return _hit_alien(world, me, ship, amount)
    hit = strike(world, ship, amount, odds=mine.hull.offence)
    mine.fighters -= hit.lost
    if other is not None:
        news.tell(world, other.number, news.ShipHit(me.name, hit.shields, hit.fighters))
    virtue = 0
    if hit.destroyed:
        virtue = _kill(world, me, other, ship)
    return _battle(world, me, ship.name, hit, virtue)


def _kill(world: World, me: Player, other: Player | None, ship: Ship) -> int:
    me.kills += 1
    world.ship_of(me).kills += 1
    if other is None:
        del world.ships[ship.number]
        world.gone.add(("ship", ship.number))
        return 0
    virtue = -max(1, abs(other.alignment) // 10) if other.alignment >= 0 else -other.alignment // 10
    world.note(f"{other.name}'s {ship.kind} was destroyed by {me.name}.")
    destroy(world, other, by=me.name)
    return virtue


def _battle(world: World, me: Player, target: str, hit: Strike, virtue: int) -> Battle:
    points = hit.fighters // 56 + (10 if hit.destroyed else 0)
    return Battle(
        target=target,
        lost=hit.lost,
        destroyed=hit.fighters,
        shields=hit.shields,
        remain=world.ship_of(me).fighters,
        cleared=hit.destroyed,
        experience=points,
        alignment=virtue,
        promoted=gain(me, experience=points, alignment=virtue),
    )


def _hit_alien(world: World, me: Player, alien: Alien, amount: int) -> Battle:
    mine, label = world.ship_of(me), f"{alien.name}'s {alien.kind}"
    hit = strike(world, alien, amount, odds=mine.hull.offence)
    mine.fighters -= hit.lost
    alien.prey = me.number
    if hit.destroyed:
        me.kills += 1
        mine.kills += 1
        world.note(f"{alien.name} the Ferrengi was destroyed by {me.name}.")
        news.tell_sector(world, me.sector, news.Destroyed(alien.name, me.name), but=me.number)
        del world.aliens[alien.number]
        world.gone.add(("alien", alien.number))
    return _battle(world, me, label, hit, 25 if hit.destroyed else 0)
