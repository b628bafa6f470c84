"""Run a whole crew in virtual time, in an order a seed decides.

The one place that leans on asyncio's inside: three private names (the loop's `_ready` and
`_clock_resolution`, a handle's `_callback`), there since the beginning; `run_on_trio` needs none.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
import warnings
from collections import deque
from collections.abc import Awaitable, Callable
from math import ulp
from operator import attrgetter
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import anyio
from anyio import CapacityLimiter
from anyio.to_thread import current_default_thread_limiter
from typing_extensions import TypeVarTuple, override

from .._clock import calendar
from ._waits import whereabouts

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from contextvars import Context

T = TypeVar("T")
Args = TypeVarTuple("Args")

START = 1_767_225_600.0  # 1 January 2026, midnight UTC: as good a day as any, and the same every time
LONGEST = 30 * 86_400.0  # virtual seconds; a story that still runs after a month will not end
RESOLUTION = 1e-9  # seconds; timers closer than this ring together, as with asyncio's own clock
STANDSTILL = 1_000_000  # turns of the loop without any time passing; a crew of 1,000 needs some hundreds
STUBBORN = 100  # times a task is cancelled again that goes on waiting when cancelled
SLOW = 5.0  # real seconds for one turn; a loaded machine pauses a process for one or two

NO_THREADS = "a simulation has one thread, so that its order is its own; run this part with anyio.run instead"
NO_SOCKETS = "a simulation has no sockets and no processes; use MemoryNetwork, or anyio.run instead"


class Deadlock(Exception):
    """Every task is waiting and no timer is set: nothing can ever happen.

    `tasks` names those who wait; the message also tells where.
    """

    def __init__(self, message: str, tasks: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.tasks = tasks


class Endless(Exception):
    """The story does not come to an end: it outlived its limit, or runs in circles while no time passes."""


class BlockingCall(RuntimeWarning):
    """One step took so long in real time that it would have stopped every other bot."""


def simulate(
    main: Callable[[*Args], Awaitable[T]],
    *args: *Args,
    seed: int = 0,
    random: Random | None = None,
    start: float = START,
    within: float = LONGEST,
    slow: float = SLOW,
) -> T:
    """Run *main* to its end in virtual time and give what it returned; the same seed runs the same way.

    *random* are dice to use instead of the seed's, such as hypothesis's, which then shrinks the
    schedule. The calendar (`wingmate.now`) begins at *start*. Raises `Deadlock` when everybody
    waits for ever and `Endless` after *within* virtual seconds; warns of a `BlockingCall` when a
    step takes more than *slow* real seconds. Threads, sockets and processes are refused.
    """
    dice = Random(seed) if random is None else random
    loops: list[SimulationLoop] = []

    def make_loop() -> SimulationLoop:
        loops.append(SimulationLoop(dice, within=within, slow=slow))
        return loops[0]

    async def story() -> T:
        loop = loops[0]
        loop.limiter = current_default_thread_limiter()
        calendar.set(lambda: start + loop.now)
        task = asyncio.current_task()
        assert task is not None
        task.set_name(getattr(main, "__name__", "main"))
        return await main(*args)

    try:
        return anyio.run(story, backend="asyncio", backend_options={"loop_factory": make_loop})
    except BaseException as exc:
        if random is None:
            exc.add_note(f"simulation seed: {seed}")
        raise


class _Step(asyncio.Task[Any]):
    """A task that knows how many were born before it."""

    number = 0


class _Fate(selectors.DefaultSelector):
    """Asked once per turn of the loop: decides who goes first and what time it is."""

    loop: SimulationLoop
    guests = 0

    @override
    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        self.guests += 1
        if self.guests > 1:  # the first is the loop's own pipe, on which it hears of signals
            raise RuntimeError(NO_SOCKETS)
        return super().register(fileobj, events, data)

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        loop = self.loop
        loop.end_turn()
        if timeout == 0:
            loop.stand()
            ready = []
        elif not (ready := super().select(0)):
            loop.move(timeout)
        loop.begin_turn()
        return ready


class SimulationLoop(asyncio.SelectorEventLoop):
    """An asyncio loop whose clock is a number and whose dice are yours."""

    _ready: deque[asyncio.Handle]  # asyncio's own, see the top of this file

    def __init__(self, random: Random, *, within: float = LONGEST, slow: float = SLOW) -> None:
        self.now = 0.0
        self.limiter: CapacityLimiter | None = None
        self._within = within
        self._slow = slow
        self._random = random
        self._born = 0
        self._deadlocks = 0
        self._turns = 0
        self._steps: list[tuple[_Step, asyncio.Handle]] = []
        self._woken = perf_counter()
        self._home = threading.get_ident()
        self._intruder = ""
        fate = _Fate()
        fate.loop = self
        super().__init__(fate)
        self._clock_resolution = RESOLUTION
        self.set_task_factory(self._number_task)

    @override
    def time(self) -> float:
        return self.now

    def _number_task(self, loop: asyncio.AbstractEventLoop, coro: Any, /, **kwargs: Any) -> _Step:
        self._born += 1
        if kwargs.get("name") is None:  # asyncio's own numbers go on from one simulation to the next
            kwargs["name"] = f"task-{self._born}"
        task = _Step(coro, loop=loop, **kwargs)
        task.number = self._born
        return task

    # --- called by fate ---------------------------------------------------------------------

    def begin_turn(self) -> None:
        """Put the ready steps into an order that depends on the dice alone."""
        # Only task steps are shuffled: asyncio promises callbacks first in, first out, but promises
        # nothing about which ready task goes first. Sorting by birth first matters because both
        # asyncio and anyio keep tasks in sets, whose order follows memory addresses.
        ready = self._ready
        self._steps = steps = [step for handle in ready if (step := _step(handle))]
        if len(steps) > 1:
            places = [i for i, handle in enumerate(ready) if _step(handle)]
            steps.sort(key=_birth)
            self._random.shuffle(steps)
            for place, (_, handle) in zip(places, steps, strict=True):
                ready[place] = handle
        self._woken = perf_counter()

    def end_turn(self) -> None:
        """Look back at the turn: did it block, did it use threads?"""
        took = perf_counter() - self._woken
        if took > self._slow:
            names = ", ".join(task.get_name() for task, _ in self._steps[:5]) or "a callback"
            text = (
                f"a step took {took:.2f} real seconds; every other bot would have waited; it was of: {names}"
            )
            warnings.warn(text, BlockingCall, stacklevel=2)
        if self._intruder:
            name, self._intruder = self._intruder, ""
            raise RuntimeError(f"the thread {name} called into the simulation; {NO_THREADS}")

    def stand(self) -> None:
        """Count a turn in which no time passes."""
        self._turns += 1
        if self._turns > STANDSTILL:
            self._turns = 0
            raise Endless(f"{STANDSTILL} turns at {self.now:g} s, and no time passes: {self._waiting()}")

    def move(self, delay: float | None) -> None:
        """Let the time until the next timer pass."""
        self._turns = 0
        if self.limiter is not None and self.limiter.borrowed_tokens:
            users = self.limiter.statistics().borrowers
            self.limiter = None  # say it once; while the tasks end it would be said again
            names = ", ".join(sorted(getattr(user, "get_name", user.__repr__)() for user in users))
            raise RuntimeError(f"{names} uses a thread; {NO_THREADS}")
        if delay is None:
            self._despair()
            return
        self.now += delay
        # Late in a long story a float has steps wider than a nanosecond, and a timer that is due
        # exactly now would never ring.
        self._clock_resolution = max(RESOLUTION, ulp(self.now))
        if self.now > self._within:
            limit, self._within = self._within, self._within + LONGEST  # room for the tasks to end
            raise Endless(f"the story still runs after {limit:g} s: {self._waiting()}")

    def _despair(self) -> None:
        """Report a deadlock; while the tasks are ending because of it, cancel those who wait again."""
        self._deadlocks += 1
        if 1 < self._deadlocks < STUBBORN:
            for task in self._tasks():
                task.cancel()
            return
        names = tuple(sorted(task.get_name() for task in self._tasks()))
        raise Deadlock(self._waiting(), names)

    def _tasks(self) -> list[asyncio.Task[Any]]:
        return sorted(asyncio.all_tasks(self), key=attrgetter("number"))

    def _waiting(self) -> str:
        return "; ".join(f"{task.get_name()} {whereabouts(task.get_coro())}" for task in self._tasks())

    # --- refused ----------------------------------------------------------------------------

    @override
    def call_soon_threadsafe(
        self, callback: Callable[[*Args], object], *args: *Args, context: Context | None = None
    ) -> asyncio.Handle:
        if threading.get_ident() != self._home:
            self._intruder = threading.current_thread().name
        return super().call_soon_threadsafe(callback, *args, context=context)

    @override
    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Args], T], *args: *Args
    ) -> asyncio.Future[T]:
        raise RuntimeError(f"a function was sent to a thread; {NO_THREADS}")

    @override
    async def subprocess_exec(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RuntimeError(NO_SOCKETS)

    @override
    async def subprocess_shell(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RuntimeError(NO_SOCKETS)


def _step(handle: asyncio.Handle) -> tuple[_Step, asyncio.Handle] | None:
    """Tell whose step a handle is, if it is one of a task."""
    owner = getattr(handle._callback, "__self__", None)  # type: ignore[attr-defined]  # noqa: SLF001 - see the top
    return (owner, handle) if isinstance(owner, _Step) else None


def _birth(step: tuple[_Step, asyncio.Handle]) -> int:
    return step[0].number
