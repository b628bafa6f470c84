"""The conversation with the game: one command, its proof, and the prompt that follows.

A command is done when the game proved that it took it (the command's own header, echo or event; see
its `manner`) and waits for us again. A prompt alone proves nothing. What others do meanwhile is
noticed on the way: facts are learned, the ship's figures kept, threats told to the crew.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final, Protocol, TypeVar, runtime_checkable

from anyio import current_time, sleep
from attrs import Factory, define, field, frozen

from ..._bot import Bot
from ..._clock import now
from ..._facts import Fact, Json
from ...abc import BulkStore
from ...errors import Disconnected, GarbledReply, Unanswered
from ..atlas import Atlas
from ..commands import Command, Continue
from ..errors import refusal
from ..events import (
    Attacked,
    DamageTaken,
    EntryRefused,
    Heard,
    MinesDetonated,
    Prompted,
    SessionEnded,
    ShipDestroyed,
)
from ._ship import Ship

QUIET: Final = 8.0  # seconds without a byte, with text on the prompt line that no rule knows
GRACE: Final = 3.0  # seconds to wait for the proof after a prompt came without one
MOST_EVENTS: Final = 50_000  # in one answer; the dump of 20,000 sectors comes in parts
PAUSES: Final = frozenset({"pause", "any-key", "title"})
MANY: Final = 8  # facts that are worth a bulk learn
T = TypeVar("T")


@frozen
class Reply:
    """What the game said to one command, and the prompt at which it waits now."""

    prompt: Prompted
    events: tuple[object, ...]

    def find(self, kind: type[T]) -> T | None:
        """Give the last event of a kind."""
        return next((event for event in reversed(self.events) if isinstance(event, kind)), None)

    def all(self, kind: type[T]) -> list[T]:
        """Give every event of a kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]


@runtime_checkable
class Console(Protocol):
    """What a pilot needs of an adapter besides bytes: where the game waits, and what it cannot read."""

    @property
    def prompt(self) -> Prompted | None:
        """The prompt at which the game waits; None while it prints."""
        ...

    @property
    def pending(self) -> str:
        """The text of the unfinished line."""
        ...


def _console(talk: Talk) -> Console:
    adapter: object = talk.bot.adapter
    if not isinstance(adapter, Console):
        raise TypeError(f"{talk.bot.name}: a pilot needs the TradeWars adapter, not {type(adapter).__name__}")
    return adapter


@define(eq=False)
class Talk:
    """One pilot's side of the conversation. `pace` is the pause before each command in seconds."""

    bot: Bot[Any, Any]
    atlas: Atlas = field(factory=Atlas)
    pace: float = 0.0
    ship: Ship = field(factory=Ship)
    heard: deque[Heard] = field(init=False, factory=lambda: deque[Heard](maxlen=20))
    mapped: int = field(init=False, default=0)
    alarm: object | None = field(init=False, default=None)
    _serial: int = field(init=False, default=0)
    _console: Console = field(init=False, default=Factory(_console, takes_self=True))

    @property
    def name(self) -> str:
        """The bot's name, for messages."""
        return self.bot.name

    @property
    def prompt(self) -> Prompted | None:
        """The prompt at which the game waits for us, if it does."""
        return self._console.prompt

    async def first(self, *, within: float = 30.0) -> Prompted:
        """Wait until the game waits for us; no longer than the deadline. Raises `Unanswered`."""
        ends = current_time() + within
        while (prompt := self.prompt) is None:
            event = await self._next(ends)
            if event is None:
                raise self._silence("its first prompt", repeatable=True)
            await self.notice(event)
        self._serial = max(self._serial, prompt.serial)
        return prompt

    async def do(self, command: Command, *, within: float | None = None) -> Reply:
        """Give a command and wait until it is done. Raises `Unanswered`, `GarbledReply`, `Refused`."""
        if self.pace:
            await sleep(self.pace)
        manner = command.manner
        if (prompt := self.prompt) is not None:
            self._serial = max(self._serial, prompt.serial)
        before = self._serial
        await self.bot.send(command)
        ends = current_time() + (manner.within if within is None else within)
        seen: list[object] = []
        proved = False
        while len(seen) < MOST_EVENTS:
            event = await self._next(ends)
            if event is None:
                raise self._silence(repr(command), repeatable=manner.repeatable)
            seen.append(event)
            await self.notice(event)
            proved = proved or manner.proves(event)
            if isinstance(event, Prompted) and not event.again and event.serial > before:
                if event.name in PAUSES:
                    await self.bot.send(Continue())
                elif proved and self._current(event):
                    return Reply(event, tuple(seen))
                elif not proved:
                    ends = min(ends, current_time() + GRACE)
        raise GarbledReply(f"{self.name}: no end to the answer to {command!r}", screen=self.bot.screen())

    def _current(self, event: Prompted) -> bool:
        prompt = self.prompt
        return prompt is None or prompt.serial <= event.serial

    async def _next(self, ends: float) -> object | None:
        while (left := ends - current_time()) > 0:
            try:
                return await self.bot.expect(object, within=min(left, QUIET))
            except TimeoutError:
                # Text on the prompt line that is no prompt: nothing may be typed there blindly.
                if self.prompt is None and self._console.pending:
                    raise GarbledReply(
                        f"{self.name}: the game waits at a prompt that no rule knows",
                        screen=self.bot.screen(),
                    ) from None
        return None

    def _silence(self, what: str, *, repeatable: bool) -> Unanswered:
        return Unanswered(f"{self.name}: no answer in time to {what}", repeatable=repeatable)

    # --- noticing -----------------------------------------------------------------------------

    async def notice(self, event: object) -> None:
        """Learn what an event teaches. Raises `Refused` when it says that we are not wanted."""
        match event:
            case EntryRefused():
                raise refusal(event, self.name)
            case SessionEnded(why=why) if why != "left":
                raise Disconnected(f"{self.name}: the game ended the session ({why})")
            case Heard():
                self.heard.append(event)
            case DamageTaken() | MinesDetonated() | ShipDestroyed(ours=True) | Attacked(how="fighters"):
                self.alarm = event
            case _:
                pass
        if self.ship.notice(event):
            self._report()
        facts = self.atlas.facts_from(event, here=self.ship.sector, at=now(), by=self.name)
        if facts:
            await self.learn(facts)

    async def learn(self, facts: list[Fact]) -> None:
        """Draw facts on the map and tell everybody."""
        before = self.atlas.explored_count
        fresh = [fact for fact in facts if self.atlas.add(fact) or fact.kind not in {"sector", "port"}]
        self.mapped += self.atlas.explored_count - before
        store = self.bot.knowledge
        if len(fresh) >= MANY and isinstance(store, BulkStore):
            await store.learn_all(fresh)
        else:
            for fact in fresh:
                await store.learn(fact)
        for fact in fresh:
            if fact.kind == "danger" and fact.value is not None:
                await self.bot.say("threat", {"key": fact.key, "value": fact.value})

    def _report(self) -> None:
        ship = self.ship
        told: dict[str, Json] = {
            "credits": ship.credits,
            "turns": ship.turns,
            "bank": ship.bank,
            "fighters": ship.fighters,
            "holds": ship.holds,
            "net_worth": ship.worth,
            "earned": ship.earned,
            "turns_used": ship.turns_used,
        }
        where = None if ship.sector is None else str(ship.sector)
        self.bot.figures |= {name: value for name, value in told.items() if value is not None}
        self.bot.report(where=where)

    def tell(self, words: str) -> None:
        """Say in one line what happened last; it shows in the bot's status."""
        self.bot.report(event=words)
