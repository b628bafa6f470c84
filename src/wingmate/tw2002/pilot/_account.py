"""Who plays: what the game asks at the door."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen, validators

from ..._secrets import Secret

LONGEST_NAME = 30  # letters, as the game says where it asks for a ship's name


def _plain(_instance: Any, attribute: Any, value: str) -> None:
    if not value.isascii() or not value.isprintable() or value != value.strip() or "~" in value:
        raise ValueError(f"{attribute.name} must be plain ASCII without spaces around it, got {value!r}")
    if not 1 <= len(value) <= LONGEST_NAME:
        raise ValueError(f"{attribute.name} must have 1 to {LONGEST_NAME} letters, got {value!r}")


def _is_secret(_instance: Any, attribute: Any, value: Any) -> None:
    # attrs' own check would show the value, which is probably a password in plain text.
    if not isinstance(value, Secret):
        raise TypeError(f'{attribute.name} must be a Secret, such as Secret("env:NAME")')


@frozen(kw_only=True)
class Account:
    """A trader's name and password, and the game's letter in the server's menu.

    `create` allows a new character when the game does not know the name; `ship` and `planet` are
    what the new one calls its ship and home. `game_password` is for private games.
    """

    name: str = field(validator=_plain)
    password: Secret = field(validator=_is_secret)
    game: str = field(default="A", validator=validators.matches_re(r"[A-PR-Za-pr-z]"))
    game_password: Secret | None = field(default=None, validator=validators.optional(_is_secret))
    ship: str = field(default="Wingmate", validator=_plain)
    planet: str = field(default="Rest", validator=_plain)
    create: bool = True
