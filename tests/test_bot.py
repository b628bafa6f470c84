"""One bot in its block: hearing, sending, pausing, stalling, saying goodbye."""

from contextlib import asynccontextmanager
from random import Random

import anyio
import pytest
from attrs import frozen

from wingmate import Bot, BotSpec, LocalChannel, MemoryStore, now, open_bot
from wingmate.errors import ConnectFailed, Disconnected, GarbledReply, Stalled
from wingmate.testing import MemoryNetwork, simulate


@frozen
class Heard:
    text: str


@frozen
class Shouted:
    text: str


class Lines:
    """Lines in, lines out; capitals are shouted."""

    def __init__(self):
        self.rest = b""

    def receive(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            text = line.decode()
            if text == "garbage":
                raise GarbledReply("a line nobody knows")
            yield Shouted(text) if text.isupper() else Heard(text)

    def send(self, command):
        return command.encode() + b"\n"

    def close(self):
        return b"bye\n"

    def screen(self):
        return "the last screen"


async def idle(bot):
    await anyio.sleep_forever()


async def echo(stream):
    while True:
        await stream.send(await stream.receive())


@asynccontextmanager
async def playing(handler=echo, **settings):
    async with MemoryNetwork(Random(0)) as net:
        net.listen("game", handler)
        spec = BotSpec(name="ann", role=idle, adapter=Lines, transport=net.transport("game"), **settings)
        async with open_bot(spec, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(0)) as bot:
            yield bot


def errors_of(group):
    """The leaves of an exception group."""
    if isinstance(group, BaseExceptionGroup):
        return [leaf for inner in group.exceptions for leaf in errors_of(inner)]
    return [group]


def test_what_is_sent_comes_back_as_events():
    async def story():
        async with playing() as bot:
            await bot.send("hello")
            assert await bot.expect(Heard, within=5) == Heard("hello")
            assert bot.turns == 1

    simulate(story)


def test_expect_lets_other_events_pass_and_takes_several_kinds():
    async def story():
        async with playing() as bot:
            await bot.send("quiet\nLOUD\nlow\nHIGH")
            assert await bot.expect(Shouted, within=5) == Shouted("LOUD")
            assert await bot.expect((Heard, Shouted), within=5) == Heard("low")
            assert await anext(aiter(bot)) == Shouted("HIGH")

    simulate(story)


def test_expect_gives_up_after_its_time():
    async def story():
        async with playing() as bot:
            before = anyio.current_time()
            with pytest.raises(TimeoutError):
                await bot.expect(Heard, within=7)
            return anyio.current_time() - before

    assert simulate(story) == 7


def test_a_paused_bot_sends_nothing_and_goes_on_where_it_was():
    async def story():
        sent = []

        async def listen(stream):
            while True:
                sent.append((await stream.receive(), anyio.current_time()))

        async with playing(listen) as bot, anyio.create_task_group() as nursery:
            bot.pause()
            nursery.start_soon(bot.send, "late")
            await anyio.sleep(100)
            assert not sent
            assert bot.paused
            bot.resume()
            await anyio.sleep(1)
            assert sent == [(b"late\n", 100.0)]

    simulate(story)


def test_the_last_words_are_said_even_when_cancelled():
    async def story():
        words = []

        async def listen(stream):
            while True:
                words.append(await stream.receive())

        async with MemoryNetwork(Random(0)) as net:
            net.listen("game", listen)
            spec = BotSpec(name="ann", role=idle, adapter=Lines, transport=net.transport("game"))
            with anyio.move_on_after(3):
                async with open_bot(spec, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(0)):
                    await anyio.sleep_forever()
            await anyio.sleep(1)
        return words

    assert simulate(story) == [b"bye\n"]


def test_a_game_that_hangs_up_ends_the_block_with_one_error():
    async def story():
        async def hang_up(stream):
            await stream.receive()

        with pytest.raises(ExceptionGroup) as caught:
            async with playing(hang_up) as bot:
                await bot.send("hello")
                await anyio.sleep_forever()
        (error,) = errors_of(caught.value)
        assert isinstance(error, Disconnected)
        assert str(error).startswith("ann: ")

    simulate(story)


def test_a_bot_that_gets_nowhere_is_stalled_and_progress_prevents_it():
    async def story():
        with pytest.raises(ExceptionGroup) as caught:
            async with playing(stall=10) as bot:
                bot.report(doing="digging")
                for _ in range(5):
                    await anyio.sleep(9)
                    bot.advance("dug", 1)
                await anyio.sleep_forever()
        (error,) = errors_of(caught.value)
        assert isinstance(error, Stalled)
        assert "10 s" in str(error)
        assert "digging" in str(error)
        return anyio.current_time()

    assert simulate(story) == 55


def test_time_spent_paused_is_no_stall():
    async def story():
        async with playing(stall=10) as bot:
            await anyio.sleep(5)
            bot.pause()
            await anyio.sleep(1000)
            bot.resume()
            await anyio.sleep(9)

    simulate(story)


def test_a_garbled_reply_brings_the_screen_along():
    async def story():
        with pytest.raises(ExceptionGroup) as caught:
            async with playing() as bot:
                await bot.send("garbage")
                await anyio.sleep_forever()
        (error,) = errors_of(caught.value)
        assert isinstance(error, GarbledReply)
        assert error.screen == "the last screen"

    simulate(story)


def test_a_full_inbox_makes_the_game_wait():
    async def story():
        sent = 0

        async def chatter(stream):
            nonlocal sent
            while True:
                await stream.send(b"x\n" * 100)
                sent += 100

        async with playing(chatter) as bot:
            await anyio.sleep(200)
            held = sent
            assert 256 <= held < 100_000
            for _ in range(1000):
                await bot.expect(Heard, within=1)
            await anyio.sleep(1)
            assert sent > held

    simulate(story)


def test_facts_and_messages_carry_who_and_when():
    async def story():
        async with playing() as bot, bot.channel.subscribe("news") as news:
            assert await bot.learn("sector/5", {"warps": [1]}, ttl=60)
            await bot.say("news/today", "rain")
            message = await anext(news)
            fact = await bot.knowledge.recall("sector/5")
            assert (message.sender, message.sent_at, message.body) == ("ann", now(), "rain")
            assert (fact.seen_by, fact.seen_at, fact.ttl) == ("ann", now(), 60)

    simulate(story)


def test_rest_ends_when_relieved():
    async def story():
        async with playing() as bot, anyio.create_task_group() as nursery:
            nursery.start_soon(bot.rest, 1000)
            await anyio.sleep(5)
            assert bot.on_duty
            bot.relieve()
            assert not bot.on_duty
        return anyio.current_time()

    assert simulate(story) == 5


def test_nobody_there_is_a_failed_connection():
    async def story():
        async with MemoryNetwork(Random(0)) as net:
            spec = BotSpec(name="ann", role=idle, adapter=Lines, transport=net.transport("nowhere"))
            with pytest.raises(ConnectFailed):
                async with open_bot(spec, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(0)):
                    pass

    simulate(story)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"transport": "host:23"}, "transport"),
        ({"role": 5}, "role"),
        ({"adapter": None}, "adapter"),
        ({"name": "two words"}, "two words"),
        ({"name": ""}, "name"),
        ({"stall": 0}, "stall"),
        ({"drain": -1}, "drain"),
    ],
)
def test_a_wrong_part_is_refused_where_it_is_given(change, word):
    async def story():
        async with MemoryNetwork(Random(0)) as net:
            good = {"name": "ann", "role": idle, "adapter": Lines, "transport": net.transport("game")}
            BotSpec(**good)
            with pytest.raises((TypeError, ValueError), match=word):
                BotSpec(**(good | change))

    simulate(story)


def test_bots_are_equal_only_to_themselves():
    assert Bot.__eq__ is object.__eq__
