"""The command line when the world is against it: every trouble is a sentence, and books are kept."""

import io
import json
import logging
import socket
import subprocess
import sys

import anyio
import pytest

from wingmate import Fact, Secret, SqliteStore, State, Status
from wingmate.cli import main
from wingmate.cli._ledger import Ledger
from wingmate.cli._main import Blotting
from wingmate.cli._play import conclude
from wingmate.cli._views import open_view

RUN = [sys.executable, "-m", "wingmate"]


def crew_file(folder, port, extra=""):
    path = folder / "crew.toml"
    path.write_text(
        f'[crew]\nstate = "{folder}/state"\n[link]\nhost = "127.0.0.1"\nport = {port}\n'
        f'[bots.ann]\nrole = "scout"\npassword = "env:ANN_PASSWORD"\n{extra}'
    )
    return path


@pytest.fixture
def no_play(monkeypatch):
    """A crew that must not begin to play."""

    def fail(*_args, **_options):
        raise AssertionError("the crew began to play")

    monkeypatch.setattr(anyio, "run", fail)


@pytest.mark.parametrize("where", ["nowhere/report.json", "."])
def test_a_report_that_cannot_be_written_is_told_at_the_start(tmp_path, capsys, no_play, where):
    argv = ["demo", "--plain", "--state", str(tmp_path / "state"), "--report", str(tmp_path / where)]
    assert main(argv) == 2
    assert "choose another --report" in capsys.readouterr().err
    assert main(["run", str(crew_file(tmp_path, 9)), "--report", str(tmp_path / where)]) == 2
    assert "choose another --report" in capsys.readouterr().err


@pytest.mark.parametrize("damaged", ["knowledge.sqlite", "universe.sqlite"])
def test_a_damaged_file_is_a_sentence(tmp_path, capsys, damaged):
    (tmp_path / damaged).write_text("this is no database, and long enough to be one" * 100)
    assert main(["demo", "--plain", "--seconds", "1", "--state", str(tmp_path)]) == 1
    err = capsys.readouterr().err
    assert damaged in err
    assert "move it away" in err
    assert "Traceback" not in err


def test_passwords_that_cannot_be_kept_are_a_sentence(tmp_path, capsys):
    (tmp_path / "passwords").touch()
    assert main(["demo", "--plain", "--seconds", "1", "--state", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert "passwords cannot be kept" in err
    assert "Traceback" not in err


def test_a_port_in_use_names_the_cure(tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["universe", "--port", str(port), "--state", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert "choose another with --host and --port" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "options",
    [["--port", "70000"], ["--port", "-1"], ["--sectors", "5"], ["--nodes", "0"], ["--turns", "-4"]],
)
def test_an_impossible_universe_is_a_sentence(tmp_path, capsys, options):
    assert main(["universe", *options, "--state", str(tmp_path)]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_universe_in_use_names_the_cure(tmp_path, capsys):
    serving = [*RUN, "universe", "--port", "0", "--state", str(tmp_path)]
    with subprocess.Popen(serving, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout.readline().startswith("telnet")
        assert main(["universe", "--port", "0", "--state", str(tmp_path)]) == 1
        first.terminate()
    assert "another wingmate has it open" in capsys.readouterr().err


def test_a_reader_that_leaves_ends_the_crew_without_a_traceback(tmp_path):
    command = [*RUN, "demo", "--fast", "--plain", "--seconds", "20", "--state", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(15) == 1
        assert process.stderr.read() == ""


def test_an_impatient_third_signal_spoils_no_books(tmp_path):
    report = tmp_path / "report.json"
    command = [*RUN, "demo", "--fast", "--plain", "--state", str(tmp_path), "--report", str(report)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if " eve " in line and "running" in line:
                break
        for _ in range(3):
            process.terminate()
            for line in process.stdout:
                if "leav" in line or "stopped" in line:
                    break
        process.stdout.read()
        process.wait(20)
    assert len(json.loads(report.read_text())["bots"]) == 5


def test_a_run_that_broke_off_keeps_its_report(tmp_path, monkeypatch, capsys):
    async def break_off(_run, _view, ledger, _orders):
        ledger.note(Status(name="ann", role="Scout", state=State.RUNNING))
        raise OSError("the disk is full")

    monkeypatch.setattr("wingmate.cli._run.play", break_off)
    report = tmp_path / "report.json"
    assert main(["run", str(crew_file(tmp_path, 9)), "--plain", "--report", str(report)]) == 1
    assert "the disk is full" in capsys.readouterr().err
    assert [bot["name"] for bot in json.loads(report.read_text())["bots"]] == ["ann"]


def test_the_report_is_written_before_anything_is_printed(tmp_path, monkeypatch):
    def broken(*_args, **_options):
        raise BrokenPipeError

    ledger = Ledger()
    monkeypatch.setattr("builtins.print", broken)
    with pytest.raises(BrokenPipeError):
        conclude(ledger, tmp_path / "report.json", done=True)
    assert json.loads((tmp_path / "report.json").read_text())["bots"] == []


def test_secrets_are_kept_out_of_log_lines_and_tracebacks(capsys, monkeypatch):
    Secret("text:hunter22secret").reveal()
    try:
        raise LookupError("hunter22secret")
    except LookupError:
        record = logging.LogRecord("x", logging.INFO, "f", 1, "said %s", ("hunter22secret",), sys.exc_info())
    line = Blotting("%(message)s").format(record)
    assert "hunter22secret" not in line
    assert "said ********" in line

    def broken(_given):
        raise RuntimeError("hunter22secret")

    monkeypatch.setattr("wingmate.cli._map.known_folder", broken)
    assert main(["map"]) == 1
    err = capsys.readouterr().err
    assert "hunter22secret" not in err
    assert "RuntimeError: ********" in err


def test_a_home_that_is_not_there_is_a_sentence(capsys):
    assert main(["demo", "--state", "~nosuchuser/state"]) == 2
    assert main(["map", "--state", "~nosuchuser/state"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_letters_that_the_output_lacks_end_nothing(tmp_path, monkeypatch):
    anyio.run(save_sector, tmp_path)
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", narrow)
    monkeypatch.setattr("wingmate.cli._map.draw_text", lambda *_: "1 · 2")
    assert main(["map", "--state", str(tmp_path)]) == 0
    narrow.flush()
    assert narrow.buffer.getvalue().split() == [b"1", b"?", b"2"]


async def save_sector(folder):
    async with SqliteStore(folder / "knowledge.sqlite") as store:
        await store.learn(Fact("sector/1", {"warps": [2]}, 1.0, "ann"))


def test_a_closed_output_is_no_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    with open_view(plain=False) as view:
        view.tell("crew", "nobody hears this")
