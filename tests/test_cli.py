"""The command line, as far as it needs no game: files in, files out, mistakes explained."""

import json
import os
import re
import stat
import subprocess
import sys

import anyio
import pytest

from wingmate import Fact, SqliteStore, State, Status
from wingmate.cli import main
from wingmate.cli._ledger import Ledger
from wingmate.cli._state import StateFolder, write_private
from wingmate.cli._views import PlainView, clean, span, sparkline


@pytest.fixture
def state(tmp_path):
    async def fill():
        async with SqliteStore(tmp_path / "knowledge.sqlite") as store:
            for number, warps in ((1, [2, 3]), (2, [1]), (3, [1, 4])):
                await store.learn(Fact(f"sector/{number}", {"warps": warps}, 1.0, "ann"))
            await store.learn(Fact("port/2", {"name": "Grav", "class": 7, "code": "SSS"}, 1.0, "ann"))

    anyio.run(fill)
    return tmp_path


def test_knowledge_goes_out_and_in_again(state, tmp_path, capsys):
    lines = tmp_path / "facts.jsonl"
    assert main(["knowledge", "export", "--state", str(state), "--output", str(lines)]) == 0
    assert {json.loads(line)["key"] for line in lines.read_text().splitlines()} == {
        "sector/1",
        "sector/2",
        "sector/3",
        "port/2",
    }
    other = tmp_path / "other"
    assert main(["knowledge", "import", str(lines), "--state", str(other)]) == 0
    assert main(["knowledge", "import", str(lines), "--state", str(other)]) == 0
    said = capsys.readouterr().err
    assert "4 facts were news" in said
    assert "0 facts were news" in said
    assert main(["knowledge", "export", "--state", str(other), "--prefix", "port/"]) == 0
    assert json.loads(capsys.readouterr().out)["value"]["name"] == "Grav"


def test_a_bad_line_imports_nothing_and_is_named(state, tmp_path, capsys):
    lines = tmp_path / "facts.jsonl"
    main(["knowledge", "export", "--state", str(state), "--output", str(lines)])
    lines.write_text(lines.read_text() + "this is not JSON\n")
    other = tmp_path / "other"
    assert main(["knowledge", "import", str(lines), "--state", str(other)]) == 1
    assert "line 5" in capsys.readouterr().err
    main(["knowledge", "export", "--state", str(other)])
    assert capsys.readouterr().out == ""


def test_the_map_is_printed_and_drawn(state, tmp_path, capsys):
    assert main(["map", "--state", str(state)]) == 0
    assert "Grav" in capsys.readouterr().out
    drawing = tmp_path / "map.svg"
    assert main(["map", "--state", str(state), "--svg", str(drawing), "--centre", "1"]) == 0
    assert drawing.read_text().startswith("<svg")
    assert main(["map", "--state", str(state), "--centre", "99"]) == 2
    assert "sector 99 is not on the map" in capsys.readouterr().err


def test_a_folder_without_a_map_says_what_to_do(tmp_path, capsys):
    assert main(["map", "--state", str(tmp_path)]) == 2
    assert "run a crew first" in capsys.readouterr().err


def test_a_wrong_configuration_is_exit_status_two(tmp_path, capsys):
    path = tmp_path / "crew.toml"
    path.write_text('[link]\nhost = "h"\nprot = 1\n[bots.ann]\nrole = "scout"\n')
    assert main(["run", str(path)]) == 2
    assert "did you mean 'port'" in capsys.readouterr().err


def test_a_right_configuration_can_be_checked_without_playing(tmp_path, capsys):
    path = tmp_path / "crew.toml"
    path.write_text('[link]\nhost = "h"\nport = 1\n[bots.ann]\nrole = "scout"\npassword = "env:X"\n')
    assert main(["run", str(path), "--check"]) == 0
    assert "1 bots: ann" in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv",
    [
        ["demo", "--seconds", "0"],
        ["demo", "--seconds", "inf"],
        ["demo", "--bots", "0"],
        ["village", "--bots", "101"],
        ["village", "--seconds", "0"],
        ["dance"],
        [],
        ["map", "-x"],
    ],
)
def test_misuse_is_exit_status_two(argv, capsys):
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_every_command_explains_itself(capsys):
    for command in ("demo", "run", "universe", "village", "map", "knowledge"):
        with pytest.raises(SystemExit) as caught:
            main([command, "--help"])
        assert caught.value.code == 0
        assert len(capsys.readouterr().out) > 100


def test_the_module_is_the_command():
    answer = subprocess.run(
        [sys.executable, "-m", "wingmate", "--version"], capture_output=True, text=True, check=True
    )
    assert answer.stdout.startswith("wingmate 0.")


def test_output_cut_short_is_no_traceback(state):
    lines = " ".join([sys.executable, "-m", "wingmate", "knowledge", "export", "--state", str(state)])
    answer = subprocess.run(
        ["/bin/sh", "-c", f"{lines} | true"], capture_output=True, text=True, env={**os.environ}, check=False
    )
    assert "Traceback" not in answer.stderr


def test_private_files_are_private_and_written_once(tmp_path):
    files = StateFolder(tmp_path).password_files(["ann", "bob"])
    first = {name: path.read_text() for name, path in files.items()}
    assert len(set(first.values())) == 2
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files.values())
    assert {
        n: p.read_text() for n, p in StateFolder(tmp_path).password_files(["ann", "bob"]).items()
    } == first
    write_private(files["ann"], "other")
    assert files["ann"].read_text() == first["ann"]


def status(name="ann", **changes):
    return Status(name=name, role="Trader", state=changes.pop("state", State.RUNNING), **changes)


def test_the_books_count_what_was_gained_since_the_first_look():
    ledger = Ledger()
    ledger.note(status(figures={"credits": 1000}))
    ledger.note(status(figures={"credits": 1500, "bank": 700}, incarnation=2))
    ledger.note(status("bob", figures={"earned": 42, "credits": 5, "turns_used": 9}, turns=300))
    report = ledger.report()
    ann, bob = report["bots"]
    assert (ann["credits_gained"], ann["restarts"]) == (1200, 1)
    assert (bob["credits_gained"], bob["turns"]) == (42, 9)
    assert (report["banked"], report["net_worth"]) == (700, 2205)
    assert json.loads(json.dumps(report)) == report


def test_what_begins_anew_with_each_life_is_added_up():
    ledger = Ledger()
    for incarnation, earned in ((1, 10), (1, 50), (2, 50), (2, 0), (2, 30), (3, 30), (3, 5)):
        ledger.note(status(incarnation=incarnation, figures={"earned": earned}))
    (bot,) = ledger.report()["bots"]
    assert (bot["credits_gained"], bot["restarts"]) == (85, 2)


def test_the_books_tell_each_error_once():
    ledger = Ledger()
    assert "Disconnected: gone" in ledger.note(status(last_error="Disconnected: gone"))
    assert "Disconnected: gone" not in ledger.note(status(last_error="Disconnected: gone"))
    ledger.note(status(state=State.FAILED, last_error="Stalled: stuck"))
    assert ledger.errors == ["ann: Disconnected: gone", "ann: Stalled: stuck"]
    assert ledger.failed == ["ann"]


def test_what_others_wrote_cannot_command_the_terminal():
    assert clean("hi \x1b[2J\x07there\x9b") == "hi [2Jthere"


def test_small_words():
    assert [span(5), span(65), span(3661)] == ["0:05", "1:05", "1:01:01"]
    assert sparkline([]) == ""
    assert sparkline([1, 1]) == "▁▁"
    assert sparkline([0, 7]) == "▁█"
    assert len(sparkline(list(range(600)))) <= 40


def test_plain_lines_carry_a_time_and_a_name_and_a_status_comes_every_half_minute(capsys):
    view, ledger = PlainView(), Ledger()
    ledger.note(status(where="5", doing="digging", figures={"credits": 1000}))
    for elapsed in range(0, 100, 5):
        view.refresh(ledger, float(elapsed))
    lines = capsys.readouterr().out.splitlines()
    assert [re.sub(r"^\d\d:\d\d:\d\d ", "", line).split()[0] for line in lines] == ["crew", "ann"] * 3
    assert "net worth 1,000" in lines[0]
    assert "sector 5, 1,000 credits, digging" in lines[1]
