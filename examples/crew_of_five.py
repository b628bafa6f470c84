"""The crew of the demo in your own code: two traders, a scout, a banker and a defender, one map on disk."""

import tempfile
from pathlib import Path

import anyio

from wingmate import BotSpec, LocalChannel, LocalSupervisor, Secret, SqliteStore
from wingmate.transports import Tcp, Telnet
from wingmate.tw2002 import Account, Atlas, Banker, Defender, Scout, Trader, TradeWars
from wingmate.tw2002.universe import Universe

CREW = {"ann": Trader, "bob": Trader, "cat": Scout, "dan": Banker, "eve": Defender}
SECONDS = 3


async def main() -> None:
    """Play for some seconds, then leave the game properly."""
    folder = Path(tempfile.mkdtemp(prefix="crew-"))
    async with (
        Universe(save=folder / "universe.sqlite", fast=True) as universe,
        SqliteStore(folder / "knowledge.sqlite", ttl={"danger": 3600}) as knowledge,
    ):
        link = Telnet(Tcp("127.0.0.1", await universe.serve()))
        async with LocalSupervisor(channel=LocalChannel(), knowledge=knowledge) as supervisor:
            for name, role in CREW.items():
                account = Account(name=name.capitalize(), password=Secret("text:swordfish"))
                await supervisor.start(
                    BotSpec(name=name, role=role(account=account), adapter=TradeWars, transport=link)
                )
            await anyio.sleep(SECONDS)
            await supervisor.stop_all()
        for status in supervisor.statuses():
            print(f"{status.name:4} {status.role:9} {status.state.value:8} {status.doing}")
        atlas = await Atlas.load(knowledge)
        print(f"{atlas.explored_count} sectors mapped, {len(atlas.ports)} ports known, kept in {folder}")


if __name__ == "__main__":
    anyio.run(main)
