"""Turns per second on one core: our client beside three others, in one run.

A turn is: send a command, receive a screen of a text game (about 600 bytes, coloured), find the
prompt in it. 111 players per client, each waiting for its prompt before it sends again. The server
is a process of its own; every client is one too, and what counts is its processor time, since the
server may be on the same core. The machine's mood changes from minute to minute, so all take turns,
several times over, and the goals are judged by the median of the ratios within each round.
Run: `python bench/turns.py [--seconds 1.5] [--players 111] [--rounds 3]`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

SRC = Path(__file__).resolve().parent.parent / "src"
sys.path.insert(0, str(SRC))

HEADER = b"\r\n\x1b[1;32mSector  \x1b[33m: \x1b[36m2157 \x1b[0;32min \x1b[34muncharted space.\r\x1b[0m\n"
PORT = (
    b"\x1b[35mPorts   \x1b[1;33m: \x1b[36mCasion\x1b[0;33m, \x1b[1mClass \x1b[36m3 \x1b[0;35m("
    b"\x1b[32mS\x1b[1;36mB\x1b[0;32mS\x1b[35m)\r\x1b[0m\n"
)
FIGHTERS = (
    b"\x1b[35mFighters: \x1b[1;36m1\x1b[33m,\x1b[36m000 \x1b[0;33m(\x1b[35myours\x1b[33m) "
    b"\x1b[1;31m[\x1b[0;33mDefensive\x1b[1;31m]\r\x1b[0m\n"
)
WARPS = (
    b"\x1b[1;32mWarps to Sector(s) \x1b[33m:  \x1b[36m1049\x1b[0;32m - \x1b[1;36m2211\x1b[0;32m - "
    b"\x1b[1;36m2800\x1b[0;32m - \x1b[35m(\x1b[31m3100\x1b[35m)\x1b[32m - "
    b"\x1b[35m(\x1b[31m4512\x1b[35m)\r\x1b[0m\n\r\n"
)
PROMPT = (
    b"\x1b[35mCommand [\x1b[1;33mTL\x1b[0;33m=\x1b[1m00:00:00\x1b[0;35m]\x1b[1;33m:\x1b[0;35m["
    b"\x1b[1;36m2157\x1b[0;35m] (\x1b[1;33m?=Help\x1b[0;35m)? : "
)
# What a real Trade Wars server says of options: will binary, do binary, will echo, will suppress ...
OPENING = bytes.fromhex(
    "00 fffdf6 fffb00 fffd00 fffb01 fffb03 fffc05 fffe18 fffe1f fffe20 fffe21 fffe22 fffc27"
)
SCREEN = HEADER + PORT + FIGHTERS + WARPS + PROMPT
COLOURED = re.compile(rb"Command \[[^\n]*\]\S*:\S*\[\S*?m(\d+)\S*\] \(\S*\?=Help\S*\)\? : $")
PLAIN = re.compile(r"Command \[TL=[^\n]*?\]:\[(\d+)\] \(\?=Help\)\? : *$")
COMMAND = b"d\r"

Player = Callable[[str, int, Callable[[], None]], Awaitable[None]]


# --- the server ---------------------------------------------------------------------------------


class Game(asyncio.Protocol):
    """Answer every carriage return with a screen."""

    opening = OPENING

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(self.opening + PROMPT)

    def data_received(self, data: bytes) -> None:
        if turns := data.count(b"\r"):
            self.transport.write(SCREEN * turns)


class PlainGame(Game):
    """The same without a word of telnet."""

    opening = b""


async def serve() -> None:
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(game, "127.0.0.1", 0, backlog=2048) for game in (Game, PlainGame)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


# --- the clients: each plays one player until cancelled --------------------------------------------


async def asyncio_regex(host: str, port: int, turn: Callable[[], None]) -> None:
    """asyncio streams and one regular expression over the raw bytes."""
    reader, writer = await asyncio.open_connection(host, port)
    while True:
        seen = b""
        while not COLOURED.search(seen):
            seen += await reader.read(65536)
        turn()
        writer.write(COMMAND)


async def telnetlib3_streams(host: str, port: int, turn: Callable[[], None]) -> None:
    """telnetlib3's reader and writer, and the same expression."""
    import telnetlib3

    coloured = re.compile(COLOURED.pattern.decode())
    reader, writer = await telnetlib3.open_connection(
        host, port, encoding="cp437", connect_minwait=0, connect_maxwait=0.1, force_binary=True
    )
    while True:
        seen = ""
        while not coloured.search(seen):
            seen += await reader.read(65536)
        turn()
        writer.write("d\r")


async def pyte_screen(host: str, port: int, turn: Callable[[], None]) -> None:
    """asyncio streams into a terminal emulator; the prompt is read off its cursor line."""
    import pyte

    screen = pyte.Screen(80, 25)
    stream = pyte.ByteStream(screen)
    reader, writer = await asyncio.open_connection(host, port)
    while True:
        while True:
            stream.feed(await reader.read(65536))
            if PLAIN.search(screen.display[screen.cursor.y].rstrip() + " "):
                break
        turn()
        writer.write(COMMAND)


async def crowd(player: Player, host: str, port: int, players: int, seconds: float) -> dict[str, float]:
    """Play many players of one kind for some seconds, after a moment to warm up."""
    turns = 0

    def turn() -> None:
        nonlocal turns
        turns += 1

    tasks = [asyncio.create_task(player(host, port, turn)) for _ in range(players)]
    result = await measure(lambda: turns, seconds, asyncio.sleep)
    for task in tasks:
        task.cancel()
    failed = [r for r in await asyncio.gather(*tasks, return_exceptions=True) if isinstance(r, Exception)]
    if failed:
        raise failed[0]
    return result


async def measure(
    turns: Callable[[], float], seconds: float, sleep: Callable[[float], Awaitable[None]]
) -> dict[str, float]:
    await sleep(0.7)
    began, spent, clock = turns(), cpu(), time.perf_counter()
    await sleep(seconds)
    done, used, took = turns() - began, cpu() - spent, time.perf_counter() - clock
    return {"turns": done, "cpu": used, "wall": took}


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


# --- ours -------------------------------------------------------------------------------------------


def rules():
    from wingmate.screens import Prompt, PromptRules

    return PromptRules(
        (
            Prompt("command", "Command [TL={left}]:[{sector:int}] (?=Help)? : "),
            Prompt("computer", "Computer command [TL={left}]:[{sector:int}] (?=Help)? "),
            Prompt("offer", "Your offer [{credits:int}] ? "),
            Prompt("password", "Password? "),
        )
    )


def one_regex() -> tuple[Callable[[], object], type, object]:
    """What the plain client does, in a bot: one expression over the end of the raw bytes."""
    from wingmate.screens import GlanceAdapter, Glimpsed, Type

    return partial(GlanceAdapter, COLOURED), Glimpsed, Type("d")


def when_wanted() -> tuple[Callable[[], object], type, object]:
    """Prompts by rule, sends checked against them; no screen is read, since nobody here wants one."""
    from wingmate.screens import LazyScreenAdapter, Prompted, Type

    return partial(LazyScreenAdapter, rules()), Prompted, Type("d", at="command")


def every_screen() -> tuple[Callable[[], object], type, object]:
    """The same, and every screen read as a terminal would, line by line."""
    from wingmate.screens import PromptSeen, ScreenAdapter, Type

    return partial(ScreenAdapter, rules(), lines=False), PromptSeen, Type("d", at="command")


async def wingmate_bots(
    port: int, players: int, seconds: float, kit: tuple[Callable[[], object], type, object]
) -> dict[str, float]:
    import anyio

    from wingmate import BotSpec, open_bot
    from wingmate.channels import LocalChannel
    from wingmate.stores import MemoryStore
    from wingmate.transports import Tcp, Telnet

    adapter, prompt, command = kit
    bots = []
    channel, store = LocalChannel(), MemoryStore()

    async def role(bot):
        while True:
            await bot.expect(prompt, within=30)
            await bot.send(command)

    async def join(number: int) -> None:
        link = Telnet(Tcp("127.0.0.1", port))
        spec = BotSpec(name=f"b{number}", role=role, adapter=adapter, transport=link)
        async with open_bot(spec, channel=channel, knowledge=store, random=Random(number)) as bot:
            bots.append(bot)
            await role(bot)

    async with anyio.create_task_group() as nursery:
        for number in range(players):
            nursery.start_soon(join, number)
        result = await measure(lambda: sum(bot.turns for bot in bots), seconds, anyio.sleep)
        nursery.cancel_scope.cancel()
    return result


# --- side by side -----------------------------------------------------------------------------------

OURS = {
    "wingmate, one regex": (one_regex, "asyncio"),
    "wingmate, screens read when wanted": (when_wanted, "asyncio"),
    "wingmate, every screen read": (every_screen, "asyncio"),
    "the first on trio": (when_wanted, "trio"),
}
OTHERS: dict[str, Player] = {
    "asyncio streams, one regex": asyncio_regex,
    "telnetlib3, after option talk": telnetlib3_streams,
    "telnetlib3, no option talk": telnetlib3_streams,
    "pyte screen reader": pyte_screen,
}
NAMES = (*OURS, *OTHERS)
QUIET = "telnetlib3, no option talk"  # everybody else is met with a real server's option talk
GOALS = {
    "asyncio streams, one regex": 1.0,
    "telnetlib3, after option talk": 3.0,
    "telnetlib3, no option talk": 3.0,
}


def play(name: str, port: int, players: int, seconds: float) -> dict[str, float]:
    if name in OTHERS:
        return asyncio.run(crowd(OTHERS[name], "127.0.0.1", port, players, seconds))
    import anyio

    kit, loop = OURS[name]
    return anyio.run(wingmate_bots, port, players, seconds, kit(), backend=loop)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--players", type=int, default=111)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=NAMES, help="one client, in this process (for a profiler)")
    parser.add_argument("--port", type=int)
    parser.add_argument("--serve", action="store_true")
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
        return
    if options.only and options.port:
        print(json.dumps(play(options.only, options.port, options.players, options.seconds)))
        return
    with subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True) as server:
        try:
            talking, quiet = map(int, server.stdout.readline().split())
            if options.only:
                port = quiet if options.only == QUIET else talking
                result = play(options.only, port, options.players, options.seconds)
                print(f"{result['turns'] / result['cpu']:,.0f} turns per processor second")
                return
            compare(options, talking, quiet)
        finally:
            server.terminate()


def compare(options: argparse.Namespace, talking: int, quiet: int) -> None:
    """Run everybody in turn, several times over; print the best of each, and how the goals fared."""
    rounds: list[dict[str, tuple[float, float]]] = []
    for _ in range(options.rounds):
        figures = {}
        for name in NAMES:
            result = apart(name, quiet if name == QUIET else talking, options)
            figures[name] = (result["turns"] / max(result["cpu"], 0.01), result["turns"] / result["wall"])
        rounds.append(figures)
    first = NAMES[0]
    what = f"{options.players} players, {len(SCREEN)} bytes a screen"
    print(f"turns per second; {what}, best of {options.rounds} rounds; ratios: median (least to most)\n")
    print(f"{'client':36}{'per core':>10}{'on the clock':>14}   the first row is")
    for name in NAMES:
        core, wall = (max(figures[name][place] for figures in rounds) for place in (0, 1))
        ratios = sorted(figures[first][0] / figures[name][0] for figures in rounds)
        ratio = f"{median(ratios):.2f}x ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        if goal := GOALS.get(name):
            ratio += f", goal {goal:g}x {'met' if median(ratios) >= goal else 'NOT met'}"
        print(f"{name:36}{core:>10,.0f}{wall:>14,.0f}   {'' if name == first else ratio}".rstrip())


def apart(name: str, port: int, options: argparse.Namespace) -> dict[str, float]:
    """Run one client in a process of its own."""
    arguments = ["--only", name, "--port", str(port), "--players", str(options.players)]
    arguments += ["--seconds", str(options.seconds)]
    run = subprocess.run(
        [sys.executable, __file__, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    if run.returncode:
        raise SystemExit(f"{name} failed:\n{run.stderr}")
    return json.loads(run.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
