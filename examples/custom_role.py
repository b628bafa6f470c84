"""A role of your own by subclassing, and a ready-made one with another taste."""

from collections.abc import Collection
from typing import Any

import anyio
from attrs import frozen

from wingmate import Bot, BotSpec, LocalChannel, LocalSupervisor, MemoryStore, Role, Secret
from wingmate.transports import Tcp, Telnet
from wingmate.tw2002 import Account, Pair, Pilot, Trader, TradeWars
from wingmate.tw2002.universe import Universe


# --8<-- [start:role]
@frozen(kw_only=True)
class Tourist(Role[Any, Any]):
    """See a number of sectors never seen before, then write home."""

    account: Account
    sights: int = 5

    async def __call__(self, bot: Bot[Any, Any], /) -> None:
        """Travel."""
        pilot = Pilot(bot)
        await pilot.enter(self.account)
        while bot.on_duty and pilot.mapped < self.sights:
            bot.report(where=str(pilot.here), doing="sightseeing", sights=pilot.mapped)
            await pilot.move(self.choose_next(pilot, bot))
            bot.advance("sights", pilot.mapped)
        await bot.say("postcards", f"{bot.name} saw {pilot.mapped} sectors")

    def choose_next(self, pilot: Pilot, bot: Bot[Any, Any]) -> int:
        """Prefer what nobody has seen; a subclass may prefer beaches."""
        ways = pilot.atlas.warps(pilot.here)
        fresh = [sector for sector in ways if not pilot.atlas.warps(sector)]
        return bot.random.choice(fresh or list(ways))


# --8<-- [end:role]


# --8<-- [start:trader]
class Homebody(Trader):
    """A trader who never works far from home."""

    def choose_route(self, pilot: Pilot, shunned: Collection[str]) -> Pair | None:
        """Take the usual choice, if it is near."""
        pair = super().choose_route(pilot, shunned)
        path = pair and pilot.atlas.path(pilot.here, pair.here)
        return pair if path and len(path) <= 6 else None


# --8<-- [end:trader]


async def main() -> None:
    """Let a tourist and a homebody loose for a while."""
    channel = LocalChannel()
    password = Secret("text:swordfish")
    async with Universe(fast=True) as universe, channel.subscribe("postcards") as postcards:
        link = Telnet(Tcp("127.0.0.1", await universe.serve()))
        roles = {
            "tess": Tourist(account=Account(name="Tess", password=password)),
            "hal": Homebody(account=Account(name="Hal", password=password)),
        }
        async with LocalSupervisor(channel=channel, knowledge=MemoryStore()) as supervisor:
            for name, role in roles.items():
                await supervisor.start(BotSpec(name=name, role=role, adapter=TradeWars, transport=link))
            print((await anext(postcards)).body)
            await anyio.sleep(2)
            await supervisor.stop_all()
        for status in supervisor.statuses():
            print(
                f"{status.name}: {status.role}, {status.state.value}, credits {status.figures.get('credits')}"
            )


if __name__ == "__main__":
    anyio.run(main)
