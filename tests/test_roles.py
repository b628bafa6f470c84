"""The roles in a toy universe that speaks in events: quick enough for many seeds."""

from __future__ import annotations

import pickle
from collections import Counter
from random import Random

import anyio
import pytest

from wingmate import BotSpec, LocalChannel, Role, Secret, open_bot
from wingmate.stores import MemoryStore
from wingmate.testing import MemoryNetwork, simulate
from wingmate.tw2002 import events as ev
from wingmate.tw2002.atlas import CODES, Atlas
from wingmate.tw2002.pilot import Account, Pilot
from wingmate.tw2002.roles import Banker, Defender, Scout, Trader
from wingmate.tw2002.roles._duty import explore, held, on_duty

GOODS = ("Fuel Ore", "Organics", "Equipment")
PRICE = {"Fuel Ore": 20, "Organics": 40, "Equipment": 80}


class Toy:
    """A universe: a ring of sectors with chords, every third a port, the StarDock in sector 4."""

    def __init__(self, size=60, seed=1, *, turns=10_000, hostile=()):
        random = Random(seed)
        self.ambush = None
        self.size, self.turns, self.hostile = size, turns, set(hostile)
        self.warps = {n: {n % size + 1, (n - 2) % size + 1} for n in range(1, size + 1)}
        for _ in range(size // 2):
            here, there = random.sample(range(1, size + 1), 2)
            if len(self.warps[here]) < 5:
                self.warps[here].add(there)
        self.ports = {n: CODES[random.randrange(1, 9)] for n in self.warps if n % 3 and n != 4}
        self.visits, self.players, self.guards = Counter(), {}, {}


class Board:
    """One player's adapter."""

    def __init__(self, toy, name):
        self.toy, self.name, self.prompt, self.pending = toy, name, None, ""
        me = toy.players.setdefault(
            name,
            {
                "bank": 0,
                "credits": 1000,
                "sector": 1,
                "turns": toy.turns,
                "cargo": Counter(),
                "figs": 30,
                "holds": 20,
                "was": 1,
            },
        )
        self.me, self._serial, self._deals, self._deal = me, 0, [], None
        self._asked, self._box = None, [[self._at()]]

    def send(self, command):
        answer = getattr(self, "_" + type(command).__name__.lower(), None)
        assert answer is not None, command
        self._box.append(answer(command) or [])
        return b"."

    def receive(self, data):
        for _ in data:
            for event in self._box.pop(0):
                if isinstance(event, tuple):
                    self._serial += 1
                    self.prompt = ev.Prompted(event[0], event[1], False, self._serial)
                    yield self.prompt
                else:
                    yield event

    def close(self):
        return b""

    # --- answers --------------------------------------------------------------------------------

    def _at(self):
        return ("command", {"sector": self.me["sector"]})

    def _show(self, number):
        code = self.toy.ports.get(number)
        port = ev.Port("P", 9, "Special", stardock=True) if number == 4 else code and ev.Port("P", 1, code)
        fort = ev.Squadron(99, "belong to Zed", "other", "Defensive") if number in self.toy.hostile else None
        region = "The Federation" if number <= 3 else "uncharted space"
        return ev.SectorDisplayed(
            number=number,
            region=region,
            port=port,
            fighters=fort,
            warps=tuple(sorted(self.toy.warps[number])),
            has_warps=True,
        )

    def _warp(self, command):
        me, goal = self.me, command.sector
        if me["turns"] < 3:
            return [ev.OutOfTurns("You don't have any turns left."), self._at()]
        if goal not in self.toy.warps[me["sector"]]:
            return (
                [ev.MoveRefused("not-adjacent", ""), ("autopilot-start", {})]
                if not self._far(goal)
                else self._at
            )
        me["turns"] -= 3
        if goal in self.toy.hostile:
            return [
                ev.WarpBegan(goal),
                self._show(goal),
                ev.FightersMet(me["figs"], 99),
                ("hostile-fighters", {}),
            ]
        me["was"], me["sector"] = me["sector"], goal
        self.toy.visits[goal] += 1
        if goal == self.toy.ambush:
            self.toy.ambush = None
            return [ev.WarpBegan(goal), self._show(goal), ev.Arrived(goal), ev.DamageTaken(50), self._at()]
        return [ev.WarpBegan(goal), self._show(goal), ev.Arrived(goal), self._at()]

    def _far(self, goal):
        self._goal = goal

    def _engage(self, command):
        atlas_path, queue = {self.me["sector"]: None}, [self.me["sector"]]
        for here in queue:
            for there in sorted(self.toy.warps[here] - set(self.toy.hostile)):
                if there not in atlas_path:
                    atlas_path[there] = here
                    queue.append(there)
        path, here = [], self._goal
        while here is not None:
            path.append(here)
            here = atlas_path[here]
        told = []
        for sector in path[-2::-1]:
            self.me["turns"] -= 3
            self.me["sector"] = sector
            told += [ev.WarpBegan(sector, True), self._show(sector), ev.Arrived(sector)]
        return [*told, self._at()]

    def _retreat(self, _):
        return [ev.Retreated(False, ""), self._at()]

    def _showstatus(self, _):
        me = self.me
        cargo = {name.split()[-1].lower(): count for name, count in me["cargo"].items()}
        return [
            ev.StatusShown(
                sector=me["sector"],
                turns=me["turns"],
                credits=me["credits"],
                holds=me["holds"],
                fighters=me["figs"],
                **cargo,
            ),
            self._at(),
        ]

    def _showinfo(self, _):
        me = self.me
        return [
            ev.HeaderShown("Info"),
            ev.InfoShown(
                name=self.name,
                turns_to_warp=3,
                turns=me["turns"],
                credits=me["credits"],
                fighters=me["figs"],
                holds=me["holds"],
            ),
            self._at(),
        ]

    def _showgame(self, _):
        return [ev.StarDockLocated(4), self._at()]

    def _redisplay(self, _):
        return [ev.HeaderShown("Re-Display"), self._show(self.me["sector"]), self._at()]

    def _opencomputer(self, _):
        return [ev.HeaderShown("Computer"), ("computer", {})]

    def _opensettings(self, _):
        return [ev.SettingsShown({}), ("settings", {})]

    def _press(self, command):
        if command.key == "t":
            return [ev.Echoed("bank", "T"), ("transfer-to", {})]
        if command.key == "d":
            return [ev.Echoed("fighters-mode", "D"), ev.FightersPlaced(self.me["figs"]), self._at()]
        return [ev.Echoed("settings", "Q"), ("computer", {})]

    def _leavecomputer(self, _):
        return [ev.HeaderShown("Computer deactivated"), self._at()]

    def _askport(self, _):
        self._asked = "report"
        return [("port-sector", {})]

    def _report(self, sector):
        code = self.toy.ports.get(sector)
        if code is None:
            return ev.PortUnknown()
        rows = tuple(
            ev.PortRow(name, "Buying" if letter == "B" else "Selling", 1000, 90, 0)
            for name, letter in zip(GOODS, code, strict=True)
        )
        return ev.PortReported("P", "now", rows, sector=sector)

    def _opencim(self, _):
        return [("cim", {})]

    def _readcimwarps(self, _):
        return [ev.CimWarpsListed(()), ("cim", {})]

    def _readcimports(self, _):
        return [ev.CimPortsListed(()), ("cim", {})]

    def _leavecim(self, _):
        return [ev.CimLeft(), self._at()]

    def _scan(self, _):
        return [ev.ScannerMissing(), self._at()]

    def _dock(self, _):
        sector = self.me["sector"]
        return (
            [ev.HeaderShown("Port"), ("port-menu", {})]
            if sector == 4 or sector in self.toy.ports
            else [ev.NoPortHere(), self._at()]
        )

    def _leaveport(self, _):
        return [self._at()]

    def _tradehere(self, _):
        me, sector = self.me, self.me["sector"]
        me["turns"] -= 1
        report = self._report(sector)
        self._deals = [(row.product, "sell") for row in report.rows if row.status == "Buying"] + [
            (row.product, "buy") for row in report.rows if row.status == "Selling"
        ]
        return [ev.Docked(), report, *self._next()]

    def _next(self):
        me = self.me
        while self._deals:
            product, side = self._deals.pop(0)
            empty = me["holds"] - sum(me["cargo"].values())
            most = me["cargo"][product] if side == "sell" else min(empty, me["credits"] // PRICE[product])
            if most:
                self._deal = [product, side, most, 0]
                return [
                    ev.TradeOffered(product, side, most),
                    ("trade-quantity", {"product": product, "side": side, "default": most}),
                ]
        return [ev.CreditsTold(me["credits"]), self._at()]

    def _quantity(self, command):
        product, side, most, _ = self._deal
        assert command.units <= most
        if not command.units:
            return [ev.TradeEnded(product, side, "skipped"), *self._next()]
        price = round(command.units * PRICE[product] * (1.4 if side == "sell" else 1))
        self._deal = [product, side, command.units, price]
        return [ev.Agreed(command.units), ev.Haggled("offer", "", price), ("offer", {"amount": price})]

    def _offer(self, command):
        product, side, units, price = self._deal
        if command.credits != price:
            return [ev.Haggled("final", "", price), ("offer", {"amount": price})]
        me, sign = self.me, 1 if side == "sell" else -1
        me["credits"] += sign * price
        me["cargo"][product] -= sign * units
        deal = ev.Traded(
            product=product, side=side, quantity=units, price=price, credits=me["credits"], holds_empty=0
        )
        return [ev.Haggled("accepted", ""), deal, *self._next()]

    def _visitstardock(self, _):
        self.me["turns"] -= 1
        return [("stardock", {})]

    def _visitshop(self, command):
        return [(command.shop, {})]

    def _leaveshop(self, _):
        return [("stardock", {})]

    def _leavestardock(self, _):
        return [ev.StarDockLeft(), self._at()]

    def _examineaccount(self, _):
        return [ev.BankBalanceTold(self.me["bank"]), ("bank", {})]

    def _deposit(self, _):
        self._asked = "deposit"
        return [ev.BankBalanceTold(self.me["bank"]), ("deposit", {"max": self.me["credits"]})]

    def _withdraw(self, _):
        self._asked = "withdraw"
        return [ev.BankBalanceTold(self.me["bank"]), ("withdraw", {"max": self.me["bank"]})]

    def _enter(self, command):
        self._asked = command.text
        assert command.text in self.toy.players, command
        return [ev.Echoed("transfer-to", command.text), ("do-you-mean", {"who": command.text})]

    def _answer(self, command):
        if self.prompt.name == "still-interested":
            self.me["credits"] -= self._cost
            self.me["holds"] += self._count
            return [ev.Echoed("x", "Yes"), ev.CreditsTold(self.me["credits"]), ("class-zero", {})]
        assert command.yes
        return [ev.Echoed("do-you-mean", "Yes"), ("transfer", {"max": self.me["bank"]})]

    def _callup(self, command):
        holds = 75 - self.me["holds"]
        listed = ev.ClassZeroListed(300, holds, 200, 100, 100, 100)
        return (
            [listed, ("class-zero", {})]
            if command.letter == "p"
            else [ev.Echoed("x", "A"), ("buy-holds", {})]
        )

    def _enternumber(self, command):  # noqa: PLR0911 - a table
        me, number = self.me, command.number
        echo = ev.Echoed("x", str(number))
        match self.prompt.name:
            case "port-sector":
                return [echo, self._report(number), ("computer", {})]
            case "deposit":
                me["credits"], me["bank"] = me["credits"] - number, me["bank"] + number
                return [echo, ev.Deposited(number), ("bank", {})]
            case "withdraw":
                me["credits"], me["bank"] = me["credits"] + number, me["bank"] - number
                return [echo, ev.Withdrawn(number), ("bank", {})]
            case "transfer":
                me["bank"] -= number
                self.toy.players[self._asked]["bank"] += number
                return [echo, ev.Transferred(number), ("bank", {})]
            case "buy-holds":
                self._count, self._cost = number, sum(300 + 20 * n for n in range(number))
                return [echo, ev.PriceTold(self._cost), ("still-interested", {})]
            case "fighters-quantity":
                me["figs"] += self.toy.guards.pop(me["sector"], 0) - number
                if number:
                    self.toy.guards[me["sector"]] = number
                    return [echo, ("fighters-mode", {})]
                return [echo, ev.FightersPlaced(me["figs"]), self._at()]

    def _handlefighters(self, _):
        there = self.toy.guards.get(self.me["sector"], 0)
        return [
            ev.HeaderShown("Drop/Take Fighters"),
            ev.FightersCounted(self.me["figs"] + there),
            ("fighters-quantity", {}),
        ]


def account(name):
    return Account(name=name, password=Secret("text:sesame"))


async def _echo(stream):
    await stream.send(b".")
    async for data in stream:
        await anyio.sleep(0.05 * len(data))
        await stream.send(data)


def play(crew, *, seconds=120, seed=1, toy=None, store=None):
    """Let a crew play for some seconds of virtual time; give the toy, the store and what was said."""
    toy, store = toy or Toy(seed=seed), store or MemoryStore()
    heard, figures = [], {}

    async def story():
        channel, random = LocalChannel(), Random(seed)

        async def listen():
            async with channel.subscribe("") as news:
                async for message in news:
                    heard.append(message)

        async def one(name, role):
            spec = BotSpec(
                name=name, role=role, adapter=lambda: Board(toy, name), transport=net.transport("game")
            )
            async with open_bot(
                spec, channel=channel, knowledge=store, random=Random(f"{seed}{name}")
            ) as bot:
                with anyio.move_on_after(seconds):
                    await until(bot, role)
                bot.relieve()
                figures[name] = bot

        async def until(bot, role):
            async with anyio.create_task_group() as nursery:
                nursery.start_soon(relieve, bot)
                await role(bot)
                nursery.cancel_scope.cancel()

        async def relieve(bot):
            await anyio.sleep(seconds - 20)
            bot.relieve()

        async with MemoryNetwork(random=random) as net, anyio.create_task_group() as nursery:
            net.listen("game", _echo)
            nursery.start_soon(listen)
            async with anyio.create_task_group() as bots:
                for name, role in crew.items():
                    bots.start_soon(one, name, role)
            nursery.cancel_scope.cancel()

    simulate(story, seed=seed)
    return toy, store, heard, figures


# --- each role --------------------------------------------------------------------------------------


def test_scouts_map_everything_and_never_walk_the_same_corridor():
    toy, store, _, bots = play(
        {name: Scout(account=account(name)) for name in ("ann", "bob", "cyd")}, seconds=120
    )
    atlas = simulate(Atlas.load, store)
    assert atlas.explored_count == toy.size
    assert atlas.frontier() == []
    assert all(bot.progress.metric in {"sectors", "aboard", "patrolled"} for bot in bots.values())
    assert any(port.products for port in atlas.ports), "reports are read on the way"
    assert all(bot.doing.startswith(("wandering", "exploring")) for bot in bots.values())


@pytest.mark.parametrize("seed", [0, 3])
def test_a_trader_gets_rich_and_ends_without_cargo(seed):
    toy, _, heard, bots = play({"ann": Trader(account=account("ann"))}, seed=seed, seconds=120)
    me = toy.players["ann"]
    assert me["credits"] > 1000
    assert not any(me["cargo"].values()), "what was bought is sold before leaving"
    assert bots["ann"].figures["credits"] == me["credits"]
    assert "degraded" in {message.topic for message in heard}, "it began without a map and said so"


def test_two_traders_never_share_a_pair():
    holders = {}

    class Watchful(MemoryStore):
        async def claim(self, key, who, *, until):
            number = await super().claim(key, who, until=until)
            if key.startswith("pair/") and number is not None:
                assert holders.setdefault((key, number), who) == who
            return number

    toy, *_ = play(
        {name: Trader(account=account(name)) for name in ("ann", "bob")}, seconds=70, store=Watchful()
    )
    assert all(player["credits"] > 1000 for player in toy.players.values())


def test_the_banker_banks_collects_and_funds():
    crew = {
        "ann": Trader(account=account("ann"), surplus=1500, keep=1000),
        "bea": Banker(account=account("bea"), every=30.0, reserve=100),
    }
    toy, _, heard, bots = play(crew, seconds=150)
    topics = Counter(message.topic for message in heard)
    assert bots["bea"].progress.metric in {"banked", "sectors", "waited"}
    assert topics["surplus"], topics
    assert toy.players["bea"]["bank"] > 1000
    assert toy.players["ann"]["holds"] > 20, "holds were bought"
    assert toy.players["ann"]["credits"] >= 1000


def test_the_defender_guards_and_leaves_no_fighter_behind():
    toy, _store, _, bots = play(
        {"dan": Defender(account=account("dan"), watch=3.0), "ann": Scout(account=account("ann"))},
        seconds=200,
    )
    assert bots["dan"].progress.metric in {"guarded", "sectors"}
    assert "guarded" in str(bots["dan"].figures.get("event")) or bots["dan"].progress.metric == "guarded"
    assert toy.guards == {}
    assert toy.players["dan"]["figs"] == 30


def test_hostile_sectors_are_told_checked_and_avoided():
    toy = Toy(hostile=[10, 20])
    crew = {"ann": Scout(account=account("ann")), "dan": Defender(account=account("dan"), watch=1.0)}
    toy, store, heard, _ = play(crew, seconds=150, toy=toy)
    assert {message.body["key"] for message in heard if message.topic == "threat"} & {
        "danger/10",
        "danger/20",
    }
    assert toy.visits[10] == toy.visits[20] == 0
    atlas = simulate(Atlas.load, store)
    assert atlas.explored_count >= toy.size - 2


def test_without_turns_a_bot_rests_and_says_so():
    toy = Toy(turns=20)
    _, _, heard, bots = play({"ann": Scout(account=account("ann"))}, seconds=400, toy=toy)
    assert bots["ann"].doing == "resting: out of turns"
    assert bots["ann"].progress.metric == "rested"
    assert "resting" in {message.topic for message in heard}


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_a_crew_of_five_plays_together(seed):
    crew = {
        "ann": Trader(account=account("ann")),
        "bob": Trader(account=account("bob")),
        "cyd": Scout(account=account("cyd")),
        "bea": Banker(account=account("bea"), every=30.0),
        "dan": Defender(account=account("dan"), watch=3.0),
    }
    toy, store, _, _bots = play(crew, seconds=90, seed=seed, toy=Toy(size=120, seed=seed))
    atlas = simulate(Atlas.load, store)
    assert atlas.explored_count > 80
    assert toy.players["bea"]["bank"] > 0
    assert all(toy.players[name]["credits"] > 1000 for name in ("ann", "bob"))


def test_who_is_attacked_warns_the_crew_and_flees():
    toy = Toy()
    toy.ambush = 9
    _, _, heard, _ = play({"ann": Scout(account=account("ann"))}, seconds=200, toy=toy)
    warnings = [message.body for message in heard if message.topic == "threat"]
    assert warnings == [{"key": "danger/9", "value": {"why": "attacked here"}}]
    assert toy.visits[9] <= 2, "once there it is left alone"


# --- what they share --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Scout, Trader, Banker, Defender])
def test_roles_are_recipes(role):
    recipe = role(account=account("ann"))
    assert pickle.loads(pickle.dumps(recipe)) == recipe
    assert isinstance(recipe, Role)
    assert "sesame" not in repr(recipe)
    with pytest.raises(ValueError, match="pace"):
        role(account=account("ann"), pace=-1)


def test_a_role_may_be_subclassed_to_decide_otherwise():
    class Homebody(Trader):
        def choose_route(self, pilot, shunned):
            return None

    toy, *_ = play({"ann": Homebody(account=account("ann"))}, seconds=60)
    assert toy.players["ann"]["credits"] == 1000


def test_a_lost_claim_is_noticed_at_the_point_of_use():
    async def story():
        store = MemoryStore()

        class Bob:
            name, knowledge = "bob", store

        async with held(Bob, "pair/1-2", within=10.0) as still:
            assert await still()
            async with held(Bob, "pair/1-2", within=10.0) as again:
                assert again is not None, "the holder renews"
        async with held(Bob, "pair/1-2", within=1.0) as still:
            await anyio.sleep(2.0)
            assert await store.claim("pair/1-2", "eve", until=1e12)
            assert not await still()

    simulate(story)


def test_exploring_ends_where_there_is_nothing_left():
    async def story():
        toy = Toy(size=5)
        async with MemoryNetwork(random=Random(1)) as net:
            net.listen("game", _echo)
            spec = BotSpec(
                name="ann", role=print, adapter=lambda: Board(toy, "ann"), transport=net.transport("game")
            )
            async with open_bot(
                spec, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(1)
            ) as bot:
                pilot = Pilot(bot)
                await pilot.enter(account("ann"))
                await pilot.move(2)
                count = 0
                while await explore(pilot):
                    count += 1
                assert pilot.atlas.explored_count == 5
                assert count == 3
                bot.relieve()
                await on_duty(pilot, explore)

    simulate(story)
