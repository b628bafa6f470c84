"""The state of a world, and the few questions everything else asks of it."""

from __future__ import annotations

from collections import deque
from heapq import heappush
from random import Random

from attrs import define, field, frozen

from .._spot import Spot
from ..commands import Command
from .settings import Settings
from .tables import FULL_FOOD, GROUND, SOLID
from .terrain import ground, growth, height

CEILING = 128  # no block is this high
WITNESS = ""  # to whom that is told which everybody hears, once; not the name of any player
DAYLIGHT = 0.6  # the part of a day that is light


class Denial(Exception):
    """The rules say no: a short code for programs, a reason for people."""

    def __init__(self, code: str, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.retry_after = retry_after


@frozen
class Notice:
    """One line for one player."""

    to: str
    line: str


@define(eq=False)
class Task:
    """What a player is busy with."""

    number: int
    deed: Command
    serial: int
    path: deque[Spot] = field(factory=deque[Spot])
    detours: int = 0


@define(eq=False)
class Player:
    """Somebody who is, or was, in the world."""

    name: str
    spot: Spot
    items: dict[str, int] = field(factory=dict[str, int])
    food: int = FULL_FOOD
    here: bool = True
    deaths: int = 0
    task: Task | None = None
    spam: float = 0.0  # chat lines not yet forgiven
    spam_at: float = 0.0
    scolded: int = 0


@define(eq=False)
class World:
    """Everything there is; it changes by the rules alone, and knows no time but the one it is told."""

    settings: Settings
    date: float = 0.0
    tops: list[int] = field(init=False)  # of the untouched land
    _tops: list[int] = field(init=False)  # of the land as it is now
    blocks: dict[Spot, str] = field(init=False, factory=dict[Spot, str])  # where they differ from it
    places: dict[str, set[Spot]] = field(init=False, factory=dict[str, "set[Spot]"])
    signs: dict[Spot, str] = field(init=False, factory=dict[Spot, str])
    chests: dict[Spot, dict[str, int]] = field(init=False, factory=dict[Spot, "dict[str, int]"])
    planted: dict[Spot, float] = field(init=False, factory=dict[Spot, float])  # the daylight until then
    players: dict[str, Player] = field(init=False, factory=dict[str, Player])
    agenda: list[tuple[float, int, str, object]] = field(
        init=False, factory=list[tuple[float, int, str, object]]
    )
    serial: int = field(init=False, default=0)
    dice: Random = field(init=False)
    notices: list[Notice] = field(init=False, factory=list[Notice])
    harvested: int = field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        size, seed = self.settings.size, self.settings.seed
        self.dice = Random(seed)
        self.tops = [height(seed, x, z) for x in range(size) for z in range(size)]
        self._tops = list(self.tops)
        for spot, kind in growth(seed, size, self.tops):
            if self.block(spot) == "air":
                self.put(spot, kind)

    @property
    def spawn(self) -> Spot:
        """Where players appear: on the ground in the middle, whatever was built there."""
        middle = self.settings.size // 2
        spot = Spot(middle, 1, middle)
        for y in range(CEILING - 2, 0, -1):
            if self.solid(Spot(middle, y, middle)):
                return spot._replace(y=y + 1)
        return spot

    def inside(self, spot: Spot) -> bool:
        """Say whether a place is in the world at all."""
        size = self.settings.size
        return 0 <= spot.x < size and 0 <= spot.z < size and 0 <= spot.y < CEILING

    def block(self, spot: Spot) -> str:
        """Say what is at a place."""
        kind = self.blocks.get(spot)
        if kind is not None:
            return kind
        if not self.inside(spot):
            return "bedrock"
        return ground(spot.y, self.tops[spot.x * self.settings.size + spot.z])

    def solid(self, spot: Spot) -> bool:
        """Say whether a place is filled, so that nobody can be in it."""
        return self.block(spot) in SOLID

    def put(self, spot: Spot, kind: str) -> None:
        """Make a place hold a block; `air` empties it."""
        old = self.blocks.get(spot)
        if old in self.places:
            self.places[old].discard(spot)
        self.blocks[spot] = kind
        if kind == "farmland" or (kind not in GROUND and kind != "air"):
            self.places.setdefault(kind, set()).add(spot)
        column = spot.x * self.settings.size + spot.z
        top = self._tops[column]
        if kind in GROUND:
            self._tops[column] = max(top, spot.y)
        elif spot.y == top:
            while self.block(Spot(spot.x, top, spot.z)) not in GROUND:
                top -= 1
            self._tops[column] = top

    def top(self, x: int, z: int) -> int:
        """Give the y of the highest ground block of a column."""
        return self._tops[x * self.settings.size + z]

    def standable(self, spot: Spot) -> bool:
        """Say whether a player can stand with its feet at a place."""
        above, below = spot._replace(y=spot.y + 1), spot._replace(y=spot.y - 1)
        return not self.solid(spot) and not self.solid(above) and self.solid(below)

    # --- time ---------------------------------------------------------------------------------------

    def daylight(self) -> float:
        """Count the seconds of daylight there have been."""
        days, part = divmod(self.date / self.settings.day, 1)
        return (days * DAYLIGHT + min(part, DAYLIGHT)) * self.settings.day

    def stage(self, spot: Spot) -> int:
        """Say how far the wheat at a place has grown: 0 to 7, and 7 is ripe."""
        grown = self.daylight() - self.planted[spot]
        return min(7, int(7 * grown / self.settings.ripening))

    def later(self, delay: float, kind: str, subject: object) -> None:
        """Put something on the agenda."""
        self.serial += 1
        heappush(self.agenda, (self.date + delay, self.serial, kind, subject))

    # --- telling ------------------------------------------------------------------------------------

    def tell(self, name: str, line: str) -> None:
        """Give one player a line."""
        self.notices.append(Notice(name, line))

    def tell_all(self, line: str) -> None:
        """Give everybody in the world the same line, in the order of their names, and the witness first."""
        self.notices.append(Notice(WITNESS, line))
        self.notices.extend(Notice(player.name, line) for player in self.present())

    def present(self) -> list[Player]:
        """List who is in the world, by name."""
        return [self.players[name] for name in sorted(self.players) if self.players[name].here]
