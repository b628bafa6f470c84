"""Requests: fulfilled, refused or expired, never forgotten; matched by cost; and no circle unseen."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate.chat import EXPIRY, RequestBook, Stage, assign, cycles

AT = 1_767_225_600.0


def test_a_request_is_offered_accepted_and_fulfilled():
    book = RequestBook()
    logs = book.request("resource", "emma", "logs", amount=8, at=AT)
    assert book.offer(logs.number, "liam", 12.0, at=AT + 1)
    assert book.offer(logs.number, "noah", 5.0, at=AT + 2)
    assert book.accept(logs.number, "zoe", at=AT + 3) is None
    assert book.accept(logs.number, at=AT + 3).provider == "noah"
    assert book.waits() == {"emma": {"noah"}}
    assert not book.offer(logs.number, "liam", 1.0, at=AT + 4)
    assert book.fulfil(logs.number, 5, at=AT + 5).missing == 3
    assert book.fulfil(logs.number, 5, at=AT + 6).stage is Stage.FULFILLED
    assert book.fulfil(logs.number, 1, at=AT + 7) is None
    assert book.waits() == {}


def test_the_same_within_half_a_minute_is_the_same_request():
    book = RequestBook()
    first = book.request("resource", "emma", "logs", at=AT)
    again = book.request("resource", "emma", "logs", at=AT + 29)
    assert (again.number, again.until) == (first.number, AT + 29 + 60)
    assert book.request("resource", "liam", "logs", at=AT + 29).number != first.number
    assert book.request("resource", "emma", "logs", at=AT + 31).number != first.number


def test_what_nobody_brings_expires_by_its_kind():
    book = RequestBook({**EXPIRY, "gossip": 5.0})
    made = [book.request(kind, "emma", kind, at=AT) for kind in ("resource", "terraform", "gossip", "other")]
    expired = {}
    for second in range(700):
        for request in book.tick(AT + second):
            expired[request.kind] = second
    assert expired == {"gossip": 5, "resource": 60, "other": 60, "terraform": 600}
    assert {book[request.number].stage for request in made} == {Stage.EXPIRED}
    assert not book.refuse(made[0].number, at=AT + 700)


def test_a_deposit_serves_the_oldest_first():
    book = RequestBook()
    for who in ("emma", "liam", "noah"):
        book.request("resource", who, "logs", amount=4, at=AT)
    book.request("resource", "emma", "wheat", at=AT)
    served = book.deposit("logs", 6, at=AT + 1)
    assert [(request.who, request.missing) for request in served] == [("emma", 0), ("liam", 2)]


def test_a_partner_that_vanishes_opens_the_request_again():
    book = RequestBook()
    logs = book.request("resource", "emma", "logs", at=AT)
    wheat = book.request("resource", "liam", "wheat", at=AT)
    for who, cost in (("liam", 1.0), ("noah", 2.0)):
        book.offer(logs.number, who, cost, at=AT)
    book.accept(logs.number, at=AT)
    book.leave("liam", at=AT + 1)
    assert (book[logs.number].stage, book[logs.number].offers) == (Stage.OPEN, {"noah": 2.0})
    assert book[wheat.number].stage is Stage.REFUSED


def test_the_book_stays_small_and_never_forgets_what_is_open():
    book = RequestBook(most=50)
    keep = book.request("terraform", "emma", "hill", at=AT)
    for n in range(200):
        book.refuse(book.request("resource", "liam", n, at=AT).number, at=AT)
    assert book[keep.number].stage is Stage.OPEN
    with pytest.raises(ValueError, match="requests are open"):
        for n in range(200):
            book.request("resource", "noah", n, at=AT)


@given(st.integers(0, 2**32))
def test_every_request_comes_to_an_end(seed):
    dice, book, at, numbers = Random(seed), RequestBook(), AT, set()
    for _ in range(60):
        at += dice.uniform(0, 20)
        number = dice.choice(sorted(numbers)) if numbers else 0
        deed = dice.randrange(7)
        if deed == 0 or not numbers:
            kind = dice.choice(("resource", "terraform"))
            numbers.add(book.request(kind, dice.choice("abc"), dice.randrange(3), amount=3, at=at).number)
        elif deed == 1:
            book.offer(number, dice.choice("abc"), dice.random(), at=at)
        elif deed == 2:
            book.accept(number, at=at)
        elif deed == 3:
            book.fulfil(number, dice.randrange(1, 4), at=at)
        elif deed == 4:
            book.deposit(dice.randrange(3), 2, at=at)
        elif deed == 5:
            book.leave(dice.choice("abc"), at=at)
        else:
            book.refuse(number, at=at)
        for request in book.live():
            assert request.missing > 0
            assert (request.stage is Stage.ACCEPTED) == bool(request.provider)
    book.tick(at + 601)
    assert book.live() == []
    assert all(book[number].stage.over for number in numbers)


def test_many_requests_go_to_the_nearest_able_bots():
    places = {"hill": 0, "wood": 10, "lake": 11}
    bots = {"emma": 9, "liam": 1, "noah": 30}

    def walk(job, bot):
        return None if (job, bot) == ("wood", "emma") else abs(places[job] - bots[bot])

    assert assign(places, bots, walk) == {"hill": "liam", "lake": "emma", "wood": "noah"}
    assert assign(places, ["emma"], walk) == {"lake": "emma"}
    assert assign(places, [], walk) == {}


@given(st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdef"), max_size=3)))
def test_a_circle_is_reported_if_and_only_if_there_is_one(waits):
    left = {name: set(others) for name, others in waits.items()}
    while free := [name for name, others in left.items() if not others & left.keys()]:
        for name in free:
            del left[name]
    found = cycles(waits)
    assert bool(found) == bool(left)
    for circle in found:
        assert circle[0] == min(circle)
        for one, other in zip(circle, (*circle[1:], circle[0]), strict=True):
            assert other in waits[one]


def test_circles_are_told_once():
    assert cycles({"bob": ["cat"], "cat": ["ann"], "ann": ["bob"], "dan": ["ann"]}) == [("ann", "bob", "cat")]
    assert cycles({"ann": ["ann"]}) == [("ann",)]
