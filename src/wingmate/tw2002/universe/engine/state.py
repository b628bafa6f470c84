"""The state of one universe: records that know when they changed, and nothing that reads a clock."""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, Any

from attrs import Attribute, Factory, define, field, frozen, setters

from .tables import HULLS, Hull, Product

if TYPE_CHECKING:
    from .dice import Dice
    from .galaxy import Galaxy
    from .haggle import Visit
    from .news import News
    from .settings import Settings


def mark(instance: Any, _attribute: Attribute[Any], value: Any) -> Any:  # noqa: D103 - an attrs hook
    # Past the hook itself: only `object` sets an attribute without calling it again.
    object.__setattr__(instance, "changed", True)
    return value


def _changed() -> bool:
    flag: bool = field(default=True, repr=False, on_setattr=setters.NO_OP)
    return flag


class Mode(Enum):
    """What deployed fighters do to others."""

    DEFENSIVE = "Defensive"
    OFFENSIVE = "Offensive"
    TOLL = "Toll"


class Place(Enum):
    """Where a trader on line is: only in space can the ship be attacked."""

    SPACE = "space"
    PORT = "port"
    STARDOCK = "stardock"
    PLANET = "planet"


@frozen(kw_only=True)
class Prefs:
    """A trader's personal settings, as the computer's `N` list shows them."""

    ansi: bool = True
    animation: bool = False
    page: bool = False
    fedcomm: bool = True
    hails: bool = True
    silence: bool = False
    abort_all_keys: bool = False
    compact: bool = True
    pauses: bool = False
    auto_flee: bool = False
    autoreturn: bool = True


@frozen
class Mail:
    """One stored message."""

    sender: str
    date: float
    text: str


@frozen
class LogEntry:
    """One line of the daily log."""

    date: float
    text: str


@define(eq=False, kw_only=True, on_setattr=mark)
class Player:
    """One trader. `sector` is where the ship is; `ship` is the number of the manned one."""

    number: int
    login: str
    name: str
    salt: str = field(repr=False)
    password: str = field(repr=False)
    born: float
    sector: int
    ship: int
    last_sector: int = 0
    experience: int = 0
    alignment: int = 0
    credits: int = 0
    bank: int = 0
    turns: int = 0
    turns_at: float = 0.0
    day: int = 0
    last_on: float = 0.0
    channel: int = 0
    explored: int = field(default=0, repr=False)
    avoids: int = field(default=0, repr=False)
    standoff: bool = False
    dead_until: float = 0.0
    dead: bool = False
    deaths: int = 0
    deaths_today: int = 0
    kills: int = 0
    prefs: Prefs = Factory(Prefs)
    mail: tuple[Mail, ...] = ()
    changed: bool = _changed()

    def knows(self, sector: int) -> bool:
        """Whether the trader has explored *sector*."""
        return bool(self.explored >> sector & 1)

    def avoids_sector(self, sector: int) -> bool:
        """Whether the trader's computer keeps courses out of *sector*."""
        return bool(self.avoids >> sector & 1)

    def explore(self, *sectors: int) -> None:
        """Count sectors as explored from now on."""
        seen = self.explored
        for sector in sectors:
            seen |= 1 << sector
        if seen != self.explored:
            self.explored = seen


@define(eq=False, kw_only=True, on_setattr=mark)
class Ship:
    """One ship; `cargo` counts ore, organics and equipment."""

    number: int
    name: str
    kind: str
    owner: int
    sector: int
    built: float
    holds: int
    cargo: tuple[int, int, int] = (0, 0, 0)
    colonists: int = 0
    fighters: int = 0
    shields: int = 0
    ported: int = 0
    kills: int = 0
    scanner: str = ""  # "", "density" or "holo"; a holographic scanner can do both
    armid: int = 0
    limpets: int = 0
    beacons: int = 0
    genesis: int = 0
    detonators: int = 0
    corbomite: int = 0
    cloaks: int = 0
    photons: int = 0
    probes: int = 0
    disruptors: int = 0
    twarp: int = 0
    psychic: bool = False
    planet_scanner: bool = False
    changed: bool = _changed()

    @property
    def hull(self) -> Hull:
        """The type of ship."""
        return HULLS[self.kind]

    @property
    def empty(self) -> int:
        """How many holds are free."""
        return self.holds - sum(self.cargo) - self.colonists

    def load(self, product: Product, amount: int) -> None:
        """Put goods on board, or take them off when *amount* is negative."""
        cargo = list(self.cargo)
        cargo[product] += amount
        assert cargo[product] >= 0, "nobody unloads what is not on board"
        self.cargo = (cargo[0], cargo[1], cargo[2])
        assert self.empty >= 0, "nobody loads more than fits"


@define(eq=False, kw_only=True, on_setattr=mark)
class Stock:
    """What a port has of each product (or still wants, where it buys), and when that was counted."""

    sector: int
    amounts: tuple[int, int, int]
    counted_at: tuple[float, float, float]
    used: bool = False
    last_ship: str = ""
    last_at: float = 0.0
    changed: bool = _changed()


@define(eq=False, kw_only=True, on_setattr=mark)
class Force:
    """Fighters left in a sector; owner 0 is the Ferrengi."""

    sector: int
    owner: int
    fighters: int
    mode: Mode = Mode.DEFENSIVE
    tolls: int = 0
    changed: bool = _changed()


@define(eq=False, kw_only=True, on_setattr=mark)
class Alien:
    """One Ferrengi and the ship under it."""

    number: int
    name: str
    experience: int
    sector: int
    last_sector: int
    ship_name: str
    kind: str
    fighters: int
    shields: int
    moves_at: float
    prey: int = 0
    changed: bool = _changed()

    @property
    def hull(self) -> Hull:
        """The type of ship."""
        return HULLS[self.kind]


@define(eq=False, kw_only=True, on_setattr=mark)
class Planet:
    """One planet; in this game only home planets and Terra, which nobody works yet."""

    number: int
    sector: int
    name: str
    letter: str = "M"
    owner: int = 0
    born: float = 0.0
    changed: bool = _changed()


@define(eq=False, kw_only=True, on_setattr=mark)
class Chronicle:
    """What belongs to the world as a whole."""

    born: float
    date: float
    day: int = 0
    dice: int = 0
    next_player: int = 1
    next_ship: int = 1
    next_planet: int = 1
    log: tuple[LogEntry, ...] = ()
    changed: bool = _changed()


def _inbox() -> deque[News]:
    return deque(maxlen=100)


@define(eq=False)
class Presence:
    """One trader on line: where they are, and the news they have not been told. Never saved."""

    player: Player
    since: float
    place: Place = Place.SPACE
    visit: Visit | None = None
    inbox: deque[News] = Factory(_inbox)
    lost: int = 0


@define(eq=False)
class World:
    """One universe. Verbs are functions of the modules beside this one, time enters by `advance`."""

    settings: Settings
    galaxy: Galaxy = field(repr=False)
    dice: Dice = field(repr=False)
    chronicle: Chronicle = field(repr=False)
    players: dict[int, Player] = field(factory=dict[int, Player], repr=False)
    ships: dict[int, Ship] = field(factory=dict[int, Ship], repr=False)
    stocks: dict[int, Stock] = field(factory=dict[int, Stock], repr=False)
    forces: dict[int, Force] = field(factory=dict[int, Force], repr=False)
    aliens: dict[int, Alien] = field(factory=dict[int, Alien], repr=False)
    planets: dict[int, Planet] = field(factory=dict[int, Planet], repr=False)
    gone: set[tuple[str, int]] = field(factory=set[tuple[str, int]], repr=False)
    present: dict[int, Presence] = field(factory=dict[int, Presence], repr=False)
    packed: Settings | None = field(default=None, repr=False)  # the settings last packed for saving

    @property
    def date(self) -> float:
        """The date of the last `advance`, in seconds since 1970."""
        return self.chronicle.date

    def ship_of(self, player: Player) -> Ship:
        """Give the ship that a trader is in."""
        return self.ships[player.ship]

    def owner_name(self, number: int) -> str:
        """Name the owner of something; 0 is the Ferrengi."""
        owner = self.players.get(number)
        return owner.name if owner else "The Ferrengi"

    def is_fedspace(self, sector: int) -> bool:
        """Whether Federation law is enforced in *sector*."""
        return sector in self.galaxy.fedspace

    def note(self, text: str) -> None:
        """Write a line into the daily log, which keeps the last 200."""
        self.chronicle.log = (*self.chronicle.log[-199:], LogEntry(self.date, text))
