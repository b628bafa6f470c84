"""The universe as a server: terminals, the passing of time, and what is kept on disk."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from os import PathLike
from pathlib import Path

from anyio import (
    AsyncContextManagerMixin,
    BrokenResourceError,
    CancelScope,
    ClosedResourceError,
    EndOfStream,
    create_task_group,
    create_tcp_listener,
    sleep,
    to_thread,
)
from anyio.abc import Listener, SocketAttribute, SocketStream, TaskGroup
from attrs import define, field

from ..._clock import now
from ...abc import ByteStream
from ...errors import KnowledgeError
from . import engine
from ._save import SaveFile
from .engine.settings import Settings
from .face import FULL, House, Session, Wire, converse

log = logging.getLogger(__name__)

GONE = (EndOfStream, BrokenResourceError, ClosedResourceError)
# Colours and words of the first two: seen on a live server; their times: Invented.
WARNINGS = {
    60: "\x1b[1;36m  Your session will be terminated in \x1b[5;31mSixty \x1b[0m\x1b[1;36mseconds.",
    30: "\x1b[1;36m  You now have \x1b[5;31mThirty \x1b[0m\x1b[1;36mseconds until termination.",
    10: "\x1b[1;36m  Session termination is imminent.",
}
HEADLINE = "\x1b[1;31mINACTIVITY WARNING:\r\x1b[0m\n"


@define(eq=False)
class Universe(AsyncContextManagerMixin):
    """One Trade Wars universe that runs while its block is open.

    With *save*, a world found there is taken up again, under its own settings, and what changes is
    written every second. *fast* leaves out all pacing. Anybody who reaches the port can play, and the
    link is not encrypted: think twice before serving on anything but the loopback address.
    """

    settings: Settings = field(factory=Settings)
    save: str | PathLike[str] | None = field(default=None, kw_only=True)
    fast: bool = field(default=False, kw_only=True)
    autosave: float = field(default=1.0, kw_only=True)
    faults: int = field(init=False, default=0)
    _unsaved: engine.Changes = field(init=False, default=engine.Changes({}))
    _house: House = field(init=False)
    _nursery: TaskGroup = field(init=False)

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[Universe, None]:
        store = None if self.save is None else SaveFile(Path(self.save))
        world = None if store is None else await to_thread.run_sync(store.read)
        self._house = House(world or engine.big_bang(self.settings, date=now()), fast=self.fast)
        try:
            if store is not None:
                await self._write(store)
            async with create_task_group() as self._nursery:
                self._nursery.start_soon(self._tick, name="universe/tick")
                if store is not None:
                    self._nursery.start_soon(self._keep, store, name="universe/save")
                try:
                    yield self
                finally:
                    self._nursery.cancel_scope.cancel()
        finally:
            if store is not None:
                with CancelScope(shield=True):
                    await self._write(store)
                    store.close()

    @property
    def world(self) -> engine.World:
        """The state of the universe."""
        return self._house.world

    @property
    def connections(self) -> int:
        """How many terminals are connected."""
        return len(self._house.sessions)

    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Answer on a TCP port from now on; give its number, which the system chooses if it is 0."""
        listener = await create_tcp_listener(local_host=host, local_port=port)
        self._nursery.start_soon(self._listen, listener, name="universe/listen")
        number: int = listener.extra(SocketAttribute.local_port)  # noqa: S610 - not Django's
        return number

    async def _listen(self, listener: Listener[SocketStream]) -> None:
        async with listener:
            await listener.serve(self.handler)

    async def handler(self, stream: ByteStream) -> None:
        """Serve one connection, over TCP or in memory."""
        async with stream:
            with suppress(*GONE):
                await self._admit(stream)

    async def _admit(self, stream: ByteStream) -> None:
        house = self._house
        if house.full:
            await stream.send(FULL)
            return
        wire = Wire(stream)
        session = Session(wire, house.free_node(), latency=house.pace(house.settings.latency_ms))
        house.sessions[session.node] = session
        try:
            with session.life:
                await self._walled(partial(self._serve, session, wire), f"session {session.node}")
        finally:
            del house.sessions[session.node]

    async def _serve(self, session: Session, wire: Wire) -> None:
        keys = await wire.greet()
        if keys is not None:
            session.typed_ahead(keys)
            await converse(session, self._house)

    async def _walled(self, job: Callable[[], Awaitable[None]], who: str) -> None:
        """Do something for one player, so that nothing that goes wrong there ends the others' game."""
        try:
            await job()
        except GONE:
            return
        except Exception:
            self.faults += 1
            log.exception("%s failed", who)

    async def _tick(self) -> None:
        while True:
            await sleep(1)
            await self._walled(self._second, "the clock")

    async def _second(self) -> None:
        self._house.tick()
        for session in list(self._house.sessions.values()):
            session.second()
            if job := session.interruption(self._warning(session)):
                self._nursery.start_soon(self._walled, job, f"an interruption of {session.name!r}")

    def _warning(self, session: Session) -> str:
        limit = self._house.settings.inactive_time
        if not limit:
            return ""
        left = limit - session.idle
        if left <= 0:
            session.hang_up()
        return HEADLINE + WARNINGS[left] if left in WARNINGS else ""

    async def _keep(self, store: SaveFile) -> None:
        while True:
            await sleep(self.autosave)
            await self._write(store)

    async def _write(self, store: SaveFile) -> None:
        """Write what has changed; what cannot be written now waits for the next time."""
        self._unsaved = self._unsaved.then(engine.pack(self._house.world))
        if not self._unsaved or self._unsaved.trivial:
            return
        try:
            await to_thread.run_sync(store.write, self._unsaved)
        except KnowledgeError:
            log.exception("the universe is not saved")
            return
        self._unsaved = engine.Changes({})
