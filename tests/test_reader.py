from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wingmate.screens import Interjected, Interjection, Line, Prompt, PromptRules, PromptSeen, ScreenReader
from wingmate.screens._reader import LONGEST_LINE

# A game much like the ones this was written for: colours inside the prompts, three kinds of line end.
RESET = b"\r\x1b[0m\n"
COMMAND = (
    b"\x1b[35mCommand [\x1b[1;33mTL\x1b[0;33m=\x1b[1m00:00:00\x1b[0;35m]\x1b[1;37m:\x1b[0;35m[\x1b[1;36m190"
    b"\x1b[0;35m] (\x1b[1;33m?=Help\x1b[0;35m)? : "
)
COMMAND_TEXT = "Command [TL=00:00:00]:[190] (?=Help)? : "
OFFER = b"\x1b[35mYour offer [\x1b[1;33m1,260\x1b[0;35m] ? "
RADIO = b"\r\x1b[K\x1b[32mR \x1b[1;36m Abler \x1b[33m meet at dock" + RESET + b"\r\n"
SECTOR = (
    b"\x1b[1;32mSector  \x1b[33m: \x1b[36m190 \x1b[0;32min \x1b[1mThe Federation."
    + RESET
    + b"\x1b[1;32mWarps to Sector(s) \x1b[33m: \x1b[36m 39\x1b[0;32m - \x1b[1;36m79"
    + RESET
    + b"\r\n"
)
RULES = PromptRules(
    [
        Prompt("command", "Command [TL={left}]:[{sector:int}] (?=Help)? : "),
        Prompt("computer", "Computer command [TL={left}]:[{sector:int}] (?=Help)? "),
        Prompt("offer", "Your offer [{amount:int}] ? "),
        Prompt("cim", ": "),
        Prompt("new password", "Password? ", after="Please enter a password for this game account."),
        Prompt("password", "Password? "),
        Prompt("ship", "", after="What do you want to name your ship? ({size:int} letters)"),
        Prompt("sure", "{name} is what you want? "),
        Prompt("pause", "[Pause]", repeats=True),
        Prompt("long pause", "[Pause] - [Press Space or Enter to continue]"),
    ]
)
ASIDES = (
    Interjection("radio", "R {who:7} {text}"),
    Interjection("left", "{who} warps out of the sector."),
    Interjection("shot", "{who} hits {whom} hard"),
    Prompt("stop", "Stop in this sector (Y,N,E,I,R,S,D,P,?) (?=Help) [N] ? "),
)


def fresh(**options):
    return ScreenReader(RULES, ASIDES, **options)


def read(*pieces, **options):
    reader = fresh(**options)
    return [item for piece in pieces for item in reader.feed(piece)]


def short(items):
    """Items as short text, to write what is expected in a line each."""
    found = []
    for item in items:
        if isinstance(item, Line):
            typed = "" if item.typed is None else f" <{item.typed}"
            found.append(("~" if item.aside else "") + item.text + typed)
        elif isinstance(item, PromptSeen):
            found.append(f"? {item.name}{' again' if item.again else ''}")
        else:
            found.append(f"! {item.name}{' asks' if item.asks else ''} {item.fields}")
    return found


def test_a_turn():
    items = read(COMMAND + b"D" + RESET + SECTOR + COMMAND)
    assert short(items) == [
        "? command",
        COMMAND_TEXT + "D <D",
        "Sector  : 190 in The Federation.",
        "Warps to Sector(s) :  39 - 79",
        "",
        "? command",
    ]
    assert items[0].match.fields == {"left": "00:00:00", "sector": 190}
    assert items[0].match["sector"] == 190
    assert items[0].text == COMMAND_TEXT


def test_a_radio_line_over_the_prompt():
    assert short(read(COMMAND + RADIO + COMMAND + b"D" + RESET + COMMAND)) == [
        "? command",
        "! radio {'who': 'Abler', 'text': 'meet at dock'}",
        "~",
        "? command again",
        COMMAND_TEXT + "D <D",
        "? command",
    ]


def test_a_radio_line_over_half_typed_input():
    items = read(OFFER + b"12" + RADIO + OFFER + b"12" + b"50" + RESET)
    assert short(items) == [
        "? offer",
        "! radio {'who': 'Abler', 'text': 'meet at dock'}",
        "~",
        "? offer again",
        "Your offer [1,260] ? 1250 <1250",
    ]


def test_unknown_lines_over_the_prompt_are_asides():
    ferrengi = b"\ra Ferrengi ship is powering up weapons systems!\r\n... launches a wave of fighters\r\n"
    assert short(read(COMMAND + ferrengi + COMMAND + b"\r\nline")) == [
        "? command",
        "~a Ferrengi ship is powering up weapons systems!",
        "~... launches a wave of fighters",
        "? command again",
        COMMAND_TEXT + " <",
    ]


def test_another_prompt_after_an_aside_is_news():
    assert short(read(COMMAND + b"\rattack!\r\n" + OFFER + b"\r\n" + COMMAND)) == [
        "? command",
        "~attack!",
        "? offer",
        "Your offer [1,260] ?  <",
        "? command",
    ]


def test_prompts_that_interject():
    stop = b"Stop in this sector (Y,N,E,I,R,S,D,P,?) (?=Help) [N] ? "
    reader = fresh()
    items = reader.feed(COMMAND + b"\r" + stop)
    assert short(items) == ["? command", "! stop asks {}"]
    assert reader.prompt is not None
    assert reader.prompt.name == "stop"
    assert short(reader.feed(b"No\r\n" + COMMAND))[1:] == ["? command again"]


def test_echo_is_no_prompt():
    reader = fresh()
    assert short(reader.feed(OFFER)) == ["? offer"]
    assert reader.prompt.name == "offer"
    for echo in (b"6", b"\b \b", b"5", b"8"):
        assert reader.feed(echo) == []
    assert reader.prompt is None
    assert reader.pending == "Your offer [1,260] ? 58"
    reader.feed(b"\b \b\b \b")
    assert reader.prompt.name == "offer"


def test_echo_that_completes_the_same_prompt_again_is_no_prompt():
    assert short(read(b"Joe is what you want? no is what you want? ")) == ["? sure"]


def test_a_longer_prompt_on_the_same_line():
    assert short(read(b"[Pause] - \x1b[1m[Press Space or Enter to continue]")) == ["? pause", "? long pause"]


def test_a_pager_that_wipes_itself_is_asked_again():
    wipe = b"\b" * 7 + b" " * 7 + b"\b" * 7
    assert short(read(b"[Pause]" + wipe + b"one\r\n[Pause]\r\x1b[Ktwo\r\n[Pause]")) == [
        "? pause",
        "one    ",
        "? pause",
        "two",
        "? pause",
    ]


def test_backspaces_overwrite():
    computing = b"Computing shortest path..." + b"\b" * 26 + b"Computed." + b" " * 22 + RESET
    bar = b"\r|  |\r|# |\r|##|" + b"\b" * 4 + b"    " + RESET
    assert short(read(computing + bar)) == ["Computed." + " " * 22, "    "]
    assert short(read(b"abc\b\bX\r\n\b\b\bY\r\n")) == ["aXc", "Y"]


def test_a_prompt_without_words():
    reader = fresh()
    items = reader.feed(b"What do you want to name your ship? (30 letters)" + RESET)
    assert short(items) == ["What do you want to name your ship? (30 letters)", "? ship"]
    assert reader.prompt.name == "ship"
    assert short(reader.feed(b"\x1b[33mSlow Boat" + RESET + b"Slow Boat is what you want? Yes")) == [
        "Slow Boat <Slow Boat",
        "? sure",
    ]


def test_the_line_above_tells_prompts_apart():
    account = b"Please enter a password for this game account." + RESET + b"\r\n"
    assert short(read(account + b"Password? "))[-1] == "? new password"
    assert short(read(account + b"Password? ****\r\nPassword? "))[-1] == "? password"
    assert (
        short(read(account + b"Password? \rBob warps out of the sector.\r\n\r\nPassword? "))[-1]
        == "? new password again"
    )


def test_interjections_in_the_middle_of_output():
    assert short(read(b"one\r\nBob warps out of the sector.  \r\nAda hits Bob hard\r\ntwo\r\n")) == [
        "one",
        "! left {'who': 'Bob'}",
        "! shot {'who': 'Ada', 'whom': 'Bob'}",
        "two",
    ]


def test_broken_lines_are_joined():
    long = b"a" * 20 + b"\r\n" + b"b" * 20 + b"\r\n" + b"c\r\n"
    assert short(read(long, wrap=20)) == ["a" * 20 + "b" * 20 + "c"]
    assert short(read(long)) == ["a" * 20, "b" * 20, "c"]
    assert short(read(b"a" * 20 + b"\r\n\r\nb\r\n", wrap=20)) == ["a" * 20, "", "b"]
    assert short(read(b"a" * 20 + b"\r\n" + COMMAND, wrap=20)) == ["a" * 20, "? command"]
    assert short(read(b"R Abler   a long wo\r\nrd\r\n", wrap=19)) == [
        "! radio {'who': 'Abler', 'text': 'a long word'}"
    ]


def test_the_remembered_screen():
    reader = fresh(remember=3)
    reader.feed(b"1\r\n2\r\n3\r\n4\r\nunfini\b")
    assert reader.screen() == "2\n3\n4\nunfini"
    reader = fresh(wrap=4)
    reader.feed(b"1234\r\n5")
    assert reader.screen() == "12345"


def test_an_endless_line_is_cut_and_counted():
    reader = fresh()
    for _ in range(300):
        assert reader.feed(b"x" * 1000) == []
    assert reader.lost == 300_000 - LONGEST_LINE
    [line] = reader.feed(b"\r\n")
    assert len(line.text) == LONGEST_LINE
    assert short(reader.feed(COMMAND)) == ["? command"]


def test_endless_broken_lines_are_cut():
    reader = fresh(wrap=80)
    items = reader.feed((b"x" * 80 + b"\r\n") * 1000)
    assert len(items) > 15
    assert len(reader.screen()) < 60 * LONGEST_LINE


PIECES = [
    COMMAND,
    OFFER,
    RADIO,
    SECTOR,
    RESET,
    b"\r\n",
    b"\n\r",
    b"\r",
    b"\b",
    b"\b \b",
    b"Password? ",
    b": ",
    b"12",
    b" ",
]
PIECES += [
    b"[Pause]",
    b" - [Press Space or Enter to continue]",
    b"Bob warps out of the sector.",
    b"\x1b[2J\x1b[H",
]
PIECES += [
    b"Please enter a password for this game account.",
    b"What do you want to name your ship? (30 letters)",
]
PIECES += [
    b"Ada is what you want? ",
    b"Ada hits Bob hard",
    b"Stop in this sector (Y,N,E,I,R,S,D,P,?) (?=Help) [N] ? ",
]
STREAM = st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=20).map(b"".join)


@given(STREAM, st.lists(st.integers(0, 600)), st.sampled_from([0, 12, 46]))
@example(OFFER + b"12" + RADIO + OFFER + b"12" + RESET, [], 0)
@example(b"Ada is what you want? \r\n", [4], 0)
@example(b"What do you want to name your ship? (30 letters)" + RESET + SECTOR, [], 0)
@settings(deadline=None)
def test_cutting_elsewhere_changes_nothing(data, cuts, wrap):
    whole = fresh(wrap=wrap)
    items = whole.feed(data)
    single = fresh(wrap=wrap)
    assert [item for byte in data for item in single.feed(bytes([byte]))] == items
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    assert read(*(data[a:b] for a, b in pairwise(places)), wrap=wrap) == items
    assert (single.screen(), single.pending, single.prompt) == (whole.screen(), whole.pending, whole.prompt)


@given(STREAM)
def test_every_prompt_seen_is_one(data):
    for item in read(data):
        if isinstance(item, PromptSeen) and item.text:
            match = RULES.match(
                item.text, before=item.match.prompt.after.source if item.match.prompt.after else ""
            )
            assert match is not None
            assert match.text == item.text
        elif isinstance(item, Interjected):
            assert item.name in {"radio", "left", "shot", "stop"}


@pytest.mark.parametrize(
    "hostile",
    [
        b"Command [TL=" * 40_000,
        b"Command [TL=]:[" * 30_000,
        b"a is what you want" * 30_000,
        b"\b" * 500_000,
        b"\r " * 60_000,
        b"[Pause] \r\n" * 5_000,
        b"Ada hits " * 50_000 + b"\r\n",
        b": \r\n" * 10_000,
    ],
)
def test_hostile_output_costs_no_more_than_its_length(hostile):
    began = time.perf_counter()
    read(hostile)
    assert time.perf_counter() - began < 2.0
