"""The check for transports passes what keeps its promises and catches what breaks one, saying which."""

from contextlib import asynccontextmanager
from random import Random

import anyio
import pytest
from anyio.abc import ByteStream
from attrs import define, field, frozen

from wingmate.errors import ConnectFailed
from wingmate.testing import MemoryNetwork, Weather, check_transport, run_on_trio, simulate

BOTH_LOOPS = pytest.mark.parametrize("run", [simulate, run_on_trio])


async def echo(stream):
    while True:
        await stream.send(await stream.receive())


async def through_memory(wrap=lambda transport: transport, weather=Weather(), server=echo, **settings):  # noqa: B008 - frozen
    async with MemoryNetwork(Random(0), weather) as network:
        network.listen("echo", server)
        await check_transport(wrap(network.transport("echo")), **settings)


@BOTH_LOOPS
def test_the_memory_transport_passes(run):
    async def story():
        async with MemoryNetwork() as network:
            network.listen("echo", echo)
            await check_transport(network.transport("echo"), unreachable=network.transport("nowhere"))

    run(story)


def test_the_memory_transport_passes_in_bad_weather():
    async def story():
        await through_memory(weather=Weather(latency=(0.01, 0.5), shred=True, clog=0.02, clogged=(0.1, 2.0)))

    simulate(story)


@frozen
class Wrapper:
    """A transport around another, with one thing wrong."""

    inner: object
    stream: type

    @asynccontextmanager
    async def connect(self):
        async with self.inner.connect() as stream:
            yield self.stream(stream)


@define(eq=False)
class Same(ByteStream):
    inner: ByteStream

    async def receive(self, max_bytes=65536):
        return await self.inner.receive(max_bytes)

    async def send(self, item):
        await self.inner.send(item)

    async def send_eof(self):
        await self.inner.send_eof()

    async def aclose(self):
        await self.inner.aclose()


class SevenBit(Same):
    async def receive(self, max_bytes=65536):
        return bytes(byte & 127 for byte in await super().receive(max_bytes))


class Eating(Same):
    async def receive(self, max_bytes=65536):
        while not (data := (await super().receive(max_bytes)).replace(b"\xff", b"")):
            pass
        return data


class Boundless(Same):
    async def receive(self, max_bytes=65536):
        return await super().receive()


class Losing(Same):
    """Takes bytes in a task of its own, and drops them when nobody waits any more."""

    async def receive(self, max_bytes=65536):
        if getattr(self, "cancelled", False):
            self.cancelled = False
            await super().receive(10)
        try:
            return await super().receive(max_bytes)
        except anyio.get_cancelled_exc_class():
            self.cancelled = True
            raise


class Immortal(Same):
    def __init__(self, inner):
        super().__init__(inner)
        self.heard = b""

    async def receive(self, max_bytes=65536):
        try:
            return await super().receive(max_bytes)
        except anyio.ClosedResourceError:
            return b""


class Endless(Same):
    async def send_eof(self):
        pass


@pytest.mark.parametrize(
    ("broken", "match"),
    [
        (
            SevenBit,
            r"came back changed on the first link: number 128 was sent as b'\\x80' and read as b'\\x00'",
        ),
        (Eating, r"did not all come back within 30 s: number 255 was sent as b'\\xff'"),
        (Boundless, r"receive\(7\) gave"),
        (Losing, "more than 30 s to see that it keeps what a cancelled read missed"),
        (Immortal, r"receive\(\) still works"),
        (Endless, "more than 30 s to see that it ends in one direction"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_broken_stream_is_caught(broken, match, catches):
    catches(through_memory, lambda transport: Wrapper(transport, broken), match=match)


@define
class Once:
    """A connection, not a recipe: good for one link."""

    inner: object
    stream: object = None

    @asynccontextmanager
    async def connect(self):
        if self.stream is None:
            self.stream = await self.inner.network.dial("echo")
        yield self.stream
        await self.stream.aclose()


@frozen
class Shared:
    """One link under all of its streams."""

    inner: object
    streams: list = field(factory=list)

    @asynccontextmanager
    async def connect(self):
        if self.streams:
            yield self.streams[0]
            return
        async with self.inner.connect() as stream:
            self.streams.append(stream)
            try:
                yield stream
            finally:
                self.streams.clear()


@frozen
class Silent:
    """Swallows what goes wrong in its block."""

    inner: object

    @asynccontextmanager
    async def connect(self):
        try:
            async with self.inner.connect() as stream:
                yield stream
        except Exception:
            pass


@frozen
class Uncancellable:
    inner: object

    @asynccontextmanager
    async def connect(self):
        try:
            async with self.inner.connect() as stream:
                yield stream
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.sleep(60)


@frozen
class Leaking:
    """Leaves the link open."""

    inner: object

    @asynccontextmanager
    async def connect(self):
        yield await self.inner.network.dial("echo")


def test_a_transport_that_is_no_recipe_is_caught():
    async def story():
        await through_memory(Once)

    with pytest.raises((anyio.ClosedResourceError, ExceptionGroup)):
        simulate(story)


@pytest.mark.parametrize(
    ("broken", "match"),
    [
        (Shared, "two links of one transport mix their bytes|closing one link disturbs"),
        (Silent, "an error raised in the block must come out of it"),
        (Leaking, r"must be closed when the block ends, but send\(\) still works"),
        (Uncancellable, "more than 30 s"),
        (lambda _: 5, r"5 has no method connect"),
    ],
    ids=["shared", "silent", "leaking", "uncancellable", "number"],
)
def test_a_broken_transport_is_caught(broken, match, catches):
    catches(through_memory, broken, match=match)


@frozen
class Nowhere:
    error: type

    @asynccontextmanager
    async def connect(self):
        if self.error is not None:
            raise self.error("nobody there")
        yield None


def test_a_failure_to_connect_must_have_its_own_name(catches):
    catches(through_memory, unreachable=Nowhere(OSError), match="must raise ConnectFailed, not OSError")
    catches(through_memory, unreachable=Nowhere(None), match="connecting to nowhere must raise ConnectFailed")


def test_links_that_do_not_carry_everything_say_so():
    async def story():
        settings = {"alphabet": bytes(range(128)), "unreachable": Nowhere(ConnectFailed), "half_close": True}
        await through_memory(lambda transport: Wrapper(transport, SevenBit), **settings)
        await through_memory(lambda transport: Wrapper(transport, Endless), half_close=False)

    simulate(story)


class Pushing(Same):
    """A stream that delivers, as `PushStream` describes."""

    async def deliver(self, hear):
        while hear(await self.receive()):
            pass


class PushingTwice(Pushing):
    async def deliver(self, hear):
        await super().deliver(lambda data: hear(data) and hear(data))


def test_streams_that_deliver_are_checked_too(catches):
    async def story():
        await through_memory(lambda transport: Wrapper(transport, Pushing))

    simulate(story)
    match = "changed when delivered"
    catches(through_memory, lambda transport: Wrapper(transport, PushingTwice), match=match)
