"""A transport of one's own: around any other, it types no faster than a server likes.

Checked and tried in virtual time against an echo, so it needs no network and no waiting.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from math import inf

from anyio import current_time, sleep_until
from anyio.abc import ByteStream
from attrs import define, field, frozen

from wingmate.abc import Transport
from wingmate.testing import MemoryNetwork, check_transport, simulate
from wingmate.transports import WrappedStream


# --8<-- [start:transport]
@frozen
class Paced:
    """Send at most once every `gap` seconds."""

    inner: Transport
    gap: float = 0.25

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[ByteStream, None]:
        async with self.inner.connect() as stream:
            yield PacedStream(stream, self.gap)


@define(eq=False)
class PacedStream(WrappedStream):
    """A stream that sends at a pace; everything else it passes on."""

    gap: float
    _ready_at: float = field(init=False, default=-inf)

    async def send(self, item: bytes) -> None:
        await sleep_until(self._ready_at)
        self._ready_at = current_time() + self.gap
        await self.inner.send(item)


# --8<-- [end:transport]


async def echo(stream: ByteStream) -> None:
    async with stream:
        async for data in stream:
            await stream.send(data)


# --8<-- [start:check]
async def story() -> float:
    """Hold it against the promises of a transport, then time ten commands."""
    async with MemoryNetwork() as network:
        network.listen("game", echo)
        link = Paced(network.transport("game"))
        await check_transport(link)
        async with link.connect() as stream:
            began = current_time()
            for _ in range(10):
                await stream.send(b"look\r")
            return current_time() - began


# --8<-- [end:check]

if __name__ == "__main__":
    print(f"every promise kept; ten commands took {simulate(story):g} s of the game's time, and none of ours")
