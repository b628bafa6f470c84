from __future__ import annotations

import pickle
from functools import partial

import pytest

from wingmate.abc import Adapter, Display
from wingmate.errors import IllegalCommand
from wingmate.screens import (
    Interjected,
    Interjection,
    Line,
    Press,
    Prompt,
    PromptRules,
    PromptSeen,
    ScreenAdapter,
    Type,
)
from wingmate.testing import check_adapter, simulate

RULES = PromptRules(
    [
        Prompt("name", "Who are you? "),
        Prompt("command", "[{sector:int}]> "),
        Prompt("pager", "--more--", repeats=True),
    ]
)
ASIDES = (Interjection("waves", "{who} waves."),)
RECORDING = (
    b"\x1b[2J\x1b[HWelcome.\r\nWho are you? Ada\r\n\r\n\x1b[1mA room.\r\x1b[0m\nExits: n s\r\n[5]> look\r\n"
    b"\rBob waves.\r\n[5]> \r\x1b[KBob waves.\r\n[5]> n\r\nA door.\r\n--more--\b\b\b\b\b\b\b\b   A lock.\r\n[6]> "
)
make = partial(ScreenAdapter, RULES, ASIDES, goodbye=Type("quit", at="command"))


def test_it_is_an_adapter_with_a_display():
    assert isinstance(make(), Adapter)
    assert isinstance(make(), Display)
    assert isinstance(pickle.loads(pickle.dumps(make))(), ScreenAdapter)


@pytest.mark.parametrize("lines", [True, False])
def test_it_keeps_an_adapters_promises(lines):
    simulate(
        partial(
            check_adapter,
            partial(make, lines=lines),
            RECORDING,
            commands=[
                Type("look"),
                Press("n"),
                Type("n", at="command"),
                Type("x", at="nowhere"),
                Press("\x1b[A"),
            ],
        )
    )


def test_what_it_tells():
    events = make().receive(b"Welcome.\r\nWho are you? Ada\r\nBob waves.\r\n[5]> ")
    assert [type(event) for event in events] == [Line, PromptSeen, Line, Interjected, PromptSeen]
    assert events[2] == Line("Who are you? Ada", "Ada")
    assert events[3].fields == {"who": "Bob"}
    assert events[4].fields == {"sector": 5}


def test_without_lines_each_prompt_brings_what_is_above():
    adapter = make(lines=False)
    events = adapter.receive(b"Welcome.\r\nHello.\r\nWho are you? Ada\r\nBob waves.\r\n[5]> ")
    assert [(type(e), getattr(e, "above", None)) for e in events] == [
        (PromptSeen, ("Welcome.", "Hello.")),
        (Interjected, None),
        (PromptSeen, ("Who are you? Ada",)),
    ]
    assert adapter.screen() == "Welcome.\nHello.\nWho are you? Ada\nBob waves.\n[5]> "


def test_lines_above_are_limited():
    adapter = make(lines=False)
    for _ in range(50):
        assert adapter.receive(b"line\r\n[x\r\n" * 100) == []
    [seen] = adapter.receive(b"[5]> ")
    assert len(seen.above) == 500


def test_keystrokes():
    adapter = make()
    assert adapter.send(Type("look")) == b"look\r"
    assert adapter.send(Press("\x1b")) == b"\x1b"
    assert adapter.send(Type("│")) == b"\xb3\r"
    assert make(encoding="utf-8", ending="\r\n").send(Type("│")) == b"\xe2\x94\x82\r\n"


def test_a_command_is_sent_only_at_its_prompt_and_only_once():
    adapter = make()
    look = Type("look", at=("command", "name"))
    with pytest.raises(IllegalCommand, match="for 'command' or 'name', but the game is at no prompt"):
        adapter.send(look)
    adapter.receive(b"[5]> ")
    assert adapter.prompt["sector"] == 5
    with pytest.raises(IllegalCommand, match="for 'name', but the game is at 'command'"):
        adapter.send(Press("x", at="name"))
    assert adapter.send(look) == b"look\r"
    # The answer is on its way: the prompt that is still on the screen is not there any more.
    assert adapter.prompt is None
    with pytest.raises(IllegalCommand):
        adapter.send(look)
    adapter.receive(b"\rBob waves.\r\n[5]> ")  # a reprint is no answer either
    with pytest.raises(IllegalCommand):
        adapter.send(look)
    adapter.receive(b"look\r\nA room.\r\n[5]> ")
    assert adapter.send(look) == b"look\r"


def test_a_prompt_that_is_printed_over_still_waits():
    adapter = make()
    adapter.receive(b"[5]> \rBob wa")
    assert adapter.prompt["sector"] == 5
    assert adapter.send(Type("look", at="command")) == b"look\r"
    adapter.receive(b"ves.\r\n[5]> ")
    assert adapter.prompt is None


@pytest.mark.parametrize("text", ["two\rlines", "esc\x1b", "x" * 2000, "日"])
def test_what_cannot_be_typed_is_refused(text):
    with pytest.raises(IllegalCommand):
        make().send(Type(text))


def test_the_goodbye_is_said_only_where_it_may_be():
    adapter = make()
    assert adapter.close() == b""
    adapter.receive(b"[5]> ")
    assert adapter.close() == b"quit\r"
    assert ScreenAdapter(RULES).close() == b""


def test_other_encodings():
    adapter = make(encoding="utf-8")
    data = "Grüße, 日本.\r\n".encode()
    assert [item for byte in data for item in adapter.receive(bytes([byte]))] == [Line("Grüße, 日本.")]


def test_it_counts_what_it_heard_and_what_it_lost():
    adapter = make()
    adapter.receive(b"x" * 5000)
    assert (adapter.heard, adapter.lost) == (5000, 5000 - 4096)
