"""Small readers of what the game prints: numbers, names, ranks."""

from __future__ import annotations

import re

NUM = r"(-?\d[\d,]{0,14})"  # with thousands separators or without; longer ones are no numbers of this game
_CORP = re.compile(r"^(.*\S) ?\[(\d{1,6})\]$")

# The tables of ranks, good, evil and alien (players' documentation, names seen in captures).
_RANKS = tuple(
    sorted(
        (
            *("Civilian", "Private", "Private 1st Class", "Lance Corporal", "Corporal", "Sergeant"),
            *("Staff Sergeant", "Gunnery Sergeant", "1st Sergeant", "Sergeant Major", "Warrant Officer"),
            *("Chief Warrant Officer", "Ensign", "Lieutenant J.G.", "Lieutenant", "Lieutenant Commander"),
            *(
                "Commander",
                "Captain",
                "Commodore",
                "Rear Admiral",
                "Vice Admiral",
                "Admiral",
                "Fleet Admiral",
            ),
            *("Annoyance", "Nuisance 3rd Class", "Nuisance 2nd Class", "Nuisance 1st Class"),
            *("Menace 3rd Class", "Menace 2nd Class", "Menace 1st Class", "Smuggler 3rd Class"),
            *("Smuggler 2nd Class", "Smuggler 1st Class", "Smuggler Savant", "Robber", "Terrorist", "Pirate"),
            *(
                "Infamous Pirate",
                "Notorious Pirate",
                "Dread Pirate",
                "Galactic Scourge",
                "Enemy of the State",
            ),
            *("Enemy of the People", "Enemy of Humankind", "Heinous Overlord", "Prime Evil"),
            *("Servant", "Capitalist", "Trader", "Entrepreneur", "Merchant Apprentice", "Merchant"),
            *("Executive Merchant", "Merchant Baron", "Merchant Prince", "Grand Merchant", "Financier"),
            *("Tycoon", "Mogul", "Supreme Mogul"),
        ),
        key=lambda rank: -len(rank),
    )
)
_RANK = re.compile("(" + "|".join(map(re.escape, _RANKS)) + r") (?=\S)")


def integer(text: str) -> int:
    """Read a number matched by `NUM`."""
    return int(text.replace(",", ""))


def split_rank(title: str) -> tuple[str, str]:
    """Split a title into rank and name; a title without a known rank is all name."""
    found = _RANK.match(title)
    return (found[1], title[found.end() :]) if found else ("", title)


def split_corp(title: str) -> tuple[str, int | None]:
    """Split the corporation's number off a name: `Able Trader [5]`."""
    found = _CORP.match(title)
    return (found[1], int(found[2])) if found else (title, None)


def numbers(text: str) -> list[int]:
    """Read all sector numbers of a line that has nothing else."""
    return [int(found) for found in re.findall(r"\d{1,6}", text)]
