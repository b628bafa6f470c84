"""The strategies give what the parts accept, and importing them needs nothing."""

import inspect
import json
import subprocess
import sys
import textwrap

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from wingmate._bot import NAME
from wingmate._facts import Fact, Message
from wingmate.stores import MemoryStore
from wingmate.testing import Weather, simulate, strategies


@given(strategies.json_values())
def test_json_values_survive_json(value):
    assert json.loads(json.dumps(value)) == value
    json.dumps(value, ensure_ascii=False).encode()


@given(strategies.facts())
def test_facts_are_accepted_and_recalled(fact):
    async def story():
        store = MemoryStore()
        assert await store.learn(fact) is not fact.expired(1000.0)
        return await store.recall(fact.key)

    assert isinstance(fact, Fact)
    assert simulate(story, start=1000.0) == (None if fact.expired(1000.0) else fact)


@given(strategies.facts(key=st.just("k/a"), value=st.integers(), lasting=True))
def test_facts_may_be_narrowed(fact):
    assert (fact.key, type(fact.value), fact.ttl) == ("k/a", int, None)


@given(strategies.messages(topic=st.just("trade")))
def test_messages(message):
    assert isinstance(message, Message)
    assert message.topic == "trade"


@given(strategies.names(), strategies.keys())
def test_names_and_keys(name, key):
    assert NAME.fullmatch(name)
    assert "/" in key


@given(st.binary(max_size=100).flatmap(lambda data: st.tuples(st.just(data), strategies.chunks(data))))
def test_chunks_are_cuts_of_the_same_bytes(case):
    data, pieces = case
    assert b"".join(pieces) == data
    assert all(pieces)


@given(strategies.chunks(b"abc", empty=True))
def test_chunks_may_be_empty(pieces):
    assert b"".join(pieces) == b"abc"


def test_chunks_come_whole_first():
    """So that a failure that has nothing to do with cuts shrinks to no cut at all."""
    assert find(strategies.chunks(b"abcdef"), lambda _: True) == [b"abcdef"]


@given(strategies.weathers(), strategies.weathers(noise=True))
def test_weathers(honest, other):
    assert honest.noise == 0
    assert isinstance(other, Weather)


@settings(suppress_health_check=[HealthCheck.large_base_example, HealthCheck.data_too_large])
@given(strategies.hostile_bytes(b"Command [TL=00:00:00]:[1] (?=Help)? : ", b"at 5\r\n"))
def test_hostile_bytes_are_bytes(data):
    assert isinstance(data, bytes)


def test_hostile_bytes_reach_torn_parts_and_endless_lines():
    hostile = strategies.hostile_bytes(b"abcdefgh")
    seek = settings(max_examples=5_000, database=None, phases=[Phase.generate])
    assert b"cde" in find(hostile, lambda data: b"cde" in data and b"ab" not in data, settings=seek)
    assert len(find(strategies.hostile_bytes(), lambda data: len(data) > 1000, settings=seek)) > 1000


def test_dice_drive_a_simulation():
    assert find(strategies.dice(), lambda dice: simulate(roll, random=dice) in range(6)) is not None


async def roll():
    return 3


WITHOUT = """
    import sys
    sys.modules["hypothesis"] = None
    sys.modules["trio"] = None
    import wingmate.testing
    from wingmate.testing import strategies
    try:
        strategies.facts()
    except ImportError as exc:
        print(exc)
"""


def test_without_hypothesis_only_their_use_fails_and_names_the_cure():
    script = textwrap.dedent(WITHOUT)
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "pip install wingmate[testing]" in run.stdout


def test_every_strategy_is_listed():
    made_here = {
        name
        for name, thing in vars(strategies).items()
        if inspect.isfunction(thing) and thing.__module__ == strategies.__name__ and not name.startswith("_")
    }
    assert set(strategies.__all__) == made_here
    assert list(strategies.__all__) == sorted(strategies.__all__)


@pytest.mark.parametrize("name", strategies.__all__)
def test_every_strategy_is_explained(name):
    assert getattr(strategies, name).__doc__
