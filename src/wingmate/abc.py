"""The seams: what a user may replace, and nothing else.

Each is a small protocol that may be subclassed or merely matched. A published seam never gains a
method; a new ability is a new protocol beside it (`BulkStore`, `ClaimBook`, `Display`, `PushStream`,
`Reach`), asked for with `isinstance`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from anyio.abc import ByteStream
from typing_extensions import TypeVar

from ._facts import Fact, Grant, Message
from ._status import Order, Status

if TYPE_CHECKING:
    from ._bot import Bot, BotSpec

__all__ = (
    "Adapter",
    "BulkStore",
    "ByteStream",
    "ClaimBook",
    "CoordinationChannel",
    "Display",
    "KnowledgeStore",
    "PushStream",
    "Reach",
    "Role",
    "Supervisor",
    "Transport",
)

EventT = TypeVar("EventT", default=Any)
CommandT = TypeVar("CommandT", default=Any)
EventT_co = TypeVar("EventT_co", covariant=True, default=Any)
CommandT_contra = TypeVar("CommandT_contra", contravariant=True, default=Any)


@runtime_checkable
class Transport(Protocol):
    """How to reach a game: a recipe, cheap to build and safe to use again."""

    @abstractmethod
    def connect(self) -> AbstractAsyncContextManager[ByteStream]:
        """Open one link; leaving the block closes it. Raises `ConnectFailed`."""
        ...


@runtime_checkable
class Adapter(Protocol[EventT_co, CommandT_contra]):
    """One conversation with one game, as pure bytes in and values out."""

    @abstractmethod
    def receive(self, data: bytes) -> Iterable[EventT_co]:
        """Take what the game printed, however it was cut, and tell what happened."""
        ...

    @abstractmethod
    def send(self, command: CommandT_contra) -> bytes:
        """Put a command into the game's keystrokes. Raises `IllegalCommand`."""
        ...

    @abstractmethod
    def close(self) -> bytes:
        """Give the polite last words; they may be empty."""
        ...


@runtime_checkable
class Role(Protocol[EventT, CommandT]):
    """What a bot does. Returning is success; raising is a crash."""

    @abstractmethod
    async def __call__(self, bot: Bot[EventT, CommandT], /) -> None:
        """Play, until done."""
        ...


@runtime_checkable
class CoordinationChannel(Protocol):
    """How bots talk to each other."""

    @abstractmethod
    async def publish(self, message: Message) -> None:
        """Send a message to whoever subscribed to a beginning of its topic."""
        ...

    @abstractmethod
    def subscribe(self, topic: str) -> AbstractAsyncContextManager[AsyncIterator[Message]]:
        """Hear every message from now on whose topic starts with *topic*, in order."""
        ...


@runtime_checkable
class KnowledgeStore(Protocol):
    """What bots know together. Methods raise `KnowledgeError` when the store itself fails."""

    @abstractmethod
    async def learn(self, fact: Fact) -> bool:
        """Keep a fact if it supersedes what is known; say whether it was news."""
        ...

    @abstractmethod
    async def recall(self, key: str) -> Fact | None:
        """Give the fact under *key*, unless it has expired."""
        ...

    @abstractmethod
    async def survey(self, prefix: str) -> list[Fact]:
        """List the facts whose keys start with *prefix*, by key, expired ones left out."""
        ...

    @abstractmethod
    async def claim(self, key: str, who: str, *, until: float) -> int | None:
        """Lease *key* to *who* until a date; give the grant number, or None if another holds it.

        The holder asking again before the end renews under the same number; an end in the past
        releases; every new holder gets a larger number, over restarts and processes too.
        """
        ...


@runtime_checkable
class BulkStore(Protocol):
    """A store that learns many facts at once, for far less than one by one."""

    @abstractmethod
    async def learn_all(self, facts: Iterable[Fact]) -> int:
        """Keep every fact that supersedes what is known, together; say how many were news."""
        ...


@runtime_checkable
class ClaimBook(Protocol):
    """A store that tells who holds what."""

    @abstractmethod
    async def holder(self, key: str) -> Grant | None:
        """Give the grant in force on *key*, if any."""
        ...


@runtime_checkable
class Display(Protocol):
    """An adapter that can show what a person would see; for reports, never for decisions."""

    @abstractmethod
    def screen(self) -> str:
        """Give the last lines of text, the newest last."""
        ...


@runtime_checkable
class PushStream(Protocol):
    """A stream that can hand over what comes at once, without waking a task for it."""

    @abstractmethod
    async def deliver(self, hear: Callable[[bytes], bool]) -> None:
        """Give *hear* all that comes, until it returns False. Raises as receiving does.

        What it was given is taken, also then. *hear* does not raise, and is not in a task.
        """
        ...


@runtime_checkable
class Reach(Protocol):
    """A transport that knows which host it leads to."""

    @property
    @abstractmethod
    def host(self) -> str:
        """The host's name or address; empty for something on this machine."""
        ...


@runtime_checkable
class Supervisor(Protocol):
    """Where bots run, and who keeps them alive."""

    @abstractmethod
    async def start(self, spec: BotSpec[Any, Any]) -> None:
        """Start one more bot. Raises `ValueError` if the name is taken."""
        ...

    @abstractmethod
    async def stop(self, name: str, *, drain: bool = True) -> None:
        """Stop a bot: after its cycle if *drain*, otherwise now. Raises `KeyError`."""
        ...

    @abstractmethod
    async def order(self, name: str, order: Order) -> None:
        """Give a bot an order. Raises `KeyError`."""
        ...

    @abstractmethod
    def watch(self) -> AbstractAsyncContextManager[AsyncIterator[Status]]:
        """Hear how every bot is, then every change."""
        ...
