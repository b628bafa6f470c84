"""Ports: their stock, its growth, and trading with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from . import news
from .calendar import weekday_term
from .growth import gain, need_free, spend_turns
from .haggle import Answer, Deal, Offer, Verdict, Visit, draw_mood, open_haggle, reward, unit_price
from .refusal import Reason, Refusal
from .state import Place, Stock
from .tables import CLASS_ZERO, Product

if TYPE_CHECKING:
    from .galaxy import Port
    from .haggle import Haggle
    from .state import Player, World

_DAY = 86_400.0


@frozen
class ReportItem:
    """One row of a commerce report; `amount` is what is left, or still wanted where the port buys."""

    product: Product
    buying: bool
    amount: int
    percent: int
    onboard: int


@frozen
class Report:
    """A commerce report; no items for a class 0 port."""

    sector: int
    name: str
    kind: int
    code: str
    items: tuple[ReportItem, ...]


@frozen(kw_only=True)
class Docking:
    """A docking done: the report, and who used this port before, `last_ago` seconds ago."""

    report: Report
    turns: int
    last_ship: str = ""
    last_ago: float = 0.0
    experience: int = 0
    promoted: str = ""


def port_at(world: World, sector: int) -> Port:
    """Give the port of a sector. Raises NO_PORT."""
    port = world.galaxy.ports.get(sector)
    if port is None:
        raise Refusal(Reason.NO_PORT)
    return port


def stock_at(world: World, sector: int) -> Stock:
    """Give a port's stock; one that nobody has used is full to the same degree each time one looks."""
    stock = world.stocks.get(sector)
    if stock is None:
        port = port_at(world, sector)
        # Invented: the first fill, a fixed 95 to 100 % by sector; such shares were seen on fresh servers.
        fill = [port.capacity(product) * (95 + (sector * 7 + product * 3) % 6) // 100 for product in Product]
        born = world.chronicle.born
        stock = Stock(sector=sector, amounts=(fill[0], fill[1], fill[2]), counted_at=(born, born, born))
    return stock


def _own_stock(world: World, sector: int) -> Stock:
    """Give the record to write to: looking at 8,000 ports must not make 8,000 rows to save."""
    return world.stocks.setdefault(sector, stock_at(world, sector))


def amount_at(world: World, sector: int, product: Product) -> int:
    """Count what a port has now: it grows by the production rate, 5 % of full a day by default."""
    return _grown(world, stock_at(world, sector), product)[0]


def _grown(world: World, stock: Stock, product: Product) -> tuple[int, float]:
    """Give the amount now, and since when the next unit has been growing."""
    full = port_at(world, stock.sector).capacity(product)
    amount, since = stock.amounts[product], stock.counted_at[product]
    rate = full * world.settings.production_rate / 100 / _DAY
    if rate <= 0 or amount >= full:
        return amount, world.date
    cap = full * world.settings.max_production_regen // 100
    due = int(max(0.0, world.date - since) * rate)
    grown = min(due, cap, full - amount)
    # What did not fit is lost: a port that was full for a week does not fill up again at once.
    return amount + grown, since + grown / rate if grown == due else world.date


def _take(world: World, sector: int, product: Product, quantity: int) -> None:
    stock = _own_stock(world, sector)
    amount, since = _grown(world, stock, product)
    assert 0 <= quantity <= amount, "no deal is larger than the stock"
    amounts, counted = list(stock.amounts), list(stock.counted_at)
    amounts[product], counted[product] = amount - quantity, since
    stock.amounts = (amounts[0], amounts[1], amounts[2])
    stock.counted_at = (counted[0], counted[1], counted[2])


def _share(world: World, sector: int, product: Product) -> float:
    return amount_at(world, sector, product) / max(1, port_at(world, sector).capacity(product))


def _report(world: World, me: Player, sector: int) -> Report:
    port = port_at(world, sector)
    ship = world.ship_of(me)
    items: list[ReportItem] = []
    for product in Product if port.kind != CLASS_ZERO else ():
        amount = amount_at(world, sector, product)
        percent = int(100 * _share(world, sector, product))
        items.append(ReportItem(product, port.buys(product), amount, percent, ship.cargo[product]))
    return Report(sector, port.name, port.kind, port.code, tuple(items))


def blocked(world: World, me: Player, sector: int) -> bool:
    """Whether somebody else's fighters keep the computer from a port's figures (player research)."""
    force = world.forces.get(sector)
    return force is not None and force.owner != me.number


def report(world: World, me: Player, sector: int) -> Report:
    """Give the computer's report on a port. Raises UNKNOWN_SECTOR, NO_PORT."""
    if not (1 <= sector <= world.galaxy.sectors and me.knows(sector)):
        raise Refusal(Reason.UNKNOWN_SECTOR)
    port = port_at(world, sector)
    if port.kind == CLASS_ZERO or (blocked(world, me, sector) and me.sector != sector):
        raise Refusal(Reason.NO_PORT)
    return _report(world, me, sector)


def known(world: World, me: Player) -> list[Report]:
    """List the reports of every port in explored space, for the interrogation mode."""
    return [
        _report(world, me, sector)
        for sector, port in world.galaxy.ports.items()
        if port.kind != CLASS_ZERO and me.knows(sector) and not blocked(world, me, sector)
    ]


def dock(world: World, me: Player) -> Docking:
    """Dock at the port here, for one turn. Raises NO_PORT, NO_TURNS, BLOCKED."""
    presence = need_free(world, me)
    port = port_at(world, me.sector)
    if port.kind == CLASS_ZERO:
        raise Refusal(Reason.NO_PORT)
    spend_turns(me, 1, world)
    stock, ship = _own_stock(world, me.sector), world.ship_of(me)
    found = Docking(
        report=_report(world, me, me.sector),
        turns=me.turns,
        last_ship=stock.last_ship,
        last_ago=world.date - stock.last_at,
        experience=0 if stock.used else 1,
        promoted="" if stock.used else gain(me, experience=1),
    )
    stock.used, stock.last_ship, stock.last_at = True, ship.name, world.date
    ship.ported += 1
    presence.place = Place.PORT
    mood = draw_mood(world.dice, weekday_term(world.date))
    order = sorted(Product, key=lambda product: (not port.buys(product), product))
    presence.visit = Visit(me.sector, mood, order)
    news.tell_sector(world, me.sector, news.Docked(me.name, port.name), but=me.number)
    return found


def _visit(world: World, me: Player) -> Visit:
    presence = world.present.get(me.number)
    if presence is None or presence.visit is None:
        raise Refusal(Reason.NOT_DOCKED)
    return presence.visit


def _deal(world: World, me: Player, visit: Visit, product: Product) -> Deal:
    port, ship = port_at(world, visit.sector), world.ship_of(me)
    amount, buying = amount_at(world, visit.sector, product), port.buys(product)
    if buying:
        most = min(amount, ship.cargo[product])
    else:
        share = _share(world, visit.sector, product)
        unit = unit_price(port, product, share, me.experience, visit.mood.term)
        ratio = 1 + port.mcic[product] / 1000 + visit.mood.jitter[product]
        most = min(amount, ship.empty, int(me.credits // (unit * ratio)))
    return Deal(product, buying, amount, ship.cargo[product], max(0, most))


def next_deal(world: World, me: Player) -> Deal | None:
    """Give the next product that can be traded here; None (and the visit is over) when none is left.

    First what the port buys, then what it sells, each in order; a product with nothing to trade is
    passed over. Raises NOT_DOCKED.
    """
    visit = _visit(world, me)
    visit.haggle = visit.deal = None
    while visit.queue:
        deal = _deal(world, me, visit, visit.queue.pop(0))
        if deal.default:
            visit.deal = deal
            return deal
    undock(world, me)
    return None


def agree(world: World, me: Player, quantity: int) -> Offer | None:
    """Agree on a quantity and hear the first offer; 0 skips the product. Raises BAD_AMOUNT, NO_DEAL."""
    visit = _visit(world, me)
    deal = visit.deal
    if deal is None or visit.haggle is not None:
        raise Refusal(Reason.NO_DEAL)
    if not 0 <= quantity <= deal.maximum:
        raise Refusal(Reason.BAD_AMOUNT, amount=deal.maximum)
    if quantity == 0:
        visit.deal = None
        return None
    visit.haggle = haggle = open_haggle(
        port_at(world, visit.sector),
        deal.product,
        quantity=quantity,
        share=_share(world, visit.sector, deal.product),
        experience=me.experience,
        mood=visit.mood,
        dice=world.dice,
    )
    return Offer(deal.product, quantity, deal.buying, haggle.offer)


def bid(world: World, me: Player, amount: int) -> Answer:
    """Bid for what was agreed on. Raises NO_DEAL; NO_CREDITS if one cannot pay one's own bid."""
    visit = _visit(world, me)
    haggle = visit.haggle
    if haggle is None:
        raise Refusal(Reason.NO_DEAL)
    if not haggle.buying and me.credits < amount <= haggle.offer:
        raise Refusal(Reason.NO_CREDITS)
    verdict = haggle.answer(amount)
    if verdict.ends:
        visit.deal = visit.haggle = None
    if verdict in {Verdict.DEAL, Verdict.GIFT}:
        return _settle(world, me, haggle, max(0, amount), verdict)
    return Answer(verdict=verdict, offer=haggle.offer)


def _settle(world: World, me: Player, haggle: Haggle, amount: int, verdict: Verdict) -> Answer:
    # Somebody else may have traded here meanwhile: what is gone cannot change hands.
    if haggle.quantity > amount_at(world, me.sector, haggle.product):
        return Answer(verdict=Verdict.REFUSED, offer=haggle.offer)
    _take(world, me.sector, haggle.product, haggle.quantity)
    side = 1 if haggle.buying else -1
    world.ship_of(me).load(haggle.product, -side * haggle.quantity)
    me.credits += side * amount
    if verdict is Verdict.GIFT:
        return Answer(verdict=verdict, offer=haggle.offer)
    percent = haggle.percent(amount)
    points, tier = reward(percent)
    promoted = gain(me, experience=points)
    return Answer(
        verdict=verdict,
        offer=haggle.offer,
        percent=percent,
        experience=points,
        tier=tier,
        promoted=promoted,
        gained=side * amount,
    )


def undock(world: World, me: Player) -> None:
    """Leave the port; harmless when not docked."""
    presence = world.present.get(me.number)
    if presence is not None and presence.place is Place.PORT:
        presence.visit = None
        presence.place = Place.SPACE
