"""What grows: wheat, trees, and the grass that gives seeds."""

from __future__ import annotations

from .._spot import Spot
from .state import World
from .terrain import tree

SEEDS_IN_GRASS = 0.4  # the chance of a tuft to give a seed; not as in any real game
SAPLINGS = 0.12  # the chance of a leaf that falls to leave a sapling
CROWN = 2  # blocks around a log in which it keeps leaves


def dug_plant(world: World, spot: Spot, kind: str) -> dict[str, int]:
    """Say what digging a plant gives, if it is one whose yield varies."""
    if kind == "tallgrass":
        world.later(world.settings.regrowing * (1 + world.dice.random()), "grass", spot)
        return {"seeds": 1} if world.dice.random() < SEEDS_IN_GRASS else {}
    if kind == "leaves":
        return {"sapling": 1} if world.dice.random() < SAPLINGS else {}
    if kind == "wheat" and world.stage(spot) == 7:
        world.harvested += 1
        return {"wheat": 1, "seeds": world.dice.randint(1, 3)}
    return {}


def dug_log(world: World, spot: Spot) -> dict[str, int]:
    """Let the leaves fall that no log keeps any more; give what they leave."""
    saplings = 0
    around = range(-CROWN, CROWN + 1)
    leaves = [spot.shifted(x, y, z) for x in around for y in around for z in around]
    for leaf in leaves:
        if world.blocks.get(leaf) != "leaves" or _kept(world, leaf):
            continue
        world.put(leaf, "air")
        saplings += world.dice.random() < SAPLINGS
    return {"sapling": saplings} if saplings else {}


def _kept(world: World, leaf: Spot) -> bool:
    around = range(-CROWN, CROWN + 1)
    return any(
        world.blocks.get(leaf.shifted(x, y, z)) == "log" for x in around for y in around for z in around
    )


def grow_tree(world: World, spot: Spot) -> None:
    """Make a sapling a tree, if it is still there; where there is no room, it tries again later."""
    if world.block(spot) != "sapling":
        return
    blocks = list(tree(world.settings.seed, spot))
    taken = {player.spot.shifted(y=up) for player in world.present() for up in (0, 1)}
    if any(kind == "log" and at != spot and world.block(at) != "air" for at, kind in blocks) or any(
        at in taken for at, _ in blocks
    ):
        world.later(world.settings.regrowing, "tree", spot)
        return
    world.put(spot, "air")
    for at, kind in blocks:
        if world.inside(at) and world.block(at) == "air":
            world.put(at, kind)


def grow_grass(world: World, spot: Spot) -> None:
    """Let a tuft of grass come back where nothing else was built."""
    if world.block(spot) == "air" and world.block(spot.shifted(y=-1)) == "grass":
        world.put(spot, "tallgrass")
