"""The village as a server: who is connected, what they say, and the passing of time."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress

from anyio import (
    AsyncContextManagerMixin,
    BrokenResourceError,
    CancelScope,
    ClosedResourceError,
    EndOfStream,
    Event,
    create_task_group,
    create_tcp_listener,
    current_time,
    move_on_after,
    sleep,
)
from anyio.abc import Listener, SocketAttribute, SocketStream, TaskGroup
from attrs import define, field, validators

from ..abc import ByteStream
from ..errors import IllegalCommand
from . import world as rules
from ._spot import Spot
from .commands import Command, Login, Quit, command_of
from .world import WITNESS, Denial, Settings, World

log = logging.getLogger(__name__)

GONE = (EndOfStream, BrokenResourceError, ClosedResourceError)
LONGEST_LINE = 2048  # bytes; a line of chat in any script fits
LONGEST_NUMBER = 9  # digits
BACKLOG = 1000  # lines a client may leave unread before it is hung up on
COMMANDS_A_SECOND, BURST = 50, 100  # of the world's time; whoever is faster is read more slowly
ERRORS = 100  # lines that cannot be read before a client is hung up on
GREETING_TIME = 30.0  # seconds until a client must have a name
IDLE = 600.0  # seconds without a line


@define(eq=False)
class _Session:
    """One client."""

    stream: ByteStream
    name: str = ""
    errors: int = 0
    allowance: float = float(BURST)
    counted_at: float = 0.0
    lines: list[str] = field(init=False, factory=list[str])
    news: Event = field(init=False, factory=Event)
    over: bool = field(init=False, default=False)
    life: CancelScope = field(init=False, factory=CancelScope)

    def tell(self, line: str) -> None:
        """Put a line into the queue; whoever does not read is hung up on."""
        if self.over:
            return
        if len(self.lines) >= BACKLOG:
            self.life.cancel()
        self.lines.append(line)
        self.news.set()

    def finish(self) -> None:
        """Send what is in the queue, and nothing more."""
        self.over = True
        self.news.set()


@define(eq=False)
class Village(AsyncContextManagerMixin):
    """A block world that runs while its block is open; it lives on while players come and go.

    `speed` is how many seconds of the world pass in one second; `witness` is called with every line that
    everybody hears, such as `* chat Emma_Farmer hello`, and does not raise. Anybody who reaches the port
    can play under any free name: think twice before serving on anything but the loopback address.
    """

    settings: Settings = field(factory=Settings)
    speed: float = field(default=1.0, kw_only=True, validator=validators.gt(0))
    witness: Callable[[str], None] = field(default=lambda _line: None, kw_only=True)
    world: World = field(init=False)
    refused: Counter[str] = field(init=False, factory=Counter[str])
    faults: int = field(init=False, default=0)
    _sessions: dict[str, _Session] = field(init=False, factory=dict[str, _Session])
    _connected: int = field(init=False, default=0)
    _began: float = field(init=False, default=0.0)
    _poke: Event = field(init=False, factory=Event)
    _nursery: TaskGroup = field(init=False)

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[Village, None]:
        self.world = rules.create(self.settings)
        self._began = current_time()
        async with create_task_group() as self._nursery:
            self._nursery.start_soon(self._tick, name="village/tick")
            try:
                yield self
            finally:
                self._nursery.cancel_scope.cancel()

    @property
    def date(self) -> float:
        """The seconds of the world that have passed."""
        return (current_time() - self._began) * self.speed

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return self._connected

    def kill(self, name: str, cause: str = "by lightning") -> None:
        """Let a player die, for tests and stories. Raises `KeyError`."""
        rules.run(self.world, self.date)
        rules.kill(self.world, name, cause)
        self._spread()

    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Answer on a TCP port from now on; give its number, which the system chooses if it is 0."""
        listener = await create_tcp_listener(local_host=host, local_port=port)
        self._nursery.start_soon(self._listen, listener, name="village/listen")
        number: int = listener.extra(SocketAttribute.local_port)  # noqa: S610 - not Django's
        return number

    async def _listen(self, listener: Listener[SocketStream]) -> None:
        async with listener:
            await listener.serve(self.handler)

    async def handler(self, stream: ByteStream) -> None:
        """Serve one connection, over TCP or in memory."""
        session = _Session(stream, counted_at=current_time())
        self._connected += 1
        try:
            async with stream:
                with session.life, suppress(*GONE):
                    await self._admit(session)
        except Exception:
            self.faults += 1
            log.exception("the session of %r failed", session.name)
        finally:
            self._connected -= 1
            self._let_out(session)

    async def _admit(self, session: _Session) -> None:
        if self._connected > self.settings.seats + 8:
            await session.stream.send(b"* kicked full\n")
            return
        settings = self.settings
        session.tell(
            f"* welcome village 1 size {settings.size} day {settings.day:g} speed {self.speed:g} "
            f"chat {settings.chat_burst} {settings.chat_every:g}"
        )
        async with create_task_group() as nursery:
            nursery.start_soon(self._write, session)
            with suppress(*GONE):
                await self._read(session)
            session.finish()

    async def _write(self, session: _Session) -> None:
        with suppress(*GONE):
            while session.lines or not session.over:
                if not session.lines:
                    session.news = Event()
                    await session.news.wait()
                batch, session.lines = session.lines, []
                if batch:
                    await session.stream.send("".join(f"{line}\n" for line in batch).encode())
        session.life.cancel()

    # --- what clients say ---------------------------------------------------------------------------

    async def _read(self, session: _Session) -> None:
        unfinished = b""
        skipping = False
        while not session.over:
            data = b""
            with move_on_after(IDLE if session.name else GREETING_TIME):
                data = await session.stream.receive(LONGEST_LINE)
            if not data:
                session.tell("* kicked idle")
                return
            *lines, unfinished = (unfinished + data).split(b"\n")
            for line in lines:
                if not skipping and not session.over:
                    await self._pace(session)
                    self._take(session, line)
                skipping = False
            if len(unfinished) > LONGEST_LINE:
                if not skipping:
                    self._scold(session, "0", "the line is too long")
                unfinished, skipping = b"", True

    async def _pace(self, session: _Session) -> None:
        """Read those more slowly who order faster than anybody could follow."""
        rate = COMMANDS_A_SECOND * self.speed
        passed, session.counted_at = current_time() - session.counted_at, current_time()
        session.allowance = min(float(BURST), session.allowance + passed * rate) - 1
        if session.allowance < 0:
            await sleep(-session.allowance / rate)

    def _take(self, session: _Session, line: bytes) -> None:
        number, _, words = line.rstrip(b"\r").decode("utf-8", "replace").partition(" ")
        if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER):
            self._scold(session, "0", "a line begins with a number, then a command")
            return
        number = str(int(number))
        try:
            command = command_of(words)
        except IllegalCommand as exc:
            self._scold(session, number, str(exc))
            return
        try:
            self._obey(session, int(number), command)
        except Denial as no:
            self.refused[no.code] += 1
            wait = "" if no.retry_after is None else f" after {no.retry_after:.1f}"
            session.tell(f"{number} no {no.code}{wait} {no.reason}")
        self._spread()

    def _scold(self, session: _Session, number: str, why: str) -> None:
        self.refused["unread"] += 1
        session.errors += 1
        text = "".join(letter if letter.isprintable() else "?" for letter in why)
        session.tell(f"{number} no illegal {text[:200]}")
        if session.errors > ERRORS:
            session.tell("* kicked errors")
            session.finish()

    def _obey(self, session: _Session, number: int, command: Command) -> None:
        if isinstance(command, Quit):
            session.tell(f"{number} ok")
            session.finish()
        elif isinstance(command, Login):
            spot = self._let_in(session, command.name)
            session.tell(f"{number} ok {spot}")
        elif session.name:
            rules.order(self.world, session.name, number, command, self.date)
            self._poke.set()
        else:
            raise Denial("nobody", "log in first")

    def _let_in(self, session: _Session, name: str) -> Spot:
        if session.name:
            raise Denial("illegal", f"you are {session.name} already")
        spot = rules.join(self.world, name, self.date)
        session.name = name
        self._sessions[name] = session
        self._poke.set()
        return spot

    def _let_out(self, session: _Session) -> None:
        session.over = True
        if session.name and self._sessions.get(session.name) is session:
            del self._sessions[session.name]
            rules.leave(self.world, session.name, self.date)
            self._spread()

    # --- time ---------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        while True:
            due = rules.next_due(self.world)
            self._poke = Event()
            wait = 3600.0 if due is None else max(0.0, (due - self.date) / self.speed)
            with move_on_after(wait):
                await self._poke.wait()
            # A little late is late enough: what is due at nearly the same time is done in one go.
            rules.run(self.world, self.date + 1e-6)
            self._spread()

    def _spread(self) -> None:
        for notice in rules.take_notices(self.world):
            if notice.to == WITNESS:
                self.witness(notice.line)
            session = self._sessions.get(notice.to)
            if session is None:
                continue
            session.tell(notice.line)
            if notice.line.startswith("* kicked"):
                session.finish()
