"""Keep bots alive in this process, one block each."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from math import inf, isfinite
from pathlib import Path
from random import Random
from typing import Any

from anyio import (
    AsyncContextManagerMixin,
    CancelScope,
    Lock,
    create_task_group,
    current_time,
    sleep,
    sleep_until,
)
from anyio.abc import TaskGroup
from attrs import define, evolve, field, validators

from .._bot import Bot, BotSpec, open_bot
from .._status import Assign, Order, Pause, Pursue, Resume, State, Status
from ..abc import CoordinationChannel, KnowledgeStore, Reach
from ..errors import GarbledReply, WingmateError
from ..screens import capture
from ._child import Child, in_words, the_cause
from ._policy import Backoff, Crash, RestartPolicy
from ._viewer import Viewer

STAGGER = 2.0  # seconds between starts against a host that is not this machine
LOCAL_HOSTS = frozenset({"", "localhost", "127.0.0.1", "::1"})
logger = logging.getLogger(__name__)


def _is_time(_instance: object, attribute: Any, value: float) -> None:
    if not 0 <= value < inf:
        raise ValueError(f"{attribute.name} is a number of seconds, got {value!r}")


@define(eq=False)
class _Gate:
    """Where the bots of one host wait for their turn to connect, in order."""

    turn: Lock = field(init=False, factory=Lock)
    last: float = field(init=False, default=-inf)


@define(eq=False, kw_only=True)
class LocalSupervisor(AsyncContextManagerMixin):
    """Run bots in this process until they are done, are stopped, or crash too often.

    Leaving the block waits for every bot; those that gave up are raised together as an
    `ExceptionGroup`, after their siblings have played on to their ends. `stagger` is the number
    of seconds between two starts; left out, it is 2 towards a remote host and 0 on this machine.
    `captures` is a folder for screens that no rule knew.
    """

    channel: CoordinationChannel
    knowledge: KnowledgeStore
    restart: RestartPolicy = field(factory=Backoff)
    stagger: float | None = field(default=None, validator=validators.optional(_is_time))
    seed: int = 0
    captures: Path | None = None
    failures: list[Exception] = field(init=False, factory=list[Exception])
    _children: dict[str, Child] = field(init=False, factory=dict[str, Child])
    _viewers: list[Viewer] = field(init=False, factory=list[Viewer])
    _gates: dict[str, _Gate] = field(init=False, factory=dict[str, _Gate])
    _ended: bool = field(init=False, default=False)
    _nursery: TaskGroup | None = field(init=False, default=None)

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[LocalSupervisor, None]:
        try:
            async with create_task_group() as self._nursery:
                yield self
        finally:
            self._nursery = None
            self._ended = True
            for viewer in self._viewers:
                viewer.close()
        if self.failures:
            raise ExceptionGroup("bots gave up", self.failures)

    # --- the four methods of the seam -----------------------------------------------------------

    async def start(self, spec: BotSpec[Any, Any]) -> None:
        """Start one more bot. Raises `ValueError` if one of that name is alive."""
        if self._nursery is None:
            raise RuntimeError("start bots inside the supervisor's block: async with LocalSupervisor(…)")
        known = self._children.get(spec.name)
        if known is not None and not known.state.over:
            raise ValueError(f"there is already a bot called {spec.name!r}")
        child = self._children[spec.name] = Child(spec=spec)
        if known is not None:
            child.incarnation = known.incarnation  # numbers only grow, whoever starts it
        self._note(child, State.CREATED)
        self._nursery.start_soon(self._keep_alive, child, name=spec.name)

    async def stop(self, name: str, *, drain: bool = True) -> None:
        """Stop a bot: after its cycle if *drain*, otherwise now; asking twice is now. Raises `KeyError`."""
        child = self._child(name)
        if child.state.over:
            return
        again, child.stopping = child.stopping, True
        child.reason = "stopped by order"
        if drain and not again and child.bot is not None and child.shift is not None:
            child.scope.deadline = min(child.scope.deadline, current_time() + child.spec.drain)
            child.bot.resume()  # a paused role could not finish its cycle
            child.bot.relieve()
            self._note(child, State.DRAINING)
        else:
            child.scope.cancel()

    async def order(self, name: str, order: Order) -> None:
        """Give a bot an order. Raises `KeyError`; a bot whose life is over ignores it."""
        child = self._child(name)
        if child.state.over:
            return
        match order:
            case Pause():
                child.pause()
            case Resume():
                child.resume()
            case Assign(role):
                child.assign(role)
            case Pursue(goal):
                child.pursue(goal)
        self._publish(child)

    @asynccontextmanager
    async def watch(self) -> AsyncGenerator[AsyncIterator[Status], None]:
        """Hear how every bot is, then every change; who is too slow for the changes gets the whole again."""
        viewer = Viewer(self.statuses)
        if self._ended:
            viewer.close()
        self._viewers.append(viewer)
        try:
            yield viewer
        finally:
            self._viewers.remove(viewer)

    # --- conveniences ---------------------------------------------------------------------------

    def statuses(self) -> list[Status]:
        """Tell how every bot is, by name."""
        return [self._children[name].status() for name in sorted(self._children)]

    async def stop_all(self, *, drain: bool = True) -> None:
        """Stop every bot; leaving the block then waits for them."""
        for name in sorted(self._children):
            await self.stop(name, drain=drain)

    def _child(self, name: str) -> Child:
        try:
            return self._children[name]
        except KeyError:
            known = ", ".join(sorted(self._children)) or "none"
            raise KeyError(f"there is no bot called {name!r}; known: {known}") from None

    # --- one bot's life -------------------------------------------------------------------------

    async def _keep_alive(self, child: Child) -> None:
        try:
            with child.scope:
                await self._await_turn(child)
                while (delay := await self._run_once(child)) is not None:
                    child.reason = f"trying again in {delay:.1f} s"
                    self._note(child, State.WAITING)
                    await sleep(delay)
                    await self._await_turn(child)
        finally:
            if not child.state.over:
                if not child.stopping:
                    child.reason = "cut short: the supervisor's block ended"
                self._note(child, State.STOPPED)

    async def _await_turn(self, child: Child) -> None:
        # Reconnects take turns too: a crew that lost its server must not storm it.
        transport = child.spec.transport
        host = transport.host if isinstance(transport, Reach) else ""
        gap = self.stagger
        if gap is None:
            gap = 0.0 if host in LOCAL_HOSTS else STAGGER
        gate = self._gates.setdefault(host, _Gate())
        async with gate.turn:
            await sleep_until(gate.last + gap)
            gate.last = current_time()

    async def _run_once(self, child: Child) -> float | None:
        child.incarnation += 1
        self._note(child, State.CONNECTING)
        delay = None
        try:
            async with open_bot(
                evolve(child.spec, goal=child.goal),
                channel=self.channel,
                knowledge=self.knowledge,
                random=self._dice(child, "bot"),
                incarnation=child.incarnation,
                changed=lambda: self._publish(child),
            ) as bot:
                child.board(bot)
                self._note(child, State.PAUSED if child.paused else State.RUNNING)
                await self._work(child, bot)
            self._note(child, State.STOPPED if child.stopping else State.DONE)
        except* Exception as group:  # noqa: BLE001 - the one broad handler; cancellation passes it
            delay = self._judge(child, the_cause(group))
        finally:
            child.leave()
        return delay

    async def _work(self, child: Child, bot: Bot[Any, Any]) -> None:
        while not child.stopping:
            child.handover = False
            bot.engage()
            with CancelScope() as child.shift:
                await child.role(bot)
            child.shift = None
            if not child.handover:
                return
            self._publish(child)

    def _judge(self, child: Child, error: Exception) -> float | None:
        child.record_crash(error)
        self._keep_screen(child, error)
        if child.stopping:  # a human stop wins over any restart
            self._note(child, State.STOPPED)
            return None
        crash = Crash(
            bot=child.spec.name, error=error, count=child.crashes, random=self._dice(child, "delay")
        )
        try:
            delay = _delay(self.restart(crash))
        except Exception as exc:  # noqa: BLE001 - the user's code: its mistake must not end the siblings
            delay, error = None, exc
            child.last_error += f" (and the restart policy failed: {in_words(exc)})"
        expected = isinstance(error, WingmateError)
        logger.warning(
            "%s crashed: %s", child.spec.name, child.last_error, exc_info=None if expected else error
        )
        if delay is None:
            child.reason = f"gave up after {child.crashes} crash(es) without progress: {child.last_error}"
            self.failures.append(error)
            self._note(child, State.FAILED)
        return delay

    def _keep_screen(self, child: Child, error: Exception) -> None:
        if self.captures is None or not isinstance(error, GarbledReply) or not error.screen:
            return
        try:
            path = capture(error.screen, self.captures, name=child.spec.name)
        except OSError as exc:
            child.last_error += f" (and its screen could not be kept: {in_words(exc)})"
        else:
            child.last_error += f" (screen kept in {path})"

    def _dice(self, child: Child, what: str) -> Random:
        return Random(f"{self.seed}/{child.spec.name}/{what}/{child.incarnation}")

    # --- telling --------------------------------------------------------------------------------

    def _note(self, child: Child, state: State) -> None:
        child.enter(state)
        self._publish(child)

    def _publish(self, child: Child) -> None:
        if self._viewers:
            status = child.status()
            for viewer in self._viewers:
                viewer.put(status)


def _delay(answer: Any) -> float | None:
    """Give what a policy answered. Raises `ValueError` if that is no delay."""
    if answer is None:
        return None
    if (
        isinstance(answer, bool)
        or not isinstance(answer, int | float)
        or not (isfinite(answer) and answer >= 0)
    ):
        raise ValueError(f"a restart policy gives a number of seconds or None, not {answer!r}")
    return float(answer)
