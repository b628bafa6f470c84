"""Two bots draw one map of a Trade Wars universe that runs beside them."""

import anyio

from wingmate import Bot, BotSpec, LocalChannel, LocalSupervisor, MemoryStore, Secret
from wingmate.transports import Tcp, Telnet
from wingmate.tw2002 import TradeWars
from wingmate.tw2002.pilot import Account, Pilot
from wingmate.tw2002.universe import Settings, Universe


async def wander(bot: Bot) -> None:
    pilot = Pilot(bot)
    await pilot.enter(Account(name=bot.name, password=Secret("text:opensesame")))
    for _ in range(10):
        here = await pilot.look()
        print(here)


async def main():
    async with Universe(Settings(seed=1), fast=True) as universe:
        link = Telnet(Tcp("127.0.0.1", await universe.serve()))
        async with LocalSupervisor(channel=LocalChannel(), knowledge=MemoryStore()) as supervisor:
            for name in ("ann", "bob"):
                await supervisor.start(BotSpec(name=name, role=wander, adapter=TradeWars, transport=link))


anyio.run(main)
