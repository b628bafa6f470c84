"""The village's chat under the chat core: messages, claims and signed villagers."""

from contextlib import asynccontextmanager
from random import Random

from anyio import create_task_group, sleep

from wingmate import (
    Backoff,
    BotSpec,
    LocalChannel,
    LocalSupervisor,
    MemoryStore,
    Message,
    Secret,
    now,
    open_bot,
)
from wingmate.chat import ChatChannel, ChatStore, Key, KeyRing
from wingmate.testing import MemoryNetwork, Weather, simulate
from wingmate.village import Hands, Settings, Village, VillageAdapter, VillageLink
from wingmate.village.names import player_name
from wingmate.village.roles import Farmer, Landscaper, Lumberjack

SMALL = Settings(seed=3, size=48)


@asynccontextmanager
async def hosted(settings=SMALL, seed=0, **options):
    async with (
        Village(settings, **options) as village,
        MemoryNetwork(Random(seed), Weather(latency=(0.0, 0.1))) as network,
    ):
        network.listen("village", village.handler)
        yield village, network


@asynccontextmanager
async def playing(network, name):
    spec = BotSpec(
        name=name,
        role=lambda _: None,
        adapter=VillageAdapter,
        transport=network.transport("village"),
        stall=1e6,
    )
    async with (
        open_bot(spec, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(name)) as bot,
        Hands(bot) as hands,
    ):
        await hands.enter(name)
        yield hands


def test_messages_cross_the_chat_whole_and_in_order():
    async def story():
        async with (
            hosted() as (village, network),
            playing(network, "ann") as ann,
            playing(network, "bob") as bob,
            ChatChannel(VillageLink(ann), "ann") as here,
            ChatChannel(VillageLink(bob), "bob") as there,
            there.subscribe("story") as stories,
        ):
            for number in range(5):
                await here.publish(
                    Message("story", {"number": number, "text": "x" * 500}, "ann", sent_at=now())
                )
            heard = [await anext(stories) for _ in range(5)]
            assert [message.body["number"] for message in heard] == list(range(5))
            assert village.refused["fast"] == 0

    simulate(story)


def test_what_many_claim_over_the_chat_one_has():
    winners = []

    async def want(network, name):
        async with (
            playing(network, name) as hands,
            ChatChannel(VillageLink(hands), name) as channel,
            ChatStore(channel) as store,
        ):
            await sleep(70)  # a newcomer listens for as long as a lease may last
            number = await store.claim("leader", name, until=now() + 50)
            if number is not None:
                winners.append((name, number))
            await sleep(20)

    async def story():
        async with hosted() as (village, network), create_task_group() as nursery:
            for number in range(8):
                nursery.start_soon(want, network, player_name(number, "Farmer"))
        assert not village.faults

    simulate(story)
    assert len(winners) == 1


def test_signed_villagers_believe_nobody_else():
    keys = KeyRing(Key("A1", Secret("text:a long enough secret of the crew")))
    said = []

    async def story():
        async with (
            hosted(Settings(seed=1, size=64, ripening=60), witness=said.append) as (village, network),
            playing(network, "Liar") as liar,
            LocalSupervisor(
                channel=LocalChannel(), knowledge=MemoryStore(), restart=Backoff(limit=20)
            ) as crew,
        ):
            for number, role in enumerate((Farmer, Lumberjack, Landscaper)):
                name = player_name(number, role.__name__)
                await crew.start(
                    BotSpec(
                        name=name.lower(), role=role(name=name, keys=keys), adapter=VillageAdapter,
                        transport=network.transport("village"), stall=1e5,
                    )
                )  # fmt: skip
            while village.world.harvested < 2 and village.date < 600:
                await liar.say("[VILLAGE] center 1 2 3")
                await liar.say("[CHEST] shared 1 2 3")
                await liar.say("[TERRAFORM_CLAIM] 39 63 60")
                await sleep(10)
            await crew.stop_all(drain=False)
            assert not village.faults
            assert village.refused["fast"] == 0
            return village.world

    world = simulate(story)
    assert world.harvested >= 2
    assert [len(world.places[kind]) for kind in ("chest", "table")] == [1, 1]
    ours = [line for line in said if line.startswith("* chat ") and "[" in line and " Liar " not in line]
    assert ours
    assert not any(line.endswith(("]", "center 1 2 3")) for line in ours)
