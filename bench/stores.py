"""Facts and claims per second: in memory, in SQLite, and by rewriting one JSON file; and who loses any.

Run: PYTHONPATH=src python bench/stores.py        (about 15 seconds; nothing but wingmate is needed)
Only the ratios travel: all numbers are of one run, on one machine and one disk.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import anyio

from wingmate import Fact, MemoryStore, now
from wingmate.stores import SqliteStore

SECONDS = 0.9  # per measurement
CALLERS = 200  # bots that wait at the same time, where they share a transaction
KNOWN = 1_000  # facts already there: a small map
PROCESSES, UPDATES = 5, 100
SECTOR = {"warps": [1, 2, 3, 4, 5, 6], "port": "BBS", "beacon": None, "nav_haz": 0}


class JsonFile:
    """What many begin with: read and rewritten for every change."""

    def __init__(self, path):
        self.path = path
        self.draft = path.with_suffix(f".{os.getpid()}")

    async def learn(self, fact):
        known = self.read()
        known["facts"][fact.key] = [fact.value, fact.seen_at, fact.seen_by]
        self.write(known)

    async def claim(self, key, who, *, until):
        known = self.read()
        holder, number, end = known["claims"].get(key, (who, 0, 0.0))
        if holder != who and end > now():
            return None
        if end <= now():
            number = known["granted"] = known["granted"] + 1
        known["claims"][key] = (who, number, until)
        self.write(known)
        return number

    async def learn_all(self, facts):
        known = self.read()
        known["facts"] |= {fact.key: [fact.value, fact.seen_at, fact.seen_by] for fact in facts}
        self.write(known)

    async def survey(self, prefix):
        return [key for key in self.read()["facts"] if key.startswith(prefix)]

    def read(self):
        if not self.path.exists():
            return {"facts": {}, "claims": {}, "granted": 0}
        return json.loads(self.path.read_text())

    def write(self, known):
        # As well as it can be done: nobody ever reads half a file. Not synced, which favours it.
        self.draft.write_text(json.dumps(known))
        self.draft.replace(self.path)


@asynccontextmanager
async def json_file(path):
    yield JsonFile(path)


@asynccontextmanager
async def memory(_path):
    yield MemoryStore()


def not_durable(path):
    return SqliteStore(path, durable=False)


ROWS = [
    ("one JSON file, rewritten", json_file, 1),
    ("SqliteStore FULL, one by one", SqliteStore, 1),
    ("SqliteStore NORMAL, one by one", not_durable, 1),
    (f"SqliteStore FULL, {CALLERS} callers", SqliteStore, CALLERS),
    (f"SqliteStore NORMAL, {CALLERS} callers", not_durable, CALLERS),
    ("MemoryStore, one by one", memory, 1),
]


async def rate(act, callers):
    """Let so many callers act again and again; give the acts per second."""
    done, start = 0, perf_counter()

    async def call(caller):
        nonlocal done
        number = caller
        while perf_counter() - start < SECONDS:
            await act(number % KNOWN)
            number += callers
            done += 1

    async with anyio.create_task_group() as crew:
        for caller in range(callers):
            crew.start_soon(call, caller)
    return done / (perf_counter() - start)


async def measure(make, path, callers):
    """Facts and claims per second: each a sector seen anew, or a lease renewed."""
    async with make(path) as store:
        await store.learn_all([Fact(f"sector/{n}", SECTOR, 1.0, "ann") for n in range(KNOWN)])

        async def learn(n):
            await store.learn(Fact(f"sector/{n}", SECTOR, now(), "ann"))

        async def claim(n):
            await store.claim(f"port/{n}", "ann", until=now() + 60)

        return await rate(learn, callers), await rate(claim, callers)


def table(directory):
    print(f"{'':34}{'facts/s':>10}{'ratio':>9}{'claims/s':>11}{'ratio':>9}")
    base = None
    for number, (name, make, callers) in enumerate(ROWS):
        facts, claims = anyio.run(measure, make, directory / f"{number}.store", callers)
        base = base or (facts, claims)
        print(f"{name:34}{facts:10,.0f}{facts / base[0]:8.1f}x{claims:11,.0f}{claims / base[1]:8.1f}x")


async def bulk(path):
    facts = [Fact(f"sector/{n}", SECTOR, now(), "ann") for n in range(20_000)]
    async with SqliteStore(path) as store:
        start = perf_counter()
        await store.learn_all(facts)
        learned = perf_counter()
        await store.survey("sector/")
        print(f"\nSqliteStore, 20,000 sectors at once: learned in {learned - start:.2f} s, ", end="")
        print(f"surveyed in {perf_counter() - learned:.2f} s")


async def update(kind, path, who):
    """One of several processes: learn one's own facts, one after the other."""
    print("ready", flush=True)
    sys.stdin.readline()
    async with {"json": json_file, "sqlite": SqliteStore}[kind](Path(path)) as store:
        for n in range(UPDATES):
            await store.learn(Fact(f"{who}/{n}", n, now(), who))


async def count(make, path):
    async with make(path) as store:
        return len(await store.survey(""))


def losses(directory):
    print(f"\n{PROCESSES} processes learn {UPDATES} facts each, into one file:")
    for kind, make in (("json", json_file), ("sqlite", SqliteStore)):
        path = directory / f"shared.{kind}"
        crew = [
            subprocess.Popen(
                [sys.executable, __file__, kind, path, f"bot{n}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for n in range(PROCESSES)
        ]
        for process in crew:
            assert process.stdout.readline() == "ready\n"
        start = perf_counter()
        for process in crew:
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in crew:
            process.communicate()
        seconds, all_of_them = perf_counter() - start, PROCESSES * UPDATES
        lost = all_of_them - anyio.run(count, make, path)
        print(f"  {kind:8}{lost:4} of {all_of_them} lost ({lost / all_of_them:.0%}), {seconds:.2f} s")


def main():
    # Not in /tmp, which may be no disk at all.
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        table(Path(name))
        anyio.run(bulk, Path(name) / "bulk.store")
        losses(Path(name))


if __name__ == "__main__":
    if sys.argv[1:]:
        anyio.run(update, *sys.argv[1:])
    else:
        main()
