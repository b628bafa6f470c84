import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import evolve

from wingmate.errors import KnowledgeError
from wingmate.tw2002.universe import engine
from wingmate.tw2002.universe._save import SCHEMA, SaveFile, restore, save
from wingmate.tw2002.universe.engine import Settings, combat, roster, travel

NOW = 1_795_253_736.0


@pytest.fixture
def world():
    return engine.big_bang(Settings(seed=7), date=NOW)


def join(world, name):
    me = roster.create(world, login=name, password="pw", name=name, ship_name="Boat", planet_name="Rock")
    roster.enter(world, me)
    return me


def test_what_is_saved_comes_back_and_goes_on_alike(world, tmp_path):
    path = tmp_path / "deep" / "universe.db"
    assert restore(path) is None
    me = join(world, "Ann")
    save(world, path)
    again = restore(path)
    assert engine.digest(again) == engine.digest(world)
    assert again.settings == world.settings
    assert not again.present
    same = again.players[me.number]
    assert roster.authenticate(same, "pw")
    for each, player in ((world, me), (again, same)):
        if player.number not in each.present:
            roster.enter(each, player)
            player.last_on = me.last_on
        travel.move(each, player, each.galaxy.warps[player.sector][0])
        engine.advance(each, NOW + 60)
        for _ in range(5):
            engine.advance(each, each.date + 30)
    assert engine.digest(again) == engine.digest(world)


def test_only_what_changed_is_written(world):
    assert len(engine.pack(world).rows) > 5
    assert not engine.pack(world)
    engine.advance(world, NOW + 0.001)
    changes = engine.pack(world)
    assert changes.trivial
    me = join(world, "Ann")
    engine.pack(world)
    me.credits += 5
    assert set(engine.pack(world).rows) == {("player", me.number)}


def test_what_is_gone_is_gone_after_restoring(world, tmp_path):
    file = SaveFile(tmp_path / "u.db")
    me = join(world, "Ann")
    combat.deploy(world, me, 5)
    file.write(engine.pack(world))
    combat.deploy(world, me, 0)
    changes = engine.pack(world)
    assert changes.rows["force", me.sector] is None
    file.write(changes)
    again = file.read()
    file.close()
    assert not again.forces
    assert engine.digest(again) == engine.digest(world)


def test_a_write_that_failed_is_made_up_for_by_the_next(world, tmp_path):
    me = join(world, "Ann")
    lost = engine.pack(world)
    me.credits += 77
    file = SaveFile(tmp_path / "u.db")
    file.write(lost.then(engine.pack(world)))
    assert file.read().players[me.number].credits == 1_077
    file.close()


def test_settings_may_change_between_runs(world, tmp_path):
    save(world, tmp_path / "u.db")
    again = restore(tmp_path / "u.db")
    again.settings = evolve(again.settings, turn_base=5_000)
    save(again, tmp_path / "u.db")
    assert restore(tmp_path / "u.db").settings.turn_base == 5_000


def test_a_save_from_a_newer_version_is_refused(world, tmp_path):
    path = tmp_path / "u.db"
    save(world, path)
    with sqlite3.connect(path) as link:
        link.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    link.close()
    with pytest.raises(KnowledgeError, match="newer version"):
        restore(path)


def test_other_files_are_refused(world, tmp_path):
    text = tmp_path / "text.db"
    text.write_text("not a database at all, but long enough to be looked at" * 20)
    with pytest.raises(KnowledgeError, match=r"text\.db"):
        restore(text)
    other = tmp_path / "other.db"
    link = sqlite3.connect(other)
    link.execute("CREATE TABLE cakes (x)")
    link.close()
    with pytest.raises(KnowledgeError, match="not a saved universe"):
        save(world, other)
    with pytest.raises(KnowledgeError):
        restore(text / "below")


@pytest.mark.parametrize(
    "damage",
    ["DELETE FROM record WHERE kind = 'galaxy'", "UPDATE record SET body = '{'", "UPDATE record SET kind = 'cake' WHERE kind = 'galaxy'",
     "DELETE FROM record WHERE kind = 'chronicle'", "UPDATE record SET body = '{}' WHERE kind = 'player'"],
)  # fmt: skip
def test_damage_is_told(world, tmp_path, damage):
    path = tmp_path / "u.db"
    join(world, "Ann")
    save(world, path)
    with sqlite3.connect(path) as link:
        link.execute(damage)
    link.close()
    with pytest.raises(KnowledgeError, match="damaged"):
        restore(path)


def test_two_servers_cannot_share_a_file(world, tmp_path):
    first, second = SaveFile(tmp_path / "u.db"), SaveFile(tmp_path / "u.db")
    first.write(engine.pack(world))
    with pytest.raises(KnowledgeError, match="locked"):
        second.read()
    first.close()
    assert second.read()
    second.close()


def test_a_large_universe_is_saved_and_restored_quickly(tmp_path):
    world = engine.big_bang(Settings(sectors=20_000, seed=1), date=NOW)
    me = join(world, "Ann")
    me.explored = (1 << 20_001) - 2
    save(world, tmp_path / "u.db")
    again = restore(tmp_path / "u.db")
    assert again.galaxy.warps == world.galaxy.warps
    assert again.players[1].explored == me.explored
    assert again.galaxy.ports == world.galaxy.ports


STORY = """
import sys
from wingmate.tw2002.universe import engine
from wingmate.tw2002.universe._save import SaveFile
file = SaveFile(sys.argv[1])
world = file.read() or engine.big_bang(engine.Settings(seed=3), date=1.8e9)
while True:
    engine.advance(world, world.date + 1)
    world.note(str(len(world.chronicle.log)))
    file.write(engine.pack(world))
    print(world.date, flush=True)
"""


@pytest.mark.parametrize("lines", [4, pytest.param(60, marks=pytest.mark.slow)])
def test_a_killed_process_leaves_a_good_file(tmp_path, lines):
    path, saved = tmp_path / "u.db", 0.0
    environment = {**os.environ, "PYTHONPATH": str(Path(engine.__file__).parents[4])}
    command = [sys.executable, "-c", STORY, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as child:
        for _ in range(lines):
            saved = float(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
    world = restore(path)
    assert world.date >= saved
    assert engine.digest(world)
