"""The block world: the same orders at the same times give the same world, and its rules hold."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from wingmate.village import Spot
from wingmate.village.commands import (
    KINDS,
    Bag,
    Craft,
    Dig,
    Eat,
    Find,
    Go,
    Look,
    Open,
    Place,
    Put,
    Read,
    Say,
    Scan,
    See,
    Stop,
    Take,
    Till,
    Who,
    Write,
)
from wingmate.village.world import (
    Denial,
    Settings,
    create,
    join,
    kill,
    leave,
    next_due,
    order,
    run,
    take_notices,
)
from wingmate.village.world.tables import SOLID, slots
from wingmate.village.world.walking import find_way

SMALL = Settings(seed=3, size=48)


class Story:
    """One world and its clock; `do` gives the answer to a deed, however long that takes."""

    def __init__(self, settings=SMALL, *names):
        self.world = create(settings)
        self.date = 0.0
        self.lines = []
        for name in names or ("ann",):
            join(self.world, name, self.date)
        self.number = 0

    def hear(self):
        self.lines += take_notices(self.world)

    def start(self, deed, who="ann"):
        self.number += 1
        order(self.world, who, self.number, deed, self.date)
        self.hear()
        return self.number

    def do(self, deed, who="ann"):
        number = self.start(deed, who)
        for _ in range(2000):
            for notice in self.lines:
                if notice.to == who and notice.line.startswith(f"{number} "):
                    return notice.line.partition(" ")[2]
            due = next_due(self.world)
            assert due is not None, f"{deed} is never answered"
            self.date = due
            run(self.world, self.date)
            self.hear()
        raise AssertionError(f"{deed} takes for ever")

    def wait(self, seconds):
        self.date += seconds
        run(self.world, self.date)
        self.hear()

    @property
    def ann(self):
        return self.world.players["ann"]

    def beside(self, x=1, z=0):
        """A free place beside ann, at the height of the ground there."""
        here = self.ann.spot
        return Spot(here.x + x, self.world.top(here.x + x, here.z + z) + 1, here.z + z)


def digest(world):
    players = {name: (p.spot, sorted(p.items.items()), p.deaths) for name, p in world.players.items()}
    return (sorted(world.blocks.items()), players, sorted(world.signs.items()), world.date)


def test_the_same_seed_makes_the_same_land():
    assert digest(create(SMALL)) == digest(create(SMALL))
    assert digest(create(SMALL)) != digest(create(Settings(seed=4, size=48)))


@pytest.mark.parametrize("seed", range(10))
def test_every_land_has_wood_and_grass_and_room_to_stand(seed):
    world = create(Settings(seed=seed, size=64))
    assert len(world.places["log"]) > 50
    assert len(world.places["tallgrass"]) > 100
    assert world.standable(world.spawn)
    for spot in world.places["log"] | world.places["tallgrass"]:
        assert world.block(spot.shifted(y=-1)) in SOLID


def test_a_log_is_dug_and_becomes_a_table_and_a_chest():
    story = Story()
    spot = next(iter(_spots(story.do(Find("log", 40)))))
    assert story.do(Go(spot, 4)).startswith("ok")
    assert story.do(Dig(spot)) == "ok logs:1"
    assert story.world.block(spot) == "air"
    story.ann.items = {"logs": 4}
    assert story.do(Craft("planks", 4)) == "ok planks:16"
    assert story.do(Craft("table")) == "ok table:1"
    assert "no table is near" in story.do(Craft("chest"))
    table, chest = story.beside(1), story.beside(-1)
    assert story.do(Place("table", table)) == "ok"
    assert story.do(Craft("chest")) == "ok chest:1"
    assert story.do(Place("chest", chest)) == "ok"
    assert story.do(Put(chest, "planks", 3)) == "ok planks:3"
    assert story.do(Open(chest)) == "ok planks:3"
    assert "holds 3 planks" in story.do(Take(chest, "planks", 4))
    assert "not empty" in story.do(Dig(chest))
    assert story.do(Take(chest, "planks", 3)) == "ok"
    assert story.do(Dig(chest)) == "ok chest:1"
    assert story.do(Bag()) == "ok chest:1 planks:4"


def _spots(answer):
    return [Spot(*map(int, word.split(","))) for word in answer.split()[1:]]


def test_wheat_is_sown_ripens_by_day_and_is_harvested():
    story = Story()
    story.ann.items = {"hoe": 1, "seeds": 2}
    field = story.beside().shifted(y=-1)
    above = field.shifted(y=1)
    assert "does not stand on" in story.do(Place("seeds", above))
    assert story.do(Till(field)) == "ok"
    assert story.do(Place("seeds", above)) == "ok"
    assert story.do(See(above)) == "ok wheat 0"
    assert "something stands on" in story.do(Dig(field))
    assert story.do(Find("ripe", 8)) == "ok"
    story.wait(SMALL.ripening / 2)
    assert story.do(See(above)) == "ok wheat 3"
    story.wait(SMALL.ripening / 2)
    assert story.do(Find("ripe", 8)) == f"ok {above.x},{above.y},{above.z}"
    answer = story.do(Dig(above))
    assert "wheat:1" in answer
    assert "seeds:" in answer
    assert story.world.harvested == 1


def test_wheat_does_not_grow_at_night():
    story = Story()
    story.wait(SMALL.day * 0.6)
    before = story.world.daylight()
    story.wait(SMALL.day * 0.4)
    assert story.world.daylight() == pytest.approx(before)
    story.wait(10)
    assert story.world.daylight() == pytest.approx(before + 10)


def test_grass_gives_seeds_and_comes_back():
    story = Story(Settings(seed=1, size=48, regrowing=50))
    seeds = 0
    spots = _spots(story.do(Find("tallgrass", 48, 20)))
    for spot in spots:
        if story.do(Go(spot, 4)).startswith("ok"):
            story.do(Dig(spot))
    seeds = story.ann.items.get("seeds", 0)
    assert 2 <= seeds <= 18
    story.wait(200)
    assert sum(story.world.block(spot) == "tallgrass" for spot in spots) >= 15


def test_a_tree_falls_and_grows_again():
    story = Story(Settings(seed=5, size=48, regrowing=60))
    spot = story.beside(2)
    story.ann.items = {"sapling": 1}
    story.do(Dig(spot))
    assert story.do(Place("sapling", spot)) == "ok"
    story.wait(61)
    logs = [spot.shifted(y=up) for up in range(6) if story.world.block(spot.shifted(y=up)) == "log"]
    assert len(logs) in (4, 5)
    leaves = len(story.world.places["leaves"])
    for log in logs:
        assert story.do(Dig(log)).startswith("ok logs:1")
    assert len(story.world.places["leaves"]) < leaves - 10
    assert story.ann.items["logs"] == len(logs)


def test_signs_are_written_within_their_limits_and_read_from_afar():
    story = Story(SMALL, "ann", "bob")
    story.ann.items = {"sign": 1}
    spot = story.beside()
    assert story.do(Place("sign", spot)) == "ok"
    assert story.do(Write(spot, "[CHEST]|X: 1|Y: 2|Z: 3")) == "ok"
    assert story.do(Read(spot), "bob") == "ok [CHEST]|X: 1|Y: 2|Z: 3"
    for bad in ("1234567890123456", "1|2|3|4|5", "Zoë"):
        assert story.do(Write(spot, bad)).startswith("no illegal")
    assert story.do(Dig(spot)) == "ok sign:1"
    assert story.do(Read(spot), "bob").startswith("no nothing")


def test_everybody_hears_the_same_in_the_same_order_and_nobody_floods():
    story = Story(SMALL, "ann", "bob", "cat")
    for n in range(8):
        story.do(Say(f"line {n}"), ("ann", "bob")[n % 2])
    heard = {
        who: [n.line for n in story.lines if n.to == who and n.line.startswith("* chat")]
        for who in ("ann", "bob", "cat")
    }
    assert heard["ann"] == heard["bob"] == heard["cat"]
    assert len(heard["ann"]) == 8
    answers = [story.do(Say("spam")) for _ in range(12)]
    assert answers[-1].startswith("no fast after")
    story.wait(10)
    assert story.do(Say("calm")) == "ok"
    assert story.do(Say("x" * 257)).startswith("no illegal")
    assert story.do(Say("x" * 256)) == "ok"
    assert story.do(Say("a \u00a7c b")).startswith("no illegal")
    for _ in range(40):
        story.do(Say("spam"))
    assert any(n.line == "* kicked spam" for n in story.lines)


def test_death_takes_everything_and_breaks_off_what_was_done():
    story = Story(SMALL, "ann", "bob")
    story.do(Go(story.beside(8), 2))
    story.ann.items = {"logs": 5}
    number = story.start(Dig(story.beside().shifted(y=-1)))
    kill(story.world, "ann", "by accident")
    story.hear()
    lines = [n.line for n in story.lines if n.to == "ann"]
    assert f"{number} no dead you died" in lines
    assert f"* spawn {story.world.spawn}" in lines
    assert "* died ann by accident" in [n.line for n in story.lines if n.to == "bob"]
    assert story.do(Bag()) == "ok"
    assert story.ann.spot == story.world.spawn


def test_hunger_kills_unless_somebody_eats():
    story = Story(Settings(seed=3, size=48, hunger=10))
    story.ann.items = {"bread": 2}
    story.wait(150)
    assert story.ann.food == 5
    assert story.do(Eat("bread")) == "ok food:13"
    story.wait(140)
    assert story.ann.deaths == 1
    assert story.ann.food in (19, 20)


def test_the_night_is_dangerous_only_if_it_is_said_to_be():
    safe, bad = Story(SMALL), Story(Settings(seed=3, size=48, hazard=1.0))
    for story in (safe, bad):
        for _ in range(40):
            story.wait(SMALL.day / 20)
    assert safe.ann.deaths == 0
    assert bad.ann.deaths == 2


def test_who_leaves_comes_back_where_it_was_with_what_it_had():
    story = Story(SMALL, "ann", "bob")
    story.ann.items = {"logs": 3}
    story.do(Go(story.beside(6), 2))
    spot = story.ann.spot
    with pytest.raises(Denial, match="in the world already"):
        join(story.world, "ann", story.date)
    leave(story.world, "ann", story.date)
    assert story.do(Who(), "bob") == "ok bob"
    assert join(story.world, "ann", story.date) == spot
    assert story.do(Bag()) == "ok logs:3"


@pytest.mark.parametrize("name", ["", "a" * 17, "a b", "Zoë", "a|b", "*"])
def test_names_have_sixteen_plain_characters(name):
    with pytest.raises(Denial):
        join(create(SMALL), name, 0.0)


def test_one_deed_at_a_time_and_it_can_be_broken_off():
    story = Story()
    number = story.start(Go(story.beside(10), 2))
    assert story.do(Craft("planks")).startswith("no busy")
    assert story.do(Look()).startswith("ok ")
    assert story.do(Stop()).startswith("ok ")
    assert f"{number} no stopped you stopped" in [n.line for n in story.lines]
    assert story.do(Craft("planks")).startswith("no missing")


def test_a_walk_goes_round_what_is_built_in_its_way():
    story = Story(SMALL, "ann", "bob")
    goal = story.beside(8)
    way = find_way(story.world, story.ann.spot, goal, 1)
    story.start(Go(goal, 1))
    for up in (0, 1):
        story.world.put(way[3].shifted(y=up), "planks")
    for _ in range(80):
        story.wait(0.25)
    assert story.ann.spot.apart(goal) <= 1


def test_walled_in_there_is_no_way():
    story = Story()
    here = story.ann.spot
    for x, z in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        for up in (0, 1, 2):
            story.world.put(here.shifted(x, up, z), "planks")
    assert story.do(Go(here.shifted(9), 2)).startswith("no way")
    assert story.do(Go(Spot(-5, 60, -5))).startswith("no way")


def test_who_stands_over_a_hole_falls_in():
    story = Story(SMALL, "ann", "bob")
    below = story.ann.spot.shifted(y=-1)
    assert story.do(Dig(below)) == "ok dirt:1"
    assert story.ann.spot == below
    assert story.world.players["bob"].spot == below
    assert story.do(Place("dirt", below)).startswith("no occupied")


def test_two_dig_one_block_and_one_gets_it():
    story = Story(SMALL, "ann", "bob")
    spot = story.beside().shifted(y=-1)
    first = story.start(Dig(spot), "ann")
    second = story.start(Dig(spot), "bob")
    story.wait(3)
    answers = {
        n.line.partition(" ")[2] for n in story.lines if n.line.startswith((f"{first} ", f"{second} "))
    }
    assert "ok dirt:1" in answers
    assert any(answer.startswith("no nothing") for answer in answers)


def test_the_ground_can_be_scanned_and_dug_down_to_the_bedrock():
    story = Story()
    here = story.ann.spot
    heights = [int(word) for word in story.do(Scan(here.x - 2, here.z - 2, 5, 5)).split()[1:]]
    assert len(heights) == 25
    assert heights[12] == here.y - 1
    for _ in range(here.y):
        story.do(Dig(story.ann.spot.shifted(y=-1)))
    assert story.ann.spot.y == 1
    assert story.world.top(here.x, here.z) == 0
    assert story.do(Dig(Spot(here.x, 0, here.z))).startswith("no nothing")


NUMBERS = st.integers(-3, 51)
SPOTS = st.builds(Spot, NUMBERS, st.integers(58, 72), NUMBERS)
WORDS = st.sampled_from(
    ["logs", "planks", "dirt", "seeds", "sign", "chest", "table", "hoe", "sapling", "wheat", "nonsense"]
)
DEEDS = st.one_of(
    st.builds(Go, SPOTS, st.integers(-1, 33)),
    st.builds(Dig, SPOTS),
    st.builds(Place, WORDS, SPOTS),
    st.builds(Till, SPOTS),
    st.builds(Craft, WORDS, st.integers(-1, 70)),
    st.builds(Eat, WORDS),
    st.builds(Put, SPOTS, WORDS, st.integers(-1, 70)),
    st.builds(Take, SPOTS, WORDS, st.integers(-1, 70)),
    st.builds(Write, SPOTS, st.text(max_size=20)),
    st.builds(Find, WORDS, st.integers(-1, 60), st.integers(-1, 40)),
    st.builds(Say, st.text(max_size=300)),
    st.builds(Scan, NUMBERS, NUMBERS, st.integers(-1, 40), st.integers(-1, 40)),
    st.sampled_from([kind() for kind in KINDS if kind in (Bag, Look, Stop, Who)]),
)


@examples(max_examples=max(15, examples().max_examples // 3))  # each is a whole world
@given(
    st.lists(st.tuples(st.sampled_from(["ann", "bob"]), DEEDS, st.floats(0, 3)), max_size=40), st.integers()
)
def test_whatever_is_ordered_everything_is_answered_once_and_nothing_is_lost(orders, seed):
    story = Story(SMALL, "ann", "bob")
    dice = Random(seed)
    for who in ("ann", "bob"):
        player = story.world.players[who]
        player.items = {"logs": 9, "planks": 30, "dirt": 9, "seeds": 9, "hoe": 1, "chest": 1, "table": 1}
    for who, wish, pause in orders:
        deed = wish
        near = story.world.players[who].spot
        if hasattr(deed, "spot") and dice.random() < 0.7:
            here = Spot(*(part + dice.randint(-2, 2) for part in near))
            deed = type(deed)(
                **{name: getattr(deed, name) for name in deed.__slots__ if name != "__weakref__"}
                | {"spot": here}
            )
        story.start(deed, who)
        story.wait(pause)
    story.wait(60)
    answered = [int(n.line.split()[0]) for n in story.lines if not n.line.startswith("*")]
    assert sorted(answered) == list(range(1, len(orders) + 1))
    for player in story.world.players.values():
        assert all(count > 0 for count in player.items.values())
        assert slots(player.items) <= 36
        assert not story.world.solid(player.spot)
        assert player.task is None
    for kind, spots in story.world.places.items():
        assert all(story.world.blocks[spot] == kind for spot in spots)
    assert set(story.world.chests) == story.world.places.get("chest", set())
    assert set(story.world.signs) == story.world.places.get("sign", set())
    assert set(story.world.planted) == story.world.places.get("wheat", set())


def test_the_same_orders_give_the_same_world():
    def play():
        story = Story(SMALL, "ann", "bob")
        dice = Random(7)
        for _ in range(12):
            who = dice.choice(["ann", "bob"])
            spots = _spots(story.do(Find(dice.choice(["log", "tallgrass"]), 40, 3), who))
            if spots and story.do(Go(spots[-1], 3), who).startswith("ok"):
                story.do(Dig(spots[-1]), who)
        return digest(story.world), [n.line for n in story.lines]

    assert play() == play()
