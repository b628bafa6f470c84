"""Hypothesis strategies for what bots share, and for what networks do to it.

Importing this needs nothing; using it needs the extra `testing`.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from .._bot import NAME
from .._facts import Fact, Json, Message
from ._weather import Weather

if TYPE_CHECKING:
    from hypothesis import strategies as st
    from hypothesis.strategies import SearchStrategy
else:

    class _Later:
        """The strategies of hypothesis, imported when first needed."""

        def __getattr__(self, name: str) -> Any:
            try:
                from hypothesis import strategies  # noqa: PLC0415 - an extra, needed here alone
            except ImportError as exc:
                cure = "wingmate.testing.strategies needs the 'testing' extra: pip install wingmate[testing]"
                raise ImportError(cure) from exc
            return getattr(strategies, name)

    st = _Later()

__all__ = (
    "chunks",
    "dates",
    "dice",
    "facts",
    "hostile_bytes",
    "json_values",
    "keys",
    "messages",
    "names",
    "weathers",
)

LATEST = 4_000_000_000.0  # seconds since 1970: the year 2096
KINDS = ("sector", "port", "trader", "danger", "k")
# What terminals, telnet and line editors give a meaning to.
TRAPS = (b"\x1b[", b"\x1b[1;31m", b"\x1b]0;", b"\x1b", b"\xff", b"\xff\xfa", b"\xff\xf0", b"\xff\xfd\x06")
ENDS = (b"\r\n", b"\n\r", b"\r", b"\n", b"\r\x00", b"\x08", b"\x00", b"\x0c")


def names() -> SearchStrategy[str]:
    """Give names a bot may have."""
    return st.from_regex(NAME, fullmatch=True)


def dates() -> SearchStrategy[float]:
    """Give dates as `wingmate.now` does, some of them equal."""
    return st.one_of(st.sampled_from((0.0, 1.0, 2.0)), st.floats(0.0, LATEST))


def json_values(*, leaves: int = 8) -> SearchStrategy[Json]:
    """Give values that facts and messages may carry."""
    # Whole numbers stay within what every JSON reader takes; text without lone surrogates is text.
    plain = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53), 2**53),
        st.floats(allow_nan=False, allow_infinity=False),
        _text(),
    )
    return st.recursive(
        plain,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_text(), inner, max_size=4)),
        max_leaves=leaves,
    )


def keys() -> SearchStrategy[str]:
    """Give keys of facts: a kind, a slash, and anything."""
    rest = st.one_of(st.integers(1, 20_000).map(str), _text(smallest=1))
    return st.builds("{}/{}".format, st.sampled_from(KINDS), rest)


def facts(
    *,
    key: SearchStrategy[str] | None = None,
    value: SearchStrategy[Json] | None = None,
    lasting: bool = False,
) -> SearchStrategy[Fact]:
    """Give facts; *lasting* ones never expire."""
    return st.builds(
        Fact,
        keys() if key is None else key,
        json_values() if value is None else value,
        dates(),
        names(),
        ttl=st.none() if lasting else st.one_of(st.none(), st.floats(1.0, LATEST)),
    )


def messages(*, topic: SearchStrategy[str] | None = None) -> SearchStrategy[Message]:
    """Give messages."""
    return st.builds(Message, keys() if topic is None else topic, json_values(), names(), sent_at=dates())


def chunks(data: bytes, *, empty: bool = False) -> SearchStrategy[list[bytes]]:
    """Give ways to cut bytes into pieces, whole first; *empty* pieces too, if asked for."""
    places = st.lists(st.integers(0, len(data)), max_size=20, unique=not empty).map(sorted)

    def cut(at: list[int]) -> list[bytes]:
        pieces = [data[start:end] for start, end in zip([0, *at], [*at, len(data)], strict=True)]
        return pieces if empty else [piece for piece in pieces if piece]

    return places.map(cut)


def hostile_bytes(*parts: bytes, most: int = 12) -> SearchStrategy[bytes]:
    """Give bytes no game should send: *parts* of a recording among traps, noise and endless lines."""
    # All the parts, cut anywhere, so that a rule meets its own beginning without its end.
    torn = [st.sampled_from(parts).flatmap(_torn)] if parts else []
    endless = st.tuples(st.binary(min_size=1, max_size=3), st.integers(1, 3000)).map(_repeated)
    piece = st.one_of(*torn, st.sampled_from(TRAPS), st.sampled_from(ENDS), st.binary(max_size=20), endless)
    return st.lists(piece, max_size=most).map(b"".join)


def weathers(*, noise: bool = False) -> SearchStrategy[Weather]:
    """Give weather, fair first; with *noise*, links that change bytes as well."""
    nothing = st.just(0.0)
    return st.builds(
        Weather,
        latency=st.tuples(st.floats(0.0, 1.0), st.floats(1.0, 8.0)) | st.just((0.0, 0.0)),
        bandwidth=st.none() | st.floats(100.0, 1e6),
        shred=st.booleans(),
        refuse=nothing | st.floats(0.0, 0.5),
        cut=nothing | st.floats(0.0, 0.05),
        clog=nothing | st.floats(0.0, 0.1),
        noise=nothing | st.floats(0.0, 0.2) if noise else nothing,
    )


def dice() -> SearchStrategy[Random]:
    """Give dice for `simulate(main, random=…)`; hypothesis then shrinks the schedule."""
    return st.randoms(use_true_random=False)


def _text(*, smallest: int = 0) -> SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=smallest, max_size=12)


def _repeated(line: tuple[bytes, int]) -> bytes:
    return line[0] * line[1]


def _torn(part: bytes) -> SearchStrategy[bytes]:
    return st.tuples(st.integers(0, len(part)), st.integers(0, len(part))).map(
        lambda ends: part[min(ends) : max(ends)]
    )
