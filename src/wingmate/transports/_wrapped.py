"""A stream around a stream: the one place that inherits from anyio's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from anyio.abc import ByteStream
from attrs import define
from typing_extensions import override


@define(eq=False)
class WrappedStream(ByteStream):
    """Pass everything on to another stream; override what should differ."""

    inner: ByteStream

    @override
    async def receive(self, max_bytes: int = 65536) -> bytes:
        return await self.inner.receive(max_bytes)

    @override
    async def send(self, item: bytes) -> None:
        await self.inner.send(item)

    @override
    async def send_eof(self) -> None:
        await self.inner.send_eof()

    @override
    async def aclose(self) -> None:
        await self.inner.aclose()

    @property
    @override
    def extra_attributes(self) -> Mapping[Any, Callable[[], Any]]:
        inner: Any = self.inner  # anyio leaves the values' types open
        attributes: Mapping[Any, Callable[[], Any]] = inner.extra_attributes
        return attributes
