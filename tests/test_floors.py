"""House rules a linter cannot check: which way imports go, who may import what, and how long things are."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import wingmate

SRC = Path(wingmate.__file__).parent
FLOORS = (
    {"errors", "_facts", "_status", "_clock", "_secrets", "_inbox"},
    {"abc"},
    {"_bot", "_claims", "_recipes", "transports", "screens", "channels", "stores"},
    {"supervisors"},
    {"_swarm", "testing", "chat"},
    {"tw2002", "village", "party", "soak"},
    {"_config", "cli", "surfaces", "__main__"},
)
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
# Siblings on one floor do not know each other, but for these: a status holds JSON, a secret that is
# not there is an error, a recipe describes specifications, the command line reads configurations,
# strategies are made from what chat declares.
NEIGHBOURS = {
    ("_status", "_facts"),
    ("_secrets", "errors"),
    ("_recipes", "_bot"),
    ("cli", "_config"),
    ("__main__", "cli"),
    ("testing", "chat"),
}
# Where a third party, or a part of the standard library with a rule about it, may be imported.
ONLY_IN = {
    "asyncio": ("testing/_simulate.py", "transports/_fast.py"),
    "telnetlib3": ("transports/",),
    "hypothesis": ("testing/",),
    "trio": ("testing/",),
    "rich": ("cli/",),
    "platformdirs": ("cli/",),
    "sqlite3": ("stores/", "tw2002/universe/"),
}
# Extras are imported inside the function that needs them, so that importing wingmate does not.
EXTRAS = {"hypothesis", "trio", "rich", "platformdirs", "telnetlib3"}
BANNED = {
    "time.time": "wingmate.now()",
    "time.monotonic": "anyio.current_time()",
    "datetime.now": "wingmate.now()",
    "random.random": "bot.random",
    "random.choice": "bot.random",
    "random.randint": "bot.random",
    "asyncio.sleep": "anyio.sleep",
    "asyncio.create_task": "a task group",
    "os._exit": "an error",
}
FILES = sorted(SRC.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


def room(path: Path) -> str:
    return path.relative_to(SRC).parts[0].removesuffix(".py")


def runtime_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Everything that runs: what only type checkers read may look up."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        stack.extend(ast.iter_child_nodes(node))


def target_rooms(path: Path, node: ast.ImportFrom) -> set[str]:
    """The rooms a relative import reaches into."""
    folder = path.parent
    for _ in range(node.level - 1):
        folder = folder.parent
    inside = (folder / (node.module or "").replace(".", "/")).relative_to(SRC)
    if inside.parts:
        return {inside.parts[0]}
    return {alias.name for alias in node.names}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_go_down(path):
    here = room(path)
    if here == "__init__":
        return
    assert here in FLOOR, f"{here} has no floor: give it one in FLOORS"
    for node in runtime_nodes(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        for there in target_rooms(path, node) - {here}:
            if there not in FLOOR:
                continue  # a package's own root re-export, such as a version
            allowed = FLOOR[there] < FLOOR[here] or (here, there) in NEIGHBOURS
            assert allowed, f"{name_of(path)}:{node.lineno} imports {there}, which is not below {here}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_outsiders_have_one_door(path):
    tree = ast.parse(path.read_text("utf-8"))
    for node in runtime_nodes(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for outsider in {name.partition(".")[0] for name in names} & set(ONLY_IN):
            doors = ONLY_IN[outsider]
            assert name_of(path).startswith(doors), f"{name_of(path)}:{node.lineno} imports {outsider}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_extras_are_imported_where_they_are_used(path):
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            names = {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = {(node.module or "").partition(".")[0]}
        else:
            continue
        assert not names & EXTRAS, f"{name_of(path)}:{node.lineno} imports {names & EXTRAS} for everybody"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_banned_names_stay_out(path):
    if name_of(path) == "_clock.py":
        return  # the one source of dates
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and (name := ast.unparse(node)) in BANNED:
            pytest.fail(f"{name_of(path)}:{node.lineno} uses {name}; use {BANNED[name]}")


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_fits_a_sitting_and_a_function_a_screen(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 400, f"{name_of(path)} is longer than 400 lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 40, f"{name_of(path)}:{node.lineno} {node.name} is {length} lines long"


def test_nothing_outside_the_package_is_referred_to():
    root = Path(__file__).parents[1]
    suspects = [*FILES, *root.glob("docs/**/*.md"), *root.glob("examples/*.py"), *root.glob("*.md")]
    assert suspects
    for path in suspects:
        text = path.read_text("utf-8")
        for word in ("../shared", "/work/"):
            assert word not in text, f"{path} mentions {word}"
