"""The demo, as a user runs it: a process, real TCP, real telnet, and a state folder that lasts."""

import json
import os
import signal
import subprocess
import sys

import pytest

RUN = [sys.executable, "-m", "wingmate"]


def demo(state, *options, seconds):
    report = state / "report.json"
    answer = subprocess.run(
        [
            *(*RUN, "demo", "--fast", "--plain", "--seed", "7", "--seconds", str(seconds)),
            *("--state", str(state), "--report", str(report), *options),
        ],
        capture_output=True,
        text=True,
        timeout=seconds + 60,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout[-4000:] + answer.stderr
    return json.loads(report.read_text()), answer.stdout


def test_a_short_demo_plays_and_the_map_stays(tmp_path):
    first, said = demo(tmp_path, seconds=3)
    assert [(bot["name"], bot["role"]) for bot in first["bots"]] == [
        ("ann", "trader"),
        ("bob", "trader"),
        ("cat", "scout"),
        ("dan", "banker"),
        ("eve", "defender"),
    ]
    assert first["errors"] == []
    assert first["sectors_known_at_start"] == 0
    assert first["sectors_mapped"] > 10
    for name in ("ann", "bob", "cat", "dan", "eve", "crew"):
        assert f" {name} " in said
    second, _ = demo(tmp_path, seconds=1)
    assert second["sectors_known_at_start"] == first["sectors_mapped"]
    assert second["sectors_mapped"] >= first["sectors_mapped"]
    passwords = [path.read_text().strip() for path in (tmp_path / "passwords").iterdir()]
    assert len(passwords) == 5
    for password in passwords:
        assert password not in said


@pytest.mark.slow
def test_the_demo_shows_what_it_promises(tmp_path):
    first, _ = demo(tmp_path, seconds=20)
    assert first["sectors_mapped"] >= 150
    for bot in first["bots"]:
        if bot["role"] == "trader":
            assert bot["credits_gained"] > 0
        assert bot["turns"] > 0
    assert first["banked"] > 0
    assert first["errors"] == []
    second, _ = demo(tmp_path, seconds=5)
    assert second["sectors_known_at_start"] == first["sectors_mapped"]
    assert second["banked"] > 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_leaves_the_game_properly(tmp_path, how):
    process = subprocess.Popen(
        [*RUN, "demo", "--fast", "--plain", "--seed", "7", "--state", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        for line in process.stdout:
            if " eve " in line and "running" in line:
                break
        process.send_signal(how)
        rest = process.stdout.read()
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.communicate()
    assert "finishing the present cycles" in rest
    assert rest.count(" stopped (stopped by order)") == 5


def test_two_signals_leave_at_once(tmp_path):
    process = subprocess.Popen(
        [*RUN, "demo", "--plain", "--seed", "7", "--state", str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        for line in process.stdout:
            if " ann " in line and "running" in line:
                break
        process.send_signal(signal.SIGINT)
        for line in process.stdout:
            if "once more leaves at once" in line:
                break
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(timeout=15) == 0
    finally:
        process.kill()
        process.communicate()
    assert "Traceback" not in rest
