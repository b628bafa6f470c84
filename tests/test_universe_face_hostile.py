"""Whatever a client sends, no session crashes, and nobody else notices."""

from contextlib import asynccontextmanager, suppress
from random import Random

from anyio import BrokenResourceError, create_task_group, sleep
from hypothesis import given, settings
from hypothesis import strategies as st

from wingmate.testing import MemoryNetwork, Weather, simulate
from wingmate.tw2002.universe import Settings, Universe

# Keys that mean something somewhere, more often than those that do not.
KEYS = st.lists(
    st.one_of(
        st.sampled_from(
            [bytes([key]) for key in b"\r\r\rYNQQTPDMSFAEGHIRCBWLVXJKU0123456789 ?/^'`=#*|&<;!.\b\x7f\n\0"]
        ),
        st.sampled_from([b"\r", b"1\r", b"2\r", b"7\r", b"999\r", b"20\r", b"pt\r\r", b"^i", b"cn4"]),
        st.binary(min_size=1, max_size=4),
        st.sampled_from([b"\xff\xfb\x18", b"\xff\xfa\x18\x00vt100\xff\xf0", b"\xff\xff", b"\xff", b"\x91"]),
    ),
    max_size=120,
).map(b"".join)


@asynccontextmanager
async def running(weather=Weather(), seed=0, **rules):  # noqa: B008 - frozen
    async with (
        Universe(Settings(seed=3, **rules), fast=True) as universe,
        MemoryNetwork(Random(seed), weather) as net,
    ):
        net.listen("game", universe.handler)
        yield universe, net.transport("game")
        assert universe.faults == 0
        assert universe._house.surprises == 0


@settings(max_examples=25 if settings.default.max_examples < 100 else 2_000)
@given(KEYS, st.booleans())
def test_a_player_who_types_anything_crashes_nothing(terminal, keys, rich):
    async def story():
        async with running() as (universe, way), way.connect() as stream:
            player = terminal(stream)
            await player.join("ann")
            if rich:
                (me,) = universe.world.players.values()
                me.credits, me.bank = 3_000_000, 200_000
                me.sector = universe.world.galaxy.stardock
                me.explore(me.sector)
                await player.type(b"ps")
            await player.type(keys)
            await player.rest(30)

    simulate(story)


@settings(max_examples=20 if settings.default.max_examples < 100 else 2_000)
@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes_at_the_door_crash_nothing(terminal, first, then):
    async def story():
        async with running() as (_, way), way.connect() as stream:
            player = terminal(stream)
            await player.type(b"\xff" + first)
            await player.rest(1)
            await player.type(then)
            await player.rest(60)

    simulate(story)


def test_a_bad_neighbour_harms_nobody(terminal):
    async def story():
        async with running() as (_, way), way.connect() as bad, way.connect() as good:
            dice = Random(5)
            evil, ann = terminal(bad), terminal(good)
            await evil.join("eve")
            await ann.join("ann")
            for _ in range(30):
                await evil.type(dice.randbytes(700))
                heard = await ann.ask(b"/", b"?=Help\x1b[0;35m)? : ")
                assert b"Sect" in heard
                await evil.rest(1)

    simulate(story)


def test_links_that_break_leave_no_ghosts(terminal):
    async def story():
        bad = Weather(cut=0.02, shred=True, latency=(0.0, 0.3))
        async with running(bad, seed=1) as (universe, way):
            for number in range(20):
                with suppress(AssertionError, BrokenResourceError):
                    async with way.connect() as stream:
                        player = terminal(stream)
                        await player.join(f"ann{number}")
                        for _ in range(50):
                            await player.ask(b"d", b"?=Help\x1b[0;35m)? : ")
            await sleep(400)
            assert universe.connections == 0
            assert not universe.world.present

    simulate(story)


def test_many_ferrengi_in_bad_weather_break_in_without_breaking_anything(terminal):
    async def play(way, name):
        dice = Random(name)
        for _ in range(3):
            with suppress(AssertionError, BrokenResourceError):
                async with way.connect() as stream:
                    player = terminal(stream)
                    await player.join(name) if dice.random() < 0.5 else await player.enter(name)
                    for _ in range(40):
                        await player.type(b"m%d\r e\rd\r" % dice.randint(1, 1000))
                        await player.rest(dice.random())

    async def story():
        bad = Weather(latency=(0.01, 0.3), cut=0.001)
        async with running(bad, seed=2, ferrengi=500, deaths_per_day=100) as (universe, way):
            async with create_task_group() as crowd:
                for number in range(4):
                    crowd.start_soon(play, way, f"ann{number}")
            world = universe.world
            assert any(
                player.deaths or world.ship_of(player).fighters < 30 for player in world.players.values()
            )

    simulate(story)
