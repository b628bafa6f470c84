"""How villagers come by things: planned from what they carry, what the chest holds, what others bring."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import define, field

from .._hands import TurnedDown
from ..planner import Action, Goal, plan
from ._life import CHEST_AT, TABLE_AT, Life

FELL = Action(name="fell", changes={"logs": 1}, cost=4)
CRAFTS = (
    Action(name="craft planks", changes={"logs": -1, "planks": 4}),
    Action(name="craft sticks", changes={"planks": -2, "sticks": 4}),
    Action(name="craft table", needs={"no table": 1}, changes={"planks": -4, "table": 1}),
    Action(name="craft chest", needs={"table up": 1}, changes={"planks": -8, "chest": 1}),
    Action(name="craft sign", needs={"table up": 1}, changes={"planks": -6, "sticks": -1, "sign": 3}),
    Action(name="craft hoe", needs={"table up": 1}, changes={"planks": -2, "sticks": -2, "hoe": 1}),
)
BUILDS = (
    Action(
        name="build table", needs={"no table": 1}, changes={"table": -1}, sets={"table up": 1, "no table": 0}
    ),
    Action(name="build chest", changes={"chest": -1}, sets={"chest up": 1}),
)
ASKING = 60.0  # seconds to wait for what was asked for
ASKED = 4  # logs asked for at once
FOREST = 48  # blocks around oneself in which wood is looked for


@define(eq=False)
class Craft:
    """The way one villager gets things; `woodcutter` says whether it fells trees itself."""

    life: Life
    woodcutter: bool = False
    felled: int = field(init=False, default=0)

    def actions(self, stored: Mapping[str, int]) -> tuple[Action, ...]:
        """Give what it can do to come by things."""
        takes = [
            Action(
                name=f"take {item}", needs={"chest up": 1}, changes={f"stored {item}": -1, item: 1}, cost=0.5
            )
            for item in sorted(stored)
            if item in {"logs", "planks", "sticks", "sign", "hoe", "seeds"} and not self.woodcutter
        ]
        if self.woodcutter:
            return (*CRAFTS, *BUILDS, FELL)
        ask = Action(name="ask logs", needs={"chest up": 1}, changes={"logs": ASKED}, cost=20)
        return (*takes, *CRAFTS, ask)

    async def sense(self) -> dict[str, int]:
        """Say what there is: in the bag, in the chest, in the village."""
        council = self.life.council
        state = await self.life.hands.bag()
        state["table up"] = int(council.table is not None)
        state["no table"] = 1 - state["table up"]
        state["chest up"] = int(council.chest is not None)
        if council.chest is not None and not self.woodcutter:
            await self.life.hands.go(council.chest, 4)
            stored = await self.life.hands.open(council.chest)
            state |= {f"stored {item}": count for item, count in stored.items()}
        return state

    async def obtain(self, wants: Mapping[str, int]) -> bool:
        """Get what is wanted; say whether that went well. Raises `TurnedDown`."""
        state = await self.sense()
        stored = {fact.removeprefix("stored "): n for fact, n in state.items() if fact.startswith("stored ")}
        steps = plan(state, Goal(name="have", wants=wants), self.actions(stored), most=3000)
        for step in steps or ():
            if not self.life.bot.on_duty:
                return False
            self.life.bot.report(doing=step.name)
            if not await self.perform(step.name):
                return False
        return steps is not None

    async def perform(self, step: str) -> bool:
        """Do one action of a plan; say whether the plan still holds."""
        verb, _, item = step.partition(" ")
        life = self.life
        if verb == "fell":
            return await self.fell()
        if verb == "craft":
            if item in {"chest", "sign", "hoe"} and life.council.table is not None:
                await life.hands.go(life.council.table, 4)
            await life.hands.craft(item)
        elif verb == "build":
            return await self.build(item)
        elif verb == "take":
            assert life.council.chest is not None
            await life.hands.go(life.council.chest, 4)
            await life.hands.take(life.council.chest, item, 1)
        else:
            return await self.ask(item, ASKED)
        return True

    async def fell(self) -> bool:
        """Take one log from the nearest tree that can be reached, the lowest first."""
        hands = self.life.hands
        logs = await hands.find("log", FOREST, 32)
        for log in sorted(
            logs[:12], key=lambda spot: (abs(spot.x - logs[0].x) + abs(spot.z - logs[0].z), spot.y)
        ):
            try:
                await hands.go(log, 4)
                await hands.dig(log)
            except TurnedDown as no:
                if no.code not in {"way", "nothing", "reach"}:
                    raise
            else:
                self.felled += 1
                return True
        return False

    async def build(self, item: str) -> bool:
        """Put up the village's chest or table where it belongs, unless one is there by now."""
        life = self.life
        spot = await life.site(CHEST_AT if item == "chest" else TABLE_AT)
        if await life.hands.see(spot) != item:
            centre = life.council.centre
            assert centre is not None
            await life.hands.go(centre, 1)
            try:
                await life.hands.place(item, spot)
            except TurnedDown as no:
                if no.code != "occupied" or await life.hands.see(spot) != item:
                    raise
        if item == "chest":
            life.council.chest = spot
        else:
            life.council.table = spot
        await life.say_place("CHEST" if item == "chest" else "CRAFTING", spot)
        await life.look_round()
        return True

    async def ask(self, item: str, count: int) -> bool:
        """Ask the others, and fetch from the chest what somebody brings; a new plan must follow."""
        life = self.life
        await life.say("REQUEST", item=item, count=count)
        until = life.date + ASKING
        while life.date < until and life.bot.on_duty:
            await life.rest(5.0)
            waiting = life.council.requests.get((life.name, item))
            if waiting is None:
                return False  # brought, or nobody will: look into the chest and plan anew
            until = max(until, waiting.until)
        return False

    async def store(self, item: str, count: int) -> None:
        """Put things into the village's chest and say so. Raises `TurnedDown`."""
        chest = self.life.council.chest
        assert chest is not None
        await self.life.hands.go(chest, 4)
        await self.life.hands.put(chest, item, count)
        await self.life.say("DEPOSIT", item=item, count=count)
