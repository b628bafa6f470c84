"""The landscaper: levels the ground that others ask for, each place by one at a time."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen, validators

from ...abc import Role
from ...chat import KeyRing
from ...stores import MemoryStore
from .._council import Terraform
from .._hands import TurnedDown, VillageBot
from .._signs import SignStore
from .._spot import Spot
from ._life import Life, living

MARGIN = 60.0  # seconds before a claim's end from which nothing is done under it any more
RENEW = 200.0  # seconds before its end at which it is renewed
QUARRY = (4, 7)  # blocks from the middle of a place to where earth may be taken


@frozen(kw_only=True)
class Landscaper(Role[Any, Any]):
    """Levels ground on request, under a claim: who was heard first levels it, and a dead one's lease ends."""

    name: str
    radius: int = field(default=2, validator=[validators.ge(1), validators.le(8)])
    keys: KeyRing | None = None

    async def __call__(self, bot: VillageBot, /) -> None:
        """Work until relieved."""
        async with living(bot, self.name, SignStore(MemoryStore()), self.keys) as life:
            await life.each_day(lambda: self.cycle(life))

    async def cycle(self, life: Life) -> None:
        """Take up one place and level it, or wait for somebody to ask."""
        place = life.council.to_level(life.name)
        if place is None:
            life.bot.report(doing="waiting for work")
            await life.rest(2.0)
            return
        if place.owner != life.name:
            await life.say_place("TERRAFORM_CLAIM", place.spot)
            return  # our own line came back before the answer: the council knows who was first
        life.bot.report(doing="levelling", where=str(place.spot))
        try:
            if await self.level(life, place):
                await life.say_place("TERRAFORM_DONE", place.spot)
                life.bot.advance("levelled", place.number)
            else:
                await life.say_place("TERRAFORM_RELEASE", place.spot)
        except TurnedDown:
            if self.holds(life, place):
                await life.say_place("TERRAFORM_RELEASE", place.spot)
            raise

    def holds(self, life: Life, place: Terraform) -> bool:
        """Say whether the claim is ours and will be for a while."""
        current = life.council.place(place.spot)
        return current is place and place.owner == life.name and place.until > life.date + MARGIN

    async def level(self, life: Life, place: Terraform) -> bool:
        """Bring every column to the height; say whether it was done under a claim to the end."""
        spot, wide = place.spot, 2 * self.radius + 1
        await life.hands.go(spot.shifted(y=1), 6)
        for _ in range(3):  # somebody may stand in the way, and be gone the next time
            heights = await life.hands.scan(spot.x - self.radius, spot.z - self.radius, wide, wide)
            wrong = {column: y for column, y in heights.items() if y != spot.y}
            # What is dug away first fills the holes later.
            for (x, z), y in sorted(wrong.items(), key=lambda item: (-item[1], item[0])):
                if not await self._keep(life, place):
                    return False
                await self.column(life, spot, Spot(x, y, z))
            if not wrong:
                return True
        return True

    async def _keep(self, life: Life, place: Terraform) -> bool:
        if self.holds(life, place) and place.until < life.date + RENEW:
            await life.say_place("TERRAFORM_CLAIM", place.spot)
        return self.holds(life, place) and life.bot.on_duty

    async def column(self, life: Life, middle: Spot, top: Spot) -> None:
        """Bring one column to the height of the middle, as far as it can be done."""
        try:
            await life.hands.go(top.shifted(y=1), 3)
            for y in range(top.y, middle.y, -1):
                await life.hands.dig(top._replace(y=y))
            for y in range(top.y + 1, middle.y + 1):
                if not (await life.hands.bag()).get("dirt"):
                    await self.fetch_dirt(life, middle)
                    await life.hands.go(top.shifted(y=1), 3)
                await self.fill(life, top._replace(y=y))
        except TurnedDown as no:
            if no.code not in {"occupied", "way", "nothing", "reach", "missing"}:
                raise

    async def fill(self, life: Life, spot: Spot) -> None:
        """Put earth into a place, stepping out of it first."""
        here = (await life.hands.look()).spot
        if (here.x, here.z) == (spot.x, spot.z):
            for x, z in ((2, 0), (-2, 0), (0, 2), (0, -2), (1, 0), (-1, 0), (0, 1), (0, -1)):
                try:
                    await life.hands.go(
                        Spot(here.x + x, await life.ground(here.x + x, here.z + z) + 1, here.z + z)
                    )
                except TurnedDown:
                    continue
                break
        await life.hands.place("dirt", spot)

    async def fetch_dirt(self, life: Life, middle: Spot) -> None:
        """Take earth from the highest ground around the place."""
        near, far = QUARRY
        wide = 2 * far + 1
        heights = await life.hands.scan(middle.x - far, middle.z - far, wide, wide)
        columns = [
            Spot(x, y, z)
            for (x, z), y in heights.items()
            if max(abs(x - middle.x), abs(z - middle.z)) >= max(near, self.radius + 2)
            and not self._kept(life, Spot(x, y, z))
        ]
        for top in sorted(columns, key=lambda spot: (-spot.y, spot))[:12]:
            if await life.hands.see(top) in {"grass", "dirt"}:
                try:
                    await life.hands.go(top.shifted(y=1), 4)
                    if (await life.hands.dig(top)).get("dirt"):
                        return
                except TurnedDown as no:
                    if no.code not in {"occupied", "way", "nothing", "reach"}:
                        raise

    def _kept(self, life: Life, spot: Spot) -> bool:
        """Say whether a place belongs to the village, or to somebody's field."""
        centre = life.council.centre
        assert centre is not None
        around = max(abs(spot.x - centre.x), abs(spot.z - centre.z)) <= 7
        return around or any(
            max(abs(spot.x - known.x), abs(spot.z - known.z)) <= self.radius + 1
            for known in life.council.terraforms
        )
