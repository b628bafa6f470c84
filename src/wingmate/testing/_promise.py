"""What every check is made of."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any, TypeVar, cast

from anyio import fail_after

T = TypeVar("T")


class Probe(Exception):
    """Raised on purpose, to see whether it arrives."""


def promise(kept: bool, text: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Raise an `AssertionError` unless the promise is kept; works under `python -O` too."""
    if not kept:
        raise AssertionError(text)


def is_a(thing: object, kind: type) -> bool:
    """Say whether a thing is what its type promises; parts to be checked may be anything."""
    return isinstance(thing, kind)


@contextmanager
def in_time(step: Callable[..., Any], within: float) -> Generator[None]:
    """Raise an `AssertionError` that names the step if it takes too long."""
    what = step.__name__.strip("_").replace("_", " ")
    try:
        with fail_after(within):
            yield
    except TimeoutError as exc:
        raise AssertionError(f"it took more than {within:g} s to see that it {what}") from exc


@asynccontextmanager
async def lets_errors_through() -> AsyncGenerator[None, None]:
    """Raise in the block around which it is put, and check that the error comes out of it."""
    try:
        yield
    except* Probe:
        pass
    else:
        raise AssertionError("an error raised in the block must come out of it")


@asynccontextmanager
async def opened(make: Callable[[], T]) -> AsyncGenerator[T, None]:
    """Make a part, and enter it if it is a block."""
    part: Any = make()
    if isinstance(part, AbstractAsyncContextManager):
        async with cast("AbstractAsyncContextManager[T]", part) as inside:
            yield inside
    else:
        yield part
