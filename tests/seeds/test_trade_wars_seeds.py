"""The crew of five plays Trade Wars in bad weather: what it maps is true, and nobody gives up."""

from random import Random

import pytest
from anyio import fail_after, sleep
from attrs import evolve

from wingmate import Backoff, BotSpec, LocalChannel, LocalSupervisor, MemoryStore, Secret, State
from wingmate.testing import MemoryNetwork, Weather, simulate
from wingmate.transports import Telnet
from wingmate.tw2002 import Account, Banker, Defender, Scout, Trader, TradeWars
from wingmate.tw2002.universe import Universe

CREW = {"ann": Trader, "bob": Trader, "cat": Scout, "dan": Banker, "eve": Defender}


def weather_of(seed):
    # The server drops who is silent for five seconds at the door: slower links cannot get in at all.
    drawn = Weather.draw(Random(seed))
    return evolve(drawn, latency=(min(drawn.latency[0], 0.5), min(drawn.latency[1], 1.0)))


def member(name, role, link):
    account = Account(name=name.capitalize(), password=Secret("text:swordfish"))
    return BotSpec(name=name, role=role(account=account), adapter=TradeWars, transport=link)


async def story(seed, length):
    knowledge = MemoryStore()
    async with Universe(fast=True) as universe, MemoryNetwork(Random(seed), weather_of(seed)) as network:
        network.listen("game", universe.handler)
        link = Telnet(network.transport("game"))
        async with LocalSupervisor(
            channel=LocalChannel(), knowledge=knowledge, seed=seed, restart=Backoff(limit=50)
        ) as supervisor:
            for name, role in CREW.items():
                await supervisor.start(member(name, role, link))
            await sleep(length)
            errors = [status.last_error for status in supervisor.statuses()]
            network.weather = Weather()
            await supervisor.stop_all()
        warps = universe.world.galaxy.warps
        told = {
            int(fact.key.partition("/")[2]): fact.value.get("warps")
            for fact in await knowledge.survey("sector/")
        }
        return errors, {status.state for status in supervisor.statuses()}, universe.faults, told, warps


def play(seed, length):
    async def tell():
        with fail_after(length + 300):
            return await story(seed, length)

    errors, states, faults, told, warps = simulate(tell, seed=seed)
    assert faults == 0, "the universe met something it did not expect"
    assert not [error for error in errors if "Garbled" in error], errors
    assert states == {State.STOPPED}
    known = {number: exits for number, exits in told.items() if exits}
    assert len(known) >= 10, "the crew mapped next to nothing"
    false = {n: (exits, warps[n]) for n, exits in known.items() if sorted(exits) != list(warps[n])}
    assert not false, "what the crew believes is not so"


@pytest.fixture(autouse=True)
def quiet(caplog):
    """Crashes are meant to happen here."""
    caplog.set_level("CRITICAL", logger="wingmate")


@pytest.mark.parametrize("seed", range(2))
def test_a_crew_plays_trade_wars_in_bad_weather(seed):
    play(seed, 40.0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 40))
def test_a_crew_plays_trade_wars_in_bad_weather_at_length(seed):
    play(seed, 180.0)
