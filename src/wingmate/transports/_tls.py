"""TCP with TLS."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from anyio import BrokenResourceError, EndOfStream, connect_tcp, fail_after
from anyio.abc import ByteStream
from attrs import field, frozen, validators

from ..errors import ConnectFailed
from ._tcp import is_host, is_port, reason


@frozen
class Tls:
    """A TCP link that is encrypted, to a server that proves its name; `within` seconds to connect.

    `authority` is a file with the certificates to trust instead of the machine's, for a server that
    signed its own.
    """

    host: str = field(validator=is_host)
    port: int = field(validator=is_port)
    within: float = field(default=10.0, kw_only=True, validator=validators.gt(0))
    authority: str | None = field(default=None, kw_only=True)

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[ByteStream, None]:
        """Open one link; leaving the block closes it. Raises `ConnectFailed`."""
        where = f"{self.host}:{self.port}"
        try:
            with fail_after(self.within):
                stream = await self._open()
        except TimeoutError as exc:
            raise ConnectFailed(f"{where} did not accept the link within {self.within:g} s") from exc
        # What is wrong with a certificate is an OSError or a ValueError, too.
        except (OSError, ValueError, EndOfStream, BrokenResourceError) as exc:
            raise ConnectFailed(f"{where} cannot be reached: {reason(exc)}") from exc
        async with stream:
            yield stream

    async def _open(self) -> ByteStream:
        context = ssl.create_default_context(cafile=self.authority)
        # Games hang up without TLS's own goodbye, and it proves nothing in a talk without an end.
        return await connect_tcp(
            self.host, self.port, tls=True, ssl_context=context, tls_standard_compatible=False
        )
