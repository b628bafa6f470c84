"""Whatever traders do, and in whatever order: money and goods add up, and nothing is ever negative."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from wingmate.tw2002.universe import engine
from wingmate.tw2002.universe.engine import (
    Mode,
    Place,
    Refusal,
    Settings,
    bank,
    chat,
    combat,
    news,
    ports,
    roster,
    stardock,
    travel,
)
from wingmate.tw2002.universe.engine.haggle import Verdict
from wingmate.tw2002.universe.engine.records import _records, _write, unpack

NOW = 1_795_253_736.0
WHO = st.integers(0, 2)
SOME = st.integers(-1, 60)
NAMES = ("Ann", "Bo", "Cy")


def fresh():
    # Little money, few turns and many Ferrengi, so that every limit is met.
    world = engine.big_bang(
        Settings(seed=11, ferrengi=6, turn_base=120, initial_credits=60_000, max_bank_credits=50_000),
        date=NOW,
    )
    for name in NAMES:
        me = roster.create(world, login=name, password="p", name=name, ship_name="Boat", planet_name="Rock")
        world.ship_of(me).fighters = 300
    return {(kind, key): text for (kind, key), text in engine.pack(world).rows.items()}


START = fresh()


def alive(rows):
    return unpack((kind, key, text) for (kind, key), text in rows.items())


def state_of(world):
    return [(kind, key, _write(record)) for kind, key, record in _records(world)], world.dice.state


class Crew(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.rows = dict(START)
        self.world = alive(START)
        self.money = self.total()
        for me in self.world.players.values():
            roster.enter(self.world, me)

    def total(self):
        world = self.world
        return sum(me.credits + me.bank for me in world.players.values()) + sum(
            force.tolls for force in world.forces.values()
        )

    def deaths(self):
        return sum(me.deaths for me in self.world.players.values())

    def me(self, who):
        return self.world.players[1 + who]

    def do(self, verb, *args, gain=lambda _: 0, **kw):
        """Try a verb; if it is refused, nothing may have changed; money changes by what it says."""
        before, deaths = state_of(self.world), self.deaths()
        try:
            result = verb(self.world, *args, **kw)
        except Refusal:
            assert state_of(self.world) == before
            return None
        if self.deaths() == deaths:
            assert self.total() == self.money + gain(result)
        self.money = self.total()
        return result

    @rule(who=WHO, way=st.integers(0, 5), hops=st.integers(1, 6))
    def walk(self, who, way, hops):
        for hop in range(hops):
            ways = travel.adjacent(self.world, self.me(who).sector)
            arrival = self.do(travel.move, self.me(who), ways[(way + hop) % len(ways)])
            if arrival is None or arrival.standoff:
                break

    @rule(who=WHO, kind=st.integers(0, 9))
    def fly_to_port(self, who, kind):
        me = self.me(who)
        places = [sector for sector, port in self.world.galaxy.ports.items() if port.kind == kind]
        if me.number in self.world.present and self.world.present[me.number].place is Place.SPACE:
            me.standoff = False
            travel.shift(self.world, me, places[who % len(places)])
            me.explore(me.sector)
            combat.ambush(self.world, me)

    @rule(who=WHO, bids=st.lists(st.floats(0.3, 1.6), max_size=8), quantity=st.none() | SOME)
    def trade(self, who, bids, quantity):
        me = self.me(who)
        if self.do(ports.dock, me) is None:
            return
        while deal := self.do(ports.next_deal, me):
            wanted = deal.default if quantity is None else quantity
            offer = self.do(ports.agree, me, wanted)
            if offer:
                self.haggle(me, offer, bids)
        assert self.world.present[me.number].place is Place.SPACE

    def haggle(self, me, offer, bids):
        cargo = world_cargo = self.world.ship_of(me).cargo[offer.product]
        stock = ports.amount_at(self.world, me.sector, offer.product)
        for share in [*bids, 1.0]:
            amount = (
                round(offer.amount * share)
                if share != 1.0
                else self.world.present[me.number].visit.haggle.offer
            )
            answer = self.do(ports.bid, me, amount, gain=lambda answer: answer.gained)
            if answer is None or answer.verdict.ends:
                break
        assert answer is None or answer.verdict.ends, "a port takes its own offer"
        moved = stock - ports.amount_at(self.world, me.sector, offer.product)
        side = -1 if offer.buying else 1
        assert self.world.ship_of(me).cargo[offer.product] == world_cargo + side * moved
        dealt = answer is not None and answer.verdict in {Verdict.DEAL, Verdict.GIFT}
        assert moved == (offer.quantity if dealt else 0)
        assert cargo >= 0

    @rule(who=WHO, other=WHO, amount=st.integers(-10, 70_000), what=st.sampled_from("DWT"))
    def banking(self, who, other, amount, what):
        me = self.me(who)
        self.do(stardock.land, me)
        verb = {"D": bank.deposit, "W": bank.withdraw}.get(what)
        if verb:
            self.do(verb, me, amount)
        else:
            self.do(bank.transfer, me, self.me(other), amount)
        if self.do(stardock.mug, me, gain=lambda lost: -lost) is not None:
            self.do(stardock.leave, me)

    @rule(
        who=WHO,
        amount=SOME,
        what=st.integers(0, 5),
        key=st.sampled_from("ABCDEFLMPSTWY?"),
        trade_in=st.booleans(),
    )
    def shop(self, who, amount, what, key, trade_in):
        me = self.me(who)
        if self.do(stardock.dock_zero, me) is None and self.do(stardock.land, me) is None:
            return

        def paid(result):
            return -result

        if what < 3:
            verb = (stardock.buy_holds, stardock.buy_fighters, stardock.buy_shields)[what]
            self.do(verb, me, amount, gain=paid)
        elif what == 3:
            self.do(stardock.buy, me, key, amount, gain=paid)
        elif what == 4:
            self.do(stardock.buy_scanner, me, key, gain=paid)
        else:
            cash = me.credits
            self.do(
                stardock.buy_ship, me, key, trade_in=trade_in, name="New", gain=lambda _: me.credits - cash
            )
        self.do(stardock.leave, me)

    @rule(who=WHO, amount=st.integers(-1, 400), mode=st.sampled_from(Mode))
    def deploy(self, who, amount, mode):
        self.do(combat.deploy, self.me(who), amount, mode)

    @rule(who=WHO, amount=st.integers(0, 300), what=st.sampled_from(["assault", "retreat", "pay"]))
    def face_fighters(self, who, amount, what):
        args = (amount,) if what == "assault" else ()
        self.do(getattr(combat, what), self.me(who), *args)

    @rule(who=WHO, amount=st.integers(0, 300), which=st.integers(0, 3))
    def attack(self, who, amount, which):
        me = self.me(who)
        found = self.do(combat.targets, me)
        if found:
            self.do(combat.attack, me, found[which % len(found)].key, amount)

    @rule(who=WHO, goal=st.integers(-1, 1_001))
    def scan(self, who, goal):
        me = self.me(who)
        for verb, args in (
            (travel.density, ()),
            (travel.holo, ()),
            (travel.probe, (goal,)),
            (travel.avoid, (goal,)),
        ):
            self.do(verb, me, *args)
        self.do(travel.plot, me, me.sector, goal)

    @rule(who=WHO, text=st.text(max_size=160))
    def talk(self, who, text):
        me = self.me(who)
        for verb in (chat.radio, chat.fedcomm):
            self.do(verb, me, text)
        news.take(self.world, me)

    @rule(who=WHO)
    def come_or_go(self, who):
        me = self.me(who)
        if me.number in self.world.present:
            roster.leave(self.world, me)
        else:
            self.do(roster.enter, me)
            self.money = self.total()  # the rich are taxed
            if me.dead and me.number in self.world.present:
                roster.restart(self.world, me, "Again")

    @rule(seconds=st.sampled_from([1.0, 5.0, 30.0, 4_000.0, 90_000.0]))
    def time_passes(self, seconds):
        for _ in range(3):
            engine.advance(self.world, self.world.date + seconds)

    @precondition(lambda self: hasattr(self, "rows"))
    @rule()
    def save_and_restore(self):
        for place, text in engine.pack(self.world).rows.items():
            if text is None:
                self.rows.pop(place, None)
            else:
                self.rows[place] = text
        restored = alive(self.rows)
        assert engine.digest(restored) == engine.digest(self.world)
        assert not engine.pack(restored)

    @invariant()
    def all_is_well(self):
        if not hasattr(self, "world"):
            return
        world = self.world
        for me in world.players.values():
            ship = world.ship_of(me)
            assert min(me.credits, me.bank, me.turns, me.experience) >= 0
            assert me.turns <= world.settings.turn_base
            assert ship.owner == me.number
            assert 1 <= me.sector <= 1_000
            assert ship.sector == me.sector
            assert me.dead or me.knows(me.sector)
        for ship in world.ships.values():
            assert min(ship.cargo) >= 0
            assert ship.empty >= 0
            assert min(ship.fighters, ship.shields) >= 0
            assert ship.fighters <= ship.hull.fighters
            assert ship.holds <= max(ship.hull.holds[1], world.settings.initial_holds)
        for sector, stock in world.stocks.items():
            port = world.galaxy.ports[sector]
            assert all(
                0 <= stock.amounts[product] <= port.capacity(product) for product in engine.tables.Product
            )
        for force in world.forces.values():
            assert force.fighters > 0
            assert not world.is_fedspace(force.sector)


TestCrew = Crew.TestCase
TestCrew.settings = settings(max_examples=12, stateful_step_count=25)


@pytest.mark.slow
def test_a_crew_for_longer():
    class Longer(Crew.TestCase):
        settings = settings(max_examples=40, stateful_step_count=80)

    Longer("runTest").runTest()


def test_the_same_calls_lead_to_the_same_state():
    def play():
        world = alive(START)
        for me in world.players.values():
            roster.enter(world, me)
        for step in range(400):
            engine.advance(world, NOW + step)
            me = world.players[1 + step % 3]
            try:
                if me.sector in world.galaxy.ports and step % 2:
                    ports.dock(world, me)
                    while deal := ports.next_deal(world, me):
                        offer = ports.agree(world, me, deal.default)
                        ports.bid(world, me, offer.amount)
                else:
                    travel.move(
                        world, me, world.galaxy.warps[me.sector][step % len(world.galaxy.warps[me.sector])]
                    )
            except Refusal:
                pass
        return engine.digest(world)

    assert play() == play()
