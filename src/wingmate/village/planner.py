"""A small planner: goals with utility, actions with needs and changes, and a search that ends.

A state is a number for each fact; what is not mentioned is 0, and a flag is 0 or 1. It knows nothing
of any game, so any role may use it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import heappop, heappush
from itertools import count
from math import inf
from types import MappingProxyType
from typing import TypeAlias

from attrs import define, field, frozen, validators

__all__ = ("Action", "Arbiter", "Goal", "State", "plan")

State: TypeAlias = Mapping[str, int]
MOST = 1000  # states looked at before a plan is given up
STAY = 1.2  # how much better another goal must be before one is left


def _frozen_mapping(mapping: Mapping[str, int]) -> Mapping[str, int]:
    return MappingProxyType(dict(mapping))


def _facts() -> Mapping[str, int]:
    return MappingProxyType({})


def met(state: State, wants: Mapping[str, int]) -> bool:
    """Say whether every fact is at least as large as wanted."""
    return all(state.get(fact, 0) >= least for fact, least in wants.items())


@frozen(kw_only=True)
class Action:
    """Something a role can do: it `needs` facts at least so large, then `changes` and `sets` some."""

    name: str
    needs: Mapping[str, int] = field(factory=_facts, converter=_frozen_mapping)
    changes: Mapping[str, int] = field(factory=_facts, converter=_frozen_mapping)
    sets: Mapping[str, int] = field(factory=_facts, converter=_frozen_mapping)
    cost: float = field(default=1.0, validator=[validators.gt(0), validators.lt(inf)])

    def possible(self, state: State) -> bool:
        """Say whether it can be done now, without making any fact negative."""
        return met(state, self.needs) and all(
            state.get(fact, 0) + change >= 0 for fact, change in self.changes.items() if change < 0
        )

    def after(self, state: State) -> dict[str, int]:
        """Give the state as it is afterwards."""
        new = {**state}
        for fact, change in self.changes.items():
            new[fact] = new.get(fact, 0) + change
        new.update(self.sets)
        return new


@frozen(kw_only=True)
class Goal:
    """A state to be reached, and how much it is worth now; nothing, or less, if it is not wanted."""

    name: str
    wants: Mapping[str, int] = field(converter=_frozen_mapping)
    utility: Callable[[State], float] = field(default=lambda _: 1.0)

    def reached(self, state: State) -> bool:
        """Say whether the state is one that is wanted."""
        return met(state, self.wants)


def plan(
    state: State, goal: Goal, actions: Iterable[Action], *, most: int = MOST
) -> tuple[Action, ...] | None:
    """Give the cheapest actions that reach a goal, or None if there are none or the search is too long.

    It looks at no more than *most* states; actions of equal cost are preferred in the order given.
    """
    doable = tuple(actions)
    start = dict(state)
    best: dict[frozenset[tuple[str, int]], float] = {_key(start): 0.0}
    number = count()
    queue: list[tuple[float, int, dict[str, int], _Way | None]] = [(0.0, next(number), start, None)]
    while queue and most > 0:
        cost, _, here, way = heappop(queue)
        if goal.reached(here):
            return tuple(_walked(way))
        if cost > best[_key(here)]:
            continue
        most -= 1
        for action in doable:
            if not action.possible(here):
                continue
            there = action.after(here)
            key, price = _key(there), cost + action.cost
            if price < best.get(key, inf):
                best[key] = price
                heappush(queue, (price, next(number), there, _Way(action, way)))
    return None


@frozen
class _Way:
    last: Action
    before: _Way | None


def _walked(way: _Way | None) -> Iterator[Action]:
    steps: list[Action] = []
    while way is not None:
        steps.append(way.last)
        way = way.before
    return reversed(steps)


def _key(state: State) -> frozenset[tuple[str, int]]:
    return frozenset((fact, value) for fact, value in state.items() if value)


@define(eq=False)
class Arbiter:
    """Chooses what to pursue: the most useful goal, but not another one for a trifle.

    A goal that failed may rest; it is not chosen before that date.
    """

    goals: tuple[Goal, ...] = field(converter=tuple[Goal, ...])
    current: Goal | None = field(init=False, default=None)
    _resting: dict[str, float] = field(init=False, factory=dict[str, float])

    def choose(self, state: State, date: float) -> Goal | None:
        """Give the goal to pursue, or None if nothing is worth anything."""
        self._resting = {name: until for name, until in self._resting.items() if until > date}
        best, worth = None, 0.0
        for goal in self.goals:
            if goal.name in self._resting or goal.reached(state):
                continue
            value = goal.utility(state) * (STAY if goal is self.current else 1.0)
            if value > worth:
                best, worth = goal, value
        self.current = best
        return best

    def rest(self, goal: Goal, until: float) -> None:
        """Leave a goal alone until a date."""
        self._resting[goal.name] = until
