from __future__ import annotations

import stat
from datetime import UTC, datetime

import pytest

from wingmate._clock import now
from wingmate._secrets import Secret
from wingmate.screens import Clue, Fit, Interjection, Prompt, PromptRules, capture, explain
from wingmate.screens._capture import LARGEST
from wingmate.testing import simulate

RULES = PromptRules(
    [
        Prompt("command", "Command [TL={left}]:[{sector:int}] (?=Help)? : "),
        Prompt("computer", "Computer command [TL={left}]:[{sector:int}] (?=Help)? "),
        Prompt("ship", "", after="Name of your ship?"),
        Prompt("new", "Password? ", after="Choose a password."),
    ]
)


def test_a_capture_is_private_and_named_after_its_date(tmp_path):
    path = capture("What now? ", tmp_path / "unknown", now=0.0, name="ann/../x y")
    assert path == tmp_path / "unknown" / "19700101-000000-ann-..-x-y.txt"
    assert path.read_text("utf-8") == "What now? "
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_captures_of_one_moment_do_not_overwrite_each_other(tmp_path):
    paths = {capture(str(i), tmp_path, now=5.0, name="ann") for i in range(3)}
    assert {path.read_text() for path in paths} == {"0", "1", "2"}


def test_the_date_is_the_simulated_one(tmp_path):
    async def story():
        return capture("x", str(tmp_path), name="..."), now()

    path, date = simulate(story)
    assert path.name == f"{datetime.fromtimestamp(date, UTC):%Y%m%d-%H%M%S}-screen.txt"


def test_secrets_are_blotted_out_and_the_end_is_kept(tmp_path):
    Secret("text:opensesame").reveal()
    path = capture("a" * 2 * LARGEST + "opensesame\ud800 end", tmp_path)
    text = path.read_text("utf-8")
    assert "opensesame" not in text
    assert text.endswith("********\\ud800 end")
    assert len(text) < LARGEST + 10


def test_what_fits_is_told():
    clues = explain(
        RULES,
        "Bob left.\nCommand [TL=1]:[190] (?=Help)? : D\nName of your ship?\n\nCommand [TL=1]:[5] (?=Help)? : ",
        interjections=(Interjection("left", "{who} left."),),
    )
    assert clues == [
        Clue("Bob left.", "left", Fit.WHOLE, "who='Bob'"),
        Clue("Command [TL=1]:[190] (?=Help)? : D", "command", Fit.BEGINS, "left='1' sector=190"),
        Clue("", "ship", Fit.WHOLE),
        Clue("Command [TL=1]:[5] (?=Help)? : ", "command", Fit.WHOLE, "left='1' sector=5"),
    ]
    assert str(clues[0]) == "'Bob left.': fits left who='Bob'"


@pytest.mark.parametrize(
    ("screen", "why"),
    [
        (
            "Command [TL=00:00:00]:[none] (?=Help)? : ",
            "but after 23 characters came 'none] (?=Help)? : ' instead of the field 'sector' (int)",
        ),
        (
            "Command [TL=1]:[5] (?=help)? : ",
            "but after 22 characters came 'help)? : ' instead of '] (?=Help)? : '",
        ),
        ("Commerce", "nearly command"),
        ("Password? ", "but comes after 'Choose a password.', not after 'Who?'"),
    ],
)
def test_what_nearly_fits_is_told_and_why(screen, why):
    clues = explain(RULES, f"Who?\n{screen}")
    assert all(clue.fit is Fit.NEAR for clue in clues)
    assert any(why in str(clue) for clue in clues), [str(clue) for clue in clues]


def test_nothing_is_told_of_lines_that_are_far_from_any_rule():
    assert explain(RULES, "Sector 5\n\nNothing here.") == []
