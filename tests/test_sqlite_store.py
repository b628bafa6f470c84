"""The store in a file: on both loops, shared by several, full, broken, old, new and at work."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from math import inf
from pathlib import Path
from time import perf_counter

import anyio
import pytest
from anyio import create_task_group, move_on_after
from anyio.lowlevel import checkpoint

import wingmate
from wingmate import Fact, now
from wingmate._clock import calendar
from wingmate.abc import BulkStore, ClaimBook, KnowledgeStore
from wingmate.errors import KnowledgeError
from wingmate.stores import SqliteStore, _database, _threads
from wingmate.testing import check_lasting_store, check_store, simulate

both_loops = pytest.mark.parametrize("loop", ["asyncio", "trio"])
SOURCES = str(Path(wingmate.__file__).parent.parent)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "knowledge.db"


@contextmanager
def somebody_writes(path):
    """Hold the file's write lock, as another process would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def fact(key, value=None, at=1.0, who="ann", **more):
    return Fact(key, value, at, who, **more)


async def checkpoints(number):
    """Let the others have so many turns."""
    for _ in range(number):
        await checkpoint()


# --- the promises of every store


def test_it_offers_every_ability(path):
    store = SqliteStore(path)
    assert isinstance(store, KnowledgeStore)
    assert isinstance(store, BulkStore)
    assert isinstance(store, ClaimBook)


@both_loops
def test_it_keeps_the_promises_of_a_store(tmp_path, loop):
    fresh = count()
    anyio.run(
        partial(check_store, lambda: SqliteStore(tmp_path / f"{next(fresh)}.db"), pause=0.15), backend=loop
    )


@both_loops
def test_it_keeps_the_promises_of_a_store_that_lasts(path, loop):
    anyio.run(check_lasting_store, lambda: SqliteStore(path), backend=loop)


@both_loops
def test_what_was_learned_is_there_after_a_restart(path, loop):
    sector = {"warps": [1, 2], "port": "BBS", "beacon": "half \ud800, naïve", "haz": 0.5, "no": None}

    async def learn():
        async with SqliteStore(path, ttl={"danger": 60}) as store:
            assert await store.learn(fact("sector/7", sector))
            assert not await store.learn(fact("sector/7", "older", at=0.0))
            assert await store.learn(fact("danger/7", at=now()))
            assert not await store.learn(fact("danger/7", at=now() - 61, who="zoe"))
            assert await store.claim("port/7", "ann", until=inf) == 1

    async def recall():
        async with SqliteStore(path) as store:
            assert await store.recall("sector/7") == fact("sector/7", sector)
            assert await store.recall("sector/8") is None
            assert (await store.recall("danger/7")).ttl == 60
            assert [known.key for known in await store.survey("")] == ["danger/7", "sector/7"]
            assert (await store.holder("port/7")).who == "ann"
            assert await store.holder("port/8") is None
            assert await store.claim("port/7", "bob", until=inf) is None
            assert await store.claim("port/8", "bob", until=inf) == 2

    anyio.run(learn, backend=loop)
    anyio.run(recall, backend=loop)


@both_loops
def test_many_facts_are_learned_at_once(path, loop):
    async def story():
        async with SqliteStore(path, ttl={"danger": 60}) as store:
            await store.learn(fact("sector/00001", "known", at=2.0))
            many = (fact(f"sector/{n:05}", [n]) for n in range(3000))
            assert await store.learn_all(many) == 2999
            assert await store.learn_all([]) == 0
            assert await store.learn_all([fact("danger/1", at=now() - 61)]) == 0
            found = await store.survey("sector/0")
            assert [known.key for known in found] == [f"sector/{n:05}" for n in range(3000)]
            assert found[1].value == "known"

    anyio.run(story, backend=loop)


def test_what_is_no_news_is_not_written(path):
    async def story():
        async with SqliteStore(path) as store:
            await store.learn(fact("a", at=2.0))
            before = store._desk.database.writer.total_changes
            assert not await store.learn(fact("a", at=1.0))
            assert await store.learn_all([fact("a", at=1.0)]) == 0
            assert store._desk.database.writer.total_changes == before

    anyio.run(story)


def test_a_bad_fact_among_many_keeps_all_out(path):
    async def story():
        async with SqliteStore(path) as store:
            with pytest.raises(KnowledgeError, match="'b' cannot be kept"):
                await store.learn_all([fact("a"), fact("b", inf)])
            assert await store.survey("") == []

    anyio.run(story)


@both_loops
def test_only_one_of_many_gets_a_claim(path, loop):
    async def story():
        won = []

        async def grab(store, who):
            for key in range(5):
                number = await store.claim(f"port/{key}", who, until=inf)
                won.extend([(key, number)] if number else [])

        async with SqliteStore(path) as ours, SqliteStore(path) as theirs, create_task_group() as crew:
            for n in range(10):
                crew.start_soon(grab, ours, f"ann {n}")
                crew.start_soon(grab, theirs, f"bob {n}")
        assert sorted(key for key, _ in won) == list(range(5))
        assert sorted(number for _, number in won) == list(range(1, 6))

    anyio.run(story, backend=loop)


def test_what_one_store_learns_the_other_sees(path):
    async def story():
        async with SqliteStore(path) as ours, SqliteStore(path) as theirs:
            await ours.learn(fact("a", 1))
            assert (await theirs.recall("a")).value == 1
            await theirs.learn(fact("a", 2, at=2.0))
            assert (await ours.survey("a"))[0].value == 2
            first = await ours.claim("k", "ann", until=inf)
            assert (await theirs.holder("k")).number == first
            assert await theirs.claim("k", "ann", until=0.0) == first
            assert await ours.claim("k", "bob", until=inf) > first

    anyio.run(story)


def test_what_has_expired_takes_no_room(path, monkeypatch):
    monkeypatch.setattr(_database, "SWEEP", 20)
    date = [1000.0]

    async def story():
        calendar.set(lambda: date[0])  # for this task and its children only
        async with SqliteStore(path, ttl={"seen": 5}, durable=False) as store:
            for n in range(100):
                await store.learn(fact(f"seen/{n}", at=now()))
                await store.claim(f"seen/{n}", "ann", until=now() + 5)
                date[0] += 1
            assert len(await store.survey("")) == 4

    anyio.run(story)
    with closing(sqlite3.connect(path)) as file:
        for table in ("facts", "claims"):
            assert file.execute(f"SELECT count(*) FROM {table}").fetchone()[0] < 30


# --- never in the way of the event loop


@both_loops
def test_the_loop_goes_on_while_the_file_is_locked(path, loop):
    async def story():
        ticks, learned = 0, []

        async def learn():
            learned.append(await store.learn(fact("b")))

        async with SqliteStore(path) as store, create_task_group() as crew:
            await store.learn(fact("a", "known"))
            with somebody_writes(path):
                crew.start_soon(learn)
                while ticks < 50:
                    ticks += 1
                    await anyio.sleep(0.0005)
                    assert (await store.recall("a")).value == "known", "readers do not wait for writers"
                assert not learned, "what is not on disk is not confirmed"
        assert learned == [True]

    anyio.run(story, backend=loop)


@both_loops
def test_a_busy_loop_does_not_starve_the_store(path, loop):
    async def story():
        turns, done = 0, []

        async def use():
            async with SqliteStore(path) as store:
                for n in range(3):
                    await store.learn(fact(f"a/{n}"))
                    await store.recall(f"a/{n}")
            done.append(True)

        async with create_task_group() as crew:
            crew.start_soon(use)
            while not done:
                turns += 1
                end = perf_counter() + 0.001
                while perf_counter() < end:
                    pass
                await checkpoint()
        assert turns < 1000, "threads that are not let in wait for seconds"

    anyio.run(story, backend=loop)


def test_a_loop_makes_way_more_and_more_rarely(monkeypatch):
    pauses = []
    monkeypatch.setattr(_threads.time, "sleep", pauses.append)

    async def story():
        end = anyio.current_time() + 1.6
        await _threads.make_way(lambda: anyio.current_time() < end)

    simulate(story)
    assert set(pauses) == {_threads.PAUSE}
    assert len(pauses) == 103, "after 1, 2, 4 and 8 milliseconds, then every 16"


@both_loops
def test_opening_can_be_cancelled(path, loop):
    async def story():
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with anyio.move_on_after(0.05) as scope:
                async with SqliteStore(path):
                    pass
            assert scope.cancelled_caught

    anyio.run(story, backend=loop)


@both_loops
def test_callers_that_wait_together_share_a_transaction(path, loop):
    async def story():
        async with SqliteStore(path) as store:
            commits = []
            database = store._desk.database
            database.writer.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
            async with create_task_group() as crew:
                with somebody_writes(path):
                    for n in range(100):
                        crew.start_soon(store.learn, fact(f"a/{n}"))
                    await checkpoints(10)
            assert len(await store.survey("a/")) == 100
            assert len(commits) <= 3

    anyio.run(story, backend=loop)


@both_loops
def test_a_full_queue_makes_callers_wait(path, loop):
    async def story():
        async with SqliteStore(path, size=3) as store:
            async with create_task_group() as crew:
                with somebody_writes(path):
                    for n in range(20):
                        crew.start_soon(store.learn, fact(f"a/{n}"))
                    for _ in range(30):
                        await checkpoint()
                        assert len(store._desk.writes._next.jobs) <= 3
            assert len(await store.survey("a/")) == 20

    anyio.run(story, backend=loop)


@both_loops
def test_a_cancelled_claim_leaves_nothing_behind(path, loop):
    async def story():
        async with SqliteStore(path) as store:
            held = await store.claim("old", "ann", until=inf)
            async with create_task_group() as crew:
                with somebody_writes(path):
                    crew.start_soon(partial(store.claim, "new", "ann", until=inf))
                    crew.start_soon(partial(store.claim, "old", "ann", until=inf))
                    crew.start_soon(partial(store.claim, "old", "bob", until=inf))
                    crew.start_soon(store.learn, fact("a"))
                    await checkpoint()
                    crew.cancel_scope.cancel()
            assert await store.holder("new") is None
            assert (await store.holder("old")).number == held, "a renewal stays"
            assert await store.claim("new", "bob", until=inf) > held

    anyio.run(story, backend=loop)


@both_loops
def test_closing_does_first_what_was_asked_before(path, loop):
    async def story():
        confirmed = []

        async def learn(store, n):
            confirmed.append(await store.learn(fact(f"a/{n}")))

        async with create_task_group() as crew:
            with move_on_after(5) as scope:
                async with SqliteStore(path) as store:
                    database = store._desk.database
                    for n in range(50):
                        crew.start_soon(learn, store, n)
                    await checkpoints(2)
                    scope.cancel()
        assert confirmed == [True] * 50
        for connection in (database.writer, database.reader):
            with pytest.raises(sqlite3.ProgrammingError, match="closed"):
                connection.execute("SELECT 1")
        async with SqliteStore(path) as store:
            assert len(await store.survey("a/")) == 50

    anyio.run(story, backend=loop)


# --- several processes


def open_and_close(path):
    async def story():
        async with SqliteStore(path) as store:
            return await store.survey("")

    return anyio.run(story)


CLAIMER = """
import anyio, sys
from wingmate import Fact
from wingmate.stores import SqliteStore

async def main(path, who):
    sys.stdin.readline()
    async with SqliteStore(path) as store, anyio.create_task_group() as crew:
        async def grab(key):
            number = await store.claim(key, who, until=9e12)
            await store.learn(Fact(f"{key}/{who}", number, 1.0, who))
            if number:
                print(key, number, flush=True)
        for n in range(100):
            crew.start_soon(grab, f"port/{n}")

print("ready", flush=True)
anyio.run(main, *sys.argv[1:])
"""


def test_several_processes_open_one_new_file_and_share_it(path):
    crew = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMER, str(path), who],
            env=os.environ | {"PYTHONPATH": SOURCES},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for who in ("ann", "bob", "cid")
    ]
    for process in crew:
        assert process.stdout.readline() == "ready\n"
    for process in crew:  # all are there, now all at once
        process.stdin.write("go\n")
        process.stdin.flush()
    grants = []
    for process in crew:
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        grants += [line.split() for line in said.splitlines()]
    assert sorted(key for key, _ in grants) == sorted(f"port/{n}" for n in range(100)), "each claim once"
    assert sorted(int(number) for _, number in grants) == list(range(1, 101)), "each number once"
    assert len(open_and_close(path)) == 300


@both_loops
def test_many_stores_open_one_new_file_at_once(path, loop):
    async def story():
        async def use(n):
            async with SqliteStore(path, durable=False) as store:
                await store.learn(fact(f"a/{n}"))

        async with create_task_group() as crew:
            for n in range(6):
                crew.start_soon(use, n)

    anyio.run(story, backend=loop)
    assert len(open_and_close(path)) == 6
