"""Checked by two type checkers, never run; every line marked `ignore` must fail, or the mark itself is an error."""
# pyright: strict, reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager

from anyio import open_process
from anyio.abc import ByteStream
from anyio.streams.stapled import StapledByteStream
from attrs import frozen

from wingmate import (
    Backoff,
    Bot,
    BotSpec,
    Crash,
    Fact,
    Json,
    LocalChannel,
    LocalSupervisor,
    MemoryStore,
    Message,
    Role,
    SqliteStore,
    lease,
    never,
)
from wingmate.abc import (
    Adapter,
    BulkStore,
    ClaimBook,
    CoordinationChannel,
    KnowledgeStore,
    Supervisor,
    Transport,
)
from wingmate.channels import NoticeBoard
from wingmate.chat import ChatChannel, ChatLink, ChatStore, Traits
from wingmate.chat.links import ChatRoom, PatternLink
from wingmate.supervisors import RestartPolicy
from wingmate.transports import Program, Tcp, Telnet


@frozen
class Moved:
    """An event of a line game."""

    sector: int


@frozen
class Go:
    """A command of a line game."""

    sector: int


@frozen
class Check:
    """An event of another game."""

    square: str


class LineAdapter:
    """An adapter by shape alone."""

    def receive(self, data: bytes) -> Iterable[Moved]:
        """Read."""
        yield Moved(len(data))

    def send(self, command: Go) -> bytes:
        """Write."""
        return str(command.sector).encode()

    def close(self) -> bytes:
        """Leave."""
        return b""


async def wander(bot: Bot[Moved, Go]) -> None:
    """A role that is a function."""
    await bot.send(Go(1))
    here: Moved = await bot.expect(Moved, within=3)
    await bot.learn(f"sector/{here.sector}", {"warps": [1, 2], "seen": True})
    async for event in bot:
        sector: int = event.sector
        await bot.send(Go(sector))


@frozen
class Miner(Role[Moved, Go]):
    """A role that is a class, the documented way."""

    home: int

    async def __call__(self, bot: Bot[Moved, Go], /) -> None:
        """Play."""
        async with lease(bot.knowledge, f"mine/{self.home}", bot.name, within=60) as number:
            granted: int | None = number
            bot.report(where=str(self.home), granted=granted)


async def beginner(bot: Bot) -> None:
    """A role without type arguments is legal under strict."""
    await bot.send("anything")


async def chess(bot: Bot[Check, str]) -> None:
    """A role for another game."""
    await bot.send("e4")


@frozen
class Pipe:
    """A transport by shape alone."""

    command: tuple[str, ...]

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[ByteStream, None]:
        """Open."""
        async with await open_process(self.command) as game:
            assert game.stdin is not None
            assert game.stdout is not None
            yield StapledByteStream(game.stdin, game.stdout)


class Gossip:
    """A channel by shape alone."""

    async def publish(self, message: Message) -> None:
        """Say."""

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncGenerator[AsyncIterator[Message], None]:
        """Hear."""
        yield aiter_of(topic)


async def aiter_of(topic: str) -> AsyncGenerator[Message, None]:
    """Give one message."""
    yield Message(topic, None, "ann", sent_at=0.0)


def patient(crash: Crash) -> float | None:
    """A restart policy."""
    return 1.0 if crash.count < 3 else None


transports: list[Transport] = [
    Pipe(("cat",)),
    Telnet(Tcp("h", 23)),
    Program(("cat",)),
    Telnet(Telnet(Tcp("h", 1))),
]
channels: list[CoordinationChannel] = [LocalChannel(), Gossip(), NoticeBoard(MemoryStore())]
stores: list[KnowledgeStore] = [MemoryStore(), SqliteStore("x.sqlite")]
books: list[ClaimBook] = [MemoryStore(), SqliteStore("x.sqlite")]
bulk: list[BulkStore] = [MemoryStore(), SqliteStore("x.sqlite")]
roles: list[Role[Moved, Go]] = [wander, Miner(1)]
chat = ChatChannel(ChatRoom().link("ann"), "ann")
chat_channels: list[CoordinationChannel] = [chat]
chat_stores: list[KnowledgeStore] = [ChatStore(chat)]
chat_books: list[ClaimBook] = [ChatStore(chat)]


def overheard(bot: Bot[Moved, Go]) -> ChatLink:
    """Make a chat of a game."""
    return PatternLink(
        bot, r"(?P<sender>.*): (?P<text>.*)", say=lambda text: Go(len(text)), traits=Traits(limit=99)
    )


def misheard(bot: Bot[Moved, Go]) -> ChatLink:
    """Say what this game does not take."""
    return PatternLink(bot, r"(?P<sender>.*): (?P<text>.*)", say=str.encode, traits=Traits(limit=99))  # type: ignore[arg-type]


adapter: Adapter[Moved, Go] = LineAdapter()
policies: list[RestartPolicy] = [patient, never, Backoff(limit=3), lambda _crash: 5.0]
supervisor: Supervisor = LocalSupervisor(channel=LocalChannel(), knowledge=MemoryStore(), restart=patient)
value: Json = {"nested": [1, 2.5, None, {"deep": "yes"}]}
fact = Fact("k", value, 0.0, "ann", ttl=60)

link = Tcp("h", 23)
good = [
    BotSpec(name="a", role=wander, adapter=LineAdapter, transport=link),
    BotSpec(name="b", role=Miner(3), adapter=LineAdapter, transport=link, goal={"dig": 5}, stall=60.0),
]
wrong_game = BotSpec(name="c", role=chess, adapter=LineAdapter, transport=link)  # type: ignore[arg-type]
wrong_link = BotSpec(name="d", role=wander, adapter=LineAdapter, transport="h:23")  # type: ignore[arg-type]
wrong_role: Role[Moved, Go] = 5  # type: ignore[assignment]
wrong_fact = Fact("k", object(), 0.0, "ann")  # type: ignore[arg-type]
wrong_store: KnowledgeStore = LocalChannel()  # type: ignore[assignment]
wrong_policy: RestartPolicy = Miner(1)  # type: ignore[assignment]


async def wrong_command(bot: Bot[Moved, Go]) -> None:
    """Send what this game does not take."""
    await bot.send("north")  # type: ignore[arg-type]
