"""Prompts as data: what the game prints when it waits for the player, and what it prints in between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import Factory, field, frozen, validators

from ._index import Index
from ._template import Template, Value

LONGEST_PROMPT = 512  # characters of a line that are looked at


def _template(source: str | Template) -> Template:
    return source if isinstance(source, Template) else Template(source)


def _whole_line(source: str | Template) -> Template:
    # Blanks at a line's end are a matter of taste among games, so lines are compared without them.
    return Template(source.rstrip(" ")) if isinstance(source, str) else source


def _whole_line_or_none(source: str | Template | None) -> Template | None:
    return None if source is None else _whole_line(source)


def _needs_text(_instance: object, _attribute: object, template: Template | None) -> None:
    if template is not None and not template.weight:
        raise ValueError(f"the template {template.source!r} needs some literal text, or every line would fit")


@frozen
class Prompt:
    """Text that waits for an answer, such as `Prompt("offer", "Your offer [{amount:int}] ? ")`.

    `after` is the last line with text on it before the prompt; it tells apart prompts that look the
    same, and finds a prompt without words: `Prompt("ship", "", after="Name of your ship?")`.
    Set `repeats` if the game itself may wipe the prompt out and print it anew (a pager), so that
    the second one is not taken for a reprint. Several rules may share a name.
    """

    name: str = field(validator=validators.min_len(1))
    template: Template = field(converter=_template)
    after: Template | None = field(
        default=None, converter=_whole_line_or_none, validator=_needs_text, kw_only=True
    )
    repeats: bool = field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.template.parts and not self.template.tail:
            raise ValueError(
                f"the prompt {self.name!r} must end with literal text, or nothing would tell its end"
            )
        if not self.template.parts and self.after is None:
            raise ValueError(f"the prompt {self.name!r} has no text; say which line it comes `after`")

    @property
    def weight(self) -> int:
        """How specific the rule is; of two that fit the same text, the heavier one counts."""
        return self.template.weight + (self.after.weight if self.after else 0)

    def follows(self, before: str) -> bool:
        """Say whether the prompt may come after that line."""
        return self.after is None or self.after.pattern.fullmatch(before.rstrip(" ")) is not None


@frozen
class Interjection:
    """A whole line that comes when it likes: `Interjection("left", "{who} warps out of the sector.")`."""

    name: str = field(validator=validators.min_len(1))
    template: Template = field(
        converter=_whole_line, validator=[validators.instance_of(Template), _needs_text]
    )

    @property
    def weight(self) -> int:
        """How specific the rule is; of two that fit the same line, the heavier one counts."""
        return self.template.weight


@frozen
class PromptMatch:
    """A prompt that was found: the rule, the text, and what its fields hold."""

    prompt: Prompt
    text: str
    found: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.prompt.name

    @property
    def fields(self) -> dict[str, Value]:
        """The fields as values; worked out when asked for, so that unread ones cost nothing."""
        return self.prompt.template.values(self.found)

    def __getitem__(self, name: str) -> Value:
        return self.fields[name]


def _tuple(prompts: Iterable[Prompt]) -> tuple[Prompt, ...]:
    return tuple(prompts)


def _unique(_instance: object, _attribute: object, prompts: tuple[Prompt, ...]) -> None:
    seen: dict[tuple[str, str | None], Prompt] = {}
    for prompt in prompts:
        after = prompt.after.source if prompt.after else None
        other = seen.setdefault((prompt.template.source, after), prompt)
        if other is not prompt:
            raise ValueError(
                f"the prompts {other.name!r} and {prompt.name!r} are both {prompt.template.source!r}"
            )


def _index_whole(rules: PromptRules) -> Index[Prompt]:
    return Index[Prompt].of(rules.prompts, ends=True)


def _index_begun(rules: PromptRules) -> Index[Prompt]:
    return Index[Prompt].of(rules.prompts, ends=False)


def _find_wordless(rules: PromptRules) -> tuple[Prompt, ...]:
    wordless = [prompt for prompt in rules.prompts if not prompt.template.parts]
    return tuple(sorted(wordless, key=lambda prompt: -prompt.weight))


@frozen
class PromptRules:
    """A table of prompts, asked in far less time than trying each.

    Where several fit the same text, the one with the most literal text counts, then the first.
    """

    prompts: tuple[Prompt, ...] = field(converter=_tuple, validator=_unique)
    whole: Index[Prompt] = field(
        init=False, eq=False, repr=False, default=Factory(_index_whole, takes_self=True)
    )
    begun: Index[Prompt] = field(
        init=False, eq=False, repr=False, default=Factory(_index_begun, takes_self=True)
    )
    wordless: tuple[Prompt, ...] = field(
        init=False, eq=False, repr=False, default=Factory(_find_wordless, takes_self=True)
    )

    def match(self, line: str, *, before: str = "") -> PromptMatch | None:
        """Find the prompt that is the whole of *line*; *before* is the last line with text above it."""
        if len(line) > LONGEST_PROMPT:
            return None
        best, best_rank = None, len(self.prompts)
        for rank, prompt in self.whole.candidates(line):
            if rank < best_rank and line.endswith(prompt.template.tail):
                fits = prompt.template.pattern.fullmatch(line)
                if fits and (prompt.after is None or prompt.follows(before)):
                    best, best_rank = PromptMatch(prompt, line, fits.groups()), rank
        return best

    def beginnings(
        self, line: str, *, before: str = "", seen: Sequence[PromptMatch] = ()
    ) -> list[PromptMatch]:
        """Find every prompt that *line* begins with, the shortest first; one for each length.

        Prompts *seen* before on the line are left out, and so is what is no longer than they are.
        """
        found: dict[int, tuple[int, PromptMatch]] = {}
        for rank, prompt in self.begun.candidates(line):
            if seen and any(match.prompt is prompt for match in seen):
                continue
            fits = prompt.template.pattern.match(line, 0, LONGEST_PROMPT)
            if fits and prompt.follows(before):
                end = fits.end()
                if end not in found or rank < found[end][0]:
                    found[end] = (rank, PromptMatch(prompt, fits[0], fits.groups()))
        longest = len(seen[-1].text) if seen else 0
        return [found[end][1] for end in sorted(found) if end > longest]

    def opening(self, before: str) -> PromptMatch | None:
        """Find the prompt without words that stands below the line *before*."""
        for prompt in self.wordless:
            if prompt.follows(before):
                return PromptMatch(prompt, "")
        return None
