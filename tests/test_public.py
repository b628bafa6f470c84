"""One import path per public name, and importing does nothing."""

import importlib
import itertools
import json
import pkgutil
import subprocess
import sys
from types import ModuleType

import pytest

import wingmate

PUBLIC = sorted(
    {"wingmate"}
    | {
        module.name
        for module in pkgutil.walk_packages(wingmate.__path__, "wingmate.")
        if not any(part.startswith("_") for part in module.name.split("."))
    }
)


@pytest.mark.parametrize("name", PUBLIC)
def test_public_modules_say_what_they_offer(name):
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} has no docstring"
    offered = getattr(module, "__all__", None)
    if offered is None:
        return
    assert isinstance(offered, tuple), f"{name}.__all__ is a tuple, so that nobody adds to it"
    assert len(set(offered)) == len(offered)
    for word in offered:
        assert hasattr(module, word), f"{name} offers {word}, which is not there"


@pytest.mark.parametrize("name", PUBLIC)
def test_packages_offer_all_that_they_import(name):
    module = importlib.import_module(name)
    offered = getattr(module, "__all__", None)
    if offered is None or not hasattr(module, "__path__"):
        return
    held = {
        word
        for word, thing in vars(module).items()
        if not word.startswith("_")
        and not isinstance(thing, ModuleType)
        and word != "annotations"
        and getattr(thing, "__module__", "").startswith("wingmate")
    }
    assert held <= set(offered), f"{name} holds {sorted(held - set(offered))} without offering it"


def test_each_public_name_has_one_door():
    doors = {}
    for name in PUBLIC:
        for word in getattr(importlib.import_module(name), "__all__", ()):
            thing = getattr(importlib.import_module(name), word)
            if getattr(thing, "__module__", "").startswith("wingmate"):
                doors.setdefault(id(thing), []).append(f"{name}.{word}")
    for paths in doors.values():
        # A package may offer, on purpose, what its rooms offer: one door, and the lobby before it.
        rooms = [path.rpartition(".")[0] for path in sorted(paths, key=len)]
        for lobby, below in itertools.pairwise(rooms):
            assert below.startswith(lobby + "."), f"one thing, several doors: {paths}"


def test_importing_brings_no_extra_and_does_nothing():
    script = (
        "import sys, json, threading, logging\n"
        "import wingmate, wingmate.tw2002, wingmate.transports, wingmate.testing, wingmate.cli\n"
        "print(json.dumps([sorted(sys.modules), threading.active_count(), len(logging.root.handlers)]))"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    modules, threads, handlers = json.loads(answer.stdout)
    roots = {name.partition(".")[0] for name in modules}
    assert not roots & {"telnetlib3", "rich", "platformdirs", "hypothesis", "trio", "pytest"}
    assert (threads, handlers) == (1, 0)
