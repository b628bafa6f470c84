"""The store in a file, when things go wrong: full, broken, locked, foreign, too old and too new."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from math import inf

import anyio
import pytest
from anyio import create_task_group
from anyio.lowlevel import checkpoint

from wingmate import Fact, now
from wingmate.errors import KnowledgeError
from wingmate.stores import SqliteStore, _schema

both_loops = pytest.mark.parametrize("loop", ["asyncio", "trio"])


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


def test_outside_its_block_a_store_says_so(path):
    async def story():
        store = SqliteStore(path)
        with pytest.raises(KnowledgeError, match="not open"):
            await store.learn(fact("a"))
        async with store:
            await store.learn(fact("a", 1))
            lane = store._desk.reads
        with pytest.raises(KnowledgeError, match="not open"):
            await store.recall("a")
        with pytest.raises(KnowledgeError, match="closed"):
            await lane.ask(lambda: None)
        async with store:
            assert (await store.recall("a")).value == 1, "it may be opened again"

    anyio.run(story)


@both_loops
def test_the_errors_of_a_block_come_out_as_they_are(path, loop):
    async def story():
        with pytest.raises(ZeroDivisionError):
            async with SqliteStore(path):
                raise ZeroDivisionError
        with pytest.raises(ExceptionGroup, match="two"):
            async with SqliteStore(path):
                raise ExceptionGroup("two", [ValueError(), KeyError()])

    anyio.run(story, backend=loop)


@both_loops
def test_a_worker_that_breaks_strands_nobody(path, loop, monkeypatch):
    async def story():
        heard = []

        async def learn(store):
            try:
                await store.learn(fact("a"))
            except KnowledgeError as exc:
                heard.append(str(exc))

        async def use():
            async with SqliteStore(path) as store:
                store._desk.writes.work = lambda jobs: 1 / 0
                async with create_task_group() as crew:
                    crew.start_soon(learn, store)
                    crew.start_soon(learn, store)
                with pytest.raises(KnowledgeError, match="closed"):
                    await store.learn(fact("b"))

        with pytest.raises(ZeroDivisionError):
            await use()
        assert len(heard) == 2

    anyio.run(story, backend=loop)


async def fill(store, confirmed):
    for n in range(100):
        await store.learn(fact(f"a/{n:02}", "x" * 1000))
        confirmed.append(f"a/{n:02}")


def test_a_full_disk_loses_nothing_that_was_confirmed(path):
    async def story():
        confirmed = []
        async with SqliteStore(path) as store:
            writer = store._desk.database.writer
            pages = writer.execute("PRAGMA page_count").fetchone()[0]
            writer.execute(f"PRAGMA max_page_count = {pages + 8}")
            with pytest.raises(KnowledgeError, match=r"full.*make room"):
                await fill(store, confirmed)
            assert 0 < len(confirmed) < 100
            assert [known.key for known in await store.survey("a/")] == confirmed
            writer.execute(f"PRAGMA max_page_count = {pages + 100}")
            assert await store.learn(fact("b", "x" * 1000)), "room was made"

    anyio.run(story)


def test_a_big_job_that_does_not_fit_takes_no_small_one_down(path):
    async def story():
        refused = []

        async def big(store):
            try:
                await store.learn_all([fact(f"big/{n}", "x" * 10_000) for n in range(20)])
            except KnowledgeError as exc:
                refused.append(str(exc))

        async with SqliteStore(path) as store:
            writer = store._desk.database.writer
            pages = writer.execute("PRAGMA page_count").fetchone()[0]
            writer.execute(f"PRAGMA max_page_count = {pages + 10}")
            async with create_task_group() as crew:
                with somebody_writes(path):
                    crew.start_soon(store.learn, fact("small/0"))
                    await checkpoints(10)  # the thread has it, and what follows waits together
                    crew.start_soon(big, store)
                    for n in range(1, 5):
                        crew.start_soon(store.learn, fact(f"small/{n}"))
                    await checkpoints(10)
                    assert len(store._desk.writes._next.jobs) == 5
            assert len(refused) == 1
            assert [known.key for known in await store.survey("")] == [f"small/{n}" for n in range(5)]

    anyio.run(story)


def test_a_store_that_may_only_be_read_says_so(path):
    async def story():
        async with SqliteStore(path) as store:
            await store.learn(fact("a", 1))
            store._desk.database.writer.execute("PRAGMA query_only = ON")
            with pytest.raises(KnowledgeError, match=r"may only be read.*right to write"):
                await store.learn(fact("b"))
            assert (await store.recall("a")).value == 1

    anyio.run(story)


def test_a_writer_that_never_ends_is_reported(path, monkeypatch):
    monkeypatch.setattr(_schema, "PATIENCE", 0.05)

    async def story():
        async with SqliteStore(path) as store:
            with somebody_writes(path), pytest.raises(KnowledgeError, match="kept busy by another process"):
                await store.learn(fact("a"))
            assert await store.learn(fact("a")), "and it goes on afterwards"

    anyio.run(story)


def open_and_close(path):
    async def story():
        async with SqliteStore(path) as store:
            return await store.survey("")

    return anyio.run(story)


def test_a_directory_is_no_store(tmp_path):
    with pytest.raises(KnowledgeError, match="is a directory; give the store a file name"):
        open_and_close(tmp_path)


def test_missing_directories_are_made(tmp_path):
    assert open_and_close(tmp_path / "state" / "of" / "ours" / "knowledge.db") == []


def test_a_file_in_the_way_of_a_directory_is_named(tmp_path):
    (tmp_path / "state").write_text("")
    with pytest.raises(KnowledgeError, match=r"no directory to be in, and it cannot be made.*state"):
        open_and_close(tmp_path / "state" / "knowledge.db")


def test_a_path_that_cannot_be_opened_is_explained():
    with pytest.raises(KnowledgeError, match="cannot be opened; check the path"):
        open_and_close("/proc/self/knowledge.db")


def test_something_that_is_no_database_is_left_alone(path):
    path.write_text("dear diary\n" * 100)
    with pytest.raises(KnowledgeError, match="damaged or no SQLite file; move it away"):
        open_and_close(path)
    assert path.read_text() == "dear diary\n" * 100


@pytest.mark.parametrize(
    "made_by",
    [
        ["CREATE TABLE recipes (name)"],
        ["CREATE TABLE facts (name)", "PRAGMA user_version = 1"],
        ["PRAGMA application_id = 7"],
        ["PRAGMA user_version = 5"],
    ],
)
def test_the_file_of_another_program_is_left_alone(path, made_by):
    with closing(sqlite3.connect(path)) as other:
        for statement in made_by:
            other.execute(statement)
    before = path.read_bytes()
    with pytest.raises(KnowledgeError, match="belongs to another program"):
        open_and_close(path)
    assert path.read_bytes() == before


def test_a_damaged_file_is_reported(path):
    async def story():
        async with SqliteStore(path) as store:
            await store.learn_all(fact(f"a/{n:04}", "x" * 500) for n in range(200))

    anyio.run(story)
    content = bytearray(path.read_bytes())
    content[4096 * 4 :] = b"\x5a" * (len(content) - 4096 * 4)
    path.write_bytes(content)
    with pytest.raises(KnowledgeError, match="damaged"):
        open_and_close(path)


def test_a_value_that_somebody_spoilt_is_reported(path):
    async def story():
        async with SqliteStore(path) as store:
            await store.learn(fact("a"))
            with closing(sqlite3.connect(path)) as other, other:
                other.execute("UPDATE facts SET body = '{oops'")
            with pytest.raises(KnowledgeError, match="damaged"):
                await store.recall("a")
            with pytest.raises(KnowledgeError, match="damaged"):
                await store.learn(fact("a", at=2.0))

    anyio.run(story)


# --- versions


def make_version_1(path):
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT, seen_at REAL, seen_by TEXT)")
        old.execute("CREATE TABLE claims (key TEXT PRIMARY KEY, who TEXT, number INTEGER, until REAL)")
        old.executemany("INSERT INTO facts VALUES (?, ?, 1.0, 'ann')", [("a", "[1]"), ("b", '{"c":null}')])
        old.execute("INSERT INTO claims VALUES ('k', 'ann', 41, 9e12), ('l', 'bob', 40, 1.0)")
        old.execute("PRAGMA user_version = 1")


def test_a_file_of_version_1_is_brought_up_to_date(path):
    make_version_1(path)

    async def story():
        async with SqliteStore(path, ttl={"a": 10}) as store:
            assert await store.survey("") == [fact("a", [1]), fact("b", {"c": None})]
            assert (await store.holder("k")).number == 41
            assert await store.claim("l", "cid", until=inf) == 42
            assert await store.learn(fact("a", 2, at=now()))

    anyio.run(story)
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (_schema.VERSION,)
        names = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert names == {"facts", "claims", "grants"}


def test_an_update_that_fails_leaves_the_old_file_as_it_was(path, monkeypatch):
    make_version_1(path)
    monkeypatch.setattr(_schema, "_TABLES", _schema._TABLES + "CREATE TABLE facts (oops)")
    with pytest.raises(KnowledgeError, match="could not do this"):
        open_and_close(path)
    monkeypatch.undo()
    assert [known.key for known in open_and_close(path)] == ["a", "b"]


def test_a_newer_file_is_refused(path):
    open_and_close(path)
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 3")
    with pytest.raises(KnowledgeError, match=r"newer wingmate \(schema 3.*upgrade wingmate"):
        open_and_close(path)
    with closing(sqlite3.connect(path)) as newer:
        assert newer.execute("PRAGMA user_version").fetchone() == (3,)


def test_confirmations_outlive_a_power_cut_only_if_durable(path):
    async def story(durable):
        async with SqliteStore(path, durable=durable) as store:
            writer = store._desk.database.writer
            return [
                writer.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
            ]

    assert anyio.run(story, True) == ["wal", 2]
    assert anyio.run(story, False) == ["wal", 1]
