"""A glance at the end of the raw bytes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate.errors import IllegalCommand
from wingmate.screens import GlanceAdapter, Glimpsed, Press, Type

PROMPT = re.compile(rb"\[(\d+)\] (\(\?\))?$")


def test_a_prompt_at_the_end_is_told_with_its_groups():
    adapter = GlanceAdapter(PROMPT)
    assert adapter.receive(b"Sector 5\r\n[5] ") == (Glimpsed((b"5", None)),)
    assert adapter.receive(b"nothing") == ()


@given(cut=st.integers(0, 30), noise=st.binary(max_size=1000))
def test_a_prompt_cut_in_two_is_found(cut, noise):
    adapter = GlanceAdapter(re.compile(rb"\[(\d+)\] \(\?\)$"))
    text = noise + b"a line\r\n[123] (?)"
    place = max(0, len(text) - cut)
    found = [*adapter.receive(text[:place]), *adapter.receive(text[place:])]
    assert found[-1] == Glimpsed((b"123",))


def test_what_was_told_is_not_told_again():
    adapter = GlanceAdapter(PROMPT)
    assert adapter.receive(b"[7] ")
    assert adapter.receive(b"") == ()


@given(pieces=st.lists(st.binary(max_size=5000), max_size=20))
def test_memory_is_bounded_whatever_comes(pieces):
    adapter = GlanceAdapter(re.compile(rb"never found\Z"), tail=100)
    for piece in pieces:
        adapter.receive(piece)
        assert len(adapter._seen) <= 100


def test_commands_become_keys():
    adapter = GlanceAdapter(PROMPT, goodbye=b"q")
    assert (adapter.send(Type("d")), adapter.send(Press("\x1b")), adapter.close()) == (b"d\r", b"\x1b", b"q")


@pytest.mark.parametrize("command", [Type("d", at="command"), Type("é"), Press("x" * 2000)])
def test_what_cannot_be_checked_or_typed_is_refused(command):
    with pytest.raises(IllegalCommand):
        GlanceAdapter(PROMPT).send(command)


@pytest.mark.parametrize("tail", [0, -1, 100_000])
def test_the_tail_has_a_limit(tail):
    with pytest.raises(ValueError, match="tail"):
        GlanceAdapter(PROMPT, tail=tail)
