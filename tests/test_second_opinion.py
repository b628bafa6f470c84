"""The same stories on trio: what holds on one loop only is an accident."""

from random import Random

import anyio
import pytest

from wingmate import Backoff, BotSpec, Fact, LocalChannel, LocalSupervisor, MemoryStore, State, lease
from wingmate.errors import Disconnected
from wingmate.testing import MemoryNetwork, Weather, run_on_trio, simulate


class Lines:
    """Lines in, lines out."""

    def __init__(self):
        self.rest = b""

    def receive(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        return [line.decode() for line in lines]

    def send(self, command):
        return command.encode() + b"\n"

    def close(self):
        return b"bye\n"


async def serve(stream):
    """Tell the way from each room: a ring of ten."""
    rest = b""
    while True:
        *lines, rest = (rest + await stream.receive()).split(b"\n")
        for line in lines:
            if line.isdigit():
                room = int(line)
                await stream.send(f"{room} {(room + 1) % 10}\n".encode())


async def walk(bot):
    """Map the ring, one room at a time, each room by whoever claims it."""
    room = bot.random.randrange(10)
    while len(await bot.knowledge.survey("room/")) < 10:
        async with lease(bot.knowledge, f"claim/{room}", bot.name, within=30) as number:
            if number is not None:
                await bot.send(str(room))
                answer = await bot.expect(str, within=60)
                here, there = answer.split()
                await bot.learn(f"room/{here}", {"to": there})
                bot.advance("rooms", int(here))
        room = (room + bot.random.randrange(1, 10)) % 10
        await bot.rest(1)


async def story():
    store = MemoryStore()
    weather = Weather(latency=(0.01, 0.5), shred=True, refuse=0.05, cut=0.01)
    async with (
        MemoryNetwork(Random(3), weather) as net,
        LocalSupervisor(
            channel=LocalChannel(), knowledge=store, restart=Backoff(limit=50), seed=3
        ) as supervisor,
    ):
        net.listen("game", serve)
        for name in ("ann", "bob", "cat"):
            await supervisor.start(
                BotSpec(name=name, role=walk, adapter=Lines, transport=net.transport("game"), stall=120)
            )
    return {fact.key for fact in await store.survey("room/")}, {s.state for s in supervisor.statuses()}


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_a_crew_maps_the_ring_on_both_loops(run):
    assert run(story) == ({f"room/{n}" for n in range(10)}, {State.DONE})


async def drained():
    cycles = 0

    async def worker(bot):
        nonlocal cycles
        while bot.on_duty:
            await anyio.sleep(10)
            cycles += 1

    async def fragile(bot):
        if bot.incarnation < 3:
            raise Disconnected("again")

    async with (
        MemoryNetwork(Random(0)) as net,
        LocalSupervisor(channel=LocalChannel(), knowledge=MemoryStore(), restart=Backoff()) as supervisor,
    ):
        net.listen("game", serve)
        for name, role in (("ann", worker), ("bob", fragile)):
            await supervisor.start(
                BotSpec(name=name, role=role, adapter=Lines, transport=net.transport("game"))
            )
        await anyio.sleep(25)
        await supervisor.stop_all()
    return cycles, [(s.state, s.incarnation) for s in supervisor.statuses()], anyio.current_time()


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_restarts_and_drains_are_the_same_on_both_loops(run):
    cycles, states, _ = run(drained)
    assert cycles == 3
    assert states == [(State.STOPPED, 1), (State.DONE, 3)]


async def beliefs():
    store = MemoryStore(ttl={"port": 60})
    await store.learn(Fact("port/1", "old", 0.0, "ann"))
    return await store.recall("port/1")


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_the_calendar_is_virtual_on_both_loops(run):
    assert run(beliefs) is None
