"""What there is: blocks, items, recipes, and how long things take."""

from __future__ import annotations

from types import MappingProxyType

from attrs import frozen

GROUND = frozenset({"grass", "dirt", "stone", "farmland", "bedrock"})
SOLID = GROUND | {"log", "leaves", "planks", "chest", "table"}
STANDING = frozenset({"log", "chest", "table", "sign", "wheat", "sapling"})  # what keeps the ground below it
FINDABLE = frozenset(
    {"log", "leaves", "planks", "chest", "table", "sign", "wheat", "ripe", "sapling", "tallgrass", "farmland"}
)
CHEST_SLOTS, BAG_SLOTS = 27, 36
STACK = 64
SINGLE = frozenset({"hoe"})  # items that do not stack

# What digging takes, in seconds, and gives.
DIGGING = MappingProxyType({
    "grass": (0.6, "dirt"), "dirt": (0.5, "dirt"), "farmland": (0.6, "dirt"), "stone": (2.0, "stone"),
    "log": (1.5, "logs"), "leaves": (0.3, ""), "planks": (1.5, "planks"), "chest": (2.0, "chest"),
    "table": (2.0, "table"), "sign": (0.8, "sign"), "sapling": (0.1, "sapling"), "tallgrass": (0.1, ""),
    "wheat": (0.1, "seeds"),
})  # fmt: skip

# What an item becomes when placed, and what it must stand on; None: on or beside anything solid.
PLACING: MappingProxyType[str, tuple[str, frozenset[str] | None]] = MappingProxyType({
    "dirt": ("dirt", None), "stone": ("stone", None), "planks": ("planks", None), "logs": ("log", None),
    "chest": ("chest", SOLID), "table": ("table", SOLID), "sign": ("sign", SOLID),
    "sapling": ("sapling", frozenset({"grass", "dirt"})), "seeds": ("wheat", frozenset({"farmland"})),
})  # fmt: skip


@frozen
class Recipe:
    """What one making takes and gives, and whether a table must be near."""

    takes: tuple[tuple[str, int], ...]
    gives: int
    table: bool = False


RECIPES = MappingProxyType({
    "planks": Recipe((("logs", 1),), 4),
    "sticks": Recipe((("planks", 2),), 4),
    "table": Recipe((("planks", 4),), 1),
    "chest": Recipe((("planks", 8),), 1, table=True),
    "sign": Recipe((("planks", 6), ("sticks", 1)), 3, table=True),
    "hoe": Recipe((("planks", 2), ("sticks", 2)), 1, table=True),
    "bread": Recipe((("wheat", 3),), 1, table=True),
})  # fmt: skip
FOOD = MappingProxyType({"bread": 8, "wheat": 1})  # points; not as in any real game
FULL_FOOD = 20

STEP = 0.25  # seconds per block walked
REACH = 20  # square of how far hands reach, in blocks: about 4.5
SIGHT = 48  # blocks
SECONDS = MappingProxyType({
    "place": 0.3, "till": 0.5, "craft": 0.5, "eat": 1.5, "open": 0.3, "put": 0.3, "take": 0.3, "write": 0.5,
})  # fmt: skip

SIGN_LINES, SIGN_WIDTH = 4, 15
CHAT_LENGTH = 256
NAME_LENGTH = 16


def slots(items: dict[str, int]) -> int:
    """Count the slots that so many things fill."""
    return sum(count if item in SINGLE else -(-count // STACK) for item, count in items.items())
