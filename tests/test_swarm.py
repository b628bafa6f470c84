"""The front desk: JSON in, JSON out, over any supervisor."""

import json
from contextlib import asynccontextmanager
from random import Random

import anyio
import pytest

from wingmate import BotSpec, LocalChannel, LocalSupervisor, MemoryStore, Swarm, never
from wingmate._swarm import COMMANDS, QUERIES
from wingmate.errors import ConfigError
from wingmate.testing import MemoryNetwork, simulate


class Bytes:
    def receive(self, data):
        return [data]

    def send(self, command):
        return command

    def close(self):
        return b""


async def patrol(bot):
    """Tell the goal as the place, until relieved."""
    while bot.on_duty:
        bot.report(where=str(bot.goal), doing="patrolling", steps=bot.turns)
        await bot.send(b"step")
        bot.advance("steps", bot.turns)
        await bot.rest(1)


async def guard(bot):
    """Stand still until relieved."""
    bot.report(doing="guarding")
    await bot.rest(1e6)


async def answer(stream):
    while True:
        await stream.send(await stream.receive())


@asynccontextmanager
async def desk(on_change=None):
    async with MemoryNetwork(Random(0)) as net:
        net.listen("game", answer)
        crew = {
            name: BotSpec(name=name, role=patrol, adapter=Bytes, transport=net.transport("game"), goal="home")
            for name in ("ann", "bob")
        }
        channel, knowledge = LocalChannel(), MemoryStore()
        async with (
            LocalSupervisor(channel=channel, knowledge=knowledge, restart=never) as supervisor,
            Swarm(
                crew=crew, supervisor=supervisor, channel=channel, knowledge=knowledge, on_change=on_change
            ) as swarm,
        ):
            yield swarm
            await supervisor.stop_all(drain=False)


def test_a_bot_is_started_steered_and_stopped():
    async def story():
        async with desk() as swarm:
            assert await swarm.status() == {}
            await swarm.start("ann")
            await anyio.sleep(5)
            await swarm.pursue("ann", "away")
            await anyio.sleep(2)
            status = (await swarm.status())["ann"]
            assert (status["state"], status["where"], status["role"]) == ("running", "away", "patrol")
            await swarm.pause("ann")
            await anyio.sleep(1)
            paused = (await swarm.status())["ann"]
            await anyio.sleep(50)
            assert (await swarm.status())["ann"]["turns"] == paused["turns"]
            assert paused["state"] == "paused"
            await swarm.resume("ann")
            await anyio.sleep(5)
            assert (await swarm.status())["ann"]["turns"] > paused["turns"]
            await swarm.stop("ann")
            await swarm.wait_over()
            assert (await swarm.status())["ann"]["state"] == "stopped"

    simulate(story)


def test_every_answer_is_json():
    async def story():
        async with desk() as swarm:
            answers = [await swarm.start("ann"), await swarm.say("news", {"rain": True})]
            answers.append(await swarm.learn("sector/5", {"warps": [1, 2]}))
            await anyio.sleep(3)
            answers += [await swarm.status(), await swarm.survey("sector/")]
        return answers

    answers = simulate(story)
    assert json.loads(json.dumps(answers)) == answers
    assert answers[2] == {"news": True}
    assert answers[4][0]["value"] == {"warps": [1, 2]}


def test_a_role_is_assigned_by_recipe():
    async def story():
        async with desk() as swarm:
            await swarm.start("ann")
            await anyio.sleep(3)
            with pytest.raises(ConfigError, match="does not describe a role"):
                await swarm.assign("ann", {"a": 1})
            with pytest.raises(ConfigError, match="module"):
                await swarm.assign("ann", {"ref": "nowhere:role"})

    simulate(story)


def test_strangers_are_named():
    async def story():
        async with desk() as swarm:
            with pytest.raises(KeyError, match="ann, bob"):
                await swarm.start("zoe")

    simulate(story)


def test_what_is_said_at_the_desk_is_heard():
    async def story():
        async with desk() as swarm, swarm.channel.subscribe("news") as heard:
            await swarm.say("news/today", "rain", sender="boss")
            message = await anext(heard)
        return message.topic, message.body, message.sender

    assert simulate(story) == ("news/today", "rain", "boss")


def test_every_change_is_told():
    async def story():
        seen = []
        async with desk(seen.append) as swarm:
            await swarm.start("bob")
            await anyio.sleep(3)
        return [status.state.value for status in seen]

    states = simulate(story)
    assert states[:3] == ["created", "connecting", "running"]


def test_the_desk_lists_its_questions_and_orders():
    names = {method.__name__ for method in (*QUERIES, *COMMANDS)}
    assert names == {
        "status",
        "survey",
        "start",
        "stop",
        "pause",
        "resume",
        "assign",
        "pursue",
        "say",
        "learn",
    }
    assert all(method.__doc__ for method in (*QUERIES, *COMMANDS))
