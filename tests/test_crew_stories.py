"""What befalls a crew in the embedded universe: spent turns, lost ships, strange places, long days."""

from __future__ import annotations

from contextlib import asynccontextmanager
from random import Random

import anyio
import pytest

from wingmate import Backoff, BotSpec, LocalChannel, Secret, State, open_bot
from wingmate.stores import MemoryStore
from wingmate.supervisors import LocalSupervisor
from wingmate.testing import MemoryNetwork, Weather, simulate
from wingmate.transports import Telnet
from wingmate.tw2002 import errors
from wingmate.tw2002 import events as ev
from wingmate.tw2002._adapter import TradeWars
from wingmate.tw2002.pilot import Account, Pilot
from wingmate.tw2002.roles import Banker, Defender, Scout, Trader
from wingmate.tw2002.roles import _duty as duty
from wingmate.tw2002.roles._bank import visit_bank
from wingmate.tw2002.universe import Settings, Universe
from wingmate.tw2002.universe.engine import losses


def account(name):
    return Account(name=name, password=Secret("text:sesame"))


@asynccontextmanager
async def universe(seed=7, weather=None, **settings):
    async with (
        Universe(Settings(seed=seed, **settings), fast=True) as world,
        MemoryNetwork(random=Random(seed), weather=weather or Weather(latency=(0.02, 0.1))) as net,
    ):
        net.listen("game", world.handler)
        yield world, Telnet(net.transport("game"))
    assert world.faults == 0


@asynccontextmanager
async def aboard(link, name="ann"):
    spec = BotSpec(name=name, role=print, adapter=TradeWars, transport=link, stall=1e6)
    async with open_bot(spec, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(1)) as bot:
        yield Pilot(bot)


def trader_of(world, name):
    return next(player for player in world.world.players.values() if player.name == name)


def crew(*names):
    makes = {"ann": Trader, "bob": Trader, "cat": Scout, "dan": Banker, "eve": Defender}
    return {name: makes[name](account=account(name.capitalize())) for name in names or makes}


def play(roles, seconds, *, seed=7, weather=None, during=None, **settings):
    """Let a crew play; give what it was seen doing, the last statuses, and what bots died of."""
    seen, died = {name: [] for name in roles}, []

    def judge(crash):
        died.append(crash.error)
        return Backoff(limit=1_000, longest=5.0)(crash)

    async def story():
        async with (
            universe(seed, weather, **settings) as (world, link),
            LocalSupervisor(
                channel=LocalChannel(), knowledge=MemoryStore(), seed=seed, restart=judge
            ) as boss,
            anyio.create_task_group() as nursery,
        ):
            nursery.start_soon(watch, boss)
            for name, role in roles.items():
                await boss.start(BotSpec(name=name, role=role, adapter=TradeWars, transport=link))
            if during is not None:
                nursery.start_soon(during, world, boss)
            await anyio.sleep(seconds)
            last = {status.name: status for status in boss.statuses()}
            nursery.cancel_scope.cancel()
            with anyio.fail_after(100):
                await boss.stop_all()
            return last

    async def watch(boss):
        async with boss.watch() as changes:
            async for status in changes:
                if not seen[status.name] or seen[status.name][-1] != status.doing:
                    seen[status.name].append(status.doing)

    return seen, simulate(story, seed=seed), died


# --- turns ------------------------------------------------------------------------------------------


def rest_and_go_on(seconds, **settings):
    seen, last, died = play(crew(), seconds, **settings)
    assert died == []
    assert {status.state for status in last.values()} == {State.RUNNING}
    assert {status.incarnation for status in last.values()} == {1}, "nobody was replaced for resting"
    for name, doings in seen.items():
        rests = any("resting" in doing or "waiting at the bank" in doing for doing in doings)
        assert rests, f"{name} did not say that it rests"
    return last


def test_a_crew_without_turns_rests_in_safety_until_there_are_more():
    rest_and_go_on(2 * 3_600.0, turn_base=200)


@pytest.mark.slow
def test_a_crew_plays_again_on_the_next_day():
    last = rest_and_go_on(86_400.0 * 2, turn_base=100)
    assert all(status.figures["turns_used"] > 150 for status in last.values())


def test_a_banker_keeps_its_last_turns_for_the_bank():
    seen, last, _ = play(crew("dan"), 900.0, turn_base=200)
    assert "waiting at the bank" in seen["dan"]
    assert last["dan"].figures["turns"] >= 50


def test_a_trader_who_died_asks_again_when_the_game_said():
    def wait(text, why="wait"):
        return errors.refusal(ev.EntryRefused(why, text), "ann").retry_after

    assert wait("You must wait for 24 hour(s) to get back in.") == 86_400.0
    assert wait("You must wait for 2 day(s) to get back in.") == 172_800.0
    assert wait("You must wait for a while.") == 3_600.0
    # So many hours are one failure, not one an hour: five without progress are the end of a bot.
    crash = errors.refusal(ev.EntryRefused("wait", "You must wait for 24 hour(s)"), "ann")
    assert isinstance(crash, errors.AccountLocked)


# --- strange places ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Scout, Banker, Defender, Trader])
def test_a_bot_thrown_into_an_unseen_sector_looks_around_and_goes_on(role):
    async def throw(world, _boss):
        for seconds in (4.0, 5.0, 6.0):
            await anyio.sleep(seconds)
            me = trader_of(world, "Ann")
            unseen = (n for n in range(11, 1_000) if not me.knows(n) and not world.world.forces.get(n))
            me.sector = next(unseen)
            me.explore(me.sector)

    _, last, died = play({"ann": role(account=account("Ann"))}, 60.0, during=throw)
    assert died == []
    assert last["ann"].figures["turns_used"] > 30


def test_a_cycle_that_does_nothing_leaves_time_for_the_others():
    cycles = []

    async def idle(_pilot):
        cycles.append(anyio.current_time())

    async def story():
        async with universe() as (_, link), aboard(link) as pilot:
            await pilot.enter(account("Ann"))
            with anyio.move_on_after(30):
                await duty.on_duty(pilot, idle)

    simulate(story)
    assert 5 < len(cycles) < 60


def test_a_pilot_in_an_escape_pod_knows_how_slow_it_is():
    async def story():
        async with universe() as (world, link), aboard(link) as pilot:
            await pilot.enter(account("Ann"))
            assert pilot.ship.turns_per_warp == 3
            losses.destroy(world.world, trader_of(world, "Ann"), by="a test")
            await anyio.sleep(3)
            await pilot.status()
            await duty.escape(pilot)
            assert pilot.ship.turns_per_warp == 6

    simulate(story)


def test_a_defender_fetches_the_fighters_that_an_earlier_life_left_behind():
    async def story():
        async with universe() as (world, link):
            async with aboard(link, "eve") as pilot:
                await pilot.enter(account("Eve"))
                assert await pilot.posts() == {}
                assert await pilot.drop_fighters(28) == 2
                left = pilot.here
                assert await pilot.posts() == {left: 28}
                await pilot.move(pilot.atlas.warps(left)[0])
            async with aboard(link, "eve") as pilot:
                with anyio.move_on_after(30):
                    await Defender(account=account("Eve"))(pilot.bot)
                assert pilot.bot.progress.metric == "guarded"
            assert left not in world.world.forces

    simulate(story)


# --- doors ------------------------------------------------------------------------------------------

NAME = b"Telnet connection detected.\n\r\n\rPlease enter your name (ENTER for none): "
MENU = b"TradeWars Game Server\n\rTWGS v2.20b\n\r\n\r<A> My Game\n\r\n\rSelection (? for menu): "
START = b"\r\n   ==-- Trade Wars 2002 --==\r\n\r\n   T - Play\r\n\r\nEnter your choice: "
DOOR = [(b"\x00\xff\xfd\xf6", b"\xff"), (NAME, b"Ann\r"), (MENU, b"A")]
INSIDE = [
    *DOOR,
    (b"A\n\rTrade Wars 2002 Win32 module now loading.\r\n" + START, b"*\r"),
    (b"*\r\nGame Stats:\r\n[Universe]\r\nSectors=1000\r\nEnd Stats.\r\n" + START, b"T\r"),
    (b"T\r\nPassword? ", b"sesame\r"),
]


def knock(script, seconds, tmp_path):
    """Send a scout to a scripted server; give its status, when it came, what it typed last, and its end."""
    came, typed, kept = [], [], []

    async def serve(stream):
        came.append(round(anyio.current_time()))
        try:
            for text, keys in script:
                await stream.send(text)
                heard = b""
                while keys not in heard:
                    heard += await stream.receive()
            while True:
                typed.append(await stream.receive())
        except (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError):
            return

    async def story():
        async with MemoryNetwork(random=Random(1)) as net:
            net.listen("game", serve)
            async with LocalSupervisor(
                channel=LocalChannel(), knowledge=MemoryStore(), seed=1, captures=tmp_path
            ) as boss:
                spec = BotSpec(
                    name="ann",
                    role=Scout(account=account("Ann")),
                    adapter=TradeWars,
                    transport=Telnet(net.transport("game")),
                )
                await boss.start(spec)
                await anyio.sleep(seconds)
                kept.extend(boss.statuses())
                boss.failures.clear()
                await boss.stop_all()

    simulate(story)
    return kept[0], came, typed


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (b"This is a private game.  Please enter a password:", "PrivateGame"),
        (b"I'm sorry, but this is a closed game.\r\n", "NewPlayersRefused"),
        (b"I'm sorry but the game is full.\r\n", "GameFull"),
    ],
)
def test_a_final_no_at_the_door_is_told_at_once_and_not_asked_again(words, error, tmp_path):
    status, came, typed = knock([*DOOR, (b"A\n\r" + words, b"never")], 400, tmp_path)
    assert status.state is State.FAILED
    assert error in status.last_error
    assert (len(came), typed) == (1, [])


@pytest.mark.parametrize(
    ("words", "wait"),
    [
        (b"The game is currently closed.\r\n", 300),
        (b"Failed to start game session [5]...\r\n", 10),
        (b"You must wait for 3 hour(s) to get back in.\r\n", 10_800),
    ],
)
def test_a_no_with_a_wait_is_obeyed(words, wait, tmp_path):
    status, came, _ = knock([*DOOR, (b"A\n\r" + words + MENU, b"never")], wait + 5, tmp_path)
    assert status.state is not State.FAILED
    assert len(came) == 2
    assert wait <= came[1] - came[0] <= wait + 2


def test_an_unknown_question_in_the_game_stops_the_bot_and_is_kept(tmp_path):
    merchant = b"***\r\n\r\nA strange merchant appears. Buy his wares for 5000? "
    status, came, typed = knock([*INSIDE, (merchant, b"never")], 400, tmp_path)
    assert status.state is State.FAILED
    assert "no rule knows" in status.last_error
    assert (len(came), typed) == (1, [])
    (kept,) = tmp_path.iterdir()
    assert "A strange merchant appears." in kept.read_text()
    assert kept.name in status.last_error
    assert "sesame" not in kept.read_text()


# --- money ------------------------------------------------------------------------------------------


def test_a_trader_goes_to_the_bank_less_often_once_no_holds_are_to_be_had():
    async def story():
        async with universe() as (_, link), aboard(link) as pilot:
            await pilot.enter(account("Ann"))
            await pilot.find_stardock()
            trader, ship = Trader(account=account("Ann")), pilot.ship
            ship.credits, income = 60_000, 10_000
            ship.holds = 40
            assert trader.wants_bank(pilot, income)
            ship.holds = 75
            assert not trader.wants_bank(pilot, income)
            ship.credits = 200_000
            assert trader.wants_bank(pilot, income)

    simulate(story)


def test_nothing_is_said_of_money_that_a_full_account_did_not_take():
    async def story():
        async with universe() as (world, link), aboard(link) as pilot, aboard(link, "dan") as banker:
            await pilot.enter(account("Ann"))
            await banker.enter(account("Dan"))
            await pilot.bot.learn("crew/dan", {"trader": "Dan", "role": "Banker"})
            trader_of(world, "Dan").bank = 500_000
            trader_of(world, "Ann").credits = 50_000
            await pilot.find_stardock()
            await pilot.status()
            async with pilot.bot.channel.subscribe("surplus") as news:
                await visit_bank(pilot, keep=2_000, share=0.5)
                assert pilot.ship.bank > 0
                with anyio.move_on_after(5):
                    raise AssertionError(await anext(news))

    simulate(story)
