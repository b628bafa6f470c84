"""Names for many players within sixteen characters, of which no two are ever the same."""

from __future__ import annotations

from .world.tables import NAME_LENGTH

__all__ = ("player_name",)

# Of at most five letters, no two of which begin with the same two.
FIRST = (
    "Emma", "Noah", "Lena", "Omar", "Ida", "Theo", "Mila", "Paul", "Zoe", "Hugo", "Nina", "Kai",
    "Rosa", "Finn", "Yara", "Ben", "Ada", "Luis", "Tara", "Ivo", "Juno", "Carl", "Uma", "Dora",
)  # fmt: skip
MOST = len(FIRST) * 1000


def player_name(number: int, role: str) -> str:
    """Give the name of a crew's member by its number and role: `Emma_Farmer`, `Noah_Lumberjack`.

    Different numbers or roles give different names. Raises `ValueError` if it does not fit.
    """
    room = NAME_LENGTH - len(role) - 1
    if not (role.isascii() and role.isalpha()) or room < 5:
        raise ValueError(f"a role's name has 1 to {NAME_LENGTH - 6} letters, got {role!r}")
    if not 0 <= number < MOST:
        raise ValueError(f"numbers go from 0 to {MOST - 1}, got {number}")
    lap, place = divmod(number, len(FIRST))
    count = str(lap) if lap else ""
    return f"{FIRST[place][: 5 - len(count)]}{count}_{role}"
