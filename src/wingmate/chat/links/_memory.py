"""A chat in memory, as bad as you like."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from heapq import heappop, heappush
from random import Random
from typing import Any

from anyio import Event, current_time, move_on_after
from anyio.lowlevel import checkpoint
from attrs import define, field, frozen, validators

from ...errors import IllegalCommand
from .._link import ChatLine, HeardLine, Interrupted, Traits

CHANCE = [validators.ge(0.0), validators.le(1.0)]
MEMORY = 1000  # lines a spy remembers
MOST = 10_000  # lines on their way to one listener


def _span(_instance: object, _attribute: object, value: tuple[float, float]) -> None:
    if not 0.0 <= value[0] <= value[1]:
        raise ValueError(f"a delay is a range (shortest, longest) in seconds, got {value!r}")


@frozen(kw_only=True)
class ChatWeather:
    """How bad a chat is; the default is perfect. Chances are per line, in a chat without order per listener.

    `delay` is the range of seconds a line takes, `shuffle` whether later lines may overtake; `loss`
    the chance to be lost, `twice` to come twice, `cut` to lose its end, `forge` that a spy repeats an
    earlier line, as it was or changed.
    """

    delay: tuple[float, float] = field(default=(0.0, 0.0), validator=_span)
    shuffle: bool = False
    loss: float = field(default=0.0, validator=CHANCE)
    twice: float = field(default=0.0, validator=CHANCE)
    cut: float = field(default=0.0, validator=CHANCE)
    forge: float = field(default=0.0, validator=CHANCE)

    @classmethod
    def draw(cls, dice: Random) -> ChatWeather:
        """Draw a weather in which only some kinds of fault exist at all."""

        def perhaps(*values: float) -> float:
            return dice.choice(values) if dice.random() < 0.5 else 0.0

        return cls(
            delay=(0.0, perhaps(0.2, 1.0, 3.0)),
            shuffle=dice.random() < 0.5,
            loss=perhaps(0.05, 0.2),
            twice=perhaps(0.05, 0.3),
            cut=perhaps(0.02, 0.1),
            forge=perhaps(0.1, 0.5),
        )


@define(eq=False)
class _Ear:
    """The lines on their way to one listener."""

    name: str
    waiting: list[tuple[float, int, HeardLine]] = field(factory=list[tuple[float, int, HeardLine]])
    last: float = 0.0
    news: Event = field(factory=Event)
    count: int = 0

    def put(self, line: HeardLine, due: float) -> None:
        self.count += 1
        if len(self.waiting) < MOST:
            heappush(self.waiting, (due, self.count, line))
        self.news.set()

    async def lines(self) -> AsyncGenerator[HeardLine, None]:
        while True:
            if self.waiting and self.waiting[0][0] <= current_time():
                yield heappop(self.waiting)[2]
                continue
            self.news = Event()
            with move_on_after(self.waiting[0][0] - current_time() if self.waiting else None):
                await self.news.wait()


@define(eq=False)
class ChatRoom:
    """A place where everybody hears everybody; `weather` may be changed at any time.

    `happened` counts what the weather did, `heard` has the last lines said, for a spy.
    """

    traits: Traits = field(factory=lambda: Traits(limit=256, rate=50.0))
    weather: ChatWeather = field(factory=ChatWeather)
    random: Random = field(factory=lambda: Random(0), kw_only=True)
    happened: Counter[str] = field(init=False, factory=Counter[str])
    heard: deque[ChatLine] = field(init=False, factory=lambda: deque[ChatLine](maxlen=MEMORY))
    _ears: list[_Ear] = field(init=False, factory=list[_Ear])
    _away: set[str] = field(init=False, factory=set[str])

    def link(self, name: str) -> MemoryLink:
        """Give the mouth and ears of one who comes in under a name."""
        return MemoryLink(self, name)

    def say(self, name: str, text: str) -> None:
        """Let somebody say a line, whoever they really are."""
        if name in self._away:
            self.happened["said to nobody"] += 1
            return
        line = ChatLine(name, text)
        self.heard.append(line)
        self._spread(line)
        if self._happens("forge"):
            self._spread(self._forged())

    def part(self, name: str) -> None:
        """Cut somebody off: they hear nothing, and nobody hears them."""
        self._away.add(name)
        for ear in self._ears:
            if ear.name == name:
                ear.waiting.clear()

    def rejoin(self, name: str) -> None:
        """Let them in again; they are told that they missed something."""
        self._away.discard(name)
        for ear in self._ears:
            if ear.name == name:
                ear.put(Interrupted(), current_time())

    def _spread(self, line: ChatLine) -> None:
        # Where there is one order, what happens to a line happens to it before that.
        for one in self._weathered(line) if self.traits.total_order else (line,):
            for ear in self._ears:
                if ear.name in self._away or (ear.name == line.sender and not self.traits.hears_itself):
                    continue
                for piece in (one,) if self.traits.total_order else self._weathered(one):
                    due = current_time() + self.random.uniform(*self.weather.delay)
                    if self.traits.total_order or not self.weather.shuffle:
                        due = ear.last = max(due, ear.last)
                    ear.put(piece, due)

    def _weathered(self, line: ChatLine) -> list[ChatLine]:
        if self._happens("loss"):
            return []
        if self._happens("cut"):
            line = ChatLine(line.sender, line.text[: self.random.randrange(len(line.text) + 1)])
        return [line, line] if self._happens("twice") else [line]

    def _forged(self) -> ChatLine:
        line = self.random.choice(self.heard)
        names = sorted({ear.name for ear in self._ears} | {"spy"})
        text = line.text
        if text and self.random.random() < 0.5:
            place = self.random.randrange(len(text))
            text = text[:place] + self.random.choice("0123456789abcXYZ-_: ") + text[place + 1 :]
        return ChatLine(self.random.choice((line.sender, *names)), text)

    def _happens(self, what: str) -> bool:
        chance: Any = getattr(self.weather, what)
        if not chance or self.random.random() >= chance:
            return False
        self.happened[what] += 1
        return True


@define(eq=False)
class MemoryLink:
    """One bot's place in a `ChatRoom`."""

    room: ChatRoom
    name: str

    @property
    def traits(self) -> Traits:
        """What the room is like."""
        return self.room.traits

    async def send_line(self, text: str) -> None:
        """Say a line. Raises `IllegalCommand` if it is longer than the room takes."""
        await checkpoint()
        if len(text) > self.room.traits.limit:
            raise IllegalCommand(f"{self.name}: a line has at most {self.room.traits.limit} characters")
        self.room.say(self.name, text)

    @asynccontextmanager
    async def listen(self) -> AsyncGenerator[AsyncIterator[HeardLine], None]:
        """Hear what is said in the room."""
        ear = _Ear(self.name)
        self.room._ears.append(ear)  # noqa: SLF001 - the room is in this file
        try:
            yield ear.lines()
        finally:
            self.room._ears.remove(ear)  # noqa: SLF001
