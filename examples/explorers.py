"""Reading a text game: rules for its prompts, an adapter made of them, and a role that explores."""

from __future__ import annotations

from random import Random

from anyio import move_on_after
from cavern import cavern

from wingmate import Bot, BotSpec, LocalChannel, MemoryStore, open_bot
from wingmate.screens import (
    Command,
    Interjection,
    Item,
    Line,
    Prompt,
    PromptRules,
    ScreenAdapter,
    Template,
    Type,
    settle_bot,
)
from wingmate.testing import MemoryNetwork, Weather, simulate

# --8<-- [start:rules]
RULES = PromptRules(
    [
        Prompt("name", "Who are you? "),
        Prompt("command", "[{room:int}]> "),
    ]
)
SHOUTS = (Interjection("shout", "Somebody shouts: {words}"),)
ROOM = Template("Room {number:int}, exits: {ways}")


def play_cavern() -> ScreenAdapter:
    """Make an adapter for the cavern; one per connection."""
    return ScreenAdapter(RULES, SHOUTS)


# --8<-- [end:rules]


# --8<-- [start:role]
async def explore(bot: Bot[Item, Command]) -> None:
    """Walk on and on, and tell the others what is where."""
    await settle_bot(bot, within=60, quiet=30)
    await bot.send(Type(bot.name, at="name"))
    while bot.on_duty:
        settled = await settle_bot(bot, within=60, quiet=30, at={"command"})
        for line in (item.text for item in settled.items if isinstance(item, Line)):
            if room := ROOM.read(line):
                ways = str(room["ways"]).split(" - ")
                await bot.learn(f"room/{room['number']}", ways)
                bot.advance("rooms", len(await bot.knowledge.survey("room/")))
                await bot.send(Type(bot.random.choice(ways), at="command"))


# --8<-- [end:role]


async def main() -> list[str]:
    """Let one bot explore for a minute, without a supervisor."""
    store = MemoryStore()
    async with MemoryNetwork(weather=Weather(latency=(0.05, 0.2))) as network:
        network.listen("cavern", cavern)
        link = network.transport("cavern")
        spec = BotSpec(name="ann", role=explore, adapter=play_cavern, transport=link)
        async with open_bot(spec, channel=LocalChannel(), knowledge=store, random=Random(7)) as bot:
            with move_on_after(60):
                await explore(bot)
    return [f"{fact.key}: {fact.value}" for fact in await store.survey("room/")]


if __name__ == "__main__":
    print("\n".join(simulate(main)))
