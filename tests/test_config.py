"""crew.toml: what is right becomes specifications, what is wrong is named with line, key and cure."""

import json
import pickle
from pathlib import Path

import pytest

from wingmate import Secret, build, describe
from wingmate._config import load_crew
from wingmate.errors import ConfigError
from wingmate.transports import Program, Tcp, Telnet
from wingmate.tw2002 import TradeWars
from wingmate.tw2002.roles import Scout, Trader

GOOD = """\
[crew]
state = "~/crew"
seed = 7
stagger = 1.5
stall = 90

[link]
host = "game.example"
port = 2002

[game]
letter = "B"
pace = 0.5

[bots.ann]
role = "trader"
password = "env:ANN_PASSWORD"

[bots.bob]
role = "scout"
login = "Bob The Bold"
password = "file:/run/secrets/bob"
stall = 30
goal = { region = 5 }
"""


@pytest.fixture
def load(tmp_path):
    def read(text):
        path = tmp_path / "crew.toml"
        path.write_text(text, "utf-8")
        return load_crew(path)

    return read


def test_a_crew_is_read(load):
    crew = load(GOOD)
    assert (crew.seed, crew.stagger, crew.state) == (7, 1.5, Path("~/crew").expanduser())
    ann, bob = crew.specs["ann"], crew.specs["bob"]
    assert isinstance(ann.role, Trader)
    assert isinstance(bob.role, Scout)
    assert ann.adapter is TradeWars
    assert ann.transport == Telnet(Tcp("game.example", 2002))
    assert (ann.stall, bob.stall, bob.goal) == (90, 30, {"region": 5})
    assert (ann.role.account.name, bob.role.account.name) == ("ann", "Bob The Bold")
    assert ann.role.account.password == Secret("env:ANN_PASSWORD")
    assert ann.role.account.game == "B"
    assert ann.role.pace == 0.5


def test_what_was_read_travels(load):
    for spec in load(GOOD).specs.values():
        assert build(json.loads(json.dumps(describe(spec)))) == spec
        assert pickle.loads(pickle.dumps(spec)) == spec


def test_any_transport_and_any_role_can_be_named(load):
    crew = load(
        """
        [link]
        use = "wingmate.transports:Program"
        command = ["cat"]
        [bots.ann]
        role = "wingmate.tw2002.roles:Scout"
        password = "env:X"
        """
    )
    assert crew.specs["ann"].transport == Program(("cat",))
    assert isinstance(crew.specs["ann"].role, Scout)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("port = 2002", "prot = 2002", 9, "link.prot: there is no such setting; did you mean 'port'?"),
        ("port = 2002", 'port = "2002"', 9, "link.port: must be a whole number, not '2002'"),
        ("port = 2002", "port = true", 9, "must be a whole number, not True"),
        ("port = 2002", "port = 99999", 9, "between 1 and 65535"),
        ('host = "game.example"\n', "", 7, "host is missing"),
        ('role = "trader"', 'role = "tarder"', 16, "no role 'tarder'; did you mean 'trader'?"),
        ('role = "trader"', 'role = "wingmate.tw2002.roles:Tarder"', 16, "has no 'Tarder'"),
        ('role = "trader"\n', "", 15, "role is missing"),
        ('password = "env:ANN_PASSWORD"', 'password = "hunter2"', 17, "env:NAME"),
        ('password = "env:ANN_PASSWORD"', 'password = "text:hunter2"', 17, "holds no secrets"),
        ('password = "env:ANN_PASSWORD"\n', "", 15, "password is missing"),
        ("seed = 7", "seed = 7.5", 3, "crew.seed: must be a whole number"),
        ("stagger = 1.5", 'stagger = "slow"', 4, "must be a number"),
        ("[crew]", "[crwe]", 1, "crwe: there is no such setting; did you mean 'crew'?"),
        ("[bots.ann]", '[bots."two words"]', 15, "a bot's name"),
        ("stall = 30", "stall = 0", 19, "stall"),
    ],
)
def test_a_mistake_is_named_with_its_line(load, old, new, line, words):
    assert old in GOOD
    with pytest.raises(ConfigError) as caught:
        load(GOOD.replace(old, new))
    message = str(caught.value)
    assert f"crew.toml:{line}: " in message
    assert words in message
    assert "hunter2" not in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[crew", "not TOML"),
        ("", "there are no bots"),
        ('[bots.ann]\nrole = "scout"\n', "say where the game is"),
        ("bots = 5", "must be a table"),
        ('[link]\nhost="h"\nport=1\n[bots]\nann = 5', "a bot is a table"),
        ('[link]\nuse = "wingmate.transports:Nowhere"\n[bots.ann]\nrole = "scout"', "has no 'Nowhere'"),
    ],
)
def test_a_broken_file_is_explained(load, text, words):
    with pytest.raises(ConfigError, match=words):
        load(text)


def test_role_settings_are_checked(load):
    with pytest.raises(
        ConfigError, match=r"crew.toml:1[5-9]: bots.ann.settings: trader has no setting 'colour'"
    ):
        load(GOOD.replace('role = "trader"', 'role = "trader"\nsettings = { colour = "red" }'))


def test_a_file_that_is_not_there_or_not_text(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_crew(tmp_path / "nowhere.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_crew(tmp_path / "binary.toml")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('host = "game.example"', 'host = ""', "link.host"),
        ("stagger = 1.5", "stagger = nan", "crew.stagger"),
        ('state = "~/crew"', 'state = "~nosuchuser/crew"', "crew.state"),
        ("stagger = 1.5", "stagger = -1", "crew.stagger"),
        ("stagger = 1.5", "stagger = inf", "crew.stagger"),
        ("stall = 90", "stall = nan", "bots.ann"),
    ],
)
def test_no_number_and_no_name_is_taken_that_cannot_be_one(load, old, new, key):
    assert old in GOOD
    with pytest.raises(ConfigError, match=key):
        load(GOOD.replace(old, new))


def test_a_mistake_is_told_without_the_code_behind_it(load):
    with pytest.raises(ConfigError) as caught:
        load(GOOD.replace('letter = "B"', 'letter = "text"'))
    assert "must match regex" in str(caught.value)
    assert "Attribute(" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        '[[bots]]\nname = "ann"\npassword = "hunter22"\n',
        '[link]\nhost = "h"\nport = 1\n[bots.ann]\nrole = "scout"\npassword = ["hunter22"]\n',
        '[link]\nhost = "h"\nport = 1\n[bots.ann]\nrole = "scout"\npassword = 22222222\n',
        '[link]\nhost = "h"\nport = 1\n[bots.ann]\nrole = "scout"\npassword = "hunter22"\n',
        '[link]\nhost = "h"\nport = 1\n[bots.ann]\nrole = "scout"\npasword = "hunter22"\n',
        '[link]\nhost = "h"\nport = 1\n[game]\ngame_password = 22222222\n[bots.ann]\nrole = "scout"\n',
    ],
)
def test_a_password_in_the_wrong_place_is_not_shown(load, text):
    with pytest.raises(ConfigError) as caught:
        load(text)
    assert "hunter22" not in str(caught.value)
    assert "22222222" not in str(caught.value)


def test_a_wrong_value_is_shown_in_part_only(load):
    with pytest.raises(ConfigError) as caught:
        load(GOOD.replace("seed = 7", f'seed = "{"x" * 10_000}"'))
    assert len(str(caught.value)) < 500
