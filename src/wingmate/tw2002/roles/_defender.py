"""The defender: looks into what frightens the others, warns them, and stands guard."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from anyio import create_task_group
from attrs import define, field, frozen, validators

from ..._bot import Bot
from ..._facts import Message
from ...abc import Role
from ..errors import NotHere
from ..events import DensityRow
from ..pilot import Account, Pilot
from ._duty import come_aboard, degrade, held, on_duty, retire, tired

GUARD_LEASE: Final = 180.0
MARK_TTL: Final = 1_800.0
NEAREST: Final = 60  # sectors to look through for a post
SUSPICIOUS: Final = 40  # density of a manned ship; five is a fighter, ten a mine, a hundred a port


@frozen(kw_only=True)
class Defender(Role[Any, Any]):
    """Checks reported threats, marks the real ones, and guards one sector after the other with fighters.

    A post is held for `watch` seconds with all fighters but `reserve`; then it takes them up again
    and moves on. The post is marked as dangerous meanwhile, since the fighters stop crew members too.
    """

    account: Account
    pace: float = field(default=0.0, validator=validators.ge(0))
    watch: float = field(default=5.0, validator=validators.ge(0))
    reserve: int = field(default=10, validator=validators.ge(0))

    async def __call__(self, bot: Bot[Any, Any], /) -> None:
        """Guard until relieved."""
        pilot = await come_aboard(bot, self.account, pace=self.pace, role="Defender")
        post = Post(self)
        async with bot.channel.subscribe("threat") as news, create_task_group() as nursery:
            nursery.start_soon(post.listen, bot.name, news, name=f"{bot.name}/threats")
            await on_duty(pilot, post.cycle)
            nursery.cancel_scope.cancel()

    # --- decisions, meant to be overridden ------------------------------------------------------

    def choose_post(self, pilot: Pilot, done: set[int]) -> int | None:
        """Choose where to stand guard: a near dead end or quiet sector, off the crew's ways."""
        atlas, best = pilot.atlas, None
        for count, number in enumerate(atlas.distances(pilot.here)):
            sector = atlas.sector(number)
            if count >= NEAREST:
                break
            if number in done or sector is None or not sector.warps or sector.fedspace or atlas.port(number):
                continue
            if len(sector.warps) == 1:
                return number
            best = best or number
        return best

    def is_threat(self, row: DensityRow) -> bool:
        """Say whether a density reading looks like armed company."""
        return row.density > SUSPICIOUS and row.density not in {100, 101}


@define(eq=False)
class Post:
    """One defender's time aboard."""

    defender: Defender
    threats: deque[int] = field(init=False, factory=lambda: deque[int](maxlen=50))
    _done: set[int] = field(init=False, factory=set[int])
    _guarded: int = field(init=False, default=0)

    async def listen(self, name: str, news: AsyncIterator[Message]) -> None:
        """Hear what frightens the others."""
        async for message in news:
            body = message.body
            key = body.get("key") if isinstance(body, Mapping) else None
            digits = key.partition("/")[2] if isinstance(key, str) else ""
            if message.sender != name and digits.isascii() and digits.isdigit() and len(digits) < 7:
                self.threats.append(int(digits))

    async def cycle(self, pilot: Pilot) -> None:
        """Check one threat, or guard one post."""
        while self.threats:
            sector = self.threats.popleft()
            if await self._check(pilot, sector):
                return
        if (pilot.ship.fighters or 0) <= self.defender.reserve and await self._recall(pilot):
            return
        post = self.defender.choose_post(pilot, self._done)
        if post is None:
            self._done.clear()
            await degrade(pilot, "no post to guard known")
            return
        outing = len(pilot.atlas.path(pilot.here, post) or ())
        if tired(pilot, outing):
            await retire(pilot, outing)
            return
        await self._guard(pilot, post)

    async def _check(self, pilot: Pilot, sector: int) -> bool:
        """Go next door and look; say whether there was a way."""
        path = pilot.atlas.path(pilot.here, sector) if pilot.atlas.danger(sector) else None
        if path is None or tired(pilot, len(path)):
            return False
        pilot.bot.report(doing=f"checking the threat in {sector}")
        await pilot.follow(path[1:-1])
        rows = await pilot.density_scan()
        if rows is None:
            # Without a scanner we take the others' word for it.
            await pilot.warn(sector, "reported by the crew", ttl=MARK_TTL)
        elif any(row.sector == sector and self.defender.is_threat(row) for row in rows):
            await pilot.warn(sector, "seen on the scanner", ttl=MARK_TTL)
        else:
            await pilot.clear(sector)
        pilot.tell(f"checked the threat in {sector}")
        pilot.bot.advance("checked", sector)
        return True

    async def _recall(self, pilot: Pilot) -> bool:
        """Fetch fighters that an earlier life left somewhere; say whether there was a way to any."""
        ways = [pilot.atlas.path(pilot.here, sector) for sector in await pilot.posts()]
        path = min((way for way in ways if way), key=len, default=None)
        if path is None or tired(pilot, len(path)):
            return False
        pilot.bot.report(doing=f"fetching the fighters from {path[-1]}")
        await pilot.follow(path[1:])
        await pilot.collect_fighters()
        await pilot.clear(path[-1])
        pilot.bot.advance("fetched", pilot.ship.fighters or 0)
        return True

    async def _guard(self, pilot: Pilot, post: int) -> None:
        bot, defender = pilot.bot, self.defender
        self._done.add(post)
        async with held(bot, f"guard/{post}", within=GUARD_LEASE) as still:
            if still is None:
                return
            bot.report(doing=f"going to guard {post}")
            await pilot.travel(post)
            aboard = pilot.ship.fighters or 0
            if aboard <= defender.reserve or not await still():
                await degrade(pilot, "no fighters to guard with")
                return
            try:
                await pilot.drop_fighters(aboard - defender.reserve)
            except NotHere as refused:
                pilot.tell(str(refused))
                return
            await self._stand(pilot, post)

    async def _stand(self, pilot: Pilot, post: int) -> None:
        bot, defender = pilot.bot, self.defender
        bot.report(doing=f"guarding {post}")
        await pilot.warn(post, f"guarded by {bot.name}", ttl=defender.watch + GUARD_LEASE)
        await bot.rest(defender.watch)
        rows = await pilot.density_scan()
        for row in rows or ():
            if defender.is_threat(row) and pilot.atlas.port(row.sector) is None:
                await pilot.warn(row.sector, "seen on the scanner", ttl=MARK_TTL)
        await pilot.collect_fighters()
        await pilot.clear(post)
        self._guarded += 1
        bot.advance("guarded", self._guarded)
        pilot.tell(f"guarded {post}")
