"""A picture of the world from above, in letters."""

from __future__ import annotations

from ._spot import Spot
from .world import World
from .world.tables import GROUND

LEGEND = "T tree  , grass  w wheat  W ripe  = field  C chest  # table  ! sign  @ player"
_SIGNS = {
    "log": "T",
    "leaves": "t",
    "sapling": "i",
    "tallgrass": ",",
    "chest": "C",
    "table": "#",
    "sign": "!",
    "planks": "+",
}
_GROUND = {"grass": ".", "dirt": ":", "stone": "o", "farmland": "=", "bedrock": "x"}
_ABOVE = 8  # blocks over the ground in which something may stand


def draw(world: World, centre: Spot, width: int, height: int) -> list[str]:
    """Draw the land around a place: north is up, and one letter is one block."""
    players = {(player.spot.x, player.spot.z) for player in world.present()}
    left, top = centre.x - width // 2, centre.z - height // 2
    return [
        "".join("@" if (x, z) in players else _letter(world, x, z) for x in range(left, left + width))
        for z in range(top, top + height)
    ]


def _letter(world: World, x: int, z: int) -> str:
    size = world.settings.size
    if not (0 <= x < size and 0 <= z < size):
        return " "
    ground = Spot(x, world.top(x, z), z)
    seen = _GROUND[world.block(ground)]
    for up in range(1, _ABOVE + 1):
        spot = ground.shifted(y=up)
        kind = world.block(spot)
        if kind == "wheat":
            return "W" if world.stage(spot) == 7 else "w"
        if kind in _SIGNS and (kind != "leaves" or seen in _GROUND.values()):
            seen = _SIGNS[kind]
            if kind != "leaves":
                return seen
        assert kind not in GROUND
    return seen
