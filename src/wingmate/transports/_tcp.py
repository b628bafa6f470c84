"""Plain TCP."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from anyio import connect_tcp, fail_after
from anyio.abc import ByteStream
from attrs import field, frozen, validators

from ..errors import ConnectFailed


def is_host(_instance: object, _attribute: object, value: Any) -> None:
    """Take names and addresses only."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"a host is a name or an address, got {value!r}")


def is_port(_instance: object, _attribute: object, value: Any) -> None:
    """Take numbers of ports only."""
    if not isinstance(value, int) or not 1 <= value <= 65535:
        raise ValueError(f"a port is a number from 1 to 65535, got {value!r}")


@frozen
class Tcp:
    """A TCP link, straight to the game; `within` is the number of seconds granted to connect.

    Every address of the host is tried, IPv6 and IPv4. Under asyncio the stream has a fast path of
    its own, under trio it is anyio's.
    """

    host: str = field(validator=is_host)
    port: int = field(validator=is_port)
    within: float = field(default=10.0, kw_only=True, validator=validators.gt(0))

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[ByteStream, None]:
        """Open one link; leaving the block closes it. Raises `ConnectFailed`."""
        where = f"{self.host}:{self.port}"
        try:
            with fail_after(self.within):
                stream = await _open(self.host, self.port)
        except TimeoutError as exc:
            raise ConnectFailed(f"{where} did not accept the link within {self.within:g} s") from exc
        # A name that cannot be one at all is a UnicodeError or a ValueError.
        except (OSError, ValueError) as exc:
            raise ConnectFailed(f"{where} cannot be reached: {reason(exc)}") from exc
        async with stream:
            yield stream


async def _open(host: str, port: int) -> ByteStream:
    # Here and not above, so that a program on trio does not load asyncio before it connects.
    from . import _fast  # noqa: PLC0415

    if _fast.in_asyncio():
        return await _fast.connect(host, port)
    return await connect_tcp(host, port)


def reason(exc: Any) -> str:
    """Give the innermost words: anyio hides them behind "all attempts failed"."""
    while (inner := getattr(exc, "exceptions", [exc.__cause__])[0]) is not None:
        exc = inner
    return str(exc) or type(exc).__name__
