"""`wingmate run` and `wingmate universe`, as two processes over real TCP and real telnet."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager

RUN = [sys.executable, "-m", "wingmate"]


@contextmanager
def universe(folder):
    """A universe in a process of its own; gives its port."""
    process = subprocess.Popen(
        [*RUN, "universe", "--port", "0", "--fast", "--seed", "5", "--state", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield re.match(r"telnet 127\.0\.0\.1 (\d+)", process.stdout.readline())[1]
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=15)
        assert process.returncode == 0
        assert "saving and closing" in rest
    finally:
        process.kill()
        process.communicate()


def run(folder, port, *options, password="env:TESS_PASSWORD", secret="correct horse"):
    folder.mkdir(exist_ok=True)
    config = folder / "crew.toml"
    config.write_text(
        f"""
        [crew]
        state = "{folder}"
        drain = 8
        [link]
        host = "127.0.0.1"
        port = {port}
        record = true
        [bots.tess]
        role = "scout"
        login = "Tess"
        password = "{password}"
        [bots.hal]
        role = "trader"
        password = "file:{folder}/hal.secret"
        """
    )
    (folder / "hal.secret").write_text("battery staple\n")
    return subprocess.run(
        [*RUN, "run", str(config), "--plain", "--report", str(folder / "report.json"), *options],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"TESS_PASSWORD": secret},
        check=False,
    )


def test_a_crew_of_your_own_plays_a_universe_next_door(tmp_path):
    with universe(tmp_path / "universe") as port:
        first = run(tmp_path / "crew", port, "--seconds", "2")
        assert first.returncode == 0, first.stdout + first.stderr
        report = json.loads((tmp_path / "crew/report.json").read_text())
        assert [(bot["name"], bot["role"]) for bot in report["bots"]] == [
            ("hal", "trader"),
            ("tess", "scout"),
        ]
        assert report["errors"] == []
        assert report["sectors_mapped"] > 5

        # The same trader with another password is refused, told so, and not tried again.
        wrong = run(tmp_path / "crew", port, "--seconds", "2", secret="wrong horse")
        assert wrong.returncode == 1
        assert "gave up" in wrong.stderr
        assert "WrongPassword" in wrong.stdout
        again = json.loads((tmp_path / "crew/report.json").read_text())
        assert again["sectors_known_at_start"] == report["sectors_mapped"]

    recordings = list((tmp_path / "crew/recordings").iterdir())
    assert len(recordings) >= 4
    written = (
        "".join(path.read_text("utf-8") for path in recordings) + first.stdout + wrong.stdout + wrong.stderr
    )
    for secret in ("correct horse", "wrong horse", "battery staple"):
        assert secret not in written


def test_nobody_there_is_told_and_given_up(tmp_path):
    answer = run(tmp_path / "crew", 1, "--seconds", "1")
    assert answer.returncode in {0, 1}
    assert "ConnectFailed" in answer.stdout
    assert "127.0.0.1:1" in answer.stdout
