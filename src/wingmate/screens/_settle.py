"""Waiting until a game has said what it has to say, and telling why the waiting ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from enum import Enum
from typing import Any, Protocol

from anyio import current_time, move_on_after
from attrs import define, field, frozen

from ._adapter import ScreenAdapter
from ._items import Interjected, Item, PromptSeen
from ._lazy import LazyScreenAdapter, Prompted
from ._reader import ScreenReader
from ._rules import PromptMatch

MOST_ITEMS = 10_000  # kept of one wait, the last ones


class Reason(Enum):
    """Why a wait ended."""

    PROMPT = "prompt"  # the game waits for the player
    QUIET = "quiet"  # it stopped printing, and no rule knows what it stopped at
    DEADLINE = "deadline"  # the time is over, and it has not stopped


@frozen
class Settled:
    """How a wait ended: why, at which prompt, what is on the screen, and what came meanwhile."""

    reason: Reason
    prompt: PromptMatch | None
    text: str
    items: tuple[Item, ...] = field(default=(), repr=False)


class Stream(Protocol):
    """Where bytes come from and go to: any byte stream."""

    async def receive(self, max_bytes: int = ..., /) -> bytes:
        """Wait for some bytes."""
        ...

    async def send(self, item: bytes, /) -> None:
        """Send some bytes."""
        ...


class Player(Protocol):
    """A bot whose adapter is a `ScreenAdapter`, or a lazy one."""

    adapter: Any

    async def send(self, command: Any) -> None:
        """Do something in the game."""
        ...

    async def __anext__(self) -> Any:
        """Wait for the next event."""
        ...


async def settle(
    stream: Stream,
    reader: ScreenReader,
    *,
    within: float,
    quiet: float = 2.0,
    at: Collection[str] = (),
    answers: Mapping[str, bytes] | None = None,
) -> Settled:
    """Read until the game is at a new prompt, says nothing for `quiet` seconds, or time is over.

    Only the prompts named in `at` count, if any are. Reprints do not, nor do prompts that interject:
    those named in `answers` are answered on the way. Raises what the stream raises when it ends.
    """

    async def hear() -> list[Item]:
        return reader.feed(await stream.receive())

    async def reply(name: str) -> None:
        await stream.send((answers or {})[name])

    wait = _Wait(hear, reply, frozenset(at), frozenset(answers or ()))
    reason = await wait.until(current_time() + within, quiet, lambda: 0)
    return wait.outcome(reason, reader.screen())


async def settle_bot(
    bot: Player,
    *,
    within: float,
    quiet: float = 2.0,
    at: Collection[str] = (),
    answers: Mapping[str, Any] | None = None,
) -> Settled:
    """Do as `settle` does, for a bot with a `ScreenAdapter`; `answers` are commands.

    With a `LazyScreenAdapter` it reads every screen on the way.
    """
    adapter = bot.adapter
    if not isinstance(adapter, ScreenAdapter | LazyScreenAdapter):
        raise TypeError(f"settle_bot needs a bot with a ScreenAdapter, got {adapter!r}")

    async def hear() -> list[Item]:
        event = await bot.__anext__()
        return list(event.items) if isinstance(event, Prompted) else [event]

    async def reply(name: str) -> None:
        await bot.send((answers or {})[name])

    wait = _Wait(hear, reply, frozenset(at), frozenset(answers or ()))
    # Bytes that complete nothing make no event, but they are not silence either.
    reason = await wait.until(current_time() + within, quiet, lambda: adapter.heard)
    return wait.outcome(reason, adapter.screen())


@define(eq=False)
class _Wait:
    hear: Callable[[], Awaitable[list[Item]]]
    reply: Callable[[str], Awaitable[None]]
    at: frozenset[str]
    answered: frozenset[str]
    items: list[Item] = field(init=False, factory=list[Item])
    prompt: PromptMatch | None = field(init=False, default=None)

    async def until(self, deadline: float, quiet: float, heard: Callable[[], int]) -> Reason:
        while (left := deadline - current_time()) > 0:
            before = heard()
            new: list[Item] | None = None
            with move_on_after(min(quiet, left)):
                new = await self.hear()
            if new is not None:
                await self._take(new)
                if self.prompt is not None:
                    return Reason.PROMPT
            elif heard() == before and left > quiet:
                return Reason.QUIET
        return Reason.DEADLINE

    async def _take(self, items: Iterable[Item]) -> None:
        for item in items:
            self.items.append(item)
            if isinstance(item, Interjected):
                if item.asks and item.name in self.answered:
                    await self.reply(item.name)
            elif isinstance(item, PromptSeen) and not item.again and (not self.at or item.name in self.at):
                # Of several in one piece the last one counts: it is where the game stands.
                self.prompt = item.match
        del self.items[:-MOST_ITEMS]

    def outcome(self, reason: Reason, text: str) -> Settled:
        return Settled(reason, self.prompt, text, tuple(self.items))
