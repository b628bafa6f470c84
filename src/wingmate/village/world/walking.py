"""Finding a way on foot, and never for long."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from heapq import heappop, heappush

from .._spot import Spot
from .state import Denial, World

MOST = 3000  # places looked at before a search is given up
DROP = 3  # blocks a player jumps down
SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1))


def find_way(world: World, start: Spot, goal: Spot, near: int) -> deque[Spot]:
    """Give the places to step on, from the next to the last. Raises `Denial`."""
    close = near * near
    if start.apart(goal) <= close:
        return deque()
    best: dict[Spot, int] = {start: 0}
    came: dict[Spot, Spot] = {}
    queue: list[tuple[int, int, Spot]] = [(_guess(start, goal), 0, start)]
    seen = 0
    while queue:
        _, far, spot = heappop(queue)
        if spot.apart(goal) <= close:
            return _retrace(came, spot, start)
        if far > best[spot]:
            continue
        seen += 1
        if seen > MOST:
            break
        for after in steps(world, spot):
            if far + 1 < best.get(after, far + 2):
                best[after] = far + 1
                came[after] = spot
                heappush(queue, (far + 1 + _guess(after, goal), far + 1, after))
    raise Denial("way", f"there is no way from {start} to {goal}")


def steps(world: World, spot: Spot) -> Iterator[Spot]:
    """Give the places a player can get to in one step: on the level, one up, or some down."""
    head = not world.solid(spot.shifted(y=2))
    for x, z in SIDES:
        beside = spot.shifted(x, 0, z)
        if world.solid(beside.shifted(y=1)):
            continue
        if world.solid(beside):
            above = beside.shifted(y=1)
            if head and world.standable(above):
                yield above
            continue
        for down in range(DROP + 1):
            below = beside.shifted(y=-down)
            if world.solid(below.shifted(y=-1)):
                yield below
                break


def _guess(spot: Spot, goal: Spot) -> int:
    return abs(spot.x - goal.x) + abs(spot.z - goal.z)


def _retrace(came: dict[Spot, Spot], spot: Spot, start: Spot) -> deque[Spot]:
    way = deque[Spot]()
    while spot != start:
        way.appendleft(spot)
        spot = came[spot]
    return way
