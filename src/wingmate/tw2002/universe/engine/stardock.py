"""StarDock and class 0 ports: shipyards, hardware, holds, fighters and shields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from . import news
from .calendar import stardate, wave
from .growth import need_free, need_on, spend_turns
from .losses import new_ship, scrap
from .refusal import Reason, Refusal
from .state import Place
from .tables import DENSITY_PRICE, HARDWARE, HOLO_PRICE, HULLS, YARD, Hardware, Hull, Product
from .views import is_class_zero

if TYPE_CHECKING:
    from .state import Player, Presence, Ship, World


@frozen
class ClassZero:
    """The `You can buy:` screen: prices as shown (cut to whole credits), and how many fit the ship."""

    hold_price: int
    holds_max: int
    fighter_price: int
    fighters_max: int
    shield_price: int
    shields_max: int


@frozen
class Quote:
    """One article for one ship: the price of one, and how many can be had (room and cash)."""

    article: Hardware
    price: int
    maximum: int


def land(world: World, me: Player) -> int:
    """Land on StarDock for one turn; say how many are left. Raises NO_PORT, NO_TURNS, BLOCKED."""
    presence = need_free(world, me)
    if me.sector != world.galaxy.stardock:
        raise Refusal(Reason.NO_PORT)
    spend_turns(me, 1, world)
    presence.place = Place.STARDOCK
    news.tell_sector(world, me.sector, news.Docked(me.name, "the StarDock"), but=me.number)
    return me.turns


def leave(world: World, me: Player) -> None:
    """Blast off from StarDock, or undock from a class 0 port. Raises NOT_ON."""
    presence = need_on(world, me)
    if presence.place is Place.STARDOCK:
        news.tell_sector(world, me.sector, news.LiftedOff(me.name, "the StarDock"), but=me.number)
    presence.visit, presence.place = None, Place.SPACE


def mug(world: World, me: Player) -> int:
    """Wander about StarDock; give what a mugging took: nothing, or half of the cash (seen on TWGS 2.20b)."""
    _inside(world, me)
    # Invented: one walk in four; of two that were seen, one ended so.
    if me.credits < 2 or world.dice.random() >= 0.25:
        return 0
    lost = me.credits - me.credits // 2
    me.credits -= lost
    return lost


def _inside(world: World, me: Player) -> Presence:
    presence = need_on(world, me)
    if presence.place is not Place.STARDOCK:
        raise Refusal(Reason.NOT_DOCKED)
    return presence


def dock_zero(world: World, me: Player) -> int:
    """Dock at a class 0 port for one turn; say how many are left. Raises NO_PORT, NO_TURNS, BLOCKED."""
    presence = need_free(world, me)
    if not is_class_zero(world, me.sector):
        raise Refusal(Reason.NO_PORT)
    spend_turns(me, 1, world)
    presence.place = Place.PORT
    return me.turns


def _counter(world: World, me: Player) -> None:
    place = need_on(world, me).place
    at_zero = place is Place.PORT and is_class_zero(world, me.sector)
    if place is not Place.STARDOCK and not at_zero:
        raise Refusal(Reason.NOT_DOCKED)


# Prices in hundredths: the screen cuts fractions that the bill has (seen on TWGS 2.20b). The spans
# are player research; Invented: the fractions, and the periods of fighters and shields.
def _fighter_cents(world: World) -> int:
    return 100 * wave(world.date, 160, 239, 14) + stardate(world.date) * 37 % 100


def _shield_cents(world: World) -> int:
    return 100 * wave(world.date, 110, 189, 16) + stardate(world.date) * 71 % 100


def _hold_base(world: World) -> int:
    return wave(world.date, 151, 249, 18)


def _most(price_cents: int, cash: int, fits: int) -> int:
    return max(0, min(fits, cash * 100 // price_cents))


def class_zero(world: World, me: Player) -> ClassZero:
    """Show what holds, fighters and shields cost today, and how many the ship can take.

    Raises NOT_DOCKED.
    """
    _counter(world, me)
    ship = world.ship_of(me)
    hull, fighters, shields = ship.hull, _fighter_cents(world), _shield_cents(world)
    return ClassZero(
        _hold_base(world) + 20 * ship.holds,
        hull.holds[1] - ship.holds,
        fighters // 100,
        max(0, hull.fighters - ship.fighters),
        shields // 100,
        max(0, hull.shields - ship.shields),
    )


def hold_cost(world: World, me: Player, amount: int) -> int:
    """Price the next holds: the first is base + 20 for each one has, every further one 20 more."""
    held, base = world.ship_of(me).holds, _hold_base(world)
    return sum(base + 20 * (held + extra) for extra in range(amount))


def _pay(me: Player, cost: int) -> int:
    if cost > me.credits:
        raise Refusal(Reason.NO_CREDITS, amount=cost)
    if cost:
        me.credits -= cost
    return cost


def _check(amount: int, most: int) -> None:
    if not 0 <= amount <= most:
        raise Refusal(Reason.BAD_AMOUNT, amount=most)


def buy_holds(world: World, me: Player, amount: int) -> int:
    """Have holds installed; say what it cost. Raises NOT_DOCKED, BAD_AMOUNT, NO_CREDITS."""
    _check(amount, class_zero(world, me).holds_max)
    paid = _pay(me, hold_cost(world, me, amount))
    world.ship_of(me).holds += amount
    return paid


def buy_fighters(world: World, me: Player, amount: int) -> int:
    """Buy fighters; say what it cost. Raises NOT_DOCKED, BAD_AMOUNT, NO_CREDITS."""
    _check(amount, class_zero(world, me).fighters_max)
    paid = _pay(me, amount * _fighter_cents(world) // 100)
    world.ship_of(me).fighters += amount
    return paid


def buy_shields(world: World, me: Player, amount: int) -> int:
    """Buy shield points; say what it cost. Raises NOT_DOCKED, BAD_AMOUNT, NO_CREDITS."""
    _check(amount, class_zero(world, me).shields_max)
    paid = _pay(me, amount * _shield_cents(world) // 100)
    world.ship_of(me).shields += amount
    return paid


def price(hull: Hull) -> int:
    """Tell a ship's price."""
    return hull.cost


def trade_in(world: World, me: Player) -> int:
    """Tell what the yards pay for the ship one is in."""
    # Invented: a quarter of the hull's price, and of the first price of each hold that was added.
    ship = world.ship_of(me)
    return (ship.hull.cost + 151 * (ship.holds - ship.hull.holds[0])) // 4


def _licensed(me: Player, hull: Hull) -> bool:
    # Corporate chairs and commissioned traders only: the game's own refusals. Invented: 1,000 points
    # stand for the commission.
    if hull.name == "Corporate FlagShip":
        return False
    return hull.name != "Imperial StarShip" or me.alignment >= 1_000


def buy_ship(world: World, me: Player, letter: str, *, trade_in: bool, name: str) -> Ship:
    """Buy a new ship and move into it; the old one is traded in, or left unmanned at the dock.

    Raises NOT_DOCKED, NO_SUCH_ITEM, NOT_EQUIPPED (no licence), NO_CREDITS (amount: the cost),
    NO_ROOM (the goods on board do not fit).
    """
    _inside(world, me)
    hull = next((hull for hull in YARD if hull.letter == letter.upper()), None)
    if hull is None:
        raise Refusal(Reason.NO_SUCH_ITEM)
    if not _licensed(me, hull):
        raise Refusal(Reason.NOT_EQUIPPED)
    old = world.ship_of(me)
    if trade_in and sum(old.cargo) + old.colonists > hull.holds[0]:
        raise Refusal(Reason.NO_ROOM)
    _pay(me, max(0, price(hull) - (_trade_in(world, me) if trade_in else 0)))
    ship = new_ship(world, me.number, hull.name, name[:30], me.sector)
    if trade_in:
        _move_over(old, ship)
        scrap(world, old)
    me.ship = ship.number
    return ship


_trade_in = trade_in  # the keyword of `buy_ship` has the same name


def _move_over(old: Ship, new: Ship) -> None:
    # Invented: goods, fighters and shields move over as far as the new hull takes them; gear stays.
    for product in Product:
        new.load(product, old.cargo[product])
    new.colonists = old.colonists
    new.fighters = min(old.fighters, new.hull.fighters)
    new.shields = min(old.shields, new.hull.shields)


def _limit(ship: Ship, article: Hardware) -> int:
    """How many of an article the hull can carry."""
    hull = HULLS[ship.kind]
    by_hull = {
        "beacons": hull.beacons,
        "armid": hull.mines,
        "limpets": hull.mines,
        "genesis": min(5, hull.genesis),
        "photons": 5 if hull.photons else 0,
        "twarp": 1 if hull.transwarp else 0,
        "planet_scanner": 1 if hull.planet_scanner else 0,
    }
    return by_hull.get(article.field, article.limit or 0)


def quote(world: World, me: Player, key: str) -> Quote:
    """Offer an article. Raises NOT_DOCKED, NO_SUCH_ITEM, NOT_EQUIPPED, OWNED."""
    _inside(world, me)
    article = next((article for article in HARDWARE if article.key == key.upper()), None)
    if article is None:
        raise Refusal(Reason.NO_SUCH_ITEM)
    ship = world.ship_of(me)
    limit, owned = _limit(ship, article), int(getattr(ship, article.field))
    if not limit:
        raise Refusal(Reason.NOT_EQUIPPED)
    # A second psychic probe is offered again on live servers; nothing else that is single.
    if article.limit == 1 and owned and article.field != "psychic":
        raise Refusal(Reason.OWNED)
    fits = 1 if article.field == "psychic" else max(0, limit - owned)
    return Quote(article, article.price, _most(100 * article.price, me.credits, fits))


def buy(world: World, me: Player, key: str, amount: int = 1) -> int:
    """Buy an article; say what it cost. Raises as `quote`, BAD_AMOUNT, NO_CREDITS."""
    offer = quote(world, me, key)
    if amount == 1 and me.credits < offer.price:
        raise Refusal(Reason.NO_CREDITS, amount=offer.price)
    _check(amount, offer.maximum)
    paid = _pay(me, amount * offer.price)
    ship, field = world.ship_of(me), offer.article.field
    if amount:
        before = getattr(ship, field)
        setattr(ship, field, True if isinstance(before, bool) else before + amount)
    return paid


def buy_scanner(world: World, me: Player, kind: str) -> int:
    """Buy a density (`D`) or holographic (`H`) scanner.

    Raises NOT_DOCKED, NOT_EQUIPPED, OWNED, NO_CREDITS.
    """
    _inside(world, me)
    ship = world.ship_of(me)
    if not ship.hull.scanner:
        raise Refusal(Reason.NOT_EQUIPPED)
    wanted, cost = ("holo", HOLO_PRICE) if kind.upper() == "H" else ("density", DENSITY_PRICE)
    if ship.scanner in {wanted, "holo"}:
        raise Refusal(Reason.OWNED)
    paid = _pay(me, cost)
    ship.scanner = wanted
    return paid
