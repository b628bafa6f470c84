from __future__ import annotations

import pickle
import re
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate.screens import Interjection, Prompt, PromptMatch, PromptRules, Template
from wingmate.screens._rules import LONGEST_PROMPT
from wingmate.screens._sieve import Sieve

COMMAND = Prompt("command", "Command [TL={left}]:[{sector:int}] (?=Help)? : ")


@pytest.mark.parametrize(
    ("template", "line", "fields"),
    [
        (
            "Command [TL={left}]:[{sector:int}] (?=Help)? : ",
            "Command [TL=00:00:00]:[190] (?=Help)? : ",
            {"left": "00:00:00", "sector": 190},
        ),
        ("Your offer [{n:int}] ? ", "Your offer [1,234,567] ? ", {"n": 1234567}),
        ("Your offer [{n:int}] ? ", "Your offer [-5] ? ", {"n": -5}),
        ("Sector{n:int}  ==> ", "Sector    70  ==> ", {"n": 70}),
        ("You have {n:int}, or more: ", "You have 5, or more: ", {"n": 5}),
        ("{who} is what you want? ", "Live Runner is what you want? ", {"who": "Live Runner"}),
        ("{w:word} says: ", "Ada says: ", {"w": "Ada"}),
        ("Beep [{on:yes}]? ", "Beep [Off]? ", {"on": False}),
        ("Beep [{on:yes}]? ", "Beep [Y]? ", {"on": True}),
        ("R {who:6} {text}: ", "R Able T hello: ", {"who": "Able T", "text": "hello"}),
        ("{{{n:int}}}: ", "{7}: ", {"n": 7}),
        ("a.b*c(\\d)? ", "a.b*c(\\d)? ", {}),
        (": ", ": ", {}),
    ],
)
def test_what_fits(template, line, fields):
    match = PromptRules([Prompt("p", template)]).match(line)
    assert match == PromptMatch(match.prompt, line, match.found)
    assert match.name == "p"
    assert match.fields == fields
    for name, value in fields.items():
        assert match[name] == value
        assert type(match[name]) is type(value)


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("Your offer [{n:int}] ? ", "Your offer [many] ? "),
        ("Your offer [{n:int}] ? ", "Your offer [] ? "),
        ("Your offer [{n:int}] ? ", "Your offer [60] ? 5"),
        ("Your offer [{n:int}] ? ", " Your offer [60] ? "),
        ("Your offer [{n:int}] ? ", "Your offer [" + "9" * 40 + "] ? "),
        ("{w:word} says: ", "Ada B says: "),
        ("Beep [{on:yes}]? ", "Beep [Maybe]? "),
        ("{text}? ", "? "),
        ("{text}? ", "x" * LONGEST_PROMPT + "? "),
        ("R {who:6} x: ", "R Ada x: "),
        ("a.b: ", "axb: "),
        ("abc: ", ""),
    ],
)
def test_what_does_not_fit(template, line):
    rules = PromptRules([Prompt("p", template)])
    assert rules.match(line) is None
    assert rules.match(line + "\n") is None


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("{", "a single '{'"),
        ("what}? ", "a single '}'"),
        ("{}? ", "is not a field"),
        ("{two words}? ", "is not a field"),
        ("{n:float}? ", "no kind 'float' of field .* text, word, int, yes and a width"),
        ("{a}{b}? ", "touch"),
        ("{a} and {a}? ", "comes twice"),
        ("{n:int}5? ", "runs into '5[?] '"),
        ("{n:int},{m:int}? ", "runs into ','"),
        ("{on:yes}th? ", "runs into"),
        ("two\nlines? ", "is for one line"),
        ("{all}", "must end with literal text"),
        ("", "has no text"),
    ],
)
def test_a_wrong_template_is_refused(template, complaint):
    with pytest.raises(ValueError, match=complaint):
        Prompt("p", template)


def test_a_rule_needs_a_name_and_an_interjection_some_text():
    with pytest.raises(ValueError, match="name"):
        Prompt("", "x: ")
    with pytest.raises(ValueError, match="every line would fit"):
        Interjection("i", "{all}")
    with pytest.raises(ValueError, match="every line would fit"):
        Prompt("p", "x: ", after="{all}")


def test_duplicates_are_refused_but_variants_may_share_a_name():
    PromptRules([Prompt("p", "a: "), Prompt("p", "b: "), Prompt("q", "a: ", after="before")])
    with pytest.raises(ValueError, match="the prompts 'p' and 'q' are both 'a: '"):
        PromptRules([Prompt("p", "a: "), Prompt("q", "a: ")])


def test_the_most_literal_text_wins_then_the_first():
    rules = PromptRules(
        [
            Prompt("any", "{x}? "),
            Prompt("really", "Really {x}? "),
            Prompt("sure", "Really sure? "),
            Prompt("other", "Rea{x}y sure? "),
        ]
    )
    assert [rules.match(line).name for line in ("Well? ", "Really so? ", "Really sure? ")] == [
        "any",
        "really",
        "sure",
    ]
    same = PromptRules([Prompt("one", "{a} is it? "), Prompt("two", "{b} is it? ")][::-1])
    assert same.match("this is it? ").name == "two"
    mixed = PromptRules([Prompt("tail", "{x}bcd: "), Prompt("head", "bcd: {x}bcd: ")])
    assert mixed.match("bcd: bcd: bcd: ").name == "head"


def test_the_line_above():
    rules = PromptRules(
        [Prompt("new", "Password? ", after="Choose a {what} for {name}.  "), Prompt("old", "Password? ")]
    )
    assert rules.match("Password? ").name == "old"
    assert rules.match("Password? ", before="Choose a password for Ada. ").name == "new"
    assert rules.match("Password? ", before="No: choose a password for Ada.").name == "old"


def test_prompts_that_a_line_begins_with():
    rules = PromptRules(
        [Prompt("pause", "[Pause]"), Prompt("long", "[Pause] - [Press {key}]"), Prompt("any", "{x}]")]
    )
    found = rules.beginnings("[Pause] - [Press Space] and more")
    assert [(match.name, match.text) for match in found] == [
        ("pause", "[Pause]"),
        ("long", "[Pause] - [Press Space]"),
    ]
    assert rules.beginnings("[Pause] - [Press Space]", seen=found[:1]) == found[1:]
    assert rules.beginnings("[Pause] - [Press Space]", seen=found) == []
    assert rules.beginnings("x" * 1000 + "]") == []


def test_rules_pickle():
    rules = PromptRules([COMMAND, Prompt("ship", "", after="Name of your ship?")])
    again = pickle.loads(pickle.dumps(rules))
    assert again == rules
    assert again.match("Command [TL=1]:[2] (?=Help)? : ")["sector"] == 2


LITERAL = st.text(alphabet="ab:? [].,1", min_size=1, max_size=6)
FIELD = st.sampled_from(["{x}", "{y:int}", "{z:word}", "{f:yes}", "{w:3}"])


@st.composite
def templates(draw):
    parts = draw(st.lists(LITERAL, min_size=1, max_size=3))
    fields = draw(st.permutations(["{x}", "{y:int}", "{z:word}", "{f:yes}", "{w:3}"]))
    text = draw(st.sampled_from(["", fields[4]]))
    for part, place in zip(parts, fields, strict=False):
        text += part + place
    source = text[: text.rindex("{")] + draw(LITERAL) if draw(st.booleans()) else text + draw(LITERAL)
    try:
        return Prompt("p", source)
    except ValueError:
        return Prompt("p", "a{x}: ")


@given(
    st.lists(templates(), max_size=8, unique_by=lambda prompt: prompt.template.source),
    st.text("ab:? [].,1Yon", max_size=20),
)
def test_the_index_finds_what_trying_each_finds(prompts, line):
    rules = PromptRules(prompts)
    fits = [prompt for prompt in prompts if prompt.template.pattern.fullmatch(line)]
    best = max(fits, key=lambda prompt: prompt.weight, default=None)
    match = rules.match(line)
    assert (match and match.prompt) == best
    ends = {
        prompt.template.pattern.match(line).end() for prompt in prompts if prompt.template.pattern.match(line)
    }
    assert [len(match.text) for match in rules.beginnings(line)] == sorted(ends)


@given(templates(), st.text("ab:? [].,1Yon", max_size=20), st.text("ab:? [].,1Yon", max_size=6))
def test_what_fits_goes_on_fitting_when_more_text_comes(prompt, line, more):
    fits = prompt.template.pattern.fullmatch(line)
    if fits:
        assert prompt.template.pattern.match(line + more)[0] == line
        assert prompt.template.pattern.match(line + more).groups() == fits.groups()


@given(st.text(string.printable, max_size=30))
def test_any_text_is_a_template_once_braces_are_doubled(text):
    text = re.sub(r"[\r\n]", "", text)
    template = Template(text.replace("{", "{{").replace("}", "}}"))
    assert template.parts == ((text,) if text else ())
    assert template.pattern.fullmatch(text)


@given(st.text(max_size=30))
def test_a_template_is_refused_with_a_value_error_or_works(source):
    try:
        template = Template(source)
    except ValueError:
        return
    assert template.pattern.fullmatch(source) or template.fields or "{{" in source or "}}" in source


@given(
    st.lists(
        st.sampled_from(
            ["{who} left.", "Fighters of {who} report: {what}", "R {who:3} {text}", "{a} hits {b}", "X "]
        ),
        unique=True,
    ),
    st.lists(
        st.text("FXR abc leftsih.", max_size=12)
        | st.sampled_from(["Ada left.  ", "R Ada hi", "Ada hits Bob", "Fighters of Ada report: x"])
    ),
)
def test_lines_passed_over_are_no_interjections(templates, lines):
    sieve = Sieve.of(PromptRules([COMMAND]), [Interjection(source, source) for source in templates])
    careful = sieve.loose_in("\n".join(lines))
    for line in lines:
        if not careful and sieve.plain(line):
            assert sieve.interjection(line) is None
    if not careful and sieve.all_plain(lines):
        assert all(sieve.plain(line) for line in lines)


def test_two_hundred_rules_are_asked_in_no_time():
    rules = PromptRules(
        [Prompt(f"p{i}", f"How many {i} of {{what}} do you want [{{n:int}}] ? ") for i in range(200)]
    )
    hit, miss = "How many 199 of ore do you want [20] ? ", "How many holds of ore are there? None. ? "
    began = time.perf_counter()
    for _ in range(100):
        assert rules.match(hit).name == "p199"
        assert rules.match(miss) is None
    assert time.perf_counter() - began < 0.1


@pytest.mark.parametrize(
    "line", ["Command [TL=" * 8_000, "a " * 50_000, "? " * 50_000, "Command [TL=]:[" + "1," * 50_000]
)
def test_a_long_line_cannot_hurt(line):
    rules = PromptRules(
        [
            COMMAND,
            Prompt("q", "{a} {b} {c} {d}? "),
            Prompt("r", "{a}? {b}? {c}? {d}: "),
            Prompt("s", "a {n:int} {m:int} b: "),
        ]
    )
    began = time.perf_counter()
    for _ in range(10):
        rules.match(line)
        rules.beginnings(line)
    assert time.perf_counter() - began < 0.5
