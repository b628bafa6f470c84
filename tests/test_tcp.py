"""TCP on both loops, over real sockets on loopback."""

import pickle
import socket
import struct
import sys
from contextlib import asynccontextmanager
from random import Random

import anyio
import pytest
from anyio.abc import SocketAttribute

from wingmate import BotSpec, LocalChannel, MemoryStore, open_bot
from wingmate._inbox import Inbox
from wingmate.abc import PushStream, Reach, Transport
from wingmate.errors import ConnectFailed, GarbledReply
from wingmate.testing import check_transport
from wingmate.transports import Tcp, Telnet
from wingmate.transports._fast import ENOUGH, FastStream

LOOPS = ("asyncio", "trio")


@asynccontextmanager
async def serving(handler):
    """A server on a free port of this machine; gives the transport that leads to it."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    async with listener, anyio.create_task_group() as nursery:
        nursery.start_soon(listener.serve, handler)
        yield Tcp("127.0.0.1", listener.extra(SocketAttribute.local_port))
        nursery.cancel_scope.cancel()


async def echo(stream):
    async with stream:
        try:
            async for data in stream:
                await stream.send(data)
            await stream.send_eof()
        except (anyio.BrokenResourceError, anyio.ClosedResourceError, OSError):
            pass


def both(test):
    """Run an async test on both loops."""

    @pytest.mark.parametrize("loop", LOOPS)
    def run(loop):
        anyio.run(test, backend=loop)

    run.__name__ = test.__name__
    return run


@both
async def test_tcp_keeps_the_promises_of_a_transport():
    async with serving(echo) as link:
        await check_transport(link, unreachable=Tcp("127.0.0.1", unused_port(), within=2))


def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_asyncio_gets_the_fast_stream_and_trio_anyios():
    async def kind():
        async with serving(echo) as link, link.connect() as stream:
            raw = stream.extra(SocketAttribute.raw_socket)
            assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert stream.extra(SocketAttribute.remote_port) == link.port
            assert stream.extra(SocketAttribute.remote_address)[0] == "127.0.0.1"
            assert stream.extra(SocketAttribute.local_address)[0] == "127.0.0.1"
            assert stream.extra(SocketAttribute.family) == socket.AF_INET
            return isinstance(stream, FastStream), isinstance(stream, PushStream)

    assert anyio.run(kind, backend="asyncio") == (True, True)
    assert anyio.run(kind, backend="trio") == (False, False)


def test_it_is_a_recipe():
    link = Tcp("game.example", 23, within=3)
    assert pickle.loads(pickle.dumps(link)) == link
    assert isinstance(link, Transport)
    assert isinstance(link, Reach)
    assert link.host == "game.example"


@pytest.mark.parametrize(
    ("host", "port", "within", "words"),
    [
        ("", 23, 1, "a host is"),
        (None, 23, 1, "a host is"),
        ("h", 0, 1, "a port is"),
        ("h", 65536, 1, "a port is"),
        ("h", "23", 1, "a port is"),
        ("h", 23, 0, "within"),
    ],
)
def test_nonsense_fails_where_it_was_written(host, port, within, words):
    with pytest.raises((ValueError, TypeError), match=words):
        Tcp(host, port, within=within)


@both
async def test_a_closed_port_is_named_in_the_error():
    port = unused_port()
    with pytest.raises(ConnectFailed, match=rf"127\.0\.0\.1:{port} cannot be reached: .*111|refused"):
        async with Tcp("127.0.0.1", port).connect():
            pass


@both
async def test_a_name_that_is_none_is_our_error():
    for name in ("a..b", "x" * 80, "no such host.invalid"):
        with pytest.raises(ConnectFailed, match="cannot be reached"):
            async with Tcp(name, 23).connect():
                pass


@both
async def test_a_host_that_does_not_answer_is_given_up():
    # A listener whose queue is full drops what knocks: the link hangs, as behind a firewall.
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        where = listener.getsockname()
        knockers = [socket.socket() for _ in range(4)]
        try:
            for knocker in knockers:
                knocker.setblocking(False)
                knocker.connect_ex(where)
            await anyio.sleep(0.05)
            with pytest.raises(ConnectFailed, match=r"did not accept the link within 0\.1 s"):
                async with Tcp("127.0.0.1", where[1], within=0.1).connect():
                    pass
        finally:
            for knocker in knockers:
                knocker.close()


@both
async def test_what_came_before_the_end_is_read_before_the_end():
    async def speak_and_go(stream):
        async with stream:
            await stream.send(b"goodbye")

    async with serving(speak_and_go) as link, link.connect() as stream:
        await anyio.sleep(0.05)
        assert await stream.receive(4) == b"good"
        assert await stream.receive() == b"bye"
        for _ in range(2):
            with pytest.raises(anyio.EndOfStream):
                await stream.receive()


@both
async def test_half_closed_links_still_hear():
    heard = []

    async def answer_at_the_end(stream):
        async with stream:
            heard.extend([data async for data in stream])
            await stream.send(b"all heard")

    async with serving(answer_at_the_end) as link, link.connect() as stream:
        await stream.send(b"words")
        await stream.send_eof()
        assert await stream.receive() == b"all heard"
        with pytest.raises((anyio.ClosedResourceError, anyio.BrokenResourceError)):
            await stream.send(b"more")
    assert heard == [b"words"]


@both
async def test_a_reset_link_is_broken_for_both_directions():
    async def reset(stream):
        raw = stream.extra(SocketAttribute.raw_socket)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await stream.aclose()

    async with serving(reset) as link, link.connect() as stream:
        with pytest.raises((anyio.BrokenResourceError, anyio.EndOfStream)):
            await stream.receive()
        with pytest.raises(anyio.BrokenResourceError):
            for _ in range(100):
                await stream.send(b"x")
                await anyio.sleep(0.001)


@both
async def test_a_closed_stream_says_so_and_closes_twice():
    async with serving(echo) as link, link.connect() as stream:
        await stream.aclose()
        await stream.aclose()
        with pytest.raises(anyio.ClosedResourceError):
            await stream.receive()
        with pytest.raises(anyio.ClosedResourceError):
            await stream.send(b"x")


@both
async def test_closing_wakes_whoever_reads():
    async with serving(echo) as link, link.connect() as stream, anyio.create_task_group() as nursery:

        async def read():
            with pytest.raises(anyio.ClosedResourceError):
                await stream.receive()

        nursery.start_soon(read)
        await anyio.sleep(0.02)
        await stream.aclose()


@both
async def test_two_cannot_read_or_write_at_once():
    # Nobody accepts, so nobody reads: a server in this process would take in any amount.
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        link = Tcp("127.0.0.1", deaf.getsockname()[1])
        async with link.connect() as stream, anyio.create_task_group() as nursery:
            nursery.start_soon(stream.receive)
            nursery.start_soon(stream.send, b"x" * 50_000_000)
            await anyio.sleep(0.05)
            with pytest.raises(anyio.BusyResourceError, match="reading from"):
                await stream.receive()
            with pytest.raises(anyio.BusyResourceError, match="writing to"):
                await stream.send(b"y")
            nursery.cancel_scope.cancel()


@both
async def test_a_cancelled_read_loses_nothing():
    async with serving(echo) as link, link.connect() as stream:
        for number in range(20):
            with anyio.move_on_after(0.001):
                await stream.receive()
            await stream.send(b"%03d" % number)
            with anyio.CancelScope() as scope:
                scope.cancel()
                await stream.receive()
            assert scope.cancelled_caught
            assert await stream.receive() == b"%03d" % number


@both
async def test_a_cancelled_send_sends_nothing():
    async with serving(echo) as link, link.connect() as stream:
        with anyio.CancelScope() as scope:
            scope.cancel()
            await stream.send(b"never")
        assert scope.cancelled_caught
        await stream.send(b"now")
        assert await stream.receive() == b"now"


@both
async def test_a_deaf_server_makes_the_sender_wait():
    async def deaf(stream):
        async with stream:
            await anyio.sleep(5)

    async with serving(deaf) as link, link.connect() as stream:
        # A cancelled send leaves something behind; the next one waits its turn.
        for _ in range(3):
            with anyio.move_on_after(0.05) as patience:
                while True:
                    await stream.send(b"x" * 10_000_000)
            assert patience.cancelled_caught
            if isinstance(stream, FastStream):
                assert stream._link.transport.get_write_buffer_size() <= 10_000_000


@both
async def test_a_slow_reader_makes_the_server_wait():
    sent = 0

    async def flood(stream):
        nonlocal sent
        async with stream:
            try:
                while sent < 100_000_000:
                    await stream.send(b"x" * 100_000)
                    sent += 100_000
            except anyio.BrokenResourceError:
                pass

    async with serving(flood) as link, link.connect() as stream:
        await anyio.sleep(0.15)
        assert sent < 20_000_000  # the system's buffers, and a little of ours
        if isinstance(stream, FastStream):
            assert len(stream._link.heard) < 2 * ENOUGH
        got = 0
        while got < 30_000_000:
            got += len(await stream.receive(1_000_000))
        assert sent > 20_000_000


@both
async def test_a_sender_who_never_waits_lets_others_live():
    ticks = 0

    async def tick():
        nonlocal ticks
        while True:
            ticks += 1
            await anyio.lowlevel.checkpoint()

    async with serving(echo) as link, link.connect() as stream, anyio.create_task_group() as nursery:
        nursery.start_soon(tick)
        for _ in range(64):
            await stream.send(b"x")
        assert ticks >= 2
        nursery.cancel_scope.cancel()


@both
async def test_max_bytes_is_a_positive_number():
    async with serving(echo) as link, link.connect() as stream:
        with pytest.raises(ValueError, match="max_bytes"):
            await stream.receive(0)


# --- delivery from the loop itself, under asyncio ---------------------------------------------------


def test_delivery_stops_when_told_and_loses_nothing():
    async def story():
        async with serving(echo) as link, link.connect() as stream:
            heard = []

            def hear(data):
                heard.append(data)
                return len(heard) % 3 != 0 and len(b"".join(heard)) < 400

            total = b""
            async with anyio.create_task_group() as nursery:

                async def listen():
                    while len(b"".join(heard)) < 400:
                        await stream.deliver(hear)

                nursery.start_soon(listen)
                for number in range(100):
                    word = b"%04d" % number
                    total += word
                    await stream.send(word)
                    if number % 7 == 0:
                        await anyio.sleep(0.001)
            assert b"".join(heard) == total

    anyio.run(story)


def test_delivery_ends_as_reading_does():
    async def story(end):
        async def speak(stream):
            async with stream:
                await stream.send(b"hello")
                await anyio.sleep(0.02)

        async with serving(speak) as link, link.connect() as stream:
            heard = []
            with pytest.raises(end):
                async with anyio.create_task_group() as nursery:
                    if end is anyio.ClosedResourceError:
                        nursery.start_soon(close_soon, stream)
                    try:
                        await stream.deliver(lambda data: heard.append(data) is None)
                    except (anyio.EndOfStream, anyio.ClosedResourceError) as exc:
                        error = exc
                raise error
            assert heard == [b"hello"]

    async def close_soon(stream):
        await anyio.sleep(0.01)
        await stream.aclose()

    anyio.run(story, anyio.EndOfStream)
    anyio.run(story, anyio.ClosedResourceError)


def test_delivery_and_reading_exclude_each_other_and_a_cancelled_delivery_leaves_the_stream_usable():
    async def story():
        async with serving(echo) as link, link.connect() as stream:
            heard = []
            async with anyio.create_task_group() as nursery:
                nursery.start_soon(stream.deliver, lambda data: heard.append(data) is None)
                await stream.send(b"one")
                await anyio.sleep(0.02)
                with pytest.raises(anyio.BusyResourceError):
                    await stream.receive()
                nursery.cancel_scope.cancel()
            await stream.send(b"two")
            assert await stream.receive() == b"two"
            assert heard == [b"one"]

    anyio.run(story)


class Letters:
    """An adapter with an event for each letter; it cannot read capitals."""

    def receive(self, data):
        for letter in data.decode():
            if letter.isupper():
                raise GarbledReply(f"what is {letter}?", screen="the screen")
            yield letter

    def send(self, command):
        return command.encode()

    def close(self):
        return b""


@asynccontextmanager
async def playing(handler):
    async with serving(handler) as link:
        spec = BotSpec(name="ann", role=print, adapter=Letters, transport=Telnet(link))
        async with open_bot(spec, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(1)) as bot:
            yield bot


@both
async def test_a_bot_hears_everything_in_order_though_it_lags():
    words = "abcdefgh" * 100  # three times its inbox

    async def talk(stream):
        async with stream:
            for start in range(0, len(words), 250):
                await stream.send(words[start : start + 250].encode())
                await anyio.sleep(0.002)
            await stream.receive()

    async with playing(talk) as bot:
        await anyio.sleep(0.02)
        heard = ""
        while len(heard) < len(words):
            heard += await bot.expect(str, within=5)
            if len(heard) % 100 == 0:
                await anyio.sleep(0.001)
        assert heard == words
        await bot.send("bye")


@both
async def test_an_adapter_that_cannot_read_ends_the_bot_with_its_own_error():
    async def talk(stream):
        async with stream:
            await stream.send(b"ab")
            await anyio.sleep(0.01)
            await stream.send(b"cX")
            await stream.receive()

    heard = []
    with pytest.raises(ExceptionGroup) as caught:
        async with playing(talk) as bot:
            while True:
                heard.append(await bot.expect(str, within=5))
    error = caught.value
    while isinstance(error, ExceptionGroup):
        (error,) = error.exceptions
    assert isinstance(error, GarbledReply)
    assert error.screen == "the screen"
    assert heard[:2] == ["a", "b"]


# --- the alarm that serves all waits of a bot ---------------------------------------------------------


@both
async def test_one_alarm_serves_waits_of_every_length():
    inbox = Inbox(4)
    async with anyio.create_task_group() as nursery:
        nursery.start_soon(inbox.keep_time)
        await anyio.lowlevel.checkpoint()
        for within in (0.03, 0.01, 0.02, 0.0):
            began = anyio.current_time()
            with pytest.raises(TimeoutError):
                await inbox.get(began + within)
            assert within <= anyio.current_time() - began + 0.001 < within + 0.1
        inbox.put_nowait("news")
        assert await inbox.get(anyio.current_time() + 0.01) == "news"
        await anyio.sleep(0.02)  # the alarm of the wait that is over rings for nobody
        nursery.start_soon(put_later, inbox, 0.02)
        assert await inbox.get(anyio.current_time() + 5) == "later"
        nursery.cancel_scope.cancel()


async def put_later(inbox, delay):
    await anyio.sleep(delay)
    inbox.put_nowait("later")


@both
async def test_without_anybody_keeping_time_and_with_two_readers_deadlines_hold():
    inbox = Inbox(4)
    with pytest.raises(TimeoutError):
        await inbox.get(anyio.current_time() + 0.01)
    late = []

    async def wait(within):
        try:
            await inbox.get(anyio.current_time() + within)
        except TimeoutError:
            late.append(within)

    async with anyio.create_task_group() as nursery:
        nursery.start_soon(inbox.keep_time)
        await anyio.lowlevel.checkpoint()
        async with anyio.create_task_group() as readers:
            readers.start_soon(wait, 0.02)
            readers.start_soon(wait, 0.01)
            readers.start_soon(wait, 0.03)
        nursery.cancel_scope.cancel()
    assert sorted(late) == [0.01, 0.02, 0.03]


def test_trio_programs_do_not_load_asyncio_before_they_connect():
    import subprocess

    code = "import sys, wingmate.transports; print('asyncio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
