"""What every role does alike: come aboard, explore, rest, flee, and take a refusal in its stride."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from anyio import move_on_after

from ..._bot import Bot
from ..._claims import release, renew
from ...errors import Unanswered
from ..errors import NotHere, TurnsSpent, WayBarred
from ..pilot import Account, Pilot

REGION_LEASE: Final = 120.0  # seconds; a corridor is walked within that, or the lease is renewed on the way
MOST_CORRIDORS: Final = 12  # corridors of others to pass over before giving up
BARRED_FOR: Final = 300.0  # seconds for which a barred way is avoided
DAY: Final = 86_400.0
PAUSE: Final = 1.0  # seconds between two steps without an aim
LULL: Final = 10.0
LONGEST_RETREAT: Final = 20  # warps to a safe place from which on it is not worth keeping turns for
UNKNOWN_RETREAT: Final = 8  # a guess where no way is known
SOL: Final = 1  # always in the Federation's space
SLACK: Final = 3  # warps kept for what comes between
OUTING: Final = 6  # warps out and back worth leaving a safe place for
NAP: Final = 60.0  # seconds between two looks while out of turns; also keeps the game from hanging up
HARM_TTL: Final = 600.0
RELEASE_WITHIN: Final = 5.0

Check = Callable[[], Awaitable[bool]]


async def come_aboard(bot: Bot[Any, Any], account: Account, *, pace: float, role: str) -> Pilot:
    """Enter the game, or take over in the middle of it, and sign the crew's list."""
    bot.report(doing="coming aboard")
    pilot = Pilot(bot, pace=pace)
    created = await pilot.enter(account)
    if not pilot.atlas.explored_count:
        await pilot.cim()  # the store is new, but the ship's computer may remember
    await pilot.find_stardock()
    await bot.learn(
        f"crew/{bot.name}", {"trader": pilot.ship.name or account.name, "role": role}, ttl=86_400.0
    )
    pilot.tell("created a new trader" if created else "came aboard")
    bot.advance("aboard", 1)
    return pilot


async def on_duty(pilot: Pilot, cycle: Callable[[Pilot], Awaitable[None]]) -> None:
    """Repeat one cycle of a role until relieved; refusals of the game end a cycle, not the role."""
    bot = pilot.bot
    while bot.on_duty:
        before = bot.turns
        try:
            await pilot.refresh()
            if pilot.alarm is not None:
                await escape(pilot)
            if tired(pilot):
                await retire(pilot)
            else:
                await cycle(pilot)
        except TurnsSpent:
            await rest(pilot)
        except WayBarred as barred:
            pilot.tell(str(barred))
            await pilot.status()
        except NotHere as missing:
            pilot.tell(str(missing))
            await pilot.status()
            await bot.rest(1.0)
        except Unanswered as unanswered:
            if not unanswered.repeatable:
                raise
            await pilot.home()
        if bot.turns == before:
            await bot.rest(PAUSE)  # a cycle that did nothing would come round again at once
    await pilot.home()


def safe(pilot: Pilot, number: int) -> bool:
    """Say whether a sector is the Federation's, where nobody attacks."""
    sector = pilot.atlas.sector(number)
    return sector is not None and sector.fedspace


def tired(pilot: Pilot, outing: int = 0) -> bool:
    """Say whether the turns left are needed for the way to a safe place, after an outing of so many warps."""
    ship = pilot.ship
    if ship.turns is None or ship.turns >= (LONGEST_RETREAT + SLACK + 2 * outing) * ship.turns_per_warp:
        return False
    path = pilot.atlas.nearest(pilot.here, lambda number: safe(pilot, number))
    hops = UNKNOWN_RETREAT if path is None else len(path) - 1
    return ship.turns < (hops + SLACK + 2 * outing) * ship.turns_per_warp


async def retire(pilot: Pilot, outing: int = OUTING) -> None:
    """Fly to a safe place with the last turns, and rest there: who lingers in space is shot."""
    path = pilot.atlas.nearest(pilot.here, lambda number: safe(pilot, number))
    goal = SOL if path is None else path[-1]
    if goal != pilot.here:
        pilot.bot.report(doing=f"going to rest in {goal}")
        try:
            await (pilot.move(goal) if path is None else pilot.follow(path[1:]))
        except TurnsSpent as late:
            pilot.tell(str(late))
        except WayBarred as barred:
            pilot.tell(str(barred))
            await linger(pilot)
            return
    await rest(pilot, outing)


async def rest(pilot: Pilot, outing: int = OUTING) -> None:
    """Wait until there are turns for an outing of so many warps, and say so."""
    bot, naps = pilot.bot, 0
    bot.report(doing="resting: out of turns")
    await bot.say("resting", {"bot": bot.name, "sector": pilot.ship.sector})
    base = pilot.settings.get("Turn Base")
    while bot.on_duty:
        await bot.rest(NAP)
        ship = await pilot.status()
        naps += 1
        bot.advance("rested", naps)  # waiting for the day is all there is to do
        enough = (SLACK + 2 * outing) * ship.turns_per_warp
        if (ship.turns or 0) >= (min(enough, base) if isinstance(base, int) and base else enough):
            return


async def escape(pilot: Pilot) -> None:
    """Leave the place where somebody did us harm, for the Federation's space if a way is known."""
    bot, here = pilot.bot, pilot.here
    bot.report(doing=f"fleeing from sector {here}")
    pilot.calm()
    await pilot.warn(here, "attacked here", ttl=HARM_TTL)
    path = pilot.atlas.nearest(here, lambda number: safe(pilot, number))
    if path is None:
        ways = [way for way in pilot.atlas.warps(here) if way not in pilot.atlas.dangers]
        path = (here, bot.random.choice(ways)) if ways else (here,)
    if len(path) > 1:
        await pilot.follow(path[1:])
    await pilot.info()  # an escape pod needs more turns for a warp
    await pilot.status()


@asynccontextmanager
async def held(bot: Bot[Any, Any], key: str, *, within: float) -> AsyncGenerator[Check | None, None]:
    """Hold a claim for a block; gives a check that renews it and says whether it is still ours, or None.

    The check is for the point of use: nothing is done under a claim that was lost.
    """
    number = await renew(bot.knowledge, key, bot.name, within=within)
    if number is None:
        yield None
        return

    async def still() -> bool:
        return await renew(bot.knowledge, key, bot.name, within=within) == number

    try:
        yield still
    finally:
        with move_on_after(RELEASE_WITHIN, shield=True):
            await release(bot.knowledge, key, bot.name)


async def explore(pilot: Pilot) -> bool:
    """Visit the nearest unexplored sector that nobody else is after; say whether there was one."""
    bot = pilot.bot
    others: set[int] = set()
    if not pilot.atlas.explored(pilot.here):
        await pilot.look()  # thrown here, or fled
    for _ in range(MOST_CORRIDORS):
        path = pilot.atlas.nearest_frontier(pilot.here, avoid=others)
        if path is None or len(path) == 1:
            break
        if tired(pilot, len(path) - 1):
            await retire(pilot, len(path) - 1)
            return True
        goal = path[-1]
        async with held(bot, f"region/{goal}", within=REGION_LEASE) as still:
            if still is None:
                others.add(goal)
                continue
            before = pilot.mapped
            try:
                await pilot.follow(path[1:-1])
                if await still():
                    await pilot.move(goal)
            except WayBarred:
                # Somebody or something is there; not going there again at once is all we can do.
                place = path.index(pilot.here) + 1 if pilot.here in path else len(path)
                await pilot.warn(path[min(place, len(path) - 1)], "barred", ttl=BARRED_FOR)
                raise
            if pilot.mapped > before:
                bot.advance("sectors", pilot.mapped)
                pilot.tell(f"mapped sector {goal}")
            return True
    return False


async def degrade(pilot: Pilot, why: str) -> None:
    """Explore because the role's own plan fails, and say so."""
    bot = pilot.bot
    doing = f"exploring: {why}"
    if bot.doing != doing:
        bot.report(doing=doing)
        await bot.say("degraded", {"bot": bot.name, "why": why})
    if not await explore(pilot):
        await wander(pilot)


async def wander(pilot: Pilot) -> None:
    """Go next door at random: everything known is explored, claimed or dangerous."""
    bot = pilot.bot
    ways = [way for way in pilot.atlas.warps(pilot.here) if way not in pilot.atlas.dangers]
    if ways:
        await pilot.move(bot.random.choice(ways))
        await bot.rest(PAUSE)
    else:
        await linger(pilot)
    bot.advance("patrolled", bot.turns)


async def linger(pilot: Pilot) -> None:
    """Stay where we are for a little while: there is nothing to do, or nowhere to go."""
    await pilot.bot.rest(LULL)
    await pilot.status()
    pilot.bot.advance("waited", pilot.bot.turns)
