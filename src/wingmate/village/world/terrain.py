"""How the land lies before anybody came; a function of the seed alone."""

from __future__ import annotations

from collections.abc import Iterator

from .._spot import Spot

LATTICE = 12  # blocks between two corners of the noise
LOW, RANGE = 60, 9
MEADOW = 5  # blocks around the spawn without trees
GROVE = 6  # blocks along a square with at most one tree
MASK = (1 << 64) - 1


def dice(seed: int, *at: int) -> int:
    """Give a number of 64 bits that looks like chance and is always the same."""
    state = seed & MASK
    for part in at:
        # splitmix64, by Sebastiano Vigna, in the public domain
        state = (state + 0x9E3779B97F4A7C15 + part) & MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & MASK
        state ^= state >> 31
    return state


def height(seed: int, x: int, z: int) -> int:
    """Give the y of the highest ground block of a column."""
    left, top = x // LATTICE, z // LATTICE
    corners = [dice(seed, left + i, top + j, 1) % 1000 / 999 for j in (0, 1) for i in (0, 1)]
    across, down = (_ease(value % LATTICE / LATTICE) for value in (x, z))
    north = corners[0] + (corners[1] - corners[0]) * across
    south = corners[2] + (corners[3] - corners[2]) * across
    return LOW + int((north + (south - north) * down) * RANGE)


def _ease(part: float) -> float:
    return part * part * (3 - 2 * part)


def ground(y: int, top: int) -> str:
    """Say what untouched ground is made of at a height."""
    if y > top:
        return "air"
    if y == top:
        return "grass"
    if y > top - 4:
        return "dirt"
    return "stone" if y > 0 else "bedrock"


def tree(seed: int, base: Spot) -> Iterator[tuple[Spot, str]]:
    """Give the blocks of a tree whose lowest log is at *base*."""
    tall = 4 + dice(seed, base.x, base.z, 2) % 2
    for up in range(tall):
        yield base.shifted(y=up), "log"
    yield base.shifted(y=tall), "leaves"
    for up in (tall - 2, tall - 1):
        wide = 2 if up == tall - 2 else 1
        for x in range(-wide, wide + 1):
            for z in range(-wide, wide + 1):
                if (x or z) and abs(x) + abs(z) < 2 * wide + (wide == 1):
                    yield base.shifted(x, max(up, 3), z), "leaves"


def growth(seed: int, size: int, tops: list[int]) -> Iterator[tuple[Spot, str]]:
    """Give the plants of a new world: trees, and tall grass where no tree stands."""
    middle = size // 2
    for left in range(GROVE, size - GROVE, GROVE):
        for front in range(GROVE, size - GROVE, GROVE):
            throw = dice(seed, left, front, 3)
            if throw % 5 < 2:
                continue
            x, z = left + throw // 8 % GROVE, front + throw // 64 % GROVE
            if max(abs(x - middle), abs(z - middle)) > MEADOW:
                yield from tree(seed, Spot(x, tops[x * size + z] + 1, z))
    for x in range(size):
        for z in range(size):
            if dice(seed, x, z, 4) % 9 == 0 and (x, z) != (middle, middle):
                yield Spot(x, tops[x * size + z] + 1, z), "tallgrass"
