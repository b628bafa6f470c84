"""Where things are: blocks east (x), up (y) and south (z)."""

from __future__ import annotations

from typing import NamedTuple


class Spot(NamedTuple):
    """One block's place in the world; a player stands in the block of its feet."""

    x: int
    y: int
    z: int

    def shifted(self, x: int = 0, y: int = 0, z: int = 0) -> Spot:
        """Give the place so many blocks further."""
        return Spot(self.x + x, self.y + y, self.z + z)

    def apart(self, other: Spot) -> int:
        """Give the square of the distance."""
        return (self.x - other.x) ** 2 + (self.y - other.y) ** 2 + (self.z - other.z) ** 2

    def __str__(self) -> str:
        return f"{self.x} {self.y} {self.z}"
