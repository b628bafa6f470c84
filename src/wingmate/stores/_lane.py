"""Many callers, one worker thread: whatever waits at the same time is done in one go."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, Generic, TypeVar

from anyio import (
    CancelScope,
    CapacityLimiter,
    Event,
    create_task_group,
    get_cancelled_exc_class,
    to_thread,
)
from attrs import define, field, frozen

from ..errors import KnowledgeError
from ._threads import make_way

JobT = TypeVar("JobT")


@frozen
class Failure:
    """The answer to a job that could not be done: what to tell its caller, and why."""

    message: str
    cause: BaseException


@define(eq=False)
class Batch(Generic[JobT]):
    """What is done together: the jobs, and their answers in the same order."""

    jobs: list[JobT] = field(factory=list[JobT])
    answers: Sequence[Any] = field(factory=list[Any])
    taken: Event = field(factory=Event)
    done: Event = field(factory=Event)


@define(eq=False)
class Lane(Generic[JobT]):
    """Collects jobs while the thread is at work on the last ones, and hands them over together.

    `work` runs in the thread and answers a list of jobs. When `size` jobs wait, callers wait too.
    """

    work: Callable[[Sequence[JobT]], Sequence[Any]]
    size: int
    _next: Batch[JobT] = field(init=False, factory=Batch[JobT])
    _wanted: Event = field(init=False, factory=Event)
    _closed: bool = field(init=False, default=False)
    _current: Batch[JobT] | None = field(init=False, default=None)
    _begun: Event = field(init=False, factory=Event)  # a batch, or the end
    _ended: bool = field(init=False, default=False)

    async def ask(self, job: JobT, *, undo: Callable[[Any], JobT | None] | None = None) -> Any:
        """Have a job done and give its result. Raises `KnowledgeError`.

        A caller that is cancelled leaves at once and its job may be done all the same, unless
        there is an `undo`: then it stays to hear the answer and to have the named job done.
        """
        while len(self._next.jobs) >= self.size and not self._closed:
            await self._next.taken.wait()
        if self._closed:
            raise KnowledgeError("the store is closed; use it inside its `async with` block")
        batch = self._next
        place = len(batch.jobs)
        batch.jobs.append(job)
        self._wanted.set()
        try:
            await batch.done.wait()
        except get_cancelled_exc_class():
            if undo is not None:
                with CancelScope(shield=True), suppress(KnowledgeError):
                    await batch.done.wait()
                    if again := undo(_answer(batch, place)):
                        await self.ask(again)
            raise
        return _answer(batch, place)

    async def run(self) -> None:
        """Work until closed; what was asked before is done first."""
        limiter = CapacityLimiter(1)
        # Whoever cancels the block around the store still gets written what was asked before:
        # only `close` ends this loop.
        with CancelScope(shield=True):
            try:
                while await self._some():
                    await self._do(limiter)
            finally:
                self.close()
                self._ended = True
                self._begun.set()

    async def make_way(self) -> None:
        """Let the thread get on with each batch, however busy the loop is, until `run` has ended."""
        with CancelScope(shield=True):
            while True:
                await self._begun.wait()
                if self._ended:
                    return
                batch, self._begun = self._current, Event()
                await make_way(partial(self._is_current, batch))

    def close(self) -> None:
        """Take no more jobs, and end once those that wait are done."""
        self._closed = True
        self._wanted.set()
        self._next.taken.set()

    async def _some(self) -> bool:
        await self._wanted.wait()
        return bool(self._next.jobs)

    async def _do(self, limiter: CapacityLimiter) -> None:
        batch, self._next = self._next, Batch[JobT]()
        if not self._closed:
            self._wanted = Event()
        batch.taken.set()
        self._current = batch
        self._begun.set()
        try:
            batch.answers = await to_thread.run_sync(self.work, batch.jobs, limiter=limiter)
        finally:
            self._current = None
            batch.done.set()

    def _is_current(self, batch: Batch[JobT] | None) -> bool:
        return batch is not None and batch is self._current


@asynccontextmanager
async def at_work(**lanes: Lane[Any]) -> AsyncGenerator[None, None]:
    """Run lanes as long as the block lasts; what the block raises comes out as it is."""
    failure: BaseException | None = None
    try:
        async with create_task_group() as nursery:
            for name, lane in lanes.items():
                nursery.start_soon(lane.run, name=name)
                nursery.start_soon(lane.make_way, name=f"{name}/way")
            try:
                yield
            finally:
                for lane in lanes.values():
                    lane.close()
    except BaseExceptionGroup as group:
        if len(group.exceptions) != 1:
            raise
        failure = group.exceptions[0]
    if failure is not None:
        raise failure


def _answer(batch: Batch[Any], place: int) -> Any:
    if not batch.answers:
        raise KnowledgeError("the store broke while it was at work; see the error that ended its block")
    answer = batch.answers[place]
    if isinstance(answer, Failure):
        raise KnowledgeError(answer.message) from answer.cause
    return answer
