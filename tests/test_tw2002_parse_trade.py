"""Ports, haggles, the bank and the status screens, where they are strange."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate.tw2002 import TradeWars, events

COMMAND = "Command [TL=00:00:00]:[286] (?=Help)? : "


def told(text, prompt=COMMAND):
    return TradeWars().receive((text.replace("\n", "\r\n") + prompt).encode("cp437"))


ASKS = """\
We are buying up to 500.  You have 20 in your holds.
How many holds of Organics do you want to sell [20]? 20
Agreed, 20 units.

We'll buy them for 900 credits.
Your offer [900] ? 950
"""
ENDS = """
You have {money} credits and {holds} empty cargo holds.

"""

ACCEPTED = """\
Cheapskate.  Here, take them and leave me alone.
Agreed, and a pleasure doing business with you!
Agreed! We'll purchase them!
FINE, we'll take them, just leave!
Very well, we'll buy them.
Oh well, maybe I can sell these to some other fool, we'll take them.
If only more honest traders would port here, we'll take them though.
Very well, we'll take that offer.
SOLD!  Come back anytime!
(Sigh)  Very well, pay up and take them away.
You are a shrewd trader, they're all yours.
You drive a hard bargain, but we'll take them.
""".splitlines()
KICKED = """\
How have you survived this long?  Get lost, I'm not interested.
Thief!  I will not do business with you.
These are not free!  Get lost...
Get lost creep, that junk isn't worth half that much!
I see you are as stupid as you look, get lost...
HA!  You think me a fool?  Thats insane!  Get out of here!
Swine, go peddle your wares somewhere else, you make me sick.
I think you'd better leave if you value your life!
""".splitlines()
JOKES = """\
What do you take me for, a fool?  Make a real offer!
WHAT?!@!? you must be crazy!
This is the big leagues Jr.  Make a real offer.
So, you think I'm as stupid as you look? Make a real offer.
Quit playing around, you're wasting my time!
My patience grows short with you.
I have much better things to do than waste my time.  Try again.
HA! HA, ha hahahhah hehehe hhhohhohohohh!  You choke me up!
Get real ion-brain, make me a real offer.
Make a real offer or get the h*ll out of here!
""".splitlines()


@pytest.mark.parametrize("words", ACCEPTED)
def test_words_that_take_our_offer(words):
    heard = told(ASKS + words + "\n" + ENDS.format(money="1,950", holds=20))
    assert events.Haggled("accepted", words) in heard
    deal = next(event for event in heard if isinstance(event, events.Traded))
    assert (deal.product, deal.side, deal.quantity, deal.price, deal.credits) == (
        "Organics",
        "sell",
        20,
        950,
        1950,
    )


@pytest.mark.parametrize("words", KICKED)
def test_words_that_throw_us_out(words):
    heard = told(ASKS + words + "\n" + ENDS.format(money="1,000", holds=0))
    assert events.Haggled("kicked", words) in heard
    assert events.TradeEnded("Organics", "sell", "kicked") in heard
    assert not any(isinstance(event, events.Traded) for event in heard)


@pytest.mark.parametrize("words", JOKES)
def test_words_that_ask_for_a_real_offer(words):
    heard = told(ASKS + "\n" + words + "\n", "Your offer [900] ? ")
    assert events.Haggled("joke", words) in heard
    assert heard[-1].name == "offer"


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=125), min_size=10, max_size=60).filter(
        lambda words: words[0] not in "<(FRP"
    )
)
def test_any_words_before_the_money_changed_are_a_deal(words):
    heard = told(
        "You have 1,000 credits and 0 empty cargo holds.\n"
        + ASKS
        + words
        + ENDS.format(money="1,950", holds=20)
    )
    assert any(isinstance(event, events.Traded) and event.price == 950 for event in heard)


def test_enter_alone_takes_the_offered_price():
    heard = told(
        ASKS.replace("950", "") + "Very well, we'll buy them.\n" + ENDS.format(money="1,900", holds=20)
    )
    assert next(event for event in heard if isinstance(event, events.Traded)).price == 900


def test_something_for_nothing():
    heard = told(
        ASKS.replace("950", "0") + "Thank you for your gift!\n" + ENDS.format(money="1,000", holds=20)
    )
    assert events.Haggled("gift", "Thank you for your gift!") in heard
    assert next(event for event in heard if isinstance(event, events.Traded)).price == 0


def test_a_report_that_breaks_off_tells_what_it_had():
    heard = told(
        "Commerce report for X: 10:02:07 PM Sun Nov 21, 2038\n\nFuel Ore   Buying    2500    100%      30\n"
    )
    report = next(event for event in heard if isinstance(event, events.PortReported))
    assert len(report.rows) == 1
    assert report.code == ""


def test_a_port_may_have_a_colon_in_its_name():
    heard = told(
        "Commerce report for Alpha: One: 10:02:07 PM Sun Nov 21, 2038\n"
        "Fuel Ore   Buying    2500    100%      30\n"
        "Organics   Buying    2500    100%      30\n"
        "Equipment  Selling   2500    100%      30\n\n"
    )
    report = next(event for event in heard if isinstance(event, events.PortReported))
    assert (report.name, report.when, report.code) == ("Alpha: One", "10:02:07 PM Sun Nov 21, 2038", "BBS")


def test_an_empty_status_line_is_still_one():
    heard = told(" Sect 5\u2502Turns many\u2502Creds \u2502What 7\n")
    status = next(event for event in heard if isinstance(event, events.StatusShown))
    assert (status.sector, status.turns, status.credits) == (5, 0, 0)
    assert status.fields == {"Sect": "5", "Turns": "many", "Creds": "", "What": "7"}
    assert status.holds_empty == 0


def test_cargo_fills_holds():
    status = events.StatusShown(holds=20, ore=3, organics=4, equipment=5, colonists=1)
    assert status.holds_empty == 7


def test_an_info_screen_without_its_first_line_is_nothing():
    heard = told("<Info>\n\nCredits        : 5\n\n")
    assert not any(isinstance(event, events.InfoShown) for event in heard)


@given(st.integers(0, 10**9), st.sampled_from(["deposited", "withdrawn", "transferred"]))
def test_the_bank_confirms_what_it_moved(money, verb):
    heard = told(f"{money:,} credits have been {verb} from your account.\n")
    kind = {"deposited": events.Deposited, "withdrawn": events.Withdrawn, "transferred": events.Transferred}[
        verb
    ]
    assert kind(money) in heard
