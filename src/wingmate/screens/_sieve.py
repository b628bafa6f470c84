"""All rules of one reader, arranged so that most lines are passed over at the cost of a look-up or two."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define

from ._index import KEY, Index
from ._items import Interjected
from ._rules import Interjection, Prompt, PromptRules


@define(eq=False)
class Sieve:
    """The prompts (those that interject included) and the lines that interject."""

    prompts: PromptRules
    asking: frozenset[int]  # the identities of the prompts that interject
    lines: Index[Interjection]
    heads: frozenset[str]  # the first characters, KEY of them, of lines that matter
    short_heads: tuple[str, ...]
    tails: frozenset[str]
    short_tails: tuple[str, ...]
    loose: tuple[str, ...]  # literal text of the rules that cannot be told by a line's ends

    @classmethod
    def of(cls, rules: PromptRules, interjections: Iterable[Interjection | Prompt]) -> Sieve:
        """Arrange the rules."""
        interjections = tuple(interjections)
        asking = tuple(rule for rule in interjections if isinstance(rule, Prompt))
        prompts = PromptRules((*rules.prompts, *asking)) if asking else rules
        lines = Index[Interjection].of(
            [rule for rule in interjections if isinstance(rule, Interjection)], ends=True
        )
        above = Index[Interjection].of(
            [Interjection(prompt.name, prompt.after) for prompt in prompts.wordless if prompt.after],
            ends=True,
        )
        heads = {*prompts.begun.heads, *lines.heads, *above.heads}
        tails = {*lines.tails, *above.tails}
        return cls(
            prompts=prompts,
            asking=frozenset(id(prompt) for prompt in asking),
            lines=lines,
            heads=frozenset(head for head in heads if len(head) == KEY),
            short_heads=tuple(head for head in heads if len(head) < KEY),
            tails=frozenset(tail for tail in tails if len(tail) == KEY),
            short_tails=tuple(tail for tail in tails if len(tail) < KEY),
            loose=tuple({text for text, _, _ in (*prompts.begun.loose, *lines.loose, *above.loose)}),
        )

    def plain(self, line: str) -> bool:
        """Say whether a whole line is certainly neither prompt nor interjection, `loose` ones aside."""
        if line[:KEY] in self.heads or (self.short_heads and line.startswith(self.short_heads)):
            return False
        line = line.rstrip(" ")
        return line[-KEY:] not in self.tails and not line.endswith(self.short_tails)

    def all_plain(self, lines: list[str]) -> bool:
        """Say whether every line is `plain`; as a whole that is told faster."""
        if not self.heads.isdisjoint([line[:KEY] for line in lines]):
            return False
        if self.short_heads or self.short_tails:
            return all(map(self.plain, lines))
        return self.tails.isdisjoint([line.rstrip(" ")[-KEY:] for line in lines])

    def loose_in(self, text: str) -> bool:
        """Say whether some `loose` rule may fit a line of the text."""
        return any(literal in text for literal in self.loose)

    def interjection(self, line: str) -> Interjected | None:
        """Find the interjection that is the whole line."""
        line = line.rstrip(" ")
        best, best_rank = None, -1
        for rank, rule in self.lines.candidates(line):
            if best is None or rank < best_rank:
                fits = rule.template.pattern.fullmatch(line)
                if fits:
                    best, best_rank = Interjected(rule, line, fits.groups()), rank
        return best
