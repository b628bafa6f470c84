"""The hands: every command of the village as an awaitable verb, over a bot."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeAlias

from anyio import AsyncContextManagerMixin, Lock, create_task_group, current_time, fail_after, sleep
from anyio import Event as Signal
from attrs import define, field, frozen
from typing_extensions import override

from .._bot import Bot
from ..errors import Disconnected, GarbledReply, Refused, Unanswered
from . import commands as do
from ._spot import Spot
from .events import Answered, Denied, Event, Kicked, Welcomed

PATIENCE = 60.0  # seconds for an answer, on top of what a walk of the longest kind takes
SPARE_LINES = 2  # of the chat's burst, left to whatever has to be said at once
QUESTIONS = (do.Look, do.Bag, do.Who, do.See, do.Read, do.Find, do.Scan, do.Open)  # change nothing

VillageBot: TypeAlias = Bot[Event, do.Ask]


class TurnedDown(Refused):
    """The village said no; `code` is its word for why, such as `reach`, `missing` or `occupied`."""

    def __init__(self, message: str, *, code: str, retry_after: float | None = None) -> None:
        super().__init__(message, retry_after=retry_after)
        self.code = code


@frozen
class Sight:
    """Where one is and when: *hour* is the part of the day gone by, light until 0.6."""

    spot: Spot
    day: int
    hour: float
    food: int


@define(eq=False)
class _Pending:
    """A command whose answer is awaited."""

    signal: Signal = field(factory=Signal)
    answer: Answered | Denied | None = None


@define(eq=False)
class Hands(AsyncContextManagerMixin):
    """What a role does the village's work with; while its block is open it takes all of the bot's events.

    Every verb raises `TurnedDown` when the village says no and `Unanswered` when it says nothing.
    `listeners` are called with every event that is no answer, in order; they must not raise.
    """

    bot: VillageBot
    within: float = field(default=PATIENCE, kw_only=True)
    listeners: list[Callable[[Event], None]] = field(init=False, factory=list[Callable[[Event], None]])
    measures: Welcomed | None = field(init=False, default=None)
    _number: int = field(init=False, default=0)
    _pending: dict[int, _Pending] = field(init=False, factory=dict[int, _Pending])
    _working: Lock = field(init=False, factory=Lock)
    _talking: Lock = field(init=False, factory=Lock)
    _said: float = field(init=False, default=0.0)  # lines that the village has not forgiven yet
    _said_at: float = field(init=False, default=0.0)

    @override
    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[Hands, None]:
        async with create_task_group() as nursery:
            nursery.start_soon(self._hear, name=f"{self.bot.name}/hear")
            yield self
            nursery.cancel_scope.cancel()

    async def _hear(self) -> None:
        async for event in self.bot:
            if isinstance(event, Answered | Denied):
                if (pending := self._pending.pop(event.number, None)) is not None:
                    pending.answer = event
                    pending.signal.set()
                continue
            if isinstance(event, Welcomed):
                self.measures = event
            for listener in list(self.listeners):
                listener(event)
            if isinstance(event, Kicked):
                raise Disconnected(f"{self.bot.name}: the village hangs up: {event.reason}")

    async def ask(self, command: do.Command) -> str:
        """Do one thing and give the village's answer."""
        self._number += 1
        number = self._number
        pending = self._pending[number] = _Pending()
        try:
            with fail_after(self.within):
                await self.bot.send(do.Ask(number, command))
                await pending.signal.wait()
        except TimeoutError as exc:
            text = f"{self.bot.name}: no answer to {command!r}"
            raise Unanswered(text, repeatable=isinstance(command, QUESTIONS)) from exc
        finally:
            self._pending.pop(number, None)
        if isinstance(pending.answer, Denied):
            no = pending.answer
            text = f"{self.bot.name}: {no.reason}"
            raise TurnedDown(text, code=no.code, retry_after=no.retry_after)
        assert pending.answer is not None
        return pending.answer.text

    async def work(self, command: do.Command) -> str:
        """Do one thing that takes time; a second such thing waits for the first."""
        async with self._working:
            return await self.ask(command)

    @property
    def speed(self) -> float:
        """How many seconds of the world pass in one of ours."""
        return 1.0 if self.measures is None else max(self.measures.speed, 0.001)

    # --- oneself ------------------------------------------------------------------------------------

    async def enter(self, name: str) -> Spot:
        """Enter the world; say where one is."""
        return _spot(await self.ask(do.Login(name)))

    async def look(self) -> Sight:
        """Say where one is, what time it is, and how much food is left of 20."""
        text = await self.ask(do.Look())
        words = text.split(" ")
        try:
            x, y, z, day, hour, food = words
            return Sight(Spot(int(x), int(y), int(z)), int(day), float(hour), int(food))
        except ValueError as exc:
            raise GarbledReply(f"{self.bot.name}: expected a place and a time", screen=text) from exc

    async def bag(self) -> dict[str, int]:
        """Count what one carries."""
        return _items(await self.ask(do.Bag()))

    async def who(self) -> list[str]:
        """List who is in the world."""
        return (await self.ask(do.Who())).split()

    async def go(self, spot: Spot, near: int = 0) -> Spot:
        """Walk there, or so near; say where one has arrived."""
        return _spot(await self.work(do.Go(spot, near)))

    async def eat(self, item: str) -> None:
        """Eat something."""
        await self.work(do.Eat(item))

    # --- looking ------------------------------------------------------------------------------------

    async def see(self, spot: Spot) -> str:
        """Say what is at a place: the kind of its block."""
        return (await self.ask(do.See(spot))).partition(" ")[0]

    async def find(self, kind: str, radius: int = 32, count: int = 1) -> list[Spot]:
        """List the nearest things of a kind, the nearest first."""
        text = await self.ask(do.Find(kind, radius, count))
        return [_spot(word.replace(",", " ")) for word in text.split()]

    async def scan(self, x: int, z: int, width: int, depth: int) -> dict[tuple[int, int], int]:
        """Say how high the ground is, by x and z."""
        heights = [int(word) for word in (await self.ask(do.Scan(x, z, width, depth))).split()]
        columns = [(x + i, z + j) for j in range(depth) for i in range(width)]
        if len(heights) != len(columns):
            raise GarbledReply(f"{self.bot.name}: expected {len(columns)} heights, got {len(heights)}")
        return dict(zip(columns, heights, strict=True))

    # --- working ------------------------------------------------------------------------------------

    async def dig(self, spot: Spot) -> dict[str, int]:
        """Take a block away; say what that gave."""
        return _items(await self.work(do.Dig(spot)))

    async def place(self, item: str, spot: Spot) -> None:
        """Put something from the bag into the world."""
        await self.work(do.Place(item, spot))

    async def till(self, spot: Spot) -> None:
        """Make farmland."""
        await self.work(do.Till(spot))

    async def craft(self, item: str, times: int = 1) -> None:
        """Make something, so many times as its recipe gives."""
        await self.work(do.Craft(item, times))

    async def open(self, chest: Spot) -> dict[str, int]:
        """Count what is in a chest."""
        return _items(await self.work(do.Open(chest)))

    async def put(self, chest: Spot, item: str, count: int) -> None:
        """Put things into a chest."""
        await self.work(do.Put(chest, item, count))

    async def take(self, chest: Spot, item: str, count: int) -> None:
        """Take things out of a chest."""
        await self.work(do.Take(chest, item, count))

    async def write(self, sign: Spot, lines: Sequence[str]) -> None:
        """Write on a sign."""
        await self.work(do.Write(sign, "|".join(lines)))

    async def read(self, sign: Spot) -> tuple[str, ...]:
        """Read a sign's lines."""
        return tuple((await self.ask(do.Read(sign))).split("|"))

    # --- talking ------------------------------------------------------------------------------------

    async def say(self, text: str) -> None:
        """Say something to everybody, no faster than the village allows."""
        async with self._talking:
            burst = 10 if self.measures is None else self.measures.chat_burst
            every = (1.0 if self.measures is None else self.measures.chat_every) / self.speed
            self._said = max(0.0, self._said - (current_time() - self._said_at) / every)
            self._said_at = current_time()
            ahead = self._said + 1 - max(1, burst - SPARE_LINES)
            if ahead > 0:
                await sleep(ahead * every)
            self._said += 1
            await self.ask(do.Say(text))


def _spot(text: str) -> Spot:
    try:
        x, y, z = text.split(" ")
        return Spot(int(x), int(y), int(z))
    except ValueError as exc:
        raise GarbledReply("expected a place of three numbers", screen=text) from exc


def _items(text: str) -> dict[str, int]:
    items: dict[str, int] = {}
    for word in text.split():
        item, colon, count = word.rpartition(":")
        if not colon or not count.isdecimal():
            raise GarbledReply("expected things and their numbers", screen=text)
        items[item] = int(count)
    return items
