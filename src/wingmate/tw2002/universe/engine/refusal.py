"""The one way the engine says no."""

from __future__ import annotations

from enum import Enum

from ....errors import Refused


class Reason(Enum):
    """Why a verb was refused; the face turns each into the game's own words."""

    NO_TURNS = "not enough turns"
    BAD_SECTOR = "no such sector"
    SAME_SECTOR = "already there"
    NOT_ADJACENT = "not adjacent"
    NO_ROUTE = "no route"
    BLOCKED = "hostile fighters"
    NO_STANDOFF = "nobody blocks the way"
    NO_PORT = "no port here"
    NOT_DOCKED = "not docked"
    NO_DEAL = "no deal is open"
    UNKNOWN_SECTOR = "never visited"
    NO_SCANNER = "no such scanner"
    NO_PROBE = "no ether probe"
    NO_CREDITS = "not enough credits"
    NO_ROOM = "does not fit"
    OVER_LIMIT = "over the limit"
    BAD_AMOUNT = "not a possible number"
    NOT_EQUIPPED = "the hull cannot carry it"
    OWNED = "one is enough"
    NO_SUCH_ITEM = "not sold here"
    FEDSPACE = "Federation law"
    NOT_YOURS = "not under your control"
    NO_TARGET = "nothing to attack"
    BAD_NAME = "impossible name"
    NAME_TAKEN = "name in use"
    GAME_FULL = "the game is full"
    CLOSED_GAME = "the game is closed"
    BAD_PASSWORD = "impossible password"  # noqa: S105 - a message
    UNKNOWN_TRADER = "unknown trader"
    SELF = "that is yourself"
    ALREADY_ON = "already playing"
    NOT_ON = "not playing"
    DEAD = "must wait"
    TOO_LONG = "text too long"
    BAD_CHANNEL = "no such channel"
    NO_HEIR = "not in this state"


class Refusal(Refused):
    """The rules say no, and nothing has changed; `amount` is the number in the game's answer, if any."""

    def __init__(self, reason: Reason, *, amount: int = 0, retry_after: float | None = None) -> None:
        super().__init__(reason.value, retry_after=retry_after)
        self.reason = reason
        self.amount = amount
