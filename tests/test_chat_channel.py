"""A channel over a chat: it keeps its promises, its pace, and its temper."""

from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from random import Random

import anyio
import pytest
from attrs import define

from wingmate import BotSpec, LocalChannel, MemoryStore, Message, Secret, now, open_bot
from wingmate.chat import VILLAGE, Authority, ChatChannel, ChatLink, Interrupted, Key, KeyRing, Traits, Verb
from wingmate.chat.links import ChatRoom, ChatWeather, PatternLink
from wingmate.errors import IllegalCommand
from wingmate.testing import MemoryNetwork, check_channel, run_on_trio, simulate

RING = KeyRing(Key("A1", Secret("text:correct horse battery staple")))
RADIO = Traits(limit=155, rate=1.0, burst=5)
QUICK = Traits(limit=155, rate=500.0, burst=20)


def said(topic, body, sender="ann"):
    return Message(topic, body, sender, sent_at=now())


@define
class Across:
    """Said at one end of a chat, heard at the other."""

    near: ChatChannel
    far: ChatChannel

    async def publish(self, message):
        await self.near.publish(message)

    def subscribe(self, topic):
        return self.far.subscribe(topic)


@asynccontextmanager
async def across(weather=None, traits=QUICK, keys=RING):
    room = ChatRoom(traits, weather or ChatWeather(), random=Random(1))
    async with (
        ChatChannel(room.link("near"), "near", keys=keys, queue=2000) as near,
        ChatChannel(room.link("far"), "far", keys=keys) as far,
    ):
        await anyio.sleep(1)
        yield Across(near, far)


@pytest.mark.parametrize("keys", [None, RING])
def test_a_chat_channel_keeps_its_promises(keys):
    simulate(check_channel, lambda: ChatChannel(ChatRoom(QUICK).link("ann"), "ann", keys=keys, queue=2000))


def test_it_keeps_them_on_trio():
    run_on_trio(check_channel, lambda: ChatChannel(ChatRoom(QUICK).link("ann"), "ann", queue=2000))


def test_it_keeps_them_across_the_chat():
    # What was said just before a subscription may still be on its way: hence the replays.
    simulate(partial(check_channel, across, replays=True))


def test_it_keeps_them_where_lines_are_lost_doubled_and_late():
    weather = ChatWeather(delay=(0.0, 0.02), shuffle=True, loss=0.2, twice=0.1, cut=0.05)
    simulate(partial(check_channel, partial(across, weather), replays=True, within=3600.0))


@asynccontextmanager
async def crew(room, *names, **settings):
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(ChatChannel(room.link(name), name, **settings)) for name in names
        ]


def test_a_long_message_crosses_a_bad_radio_exactly_once_unaltered():
    dice = Random(4)
    text = "".join(chr(dice.randrange(32, 900)) for _ in range(10_000))
    weather = ChatWeather(delay=(0.1, 3.0), shuffle=True, loss=0.2)

    async def story():
        room = ChatRoom(RADIO, weather, random=Random(6))
        async with crew(room, "ann", "bob", keys=RING) as (ann, bob), bob.subscribe("") as heard:
            await anyio.sleep(5)
            await ann.publish(said("story", text))
            with anyio.fail_after(3600):
                first = await anext(heard)
            with anyio.move_on_after(600):
                return first.body, await anext(heard)
            return first.body, room.happened["loss"] > 20

    assert simulate(story) == (text, True)


def test_it_keeps_the_pace_and_drops_the_oldest_chatter_not_the_orders():
    async def story():
        room = ChatRoom(RADIO)
        async with crew(room, "ann", "bob", queue=10) as (ann, bob), bob.subscribe("") as heard:
            await anyio.sleep(10)
            began, before = anyio.current_time(), len(room.heard)
            for n in range(30):
                await ann.publish(said("gossip", n))
            for n in range(5):
                await ann.publish(said("order/bob", n))
            got = []
            with anyio.move_on_after(60):
                while True:
                    message = await anext(heard)
                    got.append((message.topic, message.body))
            lines = len(room.heard) - before
            assert lines <= RADIO.burst * 2 + RADIO.rate * 2 * (anyio.current_time() - began)
            return got, ann.dropped

    got, dropped = simulate(story)
    assert got == [("order/bob", n) for n in range(5)] + [("gossip", n) for n in range(25, 30)]
    assert dropped == {"chatter": 25}


def test_readable_lines_are_messages_and_player_chat_is_none():
    async def story(keys):
        room = ChatRoom(Traits(limit=256, rate=10.0, hears_itself=True))
        language = VILLAGE.plus(Verb("PATROL", "{x:int}"))
        async with (
            crew(room, "Emma_Farmer", "bob", keys=keys, language=language) as (emma, bob),
            bob.subscribe("said/") as heard,
            emma.subscribe("said/") as own,
        ):
            await emma.say("REQUEST", item="logs", count=8)
            await anyio.sleep(1)
            for line in ("hello", "[REQUEST] logs", "[DANCE] now", "[REQUEST] gold 1"):
                room.say("guest", line)
            await emma.say("PATROL", x=3.7)
            got = []
            with anyio.move_on_after(30):
                while True:
                    message = await anext(heard)
                    got.append((message.sender, message.topic, message.body))
            with anyio.move_on_after(1):
                message = await anext(own)
                assert message.sender == "guest", "one's own words are no news"
            return got, bob.ignored.counts["guest"]

    request = ("Emma_Farmer", "said/REQUEST", {"item": "logs", "count": 8})
    patrol = ("Emma_Farmer", "said/PATROL", {"x": 3})
    got, ignored = simulate(story, None)
    assert got == [request, ("guest", "said/REQUEST", {"item": "gold", "count": 1}), patrol]
    assert ignored == {"malformed": 1, "unknown": 1}
    got, ignored = simulate(story, RING)
    assert got == [request, patrol]
    assert ignored == {"malformed": 1, "unknown": 1, "unsigned": 1}


def test_orders_count_from_those_who_may_give_them():
    async def story():
        room = ChatRoom(QUICK)
        may = Authority({"chief": ("*",)})
        async with (
            crew(room, "chief", "ann", "bob", keys=RING, authority=may) as (chief, ann, bob),
            bob.subscribe("") as heard,
        ):
            await anyio.sleep(1)
            await ann.publish(said("order/bob", "dig", "ann"))
            await ann.publish(said("order/bob", "dig", "chief"))
            await ann.publish(said("news", "gold", "ann"))
            await chief.publish(said("order/bob", "rest", "chief"))
            got = {(await anext(heard)).body, (await anext(heard)).body}
            return got, bob.ignored.counts["ann"]

    assert simulate(story) == ({"gold", "rest"}, {"no authority": 2})


def test_a_spy_changes_nothing():
    async def story():
        room = ChatRoom(QUICK, ChatWeather(forge=1.0), random=Random(3))
        async with crew(room, "ann", "bob", keys=RING) as (ann, bob), bob.subscribe("") as heard:
            await anyio.sleep(1)
            for n in range(50):
                await ann.publish(said("news", n))
                await anyio.sleep(0.5)
            got = []
            with anyio.move_on_after(60):
                while True:
                    got.append((await anext(heard)).body)
            return got, room.happened["forge"], bob.ignored

    got, forged, ignored = simulate(story)
    assert got == list(range(50))
    assert forged > 50
    assert ignored.total("forged") + ignored.total("duplicate") + ignored.total("replayed") > 20


def test_who_attends_hears_of_interruptions():
    heard = []

    async def note(event, _at):
        heard.append(event)

    async def story():
        room = ChatRoom(QUICK)
        async with crew(room, "ann", "bob") as (ann, bob):
            bob.attend(note)
            room.part("bob")
            await ann.publish(said("news", "missed?"))
            await anyio.sleep(5)
            assert heard == []
            room.rejoin("bob")
            async with bob.subscribe("news") as news:
                return (await anext(news)).body

    assert simulate(story) == "missed?"
    assert heard[0] == Interrupted()


def test_the_last_words_are_still_said():
    async def story():
        room = ChatRoom(QUICK)
        async with crew(room, "bob") as (bob,), bob.subscribe("news") as heard:
            async with ChatChannel(room.link("ann"), "ann") as ann:
                await ann.publish(said("news", "farewell"))
            return (await anext(heard)).body

    assert simulate(story) == "farewell"


def test_a_void_line_is_not_said_and_the_same_signal_is_said_once():
    async def story():
        room = ChatRoom(RADIO)
        async with crew(room, "ann") as (ann,):
            await anyio.sleep(10)
            before = len(room.heard)
            for text in ("one", "two", "two", "three"):
                draft = ann.signal(text)
                draft.void = text == "one"
                ann.speak(draft)
            await anyio.sleep(2)
            return len(room.heard) - before

    assert simulate(story) == 2


def test_what_cannot_be_said_is_refused():
    async def story():
        async with ChatChannel(ChatRoom(QUICK).link("ann"), "ann") as ann:
            for body in (float("nan"), object(), "\ud800", "x" * 70_000):
                with pytest.raises(IllegalCommand):
                    await ann.publish(said("bad", body))
            with pytest.raises(IllegalCommand):
                await ann.say("DANCE")
            with pytest.raises(IllegalCommand):
                await ann.link.send_line("x" * 156)

    simulate(story)
    with pytest.raises(ValueError, match="authority needs keys"):
        ChatChannel(ChatRoom().link("ann"), "ann", authority=Authority({}))
    with pytest.raises(ValueError, match="does not take"):
        ChatChannel(ChatRoom(Traits(limit=155, alphabet="abc")).link("ann"), "ann")
    with pytest.raises(ValueError, match="total_order needs"):
        Traits(limit=155, total_order=True)
    with pytest.raises(ValueError, match="range"):
        ChatWeather(delay=(2.0, 1.0))


# --- over a game ------------------------------------------------------------------------------------


class Lines:
    """A line game: `say words` shows `<name> words` to everybody else."""

    def __init__(self):
        self.rest = b""

    def receive(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        return [line.decode() for line in lines]

    def send(self, command):
        return command.encode() + b"\n"

    def close(self):
        return b""

    def screen(self):
        return "a tavern"


def tavern():
    guests = {}

    async def serve(stream):
        rest, name = b"", f"guest{len(guests)}"
        guests[name] = stream
        try:
            while True:
                *lines, rest = (rest + await stream.receive()).split(b"\n")
                for line in lines:
                    for other, there in guests.items():
                        if other != name and line.startswith(b"say "):
                            await there.send(b"<%s> %s\n" % (name.encode(), line[4:]))
                    if line == b"look":
                        await stream.send(b"a tavern\n")
        finally:
            del guests[name]

    return serve


def test_a_pattern_makes_a_chat_of_any_line_game_and_the_role_sees_all():
    async def play(bot, got):
        link = PatternLink(bot, r"^<(?P<sender>\w+)> (?P<text>.*)$", say="say {}".format, traits=QUICK)
        assert isinstance(link, ChatLink)
        adapter = bot.adapter
        async with ChatChannel(link, bot.name, keys=RING) as channel, channel.subscribe("news") as heard:
            assert bot.screen() == "a tavern"
            await anyio.sleep(1)
            await bot.send("look")
            await channel.publish(said("news", bot.name, bot.name))
            got[bot.name] = [(await anext(heard)).body, (await anext(heard)).body]
            assert await bot.expect(str, within=5)
            await anyio.sleep(20)
        assert bot.adapter is adapter

    async def story():
        got = {}
        async with MemoryNetwork() as network:
            network.listen("tavern", tavern())
            async with AsyncExitStack() as stack:
                bots = []
                for name in ("ann", "bob"):
                    spec = BotSpec(name=name, role=play, adapter=Lines, transport=network.transport("tavern"))
                    bot = open_bot(spec, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(0))
                    bots.append(await stack.enter_async_context(bot))
                async with anyio.create_task_group() as nursery:
                    for bot in bots:
                        nursery.start_soon(play, bot, got)
        return {name: set(bodies) for name, bodies in got.items()}

    assert simulate(story) == {"ann": {"ann", "bob"}, "bob": {"ann", "bob"}}
    with pytest.raises(ValueError, match="needs the groups"):
        PatternLink(None, r"(?P<text>.*)", say=str, traits=QUICK)
