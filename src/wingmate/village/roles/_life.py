"""What every villager has and does, whatever its trade: ears, memory, and a village to belong to."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from anyio import Event as Signal
from anyio import create_task_group, current_time, move_on_after
from attrs import define, field

from ...chat import VILLAGE, ChatChannel, KeyRing, Said
from ...errors import Unanswered
from .._council import Council
from .._hands import Hands, TurnedDown, VillageBot
from .._link import VillageLink
from .._signs import SignStore, place_of
from .._spot import Spot
from ..events import Died, Event, Heard, Joined

LISTEN = 15.0  # seconds a newcomer listens before it founds a village
ECHO = 10.0  # seconds until one's own line must have come back
SIGNED_ECHO = 60.0  # the same for a signed line, which may wait for its turn
GREETING = 8.0  # seconds within which somebody tells a newcomer where the village is
FAIR = 20.0  # seconds between two tellings
PLAZA = 2  # blocks from the middle of the world within which a centre is founded
CHEST_AT, TABLE_AT = (2, 0), (2, 2)  # from the centre
TAKEN_FOR = 10  # logins tried while the name is still taken
BREATH = 2.0  # seconds after something went wrong


@define(eq=False)
class Life:
    """One villager's time in the world, from entering to leaving. Seconds are the world's."""

    bot: VillageBot
    hands: Hands
    signs: SignStore
    name: str
    council: Council = field(init=False, factory=Council)
    channel: ChatChannel | None = field(init=False, default=None)
    deaths: int = field(init=False, default=0)
    _echoes: dict[str, Signal] = field(init=False, factory=dict[str, Signal])
    _greet_at: float = field(init=False, default=float("inf"))

    # --- time and talk ------------------------------------------------------------------------------

    @property
    def date(self) -> float:
        """Now, in seconds of the world since some beginning."""
        return current_time() * self.hands.speed

    async def rest(self, seconds: float) -> None:
        """Do nothing for so many seconds of the world, or until relieved."""
        await self.bot.rest(seconds / self.hands.speed)

    async def say(self, verb: str, **values: float | str) -> None:
        """Say a line that other bots understand; when this returns, the council has heard it."""
        if self.channel is None:
            await self.hands.say(VILLAGE.write(verb, **values))
            return
        text = VILLAGE.write(verb, **values)
        echo = self._echoes[text] = Signal()
        await self.channel.say(verb, **values)
        with move_on_after(SIGNED_ECHO / self.hands.speed):
            await echo.wait()
        self._echoes.pop(text, None)

    async def say_place(self, verb: str, spot: Spot) -> None:
        """Say a line that tells a place."""
        await self.say(verb, x=spot.x, y=spot.y, z=spot.z)

    def hear(self, event: Event) -> None:
        """Take what is heard or happens."""
        if isinstance(event, Heard) and self.channel is None:
            self.council.hear(event.sender, event.text, self.date)
        elif isinstance(event, Died) and event.name == self.name:
            self.deaths += 1
        elif isinstance(event, Joined) and event.name != self.name:
            # Everybody waits for another while, so that one tells and the others need not.
            self._greet_at = self.date + GREETING * self.bot.random.random()

    async def attend(self, event: object, _at: float) -> None:
        """Take what is heard over a signed chat: only what the crew has signed counts."""
        if isinstance(event, Said) and event.signed:
            self.council.hear(event.sender, event.text, self.date)
            if event.own and event.text in self._echoes:
                self._echoes[event.text].set()

    async def herald(self) -> None:
        """Tell newcomers what the village agreed on; for ever."""
        while True:
            await self.rest(1.0)
            self.council.sweep(self.date)
            if self.date < self._greet_at or self.council.centre is None:
                if not self.bot.on_duty:
                    return
                continue
            self._greet_at = float("inf")
            if self.date - self.council.spoken_at > FAIR or self.council.spoken_at < self.date - GREETING:
                await self.tell_all()

    async def tell_all(self) -> None:
        """Say where everything is."""
        council = self.council
        for verb, spot in (
            ("VILLAGE", council.centre),
            ("CHEST", council.chest),
            ("CRAFTING", council.table),
        ):
            if spot is not None:
                await self.say_place(verb, spot)

    # --- belonging ----------------------------------------------------------------------------------

    async def arrive(self, spot: Spot) -> None:
        """Learn, from signs, chat and what stands there, where the village is."""
        middle = self.middle(spot)
        if abs(spot.x - middle.x) + abs(spot.z - middle.z) > 2 * PLAZA:
            await self._try(self.hands.go(middle, 6))
        await self.remember()
        if self.council.centre is None:
            self.bot.report(doing="listening")
            await self._wait(lambda: self.council.centre is not None, LISTEN)
        if self.council.centre is None:
            await self._found(middle)
        await self.look_round()

    async def enter(self) -> Spot:
        """Enter the world; a name that is still taken may be that of a life of ours that just ended."""
        for _ in range(TAKEN_FOR):
            try:
                return await self.hands.enter(self.name)
            except TurnedDown as no:
                if no.retry_after is None:
                    raise
                await self.rest(no.retry_after)
        return await self.hands.enter(self.name)

    def middle(self, near: Spot) -> Spot:
        """Give the middle of the world, where everybody appears, at some height."""
        half = 48 if self.hands.measures is None else self.hands.measures.size // 2
        return Spot(half, near.y, half)

    async def remember(self) -> None:
        """Read the signs; what they tell counts only as far as nobody said otherwise."""
        await self.signs.load(self.hands)
        council = self.council
        council.centre = council.centre or await self.signs.place("village")
        council.table = council.table or await self.signs.place("craft")
        for fact in await self.signs.survey("chest/"):
            council.chest = council.chest or place_of(fact)

    async def _found(self, middle: Spot) -> None:
        """Found a village; if somebody was quicker, theirs is ours."""
        self.bot.report(doing="founding a village")
        here = (await self.hands.look()).spot
        centre = await self._ruins() or await self.choose_centre(here, middle)
        await self.say_place("VILLAGE", centre)
        await self._wait(lambda: self.council.centre is not None, ECHO)
        if self.council.centre is None:
            raise Unanswered(f"{self.bot.name}: nobody heard that a village was founded", repeatable=True)

    async def choose_centre(self, here: Spot, middle: Spot) -> Spot:
        """Choose where to found a village: where one stands, as far as that is near the middle."""
        x = max(middle.x - PLAZA, min(middle.x + PLAZA, here.x))
        z = max(middle.z - PLAZA, min(middle.z + PLAZA, here.z))
        return Spot(x, await self.ground(x, z) + 1, z)

    async def _ruins(self) -> Spot | None:
        """Find what was built by somebody who told nobody any more, perhaps ourselves."""
        for kind, (x, z) in (("chest", CHEST_AT), ("table", TABLE_AT)):
            for spot in await self.hands.find(kind, 24):
                return spot.shifted(-x, 0, -z)
        return None

    async def look_round(self) -> None:
        """See whether chest and table stand where they belong, even if nobody told."""
        council, hands = self.council, self.hands
        assert council.centre is not None
        await self.signs.note("village", council.centre, self.name)
        if council.chest is None or await hands.see(council.chest) != "chest":
            council.chest = await self._standing("chest", CHEST_AT)
        if council.table is None or await hands.see(council.table) != "table":
            council.table = await self._standing("table", TABLE_AT)
        if council.chest is not None:
            chest = council.chest
            await self.signs.note(f"chest/{chest.x},{chest.y},{chest.z}", chest, self.name)
        if council.table is not None:
            await self.signs.note("craft", council.table, self.name)

    async def _standing(self, kind: str, at: tuple[int, int]) -> Spot | None:
        spot = await self.site(at)
        return spot if await self.hands.see(spot) == kind else None

    async def site(self, at: tuple[int, int]) -> Spot:
        """Give the place on the ground, so far from the centre."""
        assert self.council.centre is not None
        x, z = self.council.centre.x + at[0], self.council.centre.z + at[1]
        return Spot(x, await self.ground(x, z) + 1, z)

    async def ground(self, x: int, z: int) -> int:
        """Give the height of the ground."""
        return (await self.hands.scan(x, z, 1, 1))[x, z]

    async def _wait(self, ready: Callable[[], bool], seconds: float) -> None:
        until = self.date + seconds
        while not ready() and self.date < until and self.bot.on_duty:
            await self.rest(0.5)

    async def _try(self, deed: Awaitable[object]) -> bool:
        try:
            await deed
        except TurnedDown:
            return False
        return True

    # --- going on -----------------------------------------------------------------------------------

    async def each_day(self, cycle: Callable[[], Awaitable[None]]) -> None:
        """Do the trade's cycle again and again until relieved; what the world refuses, tries later."""
        while self.bot.on_duty:
            try:
                await cycle()
            except TurnedDown as no:
                self.bot.report(doing=f"held up: {no.code}")
                await self.rest(BREATH)
                if self.bot.on_duty:
                    await self._recover()
            self.bot.report(deaths=self.deaths)

    async def _recover(self) -> None:
        try:
            await self.look_round()
        except TurnedDown as no:
            if no.code == "reach" and self.council.centre is not None:
                await self._try(self.hands.go(self.council.centre, 6))


@asynccontextmanager
async def living(
    bot: VillageBot, name: str, signs: SignStore, keys: KeyRing | None = None
) -> AsyncGenerator[Life, None]:
    """Enter the world as a villager, for as long as the block lasts; with *keys*, every line is signed."""
    async with Hands(bot) as hands:
        life = Life(bot, hands, signs, name)
        hands.listeners.append(life.hear)
        spot = await life.enter()
        async with _signing(life, keys), create_task_group() as nursery:
            await life.arrive(spot)
            nursery.start_soon(life.herald, name=f"{bot.name}/herald")
            yield life
            nursery.cancel_scope.cancel()


@asynccontextmanager
async def _signing(life: Life, keys: KeyRing | None) -> AsyncGenerator[None, None]:
    if keys is None:
        yield
        return
    async with ChatChannel(VillageLink(life.hands), life.name, keys=keys) as life.channel:
        life.channel.attend(life.attend)
        yield
