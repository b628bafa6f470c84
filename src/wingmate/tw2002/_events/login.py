"""What happens between the first byte and the command prompt, and after the last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from attrs import Factory, frozen

FieldValue: TypeAlias = int | str | None
SettingValue: TypeAlias = bool | int | float | str

RefusalReason: TypeAlias = Literal[
    "server-full",  # every node is taken; one is free again within seconds
    "telnet-only",
    "no-protocol",  # we were silent for too long
    "game-password",  # the game has a password of its own, and ours was wrong
    "closed",
    "limited",  # opens at certain hours
    "not-open",
    "closed-to-new",
    "game-full",
    "tournament",
    "wait",  # after dying: come back in some days
    "locked-out",
    "start-failed",  # the module did not start
]


@frozen
class Prompted:
    """The game waits for us: a prompt it had not shown before, or (`again`) the same one reprinted.

    `name` and `fields` are those of the rule in `wingmate.tw2002.rules`; `serial` counts the
    prompts of the conversation, reprints not counted.
    """

    name: str
    fields: Mapping[str, FieldValue] = Factory(dict[str, FieldValue])
    again: bool = False
    serial: int = 0


@frozen
class Echoed:
    """A prompt's line was completed: `text` is what stands behind the prompt, as the game echoed it."""

    prompt: str
    text: str


@frozen
class HeaderShown:
    """The game announced what it does now: `Move` for `<Move>`; proof that a command was taken."""

    name: str


@frozen
class ConnectionDetected:
    """The server found out how we are connected: `Telnet` or `RLogin`."""

    kind: str


@frozen
class ServerShown:
    """The server's banner: which generation of the server this is."""

    version: str


@frozen
class GameMenuShown:
    """The server's menu, with the games by letter."""

    games: Mapping[str, str]


@frozen
class GameLoading:
    """The chosen game is starting; a title and a pause follow."""


@frozen
class StartMenuShown:
    """The game's own menu; its prompt follows."""


@frozen
class EntryRefused:
    """The server or the game does not let us in; `text` is what it said."""

    why: RefusalReason
    text: str


@frozen
class PasswordRefused:
    """The password was wrong; the question comes again, or `AccessDenied`."""


@frozen
class AccessDenied:
    """One wrong password too many; the server's menu follows."""


@frozen
class PasswordsDiffered:
    """The two entries of a new password were not the same; the first question comes again."""


@frozen
class PlayerNotFound:
    """The game does not know our name; the question about a new character follows."""


@frozen
class NameRefused:
    """The alias cannot be used; the question comes again."""

    text: str


@frozen
class CharacterStarted:
    """The game takes us as a new player."""


@frozen
class Greeted:
    """The game greeted a player by name."""

    name: str


@frozen
class PlayersListed:
    """Who is playing now, with rank; `moving` names the crowds on the move (Aliens, Ferrengi)."""

    players: tuple[str, ...]
    moving: tuple[str, ...] = ()


@frozen
class SettingsListed:
    """The settings dump of the start menu: each value typed as far as it goes, and as printed.

    `1000 Turns` is 1000, `500,000 cr` is 500000, `True` is true; what has no number stays text.
    `sections` says which keys belong to which heading.
    """

    values: Mapping[str, SettingValue]
    raw: Mapping[str, str]
    sections: Mapping[str, tuple[str, ...]]


@frozen
class StarDockLocated:
    """The game's status screen told where the StarDock is."""

    sector: int


@frozen
class TaxPaid:
    """Rich players pay at login."""

    credits: int
    percent: int


@frozen
class MailRead:
    """One message that waited for us; `kind` is `fighters`, `corporate`, `computer` or `trader`."""

    sender: str
    when: str
    text: str
    kind: str = "trader"


@frozen
class SettingsShown:
    """The personal settings: label to value, as printed (`ANSI graphics` to `On`)."""

    values: Mapping[str, str]


@frozen
class SessionEnded:
    """The game let go of us; the server's menu or the end of the link follows."""

    why: Literal["left", "banner", "closed", "inactive"]
