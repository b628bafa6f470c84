"""The picture of the world from above, and the command that lets a village live."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from wingmate.village import LEGEND, Settings, Spot, draw
from wingmate.village.world import create, join

RUN = [sys.executable, "-W", "error", "-m", "wingmate", "village", "--fast", "--plain"]


def test_the_picture_shows_land_people_and_what_was_built():
    world = create(Settings(seed=3, size=48))
    join(world, "ann", 0.0)
    here = world.spawn
    for kind, x, letter in (("chest", 2, "C"), ("table", 3, "#"), ("sign", 4, "!"), ("farmland", 5, "=")):
        top = world.top(here.x + x, here.z)
        world.put(Spot(here.x + x, top + (kind != "farmland"), here.z), kind)
        if kind == "farmland":
            world.put(Spot(here.x + x, top + 1, here.z), "air")
        row = draw(world, here, 20, 10)[5]
        assert row[10 + x] == letter
    assert draw(world, here, 20, 10)[5][10] == "@"
    picture = draw(world, here, 60, 60)
    assert {len(row) for row in picture} == {60}
    assert picture[0].strip() == "", "beyond the end of the world there is nothing"
    assert {"T", "t", ",", "."} <= set("".join(picture))
    assert set("".join(picture)) <= set(LEGEND) | set("ti.:ox+ ")


def test_wheat_is_shown_as_it_ripens():
    world = create(Settings(seed=3, size=48))
    spot = Spot(world.spawn.x, world.top(world.spawn.x, world.spawn.z) + 1, world.spawn.z)
    world.put(spot, "wheat")
    world.planted[spot] = 0.0
    assert draw(world, spot, 1, 1) == ["w"]
    world.date = world.settings.ripening
    assert draw(world, spot, 1, 1) == ["W"]


def test_a_village_lives_for_some_seconds():
    answer = subprocess.run(
        [*RUN, "--seconds", "1.5", "--seed", "2"], capture_output=True, text=True, timeout=60, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stderr == ""
    for name in ("Emma_Farmer", "Noah_Lumberjack", "Lena_Landscaper"):
        assert (
            f"\n{name:<16} | says [VILLAGE] center" in answer.stdout
            or f"{name:<16} | enters" in answer.stdout
        )
        assert f"{name:<16} | leaves the world" in answer.stdout
    assert re.search(r"days of the world; wheat harvested: \d+, chests: [01], tables: [01]", answer.stdout)


@pytest.mark.slow
def test_ctrl_c_ends_a_village_politely():
    process = subprocess.Popen(RUN, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(4)
    os.kill(process.pid, signal.SIGINT)
    said, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
    assert "Emma_Farmer      | leaves the world" in said
