"""A network in memory, as bad as you like."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from math import inf
from random import Random
from typing import NoReturn

from anyio import (
    AsyncContextManagerMixin,
    BrokenResourceError,
    ClosedResourceError,
    EndOfStream,
    Event,
    ResourceGuard,
    create_task_group,
    current_time,
    move_on_after,
)
from anyio.abc import ByteStream, TaskGroup
from anyio.lowlevel import checkpoint
from attrs import define, field, frozen
from typing_extensions import override

from ..errors import ConnectFailed
from ._pipe import Ending, Pipe
from ._weather import Weather

Handler = Callable[[ByteStream], Awaitable[None]]

PATIENCE = 10.0  # seconds a connection attempt waits for a partition to heal, as real ones do


@define(eq=False)
class _Link:
    """Two pipes between two named places."""

    network: MemoryNetwork
    server: str
    origin: str
    there: Pipe = field(init=False)
    back: Pipe = field(init=False)
    clogged: float = field(init=False, default=0.0)
    ends: int = field(init=False, default=2)

    def __attrs_post_init__(self) -> None:
        self.there = Pipe(self.network.random, self.network.happened)
        self.back = Pipe(self.network.random, self.network.happened)

    def look_again(self) -> None:
        """See what blocks the way now, and let both readers know."""
        apart = self.network.apart(self.server, self.origin)
        for pipe in (self.there, self.back):
            pipe.blocked = inf if apart else self.clogged
            pipe.wake()

    def cut(self) -> None:
        """Break both directions; what is under way still arrives."""
        self.there.end(Ending.BROKEN)
        self.back.end(Ending.BROKEN)
        self.network.happened["cut"] += 1


@define(eq=False)
class _End(ByteStream):
    """One end of a link."""

    _link: _Link
    _outgoing: Pipe
    _incoming: Pipe
    _reading: ResourceGuard = field(init=False, factory=lambda: ResourceGuard("reading from"))
    _writing: ResourceGuard = field(init=False, factory=lambda: ResourceGuard("writing to"))
    _closed: bool = field(init=False, default=False)
    _finished: bool = field(init=False, default=False)

    @override
    async def receive(self, max_bytes: int = 65_536) -> bytes:
        with self._reading:
            return await self._incoming.take(max_bytes, shred=self._link.network.weather.shred)

    @override
    async def send(self, item: bytes) -> None:
        network = self._link.network
        with self._writing:
            await checkpoint()
            if self._closed or self._finished:
                raise ClosedResourceError
            if network.weather.cut and network.random.random() < network.weather.cut:
                # A cut falls anywhere: some first part of the bytes may still get through.
                self._outgoing.push(item[: network.random.randint(0, len(item))], network.weather)
                self._link.cut()
                raise BrokenResourceError
            await self._outgoing.put(item, network.weather)

    @override
    async def send_eof(self) -> None:
        self._finished = True
        self._outgoing.end(Ending.FINISHED)
        await checkpoint()

    @override
    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            self._outgoing.end(Ending.FINISHED)
            self._incoming.end(Ending.CLOSED)
            self._link.ends -= 1
        await checkpoint()


@define(eq=False)
class MemoryNetwork(AsyncContextManagerMixin):
    """Servers by name, and transports that reach them; a block that owns the servers' tasks.

    `weather` may be changed at any time. `happened` counts what the weather did, so that a test can
    tell that it was bad at all. An error in a server's handler ends the block, for it is a finding.
    """

    random: Random = field(factory=lambda: Random(0))
    weather: Weather = field(factory=Weather)
    happened: Counter[str] = field(init=False, factory=Counter[str])
    _servers: dict[str, Handler] = field(init=False, factory=dict[str, Handler])
    _links: list[_Link] = field(init=False, factory=list["_Link"])
    _apart: frozenset[str] = field(init=False, default=frozenset())
    _healed: Event | None = field(init=False, default=None)
    _nursery: TaskGroup | None = field(init=False, default=None)

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[MemoryNetwork, None]:
        try:
            async with create_task_group() as self._nursery:
                try:
                    yield self
                finally:
                    self._nursery.cancel_scope.cancel()
        except BaseExceptionGroup as group:
            if len(group.exceptions) == 1:  # a test wants to see its own error, not a wrapping
                raise group.exceptions[0] from group.exceptions[0].__cause__
            raise
        finally:
            self._nursery = None

    def listen(self, name: str, handler: Handler) -> None:
        """Answer for *name* from now on, each connection in a task of its own."""
        self._servers[name] = handler

    def close(self, name: str) -> None:
        """Answer for *name* no longer, and cut its links: the server crashed."""
        del self._servers[name]
        self.cut(name)

    def transport(self, name: str, *, origin: str = "") -> MemoryTransport:
        """Make a transport that reaches *name*; *origin* is the place it starts from, for partitions."""
        return MemoryTransport(self, name, origin)

    # --- faults on request --------------------------------------------------------------------

    def cut(self, *names: str) -> None:
        """Break every link to or from these places now."""
        for link in self._touching(names):
            link.cut()

    def clog(self, delay: float, *names: str) -> None:
        """Let nothing through on the links to or from these places for some seconds; nothing is lost."""
        for link in self._touching(names):
            link.clogged = max(link.clogged, current_time() + delay)
            link.look_again()
            self.happened["clog"] += 1

    def partition(self, *names: str) -> None:
        """Part these places from all others until healed: bytes wait, new connections time out."""
        self._apart = self._apart.union(names)
        self.happened["partition"] += 1
        self._look_again()

    def heal(self) -> None:
        """End every partition; what waited arrives."""
        self._apart = frozenset()
        self._look_again()

    def apart(self, one: str, other: str) -> bool:
        """Say whether a partition lies between two places."""
        return (one in self._apart) != (other in self._apart)

    def _look_again(self) -> None:
        for link in self._links:
            link.look_again()
        if self._healed is not None:
            self._healed.set()
            self._healed = None

    def _touching(self, names: tuple[str, ...]) -> list[_Link]:
        return [link for link in self._links if link.server in names or link.origin in names]

    # --- connecting ---------------------------------------------------------------------------

    async def dial(self, name: str, origin: str = "") -> ByteStream:
        """Make one connection, if the weather allows. Raises `ConnectFailed`."""
        if self._nursery is None:
            raise RuntimeError("a MemoryNetwork is a block: async with MemoryNetwork() as network")
        await checkpoint()
        if self.apart(name, origin):
            with move_on_after(PATIENCE):
                while self.apart(name, origin):
                    self._healed = self._healed or Event()
                    await self._healed.wait()
        if self.apart(name, origin):
            self._refuse(f"{name}: no answer within {PATIENCE:g} s")
        handler = self._servers.get(name)
        if handler is None:
            self._refuse(
                f"{name}: nobody listens; there are {', '.join(sorted(self._servers)) or 'no servers'}"
            )
        if self.weather.refuse and self.random.random() < self.weather.refuse:
            self._refuse(f"{name}: connection refused")
        self.happened["connect"] += 1
        link = _Link(self, name, origin)
        self._links = [old for old in self._links if old.ends] + [link]
        self._nursery.start_soon(_serve, handler, _End(link, link.back, link.there), name=f"{name}/server")
        return _End(link, link.there, link.back)

    def _refuse(self, reason: str) -> NoReturn:
        self.happened["refuse"] += 1
        raise ConnectFailed(reason)


@frozen
class MemoryTransport:
    """A way to one server of a memory network; lives and dies with it, so it does not pickle."""

    network: MemoryNetwork
    name: str
    origin: str = ""

    @property
    def host(self) -> str:
        """Nothing: the server is in this process."""
        return ""

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[ByteStream, None]:
        """Open one link, if the weather allows. Raises `ConnectFailed`."""
        async with await self.network.dial(self.name, self.origin) as stream:
            yield stream

    @override
    def __reduce__(self) -> NoReturn:
        raise TypeError("a MemoryTransport belongs to a network in this process; it cannot be pickled")


async def _serve(handler: Handler, stream: ByteStream) -> None:
    try:
        await handler(stream)
    except* (EndOfStream, BrokenResourceError):
        pass  # bots hang up
    # Not in a `finally`: after an error the story is to see that error, not the end of a stream.
    await stream.aclose()
