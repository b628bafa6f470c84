"""Specifications travel: they pickle, and can be written as JSON and TOML and read back."""

import json
import pickle
import tomllib
from collections import OrderedDict
from pathlib import Path

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from wingmate import BotSpec, Secret, build, describe
from wingmate.errors import ConfigError
from wingmate.transports import Program, Tcp, Telnet
from wingmate.tw2002 import TradeWars

SPEC = BotSpec(
    name="ann",
    role=OrderedDict.fromkeys,
    adapter=TradeWars,
    transport=Telnet(Tcp("game.example", 2002, within=5.0)),
    goal={"credits": [1, 2.5, "x", None, True]},
    stall=60.0,
)


async def wander(bot):
    """A role that is a plain function."""


def spec(**changes):
    settings = {"name": "ann", "role": wander, "adapter": TradeWars, "transport": Tcp("localhost", 23)}
    return BotSpec(**(settings | changes))


def test_a_specification_pickles():
    made = spec(role=TradeWars, transport=Telnet(Tcp("h", 23)), goal={"a": [1]})
    assert pickle.loads(pickle.dumps(made)) == made


def test_a_specification_is_written_the_way_users_import():
    made = spec(role=TradeWars, transport=Telnet(Tcp("game.example", 2002)), stall=60.0)
    assert describe(made) == {
        "use": "wingmate:BotSpec",
        "name": "ann",
        "role": {"ref": "wingmate.tw2002:TradeWars"},
        "adapter": {"ref": "wingmate.tw2002:TradeWars"},
        "transport": {
            "use": "wingmate.transports:Telnet",
            "inner": {"use": "wingmate.transports:Tcp", "host": "game.example", "port": 2002},
        },
        "stall": 60.0,
    }


names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True)
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=8).filter(lambda key: key not in {"use", "ref"}), inner, max_size=3
        )
    ),
    max_leaves=8,
)
transports = st.recursive(
    st.builds(Tcp, names, st.integers(1, 65535), within=st.floats(0.1, 100))
    | st.builds(Program, st.lists(names, min_size=1, max_size=3).map(tuple)),
    lambda inner: st.builds(Telnet, inner, term=names),
    max_leaves=3,
)


@given(
    name=names,
    transport=transports,
    goal=plain,
    stall=st.floats(0.001, 1e9),
    drain=st.floats(0, 1e9),
)
def test_any_specification_survives_json_and_pickle(name, transport, goal, stall, drain):
    made = spec(name=name, role=TradeWars, transport=transport, goal=goal, stall=stall, drain=drain)
    assert build(json.loads(json.dumps(describe(made)))) == made
    assert pickle.loads(pickle.dumps(made)) == made


def test_a_specification_is_read_from_toml():
    made = build(
        tomllib.loads(
            """
            use = "wingmate:BotSpec"
            name = "ann"
            role = { ref = "wingmate.tw2002:TradeWars" }
            adapter = { ref = "wingmate.tw2002:TradeWars" }
            stall = 60.0
            [transport]
            use = "wingmate.transports:Telnet"
            inner = { use = "wingmate.transports:Program", command = ["nc", "localhost"] }
            """
        )
    )
    assert made.transport == Telnet(Program(("nc", "localhost")))


@frozen
class Settings:
    path: str = field(converter=str)
    secret: Secret


def test_paths_become_text_and_secrets_stay_references():
    data = describe({"path": Path("/tmp/x"), "secret": Secret("env:PASSWORD")})
    assert data == {"path": "/tmp/x", "secret": {"use": "wingmate:Secret", "reference": "env:PASSWORD"}}


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (float("nan"), "finite"),
        (object(), "frozen attrs class"),
        (lambda: None, "importable"),
        (Secret("text:hunter22"), "env:NAME"),
        ({1: 2}, "key"),
        ({"use": "x"}, "key"),
    ],
)
def test_what_cannot_travel_is_refused(value, why):
    with pytest.raises(ConfigError, match=why) as caught:
        describe(value)
    assert "hunter22" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"use": "wingmate.transports:Tcp", "hots": "x", "port": 1}, "no setting 'hots'; it has host"),
        ({"use": "wingmate.transports:Tpc"}, "has no 'Tpc'"),
        ({"use": "wingmate.nowhere:Tcp"}, "no module"),
        ({"use": "Tcp"}, "module:name"),
        ({"use": "os:getcwd"}, "not a recipe"),
        ({"use": "wingmate.transports:Tcp", "host": "x"}, "port"),
        ({"ref": "wingmate:Bot", "name": "x"}, "no settings"),
        (
            {
                "use": "wingmate:BotSpec",
                "name": "a b",
                "role": {"ref": "os:getcwd"},
                "adapter": {"ref": "os:getcwd"},
                "transport": 5,
            },
            "name",
        ),
    ],
)
def test_mistakes_are_named(data, why):
    with pytest.raises(ConfigError, match=why):
        build(data)
