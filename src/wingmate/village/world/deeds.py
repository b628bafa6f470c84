"""The deeds that change the world: what each needs, how long it takes, and what it does.

Every deed is checked twice, when it begins and when it is done: meanwhile somebody else may have
been quicker.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from .._spot import Spot
from ..commands import Command, Craft, Dig, Eat, Open, Place, Put, Take, Till, Write
from . import tables
from .plants import dug_log, dug_plant
from .state import Denial, Player, World
from .tables import BAG_SLOTS, CHEST_SLOTS, FOOD, FULL_FOOD, PLACING, REACH, RECIPES, SECONDS, SOLID


@frozen
class Rule:
    """How one kind of deed works."""

    check: Callable[[World, Player, Command], float]  # gives the seconds it takes. Raises `Denial`
    finish: Callable[[World, Player, Command], str]  # gives what to answer


def give(player: Player, item: str, count: int) -> None:
    """Put things into a player's bag; what finds no room is lost."""
    room = {**player.items, item: player.items.get(item, 0) + count}
    if count > 0 and item and tables.slots(room) <= BAG_SLOTS:
        player.items = room


def spend(player: Player, item: str, count: int) -> None:
    """Take things out of a player's bag; they are there."""
    left = player.items[item] - count
    if left:
        player.items[item] = left
    else:
        del player.items[item]


def need(player: Player, item: str, count: int = 1) -> None:
    """Raise `Denial` unless the player has so many."""
    if player.items.get(item, 0) < count:
        raise Denial("missing", f"you need {count} {item}")


def check_reach(player: Player, spot: Spot) -> None:
    """Raise `Denial` unless the player's hands reach a place."""
    if not _near(player, spot):
        raise Denial("reach", f"{spot} is out of reach from {player.spot}")


def _near(player: Player, spot: Spot) -> bool:
    # From the feet or from the head: whoever may walk until four blocks near can always reach.
    return min(player.spot.apart(spot), player.spot.shifted(y=1).apart(spot)) <= REACH


def listed(items: dict[str, int]) -> str:
    """Write items as an answer does."""
    return " ".join(f"{item}:{items[item]}" for item in sorted(items))


# --- digging and building ---------------------------------------------------------------------------


def _check_dig(world: World, player: Player, deed: Command) -> float:
    assert isinstance(deed, Dig)
    check_reach(player, deed.spot)
    kind = world.block(deed.spot)
    if kind not in tables.DIGGING:
        raise Denial("nothing", f"there is nothing to dig at {deed.spot}, only {kind}")
    if world.block(deed.spot.shifted(y=1)) in tables.STANDING and kind != "log":
        raise Denial("occupied", f"something stands on {deed.spot}")
    if kind == "chest" and world.chests[deed.spot]:
        raise Denial("occupied", f"the chest at {deed.spot} is not empty")
    return tables.DIGGING[kind][0]


def _dig(world: World, player: Player, deed: Command) -> str:
    assert isinstance(deed, Dig)
    spot = deed.spot
    kind = world.block(spot)
    gains = dug_plant(world, spot, kind)
    if not gains and (item := tables.DIGGING[kind][1]):
        gains = {item: 1}
    world.put(spot, "air")
    world.signs.pop(spot, None)
    world.chests.pop(spot, None)
    world.planted.pop(spot, None)
    if kind == "log":
        gains |= dug_log(world, spot)
    if world.block(spot.shifted(y=1)) == "tallgrass":
        world.put(spot.shifted(y=1), "air")
    for item, count in gains.items():
        give(player, item, count)
    _let_fall(world)
    return listed(gains)


def _let_fall(world: World) -> None:
    for player in world.present():
        while not world.solid(player.spot.shifted(y=-1)):
            player.spot = player.spot.shifted(y=-1)


def _check_place(world: World, player: Player, deed: Command) -> float:
    assert isinstance(deed, Place)
    if deed.item not in PLACING:
        raise Denial("illegal", f"{deed.item} cannot be placed")
    check_reach(player, deed.spot)
    kind, on = PLACING[deed.item]
    spot = deed.spot
    if not world.inside(spot) or world.block(spot) not in {"air", "tallgrass"}:
        raise Denial("occupied", f"{spot} is taken by {world.block(spot)}")
    if kind in SOLID:
        for other in world.present():
            if spot in (other.spot, other.spot.shifted(y=1)):
                raise Denial("occupied", f"{other.name} stands at {spot}")
    if on is None:
        sides = ((0, -1, 0), (1, 0, 0), (-1, 0, 0), (0, 0, 1), (0, 0, -1))
        if not any(world.solid(spot.shifted(*side)) for side in sides):
            raise Denial("illegal", f"nothing holds {kind} at {spot}")
    elif world.block(spot.shifted(y=-1)) not in on:
        raise Denial("illegal", f"{kind} does not stand on {world.block(spot.shifted(y=-1))}")
    need(player, deed.item)
    return SECONDS["place"]


def _place(world: World, player: Player, deed: Command) -> str:
    assert isinstance(deed, Place)
    kind = PLACING[deed.item][0]
    spend(player, deed.item, 1)
    world.put(deed.spot, kind)
    if kind == "chest":
        world.chests[deed.spot] = {}
    elif kind == "sign":
        world.signs[deed.spot] = ""
    elif kind == "wheat":
        world.planted[deed.spot] = world.daylight()
    elif kind == "sapling":
        world.later(world.settings.regrowing, "tree", deed.spot)
    return ""


def _check_till(world: World, player: Player, deed: Command) -> float:
    assert isinstance(deed, Till)
    check_reach(player, deed.spot)
    need(player, "hoe")
    if world.block(deed.spot) not in {"grass", "dirt"}:
        raise Denial("illegal", f"{world.block(deed.spot)} cannot be tilled")
    if world.block(deed.spot.shifted(y=1)) not in {"air", "tallgrass"}:
        raise Denial("occupied", f"something stands on {deed.spot}")
    return SECONDS["till"]


def _till(world: World, _player: Player, deed: Command) -> str:
    assert isinstance(deed, Till)
    world.put(deed.spot, "farmland")
    if world.block(deed.spot.shifted(y=1)) == "tallgrass":
        world.put(deed.spot.shifted(y=1), "air")
    return ""


# --- making and eating ------------------------------------------------------------------------------


def _check_craft(world: World, player: Player, deed: Command) -> float:
    assert isinstance(deed, Craft)
    recipe = RECIPES.get(deed.item)
    if recipe is None:
        raise Denial("illegal", f"nobody knows how to make {deed.item}")
    if not 1 <= deed.times <= tables.STACK:
        raise Denial("illegal", f"make between 1 and {tables.STACK} at once")
    for item, count in recipe.takes:
        need(player, item, count * deed.times)
    if recipe.table:
        tables_known = world.places.get("table", set[Spot]())
        if not any(_near(player, spot) for spot in tables_known):
            raise Denial("reach", f"no table is near to make {deed.item}")
    made = player.items | {deed.item: player.items.get(deed.item, 0) + recipe.gives * deed.times}
    if tables.slots(made) > BAG_SLOTS + 1:
        raise Denial("room", "your bag is full")
    return SECONDS["craft"]


def _craft(_world: World, player: Player, deed: Command) -> str:
    assert isinstance(deed, Craft)
    recipe = RECIPES[deed.item]
    for item, count in recipe.takes:
        spend(player, item, count * deed.times)
    give(player, deed.item, recipe.gives * deed.times)
    return f"{deed.item}:{recipe.gives * deed.times}"


def _check_eat(_world: World, player: Player, deed: Command) -> float:
    assert isinstance(deed, Eat)
    if deed.item not in FOOD:
        raise Denial("illegal", f"{deed.item} cannot be eaten")
    need(player, deed.item)
    return SECONDS["eat"]


def _eat(_world: World, player: Player, deed: Command) -> str:
    assert isinstance(deed, Eat)
    spend(player, deed.item, 1)
    player.food = min(FULL_FOOD, player.food + FOOD[deed.item])
    return f"food:{player.food}"


# --- chests and signs -------------------------------------------------------------------------------


def _check_open(world: World, player: Player, deed: Command) -> float:
    assert isinstance(deed, Open | Put | Take)
    check_reach(player, deed.spot)
    if world.block(deed.spot) != "chest":
        raise Denial("nothing", f"there is no chest at {deed.spot}")
    return SECONDS["open"]


def _open(world: World, _player: Player, deed: Command) -> str:
    assert isinstance(deed, Open)
    return listed(world.chests[deed.spot])


def _check_put(world: World, player: Player, deed: Command) -> float:
    assert isinstance(deed, Put)
    seconds = _check_open(world, player, deed)
    _check_count(deed.count)
    need(player, deed.item, deed.count)
    chest = world.chests[deed.spot]
    if tables.slots(chest | {deed.item: chest.get(deed.item, 0) + deed.count}) > CHEST_SLOTS:
        raise Denial("room", f"the chest at {deed.spot} has no room for that")
    return seconds


def _put(world: World, player: Player, deed: Command) -> str:
    assert isinstance(deed, Put)
    chest = world.chests[deed.spot]
    spend(player, deed.item, deed.count)
    chest[deed.item] = chest.get(deed.item, 0) + deed.count
    return listed(chest)


def _check_take(world: World, player: Player, deed: Command) -> float:
    assert isinstance(deed, Take)
    seconds = _check_open(world, player, deed)
    _check_count(deed.count)
    there = world.chests[deed.spot].get(deed.item, 0)
    if there < deed.count:
        raise Denial("missing", f"the chest at {deed.spot} holds {there} {deed.item}")
    if tables.slots(player.items | {deed.item: player.items.get(deed.item, 0) + deed.count}) > BAG_SLOTS:
        raise Denial("room", "your bag is full")
    return seconds


def _take(world: World, player: Player, deed: Command) -> str:
    assert isinstance(deed, Take)
    chest = world.chests[deed.spot]
    chest[deed.item] -= deed.count
    if not chest[deed.item]:
        del chest[deed.item]
    give(player, deed.item, deed.count)
    return listed(chest)


def _check_count(count: int) -> None:
    if count < 1:
        raise Denial("illegal", f"a positive number is needed, not {count}")


def _check_write(world: World, player: Player, deed: Command) -> float:
    assert isinstance(deed, Write)
    check_reach(player, deed.spot)
    if world.block(deed.spot) != "sign":
        raise Denial("nothing", f"there is no sign at {deed.spot}")
    lines = deed.text.split("|")
    if len(lines) > tables.SIGN_LINES or any(len(line) > tables.SIGN_WIDTH for line in lines):
        raise Denial("illegal", f"a sign has {tables.SIGN_LINES} lines of {tables.SIGN_WIDTH} characters")
    if not deed.text.isascii():
        raise Denial("illegal", "a sign has plain letters only")
    return SECONDS["write"]


def _write(world: World, _player: Player, deed: Command) -> str:
    assert isinstance(deed, Write)
    world.signs[deed.spot] = deed.text
    return ""


RULES: dict[type[Command], Rule] = {
    Dig: Rule(_check_dig, _dig),
    Place: Rule(_check_place, _place),
    Till: Rule(_check_till, _till),
    Craft: Rule(_check_craft, _craft),
    Eat: Rule(_check_eat, _eat),
    Open: Rule(_check_open, _open),
    Put: Rule(_check_put, _put),
    Take: Rule(_check_take, _take),
    Write: Rule(_check_write, _write),
}
