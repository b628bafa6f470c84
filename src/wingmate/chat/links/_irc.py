"""A channel on IRC."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from math import inf
from random import Random
from typing import Any, NoReturn

from anyio import (
    AsyncContextManagerMixin,
    BrokenResourceError,
    ClosedResourceError,
    EndOfStream,
    Event,
    Lock,
    WouldBlock,
    create_memory_object_stream,
    create_task_group,
    current_time,
    fail_after,
    move_on_after,
    sleep,
)
from anyio.abc import ByteStream
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from attrs import Factory, define, field, validators

from ..._secrets import Secret
from ...abc import Transport
from ...errors import ConnectFailed, Disconnected, IllegalCommand, Refused, TransportError
from ...supervisors import Backoff, Crash, RestartPolicy
from .._link import ChatLine, HeardLine, Interrupted, Traits
from .._text import PRINTABLE
from ._irc_session import Door, Session
from ._irc_wire import LONGEST, write_line

MOST = 1000  # lines heard and not yet read; when there are more, all are lost, and that is told
GOODBYE = 1.0  # seconds granted to the last words
# What a server puts before a line it passes on: ":", a nick of 30, "!~", a user of 10, "@", a host of 63.
PREFIX = 1 + 30 + 2 + 10 + 1 + 63
GONE = (EndOfStream, BrokenResourceError, ClosedResourceError, TransportError)


def _one_word(_instance: object, attribute: Any, value: str) -> None:
    if not value.isascii() or not value.isprintable() or set(value) & set(" ,:!@") or not value:
        raise ValueError(f"{attribute.name} is one word that IRC takes, got {value!r}")


def _is_channel(_instance: object, _attribute: object, value: str) -> None:
    if value[:1] not in {"#", "&", "+", "!"} or not 2 <= len(value) <= 50:
        raise ValueError(f"a channel begins with # and has at most 50 characters, got {value!r}")


@define(eq=False)
class IrcLink(AsyncContextManagerMixin):
    """A bot's place in one channel on IRC; a block, whose beginning ends when the bot is in the channel.

    The beginning raises `ConnectFailed`, or `Refused` with the wait that may help. A link that breaks
    later is made again as `restart` allows; meanwhile `send_line` waits. `login` is an account for SASL,
    as name and password: use a `Tls` transport with it.

    `total_order`: the network is a single server that echoes (or else coming in is `Refused`), so that
    all hear the same order. A network of several servers has no order.
    """

    transport: Transport
    channel: str = field(validator=[_one_word, _is_channel])
    nick: str = field(validator=_one_word)
    key: Secret | None = field(default=None, kw_only=True)
    password: Secret | None = field(default=None, kw_only=True)
    login: tuple[str, Secret] | None = field(default=None, kw_only=True)
    rate: float = field(default=1.0, kw_only=True, validator=validators.gt(0))
    burst: int = field(default=1, kw_only=True, validator=validators.ge(1))
    total_order: bool = field(default=False, kw_only=True)
    within: float = field(default=30.0, kw_only=True, validator=validators.gt(0))
    quiet: float = field(default=60.0, kw_only=True, validator=validators.gt(0))
    restart: RestartPolicy = field(factory=lambda: Backoff(limit=10), kw_only=True)
    # Dice of its own each: a crew that lost its server does not come back in step.
    random: Random = field(default=Factory(lambda self: Random(self.nick), takes_self=True), kw_only=True)
    breaks: int = field(init=False, default=0)
    _session: Session | None = field(init=False, default=None)
    _stream: ByteStream | None = field(init=False, default=None)
    _up: Event = field(init=False, factory=Event)
    _mouth: Lock = field(init=False, factory=Lock)
    _ears: list[_Ear] = field(init=False, factory=list["_Ear"])

    @property
    def traits(self) -> Traits:
        """What the channel is like; whether it shows own lines is known when the bot is in."""
        session = self._session
        return Traits(
            # Measured: what is longer is cut without a word, or ends the connection.
            limit=min(400, LONGEST - PREFIX - len(f" PRIVMSG {self.channel} :")),
            rate=self.rate,
            burst=self.burst,
            hears_itself=self.total_order or (session is not None and "echo-message" in session.caps),
            total_order=self.total_order,
            alphabet=PRINTABLE,
        )

    @property
    def name(self) -> str:
        """The nick the bot has now: another one than asked for, if that was taken."""
        return self.nick if self._session is None else self._session.nick

    @property
    def unsaid(self) -> int:
        """How many lines the server turned down since the bot came in."""
        return 0 if self._session is None else self._session.unsaid

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[IrcLink, None]:
        async with AsyncExitStack() as stack:
            stream, session = await stack.enter_async_context(self._online())
            async with create_task_group() as nursery:
                nursery.start_soon(self._stay, stream, session, name=f"{self.nick}/irc")
                await self._up.wait()
                yield self
                nursery.cancel_scope.cancel()
                with move_on_after(GOODBYE, shield=True):
                    await self._quit()

    async def ready(self) -> None:
        """Wait until the bot is in the channel."""
        while self._stream is None:
            await self._up.wait()

    @property
    def is_ready(self) -> bool:
        """Whether a line can be said now."""
        return self._stream is not None

    async def send_line(self, text: str) -> None:
        """Say a line, when the bot is in the channel. Raises `IllegalCommand` if IRC cannot carry it."""
        size = len(text.encode("utf-8", "replace"))
        if not text.isprintable() or not 1 <= size <= self.traits.limit:
            raise IllegalCommand(
                f"{self.nick}: a line has 1 to {self.traits.limit} bytes, and only what shows"
            )
        line = write_line("PRIVMSG", self.channel, text)
        await self.ready()
        if self._stream is not None:
            await self._send(self._stream, line)

    @asynccontextmanager
    async def listen(self) -> AsyncGenerator[AsyncIterator[HeardLine], None]:
        """Hear what is said in the channel, and where lines may be missing."""
        ear = _Ear(*create_memory_object_stream[HeardLine](MOST))
        self._ears.append(ear)
        try:
            with ear.slot, ear.pile:
                yield ear.pile
        finally:
            self._ears.remove(ear)

    # --- one connection -----------------------------------------------------------------------

    @asynccontextmanager
    async def _online(self) -> AsyncGenerator[tuple[ByteStream, Session], None]:
        account, secret = self.login or (None, None)
        door = Door(
            channel=self.channel,
            nick=self.nick,
            key=self.key,
            password=self.password,
            account=account,
            account_password=secret,
            echo=self.total_order,
        )
        async with self.transport.connect() as stream:
            session = Session(door)
            try:
                with fail_after(self.within):
                    await self._come_in(stream, session)
            except TimeoutError as exc:
                raise ConnectFailed(f"{self.nick} was not in {self.channel} after {self.within:g} s") from exc
            except GONE as exc:
                why = str(exc) or "the server hung up without a word"
                raise ConnectFailed(f"{self.nick} did not get into {self.channel}: {why}") from exc
            yield stream, session

    async def _come_in(self, stream: ByteStream, session: Session) -> None:
        session.begin()
        while not session.joined:
            # If the server is gone already, its last words may still be there to be read.
            await self._send(stream, session.drain())
            for line in session.receive(await stream.receive()):
                self._spread(line)

    async def _stay(self, stream: ByteStream, session: Session) -> NoReturn:
        count = 0
        try:
            await self._hear(stream, session)
        except (TransportError, Refused) as exc:
            error: Exception = exc
            await stream.aclose()
        while True:
            count += 1
            delay = self.restart(Crash(bot=self.nick, error=error, count=count, random=self.random))
            if delay is None:
                raise error
            await sleep(delay)
            began = inf
            try:
                async with self._online() as online:
                    began = current_time()
                    await self._hear(*online)
            except (TransportError, Refused) as exc:
                error = exc
                if current_time() - began > self.quiet:  # who is thrown out at once was not really in
                    count = 0

    async def _hear(self, stream: ByteStream, session: Session) -> NoReturn:
        """Hear the channel until the link breaks, which raises `Disconnected`."""
        self._stream, self._session = stream, session
        self._up.set()
        if self.breaks:
            self._spread(Interrupted())
        try:
            await self._converse(stream, session)
        except TransportError:
            raise
        except GONE as exc:
            raise Disconnected(f"{session.nick} lost the server") from exc
        finally:
            self._stream, self._up = None, Event()
            self.breaks += 1
            self._spread(Interrupted())

    async def _converse(self, stream: ByteStream, session: Session) -> NoReturn:
        asked = False
        while True:
            await self._send(stream, session.drain())
            data = None
            with move_on_after(self.quiet):
                data = await stream.receive()
            if data is not None:
                asked = False
                for line in session.receive(data):
                    self._spread(line)
            elif asked:
                raise Disconnected(f"{session.nick}: the server does not answer")
            else:
                asked = True
                session.out.append(write_line("PING", "wingmate"))

    async def _send(self, stream: ByteStream, data: bytes) -> None:
        if not data:
            return
        async with self._mouth:
            try:
                with fail_after(self.within):
                    await stream.send(data)
            except (*GONE, TimeoutError):
                # Nobody knows what of it arrived. Whoever reads finds out why the link broke.
                return

    async def _quit(self) -> None:
        if self._stream is not None:
            await self._send(self._stream, write_line("QUIT"))

    def _spread(self, line: HeardLine) -> None:
        for ear in self._ears:
            ear.put(line)


@define(eq=False)
class _Ear:
    """What one listener has not read yet."""

    slot: MemoryObjectSendStream[HeardLine]
    pile: MemoryObjectReceiveStream[HeardLine]

    def put(self, line: ChatLine | Interrupted) -> None:
        try:
            self.slot.send_nowait(line)
        except WouldBlock:
            for _ in range(MOST):
                self.pile.receive_nowait()
            self.slot.send_nowait(Interrupted())
