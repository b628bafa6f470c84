"""What a village agrees on by talking, and what it writes on signs."""

from contextlib import asynccontextmanager
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate import BotSpec, Fact, LocalChannel, MemoryStore, open_bot
from wingmate.chat import VILLAGE
from wingmate.testing import MemoryNetwork, check_store, simulate
from wingmate.village import Hands, Settings, SignStore, Spot, Village, VillageAdapter
from wingmate.village._council import Council
from wingmate.village._signs import key_of, read_sign, sign_text

# --- the council ------------------------------------------------------------------------------------


def heard(*lines):
    council = Council()
    for number, (sender, text) in enumerate(lines):
        council.hear(sender, text, float(number))
    return council


def test_the_first_to_say_so_founds_the_village():
    council = heard(
        ("ann", "hello"), ("bob", "[VILLAGE] center 1 2 3"), ("cat", "[VILLAGE] center 7 8 9"), ("cat", "[CHEST] shared 1.7 2 -3.2"),
        ("ann", "[CHEST] shared 5 5 5"), ("ann", "[CRAFTING] shared 4 5 6"), ("eve", "[CRAFTING] shared x y z"),
    )  # fmt: skip
    assert (council.centre, council.founder) == (Spot(1, 2, 3), "bob")
    assert (council.chest, council.table) == (Spot(1, 2, -4), Spot(4, 5, 6))
    assert council.counts == {"chatter": 2, "contradictions": 1}


def test_a_request_is_brought_by_the_first_who_says_so_and_closed_by_its_deposit():
    council = heard(
        ("ann", "[REQUEST] logs 8"), ("bob", "[FULFILL] logs 8 for ann"), ("cat", "[FULFILL] logs 8 for ann")
    )
    assert council.promised("cat") == []
    assert [request.by for request in council.promised("bob")] == ["bob"]
    council.hear("cat", "[DEPOSIT] logs 8", 4.0)
    assert council.requests
    council.hear("bob", "[DEPOSIT] logs 8", 5.0)
    assert not council.requests
    assert council.counts["fulfilled"] == 1


def test_a_request_is_not_taken_twice_and_expires():
    council = heard(("ann", "[REQUEST] logs 8"), ("ann", "[REQUEST] logs 8"))
    assert council.counts["repeated"] == 1
    assert council.wanted("ann") == []
    assert [request.item for request in council.wanted("bob")] == ["logs"]
    council.sweep(61.0)
    assert not council.requests
    council.hear("ann", "[REQUEST] logs 8", 70.0)
    council.hear("bob", "[FULFILL] logs 8 for ann", 71.0)
    council.sweep(240.0)
    assert council.promised("bob")
    council.sweep(252.0)
    assert not council.requests
    assert council.counts["expired"] == 2


def test_a_place_is_levelled_by_one_whose_lease_ends_with_it():
    council = heard(
        ("ann", "[TERRAFORM] 10 64 10"),
        ("bob", "[TERRAFORM] 12 64 11"),
        ("cat", "[TERRAFORM_CLAIM] 10 64 10"),
    )
    assert len(council.terraforms) == 1, "two places so near are one"
    council.hear("dan", "[TERRAFORM_CLAIM] 10 64 10", 5.0)
    council.hear("dan", "[TERRAFORM_DONE] 10 64 10", 6.0)
    place = council.place(Spot(11, 64, 10))
    assert (place.owner, place.number, place.done) == ("cat", 1, False)
    assert council.to_level("dan") is None
    assert council.to_level("cat") is place
    council.hear("cat", "[TERRAFORM_RELEASE] 10 64 10", 7.0)
    council.hear("dan", "[TERRAFORM_CLAIM] 10 64 10", 8.0)
    assert (place.owner, place.number) == ("dan", 2)
    council.hear("dan", "[TERRAFORM_DONE] 10 64 10", 9.0)
    assert place.done
    council.sweep(610.0)
    assert not council.terraforms
    council.hear("ann", "[TERRAFORM] 10 64 10", 611.0)
    council.hear("cat", "[TERRAFORM_CLAIM] 10 64 10", 612.0)
    assert council.place(Spot(10, 64, 10)).number == 3, "numbers only grow"


SENDERS = st.sampled_from(["ann", "bob", "cat"])
LINES = st.one_of(
    st.sampled_from([
        "[VILLAGE] center 1 2 3", "[VILLAGE] center 4 5 6", "[CHEST] shared 1 2 3", "[CRAFTING] shared 1 2 3", "[REQUEST] logs 8",
        "[REQUEST] logs 2", "[FULFILL] logs 8 for ann", "[FULFILL] logs 2 for bob", "[DEPOSIT] logs 8", "[TERRAFORM] 1 2 3",
        "[TERRAFORM] 9 2 3", "[TERRAFORM_CLAIM] 1 2 3", "[TERRAFORM_CLAIM] 9 2 3", "[TERRAFORM_DONE] 1 2 3",
        "[TERRAFORM_RELEASE] 9 2 3",
    ]),
    st.text(max_size=40),
)  # fmt: skip


@given(st.lists(st.tuples(SENDERS, LINES, st.floats(0, 100)), max_size=60))
def test_nothing_said_upsets_the_council_and_every_request_comes_to_an_end(story):
    council, date, opened = Council(), 0.0, 0
    numbers = {}
    for sender, text, pause in story:
        date += pause
        known = dict(council.requests)
        council.hear(sender, text, date)
        opened += sum(council.requests[key] is not known.get(key) for key in council.requests)
        for spot, place in council.terraforms.items():
            if place.owner:
                owner, number = numbers.get((spot, place.number), (place.owner, place.number))
                assert owner == place.owner, "one number, two owners"
                numbers[spot, place.number] = (owner, number)
    council.sweep(date + 1e6)
    assert not council.requests
    assert not council.terraforms


def test_the_verbs_are_those_that_other_bots_understand():
    assert VILLAGE.write("REQUEST", item="logs", count=8) == "[REQUEST] logs 8"
    assert VILLAGE.write("TERRAFORM_CLAIM", x=1.9, y=2, z=-0.1) == "[TERRAFORM_CLAIM] 1 2 -1"


# --- signs ------------------------------------------------------------------------------------------

PLACE = {"x": 10, "y": 64, "z": -3}
INTS = st.integers(-(10**9) + 1, 10**9 - 1)


@given(st.sampled_from(["village", "chest/a", "craft", "farm/1", "forest/7"]), INTS, INTS, INTS)
def test_what_fits_on_a_sign_is_read_from_it(key, x, y, z):
    lines = sign_text(key, {"x": x, "y": y, "z": z})
    assert lines is not None
    assert all(len(line) <= 15 for line in lines)
    assert read_sign(lines) == (key.partition("/")[0], Spot(x, y, z))


@pytest.mark.parametrize(
    ("key", "value"),
    [("mine/1", PLACE), ("village", 5), ("village", {"x": 1, "y": 2}), ("village", PLACE | {"w": 1}), ("craft", PLACE | {"x": 1.5}),
     ("craft", PLACE | {"x": True}), ("craft", PLACE | {"x": 10**13})],
)  # fmt: skip
def test_what_does_not_fit_is_not_put_on_one(key, value):
    assert sign_text(key, value) is None


@given(st.lists(st.text(max_size=20), max_size=6))
def test_no_sign_upsets_the_reader(lines):
    assert read_sign(tuple(lines)) is None or len(lines) == 4


def test_a_sign_store_is_a_store():
    simulate(check_store, lambda: SignStore(MemoryStore()))


@asynccontextmanager
async def in_a_village(items):
    async with Village(Settings(seed=3, size=48)) as village, MemoryNetwork(Random(0)) as network:
        network.listen("village", village.handler)
        spec = BotSpec(
            name="ann",
            role=lambda _: None,
            adapter=VillageAdapter,
            transport=network.transport("village"),
            stall=1e6,
        )
        async with (
            open_bot(spec, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(0)) as bot,
            Hands(bot) as hands,
        ):
            here = await hands.enter("ann")
            village.world.players["ann"].items = dict(items)
            yield village, hands, here


def test_what_is_on_signs_outlives_everything_else():
    async def story():
        async with in_a_village({"sign": 5, "chest": 1}) as (village, hands, here):
            ground = await hands.scan(here.x + 2, here.z, 1, 1)
            chest = Spot(here.x + 2, ground[here.x + 2, here.z] + 1, here.z)
            await hands.place("chest", chest)
            store = SignStore(MemoryStore())
            await store.note("village", here, "ann")
            await store.note(key_of("chest", chest), chest, "ann")
            await store.learn(Fact("mood", "good", 1.0, "ann"))
            assert await store.write_pending(hands, here) == 2
            assert not store.pending
            again = SignStore(MemoryStore())
            await again.note("village", here, "bob")
            assert await again.write_pending(hands, here) == 0, "one thing stands on one sign"
            fresh = SignStore(MemoryStore())
            assert await fresh.load(hands) == 2
            assert await fresh.place("village") == here
            assert await fresh.place(key_of("chest", chest)) == chest
            assert await fresh.recall("mood") is None
            return len(village.world.signs)

    assert simulate(story) == 2


def test_a_sign_that_points_to_something_gone_is_not_believed_and_written_anew():
    async def story():
        async with in_a_village({"sign": 1, "chest": 1}) as (village, hands, here):
            ground = await hands.scan(here.x + 2, here.z, 1, 1)
            chest = Spot(here.x + 2, ground[here.x + 2, here.z] + 1, here.z)
            await hands.place("chest", chest)
            store = SignStore(MemoryStore())
            await store.note(key_of("chest", chest), chest, "ann")
            await store.write_pending(hands, here)
            await hands.go(chest, 3)
            await hands.dig(chest)
            other = SignStore(MemoryStore())
            assert await other.load(hands) == 0
            await other.note("village", here, "bob")
            assert await other.write_pending(hands, here) == 1
            return list(village.world.signs.values()), here

    signs, here = simulate(story)
    assert signs == [f"[VILLAGE]|X: {here.x}|Y: {here.y}|Z: {here.z}"]


def test_foreign_signs_are_left_alone_and_without_signs_everything_waits():
    async def story():
        async with in_a_village({"sign": 1}) as (village, hands, here):
            ground = await hands.scan(here.x, here.z + 1, 1, 1)
            spot = Spot(here.x, ground[here.x, here.z + 1] + 1, here.z + 1)
            await hands.place("sign", spot)
            await hands.write(spot, ("Welcome", "to", "our", "village"))
            store = SignStore(MemoryStore())
            await store.note("village", here, "ann")
            assert await store.write_pending(hands, here) == 0
            assert len(store.pending) == 1
            return list(village.world.signs.values())

    assert simulate(story) == ["Welcome|to|our|village"]
