"""What to do about a crash."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate import Backoff, Crash, never
from wingmate.errors import ConfigError, Disconnected, GarbledReply, IllegalCommand, Refused, Stalled


def crash(error=None, count=1, seed=0):
    return Crash(bot="ann", error=error or Disconnected("gone"), count=count, random=Random(seed))


@given(count=st.integers(1, 1000), seed=st.integers(), factor=st.floats(1, 10), longest=st.floats(0, 1e6))
def test_the_delay_stays_between_nothing_and_the_ceiling(count, seed, factor, longest):
    policy = Backoff(first=1, factor=factor, longest=longest, limit=1000)
    delay = policy(crash(count=count, seed=seed))
    assert 0 <= delay <= min(longest, factor ** min(count - 1, 64))


def test_the_ceiling_doubles_up_to_the_longest():
    policy = Backoff(first=1, factor=2, longest=10, limit=9)
    highest = [max(policy(crash(count=n, seed=s)) for s in range(300)) for n in range(1, 7)]
    for seen, ceiling in zip(highest, (1, 2, 4, 8, 10, 10), strict=True):
        assert 0.9 * ceiling < seen <= ceiling


def test_jitter_is_full_and_comes_from_the_dice():
    delays = [Backoff(first=8)(crash(seed=s)) for s in range(200)]
    assert min(delays) < 0.5
    assert max(delays) > 7.5
    assert delays == [Backoff(first=8)(crash(seed=s)) for s in range(200)]


def test_giving_up_after_the_limit():
    policy = Backoff(limit=3)
    assert policy(crash(count=3)) is not None
    assert policy(crash(count=4)) is None


@pytest.mark.parametrize(
    "error",
    [IllegalCommand("no"), GarbledReply("what?"), ConfigError("typo"), TypeError("bug"), Refused("never")],
)
def test_what_a_restart_cannot_cure_is_given_up_at_once(error):
    assert Backoff()(crash(error)) is None


@pytest.mark.parametrize("error", [Disconnected("gone"), Stalled("stuck"), ValueError("odd")])
def test_the_rest_is_tried_again(error):
    assert Backoff()(crash(error)) is not None


def test_an_announced_wait_is_obeyed():
    assert Backoff(first=1)(crash(Refused("full", retry_after=90))) >= 90


def test_an_announced_wait_has_no_limit():
    assert Backoff(limit=3)(crash(Refused("full", retry_after=5), count=100)) >= 5
    assert Backoff(limit=3)(crash(count=100)) is None


def test_never_restarts_nothing():
    assert never(crash()) is None
