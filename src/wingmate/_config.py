"""A crew written down: `crew.toml` in, specifications out.

```toml
[crew]
state = "~/crew"            # folder for the map, unknown screens and recordings
seed = 7                    # the dice of every bot follow from it
stagger = 2.0               # seconds between two logins; left out: 2 towards another machine, else 0

[link]
host = "game.example"
port = 2002
record = true               # keep every session as <state>/recordings/<bot>-<n>.cast

[game]
letter = "A"                # which game of the server
pace = 0.5                  # seconds between two commands

[bots.ann]
role = "trader"             # scout, trader, banker, defender, or "module:Name"
login = "Ann"               # left out: the bot's name
password = "env:ANN_PASSWORD"   # or "file:/path"; never the password itself
settings = { }              # the role's own settings
```
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from math import inf
from pathlib import Path
from typing import Any, cast

import attrs
from attrs import field, frozen

from ._bot import BotSpec
from ._facts import Json
from ._recipes import build, find
from ._secrets import Secret, home
from .abc import Transport
from .errors import ConfigError
from .transports import Tcp, Telnet
from .tw2002 import TradeWars
from .tw2002.pilot import Account
from .tw2002.roles import Banker, Defender, Scout, Trader

ROLES: Mapping[str, type[Any]] = {"scout": Scout, "trader": Trader, "banker": Banker, "defender": Defender}
CREW_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "state": str,
    "seed": int,
    "stagger": (int, float),
    "stall": (int, float),
    "drain": (int, float),
}
LINK_KEYS: Mapping[str, type | tuple[type, ...]] = {"host": str, "port": int, "telnet": bool, "record": bool}
GAME_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "letter": str,
    "pace": (int, float),
    "adapter": str,
    "game_password": str,
}
BOT_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "role": str,
    "login": str,
    "password": str,
    "settings": dict,
    "goal": object,
    "stall": (int, float),
    "drain": (int, float),
}
LONGEST = 60  # characters of a wrong value that are shown
WORDS: Mapping[Any, str] = {
    str: "text in quotes",
    int: "a whole number",
    bool: "true or false",
    dict: "a table { … }",
}


@frozen(kw_only=True)
class Crew:
    """A crew ready to start; `state` is None when the configuration leaves the choice to the caller."""

    specs: Mapping[str, BotSpec[Any, Any]]
    state: Path | None = None
    seed: int = 0
    stagger: float | None = None
    record: bool = False


@frozen
class _Source:
    """A configuration's text, to find the line of a key."""

    path: Path
    text: str
    tables: Mapping[str, Any] = field(init=False)

    def __attrs_post_init__(self) -> None:
        try:
            object.__setattr__(self, "tables", tomllib.loads(self.text))
        except tomllib.TOMLDecodeError as exc:
            raise ConfigError(f"{self.path}: this is not TOML: {exc}") from exc

    def wrong(self, keys: tuple[str, ...], message: str) -> ConfigError:
        """Name the place and what is wrong there."""
        return ConfigError(f"{self.path}:{self.line(keys)}: {'.'.join(keys)}: {message}")

    def line(self, keys: tuple[str, ...]) -> int:
        """Find the line where a key is set, or the nearest table above it."""
        best = 1
        table: tuple[str, ...] = ()
        for number, line in enumerate(self.text.splitlines(), start=1):
            if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
                table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
                if table == keys[: len(table)]:
                    best = number
            elif (setting := re.match(r"""\s*["']?([\w.-]+)["']?\s*=""", line)) and (
                (*table, *setting[1].split(".")) == keys[: len(table) + len(setting[1].split("."))]
            ):
                best = number
        return best


def load_crew(path: Path) -> Crew:
    """Read a crew from a TOML file. Raises `ConfigError` with line, key and a suggestion."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError(f"{path} cannot be read: {exc}") from exc
    source = _Source(path, text)
    top = source.tables
    _check_keys(source, (), top, {"crew": dict, "link": dict, "game": dict, "bots": dict})
    crew, game = _table(source, "crew", CREW_KEYS), _table(source, "game", GAME_KEYS)
    bots: dict[str, Any] = top.get("bots") or {}
    if not bots:
        raise source.wrong(
            ("bots",), "there are no bots; add a table such as [bots.ann] with role and password"
        )
    stagger = crew.get("stagger")
    if stagger is not None and not 0 <= stagger < inf:
        raise source.wrong(("crew", "stagger"), f"must be a number of seconds, not {stagger}")
    link = _link(source)
    specs = {name: _spec(source, name, crew, game, link) for name in bots}
    return Crew(
        specs=specs,
        state=_built(source, ("crew", "state"), lambda: home(crew["state"])) if "state" in crew else None,
        seed=crew.get("seed", 0),
        stagger=stagger,
        record=bool(top.get("link", {}).get("record", False)),
    )


def _table(source: _Source, name: str, known: Mapping[str, Any]) -> dict[str, Any]:
    table = source.tables.get(name, {})
    _check_keys(source, (name,), table, known)
    return dict(table)


def _check_keys(
    source: _Source, where: tuple[str, ...], table: Mapping[str, Any], known: Mapping[str, Any]
) -> None:
    for key, value in table.items():
        if key not in known:
            raise source.wrong((*where, key), f"there is no such setting{_suggest(key, known)}")
        wanted = known[key]
        # TOML's true is also an int to Python; nobody means a number by it.
        mistaken = isinstance(value, bool) and wanted is not bool and wanted is not object
        if mistaken or not isinstance(value, wanted):
            raise source.wrong((*where, key), f"must be {WORDS.get(wanted, 'a number')}{_but_is(key, value)}")


def _but_is(key: str, value: object) -> str:
    # What stands in the wrong place may be a password, or hold one.
    if "password" in key or isinstance(value, list | dict):
        return ""
    words = repr(value)
    return f", not {words if len(words) <= LONGEST else words[:LONGEST] + '…'}"


def _suggest(word: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known here: {', '.join(sorted(known))}"


def _link(source: _Source) -> Transport:
    table = source.tables.get("link")
    if table is None:
        raise source.wrong(("link",), "say where the game is: [link] with host and port")
    if "use" in table:
        settings = {key: value for key, value in table.items() if key != "record"}
        return cast("Transport", _built(source, ("link",), lambda: build(settings)))
    link = _table(source, "link", LINK_KEYS)
    for key in ("host", "port"):
        if key not in link:
            raise source.wrong(("link",), f"{key} is missing")
    if not 0 < link["port"] < 65536:
        raise source.wrong(("link", "port"), f"a port is between 1 and 65535, not {link['port']}")
    plain = _built(source, ("link", "host"), lambda: Tcp(link["host"], link["port"]))
    return Telnet(plain) if link.get("telnet", True) else plain


def _spec(
    source: _Source, name: str, crew: Mapping[str, Any], game: Mapping[str, Any], link: Transport
) -> BotSpec[Any, Any]:
    where = ("bots", name)
    bot = source.tables["bots"][name]
    if not isinstance(bot, dict):
        raise source.wrong(where, "a bot is a table: [bots.ann]")
    settings = cast("dict[str, Any]", bot)
    _check_keys(source, where, settings, BOT_KEYS)
    adapter = (
        _built(source, ("game", "adapter"), lambda: find(game["adapter"])) if "adapter" in game else TradeWars
    )
    limits = {key: settings.get(key, crew.get(key)) for key in ("stall", "drain")}
    given = {key: float(value) for key, value in limits.items() if value is not None}
    return cast(
        "BotSpec[Any, Any]",
        _built(
            source,
            where,
            lambda: BotSpec(
                name=name,
                role=_role(source, where, settings, game),
                adapter=adapter,
                transport=link,
                goal=cast("Json", settings.get("goal")),
                **given,
            ),
        ),
    )


def _role(source: _Source, where: tuple[str, ...], bot: Mapping[str, Any], game: Mapping[str, Any]) -> Any:
    word = bot.get("role")
    if word is None:
        raise source.wrong(where, f"role is missing: one of {', '.join(sorted(ROLES))}, or module:Name")
    if word not in ROLES and ":" not in word:
        raise source.wrong((*where, "role"), f"there is no role {word!r}{_suggest(word, ROLES)}")
    made = ROLES.get(word) or _built(source, (*where, "role"), lambda: find(word))
    if not (isinstance(made, type) and attrs.has(made)):
        return made
    settings = {key: build(value) for key, value in bot.get("settings", {}).items()}
    fields = {one.alias for one in attrs.fields(made)}
    for key in settings:
        if key not in fields:
            raise source.wrong(
                (*where, "settings"), f"{word} has no setting {key!r}{_suggest(key, dict.fromkeys(fields))}"
            )
    if "account" in fields:
        settings.setdefault("account", _account(source, where, bot, game))
    if "pace" in fields and "pace" in game:
        settings.setdefault("pace", float(game["pace"]))
    return _built(source, (*where, "settings"), lambda: made(**settings))


def _account(
    source: _Source, where: tuple[str, ...], bot: Mapping[str, Any], game: Mapping[str, Any]
) -> Account:
    if "password" not in bot:
        raise source.wrong(where, 'password is missing: "env:NAME" or "file:/path"')
    for key, table, place in (("password", bot, where), ("game_password", game, ("game",))):
        if str(table.get(key, "")).startswith("text:"):
            raise source.wrong(
                (*place, key), 'a configuration holds no secrets; use "env:NAME" or "file:/path"'
            )
    made = {"password": _built(source, (*where, "password"), lambda: Secret(bot["password"]))}
    if "game_password" in game:
        made["game_password"] = _built(
            source, ("game", "game_password"), lambda: Secret(game["game_password"])
        )
    if "letter" in game:
        made["game"] = game["letter"]
    return cast("Account", _built(source, where, lambda: Account(name=bot.get("login", where[-1]), **made)))


def _built(source: _Source, keys: tuple[str, ...], make: Callable[[], Any]) -> Any:
    try:
        return make()
    except ConfigError as exc:
        located = str(exc).startswith(str(source.path))
        raise exc if located else source.wrong(keys, str(exc)) from exc
    except (TypeError, ValueError) as exc:
        # attrs puts the words first, and then what only a program wants.
        raise source.wrong(keys, str(exc.args[0] if exc.args else exc)) from exc
