"""TLS, as far as it can be seen without a certificate; the rest is in the live tests of IRC."""

import anyio
import pytest

from wingmate.errors import ConnectFailed
from wingmate.transports import Tls


async def served(handler, **settings):
    """Connect to a handler on loopback."""
    async with await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=0) as listener:
        port = listener.extra(anyio.abc.SocketAttribute.local_port)
        async with anyio.create_task_group() as nursery:
            nursery.start_soon(listener.serve, handler)
            try:
                async with Tls("127.0.0.1", port, **settings).connect():
                    pass
            finally:
                nursery.cancel_scope.cancel()


async def plain(stream):
    async with stream:
        await stream.send(b"220 hello, I speak no TLS\r\n")


async def shut(stream):
    await stream.aclose()


async def mute(stream):
    async with stream:
        await anyio.sleep(10)


@pytest.mark.parametrize("handler", [plain, shut, mute])
def test_who_speaks_no_tls_is_not_reached(handler):
    seen = []

    async def story():
        try:
            await served(handler, within=0.3)
        except* ConnectFailed as caught:
            seen.append(len(caught.exceptions))

    anyio.run(story)
    assert seen == [1]


def test_an_authority_that_is_not_there_is_told():
    async def story():
        async with Tls("127.0.0.1", 1, authority="/nowhere/at/all.pem").connect():
            pass

    with pytest.raises(ConnectFailed, match="No such file"):
        anyio.run(story)


@pytest.mark.parametrize(("host", "port"), [("", 6697), ("irc", 0), ("irc", "6697")])
def test_addresses_are_checked(host, port):
    with pytest.raises(ValueError, match=r"host|port"):
        Tls(host, port)
