import pytest
from attrs import evolve

from wingmate.tw2002.universe import engine
from wingmate.tw2002.universe.engine import (
    Mode,
    Place,
    Reason,
    Refusal,
    Settings,
    bank,
    chat,
    combat,
    news,
    ports,
    roster,
    stardock,
    tables,
    travel,
)
from wingmate.tw2002.universe.engine.haggle import Verdict

NOW = 1_795_253_736.0  # a Saturday here, a Sunday on the ship's clock
DAY = 86_400.0


@pytest.fixture
def world():
    return engine.big_bang(Settings(seed=7, ferrengi=0, max_bank_credits=5_000), date=NOW)


def join(world, name, *, sector=None, enter=True, **gifts):
    me = roster.create(world, login=name, password="pw", name=name, ship_name="Boat", planet_name="Rock")
    for key, value in gifts.items():
        setattr(me if hasattr(me, key) else world.ship_of(me), key, value)
    if sector is not None:
        place(world, me, sector)
    if enter:
        roster.enter(world, me)
    return me


def place(world, me, sector):
    me.sector = sector
    world.ship_of(me).sector = sector


def refused(reason, verb, *args, **kw):
    with pytest.raises(Refusal) as caught:
        verb(*args, **kw)
    assert caught.value.reason is reason
    return caught.value


def wild_pair(world):
    """Two adjacent sectors outside FedSpace, both ways."""
    warps = world.galaxy.warps
    return next(
        (a, b)
        for a in range(11, len(warps))
        for b in warps[a]
        if b > 10 and a in warps[b] and not {a, b} & world.galaxy.fedspace
    )


# -- ports ----------------------------------------------------------------------------------------


def sell_port(world, kind=7):
    return next(sector for sector, port in world.galaxy.ports.items() if port.kind == kind)


def test_a_port_is_traded_with_and_grows_again(world):
    sector = sell_port(world)
    me = join(world, "Ann", sector=sector)
    me.explore(sector)
    before = ports.report(world, me, sector).items
    docking = ports.dock(world, me)
    assert (docking.experience, docking.turns, me.turns) == (1, 999, 999)
    refused(Reason.NOT_DOCKED, travel.move, world, me, travel.adjacent(world, sector)[0])
    deal = ports.next_deal(world, me)
    assert (deal.product, deal.buying, deal.default) == (tables.Product.ORE, False, 20)
    refused(Reason.BAD_AMOUNT, ports.agree, world, me, 21)
    offer = ports.agree(world, me, 10)
    answer = ports.bid(world, me, offer.amount)
    assert (answer.verdict, answer.gained) == (Verdict.DEAL, -offer.amount)
    assert me.credits == 1000 - offer.amount
    assert world.ship_of(me).cargo == (10, 0, 0)
    refused(Reason.NO_DEAL, ports.bid, world, me, 5)
    assert ports.next_deal(world, me).product is tables.Product.ORGANICS
    assert ports.agree(world, me, 0) is None
    assert ports.next_deal(world, me).product is tables.Product.EQUIPMENT
    assert ports.next_deal(world, me) is None
    assert world.present[me.number].place is Place.SPACE
    after = ports.report(world, me, sector).items
    assert after[0].amount == before[0].amount - 10
    assert after[0].onboard == 10
    full = world.galaxy.ports[sector].capacity(tables.Product.ORE)
    engine.advance(world, NOW + DAY / 2)
    grown = ports.report(world, me, sector).items[0].amount
    assert grown == min(full, after[0].amount + int(full * 0.05 / 2))
    engine.advance(world, NOW + 30 * DAY)
    assert ports.report(world, me, sector).items[0].percent == 100
    ports.dock(world, me)
    ports.next_deal(world, me)
    ports.bid(world, me, ports.agree(world, me, 5).amount)
    assert ports.report(world, me, sector).items[0].amount == full - 5  # no month of growth in stock


def test_growth_does_not_depend_on_how_often_one_looks(world):
    sector = sell_port(world)
    me = join(world, "Ann", sector=sector, credits=10**6, holds=75)
    me.explore(sector)
    for _ in range(20):
        ports.dock(world, me)
        ports.next_deal(world, me)
        ports.agree(world, me, 1)
        ports.bid(world, me, world.present[me.number].visit.haggle.offer)
        ports.undock(world, me)
        engine.advance(world, world.date + 1_000)
    amount = ports.report(world, me, sector).items[0].amount
    full = world.galaxy.ports[sector].capacity(tables.Product.ORE)
    fill = 95 + (sector * 7) % 6
    assert amount == min(full, full * fill // 100 - 20 + int(20_000 * full * 0.05 / DAY))


def test_a_pair_earns_money(world):
    galaxy = world.galaxy
    pair = next(
        (a, b)
        for a, port in galaxy.ports.items()
        for b in galaxy.warps[a]
        if port.kind == 2 and b in galaxy.ports and galaxy.ports[b].kind in {1, 5} and a in galaxy.warps[b]
    )
    me = join(world, "Ann", sector=pair[0])
    for _ in range(10):
        for there in (pair[1], pair[0]):
            ports.dock(world, me)
            while deal := ports.next_deal(world, me):
                if deal.buying or not world.galaxy.ports[pair[0]].buys(deal.product) or me.sector == pair[1]:
                    ports.bid(world, me, ports.agree(world, me, deal.default).amount)
            travel.move(world, me, there)
    assert me.credits > 5_000


def test_reports_need_to_have_been_there(world):
    sector = sell_port(world)
    me = join(world, "Ann", sector=1)
    refused(Reason.UNKNOWN_SECTOR, ports.report, world, me, sector)
    refused(Reason.UNKNOWN_SECTOR, ports.report, world, me, 99_999)
    refused(Reason.NO_PORT, ports.dock, world, me)
    me.explore(sector)
    assert [report.sector for report in ports.known(world, me)] == [sector]
    assert not world.stocks  # looking saves nothing


# -- StarDock ----------------------------------------------------------------------------------------


@pytest.fixture
def docked(world):
    me = join(world, "Ann", sector=world.galaxy.stardock, credits=100_000)
    stardock.land(world, me)
    return me


def test_the_bank_has_a_cap_and_keeps_money(world, docked):
    other = join(world, "Bo", bank=4_500)
    assert bank.room(world, docked) == 5_000
    bank.deposit(world, docked, 5_000)
    refused(Reason.OVER_LIMIT, bank.deposit, world, docked, 1)
    refused(Reason.BAD_AMOUNT, bank.withdraw, world, docked, 5_001)
    assert refused(Reason.OVER_LIMIT, bank.transfer, world, docked, other, 501).amount == 500
    refused(Reason.SELF, bank.transfer, world, docked, docked, 1)
    bank.transfer(world, docked, other, 500)
    bank.withdraw(world, docked, 4_500)
    assert (docked.credits, docked.bank, other.bank) == (99_500, 0, 5_000)
    assert news.Transferred("Ann", 500) in [n.item for n in news.take(world, other)]
    stardock.leave(world, docked)
    refused(Reason.NOT_DOCKED, bank.deposit, world, docked, 1)


def test_the_yards_sell_holds_fighters_shields_and_ships(world, docked):
    shop = stardock.class_zero(world, docked)
    assert (shop.holds_max, shop.fighters_max, shop.shields_max) == (55, 2_470, 400)
    assert stardock.hold_cost(world, docked, 2) == 2 * shop.hold_price + 20
    paid = stardock.buy_holds(world, docked, 2) + stardock.buy_fighters(world, docked, 100)
    paid += stardock.buy_shields(world, docked, 50)
    ship = world.ship_of(docked)
    assert (ship.holds, ship.fighters, ship.shields) == (22, 130, 50)
    assert docked.credits == 100_000 - paid
    refused(Reason.BAD_AMOUNT, stardock.buy_holds, world, docked, 54)
    worth = stardock.trade_in(world, docked)
    new = stardock.buy_ship(world, docked, "h", trade_in=True, name="Hauler")
    assert docked.credits == 100_000 - paid - (33_400 - worth)
    assert (world.ship_of(docked), new.fighters, new.kind) == (new, 130, "Merchant Freighter")
    assert ship.number not in world.ships
    refused(Reason.NO_CREDITS, stardock.buy_ship, world, docked, "P", trade_in=False, name="x")
    refused(Reason.NOT_EQUIPPED, stardock.buy_ship, world, docked, "I", trade_in=False, name="x")
    refused(Reason.NO_SUCH_ITEM, stardock.buy_ship, world, docked, "Z", trade_in=False, name="x")


def test_the_emporium_sells_what_fits(world, docked):
    assert stardock.buy_scanner(world, docked, "D") == 2_000
    refused(Reason.OWNED, stardock.buy_scanner, world, docked, "D")
    assert stardock.buy_scanner(world, docked, "H") == 25_000
    refused(Reason.OWNED, stardock.buy_scanner, world, docked, "D")
    assert stardock.quote(world, docked, "e").maximum == 24
    assert stardock.buy(world, docked, "E", 5) == 15_000
    refused(Reason.NOT_EQUIPPED, stardock.quote, world, docked, "P")
    refused(Reason.NO_SUCH_ITEM, stardock.quote, world, docked, "?")
    stardock.buy(world, docked, "Y")
    assert world.ship_of(docked).psychic
    assert stardock.quote(world, docked, "Y").price == 10_000
    refused(Reason.BAD_AMOUNT, stardock.buy, world, docked, "E", 99)
    assert world.ship_of(docked).probes == 5


def test_wandering_can_cost_half(world, docked):
    lost = [stardock.mug(world, docked) for _ in range(30)]
    assert 0 in lost
    assert docked.credits == 100_000 - sum(lost)
    assert any(lost)


# -- fighters ------------------------------------------------------------------------------------------


def test_fighters_block_until_destroyed_paid_or_left(world):
    here, there = wild_pair(world)
    owner, me = join(world, "Bo", sector=there), join(world, "Ann", sector=here)
    assert combat.limits(world, owner).available == 30
    assert combat.deploy(world, owner, 10, Mode.TOLL) == 20
    assert [force.sector for force in combat.deployed(world, owner)] == [there]
    arrival = travel.move(world, me, there)
    assert (arrival.standoff.theirs, arrival.standoff.toll) == (10, 50)
    for verb in (ports.dock, travel.density, combat.limits):
        refused(Reason.BLOCKED, verb, world, me)
    refused(Reason.BLOCKED, travel.move, world, me, here)
    assert combat.retreat(world, me).sector == here
    refused(Reason.NO_STANDOFF, combat.retreat, world, me)
    travel.move(world, me, there)
    assert combat.pay(world, me) == 50
    refused(Reason.NOT_YOURS, combat.limits, world, me)
    travel.move(world, me, here)
    assert travel.move(world, me, there).standoff
    battle = combat.assault(world, me, 20)
    assert battle.cleared
    assert battle.destroyed == 10
    assert there not in world.forces
    assert owner.bank == 50  # tolls are not lost
    assert combat.standoff(world, me) is None
    kinds = [type(n.item).__name__ for n in news.take(world, owner)]
    assert kinds.count("FightersHit") == 4
    assert "TollPaid" in kinds


def test_fedspace_allows_no_fighters(world):
    me = join(world, "Ann", sector=1)
    refused(Reason.FEDSPACE, combat.deploy, world, me, 1)


def test_fighters_are_counted_to_the_last(world):
    me = join(world, "Ann", sector=wild_pair(world)[0], fighters=2_500)
    refused(Reason.BAD_AMOUNT, combat.deploy, world, me, 2_501)
    combat.deploy(world, me, 100)
    world.ship_of(me).fighters = 2_500
    assert refused(Reason.NO_ROOM, combat.deploy, world, me, 99).amount == 100
    assert combat.limits(world, me).least == 100


def test_offensive_fighters_strike_and_pods_end_in_death(world):
    here, there = wild_pair(world)
    owner, me = join(world, "Bo", sector=there, fighters=2_000), join(world, "Ann", sector=here, credits=777)
    combat.deploy(world, owner, 2_000, Mode.OFFENSIVE)
    arrival = travel.move(world, me, there)
    assert arrival.ambush.lost_ship == "Merchant Cruiser"
    assert world.ship_of(me).kind == tables.POD
    assert me.sector in world.galaxy.warps[there]
    assert me.credits == 777
    place(world, me, here)
    me.standoff = False
    again = travel.move(world, me, there)
    assert again.ambush.dead
    assert me.dead
    refused(Reason.DEAD, travel.move, world, me, 2)
    roster.leave(world, me)
    entry = refused(Reason.DEAD, roster.enter, world, me)
    assert entry.retry_after == entry.amount - 1 + entry.retry_after % 1
    engine.advance(world, NOW + DAY)
    assert roster.enter(world, me).restart
    roster.restart(world, me, "Phoenix")
    ship = world.ship_of(me)
    assert (ship.name, ship.kind, ship.fighters, me.sector) == ("Phoenix", tables.MARAUDER, 30, 1)
    refused(Reason.NO_HEIR, roster.restart, world, me, "x")


def test_ships_can_be_attacked_even_of_traders_off_line(world):
    here, _ = wild_pair(world)
    me, asleep = join(world, "Ann", sector=here, fighters=750), join(world, "Bo", sector=here, enter=False)
    target = combat.targets(world, me)[0]
    assert (target.key, target.fighters) == (f"trader/{asleep.number}", 30)
    battle = combat.attack(world, me, target.key, 750)
    assert battle.cleared
    assert battle.lost <= 30
    assert world.ship_of(asleep).kind == tables.POD
    assert "destroyed by Ann" in world.chronicle.log[-1].text
    refused(Reason.NO_TARGET, combat.attack, world, me, target.key, 1)


def test_a_lost_link_flees(world):
    here, there = wild_pair(world)
    owner, me = join(world, "Bo", sector=there), join(world, "Ann", sector=here)
    combat.deploy(world, owner, 5)
    travel.move(world, me, there)
    roster.leave(world, me)
    assert (me.sector, me.standoff) == (here, False)


def test_ferrengi_wander_power_up_and_strike():
    world = engine.big_bang(Settings(seed=1, ferrengi=3), date=NOW)
    me = join(world, "Ann", fighters=2_500)
    seen = set()
    for step in range(600):
        if not me.dead and step % 20 == 0:
            place(world, me, world.aliens[1].sector if 1 in world.aliens else me.sector)
        engine.advance(world, NOW + step)
        assert not any(world.is_fedspace(alien.sector) for alien in world.aliens.values())
        seen |= {type(n.item).__name__ for n in news.take(world, me)}
    assert {"Powering", "Launched", "ShipHit", "WarpedOut"} <= seen


def test_a_ferrengi_can_be_shot_and_another_comes(world):
    world.settings = evolve(world.settings, ferrengi=1)
    engine.advance(world, NOW + 1)
    alien = world.aliens[1]
    me = join(world, "Ann", sector=alien.sector, fighters=750)
    alien.sector = me.sector
    battle = combat.attack(world, me, "alien/1", 750)
    assert battle.cleared
    assert not world.aliens
    engine.advance(world, NOW + 2)
    assert world.aliens[1].moves_at > NOW + 500


# -- talk, figures ---------------------------------------------------------------------------------------


def test_lines_reach_whom_they_should(world):
    ann, bo, cy = (join(world, name) for name in ("Ann", "Bo", "Cy"))
    for player in (ann, bo, cy):
        news.take(world, player)
    chat.tune(world, ann, 1234)
    chat.tune(world, bo, 1234)
    roster.prefer(world, cy, fedcomm=False)
    assert chat.radio(world, ann, "hello") == 1
    assert chat.fedcomm(world, ann, "all") == 1
    assert chat.hail(world, ann, cy, "psst")
    assert [n.item for n in news.take(world, bo)] == [
        news.Radio("Ann", 1234, "hello"),
        news.FedComm("Ann", "all"),
    ]
    assert [p.name for p in news.waiting(world)] == ["Cy"]
    roster.leave(world, bo)
    assert not chat.hail(world, ann, bo, "there?")
    chat.mail(world, ann, bo, "call me")
    assert chat.read_mail(bo)[0].text == "call me"
    chat.delete_mail(bo, 1)
    assert not bo.mail
    refused(Reason.TOO_LONG, chat.radio, world, ann, "x" * 156)
    refused(Reason.BAD_CHANNEL, chat.tune, world, ann, 60_001)
    refused(Reason.SELF, chat.hail, world, ann, ann, "me")


def test_chat_lives_ten_seconds_and_queues_are_bounded(world):
    ann, bo = join(world, "Ann"), join(world, "Bo")
    news.take(world, bo)
    chat.radio(world, ann, "old")
    engine.advance(world, NOW + 11)
    for number in range(120):
        chat.radio(world, ann, str(number))
    assert len(news.take(world, bo)) == 100
    assert world.present[bo.number].lost == 21
    chat.radio(world, ann, "old")
    engine.advance(world, NOW + 30)
    assert news.take(world, bo) == []
