"""The map of the universe: facts from the store as a graph that answers in milliseconds.

How bots share it: the store is the truth, and every bot keeps its own atlas, because bots may live
in different processes. `refresh` reads the dangers anew each time (they are few and urgent) and the
rest at most every few seconds, less often as the map grows; facts it already holds cost next to
nothing. Publishing each discovery on the channel as well was considered and left out: mailboxes are
bounded, so the survey would be needed anyway to fill the holes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from anyio import current_time
from attrs import define, evolve, field

from ..._clock import now
from ..._facts import Fact
from ...abc import KnowledgeStore
from ._graph import Graph, Path
from ._prices import Pair, make_pair
from ._sightings import facts_from
from ._values import (
    STARDOCK_CLASS,
    Danger,
    Garbage,
    Port,
    Sector,
    danger_from,
    place,
    port_from,
    sector_from,
)

EVERY = 5.0  # seconds between two full surveys of a small map
PER_SECOND = 1_000  # sectors of map for one more second in between


@define(eq=False, repr=False)
class Atlas:
    """What is known of sectors, ports and dangers; `ignored` counts the facts that made no sense."""

    ignored: int = field(init=False, default=0)
    _graph: Graph = field(init=False, factory=Graph)
    _sectors: dict[int, Sector] = field(init=False, factory=dict[int, Sector])
    _ports: dict[int, Port] = field(init=False, factory=dict[int, Port])
    _dangers: dict[int, Danger] = field(init=False, factory=dict[int, Danger])
    _refused: dict[str, float] = field(init=False, factory=dict[str, float])
    _surveyed_at: float = field(init=False, default=float("-inf"))

    @classmethod
    async def load(cls, store: KnowledgeStore) -> Atlas:
        """Draw the map from everything the store knows."""
        atlas = cls()
        await atlas.refresh(store, every=0.0)
        return atlas

    async def refresh(self, store: KnowledgeStore, *, every: float = EVERY) -> int:
        """Take over what other bots learned; give the number of facts that were news here."""
        before, self._dangers = self._dangers, {}
        news = sum(self.add(fact) for fact in await store.survey("danger/"))
        news -= sum(self._dangers.get(number) == danger for number, danger in before.items())
        pause = every + len(self._sectors) / PER_SECOND if every else 0.0
        if current_time() - self._surveyed_at >= pause:
            self._surveyed_at = current_time()
            for prefix in ("sector/", "port/"):
                news += sum(self.add(fact) for fact in await store.survey(prefix))
        return max(news, 0)

    def facts_from(self, event: object, *, here: int | None, at: float, by: str) -> list[Fact]:
        """Give the facts an event teaches; *here* is the ship's sector, for reports that name none."""
        return facts_from(self, event, here=here, at=at, by=by)

    # --- drawing ------------------------------------------------------------------------------

    def add(self, fact: Fact) -> bool:
        """Draw one fact; say whether it changed the map. Facts of other kinds pass by, garbage is counted."""
        draw = {"sector": self._add_sector, "port": self._add_port, "danger": self._add_danger}
        if fact.kind not in draw:
            return False
        try:
            return draw[fact.kind](fact)
        except Garbage:
            # The same bad fact comes back with every survey and is counted once.
            if self._refused.get(fact.key) != fact.seen_at:
                self._refused[fact.key] = fact.seen_at
                self.ignored += 1
            return False

    def _add_sector(self, fact: Fact) -> bool:
        digits = fact.key.partition("/")[2]
        known = self._sectors.get(int(digits)) if digits.isascii() and digits.isdigit() else None
        if known is not None and (known.seen_at, known.seen_by) >= (fact.seen_at, fact.seen_by):
            return False
        sector = sector_from(fact)
        known = self._sectors.get(sector.number)
        if known is not None and not sector.warps:
            # Seen from afar only: the ways out do not show there, but they are still known.
            sector = evolve(sector, warps=known.warps)
        self._sectors[sector.number] = sector
        if sector.warps and (known is None or known.warps != sector.warps):
            self._graph.link(sector.number, sector.warps)
        self._settle_port(sector)
        return True

    def _settle_port(self, sector: Sector) -> None:
        known = self._ports.get(sector.number)
        if sector.code is None:
            if known is not None and known.seen_at < sector.seen_at:
                del self._ports[sector.number]
            return
        if known is None or (known.code, known.port_class) != (sector.code, sector.port_class):
            self._ports[sector.number] = Port(
                sector=sector.number,
                code=sector.code,
                name=sector.port_name,
                port_class=sector.port_class,
                seen_at=sector.seen_at,
            )

    def _add_port(self, fact: Fact) -> bool:
        known = self._ports.get(place(fact))
        if known is not None and known.products and known.seen_at >= fact.seen_at:
            return False
        port = port_from(fact)
        here = self._sectors.get(port.sector)
        if here is not None and here.code is None and here.seen_at > port.seen_at and here.warps:
            return False  # somebody was there since, and the port is gone
        self._ports[port.sector] = evolve(port, name=port.name or (known.name if known else ""))
        return True

    def _add_danger(self, fact: Fact) -> bool:
        danger = danger_from(fact)
        if danger is None:
            return self._dangers.pop(place(fact), None) is not None
        changed = self._dangers.get(danger.sector) != danger
        self._dangers[danger.sector] = danger
        return changed

    # --- looking up ---------------------------------------------------------------------------

    def __repr__(self) -> str:
        # A whole map has no place in a log or in an error message.
        return f"<Atlas of {len(self._sectors)} sectors, {len(self._ports)} ports>"

    def __len__(self) -> int:
        return len(self._sectors)

    def __contains__(self, number: object) -> bool:
        return number in self._graph.seen

    @property
    def sectors(self) -> Collection[Sector]:
        """Every sector heard of, in no particular order."""
        return self._sectors.values()

    @property
    def ports(self) -> Collection[Port]:
        """Every port heard of, in no particular order."""
        return self._ports.values()

    @property
    def dangers(self) -> Collection[int]:
        """The sectors to keep away from."""
        return self._dangers.keys()

    def sector(self, number: int) -> Sector | None:
        """Tell what is known of a sector."""
        return self._sectors.get(number)

    def port(self, number: int) -> Port | None:
        """Tell what is known of the port in a sector."""
        return self._ports.get(number)

    def danger(self, number: int) -> Danger | None:
        """Tell why a sector is to be avoided, if it is."""
        return self._dangers.get(number)

    def warps(self, number: int) -> tuple[int, ...]:
        """Tell where one can go from a sector; nothing if nobody has been there."""
        return self._graph.ways(number)

    def explored(self, number: int) -> bool:
        """Say whether the ways out of a sector are known."""
        return number in self._graph.seen

    @property
    def explored_count(self) -> int:
        """How many sectors have known ways out."""
        return len(self._graph.seen)

    def frontier(self) -> list[int]:
        """List the sectors that a known way leads to and nobody has seen, ascending."""
        return sorted(self._graph.frontier)

    def dead_ends(self) -> list[int]:
        """List the sectors with a single way out, ascending."""
        return sorted(n for n in self._graph.seen if len(self._graph.ways(n)) == 1)

    def stardock(self) -> int | None:
        """Tell where StarDock is, if anybody has seen it."""
        return min((p.sector for p in self._ports.values() if p.port_class == STARDOCK_CLASS), default=None)

    # --- ways ---------------------------------------------------------------------------------

    def path(self, start: int, goal: int, *, avoid: Iterable[int] = ()) -> Path | None:
        """Give a shortest known path with both ends; dangers are passed by, unless they are the goal."""
        return self._graph.path(start, goal, self._shunned(avoid, goal))

    def nearest(self, start: int, wanted: Callable[[int], bool], *, avoid: Iterable[int] = ()) -> Path | None:
        """Give the path to the nearest sector that is wanted, if a safe one is known."""
        return self._graph.nearest(start, wanted, self._shunned(avoid, start))

    def nearest_port(self, start: int, kind: str | int, *, avoid: Iterable[int] = ()) -> Path | None:
        """Give the path to the nearest port of a class (`9`) or code (`SxB`, x for either)."""
        return self.nearest(start, lambda n: n in self._ports and self._ports[n].matches(kind), avoid=avoid)

    def nearest_frontier(self, start: int, *, avoid: Iterable[int] = ()) -> Path | None:
        """Give the path to the nearest unexplored sector."""
        frontier = self._graph.frontier
        return self.nearest(start, lambda n: n in frontier, avoid=avoid)

    def distances(self, start: int, *, around: bool = True) -> dict[int, int]:
        """Tell how many warps away every sector is that can be reached, *around* dangers or through them."""
        came: dict[int, int] = {start: start}
        far = {start: 0}
        for number in self._graph.spread(start, self._shunned((), start) if around else (), came):
            far[number] = far[came[number]] + (number != start)
        return far

    def _shunned(self, avoid: Iterable[int], wanted: int) -> set[int]:
        return {*self._dangers, *avoid} - {wanted}

    # --- trade --------------------------------------------------------------------------------

    def pairs(
        self, *, holds: int = 20, turns_per_warp: int = 3, experience: int = 0, date: float | None = None
    ) -> list[Pair]:
        """Rank the neighbouring ports that trade with each other, most credits per turn first."""
        date = now() if date is None else date
        found: list[Pair] = []
        for port in self._ports.values():
            if not port.tradeable or port.sector in self._dangers:
                continue
            for way in self._graph.ways(port.sector):
                other = self._ports.get(way)
                if way <= port.sector or other is None or not other.tradeable or way in self._dangers:
                    continue
                if port.sector in self._graph.ways(way):
                    pair = make_pair(
                        port,
                        other,
                        holds=holds,
                        turns_per_warp=turns_per_warp,
                        experience=experience,
                        date=date,
                    )
                    found += [pair] if pair else []
        return sorted(found, key=lambda pair: (-pair.per_turn, pair.here, pair.there))
