from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate.screens._ansi import AnsiReader

PIECES = st.sampled_from(
    b"\x1b;[;];0;1;36;m;J;2J;H;f;K;(B;c;\\;\x07;\r;\n;\x08;\x0c;\x00;\x7f;a;Sector; : ;\xb3\xdb;?;\r\n".split(
        b";"
    )
) | st.sampled_from([b"\x1b[0m", b"\x1b[1;36m", b"\x1b[2J\x1b[H", b";"])
STREAM = st.lists(PIECES | st.binary(max_size=3), max_size=25).map(b"".join)


def read(*pieces):
    reader = AnsiReader()
    return "".join(reader.feed(piece) for piece in pieces)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain", "plain"),
        (b"a\r\nb\n\rc\r\x1b[0m\nd\ne", "a\nb\nc\nd\ne"),
        (b"a\r\n\r\nb", "a\n\nb"),
        (b"a\n\r\n\rb", "a\n\nb"),
        (b"a\r\r\nb", "a\nb"),
        (b"Command: \r\x1b[KF Abler hi\r\n", "Command: \rF Abler hi\n"),
        (b"\rtext", "text"),
        (b"a\n\r\rb", "a\nb"),
        (b"\x1b[35mCommand [\x1b[1;33mTL\x1b[0;33m=\x1b[1m00:00:00\x1b[0;35m]", "Command [TL=00:00:00]"),
        (b"\x1b(B\x1b)0text\x1b7\x1b=", "text"),
        (b"\x1b]0;a title\x07text", "text"),
        (b"\x1b]0;a title\x1b\\text", "text"),
        (b"\x1bP1$r0m\x1b\\text", "text"),
        (b"\x1b[?25l\x1b[ qtext\x1b[3A", "text"),
        (b"menu\x1b[2J\x1b[Hgame", "menu\ngame"),
        (b"menu\r\x1b[H\x1b[Jgame", "menu\ngame"),
        (b"menu\r\n\x1b[2J\x1b[H\x1b[0mgame", "menu\ngame"),
        (b"\x1b[2J\x1b[Hgame", "game"),
        (b"top\x1b[5;10Hleft\x1b[6;1fdown", "top\nleft\ndown"),
        (b"one\x0ctwo", "one\ntwo"),
        (b"one\x1bctwo", "one\ntwo"),
        (b"\x07\x00\x7fbell", "bell"),
        (b"6\x08 \x085", "6\b \b5"),
        (b"tab\tstop", "tab\tstop"),
        (b" Sect 5\xb3Turns \xdb", " Sect 5│Turns █"),
        (b"\xff\x9b31m", "\xa0¢31m"),
        (b"\x1b\x1b[0mA", "A"),
        (b"\x1b[1\x1b[0m2mA", "2mA"),
        (b"\x1b[1\nA", "\nA"),
        (b"\x1b\nA\x1b\xe9B", "\nAΘB"),
    ],
)
def test_what_is_left(data, text):
    assert read(data) == text
    assert read(*(data[i : i + 1] for i in range(len(data)))) == text


def test_what_cannot_be_decided_is_kept_back():
    reader = AnsiReader()
    assert reader.feed(b"end\r") == "end"
    assert reader.feed(b"\x1b[0") == ""
    assert reader.feed(b"m") == ""
    assert reader.feed(b"\n") == "\n"
    assert reader.feed(b"Command: \r\x1b[K") == "Command: "
    assert reader.feed(b"F") == "\rF"


@given(STREAM, st.lists(st.integers(0, 120)))
def test_cutting_elsewhere_changes_nothing(data, cuts):
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    assert read(*(data[a:b] for a, b in pairwise(places))) == read(data)


@given(STREAM)
def test_only_three_controls_are_left(data):
    text = read(data)
    assert not set(text) & (set(map(chr, range(32))) - set("\n\r\b\t"))
    assert "\r\n" not in text
    assert "\n\r" not in text
    assert "\r\r" not in text
    assert not text.startswith("\r")
    assert not text.endswith("\r")


@pytest.mark.parametrize("start", [b"\x1b[", b"\x1b]0;", b"\x1bP", b"\x1b(", b"\x1b[?1;", b"\x1b"])
@pytest.mark.parametrize("filler", [b"1", b" ", b"x", b";"])
def test_a_sequence_without_an_end_is_given_up_soon(start, filler):
    reader = AnsiReader()
    text = "".join(reader.feed(filler) if i else reader.feed(start) for i in range(2000))
    assert len(text) > 1400
    assert len(reader._unfinished) < 600
    assert text == read(start + filler * 1999)


def test_hostile_bytes_cost_no_more_than_their_length():
    for hostile in (
        b"\x1b[" * 50_000,
        b"\x1b]" * 50_000,
        b"\r" * 100_000,
        b"\x1b" * 100_000,
        b"\x1b[0;" * 25_000,
    ):
        began = time.perf_counter()
        read(hostile)
        assert time.perf_counter() - began < 1.0
