"""The adapter under bytes nobody should send: it gives events or nothing, never anything else."""

from __future__ import annotations

import codecs
import tracemalloc
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wingmate.tw2002 import TradeWars, events

HERE = Path(__file__).parent / "data" / "tw2002"
ENDS = {"<<": "\r\x1b[0m\n", "<-": "\r\n", "< ": ""}


def read(path):
    printed = b""
    for line in path.read_text("utf-8").splitlines():
        if line[:2] in ENDS:
            text = line[2:] if line[:2] == "< " else line[3:]
            printed += codecs.escape_decode(text.replace("\\e", "\\x1b").encode("ascii"))[0]
            printed += ENDS[line[:2]].encode("ascii")
    return printed


SCREENS = [read(path) for path in sorted(HERE.glob("*.screen"))]
LINES = sorted({line for screen in SCREENS for line in screen.splitlines(keepends=True)})
KNOWN = {getattr(events, name) for name in events.__all__ if isinstance(getattr(events, name), type)}

# Found by fuzzing, kept for ever.
FINDINGS = [
    b": \r\n  70\r\n",  # a row shorter than the columns of the explored list
    b"Game Stats:\r\n" + b"Sectors=1000\r\n" * 3000,  # a key that comes again and again
]


def check(*pieces):
    adapter = TradeWars()
    for piece in pieces:
        told = adapter.receive(piece)
        assert {type(event) for event in told} <= KNOWN
        assert len(told) <= 10 + len(piece)
    assert len(adapter.screen()) < 300_000
    assert adapter.close() in {b"", b"qy"}


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_random_bytes(pieces):
    check(*pieces)


@given(st.data())
@settings(max_examples=60)
def test_truncated_and_spliced_screens(data):
    pieces = []
    for _ in range(data.draw(st.integers(1, 4))):
        screen = data.draw(st.sampled_from(SCREENS))
        start = data.draw(st.integers(0, len(screen)))
        stop = data.draw(st.integers(start, len(screen)))
        pieces.append(screen[start:stop])
    check(*pieces)


@given(st.lists(st.sampled_from(LINES), max_size=60))
@settings(max_examples=60)
def test_lines_of_all_screens_in_any_order(lines):
    check(*lines)


@given(st.data())
@settings(max_examples=80)
def test_lines_with_hostile_numbers(data):
    line = data.draw(st.sampled_from([line for line in LINES if any(48 <= byte <= 57 for byte in line)]))
    digit = data.draw(
        st.sampled_from([b"0", b"9" * 400, b"1" * 17, b",,,", b"-", b"\xfd", b"1,2,,3", b".5."])
    )
    place = next(i for i, byte in enumerate(line) if 48 <= byte <= 57)
    context = data.draw(st.sampled_from(SCREENS))
    check(
        context[: data.draw(st.integers(0, len(context)))],
        b"\r\n",
        line[:place] + digit + line[place + 1 :],
        b"\r\n",
    )


@pytest.mark.parametrize("filler", [b" ", b"1", b" > 1", b"  A: "])
def test_long_lines_take_no_time_to_speak_of(filler):
    began = perf_counter()
    for line in LINES[::4]:
        # A quadratic pattern would need half a second for one of them.
        check(line[: len(line) // 2] + filler * (4000 // len(filler)) + b"x\r\n")
    assert perf_counter() - began < 0.01 * len(LINES)


@pytest.mark.parametrize("finding", FINDINGS)
def test_what_fuzzing_found(finding):
    check(finding)


@example(b"x")
@given(st.binary(min_size=1, max_size=3))
def test_a_line_without_end_stays_small(filler):
    adapter = TradeWars()
    adapter.receive(b"Command [TL=00:00:00]:[441] (?=Help)? : ")
    for _ in range(3):
        adapter.receive(filler * 5000)
    assert len(adapter.pending) <= 4096


BLOCKS = [
    (b"Sector  : 5 in The Federation.\r\n", b"Planets : (M) Terra\r\n"),
    (b"Sector  : 5 in The Federation.\r\nPlanets : (M) Terra\r\n", b"            and so on\r\n"),
    (
        b"                          Relative Density Scan\r\n",
        b"Sector  70  ==>  0  Warps : 6    NavHaz :     0%    Anom : No\r\n",
    ),
    (b": \r\n", b"  70  255  420  744\r\n"),
    (b": \r\n", b"      1      2     96    381\r\n"),
    (b"Game Stats:\r\n", b"Sectors=1000\r\n"),
    (b"                               Who's Playing\r\n", b"Civilian Bob\r\n"),
    (b"Received from Bob at 08:09:53 PM S.D. 08/27/12:\r\n", b"> go on\r\n"),
    (b"<Info>\r\n", b"Trader Name    : Bob\r\n"),
    (b" Sect 5\xb3Turns 1\r\n", b" Ore 5\xb3Org 6\r\n"),
    (b"The shortest path (8 hops, 24 turns) from sector 9 to sector 1 is:\r\n", b"1 > 2 > 3 >\r\n"),
    (
        b"                 Deployed  Fighter  Scan\r\n",
        b"   441           5       Personal    Defensive            N/A\r\n",
    ),
    (b"Select (H)olo Scan or (D)ensity Scan or (Q)uit? [D] H\r\n", b"Sector  : 5 in The Federation.\r\n\r\n"),
    (b"", b"(1) ANSI graphics            - On\r\n"),
    (b"", b"<A> My Game                            <B> Another Game\r\n"),
]


@pytest.mark.parametrize(("head", "row"), BLOCKS, ids=lambda value: value.decode("cp437").strip()[:30])
def test_a_screen_without_end_stays_small(head, row):
    adapter = TradeWars()
    adapter.receive(head)
    rows = row * (2000 // len(row) + 1)
    adapter.receive(rows * 60)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(60):
            adapter.receive(rows)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 300_000
