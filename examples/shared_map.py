"""Two bots, one map: what one learns both know, and a claim keeps them out of each other's way."""

from __future__ import annotations

from cavern import cavern
from explorers import ROOM, play_cavern

from wingmate import Bot, BotSpec, Fact, LocalChannel, LocalSupervisor, MemoryStore, Role, lease
from wingmate.errors import GarbledReply
from wingmate.screens import Command, Item, Line, Type, settle_bot
from wingmate.testing import MemoryNetwork, Weather, simulate


# --8<-- [start:role]
class Surveyor(Role[Item, Command]):
    """Goes where nobody has been and nobody else is going; done when everything near is known."""

    async def __call__(self, bot: Bot[Item, Command], /) -> None:
        """Survey until there is nothing left."""
        await settle_bot(bot, within=60, quiet=30)
        ways = await self.go(bot, bot.name, at="name")
        while bot.on_duty and (goal := await self.choose(bot, ways)):
            async with lease(bot.knowledge, f"room/{goal}", bot.name, within=60) as grant:
                if grant is None:
                    await bot.rest(1)  # somebody else is on the way there
                else:
                    ways = await self.go(bot, goal, at="command")

    async def choose(self, bot: Bot[Item, Command], ways: list[str]) -> str | None:
        """Choose where to go next; a decision of its own, so that a subclass can make another."""
        known = {fact.key for fact in await bot.knowledge.survey("room/")}
        if len(known) == 12:
            return None
        fresh = [way for way in ways if f"room/{way}" not in known]
        return bot.random.choice(fresh or ways)

    async def go(self, bot: Bot[Item, Command], where: str, at: str) -> list[str]:
        """Go somewhere; tell everybody what is there, and give the ways on."""
        await bot.send(Type(where, at=at))
        settled = await settle_bot(bot, within=60, quiet=30, at={"command"})
        if settled.prompt is None:
            raise GarbledReply(f"{bot.name}: no prompt in sight", screen=settled.text)
        lines = [item.text for item in settled.items if isinstance(item, Line)]
        [room] = filter(None, map(ROOM.read, lines))
        ways = str(room["ways"]).split(" - ")
        bot.report(where=str(room["number"]), doing="surveying")
        await bot.learn(f"room/{room['number']}", ways)
        bot.advance("rooms", len(await bot.knowledge.survey("room/")))
        return ways


# --8<-- [end:role]


# --8<-- [start:crew]
async def main() -> list[Fact]:
    """Let two bots survey the cavern."""
    store = MemoryStore()
    async with (
        MemoryNetwork(weather=Weather(latency=(0.05, 0.2))) as network,
        LocalSupervisor(channel=LocalChannel(), knowledge=store) as supervisor,
    ):
        network.listen("cavern", cavern)
        link = network.transport("cavern")
        for name in ("ann", "bob"):
            spec = BotSpec(name=name, role=Surveyor(), adapter=play_cavern, transport=link)
            await supervisor.start(spec)
    return await store.survey("room/")


# --8<-- [end:crew]

if __name__ == "__main__":
    for fact in simulate(main):
        print(f"{fact.key:8} leads to {fact.value}, says {fact.seen_by}")
