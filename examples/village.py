"""One bot in a village of blocks: fell a tree, make a table, and put up a sign about it."""

from random import Random

import anyio

from wingmate import BotSpec, LocalChannel, MemoryStore, open_bot
from wingmate.transports import Tcp
from wingmate.village import Hands, Settings, Village, VillageAdapter, VillageBot


# --8<-- [start:role]
async def carpenter(bot: VillageBot) -> None:
    async with Hands(bot) as hands:
        here = await hands.enter("Carl_Carpenter")
        while (await hands.bag()).get("logs", 0) < 5:
            log = (await hands.find("log"))[0]
            await hands.go(log, near=4)
            await hands.dig(log)
        await hands.craft("planks", times=5)
        await hands.craft("sticks")
        await hands.craft("table")
        await hands.go(here)
        ground = await hands.scan(here.x + 1, here.z, 2, 1)
        table, sign = (here._replace(x=x, y=y + 1) for (x, _), y in ground.items())
        await hands.place("table", table)
        await hands.craft("sign")
        await hands.place("sign", sign)
        await hands.write(sign, ("[CRAFT]", f"X: {table.x}", f"Y: {table.y}", f"Z: {table.z}"))
        await hands.say(f"the table is at {table}")


# --8<-- [end:role]


async def main() -> None:
    async with Village(Settings(seed=7), speed=100.0) as village:
        link = Tcp("127.0.0.1", await village.serve())
        carl = BotSpec(name="carl", role=carpenter, adapter=VillageAdapter, transport=link)
        async with open_bot(carl, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(7)) as bot:
            await carl.role(bot)
        print(
            f"after {village.date:.0f} seconds of the world, a sign says {list(village.world.signs.values())}"
        )


if __name__ == "__main__":
    anyio.run(main)
