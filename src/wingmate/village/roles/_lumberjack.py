"""The lumberjack: builds the chest and the table, fells trees, and brings what others ask for."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen, validators

from ...abc import Role
from ...chat import KeyRing
from ...stores import MemoryStore
from .._council import Request
from .._hands import TurnedDown, VillageBot
from .._signs import SignStore
from ..planner import Arbiter, Goal, State
from ._craft import Craft
from ._life import Life, living

MAKES = frozenset({"logs", "planks", "sticks", "sign", "hoe"})  # what it will bring
SPARE_SIGNS = 1


def _serving(state: State) -> float:
    return 8.0 * state.get("asked", 0)


GOALS = (
    Goal(name="table", wants={"table up": 1}, utility=lambda _: 10.0),
    Goal(name="chest", wants={"chest up": 1}, utility=lambda _: 9.0),
    Goal(name="serve", wants={"served": 1}, utility=_serving),
    Goal(name="signs", wants={"written": 1}, utility=lambda _: 4.0),
    Goal(name="stock", wants={"stocked": 1}, utility=lambda _: 1.0),
)


@frozen(kw_only=True)
class Lumberjack(Role[Any, Any]):
    """Fells trees and plants new ones; founds the village's chest and table; brings what others request."""

    name: str
    stock: int = field(default=8, validator=validators.ge(0))
    keys: KeyRing | None = None

    async def __call__(self, bot: VillageBot, /) -> None:
        """Work until relieved."""
        async with living(bot, self.name, SignStore(MemoryStore()), self.keys) as life:
            craft, arbiter = Craft(life, woodcutter=True), Arbiter(GOALS)
            await life.each_day(lambda: self.cycle(life, craft, arbiter))

    async def cycle(self, life: Life, craft: Craft, arbiter: Arbiter) -> None:
        """Pursue the most useful goal by one plan."""
        goal = arbiter.choose(await self.sense(life, craft), life.date)
        if goal is None:
            life.bot.report(doing="resting")
            await life.rest(4.0)
            return
        life.bot.report(doing=goal.name, felled=craft.felled)
        try:
            good = await self.pursue(life, craft, goal)
        except TurnedDown:
            arbiter.rest(goal, life.date + 5.0)
            raise
        if good:
            life.bot.advance("felled", craft.felled)
        else:
            arbiter.rest(goal, life.date + 5.0)

    async def sense(self, life: Life, craft: Craft) -> dict[str, int]:
        """Say how things stand."""
        council, state = life.council, await craft.sense()
        mine = council.promised(life.name) or [r for r in council.wanted(life.name) if r.item in MAKES]
        state["asked"] = int(bool(mine) and council.chest is not None)
        state["written"] = int(not life.signs.pending)
        stocked = state.get("logs", 0) >= self.stock
        return state | {"stocked": int(stocked)}

    async def pursue(self, life: Life, craft: Craft, goal: Goal) -> bool:
        """Do what a goal takes; say whether it was reached."""
        if goal.name == "serve":
            return await self.serve(life, craft)
        if goal.name == "signs":
            return await self.write(life, craft)
        if goal.name == "stock":
            await self.plant(life)
            return await craft.fell()
        return await craft.obtain(goal.wants)

    async def serve(self, life: Life, craft: Craft) -> bool:
        """Bring what was asked for, if we are the first to say so."""
        council = life.council
        for request in [r for r in council.wanted(life.name) if r.item in MAKES][:1]:
            await life.say("FULFILL", item=request.item, count=request.count, who=request.who)
        for request in council.promised(life.name):
            await self.deliver(life, craft, request)
        return True

    async def deliver(self, life: Life, craft: Craft, request: Request) -> None:
        """Get it and put it into the chest."""
        life.bot.report(doing=f"{request.item} for {request.who}")
        if await craft.obtain({request.item: request.count}):
            await craft.store(request.item, request.count)

    async def write(self, life: Life, craft: Craft) -> bool:
        """Put up signs that tell where everything is."""
        if not await craft.obtain({"sign": 1}):
            return False
        assert life.council.centre is not None
        middle = life.middle(life.council.centre)
        await life.hands.go(life.council.centre, 2)
        return await life.signs.write_pending(life.hands, middle) > 0 or not life.signs.pending

    async def plant(self, life: Life) -> None:
        """Plant a sapling somewhere near, if there is one and if it may stand there."""
        if not (await life.hands.bag()).get("sapling"):
            return
        here = (await life.hands.look()).spot
        centre = life.council.centre
        assert centre is not None
        for x, z in ((2, 0), (-2, 0), (0, 2), (0, -2)):
            spot = here.shifted(x, 0, z)
            if max(abs(spot.x - centre.x), abs(spot.z - centre.z)) < 16:
                continue  # the village and its fields stay clear
            try:
                await life.hands.place("sapling", spot)
            except TurnedDown:
                continue
            return
