"""The store in memory: the latest sighting wins, what is old goes, claims are leases."""

from __future__ import annotations

from itertools import permutations
from math import inf, nan

import pytest
from anyio import create_task_group, sleep
from hypothesis import given
from hypothesis import strategies as st

from wingmate import Fact, MemoryStore, now
from wingmate.abc import BulkStore, ClaimBook, KnowledgeStore
from wingmate.errors import KnowledgeError
from wingmate.stores import _memory
from wingmate.stores._ledger import Ledger
from wingmate.stores._values import after, check_text, plain
from wingmate.testing import check_store, run_on_trio, simulate

SIGHTINGS = [Fact("port/7", n, at, who) for n, at, who in ((1, 1.0, "x"), (2, 2.0, "x"), (3, 2.0, "y"))]


def test_it_offers_every_ability():
    store = MemoryStore()
    assert isinstance(store, KnowledgeStore)
    assert isinstance(store, BulkStore)
    assert isinstance(store, ClaimBook)


@pytest.mark.parametrize("seed", range(5))
def test_it_keeps_the_promises_of_a_store(seed):
    simulate(check_store, MemoryStore, seed=seed)


def test_it_keeps_the_promises_of_a_store_on_trio():
    run_on_trio(check_store, MemoryStore)


@pytest.mark.parametrize("order", list(permutations(SIGHTINGS)))
@pytest.mark.parametrize("together", [False, True])
def test_the_latest_sighting_wins_however_the_news_arrives(order, together):
    async def story():
        store = MemoryStore()
        if together:
            await store.learn_all([*order, *order])
        else:
            for fact in (*order, *order):
                await store.learn(fact)
        return await store.recall("port/7"), await store.survey("port/")

    assert simulate(story) == (SIGHTINGS[-1], [SIGHTINGS[-1]])


def test_learning_says_what_was_news():
    async def story():
        store = MemoryStore()
        old, new = Fact("a", 1, 1.0, "x"), Fact("a", 2, 2.0, "x")
        one_by_one = [await store.learn(fact) for fact in (old, old, new, old)]
        return one_by_one, await store.learn_all([old, new, Fact("b", 1, 1.0, "x"), Fact("b", 2, 2.0, "x")])

    assert simulate(story) == ([True, False, True, False], 2)


def test_a_survey_gives_one_prefix_in_order():
    async def story():
        store = MemoryStore()
        for key in ("sector/10", "port/1", "sector/1", "sectors", "sector/\U0010ffff", "t"):
            await store.learn(Fact(key, None, 1.0, "x"))
        return [
            [fact.key for fact in await store.survey(p)]
            for p in ("sector/", "sector/1", "", "u", "\U0010ffff")
        ]

    everything = ["port/1", "sector/1", "sector/10", "sector/\U0010ffff", "sectors", "t"]
    assert simulate(story) == [everything[1:4], ["sector/1", "sector/10"], everything, [], []]


def test_facts_expire_by_their_kind_unless_they_say_otherwise():
    async def story():
        store = MemoryStore(ttl={"danger": 60})
        await store.learn(Fact("danger/1", "mines", now(), "x"))
        await store.learn(Fact("danger/2", "mines", now(), "x", ttl=600))
        await store.learn(Fact("sector/1", [], now(), "x"))
        await sleep(59.5)
        before = [fact.key for fact in await store.survey("")]
        await sleep(0.5)
        return before, [fact.key for fact in await store.survey("")], await store.recall("danger/1")

    assert simulate(story) == (["danger/1", "danger/2", "sector/1"], ["danger/2", "sector/1"], None)


def test_what_has_expired_is_as_good_as_unknown():
    async def story():
        store = MemoryStore(ttl={"a": 10})
        await store.learn(Fact("a", "new", now(), "x"))
        await sleep(11)
        stale = await store.learn(Fact("a", "born too old", now() - 10, "x"))
        older = await store.learn(Fact("a", "older but lasting", now() - 100, "x", ttl=1000))
        return stale, older, (await store.recall("a")).value

    assert simulate(story) == (False, True, "older but lasting")


def test_only_one_of_many_gets_a_claim():
    async def story():
        store, won = MemoryStore(), []

        async def grab(who):
            if number := await store.claim("port/7", who, until=now() + 60):
                won.append((who, number))

        async with create_task_group() as crew:
            for who in ("ann", "bob", "cid"):
                crew.start_soon(grab, who)
        [(who, number)] = won
        grant = await store.holder("port/7")
        assert (grant.who, grant.number, grant.until) == (who, number, now() + 60)

    simulate(story)


def test_a_claim_is_renewed_under_its_number_and_given_to_the_next_under_a_larger_one():
    async def story():
        store = MemoryStore()
        first = await store.claim("k", "ann", until=now() + 10)
        await sleep(9)
        assert await store.claim("k", "ann", until=now() + 10) == first
        assert await store.claim("k", "bob", until=now() + 10) is None
        await sleep(10)
        assert await store.holder("k") is None
        second = await store.claim("k", "bob", until=now() + 10)
        assert await store.claim("k", "ann", until=now() - 1) is None, "only the holder releases"
        assert await store.claim("k", "bob", until=now()) == second
        third = await store.claim("k", "bob", until=now() + 10)
        assert first < second < third

    simulate(story)


def test_releasing_what_nobody_holds_grants_nothing():
    async def story():
        store = MemoryStore()
        return await store.claim("k", "ann", until=0.0), await store.claim("k", "ann", until=inf)

    assert simulate(story) == (None, 1)


@pytest.mark.parametrize("how", ["learn", "learn_all", "claim"])
def test_what_has_expired_takes_no_room(monkeypatch, how):
    monkeypatch.setattr(_memory, "SWEEP", 10)

    async def story():
        store = MemoryStore(ttl={"seen": 5})
        store._sweep_at = _memory.SWEEP
        for n in range(200):
            fact = Fact(f"seen/{n}", n, now(), "x")
            if how == "claim":
                await store.claim(fact.key, "x", until=now() + 5)
            else:
                await (store.learn(fact) if how == "learn" else store.learn_all([fact]))
            await sleep(1)
        if how != "claim":
            assert [fact.value for fact in await store.survey("seen/")] == [196, 197, 198, 199]
        return len(store._ledger.facts) + len(store._ledger.grants), len(store._keys)

    entries, keys = simulate(story)
    assert entries <= 20
    assert keys <= 20


def test_only_the_grant_that_nobody_heard_of_is_ended():
    ledger = Ledger()
    first = ledger.claim("k", "ann", until=10.0, date=0.0).number
    second = ledger.claim("k", "bob", until=20.0, date=10.0).number
    ledger.forgo("k", first, date=11.0)
    assert ledger.grant("k", date=11.0).who == "bob"
    ledger.forgo("k", second, date=12.0)
    assert ledger.grant("k", date=12.0) is None


def test_nobody_can_change_a_fact_behind_the_store():
    async def story():
        store, mine = MemoryStore(), {"warps": [1, 2]}
        await store.learn(Fact("sector/1", mine, 1.0, "x"))
        mine["warps"].append(3)
        return (await store.recall("sector/1")).value

    assert simulate(story) == {"warps": [1, 2]}


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        (Fact("a", nan, 1.0, "x"), "not a JSON number"),
        (Fact("a", [{"b": inf}], 1.0, "x"), "not a JSON number"),
        (Fact("a", {1: 2}, 1.0, "x"), "1 is no name for a JSON field"),
        (Fact("a", b"raw", 1.0, "x"), "bytes is not a JSON type"),
        (Fact("a", {1, 2}, 1.0, "x"), "set is not a JSON type"),
        (Fact("a", 1 << 20_000, 1.0, "x"), "too long"),
        (Fact("a", 1, nan, "x"), "seen_at must be a finite number"),
        (Fact("a", 1, 10**400, "x"), "seen_at must be a number of ordinary size"),
        (Fact("a", 1, 1.0, "x", ttl=inf), "ttl must be a finite number"),
        (Fact("a", 1, None, "x"), "seen_at must be a number"),
        (Fact(7, 1, 1.0, "x"), "key must be text"),
        (Fact("a", 1, 1.0, None), "seen_by must be text"),
        (Fact("\ud800", 1, 1.0, "x"), "half a character"),
    ],
)
def test_what_is_not_json_is_refused(fact, why):
    with pytest.raises(KnowledgeError, match=why):
        simulate(MemoryStore().learn, fact)


@pytest.mark.parametrize("until", [nan, None, 10**400])
def test_a_claim_without_an_end_is_refused(until):
    async def story():
        await MemoryStore().claim("k", "ann", until=until)

    with pytest.raises(KnowledgeError, match="until must be"):
        simulate(story)


def test_a_list_that_holds_itself_is_refused():
    loop = []
    loop.append(loop)
    with pytest.raises(KnowledgeError, match="nested"):
        plain(loop)


def test_plain_values_are_exactly_json():
    class Name(str):
        __slots__ = ()

    value = plain({Name("a"): (Name("b"), True, 1.5, None)})
    assert value == {"a": ["b", True, 1.5, None]}
    assert [type(name) for name in value] == [str]
    assert type(value["a"][0]) is str


texts = st.text(st.sampled_from("ab/\ud7fe\ud7ff\ue000\U0010fffe\U0010ffff"), max_size=4)


@given(prefix=texts, key=texts)
def test_what_starts_with_a_prefix_lies_before_what_comes_after_it(prefix, key):
    end = after(prefix)
    assert key.startswith(prefix) == (prefix <= key and (end is None or key < end))
    if end is not None:
        check_text("end", end)
