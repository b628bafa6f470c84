"""The pilot and the roles in the embedded universe, over telnet in memory, in good weather and bad."""

from __future__ import annotations

from contextlib import asynccontextmanager
from random import Random

import anyio
import pytest

from wingmate import Assign, BotSpec, LocalChannel, Secret, State, open_bot
from wingmate.errors import IllegalCommand, TransportError
from wingmate.stores import MemoryStore
from wingmate.supervisors import Backoff, LocalSupervisor
from wingmate.testing import MemoryNetwork, Weather, run_on_trio, simulate
from wingmate.transports import Telnet
from wingmate.tw2002 import commands as cmd
from wingmate.tw2002 import errors
from wingmate.tw2002._adapter import TradeWars
from wingmate.tw2002.atlas import Atlas
from wingmate.tw2002.pilot import Account, Haul, Pilot
from wingmate.tw2002.roles import Banker, Defender, Scout, Trader
from wingmate.tw2002.universe import Settings, Universe


def account(name, password="sesame", **more):
    return Account(name=name, password=Secret(f"text:{password}"), **more)


def told(story, seed=0):
    try:
        return simulate(story, seed=seed)
    except BaseExceptionGroup as group:
        error = group
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        raise error from None


@asynccontextmanager
async def universe(seed=7, weather=None, **settings):
    settings = Settings(seed=seed, **settings)
    async with (
        Universe(settings, fast=True) as world,
        MemoryNetwork(random=Random(seed), weather=weather or Weather()) as net,
    ):
        net.listen("game", world.handler)
        yield world, Telnet(net.transport("game"))
    assert world.faults == 0


@asynccontextmanager
async def aboard(link, name="ann", store=None):
    spec = BotSpec(name=name, role=print, adapter=TradeWars, transport=link, stall=1e6)
    async with open_bot(
        spec, channel=LocalChannel(), knowledge=store or MemoryStore(), random=Random(1)
    ) as bot:
        yield Pilot(bot)


# --- the pilot's verbs ------------------------------------------------------------------------------


def test_a_life_from_the_first_login_to_the_second():
    async def story():
        async with universe() as (_, link), aboard(link) as pilot:
            assert await pilot.enter(account("Ann"))
            assert pilot.settings["Sectors"] == 1000
            assert pilot.atlas.explored(pilot.here)
            dock = await pilot.find_stardock()
            course = await pilot.plot(pilot.here, dock)
            assert course.path[-1] == dock
            before = pilot.ship.turns
            assert await pilot.travel(dock) == dock
            assert (await pilot.status()).turns == before - 3 * course.hops
            money = pilot.ship.credits
            assert await pilot.balance() == 0
            assert await pilot.deposit(money - 100) == money - 100
            assert await pilot.deposit(10**6) == 100, "no more than there is"
            assert await pilot.withdraw(250) == 250
            assert await pilot.withdraw() == money - 250
            with pytest.raises(errors.NotHere):
                await pilot.transfer("Nobody", 5)
            assert await pilot.buy_holds(1) == 1
            assert await pilot.buy_fighters(1) == 1
            ship = await pilot.status()
            assert (ship.holds, ship.fighters) == (21, 31)
            assert ship.credits < money
            await pilot.leave()
            assert not await pilot.enter(account("Ann"))
            assert pilot.here == dock
            await pilot.leave()

    told(story)


def test_the_computer_the_fighters_and_the_radio():
    async def story():
        async with universe() as (_, link), aboard(link) as pilot, aboard(link, "bob") as other:
            await pilot.enter(account("Ann"))
            await other.enter(account("Bob"))
            here = pilot.here
            assert await pilot.warps(here) == pilot.atlas.warps(here)
            unseen = next(n for n in range(1, 1000) if n not in pilot.atlas)
            assert await pilot.warps(unseen) is None
            assert await pilot.port_report(unseen) is None
            assert await pilot.cim() == (1, 0)
            assert await pilot.density_scan() is None
            assert await pilot.drop_fighters(10) == 20
            assert (await pilot.look()).fighters.count == 10
            assert await pilot.collect_fighters() == 30
            assert await pilot.say_fedcomm("hello there")
            assert await pilot.say_radio("hello you")
            await anyio.sleep(3)
            await other.status()
            assert {line.text for line in other.heard} >= {"hello there"}
            with pytest.raises(IllegalCommand):
                await pilot.move(1001)

    told(story)


def test_another_pilot_takes_over_in_the_middle_of_a_deal():
    async def story():
        async with universe() as (_, link), aboard(link) as pilot:
            await pilot.enter(account("Ann"))
            dock = await pilot.find_stardock()
            await pilot.travel(dock)
            await pilot.deposit(10)
            assert await Pilot(pilot.bot).enter(account("Ann")) is False, "from inside the bank"
            while (path := pilot.atlas.nearest(pilot.here, lambda n: _sells(pilot, n))) is None:
                await pilot.follow(pilot.atlas.nearest_frontier(pilot.here)[1:])
            await pilot.follow(path[1:])
            await pilot._talk.do(cmd.Dock())
            reply = await pilot._talk.do(cmd.TradeHere())
            while reply.prompt.name == "trade-quantity":
                reply = await pilot._talk.do(cmd.Quantity(1))
            assert reply.prompt.name == "offer"
            heir = Pilot(pilot.bot)
            assert await heir.enter(account("Ann")) is False
            assert sum((await heir.status()).cargo.values()) >= 1, "the offer was accepted as it stood"
            visit = await heir.trade(Haul())
            assert visit.report is not None

    told(story)


def _sells(pilot, number):
    port = pilot.atlas.port(number)
    return port is not None and (port.sells("ore") or port.sells("organics"))


def test_the_door_knows_who_may_come_in():
    async def story():
        async with universe(nodes=2) as (_, link):
            async with aboard(link) as pilot:
                await pilot.enter(account("Ann"))
                await pilot.leave()
                with pytest.raises(errors.WrongPassword):
                    await pilot.enter(account("Ann", "wrong-one"))
            async with aboard(link, "zed") as pilot:
                with pytest.raises(errors.UnknownPlayer):
                    await pilot.enter(account("Zed", create=False))
            async with aboard(link), aboard(link, "bob"):
                async with aboard(link, "cyd") as pilot:
                    await pilot.enter(account("Cyd"))

    with pytest.raises((errors.ServerFull, TransportError)):
        told(story)


def test_a_game_that_the_server_does_not_have_is_said_at_once():
    async def story():
        async with universe() as (_, link), aboard(link) as pilot:
            with pytest.raises(errors.NoSuchGame, match="no game C, only A") as caught:
                await pilot.enter(account("Ann", game="C"))
            assert caught.value.final

    told(story)


# --- the crew ---------------------------------------------------------------------------------------


def crew(watch=3.0):
    return {
        "ann": Trader(account=account("Ann")),
        "bob": Trader(account=account("Bob")),
        "cyd": Scout(account=account("Cyd")),
        "bea": Banker(account=account("Bea"), every=30.0),
        "dan": Defender(account=account("Dan"), watch=watch),
    }


def play(roles, *, seed=7, seconds=60.0, weather=None, store=None, then=None, loop=simulate, **settings):
    """Let a crew play; give its last statuses, the store and the errors that bots died of."""
    store, last, died = store or MemoryStore(), {}, []

    def judge(crash):
        died.append(crash.error)
        return Backoff(limit=1_000, longest=5.0)(crash)

    async def story():
        async with universe(seed, weather, **settings) as (_, link):
            async with (
                LocalSupervisor(
                    channel=LocalChannel(), knowledge=store, seed=seed, restart=judge
                ) as supervisor,
                anyio.create_task_group() as nursery,
            ):
                nursery.start_soon(watch, supervisor)
                for name, role in roles.items():
                    await supervisor.start(BotSpec(name=name, role=role, adapter=TradeWars, transport=link))
                await anyio.sleep(seconds)
                if then is not None:
                    await then(supervisor)
                async with anyio.create_task_group() as ends:
                    for name in roles:
                        ends.start_soon(supervisor.stop, name)
                await anyio.sleep(35)
                nursery.cancel_scope.cancel()

    async def watch(supervisor):
        async with supervisor.watch() as changes:
            async for status in changes:
                last[status.name] = status

    loop(story, **({"seed": seed} if loop is simulate else {}))
    return last, store, died


@pytest.mark.parametrize("seed", [pytest.param(n, marks=[pytest.mark.slow] if n else []) for n in range(5)])
def test_five_bots_map_trade_and_bank(seed):
    last, store, died = play(crew(), seed=seed, turn_base=300)
    assert died == []
    assert {status.state for status in last.values()} == {State.STOPPED}
    atlas = simulate(Atlas.load, store)
    assert atlas.explored_count >= 100
    assert atlas.ignored == 0
    for trader in ("ann", "bob"):
        assert last[trader].figures["earned"] > 0
    assert last["bea"].figures["bank"] > 0
    assert last["dan"].progress.metric in {"guarded", "checked", "sectors", "rested"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_bad_weather_breaks_links_and_nothing_else(seed):
    bad = Weather(latency=(0.01, 0.4), shred=True, refuse=0.1, cut=0.002)
    last, store, died = play(crew(), seed=seed, seconds=400, weather=bad, turn_base=300)
    assert died, "the weather was not bad enough"
    assert [error for error in died if not isinstance(error, TransportError)] == []
    assert simulate(Atlas.load, store).explored_count >= 100
    assert all(last[trader].figures["net_worth"] > 1000 for trader in ("ann", "bob"))


def test_a_role_may_change_in_the_middle_of_anything():
    async def swap(supervisor):
        for role in (
            Banker(account=account("Ann")),
            Scout(account=account("Ann")),
            Trader(account=account("Ann")),
        ):
            await supervisor.order("ann", Assign(role))
            await anyio.sleep(7.7)

    latency = Weather(latency=(0.05, 0.1))
    last, _, died = play({"ann": Trader(account=account("Ann"))}, seconds=23.3, weather=latency, then=swap)
    assert died == []
    assert last["ann"].incarnation == 1
    assert last["ann"].figures["turns"] < 1000


def test_the_crew_plays_on_another_loop_as_well():
    last, store, died = play(crew(), seconds=30, loop=run_on_trio, turn_base=100)
    assert died == []
    assert simulate(Atlas.load, store).explored_count > 40
    assert last["bea"].figures["bank"] > 0
