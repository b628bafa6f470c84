"""A process is killed in the middle of its work: whatever the store confirmed is still there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

import wingmate
from wingmate.stores import SqliteStore

SOURCES = str(Path(wingmate.__file__).parent.parent)

WORKER = """
import anyio, itertools, sys
from wingmate import Fact
from wingmate.stores import SqliteStore

async def main(path, life):
    async with SqliteStore(path) as store, anyio.create_task_group() as crew:
        async def work(who):
            for n in itertools.count():
                key = f"{life}/{who}/{n}"
                number = await store.claim(key, who, until=9e12)
                news = await store.learn(Fact(key, number, 1.0, who))
                if n % 10 == 0:
                    await store.learn_all(Fact(f"bulk/{key}/{i}", n, 1.0, who) for i in range(20))
                print(key, number, flush=True)
        for n in range(20):
            crew.start_soon(work, f"bot{n}")

anyio.run(main, *sys.argv[1:])
"""


def live_and_die(path, life, lines):
    """Let a process work until it has confirmed some facts, and kill it; give what it confirmed."""
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(path), str(life)],
        env=os.environ | {"PYTHONPATH": SOURCES},
        stdout=subprocess.PIPE,
    )
    with worker:
        said = b"".join(worker.stdout.readline() for _ in range(lines))
        worker.send_signal(signal.SIGKILL)
        said += worker.stdout.read()
    assert worker.returncode == -signal.SIGKILL
    whole = said[: said.rindex(b"\n")]  # the last line may be cut
    return {key: int(number) for key, number in (line.split() for line in whole.decode().splitlines())}


def check_rounds(path, rounds):
    async def check(confirmed):
        async with SqliteStore(path) as store:
            known = {fact.key: fact.value for fact in await store.survey("")}
            assert confirmed.items() <= known.items(), "a confirmed fact is gone"
            bulks = {key for key in confirmed if key.endswith("0")}
            assert {f"bulk/{key}/{i}" for key in bulks for i in range(20)} <= known.keys()
            for key, number in list(confirmed.items())[::50]:
                assert (await store.holder(key)).number == number
            newest = await store.claim("after all", "us", until=9e12)
            assert newest > max(confirmed.values()), "numbers only grow"
            await store.claim("after all", "us", until=0.0)

    confirmed = {}
    for life in range(rounds):
        said = live_and_die(path, life, lines=50 + 37 * life)
        assert not set(said.values()) & set(confirmed.values()), "a number was granted twice"
        confirmed |= said
        anyio.run(check, confirmed)


def test_what_was_confirmed_survives_a_kill(tmp_path):
    check_rounds(tmp_path / "knowledge.db", rounds=2)


@pytest.mark.slow
def test_what_was_confirmed_survives_twenty_kills(tmp_path):
    check_rounds(tmp_path / "knowledge.db", rounds=20)
