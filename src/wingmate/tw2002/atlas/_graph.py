"""A directed graph over small whole numbers: breadth-first search and nothing else.

Every warp costs the same, so breadth-first search is exact. Written out in plain Python it needs
a few milliseconds for 20,000 sectors (`bench/paths.py`), which is not worth a dependency.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from attrs import define, field

Path = tuple[int, ...]


@define(eq=False, repr=False)
class Graph:
    """One-way ways between sectors, and the sectors that others lead to but nobody has seen."""

    _out: dict[int, tuple[int, ...]] = field(init=False, factory=dict[int, tuple[int, ...]])
    _into: dict[int, set[int]] = field(init=False, factory=dict[int, set[int]])
    _frontier: set[int] = field(init=False, factory=set[int])

    def link(self, sector: int, ways: Iterable[int]) -> None:
        """Set all the ways out of a sector; it counts as seen from now on."""
        for way in self._out.get(sector, ()):
            self._unlink(sector, way)
        self._out[sector] = outward = tuple(ways)
        self._frontier.discard(sector)
        for way in outward:
            self._into.setdefault(way, set()).add(sector)
            if way not in self._out:
                self._frontier.add(way)

    def _unlink(self, sector: int, way: int) -> None:
        into = self._into[way]
        into.discard(sector)
        if not into:
            del self._into[way]
            self._frontier.discard(way)

    def ways(self, sector: int) -> tuple[int, ...]:
        """Tell where one can go from a sector; nothing if nobody has seen it."""
        return self._out.get(sector, ())

    def into(self, sector: int) -> Collection[int]:
        """Tell from where one can come to a sector."""
        return self._into.get(sector, ())

    @property
    def seen(self) -> Collection[int]:
        """The sectors whose ways out are known."""
        return self._out.keys()

    @property
    def frontier(self) -> Collection[int]:
        """The sectors that are known only because a way leads there."""
        return self._frontier

    def path(self, start: int, goal: int, avoid: Collection[int] = ()) -> Path | None:
        """Give a shortest path with both ends, or None; *avoid* may not be entered."""
        if start == goal:
            return (start,)
        if goal in avoid:
            return None
        ahead: dict[int, int] = {start: start}
        behind: dict[int, int] = {goal: goal}
        front, back = [start], [goal]
        none: tuple[int, ...] = ()
        # Both searches grow by whole rings, the thinner one first. When a new ring touches the other
        # side it does so in that side's last ring, so the first touch is already a shortest path.
        while front and back:
            if len(front) <= len(back):
                front, meet = _grow(front, ahead, behind, self._out.get, none, avoid)
            else:
                back, meet = _grow(back, behind, ahead, self._into.get, none, avoid)
            if meet:
                return _join(meet, ahead, behind)
        return None

    def nearest(self, start: int, wanted: Callable[[int], bool], avoid: Collection[int] = ()) -> Path | None:
        """Give the path to the nearest sector that is wanted, ties by the order of the ways."""
        came: dict[int, int] = {start: start}
        for sector in self.spread(start, avoid, came):
            if wanted(sector):
                return _back(sector, came)
        return None

    def spread(
        self, start: int, avoid: Collection[int] = (), came: dict[int, int] | None = None
    ) -> Iterator[int]:
        """Go through what can be reached, nearest first; *came* is filled with where from."""
        came = {start: start} if came is None else came
        ring = [start]
        while ring:
            yield from ring
            following: list[int] = []
            for sector in ring:
                for way in self._out.get(sector, ()):
                    if way not in came and way not in avoid:
                        came[way] = sector
                        following.append(way)
            ring = following


def _grow(  # noqa: PLR0917 - the inner loop of every path; a closure or an object costs a third more
    ring: list[int],
    mine: dict[int, int],
    theirs: dict[int, int],
    ways: Callable[[int, Collection[int]], Collection[int] | None],
    none: Collection[int],
    avoid: Collection[int],
) -> tuple[list[int], int]:
    following: list[int] = []
    for sector in ring:
        for way in ways(sector, none) or none:
            if way not in mine and way not in avoid:
                mine[way] = sector
                if way in theirs:
                    return following, way
                following.append(way)
    return following, 0


def _back(sector: int, came: dict[int, int]) -> Path:
    path = [sector]
    while came[sector] != sector:
        sector = came[sector]
        path.append(sector)
    return tuple(reversed(path))


def _join(meet: int, ahead: dict[int, int], behind: dict[int, int]) -> Path:
    return _back(meet, ahead) + tuple(reversed(_back(meet, behind)))[1:]
