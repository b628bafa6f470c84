"""One player: a link, an adapter, and what it shares with the others."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import chain
from math import inf
from random import Random
from typing import Any, Generic, TypeVar

from anyio import (
    BrokenResourceError,
    CancelScope,
    ClosedResourceError,
    EndOfStream,
    Event,
    create_task_group,
    current_time,
    move_on_after,
    sleep,
)
from attrs import define, field, frozen, validators

from ._clock import now
from ._facts import Fact, Json, Message
from ._inbox import Inbox
from ._status import Progress
from .abc import (
    Adapter,
    ByteStream,
    CommandT,
    CoordinationChannel,
    Display,
    EventT,
    KnowledgeStore,
    PushStream,
    Role,
    Transport,
)
from .errors import ConnectFailed, Disconnected, GarbledReply, Stalled, TransportError

INBOX_SIZE = 256
GOODBYE = 3.0  # seconds granted to the last words
GONE = (BrokenResourceError, ClosedResourceError, OSError, TransportError)
NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}", re.ASCII)
T = TypeVar("T")


def _callable(_instance: object, attribute: Any, value: Any) -> None:
    if not callable(value):
        raise TypeError(f"{attribute.name} must be callable, got {value!r}")


def _reaches(_instance: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, Transport):
        raise TypeError(f"{attribute.name} must be a transport (have a connect method), got {value!r}")


def _named(_instance: object, _attribute: object, value: str) -> None:
    if not NAME.fullmatch(value):
        raise ValueError(f"a bot's name has 1 to 64 letters, digits, dots or dashes, got {value!r}")


@frozen(kw_only=True)
class BotSpec(Generic[EventT, CommandT]):
    """Everything needed to start one bot, and to start it again; it pickles and can be written down.

    `stall` is the number of seconds without progress (`Bot.advance`) after which the bot is
    replaced; `drain` the number granted to finish a cycle when asked to stop.
    """

    name: str = field(validator=[validators.instance_of(str), _named])
    role: Role[EventT, CommandT] = field(validator=_callable)
    adapter: Callable[[], Adapter[EventT, CommandT]] = field(validator=_callable)
    transport: Transport = field(validator=_reaches)
    goal: Json = None
    stall: float = field(default=300.0, validator=validators.gt(0))
    drain: float = field(default=30.0, validator=validators.ge(0))


@define(eq=False, kw_only=True)
class Bot(Generic[EventT, CommandT]):
    """The hands and ears a role is given."""

    name: str
    channel: CoordinationChannel
    knowledge: KnowledgeStore
    random: Random
    adapter: Adapter[EventT, CommandT]
    goal: Json = None
    incarnation: int = 1
    where: str = field(init=False, default="")
    doing: str = field(init=False, default="")
    figures: dict[str, Json] = field(init=False, factory=dict[str, Json])
    progress: Progress | None = field(init=False, default=None)
    turns: int = field(init=False, default=0)
    _stream: ByteStream = field(alias="stream")
    _changed: Callable[[], None] = field(alias="changed", default=lambda: None)
    _inbox: Inbox[EventT] = field(init=False, factory=lambda: Inbox[EventT](INBOX_SIZE))
    _held: Iterator[EventT] = field(init=False, factory=lambda: iter(()))
    _upset: Exception | None = field(init=False, default=None)
    _leaving: bool = field(init=False, default=False)
    _gate: Event | None = field(init=False, default=None)
    _relief: Event = field(init=False, factory=Event)
    _advanced: float = field(init=False, factory=current_time)

    # --- the game ---------------------------------------------------------------------------

    async def send(self, command: CommandT) -> None:
        """Do something in the game; while paused, wait. Raises `Disconnected` or `IllegalCommand`."""
        while self._gate is not None:
            await self._gate.wait()
        data = self.adapter.send(command)
        self.turns += 1
        try:
            await self._stream.send(data)
        except (BrokenResourceError, ClosedResourceError) as exc:
            raise Disconnected(f"{self.name}: the link broke while sending{_because(exc)}") from exc

    async def expect(self, kind: type[T] | tuple[type[T], ...], *, within: float) -> T:
        """Wait for the next event of one kind, or of several; let the others pass.

        Raises `TimeoutError` when it did not come within that many seconds.
        """
        until = current_time() + within
        while True:
            event = await self._inbox.get(until)
            if isinstance(event, kind):
                return event

    def __aiter__(self) -> Bot[EventT, CommandT]:
        return self

    async def __anext__(self) -> EventT:
        return await self._inbox.get()

    def screen(self) -> str:
        """Give what a person would see now, if the adapter can show it; for reports only."""
        return self.adapter.screen() if isinstance(self.adapter, Display) else ""

    # --- the others -------------------------------------------------------------------------

    async def say(self, topic: str, body: Json) -> None:
        """Tell the other bots."""
        await self.channel.publish(Message(topic, body, self.name, sent_at=now()))

    async def learn(self, key: str, value: Json, *, ttl: float | None = None) -> bool:
        """Remember something for everybody; say whether it was news."""
        return await self.knowledge.learn(Fact(key, value, now(), self.name, ttl=ttl))

    # --- the supervisor ---------------------------------------------------------------------

    @property
    def on_duty(self) -> bool:
        """Whether the role should go on; when false, finish the cycle and return."""
        return not self._relief.is_set()

    def advance(self, metric: str, value: float) -> None:
        """Say that the work went forward; a bot that never does is replaced."""
        self._advanced = current_time()
        self.progress = Progress(metric=metric, value=value, at=now())
        self._changed()

    def report(self, *, where: str | None = None, doing: str | None = None, **figures: Json) -> None:
        """Tell where the bot is, what it does, and its key figures; all of it shows in its status."""
        if where is not None:
            self.where = where
        if doing is not None:
            self.doing = doing
        self.figures |= figures
        self._changed()

    async def rest(self, delay: float) -> None:
        """Do nothing for some seconds, or until relieved of duty."""
        with move_on_after(delay):
            await self._relief.wait()

    @property
    def paused(self) -> bool:
        """Whether sending waits."""
        return self._gate is not None

    def pause(self) -> None:
        """Send nothing until resumed."""
        if self._gate is None:
            self._gate = Event()

    def resume(self) -> None:
        """Send again; the time spent paused does not count as a stall."""
        if self._gate is not None:
            self._gate.set()
            self._gate = None
            self._advanced = current_time()

    def relieve(self) -> None:
        """Ask the role to finish its cycle and return."""
        self._relief.set()

    def engage(self) -> None:
        """Begin a new role's duty."""
        self._relief = Event()
        self._advanced = current_time()

    # --- the tasks of the block ---------------------------------------------------------------

    async def _watch(self, stall: float) -> None:
        while True:
            wait = stall if self.paused else self._advanced + stall - current_time()
            if wait <= 0:
                raise Stalled(f"{self.name}: no progress for {stall:g} s, while {self.doing or 'idle'}")
            await sleep(wait)

    async def _listen(self) -> None:
        # When the link ends, this raises and the nursery cancels the role. It must not close the
        # inbox as well: then one cause would give two errors.
        stream = self._stream
        # Asked once: on Python 3.11 asking a protocol costs as much as a turn.
        push = stream if isinstance(stream, PushStream) else None
        try:
            while True:
                if push is not None:
                    await push.deliver(self._hear)
                    await self._catch_up()
                elif not self._hear(await stream.receive()):
                    await self._catch_up()
        except EndOfStream as exc:
            if self._leaving:
                return
            raise Disconnected(f"{self.name}: the game hung up") from exc
        except (BrokenResourceError, ClosedResourceError) as exc:
            if self._leaving:
                return
            raise Disconnected(f"{self.name}: the link broke{_because(exc)}") from exc
        except GarbledReply as exc:
            exc.screen = exc.screen or self.screen()
            raise

    def _hear(self, data: bytes) -> bool:
        """Take what the game printed; say whether there is room for more."""
        try:
            events = iter(self.adapter.receive(data))
            for event in events:
                if not self._inbox.put_nowait(event):
                    self._held = chain((event,), events)
                    return False
        except Exception as exc:  # noqa: BLE001 - may be called by the loop itself: the listener raises it
            self._upset = exc
            return False
        return True

    async def _catch_up(self) -> None:
        """Put what had no room, waiting for some; or raise what upset the adapter."""
        if self._upset is not None:
            raise self._upset
        held, self._held = self._held, iter(())
        for event in held:
            await self._inbox.put(event)

    async def _hang_up(self) -> None:
        self._leaving = True  # from here on, a game that hangs up does as it was told
        if words := self.adapter.close():
            await self._stream.send(words)


def _because(exc: Exception) -> str:
    # Most broken links have nothing to add; a program that died has its last words.
    return f": {exc}" if str(exc) else ""


@asynccontextmanager
async def open_bot(
    spec: BotSpec[EventT, CommandT],
    *,
    channel: CoordinationChannel,
    knowledge: KnowledgeStore,
    random: Random,
    incarnation: int = 1,
    changed: Callable[[], None] = lambda: None,
) -> AsyncGenerator[Bot[EventT, CommandT], None]:
    """Connect one bot; say goodbye and hang up on the way out.

    Raises `ConnectFailed` if the link does not stand within `spec.stall` seconds.
    """
    with CancelScope(deadline=current_time() + spec.stall) as patience:
        async with spec.transport.connect() as stream, create_task_group() as nursery:
            patience.deadline = inf
            bot: Bot[EventT, CommandT] = Bot(
                name=spec.name,
                channel=channel,
                knowledge=knowledge,
                random=random,
                adapter=spec.adapter(),
                goal=spec.goal,
                incarnation=incarnation,
                stream=stream,
                changed=changed,
            )
            nursery.start_soon(bot._listen, name=f"{spec.name}/listen")  # noqa: SLF001 - its own block
            nursery.start_soon(bot._inbox.keep_time, name=f"{spec.name}/time")  # noqa: SLF001
            nursery.start_soon(bot._watch, spec.stall, name=f"{spec.name}/watch")  # noqa: SLF001
            try:
                yield bot
            finally:
                # A link that is gone already must not hide what happened.
                with move_on_after(GOODBYE, shield=True), suppress(*GONE):
                    await bot._hang_up()  # noqa: SLF001
            nursery.cancel_scope.cancel()
    if patience.cancelled_caught:
        raise ConnectFailed(f"{spec.name}: the link did not stand within {spec.stall:g} s")
