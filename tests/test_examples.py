"""Every example is a program that runs, ends by itself, and is quoted by the pages."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def test_there_are_examples():
    assert {path.stem for path in EXAMPLES} >= {
        "twenty_lines",
        "custom_role",
        "custom_transport",
        "crew_of_five",
        "simulated_test",
    }


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs(path, tmp_path):
    answer = subprocess.run(
        [sys.executable, "-W", "error", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stdout, "an example that prints nothing shows nothing"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_quoted(path):
    pages = [*ROOT.glob("docs/**/*.md"), ROOT / "README.md"]
    assert any(path.name in page.read_text("utf-8") for page in pages), f"no page shows {path.name}"
