"""Readable lines: declared once, then read, written, documented and made up from the declaration."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate.chat import VILLAGE, Language, Saying, Unread, Verb
from wingmate.errors import IllegalCommand
from wingmate.testing.chat import chat_lines, sayings

PLACE = {"x": 100, "y": 64, "z": -200}
LINES = {
    "[VILLAGE] center 100 64 -200": Saying("VILLAGE", PLACE),
    "[CHEST] shared 100 64 -200": Saying("CHEST", PLACE),
    "[CRAFTING] shared 100 64 -200": Saying("CRAFTING", PLACE),
    "[REQUEST] logs 8": Saying("REQUEST", {"item": "logs", "count": 8}),
    "[FULFILL] logs 8 for Emma_Farmer": Saying("FULFILL", {"item": "logs", "count": 8, "who": "Emma_Farmer"}),
    "[DEPOSIT] logs 8": Saying("DEPOSIT", {"item": "logs", "count": 8}),
    "[TERRAFORM] 100 64 -200": Saying("TERRAFORM", PLACE),
    "[TERRAFORM_CLAIM] 100 64 -200": Saying("TERRAFORM_CLAIM", PLACE),
    "[TERRAFORM_DONE] 100 64 -200": Saying("TERRAFORM_DONE", PLACE),
    "[TERRAFORM_RELEASE] 100 64 -200": Saying("TERRAFORM_RELEASE", PLACE),
}
MORE = VILLAGE.plus(
    Verb("HELLO", ""), Verb("SAY", "to {who:name} : {words:text}", "anything"), Verb("AT", "{where:word}")
)


@pytest.mark.parametrize("line", LINES)
def test_the_words_of_the_village_are_exactly_these(line):
    saying = LINES[line]
    assert VILLAGE.read(line) == saying
    assert VILLAGE.write(saying.verb, **saying.values) == line


def test_numbers_are_floored_both_ways():
    assert VILLAGE.write("CHEST", x=-0.5, y=64.9, z=3) == "[CHEST] shared -1 64 3"
    assert VILLAGE.read("[CHEST] shared -0.5 64.9 3") == Saying("CHEST", {"x": -1, "y": 64, "z": 3})


def test_colours_and_control_characters_are_not_read():
    assert VILLAGE.read("\x1b[1;31m[REQU\xa7aEST]\x0304,01  logs\x00 8\r\n") == LINES["[REQUEST] logs 8"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("hello everybody", Unread.CHATTER),
        ("I said [REQUEST] logs 8", Unread.CHATTER),
        ("", Unread.CHATTER),
        ("[STATUS] fine", Unread.UNKNOWN),
        ("[REQUEST] logs", Unread.MALFORMED),
        ("[REQUEST] logs -8", Unread.MALFORMED),
        ("[REQUEST] logs 0", Unread.MALFORMED),
        ("[REQUEST] logs 8 please", Unread.MALFORMED),
        ("[CHEST] shared 1 2", Unread.MALFORMED),
        ("[CHEST] shared 1 2 99999999999", Unread.MALFORMED),
        ("[VILLAGE]", Unread.MALFORMED),
    ],
)
def test_what_says_nothing_tells_why(line, why):
    assert VILLAGE.read(line) is why


@pytest.mark.parametrize(
    ("verb", "values"),
    [
        ("DANCE", {}),
        ("REQUEST", {"item": "logs"}),
        ("REQUEST", {"item": "two logs", "count": 1}),
        ("REQUEST", {"item": "logs", "count": 0}),
        ("REQUEST", {"item": "logs", "count": "8\n"}),
        ("CHEST", {"x": float("nan"), "y": 0, "z": 0}),
        ("CHEST", {"x": float("inf"), "y": 0, "z": 0}),
    ],
)
def test_what_cannot_be_said_is_refused(verb, values):
    with pytest.raises(IllegalCommand, match=verb):
        VILLAGE.write(verb, **values)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("request", ""),
        ("A", "{x}"),
        ("A", "{x:float}"),
        ("A", "{x:int} {x:int}"),
        ("A", "{x:text} {y:int}"),
        ("A", "two  spaces"),
        ("A", "wave~"),
    ],
)
def test_a_wrong_declaration_is_refused(name, form):
    with pytest.raises(ValueError, match=r"'|parted"):
        Verb(name, form)


def test_verbs_differ():
    with pytest.raises(ValueError, match="CHEST"):
        VILLAGE.plus(Verb("CHEST", ""))


def test_the_table_has_every_verb():
    table = MORE.table()
    assert "| `[FULFILL] item count for who` |" in table
    assert table.count("\n") == 1 + len(MORE.verbs)


def test_the_page_has_the_table():
    page = Path(__file__).parents[1] / "docs" / "reference" / "chat.md"
    assert VILLAGE.table() in page.read_text("utf-8")


@given(sayings(*MORE.verbs))
def test_what_is_written_is_read_again(saying):
    line = MORE.write(saying.verb, **saying.values)
    assert line.isascii()
    assert line.isprintable()
    assert "~" not in line
    assert MORE.read(line) == saying


@given(chat_lines(MORE) | st.text())
def test_nothing_that_is_said_upsets_the_reader(line):
    read = MORE.read(line)
    if isinstance(read, Saying):
        assert MORE.read(MORE.write(read.verb, **read.values)) == read


def test_a_language_pickles_and_compares():
    assert Language(MORE.verbs) == MORE
