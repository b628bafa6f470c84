"""The questions that take no time: where, what, who, how high."""

from __future__ import annotations

from collections.abc import Callable
from heapq import nsmallest

from .._spot import Spot
from ..commands import Bag, Command, Find, Look, Read, Scan, See, Who
from .deeds import listed
from .state import Denial, Player, World
from .tables import FINDABLE, SIGHT

MOST_FOUND = 32
WIDEST = 32  # blocks along a scan


def look(world: World, player: Player, _deed: Command) -> str:
    """Where one is, what day and time it is, how much food is left."""
    day, part = divmod(world.date / world.settings.day, 1)
    return f"{player.spot} {int(day) + 1} {part:.3f} {player.food}"


def bag(_world: World, player: Player, _deed: Command) -> str:
    """What one carries."""
    return listed(player.items)


def who(world: World, _player: Player, _deed: Command) -> str:
    """Who is in the world."""
    return " ".join(player.name for player in world.present())


def see(world: World, player: Player, deed: Command) -> str:
    """What is at a place."""
    assert isinstance(deed, See)
    _check_sight(player, deed.spot)
    kind = world.block(deed.spot)
    return f"{kind} {world.stage(deed.spot)}" if kind == "wheat" else kind


def read(world: World, player: Player, deed: Command) -> str:
    """What a sign says."""
    assert isinstance(deed, Read)
    _check_sight(player, deed.spot)
    if world.block(deed.spot) != "sign":
        raise Denial("nothing", f"there is no sign at {deed.spot}")
    return world.signs[deed.spot]


def find(world: World, player: Player, deed: Command) -> str:
    """Where the nearest things of a kind are, the nearest first."""
    assert isinstance(deed, Find)
    if deed.kind not in FINDABLE:
        raise Denial("illegal", f"look for one of {', '.join(sorted(FINDABLE))}")
    if not (1 <= deed.radius <= SIGHT and 1 <= deed.count <= MOST_FOUND):
        raise Denial("illegal", f"look no further than {SIGHT} blocks, for up to {MOST_FOUND} things")
    here, far = player.spot, deed.radius**2
    places = world.places.get("wheat" if deed.kind == "ripe" else deed.kind, set[Spot]())
    near = [(here.apart(spot), spot) for spot in places if here.apart(spot) <= far]
    if deed.kind == "ripe":
        near = [pair for pair in near if world.stage(pair[1]) == 7]
    return " ".join(f"{x},{y},{z}" for _, (x, y, z) in nsmallest(deed.count, near))


def scan(world: World, player: Player, deed: Command) -> str:
    """How high the ground is."""
    assert isinstance(deed, Scan)
    if not (1 <= deed.width <= WIDEST and 1 <= deed.depth <= WIDEST and deed.width * deed.depth <= 400):
        raise Denial("illegal", f"scan up to 400 columns, up to {WIDEST} along each side")
    corners = [
        Spot(deed.x + i, player.spot.y, deed.z + j) for i in (0, deed.width - 1) for j in (0, deed.depth - 1)
    ]
    for corner in corners:
        _check_sight(player, corner)
        if not world.inside(corner):
            raise Denial("reach", "that is beyond the end of the world")
    return " ".join(
        str(world.top(deed.x + i, deed.z + j)) for j in range(deed.depth) for i in range(deed.width)
    )


def _check_sight(player: Player, spot: Spot) -> None:
    if player.spot.apart(spot) > SIGHT**2:
        raise Denial("reach", f"{spot} is out of sight from {player.spot}")


QUESTIONS: dict[type[Command], Callable[[World, Player, Command], str]] = {
    Look: look,
    Bag: bag,
    Who: who,
    See: see,
    Read: read,
    Find: find,
    Scan: scan,
}
