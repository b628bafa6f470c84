"""Passwords and keys: named in configurations, read when needed, shown nowhere."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, cast

from attrs import field, frozen

from .errors import ConfigError

if TYPE_CHECKING:
    from ._facts import Json

HIDDEN = "********"
SHORTEST = 4  # shorter secrets would blot out ordinary words
LONGEST = 500  # characters of a text that is shown
MOST, DEEPEST = 100, 4  # entries of a list or a table that is shown, and levels of them

# What was revealed in this process, so that logs and recordings can blot it out.
# Module state on purpose: a secret is one wherever it turns up.
_revealed: set[str] = set()


def _check(_instance: object, _attribute: object, value: str) -> None:
    kind, colon, rest = value.partition(":")
    if not colon or kind not in {"env", "file", "text"} or not rest:
        raise ConfigError("a secret is written as env:NAME, file:PATH or text:VALUE")


@frozen(repr=False)
class Secret:
    """A reference to something private: `env:NAME`, `file:PATH` (first line), or `text:…` in tests.

    Only the reference travels, pickles and is written to files; `text:` secrets show as dots.
    """

    reference: str = field(validator=_check)

    def __repr__(self) -> str:
        kind, _, rest = self.reference.partition(":")
        return f"Secret({kind}:{HIDDEN if kind == 'text' else rest})"

    def reveal(self) -> str:
        """Read the secret itself. Raises `ConfigError` if it is not there."""
        kind, _, rest = self.reference.partition(":")
        value = _from_env(rest) if kind == "env" else _from_file(rest) if kind == "file" else rest
        if len(value) >= SHORTEST:
            _revealed.add(value)
        return value


def revealed() -> frozenset[str]:
    """Give every secret this process has revealed, for those who must look for pieces of one."""
    return frozenset(_revealed)


def redact(text: str) -> str:
    """Blot out every secret this process has revealed."""
    for secret in sorted(_revealed, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def shown(thing: object) -> str:
    """Put anything into a line for people: no secrets, no endless text, and never an error."""
    try:
        text = redact(str(thing))
    except Exception:  # noqa: BLE001 - somebody's `__str__`: its mistake must not spread
        text = f"({type(thing).__name__} that cannot be printed)"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def shown_json(thing: object, depth: int = 0) -> Json:
    """Copy what should be JSON, as `shown` does; what is not becomes text."""
    if thing is None or isinstance(thing, bool | int) or (isinstance(thing, float) and isfinite(thing)):
        return thing
    if depth < DEEPEST and isinstance(thing, Mapping):
        table = list(cast("Mapping[object, object]", thing).items())[:MOST]
        return {shown(name): shown_json(item, depth + 1) for name, item in table}
    if depth < DEEPEST and isinstance(thing, list | tuple):
        return [shown_json(item, depth + 1) for item in cast("Sequence[object]", thing)[:MOST]]
    return shown(thing)


def _from_env(name: str) -> str:
    if value := os.environ.get(name):
        return value
    raise ConfigError(f"the environment variable {name} is not set; the configuration takes a secret from it")


def home(name: str) -> Path:
    """Make a path of a name that may begin with `~`. Raises `ConfigError` if there is no such home."""
    try:
        return Path(name).expanduser()
    except RuntimeError as exc:
        raise ConfigError(f"{name} is nowhere: {exc}") from exc


def _from_file(name: str) -> str:
    path = home(name)
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as exc:
        raise ConfigError(f"the secret file {path} cannot be read: {exc}") from exc
    if not lines or not lines[0]:
        raise ConfigError(f"the secret file {path} is empty; put the secret on its first line")
    return lines[0]
