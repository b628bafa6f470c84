"""Hypothesis strategies for chat: made from the declarations, so that new verbs have theirs at once.

Importing this needs nothing; using it needs the extra `testing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..chat import TYPES, Language, Saying, Verb

if TYPE_CHECKING:
    from hypothesis import strategies as st
    from hypothesis.strategies import SearchStrategy
else:
    from .strategies import st  # the same, imported when first needed

__all__ = ("chat_lines", "sayings")


def sayings(*verbs: Verb) -> SearchStrategy[Saying]:
    """Give what can be said with the verbs."""
    return st.one_of(*map(_saying, verbs))


def _saying(verb: Verb) -> SearchStrategy[Saying]:
    values = {
        name: st.from_regex(TYPES[kind].pattern, fullmatch=True, alphabet=_ascii()).map(TYPES[kind].read)
        for name, kind in verb.fields.items()
    }
    # Text with doubled spaces is said with single ones, so it is not what comes back.
    return st.fixed_dictionaries(values).filter(_spaced_singly).map(lambda made: Saying(verb.name, made))


def _spaced_singly(values: dict[str, int | str]) -> bool:
    return not any("  " in value for value in values.values() if isinstance(value, str))


def chat_lines(language: Language) -> SearchStrategy[str]:
    """Give what may stand in a chat: sayings, nearly sayings, and what players type."""
    said = sayings(*language.verbs).map(lambda saying: language.write(saying.verb, **saying.values))
    torn = st.tuples(said, st.integers(0, 60), st.text(max_size=5)).map(
        lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] :]
    )
    coloured = said.map(lambda line: f"\x1b[1;31m{line[:3]}\xa7a{line[3:]}\x0304,01 ")
    return st.one_of(said, torn, coloured, st.text(max_size=80))


def _ascii() -> SearchStrategy[str]:
    return st.characters(min_codepoint=32, max_codepoint=125)
