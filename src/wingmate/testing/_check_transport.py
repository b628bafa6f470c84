"""Does a transport keep its promises?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from anyio import (
    BrokenResourceError,
    ClosedResourceError,
    EndOfStream,
    create_task_group,
    move_on_after,
    sleep_forever,
)
from anyio.abc import ByteStream

from ..abc import Transport
from ..errors import ConnectFailed
from ._promise import Probe, in_time, is_a, lets_errors_through, promise

SIZES = (1, 255, 70_000)  # the last is more than any buffer on the way holds
BEAT = 0.05  # seconds; long enough to be waiting, short enough for a real clock
EVERY_BYTE = bytes(range(256))
Step = Callable[[Transport, bytes], Awaitable[None]]
OVER = (ClosedResourceError, BrokenResourceError, EndOfStream)


async def check_transport(
    transport: Transport,
    *,
    alphabet: bytes = EVERY_BYTE,
    unreachable: Transport | None = None,
    half_close: bool = True,
    within: float = 30.0,
) -> None:
    """Check a transport that leads to a server which echoes whatever it gets.

    *alphabet* are the bytes the link is meant to carry; *unreachable* is the same kind of transport
    leading nowhere; *half_close* says whether the link can end in one direction only. Every step
    has *within* seconds. Raises `AssertionError` with the broken promise.
    """
    promise(is_a(transport, Transport), f"{transport!r} has no method connect()")
    letters = alphabet * (SIZES[-1] // len(alphabet) + 1)
    for attempt in ("first", "second"):
        with in_time(_echoes, within):
            await _echoes(transport, letters, attempt)
    steps: list[Step] = [_keeps_links_apart, _keeps_to_max_bytes, _keeps_what_a_cancelled_read_missed]
    steps += [_lets_errors_out, _can_be_cancelled]
    if half_close:
        steps.append(_ends_in_one_direction)
    for step in steps:
        with in_time(step, within):
            await step(transport, letters)
    if unreachable is not None:
        with in_time(_tells_that_nobody_is_there, within):
            await _tells_that_nobody_is_there(unreachable)


async def _echo(stream: ByteStream, sent: bytes) -> bytes:
    heard = bytearray()
    async with create_task_group() as nursery:
        nursery.start_soon(stream.send, sent)
        while len(heard) < len(sent):
            heard += await stream.receive()
    return bytes(heard)


async def _echoes(transport: Transport, letters: bytes, attempt: str) -> None:
    async with transport.connect() as stream:
        for size in SIZES:
            heard = await _echo(stream, letters[:size])
            place = _difference(heard, letters[:size])
            promise(
                place is None,
                f"{size} bytes came back changed at byte {place} on the {attempt} link; "
                f"if the link cannot carry every byte, give the ones it can as alphabet=…",
            )
    for use, call in (("send", stream.send(b"late")), ("receive", stream.receive())):
        try:
            await call
        except OVER:
            continue
        raise AssertionError(f"the link must be closed when the block ends, but {use}() still works")


def _difference(heard: bytes, sent: bytes) -> int | None:
    if heard == sent:
        return None
    pairs = zip(heard, sent, strict=False)
    return next((i for i, (one, other) in enumerate(pairs) if one != other), min(len(heard), len(sent)))


async def _keeps_links_apart(transport: Transport, letters: bytes) -> None:
    async with transport.connect() as one, transport.connect() as other:
        await one.send(letters[:10])
        heard = await _echo(other, letters[10:20])
        promise(heard == letters[10:20], "two links of one transport mix their bytes")
        with move_on_after(BEAT):
            await one.receive(1)
    # The first link is still good when the second ends before it.
    async with transport.connect() as one:
        async with transport.connect():
            pass
        heard = await _echo(one, letters[:10])
        promise(heard == letters[:10], "closing one link disturbs another of the same transport")


async def _keeps_to_max_bytes(transport: Transport, letters: bytes) -> None:
    async with transport.connect() as stream:
        await stream.send(letters[:100])
        heard = b""
        while len(heard) < 100:
            part = await stream.receive(7)
            promise(0 < len(part) <= 7, f"receive(7) gave {len(part)} bytes")
            heard += part
        promise(heard == letters[:100], "reading in small parts changes the bytes")


async def _keeps_what_a_cancelled_read_missed(transport: Transport, letters: bytes) -> None:
    async with transport.connect() as stream:
        with move_on_after(BEAT):
            await stream.receive()
        heard = await _echo(stream, letters[:50])
        promise(heard == letters[:50], "a read that was cancelled while waiting loses bytes")


async def _lets_errors_out(transport: Transport, _letters: bytes) -> None:
    async with lets_errors_through(), transport.connect():
        raise Probe


async def _can_be_cancelled(transport: Transport, _letters: bytes) -> None:
    with move_on_after(BEAT) as scope:
        async with transport.connect():
            await sleep_forever()
    promise(scope.cancelled_caught, "the block must end when it is cancelled, and not swallow it")


async def _ends_in_one_direction(transport: Transport, letters: bytes) -> None:
    heard = bytearray()
    async with transport.connect() as stream:
        await stream.send(letters[:50])
        await stream.send_eof()
        try:
            while True:
                heard += await stream.receive()
        except EndOfStream:
            pass
    text = f"after send_eof() the rest must still arrive, but {len(heard)} of 50 bytes did"
    promise(bytes(heard) == letters[:50], text)


async def _tells_that_nobody_is_there(unreachable: Transport) -> None:
    try:
        async with unreachable.connect():
            pass
    except ConnectFailed:
        return
    except Exception as exc:
        raise AssertionError(f"a failed connection must raise ConnectFailed, not {exc!r}") from exc
    raise AssertionError("connecting to nowhere must raise ConnectFailed")
