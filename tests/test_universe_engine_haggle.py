from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate.tw2002.universe.engine.galaxy import Port
from wingmate.tw2002.universe.engine.haggle import (
    Haggle,
    Mood,
    Verdict,
    draw_mood,
    open_haggle,
    reward,
    unit_price,
)
from wingmate.tw2002.universe.engine.tables import Product

# A port that sold, and one that bought, on a live server on a Sunday (weekday term 10 to 12).
GAMOW = Port("Gamow", 7, (176, 208, 103), (60, 44, 40))
CASION = Port("Casion", 8, (300, 300, 300), (-72, -50, -40))


def haggle(port, product, exact, *, counters=5, quantity=11):
    return Haggle(product, quantity, port.buys(product), exact, 1 + port.mcic[product] / 1000, counters)


def test_first_offers_are_those_of_a_live_sunday():
    seen = {(11, Product.ORE): (101, 113, 125), (11, Product.ORGANICS): (295, 307, 318)}
    for (quantity, product), offers in seen.items():
        for term, offer in zip((12, 11, 10), offers, strict=True):
            price = unit_price(GAMOW, product, 0.98, 0, term) * quantity * (1 + GAMOW.mcic[product] / 1000)
            assert price == pytest.approx(offer, rel=0.055)
    for term, offer in zip((10, 11, 12), (82, 84, 86), strict=True):
        price = unit_price(CASION, Product.ORE, 0.99, 0, term) * 2 * (1 - 0.072)
        assert price == pytest.approx(offer, rel=0.03)


def test_a_constant_bid_draws_the_counters_of_a_live_haggle():
    talk = haggle(GAMOW, Product.ORGANICS, 307 / 1.044)
    offers = [talk.offer]
    while talk.answer(270) in {Verdict.COUNTER, Verdict.FINAL}:
        offers.append(talk.offer)
    assert offers == pytest.approx([307, 300, 295, 291, 289, 287, 286], abs=1)  # as seen
    talk = haggle(CASION, Product.ORE, 82 / 0.928)
    offers = []
    while talk.answer(107) in {Verdict.COUNTER, Verdict.FINAL}:
        offers.append(talk.offer)
    assert offers == pytest.approx([87, 90, 93, 95, 96, 97], abs=1)  # as seen


@pytest.mark.parametrize(
    ("offer", "ratio", "product", "port", "bids", "verdicts"),
    [
        (101, 1.06, Product.ORE, GAMOW, [99], ["DEAL"]),
        (18, 1.06, Product.ORE, GAMOW, [18], ["DEAL"]),
        (
            318,
            1.044,
            Product.ORGANICS,
            GAMOW,
            [302, 302, 302, 302],
            ["COUNTER", "COUNTER", "FINAL", "REFUSED"],
        ),
        (102, 1.06, Product.ORE, GAMOW, [96, 96, 96], ["COUNTER", "FINAL", "REFUSED"]),
        (126, 1.06, Product.ORE, GAMOW, [107, 107, 107], ["COUNTER", "FINAL", "REFUSED"]),
        (296, 1.044, Product.ORGANICS, GAMOW, [237, 237], ["COUNTER", "KICK"]),
        (102, 1.06, Product.ORE, GAMOW, [76, 76], ["COUNTER", "KICK"]),
        (318, 1.044, Product.ORGANICS, GAMOW, [216], ["KICK"]),
        (125, 1.06, Product.ORE, GAMOW, [82], ["KICK"]),
        (125, 1.06, Product.ORE, GAMOW, [75, 63, 999_999, 99_999], ["JOKE"] * 4),
        (82, 0.928, Product.ORE, CASION, [86], ["DEAL"]),
        (82, 0.928, Product.ORE, CASION, [74], ["DEAL"]),
        (82, 0.928, Product.ORE, CASION, [90, 90, 90, 90], ["COUNTER", "COUNTER", "FINAL", "REFUSED"]),
        (82, 0.928, Product.ORE, CASION, [98, 98], ["FINAL", "REFUSED"]),
        (86, 0.928, Product.ORE, CASION, [125], ["KICK"]),
        (86, 0.928, Product.ORE, CASION, [138], ["KICK"]),
        (86, 0.928, Product.ORE, CASION, [0], ["GIFT"]),
        (125, 1.06, Product.ORE, GAMOW, [0], ["NOTHING"]),
    ],
)
def test_bids_end_as_they_did_on_a_live_server(offer, ratio, product, port, bids, verdicts):  # noqa: PLR0917
    counters = verdicts.count("COUNTER")
    talk = Haggle(product, 11, port.buys(product), offer / ratio, ratio, counters)
    assert [talk.answer(bid).name for bid in bids] == verdicts


def test_a_gift_is_no_joke_and_a_joke_changes_nothing():
    talk = haggle(GAMOW, Product.ORE, 100.0)
    before = talk.offer, talk.exact, talk.rounds
    for bid in (1, 50, 107, 10**9):
        assert talk.answer(bid) is Verdict.JOKE
    assert (talk.offer, talk.exact, talk.rounds) == before


def test_closeness_is_what_a_psychic_probe_said():
    assert haggle(CASION, Product.ORE, 88.4).percent(74) == pytest.approx(83.71, abs=0.02)
    assert [reward(percent)[0] for percent in (97.55, 98.41, 98.88, 99.09, 100.0)] == [0, 1, 1, 2, 5]


def test_a_cheap_product_never_costs_less_than_four_a_unit():
    port = Port("Poor", 7, (100, 100, 100), (90, 75, 65))
    assert 4 <= unit_price(port, Product.ORE, 1.0, 5000, 18) < 5


@given(
    exact=st.floats(4, 1e7),
    mcic=st.integers(-90, 90).filter(bool),
    seed=st.integers(0, 2**32),
    greed=st.floats(0.0, 1.0),
)
def test_every_haggle_of_serious_bids_ends_within_seven_rounds(exact, mcic, seed, greed):
    kind = 8 if mcic < 0 else 7
    port = Port("Any", kind, (100, 100, 100), (mcic, mcic, mcic))
    dice = Random(seed)
    mood = draw_mood(dice, (0, 18))
    talk = open_haggle(port, Product.ORE, quantity=5, share=0.7, experience=0, mood=mood, dice=dice)
    bid = talk.offer
    for _ in range(7):
        near = talk.exact * (1 + greed * 0.2) if talk.buying else talk.exact * (1 - greed * 0.2)
        bid = max(1, round(near))
        verdict = talk.answer(bid)
        if verdict is Verdict.JOKE:  # rounding of tiny sums
            verdict = talk.answer(talk.offer)
        if verdict.ends:
            break
    assert verdict.ends


@given(exact=st.floats(4, 1e6), mcic=st.integers(20, 90), buying=st.booleans())
def test_a_port_takes_its_own_offer(exact, mcic, buying):
    talk = Haggle(Product.ORE, 3, buying, exact, 1 + (-mcic if buying else mcic) / 1000, 3)
    assert talk.answer(talk.offer) is Verdict.DEAL


def test_a_mood_stays_within_the_days_term():
    moods = {draw_mood(Random(seed), (10, 12)) for seed in range(50)}
    assert {mood.term for mood in moods} == {10, 11, 12}
    assert isinstance(draw_mood(Random(1), (7, 7)), Mood)
