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
def test_it_agrees_with_the_eager_adapter_however_bytes_are_cut(pieces, sizes, sends):
    compare(RULES, cut(b"".join(pieces), sizes), sends=sends)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.lists(st.integers(1, 60), max_size=40))
def test_it_agrees_where_prompts_are_told_by_the_line_above(pieces, sizes):
    compare(BACKWARD, cut(b"".join(pieces), sizes))
