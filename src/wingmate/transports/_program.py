"""A game that runs as a program on this machine."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from subprocess import PIPE
from typing import Any

from anyio import (
    BrokenResourceError,
    CancelScope,
    ClosedResourceError,
    EndOfStream,
    ResourceGuard,
    create_task_group,
    move_on_after,
    open_process,
)
from anyio.abc import ByteReceiveStream, ByteSendStream, ByteStream, Process
from attrs import define, field, frozen, validators
from typing_extensions import override

from ..errors import ConnectFailed

LAST_WORDS = 4096  # bytes kept of what the program says on its error output
SOON = 0.5  # seconds between the end of its output and its exit


def _as_command(value: Any) -> tuple[str, ...]:
    words: tuple[Any, ...] = () if isinstance(value, str) else tuple(value)
    if not words or not all(isinstance(word, str) for word in words):
        raise TypeError(f"a command is a tuple of words, such as ('python', 'game.py'), got {value!r}")
    return words


@frozen
class Program:
    """Play a game that runs as a program, over its standard input and output.

    Leaving the block closes its input, which most take as a reason to end. One that has not ended
    after half of `grace` seconds is told to, after the rest it is killed, with all it started.
    """

    command: tuple[str, ...] = field(converter=_as_command)
    grace: float = field(default=2.0, kw_only=True, validator=validators.ge(0))

    @property
    def host(self) -> str:
        """Nothing: the game is here."""
        return ""

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[ByteStream, None]:
        """Start the program; leaving the block ends it. Raises `ConnectFailed` if it cannot start."""
        try:
            # A session of its own, so that Ctrl+C at the terminal reaches the bot, which says goodbye.
            process = await open_process(
                self.command, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True
            )
        except (OSError, ValueError) as exc:
            raise ConnectFailed(f"{self.command[0]} cannot be started: {exc}") from exc
        stream = ProgramStream(self.command[0], process)
        failure: Exception | None = None
        try:
            async with create_task_group() as nursery:
                nursery.start_soon(stream.read_complaints, name=f"{self.command[0]}/complaints")
                try:
                    yield stream
                except Exception as exc:  # noqa: BLE001 - raised again below, outside of any group
                    failure = exc
                nursery.cancel_scope.cancel()
        finally:
            await _reap(process, self.grace)
        if failure is not None:
            raise failure


async def _reap(process: Process, grace: float) -> None:
    """End the program, whatever happens meanwhile to those who wait; it takes `grace` at most."""
    with CancelScope(shield=True):
        assert process.stdin is not None
        await process.stdin.aclose()
        with move_on_after(grace / 2):
            await process.wait()
        if process.returncode is None:
            _signal(process, signal.SIGTERM)
            with move_on_after(grace / 2):
                await process.wait()
        _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
        await process.aclose()


def _signal(process: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)  # it leads a group: what it started ends with it
        elif process.returncode is None:
            process.send_signal(number)


@define(eq=False)
class ProgramStream(ByteStream):
    """The two pipes of a program as one stream; when it fails, the error has its last words."""

    name: str
    _process: Process
    _complaints: bytearray = field(init=False, factory=bytearray)
    _reading: ResourceGuard = field(init=False, factory=lambda: ResourceGuard("reading from"))
    _writing: ResourceGuard = field(init=False, factory=lambda: ResourceGuard("writing to"))
    _closed: bool = field(init=False, default=False)

    @property
    def _input(self) -> ByteSendStream:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _output(self) -> ByteReceiveStream:
        assert self._process.stdout is not None
        return self._process.stdout

    @override
    async def receive(self, max_bytes: int = 65536) -> bytes:
        with self._reading:
            if self._closed:
                raise ClosedResourceError
            try:
                return await self._output.receive(max_bytes)
            except EndOfStream:
                with move_on_after(SOON):
                    await self._process.wait()
                if self._process.returncode:
                    raise BrokenResourceError(self._obituary()) from None
                raise

    @override
    async def send(self, item: bytes) -> None:
        with self._writing:
            try:
                await self._input.send(item)
            except OSError as exc:
                raise BrokenResourceError(self._obituary()) from exc

    @override
    async def send_eof(self) -> None:
        await self._input.aclose()

    @override
    async def aclose(self) -> None:
        self._closed = True
        await self._input.aclose()
        await self._output.aclose()

    async def read_complaints(self) -> None:
        """Keep the end of what the program says on its error output, so that it never blocks there."""
        assert self._process.stderr is not None
        async for words in self._process.stderr:
            self._complaints += words
            del self._complaints[:-LAST_WORDS]

    def _obituary(self) -> str:
        code = self._process.returncode
        how = "stopped listening" if code is None else f"ended with status {code}"
        words = self._complaints.decode("utf-8", "replace").strip()
        return f"{self.name} {how}" + (f"; its last words: {words}" if words else "")
