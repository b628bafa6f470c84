"""The adapter, held against screens of the game as bytes: see data/tw2002/README.md."""

from __future__ import annotations

import codecs
import json
import os
import pickle
import re
from pathlib import Path
from random import Random

import pytest
from anyio import move_on_after
from attrs import asdict, fields_dict
from hypothesis import given, settings
from hypothesis import strategies as st

from wingmate.abc import Adapter, Display
from wingmate.errors import IllegalCommand, Refused
from wingmate.testing import MemoryNetwork, check_adapter, simulate
from wingmate.transports import Telnet
from wingmate.tw2002 import TradeWars, commands, errors, events
from wingmate.tw2002.rules import PROMPTS, RULES
from wingmate.tw2002.universe import Universe

HERE = Path(__file__).parent / "data" / "tw2002"
ENDS = {"<<": "\r\x1b[0m\n", "<-": "\r\n", "< ": ""}
NAMES = sorted(path.stem for path in HERE.glob("*.screen"))
PROMPT_NAMES = {prompt.name for prompt in PROMPTS} - {"refused"}


def read(name):
    """Give what the game printed, chunk by chunk, and the events written below each."""
    chunks, wanted = [], []
    for line in (HERE / f"{name}.screen").read_text("utf-8").splitlines():
        if line[:2] in ENDS:
            text = line[2:] if line[:2] == "< " else line[3:]
            data = codecs.escape_decode(text.replace("\\e", "\\x1b").encode("ascii"))[0]
            chunks.append(data + ENDS[line[:2]].encode("ascii"))
            wanted.append([])
        elif line.startswith("= "):
            wanted[-1].append(line[2:])
    return chunks, wanted


def listen(pieces):
    adapter = TradeWars()
    return [event for piece in pieces for event in adapter.receive(piece)]


SCREENS = {name: read(name)[0] for name in NAMES}
WHOLE = {name: b"".join(chunks) for name, chunks in SCREENS.items()}


@pytest.mark.parametrize("name", NAMES)
def test_each_screen_gives_the_events_written_below_it(name):
    adapter = TradeWars()
    for chunk, wanted in zip(*read(name), strict=True):
        assert [repr(event) for event in adapter.receive(chunk)] == wanted, chunk


@pytest.mark.parametrize("name", NAMES)
def test_bytes_one_by_one_change_nothing(name):
    whole = WHOLE[name]
    assert listen([whole[i : i + 1] for i in range(len(whole))]) == listen([whole])


@given(name=st.sampled_from(NAMES), dice=st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_cuts_anywhere_change_nothing(name, dice):
    whole, pieces, start = WHOLE[name], [], 0
    while start < len(whole):
        size = dice.choice((1, 2, 5, 60, 2000))
        pieces.append(whole[start : start + size])
        start += size
    assert listen(pieces) == listen([whole])


@pytest.mark.parametrize("name", NAMES)
def test_without_colours_the_events_are_the_same(name):
    plain = re.sub(rb"\x1b\[[0-9;]*m", b"", WHOLE[name])
    assert listen([plain]) == listen([WHOLE[name]])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("end", [b"\r\n", b"\n\r", b"\r\x1b[0m\n"])
def test_any_line_end_will_do(name, end):
    whole = WHOLE[name].replace(b"\r\x1b[0m\n", b"\r\n").replace(b"\n\r", b"\r\n")
    assert listen([whole.replace(b"\r\n", end)]) == listen([WHOLE[name]])


def at_rest(chunks):
    """Give each chunk that ends with a prompt with words, its place, and the prompt's bytes."""
    for i, chunk in enumerate(chunks):
        line = re.split(rb"[\r\n]", chunk)[-1]
        text = re.sub(rb"\x1b\[[0-9;]*m", b"", line).decode("cp437")
        if text and RULES.match(text) is not None:
            yield i, line


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name not in {"connect", "connect_v1", "refusals"}]
)
def test_a_message_over_any_prompt_is_heard_and_disturbs_nothing(name):
    chunks = SCREENS[name]
    places = [
        (i, line) for i, line in at_rest(chunks) if b"[Pause]" not in line and not line.startswith(b"\x1b[2J")
    ]
    assert places
    message = b"\r\x1b[K\x1b[32mR \x1b[1;36mAble T \x1b[33mYou destroyed all the fighters. \r\x1b[0m\n\r\n"
    quiet = listen(chunks)
    for i, line in places:
        told = listen([*chunks[: i + 1], message, line, *chunks[i + 1 :]])
        heard = [event for event in told if isinstance(event, events.Heard)]
        assert events.Heard("radio", "Able T", "You destroyed all the fighters.") in heard
        again = [event for event in told if isinstance(event, events.Prompted) and event.again]
        calm = [event for event in quiet if isinstance(event, events.Prompted) and event.again]
        assert len(again) == len(calm) + 1
        rest = [event for event in told if event not in again and event not in heard]
        assert rest == [event for event in quiet if event not in calm and not isinstance(event, events.Heard)]


def test_half_typed_input_is_not_taken_for_an_answer():
    adapter = TradeWars()
    prompt = b"Command [TL=00:00:00]:[441] (?=Help)? : "
    adapter.receive(prompt + b"12")
    told = adapter.receive(b"\r\x1b[KF Bob    hi\r\n\r\n" + prompt + b"12")
    assert told == [
        events.Heard("fedcomm", "Bob", "hi"),
        events.Prompted("command", {"time_left": "00:00:00", "sector": 441}, again=True, serial=1),
    ]
    assert adapter.receive(b"3\r\n") == [events.Echoed("command", "123")]


def test_a_capture_without_erasing_codes_is_understood_too():
    told = listen([b"Command [TL=00:00:00]:[5] (?=Help)? : F Abler  hey beta, u gone evil yet?\r\n\r\n"])
    assert told[1:] == [events.Heard("fedcomm", "Abler", "hey beta, u gone evil yet?")]


def test_a_chat_line_broken_at_the_edge_is_one():
    words = "x" * 60 + " You destroyed all the fighters."
    line = f"R Able T {words}"
    told = listen([f"{line[:80]}\r\n{line[80:]}\r\n\r\n".encode()])
    assert told == [events.Heard("radio", "Able T", words)]


def test_the_legend_of_a_list_is_no_hail():
    assert listen([b"P indicates Trader is on a planet in that sector\r\n"]) == []


def test_a_hail_in_the_middle_of_a_screen_leaves_the_screen_whole():
    told = listen(
        [
            (
                b"Sector  : 5 in The Federation.\r\nP Bob    stop\r\nBeacon  : Go\r\n"
                b"Warps to Sector(s) :  1 - 2\r\n\r\n"
            )
        ]
    )
    assert [type(event) for event in told] == [events.Heard, events.SectorDisplayed]
    assert told[1].beacon == "Go"
    assert told[1].warps == (1, 2)


def test_big_dumps_come_in_parts():
    rows = "".join(f"{n:4} {n + 1:4} {n + 2:4}\r\n" for n in range(1, 701))
    told = listen([f": \r\n{rows}\r\n: ".encode()])
    parts = [event for event in told if isinstance(event, events.CimWarpsListed)]
    assert [part.last for part in parts] == [False, False, True]
    assert dict(row for part in parts for row in part.rows)[700] == (701, 702)


def test_an_empty_dump_is_told_to_whoever_asked():
    adapter = TradeWars()
    adapter.receive(b": ")
    adapter.send(commands.ReadCimPorts())
    assert events.CimPortsListed(()) in adapter.receive(b"\r\n\r\n: ")


# --- keys -----------------------------------------------------------------------------------------

COMMANDS = [
    (commands.Press("x"), b"x"),
    (commands.Enter("Live Runner"), b"Live Runner\r"),
    (commands.Enter(""), b"\r"),
    (commands.EnterNumber(0), b"0\r"),
    (commands.Answer(yes=True), b"y"),
    (commands.Answer(yes=False), b"n"),
    (commands.Continue(), b" "),
    (commands.KeepAwake(), b"\x1b"),
    (commands.GiveName("ann"), b"ann\r"),
    (commands.ChooseGame("A"), b"A"),
    (commands.HangUp(), b"q"),
    (commands.Play(), b"T\r"),
    (commands.ShowSettings(), b"*\r"),
    (commands.LeaveStartMenu(), b"X\r"),
    (commands.EnterPassword("sesame"), b"sesame\r"),
    (commands.Quit(), b"q"),
    (commands.ShowStatus(), b"/"),
    (commands.ChooseScan("density"), b"d"),
    (commands.ChooseScan("holo"), b"h"),
    (commands.Warp(926), b"926\r"),
    (commands.Dial(926), b"926"),
    (commands.Engage("express"), b"e"),
    (commands.Dock(), b"p"),
    (commands.Quantity(20), b"20\r"),
    (commands.Offer(76), b"76\r"),
    (commands.VisitShop("bank"), b"g"),
    (commands.SayRadio("hello {text} all"), b"'hello {text} all\r"),
    (commands.SayFedComm("hi"), b"`hi\r"),
    (commands.SayHail("bob, hi"), b"=bob, hi\r"),
    (commands.OpenCim(), b"^"),
]


@pytest.mark.parametrize(("command", "keys"), COMMANDS, ids=repr)
def test_a_command_is_its_keys(command, keys):
    assert TradeWars().send(command) == keys


def every_command():
    return [
        value
        for name in commands.__all__
        if isinstance(value := getattr(commands, name), type) and name not in {"Command", "Manner"}
    ]


@pytest.mark.parametrize("kind", every_command(), ids=lambda kind: kind.__name__)
def test_a_manner_names_prompts_that_exist(kind):
    manner = kind.manner
    assert set(manner.at) <= PROMPT_NAMES, manner.at
    assert set(manner.prompts) <= PROMPT_NAMES
    assert manner.within > 0
    assert kind.__doc__
    if kind is not commands.KeepAwake:
        assert manner.headers or manner.prompts or manner.events


def test_the_proof_of_a_command_is_its_own():
    manner = commands.Warp.manner
    assert manner.proves(events.HeaderShown("Move"))
    assert manner.proves(events.WarpBegan(5))
    assert not manner.proves(events.Prompted("command"))
    assert not manner.proves(events.HeaderShown("Re-Display"))
    assert commands.OpenCim.manner.proves(events.Prompted("cim"))
    assert not commands.OpenCim.manner.proves(events.Prompted("cim", again=True))


@pytest.mark.parametrize(
    "make",
    [
        lambda: commands.Warp(0),
        lambda: commands.Warp(-5),
        lambda: commands.Warp(True),
        lambda: commands.Warp("5"),
        lambda: commands.Offer(-1),
        lambda: commands.Quantity(10**12),
        lambda: commands.Enter("a\rb"),
        lambda: commands.Enter("naïve"),
        lambda: commands.SayRadio("x" * 156),
        lambda: commands.SayRadio(""),
        lambda: commands.SayRadio("~"),
        lambda: commands.Press("ab"),
        lambda: commands.Press("\x00"),
        lambda: commands.ChooseGame("Q"),
        lambda: commands.ChooseScan("both"),
        lambda: commands.EnterPassword("sesame\n"),
    ],
)
def test_what_no_game_could_take_is_refused_where_it_is_made(make):
    with pytest.raises(IllegalCommand) as caught:
        make()
    assert "sesame" not in str(caught.value)


def test_a_password_shows_nowhere():
    assert "sesame" not in repr(commands.EnterPassword("sesame"))


def test_only_commands_are_sent():
    with pytest.raises(IllegalCommand, match="not a command"):
        TradeWars().send("q")


def test_a_number_over_the_maximum_is_refused_because_the_game_would_cut_it():
    adapter = TradeWars()
    adapter.receive(b"How many credits do you want to withdraw? (4,900) ")
    assert adapter.send(commands.EnterNumber(4900)) == b"4900\r"
    with pytest.raises(IllegalCommand, match="over the maximum of 4900"):
        adapter.send(commands.EnterNumber(999_999))


def test_a_sector_the_universe_does_not_have_is_refused():
    adapter = TradeWars()
    assert adapter.send(commands.Warp(1001)) == b"1001\r"
    adapter.receive(WHOLE["settings"])
    assert adapter.sectors == 1000
    with pytest.raises(IllegalCommand, match="only 1000"):
        adapter.send(commands.Warp(1001))


# --- the rest of the contract ---------------------------------------------------------------------


def test_it_says_goodbye_at_the_command_prompt_only():
    adapter = TradeWars()
    assert adapter.close() == b""
    adapter.receive(b"Command [TL=00:00:00]:[441] (?=Help)? : ")
    assert adapter.close() == b"qy"
    adapter.send(commands.Dock())
    assert adapter.close() == b""  # the keys would answer the port's menu
    adapter.receive(b"P\r\n\r\nEnter your choice [T] ? ")
    assert adapter.close() == b""


def test_it_keeps_the_prompt_for_whoever_comes_next():
    adapter = TradeWars()
    assert adapter.prompt is None
    adapter.receive(b"Your offer [90] ? ")
    asked = events.Prompted("offer", {"amount": 90}, serial=1)
    assert adapter.prompt == asked
    adapter.send(commands.KeepAwake())
    assert adapter.prompt == asked
    adapter.send(commands.Offer(85))
    assert adapter.prompt is None
    adapter.receive(b"\r\x1b[KF Bob    hi\r\n\r\nYour offer [90] ? ")  # reprinted, not asked anew
    assert adapter.prompt is None
    adapter.receive(b"85\r\nWe'll sell them for 88 credits.\r\nYour offer [88] ? ")
    assert adapter.prompt == events.Prompted("offer", {"amount": 88}, serial=2)


def test_it_shows_the_screen_and_the_unfinished_line():
    adapter = TradeWars()
    adapter.receive(b"Some strange words\r\nA door opens. Knock (how often)? ")
    assert adapter.screen() == "Some strange words\nA door opens. Knock (how often)? "
    assert adapter.pending == "A door opens. Knock (how often)? "
    adapter.receive(b"9\r\nYour offer [90] ? 8")
    assert adapter.pending == ""  # a known prompt, and what is being typed there
    assert isinstance(adapter, Adapter)
    assert isinstance(adapter, Display)


@pytest.mark.parametrize("name", NAMES)
def test_events_are_plain_values(name):
    for event in listen([WHOLE[name]]):
        json.dumps(asdict(event))
        assert pickle.loads(pickle.dumps(event)) == event
        assert type(event).__name__ in events.__all__
        assert fields_dict(type(event)) is not None


def test_every_refusal_is_an_error_that_says_who_should_act():
    kinds = {
        event.why: errors.refusal(event, "ann")
        for event in listen([WHOLE["refusals"]])
        if isinstance(event, events.EntryRefused)
    }
    assert all(isinstance(error, Refused) and str(error).startswith("ann: ") for error in kinds.values())
    assert {why for why, error in kinds.items() if error.final} == {
        "closed-to-new",
        "game-full",
        "game-password",
        "telnet-only",
        "tournament",
    }
    assert kinds["no-protocol"].retry_after == 10.0
    assert kinds["server-full"].retry_after == 5.0
    assert kinds["wait"].retry_after == 2 * 86_400.0


@pytest.mark.parametrize("name", ["move", "trade", "new_player"])
def test_it_keeps_what_every_adapter_promises(name):
    simulate(check_adapter, TradeWars, WHOLE[name])


def test_recordings_of_others_are_understood():
    folder = os.environ.get("WINGMATE_CAPTURES")
    if not folder or not Path(folder).is_dir():
        pytest.skip("WINGMATE_CAPTURES names no folder")
    for path in sorted(Path(folder).rglob("*.script")):
        lines = path.read_text("utf-8").splitlines()
        texts = [line[3:] for line in lines if line.startswith("<< ")]
        pieces = [codecs.escape_decode(text.encode("ascii"))[0] for text in texts]
        told = listen(pieces)
        assert any(isinstance(event, events.Prompted) and event.name == "command" for event in told), path
        assert told == listen([b"".join(pieces)])


SAMPLES = {"int": "12", "word": "00:00:00", "text": "Some Words", "yes": "Yes"}


@pytest.mark.parametrize(
    "rule", [rule for rule in PROMPTS if rule.template.parts], ids=lambda rule: rule.template.source
)
def test_every_prompt_is_seen_as_itself_and_nothing_else(rule):
    text = re.sub(r"\{\w+:?(\w*)\}", lambda found: SAMPLES[found[1] or "text"], rule.template.source)
    before = re.sub(r"\{\w+\}", ".", rule.after.source) + "\r\n" if rule.after else ""
    told = listen([(before + text).encode("cp437")])
    if rule.name == "refused":
        assert [type(event) for event in told] == [events.EntryRefused]
        return
    names = [event.name for event in told if isinstance(event, events.Prompted)]
    assert names == (["pause", "delete-messages"] if rule.name == "delete-messages" else [rule.name])
    assert set(told[-1].fields) == {place.name for place in rule.template.fields}


LOGIN = [
    *("ann\r", "A", " ", "*\r", "T\r", "\r", " ", "y", "sesame\r", "sesame\r", " ", "N", "Ann Aster\r", "y"),
    *("Slow Boat\r", "y", "Rock One\r", "q"),
]
GAME = [
    *("d", "i", "/", "v", "#", "c", "r\r", "i\r", "f", "\r", "1\r", "k", "e", "n", "4", "1234\r", "q", "q"),
    *("^", "i", "f", "1\r", "20\r", "q", "'hello\r", "`hello\r", "f", "5\r", "d", "g", "p"),
]
WANTED = {
    *(
        "ConnectionDetected",
        "GameMenuShown",
        "SettingsListed",
        "CharacterStarted",
        "LandedOnPlanet",
        "TookOff",
    ),
    *("SectorDisplayed", "InfoShown", "StatusShown", "StarDockLocated", "PlayersListed", "WarpsTold"),
    *("CourseComputed", "SectorsListed", "SettingsShown", "ChannelTuned", "CimWarpsListed", "CimLeft"),
    *("MessageSent", "FightersCounted", "FightersPlaced", "FightersListed"),
}


def test_the_embedded_universe_is_understood():
    async def story():
        async with MemoryNetwork(Random(1)) as net, Universe(fast=True) as universe:
            net.listen("game", universe.handler)
            adapter, told = TradeWars(), []
            async with Telnet(net.transport("game")).connect() as stream:
                for keys in ["", *LOGIN, *GAME]:
                    if keys:
                        await stream.send(keys.encode("ascii"))
                    with move_on_after(3.0):  # virtual
                        while True:
                            told += adapter.receive(await stream.receive())
                    assert adapter.pending == "", (keys, adapter.pending)
            return told

    told = simulate(story)
    assert {type(event).__name__ for event in told} >= WANTED
    prompts = [event.name for event in told if isinstance(event, events.Prompted)]
    assert prompts[-1] == "command"


def test_endless_play_does_not_fill_the_memory():
    import tracemalloc

    adapter, dice = TradeWars(), Random(1)
    parts = [WHOLE[name] for name in NAMES]
    for part in parts:
        adapter.receive(part)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(30):
            adapter.receive(dice.choice(parts))
        assert tracemalloc.get_traced_memory()[0] - before < 200_000
    finally:
        tracemalloc.stop()
