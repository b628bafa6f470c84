from __future__ import annotations

import pickle
from functools import partial
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wingmate import BotSpec, LocalChannel, MemoryStore, open_bot
from wingmate.abc import Adapter, Display
from wingmate.errors import IllegalCommand
from wingmate.screens import (
    Interjected,
    Interjection,
    LazyScreenAdapter,
    Line,
    Press,
    Prompt,
    Prompted,
    PromptRules,
    PromptSeen,
    Reason,
    ScreenAdapter,
    ScreenReader,
    Type,
    settle_bot,
)
from wingmate.screens._lazy import LARGEST, MOST_ITEMS
from wingmate.testing import MemoryNetwork, Weather, check_adapter, simulate

COMMAND = Prompt("command", "[{sector:int}]> ")
RULES = PromptRules(
    [
        Prompt("name", "Who are you? "),
        COMMAND,
        Prompt("sure", "[{sector:int}]> jump? "),
        Prompt("pager", "--more--", repeats=True),
    ]
)
BACKWARD = PromptRules(
    [
        *RULES.prompts,
        Prompt("new password", "Password? ", after="Choose one."),
        Prompt("password", "Password? "),
        Prompt("ship", "", after="Name of your ship?"),
    ]
)
ASIDES = (Interjection("waves", "{who} waves."), Prompt("stop", "Stop here? "))
make = partial(LazyScreenAdapter, RULES, ASIDES, goodbye=Type("quit", at="command"))
SCREEN = b"look\r\n\x1b[1mA room.\r\x1b[0m\nBob waves.\r\nExits: n s\r\n\r\n\x1b[35m[\x1b[1;36m5\x1b[0m]> "
PIECES = (
    *(b"[5]> ", b"\x1b[1m[\x1b[36m77\x1b[0m]> ", b"jump? ", b"look", b"Who are you? ", b"--more--"),
    *(b"Bob waves.", b"Stop here? ", b"Password? ", b"Choose one.", b"Name of your ship?", b"A room."),
    *(b"\r\n", b"\n\r", b"\n", b"\r\x1b[0m\n", b"\r", b"\x0c", b"\b", b"\b" * 8, b" ", b"\xb3", b"\0"),
    *(b"\x1b[1m", b"\x1b[K", b"\x1b[2J\x1b[H", b"\x1b", b"[5", b"m", b"x" * 300, b"x" * 3000),
)


def told(items):
    """Give the prompts among the items that the game waited at."""
    return [item for item in items if isinstance(item, PromptSeen) or getattr(item, "asks", False)]


def compare(rules, deliveries, *, sends=()):
    """Feed both kinds of adapter the same, and see that they agree after each delivery."""
    lazy, eager = LazyScreenAdapter(rules, ASIDES), ScreenAdapter(rules, ASIDES)
    reader = ScreenReader(rules, ASIDES)
    wanted, since = [], []
    events = []
    for number, data in enumerate(deliveries):
        eager.receive(data)
        since += reader.feed(data)
        got = lazy.receive(data)
        stands = reader.prompt is not None and bool(told(since))
        assert len(got) == stands
        if got:
            assert got[0].match == reader.prompt
            assert got[0].again == all(getattr(item, "again", False) for item in told(since))
            wanted.append(since)
            events += got
            since = []
        if number in sends:
            assert lazy.prompt == eager.prompt
            for adapter in (lazy, eager):
                adapter.send(Press("x"))
            assert lazy.prompt is eager.prompt is None
    assert [list(event.items) for event in events] == wanted
    assert lazy.prompt == eager.prompt
    return events


def cut(data, sizes):
    pieces, start = [], 0
    for size in sizes:
        pieces.append(data[start : start + size])
        start += size
    return [*pieces, data[start:]]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=40),
    st.lists(st.integers(1, 60), max_size=40),
    st.sets(st.integers(0, 40)),
)
@example([b"[5]> ", b"\r", b"Bob waves.", b"\r\n", b"[5]> "], [5, 6], {0})
@example([b"[5]> ", b"[5]> ", b"\r\n", b"[5]> "], [1, 5], {1})  # an answer before a prompt was told
def test_it_agrees_with_the_eager_adapter_however_bytes_are_cut(pieces, sizes, sends):
    compare(RULES, cut(b"".join(pieces), sizes), sends=sends)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.lists(st.integers(1, 60), max_size=40))
def test_it_agrees_where_prompts_are_told_by_the_line_above(pieces, sizes):
    compare(BACKWARD, cut(b"".join(pieces), sizes))


def test_it_is_an_adapter_with_a_display():
    assert isinstance(make(), Adapter)
    assert isinstance(make(), Display)
    assert isinstance(pickle.loads(pickle.dumps(make))(), LazyScreenAdapter)


@pytest.mark.parametrize(
    "recording", [SCREEN, b"Welcome.\r\n\x1b[1mWho are you? \x1b[0m", b"text\n\r\x1b[K[5]> "]
)
def test_it_keeps_an_adapters_promises_where_one_prompt_is_the_end(recording):
    commands = [Type("look"), Press("n"), Type("n", at="command"), Type("x", at="nowhere")]
    hostile = [b"[5]> \rBob waves.\r\n" * 50, SCREEN * 20, b"\r\x1b[m" * 9000]
    simulate(partial(check_adapter, make, recording, commands=commands, hostile=hostile))


def test_nothing_is_read_before_somebody_wants_it(monkeypatch):
    adapter = make()
    adapter.receive(b"Who are you? ")
    adapter.send(Type("Ada", at="name"))
    monkeypatch.setattr(ScreenReader, "feed", lambda *_: pytest.fail("it was read"))
    events = [
        event for start in range(0, len(SCREEN), 9) for event in adapter.receive(SCREEN[start : start + 9])
    ]
    assert [(event.name, event.fields, event.again) for event in events] == [
        ("command", {"sector": 5}, False)
    ]
    assert adapter.send(Type("look", at="command")) == b"look\r"
    monkeypatch.undo()
    assert events[0].lines == ("Who are you? look", "A room.", "Exits: n s", "")
    assert [type(item) for item in events[0].items] == [Line, Line, Interjected, Line, Line, PromptSeen]


def test_what_is_in_the_middle_of_one_delivery_is_among_the_items():
    [event] = make().receive(b"[5]> look\r\nBob waves.\r\n[6]> ")
    assert (event.text, event.again) == ("[6]> ", False)
    assert [item.name for item in event.items if not isinstance(item, Line)] == [
        "command",
        "waves",
        "command",
    ]


def test_an_unfinished_sequence_or_character_behind_the_prompt_waits():
    adapter = make()
    [event] = adapter.receive(b"hi\r\n\x1b[1m[5]> \x1b[")
    assert event.fields == {"sector": 5}
    assert adapter.receive(b"0m") == []
    assert adapter.prompt == event.match
    utf = LazyScreenAdapter(RULES, encoding="utf-8")
    data = "é\r\nWho are you? ".encode()
    assert [e.name for byte in data for e in utf.receive(bytes([byte]))] == ["name"]


def test_a_reprint_is_told_as_such_and_cannot_be_answered_again():
    adapter = make()
    adapter.receive(b"[5]> ")
    adapter.receive(b"\rBob wa")
    assert adapter.prompt["sector"] == 5
    assert adapter.send(Type("look", at="command")) == b"look\r"
    [event] = adapter.receive(b"ves.\r\n[5]> ")
    assert event.again
    with pytest.raises(IllegalCommand, match="but the game is at no prompt"):
        adapter.send(Type("look", at="command"))
    [event] = adapter.receive(b"look\r\nA room.\r\n[5]> ")
    assert not event.again
    assert adapter.close() == b"quit\r"


def test_a_prompt_that_interjects_is_told():
    [event] = make().receive(b"Warping.\r\nStop here? ")
    assert event.name == "stop"
    assert event.items[-1].asks


def test_a_long_screen_is_shortened_and_a_flood_of_lines_too():
    adapter = make()
    for _ in range(3 * LARGEST // 8):
        assert adapter.receive(b"a line\r\n") == []
    [event] = adapter.receive(b"[5]> ")
    assert len(event.items) == MOST_ITEMS
    assert event.lines[0] == "a line"
    [event] = adapter.receive(b"look\r\n[6]> ")
    assert event.lines == ("[5]> look",)
    assert event.items[0].typed == "look"


def test_the_screen_shows_the_page_before_too():
    adapter = make()
    adapter.receive(b"Welcome.\r\n[5]> ")
    adapter.receive(b"look\r\nA room")
    assert adapter.screen() == "Welcome.\n[5]> look\nA room"


def test_events_are_equal_when_what_they_tell_is():
    [one], [other], [third] = (make().receive(data) for data in (b"a\r\n[5]> ", b"a\n[5]> ", b"b\n[5]> "))
    assert one == other
    assert hash(one) == hash(other)
    assert one not in {third, "one"}
    assert repr(one).startswith("Prompted(match=")


async def game(stream):
    await stream.send(b"Welcome.\r\nWho are you? ")
    while True:
        if (line := await stream.receive()) == b"look\r":
            await stream.send(b"look\r\nA room.\r\n[5]> ")
        else:
            await stream.send(line + b"\n[5]> ")


def test_a_bot_plays_with_it_and_may_settle():
    async def story():
        async with MemoryNetwork(weather=Weather(latency=(0.05, 0.2))) as network:
            network.listen("game", game)
            spec = BotSpec(name="ann", role=print, adapter=make, transport=network.transport("game"))
            options = {"channel": LocalChannel(), "knowledge": MemoryStore(), "random": Random(1)}
            async with open_bot(spec, **options) as bot:
                event = await bot.expect(Prompted, within=5)
                await bot.send(Type("ann", at=event.name))
                await bot.expect(Prompted, within=5)
                await bot.send(Type("look", at="command"))
                settled = await settle_bot(bot, within=9, at={"command"})
                assert settled.reason is Reason.PROMPT
                return [item.text for item in settled.items]

    assert simulate(story) == ["[5]> look", "A room.", "[5]> "]
