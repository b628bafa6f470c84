"""Play a crew under somebody's eyes: start, watch, stop properly, and keep the books."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import anyio
from anyio import (
    CancelScope,
    create_task_group,
    current_time,
    open_signal_receiver,
    sleep,
)
from attrs import evolve, frozen

from .._bot import BotSpec
from .._secrets import home
from .._status import State, Status
from .._swarm import Swarm
from ..abc import KnowledgeStore
from ..channels import LocalChannel
from ..stores import SqliteStore
from ..supervisors import Backoff, LocalSupervisor
from ..transports import Recorded
from ..tw2002.atlas import Atlas
from ._ledger import Ledger
from ._state import StateFolder, check_report, write_report
from ._views import View, clean, open_view

REFRESH = 0.25  # seconds between two looks of the view
COUNT_EVERY = 2.0  # seconds between two counts of the map
LASTING: Mapping[str, float] = {
    "danger": 3600.0,
    "port": 7 * 86400.0,
}  # seconds; what is older is not relied on


@frozen(kw_only=True)
class Run:
    """One run of a crew, as ordered on the command line."""

    specs: Mapping[str, BotSpec[Any, Any]]
    folder: StateFolder
    seconds: float | None = None
    seed: int = 0
    stagger: float | None = None
    record: bool = False


Signals: TypeAlias = AsyncIterator[signal.Signals]


@contextmanager
def signals() -> Generator[Signals, None, None]:
    """Take Ctrl+C and SIGTERM from here to the very end, so that an impatient one spoils no books."""
    with open_signal_receiver(signal.SIGINT, signal.SIGTERM) as heard:
        yield heard


async def play(run: Run, view: View, ledger: Ledger, orders: Signals) -> None:
    """Play until every bot is over, the time is up, or somebody asks to stop; keep the books."""
    async with SqliteStore(run.folder.knowledge, ttl=LASTING) as knowledge:
        ledger.sectors_at_start = ledger.sectors = await _count(knowledge)
        view.tell("crew", f"{ledger.sectors:,} sectors known; everything is kept in {run.folder.path}")
        try:
            await _play(run, view, ledger, knowledge, orders)
        except* Exception as group:  # noqa: BLE001 - sorted below: what is not a bot's own is raised again
            _raise_unless_told(group, ledger)
        with CancelScope(shield=True):
            ledger.sectors = await _count(knowledge)


async def _play(run: Run, view: View, ledger: Ledger, knowledge: KnowledgeStore, orders: Signals) -> None:
    supervisor = LocalSupervisor(
        channel=LocalChannel(),
        knowledge=knowledge,
        restart=Backoff(),
        stagger=run.stagger,
        seed=run.seed,
        captures=run.folder.captures,
    )
    swarm = Swarm(
        crew=_recorded(run) if run.record else run.specs,
        supervisor=supervisor,
        channel=supervisor.channel,
        knowledge=knowledge,
        on_change=lambda status: _tell(view, ledger, status),
    )
    async with supervisor, create_task_group() as nursery:
        async with swarm:
            nursery.start_soon(_show, view, ledger, knowledge, name="show")
            nursery.start_soon(_obey, supervisor, view, orders, name="signals")
            if run.seconds is not None:
                nursery.start_soon(_time_up, supervisor, view, run.seconds, name="time")
            for name in swarm.crew:
                await swarm.start(name)
            await swarm.wait_over()
        nursery.cancel_scope.cancel()


def _raise_unless_told(group: BaseExceptionGroup[BaseException], ledger: Ledger) -> None:
    # Bots that gave up are in the books already; the supervisor raises exactly those.
    rest = group.split(lambda exc: isinstance(exc, ExceptionGroup) and exc.message == "bots gave up")[1]
    if rest is not None or not ledger.failed:
        raise group


def _recorded(run: Run) -> dict[str, BotSpec[Any, Any]]:
    run.folder.recordings.mkdir(mode=0o700, exist_ok=True)
    return {
        name: evolve(spec, transport=Recorded(spec.transport, run.folder.recordings / f"{name}.cast"))
        for name, spec in run.specs.items()
    }


def _tell(view: View, ledger: Ledger, status: Status) -> None:
    for line in ledger.note(status):
        view.tell(status.name, line)


async def _count(knowledge: KnowledgeStore) -> int:
    return (await Atlas.load(knowledge)).explored_count


async def _show(view: View, ledger: Ledger, knowledge: KnowledgeStore) -> None:
    started = counted = ticked = current_time()
    while True:
        elapsed = current_time() - started
        if current_time() >= counted + COUNT_EVERY:
            ledger.sectors = await _count(knowledge)
            counted = current_time()
        if current_time() >= ticked + 1.0:
            ledger.tick()
            ticked += 1.0
        view.refresh(ledger, elapsed)
        await sleep(REFRESH)


async def _obey(supervisor: LocalSupervisor, view: View, orders: Signals) -> None:
    asked = False
    async for _ in orders:
        # When the time is up, the crew has been asked already.
        asked = asked or any(status.state is State.DRAINING for status in supervisor.statuses())
        if asked:
            view.tell("crew", "leaving at once")
        else:
            view.tell("crew", "finishing the present cycles, then leaving the game; once more leaves at once")
        await supervisor.stop_all(drain=not asked)
        asked = True


def conduct(given: argparse.Namespace, action: Callable[[View, Ledger], Awaitable[None]]) -> int:
    """Run an action in somebody's view, and conclude however it ends."""
    check_report(given.report)
    ledger, done = Ledger(), False
    try:
        with open_view(plain=given.plain) as view:
            anyio.run(action, view, ledger)
        done = True
    finally:
        status = conclude(ledger, given.report, done=done)
    return status


def conclude(ledger: Ledger, report: Path | None, *, done: bool) -> int:
    """Write the report, also of a run that broke off; print the summary; give the exit status."""
    if report is not None and (done or ledger.statuses):
        write_report(report, ledger.report())
    if not done:
        return 1
    for line in ledger.summary():
        print(clean(line))
    if ledger.failed:
        print(f"wingmate: {', '.join(ledger.failed)} gave up; see the errors above", file=sys.stderr)
        return 1
    return 0


async def _time_up(supervisor: LocalSupervisor, view: View, seconds: float) -> None:
    await sleep(seconds)
    view.tell("crew", f"{seconds:g} s are over: finishing the present cycles")
    await supervisor.stop_all()


def folder_or(path: Path | None, default: Path) -> StateFolder:
    """Use the folder given, or the default."""
    return StateFolder(home(str(path)) if path is not None else default).prepare()
