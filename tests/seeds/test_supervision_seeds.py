"""Random orders at random moments, to bots that crash, stall, hang and will not listen.

Whatever happens: states are true, a stop ends within its time, a bot lives once at a time, numbers
only grow, a person's stop wins, and who watches ends up knowing how things are.
"""

import logging
from collections import defaultdict
from contextlib import suppress
from random import Random

import anyio
import pytest

from wingmate import (
    Assign,
    Backoff,
    BotSpec,
    LocalChannel,
    LocalSupervisor,
    MemoryStore,
    Pause,
    Pursue,
    Resume,
    State,
)
from wingmate._bot import GOODBYE
from wingmate.errors import Disconnected
from wingmate.testing import MemoryNetwork, Weather, simulate

NAMES = "abcdef"
DRAIN = 7.0
ASHORE = {State.CREATED, State.CONNECTING, State.WAITING, State.DONE, State.STOPPED, State.FAILED}


class Bytes:
    """The simplest game: bytes in, bytes out."""

    def receive(self, data):
        return [data]

    def send(self, command):
        return command

    def close(self):
        return b"bye"


async def echo(stream):
    while True:
        await stream.send(await stream.receive())


async def deaf(stream):
    await anyio.sleep_forever()


async def rude(stream):
    await stream.receive()
    await stream.aclose()


async def worker(bot):
    count = 0
    while bot.on_duty:
        await bot.send(b"x")
        await bot.expect(bytes, within=30)
        await anyio.sleep(bot.random.uniform(0, 5))
        count += 1
        bot.advance("count", count)
        bot.report(where=count)


async def crasher(bot):
    await anyio.sleep(bot.random.uniform(0, 10))
    raise Disconnected("again")


async def hopeless(bot):
    await anyio.sleep(bot.random.uniform(0, 10))
    raise TypeError("for ever")


async def staller(bot):
    await anyio.sleep_forever()


async def stubborn(bot):
    while True:
        await bot.rest(1)
        await anyio.sleep(1)


async def brief(bot):
    return


async def broken(bot):
    raise Disconnected("at once")


async def swallower(bot):
    for _ in range(3):
        with suppress(BaseException):  # what no role should do
            await anyio.sleep(30)
    raise ValueError("swallowed")


async def shouter(bot):
    while bot.on_duty:
        await bot.send(b"y" * 50_000)


async def parent(bot):
    async with anyio.create_task_group() as nursery:
        nursery.start_soon(anyio.sleep_forever)
        await anyio.sleep(bot.random.uniform(0, 20))
        raise KeyError("within")


async def untidy(bot):
    try:
        await anyio.sleep_forever()
    finally:
        raise LookupError("while cleaning up")


ROLES = (worker, crasher, hopeless, staller, stubborn, brief, broken, swallower, shouter, parent, untidy)


class Trial:
    """One supervisor, six bots, and somebody who cannot make up their mind."""

    def __init__(self, seed):
        self.dice = Random(seed)
        self.playing = defaultdict(int)
        self.numbers = defaultdict(int)
        self.stopped = {}
        self.seen = {}
        self.network = MemoryNetwork(Random(seed), Weather.draw(Random(seed)))
        self.supervisor = LocalSupervisor(
            channel=LocalChannel(),
            knowledge=MemoryStore(),
            seed=seed,
            stagger=self.dice.choice([None, 0, 3]),
            restart=Backoff(limit=self.dice.choice([0, 3, 50])),
        )

    def role(self):
        chosen = self.dice.choice(ROLES)

        async def watched(bot):
            assert self.playing[bot.name] == 0, "it lives twice"
            assert bot.incarnation >= self.numbers[bot.name], "its number shrank"
            self.numbers[bot.name] = bot.incarnation
            self.playing[bot.name] += 1
            try:
                await chosen(bot)
            finally:
                self.playing[bot.name] -= 1

        return watched

    def spec(self, name):
        address = self.dice.choice(["echo", "echo", "deaf", "rude", "nobody"])
        stall = self.dice.choice([20, 60])
        link = self.network.transport(address)
        return BotSpec(name=name, role=self.role(), adapter=Bytes, transport=link, stall=stall, drain=DRAIN)

    async def follow(self):
        slow = Random(self.dice.random())
        async with self.supervisor.watch() as changes:
            async for status in changes:
                before = self.seen.get(status.name)
                assert before is None or status.incarnation >= before.incarnation
                self.seen[status.name] = status
                if slow.random() < 0.01:
                    await anyio.sleep(slow.uniform(0, 20))

    async def meddle(self):
        name, roll = self.dice.choice(NAMES), self.dice.random()
        if self.supervisor._children[name].state.over:
            if roll < 0.5:
                await self.supervisor.start(self.spec(name))
                self.stopped.pop(name, None)
        elif roll < 0.12:
            await self.supervisor.stop(name, drain=self.dice.random() < 0.7)
            self.stopped.setdefault(name, anyio.current_time())
        elif roll < 0.8:
            orders = (Pause(), Resume(), Assign(self.role()), Pursue(roll))
            await self.supervisor.order(name, self.dice.choice(orders))

    def check(self):
        for status in self.supervisor.statuses():
            bot = self.supervisor._children[status.name].bot
            assert (bot is None) or status.state not in ASHORE, status
            assert not (status.state.over and self.playing[status.name]), status
            if status.state in {State.RUNNING, State.PAUSED}:
                assert bot.paused == (status.state is State.PAUSED), status
            if status.name in self.stopped:
                late = self.stopped[status.name] + DRAIN + GOODBYE + 0.001
                assert status.state.over or anyio.current_time() <= late, status

    async def play(self):
        for name in NAMES:
            await self.supervisor.start(self.spec(name))
        for _ in range(self.dice.randrange(60)):
            if self.dice.random() < 0.7:
                await anyio.sleep(self.dice.uniform(0, 8))
            await self.meddle()
            self.check()
        await self.supervisor.stop_all()
        return anyio.current_time()

    async def story(self):
        async with anyio.create_task_group() as nursery, self.network:
            for handler in (echo, deaf, rude):
                self.network.listen(handler.__name__, handler)
            nursery.start_soon(self.follow)
            try:
                async with self.supervisor:
                    asked = await self.play()
            except ExceptionGroup as group:
                assert group.message == "bots gave up", group  # noqa: PT017 - another message is another error
            assert anyio.current_time() <= asked + DRAIN + GOODBYE + 0.001
            await anyio.sleep(50_000)  # for those who are slow to hear
            statuses = {status.name: status for status in self.supervisor.statuses()}
            assert all(status.state.over for status in statuses.values())
            assert all(statuses[name].state is not State.FAILED for name in self.stopped)
            assert statuses == self.seen
            assert not any(self.playing.values())


@pytest.fixture(autouse=True)
def quiet():
    """Say nothing about crashes that are meant."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("seed", range(40))
def test_supervision_keeps_its_promises(seed):
    simulate(Trial(seed).story, seed=seed)


@pytest.mark.slow
def test_supervision_keeps_its_promises_for_long():
    for seed in range(40, 400):
        simulate(Trial(seed).story, seed=seed)
