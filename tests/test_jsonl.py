"""Facts as lines of JSON: what goes out comes in again, and a bad line changes nothing."""

from __future__ import annotations

import json
from math import inf

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate import Fact, MemoryStore
from wingmate.errors import KnowledgeError
from wingmate.stores import SqliteStore, export_facts, import_facts
from wingmate.testing import simulate

GOOD = '{"key": "a", "value": [1], "seen_at": 1.0, "seen_by": "ann"}'


async def lines_of(store):
    return [line async for line in export_facts(store)]


def test_an_export_is_one_sorted_line_per_fact():
    async def story():
        store = MemoryStore(ttl={"b": 1e12})
        await store.learn(Fact("b/1", {"c": "naïve\n\u2028"}, 2.5, "bob"))
        await store.learn(Fact("a", [1], 1.0, "ann"))
        return await lines_of(store)

    assert simulate(story) == [
        GOOD,
        '{"key": "b/1", "value": {"c": "na\\u00efve\\n\\u2028"}, "seen_at": 2.5, "seen_by": "bob", "ttl": 1000000000000.0}',
    ]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
numbers = st.floats(allow_nan=False, allow_infinity=False)
leaves = st.none() | st.booleans() | st.integers() | numbers | st.text(max_size=5)
facts = st.builds(
    Fact,
    texts,
    st.recursive(
        leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner), max_leaves=8
    ),
    numbers,
    texts,
)


@given(known=st.lists(facts, max_size=6))
def test_what_goes_out_comes_in_again(known):
    async def story():
        ours, theirs = MemoryStore(), MemoryStore()
        for fact in known:
            await ours.learn(fact)
        lines = await lines_of(ours)
        assert all(len(line.splitlines()) == 1 for line in lines)
        there = await ours.survey("")
        assert await import_facts(theirs, lines) == len(there)
        assert await theirs.survey("") == there
        assert await import_facts(theirs, lines) == 0, "nothing of it is news"

    simulate(story)


@given(line=st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_other_line_is_refused_in_our_own_words(line):
    async def story():
        store = MemoryStore()
        if line.strip():
            with pytest.raises(KnowledgeError, match=r"^line 1 is not a fact: "):
                await import_facts(store, [line])
        else:
            assert await import_facts(store, [line]) == 0

    simulate(story)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "Expecting property name"),
        ("[]", "it should be a JSON object, not list"),
        ("{}", "it lacks key, seen_at, seen_by, value"),
        (GOOD[:-1] + ', "tll": 1}', "it has the unknown field 'tll'"),
        (GOOD[:-1] + ', "ttl": "1"}', "ttl should be a number, not '1'"),
        (GOOD.replace("1.0", "true"), "seen_at should be a number, not True"),
        (GOOD.replace("1.0", "null"), "seen_at should be a number, not None"),
        (GOOD.replace("1.0", "NaN"), "NaN is not JSON"),
        (GOOD.replace("1.0", "1e999"), "seen_at must be a finite number"),
        (GOOD.replace("[1]", "-Infinity"), "-Infinity is not JSON"),
        (GOOD.replace("[1]", "1e999"), "inf is not a JSON number"),
        (GOOD.replace("[1]", "9" * 5000), "limit"),
        (GOOD.replace("[1]", "[" * 100_000), "recursion"),
        (GOOD.replace("[1]", "[" * 200 + "]" * 200), "nested"),
        (GOOD.replace('"a"', "7"), "key must be text, not int"),
        (GOOD.replace('"a"', '"\\ud800"'), "half a character"),
        (GOOD.replace('"ann"', "[]"), "seen_by must be text, not list"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_learned(line, why):
    async def story():
        store = MemoryStore()
        with pytest.raises(KnowledgeError, match=why) as caught:
            await import_facts(store, [GOOD, "", GOOD.replace('"a"', '"b"'), line])
        assert str(caught.value).startswith("line 4 is not a fact: ")
        assert len(str(caught.value)) < 300
        return await store.survey("")

    assert simulate(story) == []


def test_a_missing_lifetime_may_be_written_as_null():
    async def story():
        store = MemoryStore()
        await import_facts(store, [GOOD[:-1] + ', "ttl": null}'])
        return await store.recall("a")

    assert simulate(story) == Fact("a", [1], 1.0, "ann")


def test_lines_may_come_one_after_the_other():
    async def story():
        async def slowly():
            for n in range(1200):
                await anyio.sleep(1)
                yield json.dumps({"key": f"a/{n:04}", "value": n, "seen_at": 1, "seen_by": "ann"}) + "\n"

        store = MemoryStore()
        assert await import_facts(store, slowly()) == 1200
        assert len(await lines_of(store)) == 1200

    simulate(story)


class Plain:
    """A store with the four methods and no more."""

    def __init__(self):
        self.inner = MemoryStore()
        self.learn, self.recall = self.inner.learn, self.inner.recall
        self.survey, self.claim = self.inner.survey, self.inner.claim


def test_a_store_without_bulk_learning_will_do():
    async def story():
        store = Plain()
        return await import_facts(store, [GOOD, GOOD]), await lines_of(store)

    assert simulate(story) == (1, [GOOD])


def test_an_import_into_a_file_is_all_or_nothing(tmp_path):
    long = GOOD.replace("[1]", json.dumps("x" * 200))
    lines = [long.replace('"a"', f'"a/{n:03}"') for n in range(300)]

    async def story():
        async with SqliteStore(tmp_path / "knowledge.db") as store:
            writer = store._desk.database.writer
            pages = writer.execute("PRAGMA page_count").fetchone()[0]
            writer.execute(f"PRAGMA max_page_count = {pages + 2}")
            with pytest.raises(KnowledgeError, match="full"):
                await import_facts(store, lines)
            assert await store.survey("") == []
            writer.execute("PRAGMA max_page_count = 100000")
            assert await import_facts(store, lines) == 300
            assert await lines_of(store) == lines

    anyio.run(story)


def test_a_value_that_is_not_json_is_not_exported():
    async def survey(prefix):
        return [Fact("a", inf, 1.0, "ann")]

    odd = Plain()
    odd.survey = survey
    with pytest.raises(KnowledgeError, match="'a' cannot be written"):
        simulate(lines_of, odd)
