"""Requests among bots: asked for, offered, accepted, done or over; and who waits for whom."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from enum import Enum
from itertools import count
from types import MappingProxyType
from typing import TypeVar

from attrs import define, evolve, field, frozen, validators

A = TypeVar("A", bound=Hashable)
B = TypeVar("B", bound=Hashable)

OTHERWISE = 60.0
# Seconds until a request is over, as village bots have it: a need for things, a piece of ground.
EXPIRY: Mapping[str, float] = MappingProxyType({"resource": 60.0, "terraform": 600.0})


class Stage(Enum):
    """How far a request has come."""

    OPEN = "open"
    ACCEPTED = "accepted"
    FULFILLED = "fulfilled"
    REFUSED = "refused"
    EXPIRED = "expired"

    @property
    def over(self) -> bool:
        """Whether nothing will happen any more."""
        return self in {Stage.FULFILLED, Stage.REFUSED, Stage.EXPIRED}


@frozen(kw_only=True)
class Request:
    """One thing one bot wants: how much of it is still missing, what is offered, and by whom it comes."""

    number: int
    kind: str
    who: str
    what: Hashable
    missing: int
    asked: float
    until: float
    stage: Stage = Stage.OPEN
    offers: Mapping[str, float] = field(factory=dict[str, float])  # the cost, by who offers
    provider: str = ""


@define(eq=False)
class RequestBook:
    """Every request heard of, from the asking to the end; none is ever forgotten on the way.

    Asking for the same again within `again` seconds renews the request instead of making another.
    What nobody fulfils is over after the seconds `expiry` gives for its kind. Of `most` requests the
    oldest that are over are forgotten first. Dates are `wingmate.now()`.
    """

    expiry: Mapping[str, float] = field(default=EXPIRY)
    again: float = field(default=30.0, kw_only=True, validator=validators.ge(0))
    most: int = field(default=1000, kw_only=True, validator=validators.ge(1))
    _requests: dict[int, Request] = field(init=False, factory=dict[int, Request])
    _numbers: count[int] = field(init=False, factory=lambda: count(1))

    def __getitem__(self, number: int) -> Request:
        return self._requests[number]

    def request(self, kind: str, who: str, what: Hashable, *, amount: int = 1, at: float) -> Request:
        """Ask for something; the same again within some seconds is the same request.

        Raises `ValueError` when `most` requests are live.
        """
        self.tick(at)
        for old in self._requests.values():
            if (old.kind, old.who, old.what) == (kind, who, what) and at - old.asked < self.again:
                if old.stage.over:
                    return old
                return self._keep(evolve(old, until=at + self._lasts(kind)))
        self._make_room()
        number = next(self._numbers)
        until = at + self._lasts(kind)
        return self._keep(
            Request(number=number, kind=kind, who=who, what=what, missing=amount, asked=at, until=until)
        )

    def offer(self, number: int, who: str, cost: float, *, at: float) -> bool:
        """Offer to do it; False if it is too late for that."""
        request = self._live(number, at)
        if request is None or request.stage is not Stage.OPEN:
            return False
        self._keep(evolve(request, offers={**request.offers, who: cost}))
        return True

    def accept(self, number: int, who: str = "", *, at: float) -> Request | None:
        """Accept somebody's offer, the cheapest if nobody is named (of equals, the first by name)."""
        request = self._live(number, at)
        if request is None or request.stage is not Stage.OPEN or not request.offers:
            return None
        best = who or min(request.offers, key=lambda name: (request.offers[name], name))
        if best not in request.offers:
            return None
        return self._keep(evolve(request, stage=Stage.ACCEPTED, provider=best))

    def fulfil(self, number: int, amount: int, *, at: float) -> Request | None:
        """Deliver some of it, accepted or not; what is whole is fulfilled. None if it is over already."""
        request = self._live(number, at)
        if request is None:
            return None
        missing = max(0, request.missing - amount)
        stage = request.stage if missing else Stage.FULFILLED
        return self._keep(evolve(request, missing=missing, stage=stage))

    def deposit(self, what: Hashable, amount: int, *, at: float) -> list[Request]:
        """Share out what was put where everybody finds it, to the oldest requests first."""
        self.tick(at)
        served = list[Request]()
        for request in self.live():
            if amount <= 0:
                break
            if request.what == what:
                part = min(amount, request.missing)
                amount -= part
                done = self.fulfil(request.number, part, at=at)
                served += [] if done is None else [done]
        return served

    def refuse(self, number: int, *, at: float) -> bool:
        """End a request that nobody will fulfil, or that is not needed any more."""
        request = self._live(number, at)
        if request is None:
            return False
        self._keep(evolve(request, stage=Stage.REFUSED))
        return True

    def leave(self, who: str, *, at: float) -> None:
        """Take note that a bot is gone: what it asked for is refused, what it was to bring is open again."""
        self.tick(at)
        for request in self.live():
            offers = {name: cost for name, cost in request.offers.items() if name != who}
            if request.who == who:
                self._keep(evolve(request, stage=Stage.REFUSED))
            elif request.provider == who:
                self._keep(evolve(request, stage=Stage.OPEN, provider="", offers=offers))
            elif who in request.offers:
                self._keep(evolve(request, offers=offers))

    def tick(self, at: float) -> list[Request]:
        """Let time pass; give what has expired by it."""
        late = [request for request in self.live() if at >= request.until]
        return [self._keep(evolve(request, stage=Stage.EXPIRED)) for request in late]

    def live(self) -> list[Request]:
        """List what is open or accepted, the oldest first."""
        return [request for request in self._requests.values() if not request.stage.over]

    def waits(self) -> dict[str, set[str]]:
        """Give who waits for whom: the asker for the provider of each accepted request."""
        waiting = dict[str, set[str]]()
        for request in self.live():
            if request.provider:
                waiting.setdefault(request.who, set()).add(request.provider)
        return waiting

    def _lasts(self, kind: str) -> float:
        return self.expiry.get(kind, OTHERWISE)

    def _live(self, number: int, at: float) -> Request | None:
        self.tick(at)
        request = self._requests.get(number)
        return None if request is None or request.stage.over else request

    def _keep(self, request: Request) -> Request:
        self._requests[request.number] = request
        return request

    def _make_room(self) -> None:
        while len(self._requests) >= self.most:
            over = (number for number, request in self._requests.items() if request.stage.over)
            number = next(over, None)
            if number is None:
                oldest = next(iter(self._requests.values()))
                raise ValueError(f"{self.most} requests are open, the oldest of {oldest.who}; refuse some")
            del self._requests[number]


def assign(jobs: Iterable[A], bots: Iterable[B], cost: Callable[[A, B], float | None]) -> dict[A, B]:
    """Give each job to one bot and each bot one job, the cheapest pairs first; None: not able.

    Everybody who knows the same comes to the same result: of equals, the first in the order given.
    """
    pairs = list[tuple[float, int, int]]()
    all_jobs, all_bots = list(jobs), list(bots)
    for i, job in enumerate(all_jobs):
        for j, bot in enumerate(all_bots):
            price = cost(job, bot)
            if price is not None:
                pairs.append((price, i, j))
    given = dict[int, int]()
    busy = set[int]()
    for _, i, j in sorted(pairs):
        if i not in given and j not in busy:
            given[i] = j
            busy.add(j)
    return {all_jobs[i]: all_bots[j] for i, j in sorted(given.items())}


def cycles(waits: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """Report who waits for each other in a circle: each circle once, beginning with its first name.

    One circle is given for each knot of bots that wait for each other; undo it and look again.
    """
    found, safe = list[tuple[str, ...]](), set[str]()
    for start in sorted(waits):
        path, places = [start], {start: 0}
        trail = [iter(sorted(waits[start]))]
        while trail and start not in safe:
            name = next(trail[-1], None)
            if name is None:
                safe.add(path[-1])
                places.pop(path.pop())
                trail.pop()
            elif name in places:
                circle = path[places[name] :]
                first = circle.index(min(circle))
                found.append((*circle[first:], *circle[:first]))
                safe.update(path)
            elif name not in safe:
                places[name] = len(path)
                path.append(name)
                trail.append(iter(sorted(waits.get(name, ()))))
    return sorted(set(found))
