"""The book of claims in one order: everybody who heard the same lines wrote the same, or knows that it cannot know."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate.chat._leases import Deed, read_deed
from wingmate.chat._ordered import OrderedBook, Outcome
from wingmate.chat._wire import tick_of

START = 1_767_225_600.0
WHO = ("ann", "bob", "cat")


def book(certain_from=START):
    return OrderedBook(10.0, certain_from)


def claim(who, at, length=8.0):
    return Deed("c", "pit", who, tick_of(at), at + length)


def release(who):
    return Deed("r", "pit", who, 0, 0.0)


def test_the_first_wins_renews_and_gives_back():
    pit = book()
    assert pit.claim(claim("ann", START + 1), START + 1, mine=False) is Outcome.GRANTED
    assert pit.claim(claim("bob", START + 1), START + 1, mine=False) is Outcome.REFUSED
    assert pit.claim(claim("ann", START + 5), START + 5, mine=False) is Outcome.RENEWED
    number = pit.leases["pit"].number
    assert pit.release(release("bob"), START + 6) is None
    assert pit.release(release("ann"), START + 6) == number
    assert pit.claim(claim("bob", START + 7), START + 7, mine=False) is Outcome.GRANTED
    assert pit.leases["pit"].number > number


def test_a_release_that_was_kept_back_does_not_end_a_later_lease():
    pit = book()
    pit.claim(claim("ann", START + 5), START + 5, mine=False)
    assert pit.release(release("ann"), START + 2) is None
    assert pit.claim(claim("bob", START + 6), START + 6, mine=False) is Outcome.REFUSED


def test_a_claim_that_was_kept_back_does_not_shorten_a_later_lease():
    pit = book()
    pit.claim(claim("ann", START + 5), START + 5, mine=False)
    assert pit.claim(claim("ann", START + 2, length=4), START + 2, mine=False) is Outcome.REFUSED
    assert pit.claim(claim("bob", START + 7), START + 7, mine=False) is Outcome.REFUSED


def test_too_long_and_already_over_is_refused():
    pit = book()
    assert pit.claim(claim("ann", START, length=30), START, mine=False) is Outcome.REFUSED
    assert pit.claim(claim("ann", START, length=-1), START, mine=False) is Outcome.REFUSED


def test_a_newcomer_is_not_sure_until_all_it_missed_is_over():
    pit = book(START + 11)
    assert not pit.free("pit", "bob", START + 5)
    assert pit.claim(claim("bob", START + 5), START + 5, mine=True) is Outcome.UNSURE
    assert pit.claim(claim("cat", START + 6), START + 6, mine=False) is Outcome.UNSURE
    assert not pit.free("pit", "bob", START + 12)
    assert pit.claim(claim("ann", START + 15), START + 15, mine=False) is Outcome.GRANTED


def test_after_a_break_only_what_is_ours_is_certain():
    pit = book()
    pit.claim(claim("ann", START + 1), START + 1, mine=True)
    pit.doubt(START + 2)
    assert pit.free("pit", "ann", START + 3)
    assert pit.claim(claim("ann", START + 3), START + 3, mine=True) is Outcome.RENEWED
    assert not pit.free("chest", "ann", START + 3)


@pytest.mark.parametrize("text", ["", "[]", "[1,2,3,4,5]", '["c","k","w","zz",1e999,""]', "null", "[" * 5000])
def test_no_line_upsets_the_reader(text):
    assert read_deed(text, START) is None


@given(st.text())
def test_no_text_at_all_upsets_the_reader(text):
    read_deed(text, START)


@given(st.integers(0, 2**32), st.integers(0, 40))
def test_who_came_in_later_never_believes_what_the_others_do_not(seed, join):
    dice, old, at = Random(seed), book(), START
    new = None
    for step in range(80):
        at += dice.uniform(0, 2)
        if step == join:
            new = book(at + 11)
        who = dice.choice(WHO)
        if dice.random() < 0.3:
            old.release(release(who), at)
            if new is not None:
                new.release(release(who), at)
            continue
        # Some lines are older than those before them: they waited, or somebody kept them back.
        said = at - dice.choice((0, 0, 0, 1, 5))
        deed = claim(who, said, dice.uniform(1, 10))
        truth = old.claim(deed, said, mine=False)
        belief = truth if new is None else new.claim(deed, said, mine=False)
        if belief is not Outcome.UNSURE and said >= START:
            assert belief is truth
        if belief in {Outcome.GRANTED, Outcome.RENEWED}:
            assert old.leases["pit"].who == who
