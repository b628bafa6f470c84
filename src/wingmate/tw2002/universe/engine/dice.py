"""Chance with a state of one number, so that it is saved and restored with the world."""

from __future__ import annotations

import random

from typing_extensions import override

_MASK = (1 << 64) - 1


class Dice(random.Random):
    """The world's own generator (SplitMix64): the same numbers on every Python and every machine."""

    def __init__(self, state: int = 0) -> None:
        super().__init__(0)
        self.state = state & _MASK

    def _next(self) -> int:
        self.state = (self.state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    @override
    def random(self) -> float:
        return (self._next() >> 11) / (1 << 53)

    @override
    def getrandbits(self, k: int, /) -> int:
        number = 0
        for _ in range(0, k, 64):
            number = (number << 64) | self._next()
        return number >> (-k % 64)

    @override
    def randbytes(self, n: int) -> bytes:
        return self.getrandbits(n * 8).to_bytes(n, "little")
