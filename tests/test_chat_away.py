"""Claims over a link that is away for a while: nobody wins anything that nobody else could hear of."""

from contextlib import asynccontextmanager

import anyio
from attrs import define, field

from wingmate import now
from wingmate.chat import AwayLink, ChatChannel, ChatStore, Terms, Traits
from wingmate.chat.links import ChatRoom, MemoryLink
from wingmate.testing import simulate

TERMS = Terms(longest=60.0, settle=2.0, patience=15.0)


@define(eq=False)
class Flaky(MemoryLink):
    """A link that can be sent away; it hears nothing, and says nothing until it is back."""

    back: anyio.Event = field(factory=anyio.Event)

    @property
    def is_ready(self):
        return self.back.is_set()

    async def ready(self):
        await self.back.wait()

    def leave(self):
        self.back = anyio.Event()
        self.room.part(self.name)

    def come(self):
        self.back.set()
        self.room.rejoin(self.name)


@asynccontextmanager
async def pair():
    room = ChatRoom(Traits(limit=155, rate=500.0, burst=50))
    links = [Flaky(room, name) for name in ("ann", "bob")]
    for link in links:
        link.come()
    async with (
        ChatChannel(links[0], "ann") as one,
        ChatChannel(links[1], "bob") as other,
        ChatStore(one, terms=TERMS) as ann,
        ChatStore(other, terms=TERMS) as bob,
    ):
        yield links, {"ann": ann, "bob": bob}


async def claims(stores):
    got = {}

    async def claim(name, store):
        got[name] = await store.claim("pit", name, until=now() + 50)

    async with anyio.create_task_group() as nursery:
        for name, store in stores.items():
            nursery.start_soon(claim, name, store)
    return got


def test_nothing_is_won_while_the_link_is_away():
    async def story():
        async with pair() as (links, stores):
            assert isinstance(links[0], AwayLink)
            await anyio.sleep(5)
            for link in links:
                link.leave()
            assert await claims(stores) == {"ann": None, "bob": None}
            for link in links:
                link.come()
            await anyio.sleep(5)
            got = await claims(stores)
            return sorted(number is not None for number in got.values())

    assert simulate(story) == [False, True]


def test_a_bid_does_not_survive_a_break():
    async def story():
        async with pair() as (links, stores):
            await anyio.sleep(5)

            async def blink():
                await anyio.sleep(1)
                links[0].leave()
                links[0].come()

            async with anyio.create_task_group() as nursery:
                nursery.start_soon(blink)
                assert await stores["ann"].claim("pit", "ann", until=now() + 50) is None
            await anyio.sleep(5)
            return await stores["ann"].claim("pit", "ann", until=now() + 50)

    assert simulate(story)
