import anyio

from wingmate import Bot, BotSpec, LocalChannel, LocalSupervisor, MemoryStore, Secret
from wingmate.transports import Tcp, Telnet
from wingmate.tw2002 import Account, Atlas, Pilot, TradeWars
from wingmate.tw2002.universe import Universe


async def wander(bot: Bot) -> None:
    """Walk through space, and put on the common map what is there."""
    pilot = Pilot(bot)
    await pilot.enter(Account(name=bot.name, password=Secret("text:swordfish")))
    for _ in range(10):
        await pilot.move(bot.random.choice(sorted(pilot.atlas.warps(pilot.here))))


async def main() -> None:
    knowledge = MemoryStore()
    async with Universe(fast=True) as universe:
        link = Telnet(Tcp("127.0.0.1", await universe.serve()))
        async with LocalSupervisor(channel=LocalChannel(), knowledge=knowledge) as supervisor:
            for name in ("ann", "bob"):
                await supervisor.start(BotSpec(name=name, role=wander, adapter=TradeWars, transport=link))
    print((await Atlas.load(knowledge)).explored_count, "sectors on the map of ann and bob")


if __name__ == "__main__":
    anyio.run(main)
