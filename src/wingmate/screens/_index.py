"""Finding the few rules that may fit a line, without trying each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Generic, TypeVar

from attrs import define

if TYPE_CHECKING:
    from ._rules import Interjection, Prompt

RuleT = TypeVar("RuleT", "Prompt", "Interjection")

KEY = 4  # characters looked up at a time
FEW = 2  # rules that are not worth another look-up


@define(eq=False)
class Branch(Generic[RuleT]):
    """Rules that begin with the same literal text, and those that go on with KEY characters more."""

    rules: list[tuple[int, RuleT]]
    longer: dict[str, Branch[RuleT]]


@define(eq=False)
class Index(Generic[RuleT]):
    """Finds rules by the literal text they begin with, or else end with.

    Each comes with its rank, the smaller the better: by weight, then in the order given.
    """

    root: Branch[RuleT]
    tails: dict[str, list[tuple[int, RuleT]]]
    tail_sizes: tuple[int, ...]
    loose: list[tuple[str, int, RuleT]]  # rules with neither, and literal text that must be in the line
    heads: frozenset[str]  # the first KEY characters, or fewer, of the rules under the root

    @classmethod
    def of(cls, rules: Iterable[RuleT], *, ends: bool) -> Index[RuleT]:
        """Build the index; `ends` says whether whole lines are looked for, or also beginnings of lines."""
        heads: list[tuple[int, RuleT]] = []
        tails: defaultdict[str, list[tuple[int, RuleT]]] = defaultdict(list)
        loose: list[tuple[str, int, RuleT]] = []
        for rank, rule in enumerate(sorted(rules, key=lambda rule: -rule.weight)):
            template = rule.template
            if template.head:
                heads.append((rank, rule))
            elif ends and template.tail:
                tails[template.tail[-KEY:]].append((rank, rule))
            elif template.parts:
                loose.append((max((p for p in template.parts if isinstance(p, str)), key=len), rank, rule))
        return cls(
            root=_branch(heads, 0),
            tails=dict(tails),
            tail_sizes=tuple(sorted({len(tail) for tail in tails}, reverse=True)),
            loose=loose,
            heads=frozenset(rule.template.head[:KEY] for _, rule in heads),
        )

    def candidates(self, line: str) -> list[tuple[int, RuleT]]:
        """Give the rules that may fit the line, in no order."""
        branch: Branch[RuleT] | None = self.root
        place = 0
        found: list[tuple[int, RuleT]] = []
        while branch is not None:
            if branch.rules:
                found += branch.rules
            branch = branch.longer.get(line[place : place + KEY])
            place += KEY
        for size in self.tail_sizes:
            found += self.tails.get(line[-size:], ())
        for literal, rank, rule in self.loose:
            if literal in line:
                found.append((rank, rule))
        return found


def _branch(rules: list[tuple[int, RuleT]], place: int) -> Branch[RuleT]:
    if place and len(rules) <= FEW:
        return Branch(rules, {})
    here: list[tuple[int, RuleT]] = []
    groups: defaultdict[str, list[tuple[int, RuleT]]] = defaultdict(list)
    for rank, rule in rules:
        key = rule.template.head[place : place + KEY]
        if len(key) < KEY:
            here.append((rank, rule))
        else:
            groups[key].append((rank, rule))
    return Branch(here, {key: _branch(group, place + KEY) for key, group in groups.items()})
