"""A small text game to try bots on: a ring of rooms, a prompt, and somebody who shouts."""

from __future__ import annotations

from contextlib import suppress

from anyio import BrokenResourceError, EndOfStream, sleep
from anyio.abc import ByteStream

from wingmate.testing import MemoryNetwork, simulate

ROOMS = 12


# --8<-- [start:game]
async def cavern(stream: ByteStream) -> None:
    """Answer one player; a game for `MemoryNetwork.listen`, or for a TCP listener."""
    room, typed = 1, b""
    with suppress(EndOfStream, BrokenResourceError):
        await stream.send(b"\x1b[2J\x1b[1;33mThe Cavern\x1b[0m\r\nWho are you? ")
        while True:
            typed += await stream.receive()
            while b"\r" in typed:
                line, _, typed = typed.partition(b"\r")
                if line.isdigit() and int(line) in exits(room):
                    room = int(line)
                ways = b" - ".join(b"%d" % way for way in exits(room))
                await stream.send(b"%s\r\nRoom %d, exits: %s\r\n" % (line, room, ways))
                await stream.send(b"\x1b[35m[\x1b[1;36m%d\x1b[0;35m]>\x1b[0m " % room)
                if room == 7:  # somebody shouts when he likes, over the prompt
                    await stream.send(b"\r\x1b[KSomebody shouts: hello?\r\n[7]> ")


# --8<-- [end:game]


def exits(room: int) -> list[int]:
    """Give the rooms next to a room: its two neighbours, and one across."""
    return sorted({room % ROOMS + 1, (room - 2) % ROOMS + 1, (room + 5) % ROOMS + 1})


async def main() -> str:
    """Play a few moves by hand, in virtual time."""
    heard = b""
    async with MemoryNetwork() as network:
        network.listen("cavern", cavern)
        async with network.transport("cavern").connect() as stream:
            for line in (b"Ann", b"2", b"8"):
                heard += await stream.receive()
                await stream.send(line + b"\r")
                await sleep(1)
            heard += await stream.receive()
    return heard.decode()


if __name__ == "__main__":
    print(simulate(main))
