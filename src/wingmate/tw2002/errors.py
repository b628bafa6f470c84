"""How Trade Wars says no. Each is a `Refused`: `retry_after` tells whether waiting may help."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..errors import Refused

if TYPE_CHECKING:
    from ._events.login import EntryRefused

__all__ = (
    "AccountLocked",
    "GameClosed",
    "GameFull",
    "NameTaken",
    "NewPlayersRefused",
    "NoSuchGame",
    "NotHere",
    "PasswordMismatch",
    "PrivateGame",
    "ServerFull",
    "StartFailed",
    "TelnetRefused",
    "TurnsSpent",
    "UnknownPlayer",
    "WayBarred",
    "WrongPassword",
    "refusal",
)


class NameTaken(Refused):
    """Somebody else has that name, or it is not allowed: choose another."""


class PasswordMismatch(Refused):
    """The two entries of a new password differed: the link garbled one, so trying again helps."""

    retry_after = 1.0


class WrongPassword(Refused):
    """The password is not the one of this player; asking again with the same one only locks us out."""


class PrivateGame(Refused):
    """The game has a password of its own, and we gave none or the wrong one."""


class NoSuchGame(Refused):
    """The server's menu has no game of that letter."""


class GameFull(Refused):
    """The game takes no further player."""


class NewPlayersRefused(Refused):
    """The game takes no new players: closed to them, or a tournament under way."""


class GameClosed(Refused):
    """The game is closed, for now or for certain hours."""

    retry_after = 300.0


class ServerFull(Refused):
    """Every node of the server is taken; one is free some seconds after a logout."""

    retry_after = 5.0


class StartFailed(Refused):
    """The server could not start the game; that may pass."""

    retry_after = 10.0


class TelnetRefused(Refused):
    """The server does not want our way of connecting."""


class AccountLocked(Refused):
    """This player may not come in; after dying for some days, else for good."""


class UnknownPlayer(Refused):
    """The game does not know this player, and the account may not create one."""


class TurnsSpent(Refused):
    """No turns are left, or not enough; they come back with the day, some of them by the hour."""

    retry_after = 3600.0


class WayBarred(Refused):
    """The ship did not get there: no such warp, no known course, or somebody in the way."""


class NotHere(Refused):
    """What was asked for is not to be had here: no port, no shop, no account, no fighters."""


_REFUSALS: dict[str, type[Refused]] = {
    "server-full": ServerFull,
    "telnet-only": TelnetRefused,
    "no-protocol": TelnetRefused,
    "game-password": PrivateGame,
    "closed": GameClosed,
    "limited": GameClosed,
    "not-open": GameClosed,
    "closed-to-new": NewPlayersRefused,
    "game-full": GameFull,
    "tournament": NewPlayersRefused,
    "wait": AccountLocked,
    "locked-out": AccountLocked,
    "start-failed": StartFailed,
}

# After dying a player is let in again the next day; an hour is a fair time if no other is named. A server
# that heard no telnet may have had a stalled link for the five seconds it waits, so that passes too.
_WAITS = {"wait": 3600.0, "no-protocol": 10.0}


_UNITS = {"minute": 60.0, "hour": 3600.0, "day": 86_400.0}
_TERM = re.compile(r"\b(\d{1,3}) (minute|hour|day)")


def refusal(event: EntryRefused, who: str) -> Refused:
    """Give the error that goes with a refusal at the door; *who* begins its message."""
    wait = _WAITS.get(event.why)
    if event.why == "wait" and (told := _TERM.search(event.text)):
        # Asking every hour of a day would look like a bot that fails again and again.
        wait = int(told[1]) * _UNITS[told[2]]
    return _REFUSALS[event.why](f"{who}: {event.text}", retry_after=wait)
