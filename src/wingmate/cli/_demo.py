"""`wingmate demo`: a crew plays the embedded universe."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from .._bot import BotSpec
from .._secrets import Secret
from ..transports import Tcp, Telnet
from ..tw2002 import TradeWars
from ..tw2002.pilot import Account
from ..tw2002.roles import Banker, Defender, Scout, Trader
from ..tw2002.universe import Settings, Universe
from ._arguments import crew_size, positive
from ._ledger import Ledger
from ._play import Run, conduct, folder_or, play, signals
from ._state import StateFolder, default_folder
from ._views import View

# Two traders, a scout, a banker and a defender; a larger crew goes round again.
CREW = (("ann", Trader), ("bob", Trader), ("cat", Scout), ("dan", Banker), ("eve", Defender))
PACE = 0.1  # seconds before each command, on top of what the universe takes: slow enough to follow
STALL, DRAIN = 120.0, 8.0
TURNS = 20_000  # a day; more than a crew uses in an evening
SPARE_NODES = 10  # for people who telnet in, and for links that were cut and still count
MOST = 200


def add_to(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "demo",
        help="watch a crew of five play the embedded Trade Wars universe",
        description="Start a Trade Wars 2002 compatible universe on a loopback port and let a crew play it: "
        "two traders, a scout, a banker and a defender. Map, characters and bank stay for the next time.",
    )
    parser.add_argument(
        "--seconds", type=positive, metavar="N", help="stop after N seconds (default: until Ctrl+C)"
    )
    parser.add_argument(
        "--bots", type=crew_size(MOST), default=len(CREW), metavar="N", help="how many bots play (default 5)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="of the universe and all dice (default 1)"
    )
    parser.add_argument(
        "--fast", action="store_true", help="no pacing, neither in the universe nor in the bots"
    )
    parser.add_argument("--plain", action="store_true", help="lines with the bot's name in front, for pipes")
    parser.add_argument("--state", type=Path, metavar="DIR", help="where to keep everything")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the summary as JSON")
    parser.add_argument(
        "--record", action="store_true", help="keep every session as an asciicast in the state folder"
    )
    parser.set_defaults(command=main)


def main(given: argparse.Namespace) -> int:
    """Run the command."""
    # A universe belongs to its seed: another seed is another folder, so that nothing is mixed.
    folder = folder_or(given.state, default_folder(f"demo-{given.seed}"))
    return conduct(given, partial(_demo, given, folder))


async def _demo(given: argparse.Namespace, folder: StateFolder, view: View, ledger: Ledger) -> None:
    settings = Settings(seed=given.seed, nodes=given.bots + SPARE_NODES, turn_base=TURNS)
    with signals() as orders:
        async with Universe(settings, save=folder.universe, fast=given.fast) as universe:
            port = await universe.serve()
            view.tell("crew", f"the universe listens on 127.0.0.1:{port}; telnet there to play along")
            run = Run(
                specs=crew(given.bots, folder, port, pace=0.0 if given.fast else PACE),
                folder=folder,
                seconds=given.seconds,
                seed=given.seed,
                record=given.record,
            )
            await play(run, view, ledger, orders)


def crew(bots: int, folder: StateFolder, port: int, *, pace: float) -> Mapping[str, BotSpec[Any, Any]]:
    """Make the specifications of the demo's crew."""
    members = [
        (name if lap == 0 else f"{name}{lap + 1}", role)
        for lap in range(-(-bots // len(CREW)))
        for name, role in CREW
    ][:bots]
    passwords = folder.password_files(name for name, _ in members)
    link = Telnet(Tcp("127.0.0.1", port))
    return {
        name: BotSpec(
            name=name,
            role=role(
                account=Account(name=name.capitalize(), password=Secret(f"file:{passwords[name]}")), pace=pace
            ),
            adapter=TradeWars,
            transport=link,
            stall=STALL,
            drain=DRAIN,
        )
        for name, role in members
    }
