"""What traders on line learn about each other: values that wait until the face delivers them.

A message lives ten seconds and a trader's queue holds a hundred (both from the server's revision
notes); what comes on top pushes the oldest out and is counted in `Presence.lost`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .state import Player, World

LIFE = 10.0


@frozen
class WarpedIn:
    """`X warps into the sector.`."""

    who: str


@frozen
class WarpedOut:
    """`X warps out of the sector.`."""

    who: str


@frozen
class Entered:
    """`X enters the game.`."""

    who: str


@frozen
class Exited:
    """`X exits the game.`."""

    who: str


@frozen
class Docked:
    """`X docks at the port` in your sector; *port* is its name."""

    who: str
    port: str


@frozen
class LiftedOff:
    """`X lifts off from` a port or planet in your sector."""

    who: str
    place: str


@frozen
class Powering:
    """`X is powering up weapons systems!`; *what* is "a Ferrengi ship" for aliens."""

    what: str


@frozen
class Launched:
    """`X launches a wave of fighters at Y!`."""

    attacker: str
    target: str


@frozen
class ShipHit:
    """`Shipboard Computers`: what an attack on you destroyed."""

    attacker: str
    shields: int
    fighters: int


@frozen
class ShipLost:
    """Your ship is destroyed; `pod` tells whether you sit in an escape pod in `sector` or are dead."""

    attacker: str
    hull: str
    pod: bool
    sector: int
    experience: int


@frozen
class Destroyed:
    """Somebody else's ship blew up in your sector."""

    who: str
    by: str


@frozen
class FightersHit:
    """`Deployed Fighters Report Sector N:` somebody destroyed or met fighters of yours."""

    sector: int
    who: str
    destroyed: int
    remain: int


@frozen
class TollPaid:
    """`Deployed Fighters Report Sector N:` somebody paid your toll."""

    sector: int
    who: str
    credits: int


@frozen
class Radio:
    """A line on your sub-space channel."""

    sender: str
    channel: int
    text: str


@frozen
class FedComm:
    """A line on the Federation comm-link."""

    sender: str
    text: str


@frozen
class Hail:
    """A private line to you."""

    sender: str
    text: str


@frozen
class Transferred:
    """`X transferred N credits to your Galactic bank account.`."""

    sender: str
    credits: int


@frozen
class NewMail:
    """Mail has come."""

    sender: str


@frozen
class Recovered:
    """`You recover N of your turns.`."""

    turns: int


Item: TypeAlias = (
    WarpedIn
    | WarpedOut
    | Entered
    | Exited
    | Docked
    | LiftedOff
    | Powering
    | Launched
    | ShipHit
    | ShipLost
    | Destroyed
    | FightersHit
    | TollPaid
    | Radio
    | FedComm
    | Hail
    | Transferred
    | NewMail
    | Recovered
)

# Chat is what `|` (silence) and the personal settings hold back, and what ages.
CHAT = (Radio, FedComm, Hail)


@frozen
class News:
    """One thing to be told, and when it happened."""

    date: float
    item: Item


def tell(world: World, number: int, item: Item) -> bool:
    """Queue an item for one trader; say whether they are on line."""
    presence = world.present.get(number)
    if presence is None:
        return False
    if len(presence.inbox) == presence.inbox.maxlen:
        presence.lost += 1
    presence.inbox.append(News(world.date, item))
    return True


def tell_sector(world: World, sector: int, item: Item, *, but: int = 0) -> None:
    """Queue an item for everybody in space in a sector, except trader number *but*."""
    for number, presence in world.present.items():
        if presence.player.sector == sector and number != but:
            tell(world, number, item)


def tell_all(world: World, item: Item, *, but: int = 0) -> None:
    """Queue an item for everybody on line, except trader number *but*."""
    for number in world.present:
        if number != but:
            tell(world, number, item)


def take(world: World, me: Player) -> list[News]:
    """Hand over a trader's news, oldest first, once; chat that is over ten seconds old is lost."""
    presence = world.present.get(me.number)
    if presence is None:
        return []
    found: list[News] = []
    for news in presence.inbox:
        if isinstance(news.item, CHAT) and world.date - news.date > LIFE:
            presence.lost += 1
        else:
            found.append(news)
    presence.inbox.clear()
    return found


def waiting(world: World) -> Iterable[Player]:
    """Tell who has news to be shown."""
    return [presence.player for presence in world.present.values() if presence.inbox]
