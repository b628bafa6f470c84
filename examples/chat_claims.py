"""Five bots, one chest, and nothing between them but a chat that loses a tenth of their lines."""

from __future__ import annotations

from contextlib import AsyncExitStack
from random import Random

import anyio

from wingmate import Secret, lease
from wingmate.chat import ChatChannel, ChatStore, Key, KeyRing, Terms, Traits
from wingmate.chat.links import ChatRoom, ChatWeather
from wingmate.testing import simulate

KEYS = KeyRing(Key("A1", Secret("text:only for examples and tests")))


# --8<-- [start:digger]
async def dig(store: ChatStore, name: str, diary: list[str]) -> None:
    """Dig at the chest whenever it is ours; the same lines as over any other store."""
    for _ in range(8):
        async with lease(store, "chest", name, within=20) as number:
            if number is not None:
                began = anyio.current_time()
                await anyio.sleep(5)
                diary.append(f"{name} digs from {began:4.0f} to {anyio.current_time():4.0f} s")
                return
        await anyio.sleep(10)


# --8<-- [end:digger]


# --8<-- [start:crew]
async def main() -> list[str]:
    """Let five bots meet in a chat room."""
    traits = Traits(limit=256, rate=5, hears_itself=True, total_order=True)
    room = ChatRoom(traits, ChatWeather(loss=0.1, delay=(0.1, 1.0)), random=Random(7))
    diary = list[str]()
    async with AsyncExitStack() as blocks:
        stores = dict[str, ChatStore]()
        for name in ("ann", "bob", "cat", "dan", "eve"):
            channel = await blocks.enter_async_context(ChatChannel(room.link(name), name, keys=KEYS))
            stores[name] = await blocks.enter_async_context(ChatStore(channel, terms=Terms(longest=20)))
        await anyio.sleep(25)  # until the newcomers know what is free
        async with anyio.create_task_group() as crew:
            for name, store in stores.items():
                crew.start_soon(dig, store, name, diary)
    return diary


# --8<-- [end:crew]

if __name__ == "__main__":
    print("\n".join(simulate(main)))
