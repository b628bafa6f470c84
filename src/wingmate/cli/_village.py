"""`wingmate village`: a crew founds a village in the embedded world of blocks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import anyio
from anyio import create_task_group, move_on_after, sleep
from attrs import define, field

from .._bot import BotSpec
from .._status import State, Status
from ..channels import LocalChannel
from ..stores import MemoryStore
from ..supervisors import Backoff, LocalSupervisor
from ..transports import Tcp
from ..village import LEGEND, Settings, Village, VillageAdapter, draw
from ..village.names import player_name
from ..village.roles import Farmer, Landscaper, Lumberjack
from ._arguments import crew_size, positive
from ._play import Signals, signals
from ._views import clean

CREW = (Farmer, Lumberjack, Landscaper)  # a larger crew goes round again
SPEED, FAST = 5.0, 50.0  # seconds of the world in one second
MOST = 100
STALL, DRAIN = 600.0, 3.0
REFRESH = 0.25
WIDTH, HEIGHT, LINES = 72, 24, 8  # of the picture, and the lines below it
NAMES = 16  # letters in front of a line


def add_to(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "village",
        help="watch a farmer, a lumberjack and a landscaper found a village",
        description="Start a world of blocks on a loopback port and let a crew live in it. They share "
        "nothing but the chat and the signs of that world; anybody may join with a program that sends lines.",
    )
    parser.add_argument(
        "--seconds", type=positive, metavar="N", help="stop after N seconds (default: until Ctrl+C)"
    )
    parser.add_argument(
        "--bots", type=crew_size(MOST), default=len(CREW), metavar="N", help="how many bots (default 3)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="of the world and all dice (default 1)"
    )
    parser.add_argument("--fast", action="store_true", help="let the world's time pass ten times as fast")
    parser.add_argument("--plain", action="store_true", help="lines with the bot's name in front, for pipes")
    parser.set_defaults(command=main)


@define(eq=False)
class _Watch:
    """What is shown: lines at once, or the picture and the last lines."""

    live: Any = None
    lines: list[str] = field(init=False, factory=list[str])
    doing: dict[str, str] = field(init=False, factory=dict[str, str])

    def tell(self, who: str, text: str) -> None:
        """Show one line about somebody."""
        line = f"{who:<{NAMES}} | {clean(text)}"
        if self.live is None:
            print(line, flush=True)
        else:
            self.lines = [*self.lines, line][-LINES:]

    def hear(self, line: str) -> None:
        """Show what everybody in the world hears."""
        _, kind, who, text = f"{line}   ".split(" ", 3)
        said = {"join": "enters the world", "left": "leaves the world", "died": f"died {text}"}
        self.tell(who, said.get(kind, f"says {text}").rstrip())

    def note(self, name: str, status: Status) -> None:
        """Show what a bot does, when that changes."""
        doing = status.last_error or status.doing or status.state.value
        if self.doing.get(name) != doing:
            self.doing[name] = doing
            if self.live is None:
                self.tell(name, doing)

    def draw(self, village: Village) -> None:
        """Draw the picture anew."""
        if self.live is None:
            return
        from rich.text import Text  # noqa: PLC0415 - an extra

        world = village.world
        day, part = divmod(village.date / world.settings.day, 1)
        time = f"day {int(day) + 1}, {'light' if part < 0.6 else 'dark'}; {world.harvested} wheat harvested"
        doing = [f"{name:<{NAMES}} : {text}" for name, text in sorted(self.doing.items())][:LINES]
        picture = draw(world, world.spawn, WIDTH, HEIGHT)
        self.live.update(
            Text("\n".join([*picture, LEGEND, time, *map(clean, doing), *self.lines])), refresh=True
        )


@contextmanager
def _open_watch(*, plain: bool) -> Generator[_Watch, None, None]:
    if plain or not sys.stdout.isatty():
        yield _Watch()
        return
    try:
        from rich.live import Live  # noqa: PLC0415 - an extra
    except ImportError as exc:
        text = "the picture needs the 'cli' extra: pip install 'wingmate[cli]', or say --plain"
        raise ImportError(text) from exc
    with Live(auto_refresh=False, redirect_stdout=False, redirect_stderr=False) as live:
        yield _Watch(live)


def main(given: argparse.Namespace) -> int:
    """Run the command."""
    with _open_watch(plain=given.plain) as watch:
        told, failed = anyio.run(_play, given, watch)
    print(told)
    if failed:
        print(f"wingmate: {', '.join(failed)} gave up", file=sys.stderr)
        return 1
    return 0


async def _play(given: argparse.Namespace, watch: _Watch) -> tuple[str, list[str]]:
    speed = FAST if given.fast else SPEED
    supervisor = LocalSupervisor(
        channel=LocalChannel(), knowledge=MemoryStore(), restart=Backoff(longest=5.0), seed=given.seed
    )
    async with Village(Settings(seed=given.seed), speed=speed, witness=watch.hear) as village:
        with signals() as orders:
            try:
                await _live(given, watch, village, supervisor, orders)
            except* Exception as group:
                own = group.split(
                    lambda exc: isinstance(exc, ExceptionGroup) and exc.message == "bots gave up"
                )
                if own[1] is not None:
                    raise
        failed = [status.name for status in supervisor.statuses() if status.state is State.FAILED]
        return _summary(village), failed


def _summary(village: Village) -> str:
    world = village.world
    built = ", ".join(f"{kind}s: {len(world.places.get(kind, ()))}" for kind in ("chest", "table", "sign"))
    days = village.date / world.settings.day
    return f"{days:.2f} days of the world; wheat harvested: {world.harvested}, {built}"


async def _live(
    given: argparse.Namespace,
    watch: _Watch,
    village: Village,
    supervisor: LocalSupervisor,
    orders: Signals,
) -> None:
    port = await village.serve()
    watch.tell("village", f"listens on 127.0.0.1:{port}; connect there with netcat to play along")
    async with supervisor, create_task_group() as nursery:
        nursery.start_soon(_draw, watch, village, name="draw")
        nursery.start_soon(_obey, supervisor, orders, name="signals")
        for spec in crew(given.bots, port).values():
            await supervisor.start(spec)
        with move_on_after(given.seconds):
            await _follow(supervisor, watch)
        await supervisor.stop_all()
        await _follow(supervisor, watch)
        nursery.cancel_scope.cancel()


async def _follow(supervisor: LocalSupervisor, watch: _Watch) -> None:
    """Show what the bots do until all are over."""
    names = _player_names(MOST)
    async with supervisor.watch() as changes:
        async for status in changes:
            watch.note(names[status.name], status)
            if all(known.state.over for known in supervisor.statuses()):
                return


async def _draw(watch: _Watch, village: Village) -> None:
    while watch.live is not None:
        watch.draw(village)
        await sleep(REFRESH)


async def _obey(supervisor: LocalSupervisor, orders: Signals) -> None:
    drain = True
    async for _ in orders:
        await supervisor.stop_all(drain=drain)
        drain = False


def _player_names(bots: int) -> dict[str, str]:
    """Name the players by the names of their bots."""
    made = (player_name(n, CREW[n % len(CREW)].__name__) for n in range(bots))
    return {name.lower(): name for name in made}


def crew(bots: int, port: int) -> dict[str, BotSpec[Any, Any]]:
    """Make the specifications of the crew."""
    roles: list[Callable[..., Any]] = [CREW[n % len(CREW)] for n in range(bots)]
    link = Tcp("127.0.0.1", port)
    return {
        key: BotSpec(
            name=key, role=role(name=name), adapter=VillageAdapter, transport=link, stall=STALL, drain=DRAIN
        )
        for role, (key, name) in zip(roles, _player_names(bots).items(), strict=True)
    }
