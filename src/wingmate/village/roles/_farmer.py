"""The farmer: gathers seeds, has a field levelled, sows, harvests, and stores the wheat."""

from __future__ import annotations

from typing import Any

from anyio import current_time
from attrs import define, field, frozen, validators

from ...abc import Role
from ...chat import KeyRing
from ...stores import MemoryStore
from .._hands import TurnedDown, VillageBot
from .._signs import SignStore, place_of
from .._spot import Spot
from ._craft import Craft
from ._life import Life, living

RADIUS = 2  # blocks from the middle of a field to its edge
NEAR, FAR = 9, 16  # blocks from the village's centre to the fields
PATIENCE = 180.0  # seconds to wait for somebody to level the field; then it is used as it is
AGAIN = 60.0  # seconds until the request is repeated
MEADOW = 40  # blocks around oneself in which seeds are looked for


@define(eq=False)
class _Field:
    """What the farmer knows about its field."""

    spot: Spot | None = None
    asked_at: float = -1e9
    first_asked: float = field(factory=current_time)
    ready: bool = False
    shared: bool = False  # there was no room for one of its own
    wheat: int = 0


@frozen(kw_only=True)
class Farmer(Role[Any, Any]):
    """Grows wheat near the village, on ground that a landscaper levels if there is one."""

    name: str
    seeds: int = field(default=8, validator=validators.ge(1))
    keys: KeyRing | None = None

    async def __call__(self, bot: VillageBot, /) -> None:
        """Work until relieved."""
        async with living(bot, self.name, SignStore(MemoryStore()), self.keys) as life:
            craft, land = Craft(life), _Field()
            await life.each_day(lambda: self.cycle(life, craft, land))

    async def cycle(self, life: Life, craft: Craft, land: _Field) -> None:
        """Do what is most urgent on the farm."""
        if land.spot is None:
            land.spot = await self.choose_field(life)
            land.first_asked = life.date
            if land.spot is None:
                land.spot, land.shared = self.share_field(life), True
        bag = await life.hands.bag()
        if not land.ready:
            await self.have_levelled(life, land)
        if bag.get("seeds", 0) < self.seeds and not await self.growing(life, land):
            await self.gather(life, bag.get("seeds", 0))
        elif not bag.get("hoe"):
            await self.get_hoe(life, craft)
        elif land.ready:
            await self.tend(life, craft, land)
        else:
            life.bot.report(doing="waiting for level ground")
            await life.rest(3.0)

    # --- the field ----------------------------------------------------------------------------------

    def share_field(self, life: Life) -> Spot:
        """Choose whose field to help on. Raises `TurnedDown` if there is none."""
        fields = sorted(life.council.terraforms)
        if not fields:
            raise TurnedDown(f"{life.bot.name}: there is no room for a field", code="room")
        return life.bot.random.choice(fields)

    async def choose_field(self, life: Life) -> Spot | None:
        """Take up the field that a sign tells of, or choose the flattest free place without trees."""
        for fact in await life.signs.survey("farm/"):
            known = place_of(fact)
            place = None if known is None else life.council.place(known)
            if known is not None and (place is None or place.asked_by == life.name):
                return known
        centre = life.council.centre
        assert centre is not None
        await life.hands.go(centre, 6)
        step = NEAR // 2 + 3
        places = [
            centre.shifted(x, 0, z)
            for x in range(-FAR, FAR + 1, step)
            for z in range(-FAR, FAR + 1, step)
            if max(abs(x), abs(z)) >= NEAR and life.council.place(centre.shifted(x, 0, z)) is None
        ]
        judged = [await self._judge(life, place) for place in places]
        for _, spot, heights in sorted(judged, key=lambda found: found[:2]):
            if await self._clear(life, heights):
                return spot
        return None

    async def _judge(self, life: Life, middle: Spot) -> tuple[int, Spot, dict[tuple[int, int], int]]:
        """Give the work it takes to level a place, its middle at the right height, and how it is now."""
        heights = await self._heights(life, middle)
        level = sorted(heights.values())[len(heights) // 2]
        return sum(abs(y - level) for y in heights.values()), middle._replace(y=level), heights

    async def _heights(self, life: Life, middle: Spot) -> dict[tuple[int, int], int]:
        wide = 2 * RADIUS + 1
        return await life.hands.scan(middle.x - RADIUS, middle.z - RADIUS, wide, wide)

    async def _clear(self, life: Life, heights: dict[tuple[int, int], int]) -> bool:
        for (x, z), y in heights.items():
            if await life.hands.see(Spot(x, y + 1, z)) not in {"air", "tallgrass"}:
                return False
        return True

    async def have_levelled(self, life: Life, land: _Field) -> None:
        """Ask for level ground; if nobody comes, do with what there is."""
        assert land.spot is not None
        place = life.council.place(land.spot)
        if place is not None and place.asked_by != life.name and not land.shared:
            land.spot = None  # somebody else was quicker and has a field there
        elif (place is not None and place.done) or life.date > land.first_asked + PATIENCE:
            land.ready = True
            await life.signs.note(f"farm/{land.spot.x},{land.spot.y},{land.spot.z}", land.spot, life.name)
        elif life.date > land.asked_at + AGAIN and (place is None or not place.owner):
            land.asked_at = life.date
            await life.say_place("TERRAFORM", land.spot)

    async def growing(self, life: Life, land: _Field) -> bool:
        """Say whether something is sown already."""
        if land.spot is None or not land.ready:
            return False
        await life.hands.go(land.spot.shifted(y=1), 6)
        return bool(await life.hands.find("wheat", 2 * RADIUS + 6, 1))

    # --- the work -----------------------------------------------------------------------------------

    async def gather(self, life: Life, have: int) -> None:
        """Look for seeds in the tall grass."""
        life.bot.report(doing="gathering seeds", seeds=have)
        for spot in (await life.hands.find("tallgrass", MEADOW, 6))[:4]:
            try:
                await life.hands.go(spot, 4)
                await life.hands.dig(spot)
            except TurnedDown as no:
                if no.code not in {"way", "nothing", "reach"}:
                    raise

    async def get_hoe(self, life: Life, craft: Craft) -> None:
        """Come by a hoe; until chest and table are there, wait."""
        if life.council.chest is None or life.council.table is None:
            life.bot.report(doing="waiting for chest and table")
            await life.rest(3.0)
            await life.look_round()
            return
        if not await craft.obtain({"hoe": 1}):
            await life.rest(2.0)

    async def tend(self, life: Life, craft: Craft, land: _Field) -> None:
        """Harvest what is ripe, sow what is free, store the wheat."""
        assert land.spot is not None
        await life.hands.go(land.spot.shifted(y=1), 3)
        life.bot.report(doing="tending the field", where=str(land.spot))
        ripe = set(await life.hands.find("ripe", 8, 32))
        sown = set(await life.hands.find("wheat", 8, 32))
        tilled = set(await life.hands.find("farmland", 8, 32))
        seeds = (await life.hands.bag()).get("seeds", 0)
        for (x, z), y in sorted((await self._heights(life, land.spot)).items()):
            above, ground = Spot(x, y + 1, z), Spot(x, y, z)
            if above in ripe:
                gains = await self._dig(life, above)
                land.wheat += gains.get("wheat", 0)
                seeds += gains.get("seeds", 0)
            if seeds > 0 and (above in ripe or above not in sown):
                seeds -= await self._sow(life, above, tilled=ground in tilled)
        life.bot.report(wheat=land.wheat)
        life.bot.advance("wheat", land.wheat)
        await self._store(life, craft)
        await self._write(life)
        await life.rest(8.0)

    async def _dig(self, life: Life, spot: Spot) -> dict[str, int]:
        await life.hands.go(spot, 4)
        return await life.hands.dig(spot)

    async def _sow(self, life: Life, above: Spot, *, tilled: bool) -> bool:
        await life.hands.go(above, 3)
        try:
            if not tilled:
                await life.hands.till(above.shifted(y=-1))
            await life.hands.place("seeds", above)
        except TurnedDown as no:
            if no.code in {"illegal", "occupied"}:
                return False  # a stone, a tree, or somebody was quicker
            raise
        return True

    async def _store(self, life: Life, craft: Craft) -> None:
        wheat = (await life.hands.bag()).get("wheat", 0)
        if wheat >= 3 and life.council.chest is not None:
            await craft.store("wheat", wheat)

    async def _write(self, life: Life) -> None:
        """Tell on a sign where the field is, if somebody left a sign for that in the chest."""
        chest = life.council.chest
        if not life.signs.pending or chest is None or life.council.centre is None:
            return
        await life.hands.go(chest, 4)
        if (await life.hands.open(chest)).get("sign"):
            await life.hands.take(chest, "sign", 1)
        elif not (await life.hands.bag()).get("sign"):
            if (life.name, "sign") not in life.council.requests:
                await life.say("REQUEST", item="sign", count=1)
            return
        await life.hands.go(life.council.centre, 2)
        await life.signs.write_pending(life.hands, life.middle(chest))
