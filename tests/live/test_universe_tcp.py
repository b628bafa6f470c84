"""The universe over real sockets, on both loops."""

import time

import anyio
import pytest

from wingmate.tw2002.universe import Settings, Universe

END = b"?=Help\x1b[0;35m)? : "


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_two_hundred_connections_play_at_once(terminal, backend):
    seen = []

    async def play(port, number):
        async with await anyio.connect_tcp("127.0.0.1", port) as stream:
            player = terminal(stream)
            await player.join(f"bot{number}")
            for key in (b"d", b"/", b"i", b"d"):
                await player.ask(key, END)
            seen.append(number)

    async def story():
        async with Universe(Settings(users=300, nodes=200, planets=300), fast=True) as universe:
            port = await universe.serve()
            async with anyio.create_task_group() as crowd:
                for number in range(200):
                    crowd.start_soon(play, port, number)
            assert universe.faults == 0
            with anyio.fail_after(5):
                while universe.connections:  # noqa: ASYNC110 - it has no event to wait for
                    await anyio.sleep(0.01)
            assert not universe.world.present

    started = time.perf_counter()
    anyio.run(story, backend=backend)
    assert sorted(seen) == list(range(200))
    assert time.perf_counter() - started < 30


def test_it_listens_on_the_loopback_address_unless_told_otherwise():
    async def story():
        async with Universe(fast=True) as universe:
            port = await universe.serve()
            async with await anyio.connect_tcp("127.0.0.1", port) as stream:
                assert await stream.receive() == b"\0\xff\xfd\xf6"
                assert stream.extra(anyio.abc.SocketAttribute.remote_address)[0] == "127.0.0.1"

    anyio.run(story)
