"""The village's lines, both ways, and its adapter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate.errors import IllegalCommand
from wingmate.testing import check_adapter, simulate
from wingmate.village import Spot, VillageAdapter
from wingmate.village.commands import (
    KINDS,
    SHAPES,
    Ask,
    Dig,
    Find,
    Go,
    Login,
    Look,
    Place,
    Put,
    Read,
    Say,
    Write,
    command_of,
    words_of,
)
from wingmate.village.events import (
    Answered,
    Denied,
    Died,
    Heard,
    Joined,
    Kicked,
    Left,
    Respawned,
    Welcomed,
)

RECORDING = (
    "* welcome village 1 size 96 day 600 speed 1 chat 10 1\n"
    "1 ok 48 66 48\n"
    "* join Emma_Farmer\n"
    "* chat Emma_Farmer [VILLAGE] center 48 66 48\n"
    "2 ok\n"
    "3 no reach 1 2 3 is out of reach from 48 66 48\n"
    "4 no fast after 1.5 you talk too fast\n"
    "* chat Zo_9 Grüße, \u2192 alle  zusammen \n"
    "5 ok [CHEST]|X: 1|Y: 2|Z: 3\n"
    "* died Emma_Farmer in the dark\n"
    "* spawn 48 66 48\n"
    "nobody can read this\n"
    "* left Emma_Farmer\r\n"
    "* kicked idle\n"
)
EVENTS = [
    Welcomed(version=1, size=96, day=600.0, speed=1.0, chat_burst=10, chat_every=1.0),
    Answered(1, "48 66 48"),
    Joined("Emma_Farmer"),
    Heard("Emma_Farmer", "[VILLAGE] center 48 66 48"),
    Answered(2, ""),
    Denied(3, "reach", "1 2 3 is out of reach from 48 66 48"),
    Denied(4, "fast", "you talk too fast", 1.5),
    Heard("Zo_9", "Grüße, \u2192 alle  zusammen "),
    Answered(5, "[CHEST]|X: 1|Y: 2|Z: 3"),
    Died("Emma_Farmer", "in the dark"),
    Respawned(Spot(48, 66, 48)),
    Left("Emma_Farmer"),
    Kicked("idle"),
]
NUMBERS = st.integers(-(10**9) + 1, 10**9 - 1)
FIELDS = {
    Spot: st.builds(Spot, NUMBERS, NUMBERS, NUMBERS),
    int: NUMBERS,
    str: st.from_regex(r"[!-~]{1,32}", fullmatch=True),
}
TEXTS = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=300
)
COMMANDS = st.one_of(
    *(
        st.builds(kind, *(TEXTS if name == "text" else FIELDS[want] for name, want in shape))
        for kind, shape in SHAPES.items()
    )
)


def test_every_line_of_the_village_is_an_event():
    adapter = VillageAdapter()
    assert adapter.receive(RECORDING.encode()) == EVENTS
    assert adapter.unread == 1
    assert adapter.screen().endswith("* kicked idle")


def test_the_adapter_keeps_its_promises():
    commands = [Ask(1, Look()), Ask(2, Go(Spot(1, 2, 3), 4)), Ask(3, Say("hi")), Ask(-1, Look()), Look()]
    simulate(lambda: check_adapter(VillageAdapter, RECORDING.encode(), commands=commands))


@given(COMMANDS)
def test_a_command_survives_the_wire(command):
    assert command_of(words_of(command)) == command


def test_what_may_be_left_out_may_be_left_out():
    assert command_of("go 1 2 3") == Go(Spot(1, 2, 3), 0)
    assert command_of("find log 20") == Find("log", 20, 1)
    assert command_of("say  a | b ") == Say(" a | b ")


@pytest.mark.parametrize(
    "line",
    ["", "fly", "go", "go 1 2", "go 1 2 3 4 5", "go 1 2 x", "go 1 2 ²", "dig 1 2 3 4", "login", "login a b",
     "look here", "say", "place logs", "put 1 2 3 logs", "go 1 2 9999999999", "login " + "x" * 33],
)  # fmt: skip
def test_a_line_that_is_no_command_is_refused(line):
    with pytest.raises(IllegalCommand):
        command_of(line)


@given(st.text(max_size=80))
def test_no_text_upsets_the_reader(text):
    try:
        command = command_of(text)
    except IllegalCommand:
        return
    assert type(command) in KINDS


@pytest.mark.parametrize(
    "command",
    [
        Login("a b"), Login(""), Login("x\n"), Say("a\nb"), Say(""), Dig(Spot(1, 2, 10**10)), Go(Spot(1, 2, 3), True),
        Place("", Spot(0, 0, 0)), Put(Spot(0, 0, 0), "logs", 1.5), Write(Spot(0, 0, 0), "\x00"), "look", Read((1, "2", 3)),
    ],
)  # fmt: skip
def test_what_no_village_could_take_is_not_sent(command):
    with pytest.raises(IllegalCommand):
        VillageAdapter().send(Ask(1, command))


def test_a_line_without_end_is_forgotten_and_the_next_is_read():
    adapter = VillageAdapter()
    for _ in range(10):
        assert adapter.receive(b"x" * 1000) == []
    assert adapter.receive(b"1 ok\n2 ok\n") == [Answered(2, "")]
    assert adapter.unread == 1
