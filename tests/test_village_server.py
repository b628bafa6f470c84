"""The village over a link: names, manners, hostile clients, and the hands that play there."""

from contextlib import asynccontextmanager
from random import Random

import anyio
import pytest
from anyio import create_task_group, fail_after, move_on_after, sleep

from wingmate import BotSpec, LocalChannel, MemoryStore
from wingmate._bot import open_bot
from wingmate.testing import MemoryNetwork, Weather, simulate
from wingmate.transports import Tcp
from wingmate.village import Hands, Settings, Spot, TurnedDown, Village, VillageAdapter
from wingmate.village import _server as server
from wingmate.village.events import Died, Heard, Respawned

SMALL = Settings(seed=3, size=48)


class Client:
    """Types lines and reads them, as a person with netcat would."""

    def __init__(self, stream):
        self.stream = stream
        self.text = ""

    async def type(self, text):
        await self.stream.send(text.encode() if isinstance(text, str) else text)

    async def until(self, part, within=200.0):
        with fail_after(within):
            while part not in self.text:
                self.text += (await self.stream.receive()).decode()
        before, _, self.text = self.text.partition(part)
        return before + part + self.text.partition("\n")[0]

    async def rest(self):
        """Everything until the village hangs up."""
        try:
            with fail_after(2000):
                while True:
                    self.text += (await self.stream.receive()).decode()
        except (anyio.EndOfStream, anyio.BrokenResourceError):
            return self.text


@asynccontextmanager
async def hosted(settings=SMALL, seed=0, weather=None, speed=1.0):
    async with (
        Village(settings, speed=speed) as village,
        MemoryNetwork(Random(seed), weather or Weather()) as network,
    ):
        network.listen("village", village.handler)
        yield village, network


@asynccontextmanager
async def connected(network):
    async with network.transport("village").connect() as stream:
        yield Client(stream)


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
        open_bot(spec, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(0)) as bot,
        Hands(bot) as hands,
    ):
        await hands.enter(name)
        yield hands


def test_a_person_can_play_with_nothing_but_lines():
    async def story():
        async with hosted() as (village, network), connected(network) as client:
            assert "village 1 size 48" in await client.until("* welcome")
            await client.type("1 look\n")
            assert "log in first" in await client.until("1 no nobody")
            await client.type("2 login ann\n")
            assert await client.until("2 ok ")
            await client.type("3 find log 40\n4 bag\n")
            await client.until("3 ok ")
            await client.until("4 ok")
            await client.type("5 say hello\n")
            assert await client.until("* chat ann hello")
            await client.type("6 quit\n")
            await client.until("6 ok")
            await client.rest()
            await sleep(1)
            assert village.world.players["ann"].here is False
            return village.faults

    assert simulate(story) == 0


def test_the_second_login_under_a_name_is_refused_until_the_first_is_gone():
    async def story():
        async with hosted() as (_, network):
            async with connected(network) as first:
                await first.type("1 login ann\n")
                await first.until("1 ok")
                async with connected(network) as second:
                    await second.type("1 login ann\n")
                    assert "ann is in the world already" in await second.until("1 no taken after 5.0")
                    await first.type("2 login bob\n")
                    assert "you are ann already" in await first.until("2 no illegal")
            async with connected(network) as third:
                await sleep(1)
                await third.type("1 login ann\n")
                await third.until("1 ok")

    simulate(story)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (b"look\n", "0 no illegal"),
        (b"\xff\xfe\x00\n", "0 no illegal"),
        (b"99999999999 look\n", "0 no illegal"),
        (b"7 fly\n", "7 no illegal"),
        (b"7 say a\x1b[31mb\n", "7 no illegal"),
        (b"x" * 5000 + b"\n1 look\n", "0 no illegal the line is too long"),
        (b"8 dig 1 2\n", "8 no illegal"),
        ("\u0661 look\n".encode(), "0 no illegal"),
    ],
)
def test_what_cannot_be_read_is_answered_and_harmless(typed, answer):
    async def story():
        async with hosted() as (village, network), connected(network) as client:
            await client.type("1 login ann\n")
            await client.until("1 ok")
            await client.type(typed)
            await client.until(answer)
            await client.type("5 look\n")
            await client.until("5 ok")
            return village.faults

    assert simulate(story) == 0


def test_who_sends_nothing_but_rubbish_is_hung_up_on():
    async def story():
        async with hosted() as (village, network), connected(network) as client:
            for _ in range(300):
                try:
                    await client.type(Random(1).randbytes(50) + b"\n")
                except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                    break
            assert "* kicked errors" in await client.rest()
            await sleep(1)
            return village.connections, village.faults

    assert simulate(story) == (0, 0)


def test_who_floods_the_chat_is_refused_then_hung_up_on_and_never_heard():
    async def story():
        async with hosted() as (_, network), connected(network) as loud, connected(network) as quiet:
            await quiet.type("1 login bob\n")
            await quiet.until("1 ok")
            await loud.type("1 login ann\n")
            await loud.type("".join(f"{n} say {n}\n" for n in range(2, 60)))
            text = await loud.rest()
            assert "no fast after" in text
            assert "* kicked spam" in text
            assert await quiet.until("* left ann")
            return text.count("* chat ann")

    assert 10 <= simulate(story) <= 13


def test_who_does_not_read_is_hung_up_on_and_the_others_go_on(monkeypatch):
    monkeypatch.setattr(server, "BACKLOG", 50)

    async def story():
        async with hosted(Settings(seed=3, size=48, chat_burst=100)) as (village, network):
            async with connected(network) as deaf, connected(network) as client:
                await deaf.type("1 login deaf\n")
                await client.type("1 login ann\n")
                await sleep(1)
                deaf_end = village._sessions["deaf"]

                async def never(_data):
                    await anyio.sleep_forever()

                deaf_end.stream = type("Deaf", (), {"send": staticmethod(never)})()
                for n in range(60):
                    await client.type(f"{n + 2} say {n}\n")
                    await client.until(f"* chat ann {n}\n")
                await sleep(1)
                return village.connections, village.faults

    assert simulate(story) == (1, 0)


def test_who_says_nothing_for_long_is_let_go():
    async def story():
        async with hosted() as (village, network), connected(network) as client, connected(network) as nobody:
            await client.type("1 login ann\n")
            assert "* kicked idle" in await nobody.rest()
            assert "* kicked idle" in await client.rest()
            await sleep(1)
            return village.world.players["ann"].here

    assert simulate(story) is False


def test_who_orders_too_fast_is_read_more_slowly():
    async def story():
        async with hosted() as (village, network), connected(network) as client:
            await client.type("1 login ann\n" + "".join(f"{n} bag\n" for n in range(2, 602)))
            await client.until("601 ok")
            return village.date

    assert 9 <= simulate(story) <= 15


@pytest.mark.parametrize("seed", range(3))
def test_a_torn_line_gives_the_name_free(seed):
    async def story():
        async with hosted(seed=seed, weather=Weather(latency=(0.01, 0.2), cut=0.02, shred=True)) as (
            village,
            network,
        ):
            for _ in range(20):
                with move_on_after(500):
                    try:
                        async with connected(network) as client:
                            await client.type("1 login ann\n")
                            await client.until("1 ok")
                            for n in range(2, 50):
                                await client.type(f"{n} look\n")
                                await client.until(f"{n} ok")
                    except (anyio.BrokenResourceError, anyio.EndOfStream, anyio.ClosedResourceError):
                        pass
                await sleep(5)
            return village.connections, village.faults, village.world.players["ann"].here

    assert simulate(story, seed=seed) == (0, 0, False)


# --- the hands --------------------------------------------------------------------------------------


def test_hands_work_look_and_talk():
    async def story():
        async with hosted() as (village, network), playing(network, "ann") as hands:
            heard = []
            hands.listeners.append(heard.append)
            log, *_ = await hands.find("log", 40)
            await hands.go(log, 4)
            assert await hands.dig(log) == {"logs": 1}
            village.world.players["ann"].items = {"logs": 6}
            here = (await hands.look()).spot
            await hands.craft("planks", 6)
            await hands.craft("table")
            heights = await hands.scan(here.x - 1, here.z - 1, 3, 3)
            free = [
                spot
                for (x, z), y in heights.items()
                if (spot := Spot(x, y + 1, z)) != here and await hands.see(spot) in {"air", "tallgrass"}
            ]
            await hands.place("table", free[0])
            await hands.craft("chest")
            await hands.place("chest", free[1])
            await hands.put(free[1], "planks", 2)
            assert await hands.open(free[1]) == {"planks": 2}
            await hands.take(free[1], "planks", 2)
            await hands.craft("sticks")
            await hands.craft("sign")
            await hands.place("sign", free[2])
            await hands.write(free[2], ("[CHEST]", "X: 1", "Y: 2", "Z: 3"))
            assert await hands.read(free[2]) == ("[CHEST]", "X: 1", "Y: 2", "Z: 3")
            assert await hands.who() == ["ann"]
            await hands.say("done")
            assert Heard("ann", "done") in heard
            with pytest.raises(TurnedDown) as no:
                await hands.dig(here.shifted(30))
            assert no.value.code == "reach"
            village.kill("ann")
            assert await hands.bag() == {}
            assert any(isinstance(event, Died) for event in heard)
            assert any(isinstance(event, Respawned) for event in heard)

    simulate(story)


@pytest.mark.parametrize("speed", [1.0, 50.0])
def test_hands_talk_no_faster_than_they_may(speed):
    async def story():
        async with hosted(speed=speed) as (village, network), playing(network, "ann") as hands:
            for n in range(60):
                await hands.say(f"line {n}")
            return village.refused, village.faults, village.date

    refused, faults, date = simulate(story)
    assert not refused
    assert not faults
    assert 45 <= date <= 65


def test_twenty_play_at_once_and_everybody_hears_the_same():
    async def story():
        heard = {f"bot{n:02}": [] for n in range(20)}

        async def play(name):
            async with playing(network, name) as hands:
                hands.listeners.append(
                    lambda event: heard[name].append(event) if isinstance(event, Heard) else None
                )
                await sleep(1)
                for n in range(3):
                    log, *_ = await hands.find("log", 48)
                    try:
                        await hands.go(log, 4)
                        await hands.dig(log)
                    except TurnedDown:
                        pass
                    await hands.say(f"{name} {n}")
                await sleep(60)

        async with hosted(weather=Weather(latency=(0.0, 0.3), shred=True)) as (village, network):
            async with create_task_group() as nursery:
                for name in heard:
                    nursery.start_soon(play, name)
            assert not village.faults
        return heard

    heard = simulate(story)
    assert len(heard["bot00"]) == 60
    assert all(lines == heard["bot00"] for lines in heard.values())


def test_over_real_tcp():
    async def story():
        async with Village(SMALL, speed=50.0) as village:
            port = await village.serve()
            spec = BotSpec(
                name="ann", role=lambda _: None, adapter=VillageAdapter, transport=Tcp("127.0.0.1", port)
            )
            with fail_after(20):
                async with (
                    open_bot(spec, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(0)) as bot,
                    Hands(bot) as hands,
                ):
                    await hands.enter("ann")
                    log, *_ = await hands.find("log", 40)
                    await hands.go(log, 4)
                    assert await hands.dig(log) == {"logs": 1}
            assert village.faults == 0

    anyio.run(story)
