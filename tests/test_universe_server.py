"""The server: many players, the disk, and the clock."""

from contextlib import AsyncExitStack
from random import Random

import anyio
import pytest
from anyio import EndOfStream

from wingmate.testing import MemoryNetwork, Weather, simulate
from wingmate.tw2002.universe import Settings, Universe

END = b"?=Help\x1b[0;35m)? : "


def test_a_full_server_refuses_as_the_real_one_does(terminal):
    async def story():
        async with (
            Universe(Settings(nodes=2), fast=True) as universe,
            MemoryNetwork(Random(1)) as net,
            AsyncExitStack() as stack,
        ):
            net.listen("game", universe.handler)
            way = net.transport("game")
            first = await stack.enter_async_context(way.connect())
            second = terminal(await stack.enter_async_context(way.connect()))
            await second.type(b"\xff\xfb\xf6ann\rq")
            async with way.connect() as third:
                assert await terminal(third).rest(1) == b"\0 Game server is currently full."
            # The node is free again as soon as its player has gone.
            assert b"Telnet session closed." in await second.rest(1)
            async with way.connect() as third:
                assert await terminal(third).ask(b"\xff\xfb\xf6", b"(ENTER for none): ")
            assert first is not None
            assert universe.faults == 0

    simulate(story)


def test_two_players_see_each_other_come_go_and_talk(terminal):
    async def story():
        async with (
            Universe(Settings(new_player_planets=False), fast=True) as universe,
            MemoryNetwork(Random(1)) as net,
        ):
            net.listen("game", universe.handler)
            way = net.transport("game")
            async with way.connect() as one, way.connect() as two:
                ann, bob = terminal(one), terminal(two)
                for player, name in ((ann, "ann"), (bob, "bob")):
                    await player.join(name, planet=False)
                assert b"enters the game." in await ann.rest(2)
                assert b"Civilian \x1b[1;36mann" in await bob.ask(b"#", END)
                assert b"Traders " in await bob.ask(b"d", END)
                await bob.ask(b"2\r", END)
                assert b"\x1b[1;36mbob\x1b[0;32m warps out of the sector." in await ann.rest(2)
                await ann.ask(b"'on channel nought\r", END)
                assert b"R \x1b[1;36mann    \x1b[33mon channel nought" in await bob.rest(2)
                await bob.ask(b"=ann, psst\r", END)
                assert b"P \x1b[1;36mbob    \x1b[33mpsst" in await ann.rest(2)
            assert universe.faults == 0

    simulate(story)


def test_a_second_login_takes_the_place_of_the_first(terminal):
    async def story():
        async with Universe(Settings(), fast=True) as universe, MemoryNetwork(Random(1)) as net:
            net.listen("game", universe.handler)
            way = net.transport("game")
            async with way.connect() as one, way.connect() as two:
                old, new = terminal(one), terminal(two)
                await old.join("ann")
                await new.enter("ann")
                await old.rest(1)
                with pytest.raises(EndOfStream):
                    await one.receive()
                assert b"<Re-Display>" in await new.ask(b"d", END)
                assert len(universe.world.present) == 1
            assert universe.faults == 0

    simulate(story)


def test_a_lost_link_in_a_haggle_leaves_the_player_at_the_port(terminal):
    async def story():
        async with (
            Universe(Settings(new_player_planets=False), fast=True) as universe,
            MemoryNetwork(Random(1)) as net,
        ):
            net.listen("game", universe.handler)
            way = net.transport("game")
            ports = universe.world.galaxy.ports
            near = next(n for n in universe.world.galaxy.warps[1] if n in ports and "S" in ports[n].code)
            async with way.connect() as one:
                ann = terminal(one)
                await ann.join("ann", planet=False)
                await ann.ask(b"%d\r" % near, END)
                await ann.ask(b"pt5\r", b"Your offer [")
            await anyio.sleep(1)
            assert not universe.world.present
            async with way.connect() as two:
                heard = await terminal(two).enter("ann")
                assert b"[\x1b[1;36m%d\x1b[0;35m]" % near in heard

    simulate(story)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_world_outlives_its_process(tmp_path, terminal, backend):
    path = tmp_path / "deep" / "universe.db"

    async def first():
        async with Universe(Settings(seed=5, new_player_planets=False), save=path, fast=True) as universe:
            port = await universe.serve()
            async with await anyio.connect_tcp("127.0.0.1", port) as stream:
                ann = terminal(stream)
                await ann.join("ann", planet=False)
                await ann.ask(b"2\r", END)
            return engine_digest(universe)

    async def second():
        async with Universe(Settings(seed=6), save=path, fast=True) as universe:
            assert engine_digest(universe) is not None
            port = await universe.serve()
            async with await anyio.connect_tcp("127.0.0.1", port) as stream:
                heard = await terminal(stream).enter("ann")
                assert b"[\x1b[1;36m2\x1b[0;35m]" in heard
            assert universe.world.settings.seed == 5

    anyio.run(first, backend=backend)
    anyio.run(second, backend=backend)


def engine_digest(universe):
    from wingmate.tw2002.universe import engine

    return engine.digest(universe.world)


def test_what_cannot_be_saved_now_is_saved_later(tmp_path, terminal, caplog, monkeypatch):
    from wingmate.errors import KnowledgeError
    from wingmate.tw2002.universe import _save

    path = tmp_path / "universe.db"
    real, failing = _save.SaveFile.write, []

    def write(self, changes):
        if failing:
            raise KnowledgeError("disk full")
        real(self, changes)

    monkeypatch.setattr(_save.SaveFile, "write", write)

    async def story():
        async with Universe(
            Settings(new_player_planets=False), save=path, fast=True, autosave=0.02
        ) as universe:
            failing.append(True)
            port = await universe.serve()
            async with await anyio.connect_tcp("127.0.0.1", port) as stream:
                await terminal(stream).join("ann", planet=False)
                await anyio.sleep(0.1)
            failing.clear()
            await anyio.sleep(0.1)
        async with Universe(save=path) as universe:
            assert [player.name for player in universe.world.players.values()] == ["ann"]

    anyio.run(story)
    assert "is not saved" in caplog.text


def test_the_ferrengi_and_the_calendar_move_while_nobody_plays():
    async def story():
        async with Universe(Settings(seed=2, ferrengi=4)) as universe:
            before = {alien.number: alien.sector for alien in universe.world.aliens.values()}
            date = universe.world.date
            await anyio.sleep(3600)
            assert universe.world.date - date == pytest.approx(3600, abs=2)
            assert before != {alien.number: alien.sector for alien in universe.world.aliens.values()}

    simulate(story)


def test_one_seed_is_one_story(terminal):
    async def story():
        weather = Weather(latency=(0.0, 0.2), shred=True)
        async with (
            Universe(Settings(seed=9), fast=True) as universe,
            MemoryNetwork(Random(4), weather) as net,
        ):
            net.listen("game", universe.handler)
            async with net.transport("game").connect() as stream:
                ann = terminal(stream)
                await ann.join("ann")
                heard = await ann.ask(b"d/i", END)
                await ann.rest(30)
            return heard, engine_digest(universe)

    assert simulate(story, seed=3) == simulate(story, seed=3)
