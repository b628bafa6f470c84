"""The planner: whatever it finds works and is the cheapest; it always ends. And names never collide."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate.village.names import FIRST, MOST, player_name
from wingmate.village.planner import Action, Arbiter, Goal, plan

FACTS = st.sampled_from("abcd")
AMOUNTS = st.dictionaries(FACTS, st.integers(1, 3), max_size=2)
ACTIONS = st.lists(
    st.builds(
        Action,
        name=st.text("xyz", max_size=3),
        needs=AMOUNTS,
        changes=st.dictionaries(FACTS, st.integers(-2, 2), max_size=2),
        sets=st.dictionaries(FACTS, st.integers(0, 3), max_size=1),
        cost=st.sampled_from([0.5, 1.0, 2.0]),
    ),
    max_size=4,
)
WOOD = (
    Action(name="fell", changes={"logs": 1}, cost=4),
    Action(name="saw", changes={"logs": -1, "planks": 4}),
    Action(name="whittle", changes={"planks": -2, "sticks": 4}),
    Action(name="make table", changes={"planks": -4, "table": 1}),
    Action(name="put table", changes={"table": -1}, sets={"table up": 1}),
    Action(name="make hoe", needs={"table up": 1}, changes={"planks": -2, "sticks": -2, "hoe": 1}),
)


def test_a_hoe_is_made_from_nothing():
    steps = plan({}, Goal(name="hoe", wants={"hoe": 1}), WOOD)
    assert steps is not None
    assert sorted(step.name for step in steps) == [
        "fell",
        "fell",
        "make hoe",
        "make table",
        "put table",
        "saw",
        "saw",
        "whittle",
    ]


def test_what_is_there_need_not_be_made():
    steps = plan({"table up": 1, "sticks": 2, "planks": 2}, Goal(name="hoe", wants={"hoe": 1}), WOOD)
    assert [step.name for step in steps or ()] == ["make hoe"]
    assert plan({"hoe": 1}, Goal(name="hoe", wants={"hoe": 1}), WOOD) == ()


def test_what_cannot_be_had_is_given_up():
    assert plan({}, Goal(name="gold", wants={"gold": 1}), WOOD, most=300) is None
    assert plan({}, Goal(name="gold", wants={"gold": 1}), ()) is None


@given(st.dictionaries(FACTS, st.integers(0, 3)), AMOUNTS, ACTIONS)
def test_a_plan_works_step_by_step(state, wants, actions):
    goal = Goal(name="goal", wants=wants)
    steps = plan(state, goal, actions, most=200)
    if steps is None:
        return
    for step in steps:
        assert step.possible(state)
        state = step.after(state)
        assert all(value >= 0 for value in state.values())
    assert goal.reached(state)


@given(st.dictionaries(FACTS, st.integers(0, 3)), AMOUNTS, ACTIONS)
def test_no_short_plan_is_cheaper_or_overlooked(state, wants, actions):
    goal = Goal(name="goal", wants=wants)
    steps = plan(state, goal, actions, most=500)
    for length in range(4):
        for tried in product(actions, repeat=length):
            now, good = state, True
            for action in tried:
                good = good and action.possible(now)
                now = action.after(now)
            if good and goal.reached(now):
                assert steps is not None
                assert sum(step.cost for step in steps) <= sum(action.cost for action in tried)


def test_the_most_useful_goal_is_pursued_and_not_left_for_a_trifle():
    tidy = Goal(name="tidy", wants={"tidy": 1}, utility=lambda _: 1.0)
    eat = Goal(name="eat", wants={"fed": 1}, utility=lambda state: state["hunger"] / 10)
    arbiter = Arbiter((tidy, eat))
    assert arbiter.choose({"hunger": 5}, 0) is tidy
    assert arbiter.choose({"hunger": 11}, 0) is tidy
    assert arbiter.choose({"hunger": 13}, 0) is eat
    assert arbiter.choose({"hunger": 9}, 0) is eat
    arbiter.rest(eat, 5)
    assert arbiter.choose({"hunger": 30}, 4) is tidy
    assert arbiter.choose({"hunger": 30}, 5) is eat
    assert arbiter.choose({"hunger": 30, "fed": 1, "tidy": 1}, 6) is None
    assert arbiter.choose({"hunger": -1, "tidy": 1}, 6) is None


@pytest.mark.parametrize("cost", [0, -1, float("inf"), float("nan")])
def test_an_action_costs_something(cost):
    with pytest.raises(ValueError, match="cost"):
        Action(name="free", cost=cost)


def test_names_fit_and_never_collide():
    assert player_name(0, "Farmer") == "Emma_Farmer"
    assert player_name(1, "Lumberjack") == "Noah_Lumberjack"
    assert len({name[:2] for name in FIRST}) == len(FIRST)
    names = [player_name(n, role) for role in ("Farmer", "Lumberjack", "Landscaper") for n in range(MOST)]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 16


@pytest.mark.parametrize(
    ("number", "role"), [(-1, "Farmer"), (MOST, "Farmer"), (0, ""), (0, "Woodcutters"), (0, "A b")]
)
def test_a_name_that_does_not_fit_is_refused(number, role):
    with pytest.raises(ValueError, match=r"go from|letters"):
        player_name(number, role)
