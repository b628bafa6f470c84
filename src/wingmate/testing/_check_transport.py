"""Does a transport keep its promises?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from anyio import (
    BrokenResourceError,
    ClosedResourceError,
    EndOfStream,
    create_task_group,
    move_on_after,
    sleep_forever,
)
from anyio.abc import ByteStream

from ..abc import PushStream, Transport
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
        await _echoes(transport, letters, attempt, within)
    steps: list[Step] = [_is_closed_after_its_block, _keeps_links_apart, _keeps_to_max_bytes, _delivers]
    steps += [_keeps_what_a_cancelled_read_missed, _lets_errors_out, _can_be_cancelled]
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


async def _echoes(transport: Transport, letters: bytes, attempt: str, within: float) -> None:
    heard = bytearray()
    with move_on_after(within) as scope:
        async with transport.connect() as stream:
            for size in SIZES:
                heard.clear()
                async with create_task_group() as nursery:
                    nursery.start_soon(stream.send, letters[:size])
                    while len(heard) < size:
                        heard += await stream.receive()
                _compare(bytes(heard), letters[:size], f"came back changed on the {attempt} link")
    if scope.cancelled_caught:
        _compare(bytes(heard), letters[: len(heard) + 1], f"did not all come back within {within:g} s")


async def _is_closed_after_its_block(transport: Transport, _letters: bytes) -> None:
    async with transport.connect() as stream:
        pass
    calls: tuple[tuple[str, Callable[[], Awaitable[Any]]], ...] = (
        ("send", partial(stream.send, b"late")),
        ("receive", stream.receive),
    )
    for use, call in calls:
        try:
            await call()
        except OVER:
            continue
        raise AssertionError(f"the link must be closed when the block ends, but {use}() still works")


def _compare(heard: bytes, sent: bytes, what: str) -> None:
    if heard == sent:
        return
    pairs = enumerate(zip(heard, sent, strict=False))
    place = next((i for i, (one, other) in pairs if one != other), min(len(heard), len(sent)))
    raise AssertionError(
        f"the bytes {what}: number {place} was sent as {sent[place : place + 1]!r} and read as "
        f"{heard[place : place + 1]!r}; if the link is not meant for every byte, say so with alphabet="
    )


async def _keeps_links_apart(transport: Transport, letters: bytes) -> None:
    async with transport.connect() as one, transport.connect() as other:
        await one.send(letters[:10])
        heard = await _echo(other, letters[10:20])
        promise(heard == letters[10:20], "two links of one transport mix their bytes")
        heard = b""
        while len(heard) < 10:
            heard += await one.receive()
        promise(heard == letters[:10], "two links of one transport mix their bytes")
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


async def _delivers(transport: Transport, letters: bytes) -> None:
    """Check `PushStream`, if the stream is one."""
    heard = bytearray()

    def hear(data: bytes) -> bool:
        heard.extend(data)
        return len(heard) < len(letters)

    async with transport.connect() as stream:
        if not isinstance(stream, PushStream):
            return
        async with create_task_group() as nursery:
            nursery.start_soon(stream.send, letters)
            await stream.deliver(hear)
        _compare(bytes(heard), letters, "came back changed when delivered")
        again = await _echo(stream, letters[:50])
        promise(again == letters[:50], "after deliver() has ended, receive() does not go on where it was")


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
