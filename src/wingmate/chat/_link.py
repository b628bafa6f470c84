"""The seam to a chat: say a line, hear lines."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeAlias, runtime_checkable

from attrs import field, frozen, validators

from ._text import PRINTABLE


@frozen(kw_only=True)
class Traits:
    """What a chat is like: the longest line, how fast one may speak, and what can be relied on.

    `rate` lines a second, after `burst` at once. `hears_itself`: the chat shows a speaker's own
    lines. `total_order`: everybody who is connected hears every line that anybody hears, in the same
    order, the own lines among them, and a break is told as `Interrupted`.
    """

    limit: int = field(validator=validators.ge(1))
    rate: float = field(default=1.0, validator=validators.gt(0))
    burst: int = field(default=5, validator=validators.ge(1))
    hears_itself: bool = False
    total_order: bool = False
    alphabet: str = PRINTABLE

    def __attrs_post_init__(self) -> None:
        if self.total_order and not self.hears_itself:
            raise ValueError(
                "an order counts only with one's own lines in it: total_order needs hears_itself"
            )


@frozen
class ChatLine:
    """One line somebody said, under the name the chat shows."""

    sender: str
    text: str


@frozen
class Interrupted:
    """The link was down for a while: lines may have been missed here."""


HeardLine: TypeAlias = "ChatLine | Interrupted"


@runtime_checkable
class ChatLink(Protocol):
    """One bot's mouth and ears in one chat. Methods raise `TransportError` when the link ends."""

    @property
    @abstractmethod
    def traits(self) -> Traits:
        """What this chat is like."""
        ...

    @abstractmethod
    async def send_line(self, text: str) -> None:
        """Say a line."""
        ...

    @abstractmethod
    def listen(self) -> AbstractAsyncContextManager[AsyncIterator[HeardLine]]:
        """Hear what is said, for as long as the block lasts."""
        ...


@runtime_checkable
class AwayLink(Protocol):
    """A link that connects again by itself, and can tell when; nothing is said before it is ready."""

    @property
    @abstractmethod
    def is_ready(self) -> bool:
        """Whether a line can be said now."""
        ...

    @abstractmethod
    async def ready(self) -> None:
        """Wait until a line can be said."""
        ...
