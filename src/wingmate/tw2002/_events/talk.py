"""What others say, and what they are seen to do."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

Deed: TypeAlias = Literal[
    "warps-in",
    "warps-out",
    "lifts-off",
    "docks",
    "lands",
    "enters-game",
    "exits-game",
    "appears",
    "vanishes",
    "launches",
    "hails",
]
Medium: TypeAlias = Literal["fedcomm", "radio", "hail", "mail", "corporate"]


@frozen
class Heard:
    """Somebody spoke. In the compact display `sender` has six characters at most and is not unique.

    `full_name` says that the display was the long one. Our own words are never heard this way.
    """

    kind: Medium
    sender: str
    text: str
    full_name: bool = False
    channel: int | None = None


@frozen
class MessageSent:
    """The game took our message."""

    medium: Medium
    channel: int | None = None


@frozen
class MessageRefused:
    """The game did not send our message."""

    text: str


@frozen
class CommLinkOpened:
    """A line for several messages is open: everything typed goes out until an empty line."""

    medium: Medium


@frozen
class CommLinkClosed:
    """The line is closed."""

    medium: Medium


@frozen
class ChannelTuned:
    """We send and receive on another radio channel now."""

    channel: int


@frozen
class FighterReported:
    """Our deployed fighters report from a sector."""

    sector: int | None
    text: str


@frozen
class ComputerReported:
    """The ship's computer reports; damage is told by `DamageTaken` besides."""

    text: str


@frozen
class ShipSeen:
    """Somebody came, went or did something visible here."""

    name: str
    deed: Deed
    text: str = ""


@frozen
class InactivityWarned:
    """The game will hang up in that many seconds unless a key comes."""

    seconds: int


@frozen
class MailAnnounced:
    """A message waits to be read."""

    text: str
