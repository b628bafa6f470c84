"""A farmer, a lumberjack and a landscaper make a village, whatever the seed and whoever dies."""

from contextlib import asynccontextmanager
from random import Random

import pytest
from anyio import create_task_group, sleep

from wingmate import Backoff, BotSpec, LocalChannel, LocalSupervisor, MemoryStore, open_bot
from wingmate.testing import MemoryNetwork, Weather, simulate
from wingmate.village import Hands, Settings, SignStore, Village, VillageAdapter
from wingmate.village.events import Heard
from wingmate.village.names import player_name
from wingmate.village.roles import Farmer, Landscaper, Lumberjack
from wingmate.village.roles._life import Life, living

SETTINGS = {"size": 64, "day": 600.0}
DAYS = 1  # of the world, within which there must be wheat


def spec(network, role, number=0):
    name = player_name(number, role.__name__)
    return BotSpec(
        name=name.lower(),
        role=role(name=name),
        adapter=VillageAdapter,
        transport=network.transport("village", origin=name.lower()),
        stall=1e5,
    )


@asynccontextmanager
async def village_of(seed, *roles, weather=None, **settings):
    async with (
        Village(Settings(seed=seed, **SETTINGS | settings)) as village,
        MemoryNetwork(Random(seed), weather or Weather()) as network,
        LocalSupervisor(
            channel=LocalChannel(),
            knowledge=MemoryStore(),
            seed=seed,
            restart=Backoff(limit=100, longest=5.0),
        ) as supervisor,
    ):
        network.listen("village", village.handler)
        numbers = {}
        for role in roles:
            number = numbers[role] = numbers.get(role, -1) + 1
            await supervisor.start(spec(network, role, number))
        try:
            yield village, network
        finally:
            await supervisor.stop_all(drain=False)


async def until(village, ready, days=DAYS):
    while not ready() and village.date < days * village.settings.day:  # noqa: ASYNC110 - the world sends no signal
        await sleep(5)


def count(village, kind):
    return len(village.world.places.get(kind, ()))


@asynccontextmanager
async def overheard(network):
    """All that is said, as somebody hears it who only listens."""
    said = []
    listener = BotSpec(
        name="watcher",
        role=lambda _: None,
        adapter=VillageAdapter,
        transport=network.transport("village"),
        stall=1e6,
    )
    async with (
        open_bot(listener, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(0)) as bot,
        Hands(bot) as hands,
        create_task_group() as nursery,
    ):
        hands.listeners.append(
            lambda event: said.append((event.sender, event.text)) if isinstance(event, Heard) else None
        )
        await hands.enter("watcher")

        async def stay_awake():
            while True:
                await sleep(300)
                await hands.look()

        nursery.start_soon(stay_awake)
        yield said
        nursery.cancel_scope.cancel()


def places(said, verb):
    return {text for _, text in said if text.startswith(f"[{verb}] ")}


# --- wheat ------------------------------------------------------------------------------------------


def harvest(seed, **settings):
    async def story():
        async with village_of(seed, Farmer, Lumberjack, Landscaper, **settings) as (village, _):
            await until(village, lambda: village.world.harvested >= 3)
            assert village.faults == 0
            return village.world.harvested, count(village, "chest"), count(village, "table"), village.date

    return simulate(story, seed=seed)


@pytest.mark.parametrize("seed", range(10))
def test_three_villagers_harvest_wheat_on_the_first_day(seed):
    wheat, chests, tables, _ = harvest(seed, ripening=90)
    assert wheat >= 3
    assert (chests, tables) == (1, 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 200))
def test_three_villagers_harvest_wheat_that_takes_its_time(seed):
    wheat, chests, tables, _ = harvest(seed)
    assert wheat >= 3
    assert (chests, tables) == (1, 1)


# --- death and the end of a process -----------------------------------------------------------------


def tell_of_death(seed, *, by):
    """Let the lumberjack end at a moment that the seed decides; what comes of the village?"""
    dice = Random(f"death {seed}")

    async def story():
        async with village_of(seed, Lumberjack, Farmer, Landscaper, ripening=90) as (village, network):
            async with overheard(network) as said:
                await sleep(dice.uniform(1, 100))
                if by == "process":
                    network.cut("emma_lumberjack")
                elif "Emma_Lumberjack" in village.world.players:
                    village.kill("Emma_Lumberjack")
                await until(village, lambda: village.world.harvested >= 3)
                await sleep(60)
            assert village.faults == 0
            signs = sorted(village.world.signs.values())
            return village.world.harvested, count(village, "chest"), count(village, "table"), said, signs

    return simulate(story, seed=seed)


def check_death(seed, by):
    wheat, chests, tables, said, signs = tell_of_death(seed, by=by)
    assert wheat >= 3
    assert (chests, tables) == (1, 1)
    for verb in ("VILLAGE", "CHEST", "CRAFTING"):
        assert len(places(said, verb)) == 1
    assert len(signs) == len(set(signs)), "one thing on two signs"


@pytest.mark.parametrize("by", ["process", "lightning"])
@pytest.mark.parametrize("seed", range(2))
def test_a_lumberjack_that_ends_at_any_moment_builds_no_second_chest_or_table(seed, by):
    check_death(seed, by)


@pytest.mark.slow
@pytest.mark.parametrize("by", ["process", "lightning"])
@pytest.mark.parametrize("seed", range(100, 150))
def test_a_lumberjack_that_ends_at_any_moment_builds_no_second_chest_or_table_at_length(seed, by):
    check_death(seed, by)


@pytest.mark.parametrize("seed", range(2))
def test_all_may_end_at_once_and_the_village_is_taken_up_again(seed):
    async def story():
        async with village_of(seed, Lumberjack, Farmer, Landscaper, ripening=90) as (village, network):
            async with overheard(network) as said:
                await sleep(Random(seed).uniform(20, 120))
                network.cut("emma_lumberjack", "emma_farmer", "emma_landscaper")
                for name in ("Emma_Lumberjack", "Emma_Farmer", "Emma_Landscaper"):
                    village.kill(name)
                await until(village, lambda: village.world.harvested >= 3)
            return village.world.harvested, count(village, "chest"), count(village, "table"), said

    wheat, chests, tables, said = simulate(story, seed=seed)
    assert wheat >= 3
    assert (chests, tables) == (1, 1)
    assert len(places(said, "VILLAGE")) == 1


# --- agreement --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2))
def test_many_found_a_village_at_once_and_all_agree(seed, monkeypatch):
    async def elsewhere(self, _here, middle):
        return middle.shifted(len(self.name) % 3 - 1, 0, ord(self.name[0]) % 3 - 1)

    monkeypatch.setattr(Life, "choose_centre", elsewhere)
    centres = []

    async def settle(network, name):
        listener = BotSpec(
            name=name, role=lambda _: None, adapter=VillageAdapter, transport=network.transport("village")
        )
        async with open_bot(
            listener, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(name)
        ) as bot:
            async with living(bot, name, SignStore(MemoryStore())) as life:
                await sleep(60)
                centres.append(life.council.centre)

    async def story():
        async with village_of(seed, weather=Weather(latency=(0.0, 0.5))) as (_, network):
            async with create_task_group() as nursery:
                for number in range(9):
                    nursery.start_soon(settle, network, player_name(number, "Farmer"))
                await sleep(40)
                nursery.start_soon(settle, network, "Late_Newcomer")

    simulate(story, seed=seed)
    assert len(centres) == 10
    assert len(set(centres)) == 1


def test_a_place_is_levelled_by_who_was_heard_first_and_nobody_talks_too_fast():
    crew = (Lumberjack, Farmer, Farmer, Landscaper, Landscaper, Landscaper)

    async def story():
        async with village_of(1, *crew, weather=Weather(latency=(0.0, 0.3))) as (village, network):
            async with overheard(network) as said:
                await sleep(250)
            assert village.faults == 0
            return said, village.refused

    said, refused = simulate(story)
    owners = {}
    for sender, text in said:
        verb, _, place = text.partition(" ")
        if verb == "[TERRAFORM_CLAIM]":
            owners.setdefault(place, sender)
        elif verb in {"[TERRAFORM_DONE]", "[TERRAFORM_RELEASE]"}:
            assert owners.pop(place) == sender
    assert len(places(said, "TERRAFORM_DONE")) >= 2
    assert refused["fast"] == 0


@pytest.mark.slow
def test_a_hundred_in_one_village_keep_the_chat_under_its_rate():
    crew = [Farmer] * 34 + [Lumberjack] * 33 + [Landscaper] * 33

    async def story():
        async with village_of(1, *crew, size=128) as (village, network):
            async with overheard(network) as said:
                await sleep(300)
            assert village.faults == 0
            chests, tables = count(village, "chest"), count(village, "table")
            return said, village.refused, chests, tables, village.connections

    said, refused, chests, tables, connections = simulate(story, slow=60.0)
    assert refused["fast"] == 0
    assert (chests, tables) == (1, 1)
    assert connections >= 100
    assert len(places(said, "VILLAGE")) == 1
