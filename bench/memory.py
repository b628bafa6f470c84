"""Memory per idle bot: a link, telnet, a screen adapter and a mailbox each, waiting for a prompt.

Each size is a process of its own; the game is another. What 0 bots need is taken off. Run:
`python bench/memory.py [--sizes 1 111 1000]`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]

from turns import every_screen  # noqa: E402 - beside this file

SERVER = HERE / "turns.py"
GOAL = 1024.0  # KiB per bot, at 111 of them


def resident() -> float:
    """The memory this process holds, in KiB."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1024
    except OSError:
        return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)  # the peak, where there is no better


async def idle(port: int, size: int) -> dict[str, float]:
    """Let some bots log in and wait, then tell what the process holds before and after."""
    import anyio

    from wingmate import BotSpec, open_bot
    from wingmate.channels import LocalChannel
    from wingmate.stores import MemoryStore
    from wingmate.transports import Tcp, Telnet

    adapter, prompt, command = every_screen()
    channel, store = LocalChannel(), MemoryStore()
    here, wanted, all_here = 0, 1, anyio.Event()
    gate = anyio.CapacityLimiter(50)  # not all at the door at once

    async def role(bot):
        nonlocal here
        for _ in range(3):
            await bot.expect(prompt, within=30)
            await bot.send(command)
        await bot.expect(prompt, within=30)
        here += 1
        if here == wanted:
            all_here.set()
        gate.release_on_behalf_of(bot.name)
        await bot.expect(prompt, within=600)

    async def join(name: str) -> None:
        await gate.acquire_on_behalf_of(name)
        link = Telnet(Tcp("127.0.0.1", port))
        spec = BotSpec(name=name, role=role, adapter=adapter, transport=link)
        async with open_bot(spec, channel=channel, knowledge=store, random=Random(name)) as bot:
            await role(bot)

    async with anyio.create_task_group() as first:
        # One comes and goes, so that what is loaded on the first use is not counted per bot.
        first.start_soon(join, "warm")
        await all_here.wait()
        first.cancel_scope.cancel()
    before, here, wanted, all_here = resident(), 0, size, anyio.Event()
    async with anyio.create_task_group() as nursery:
        for number in range(size):
            nursery.start_soon(join, f"b{number}")
        await all_here.wait()
        after = resident()
        nursery.cancel_scope.cancel()
    return {"before": before, "after": after}


def measure(port: int, size: int) -> dict[str, float]:
    """Run one size in a process of its own."""
    arguments = [sys.executable, __file__, "--size", str(size), "--port", str(port)]
    run = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60)
    if run.returncode:
        raise SystemExit(f"{size} bots failed:\n{run.stderr}")
    return json.loads(run.stdout.splitlines()[-1])


def allow_files(wanted: int) -> None:
    """Each link is an open file, and some systems allow 256 or 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard < 0 else min(wanted, hard), hard))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 111, 1000])
    parser.add_argument("--size", type=int)
    parser.add_argument("--port", type=int)
    options = parser.parse_args()
    allow_files(4096)
    if options.size is not None:
        import anyio

        print(json.dumps(anyio.run(idle, options.port, options.size)))
        return
    print(f"{'bots':>6}{'process, MiB':>15}{'per bot, KiB':>15}{'of the goal':>13}")
    arguments = [sys.executable, str(SERVER), "--serve"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as server:
        try:
            port = int(server.stdout.readline().split()[0])  # the port of the server that talks options
            for size in options.sizes:
                result = measure(port, size)
                each = (result["after"] - result["before"]) / size
                print(f"{size:>6}{result['after'] / 1024:>15.1f}{each:>15.1f}{each / GOAL:>12.1%}")
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
