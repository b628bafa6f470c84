"""What the pages say is so: quoted code is the code, links lead somewhere, names exist."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def ids(path):
    return path.relative_to(ROOT).as_posix()


def test_the_readme_quotes_the_examples_as_they_are():
    text = (ROOT / "README.md").read_text("utf-8")
    quotes = re.findall(r'```python title="([^"]+)"\n(.*?)\n```', text, re.DOTALL)
    assert [name for name, _ in quotes] == ["examples/twenty_lines.py", "examples/simulated_test.py"]
    for name, code in quotes:
        assert code == (ROOT / name).read_text("utf-8").rstrip(), f"the README's copy of {name} is old"


def test_the_first_program_is_twenty_lines_long():
    lines = (ROOT / "examples/twenty_lines.py").read_text("utf-8").splitlines()
    code = [
        line
        for line in lines
        if line.strip() and not line.strip().startswith(('"""', "#", "import ", "from "))
    ]
    assert len(code) <= 20


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{ids(page)} links to {target}, which is not there"


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_names_in_pages_exist(page):
    for dotted in set(re.findall(r"`(wingmate(?:\.[A-Za-z_]\w*)+)", page.read_text("utf-8"))):
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            try:
                thing = importlib.import_module(".".join(parts[:length]))
            except ImportError:
                continue
            for name in parts[length:]:
                assert hasattr(thing, name), f"{ids(page)} names {dotted}, which is not there"
                thing = getattr(thing, name)
            break


def test_the_make_targets_named_in_the_readme_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"`?make (\w+)", (ROOT / "README.md").read_text("utf-8"))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"there is no `make {target}`"
