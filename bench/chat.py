"""Chat: frames a second both ways, and claims over a chat beside a store and beside "first seen wins".

All claims are played in virtual time in one room where a line takes 2 to 6 ms, and every bot reacts
to a request within 50 ms: seconds to agree are the chat's, seconds of work are this machine's.
Run: `python bench/chat.py [--frames 20000] [--rounds 50]`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from statistics import mean

import anyio

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from wingmate import MemoryStore, Secret, now
from wingmate.chat import ChatChannel, ChatStore, Frames, Key, KeyRing, Terms, Traits
from wingmate.chat.links import ChatRoom, ChatWeather
from wingmate.testing import simulate

KEYS = KeyRing(Key("A1", Secret("text:only for examples and tests")))
WEATHER = ChatWeather(delay=(0.002, 0.006))  # as measured on a real block-game server
ORDERED = Traits(limit=256, rate=1000.0, burst=100, hears_itself=True, total_order=True)
RADIO = Traits(limit=155, rate=1000.0, burst=100)
START = 1_767_225_600.0


def codec(count: int) -> None:
    for mode, keys in (("open", None), ("signed", KEYS)):
        ann, bob = (Frames(name=name, limit=155, born=START, keys=keys) for name in ("ann", "bob"))
        lines = list[str]()
        began = time.process_time()
        for n in range(count):
            ann.send(f'm["news",{{"sector":{n}}},"ann",{START}]')
            lines += [ann.stamp(draft, START) for draft in ann.drain()]
        took = time.process_time() - began
        print(f"  {mode:8} written {len(lines) / took:10,.0f} frames/s", end="")
        began = time.process_time()
        heard = sum(len(bob.receive(line, "ann", START)) for line in lines)
        took = time.process_time() - began
        assert heard > count
        print(f"   read {len(lines) / took:10,.0f} frames/s")


def story(length: int = 10_000) -> None:
    dice = Random(1)
    text = "".join(chr(dice.randrange(32, 900)) for _ in range(length))
    loss, lines, ann = 0.2, 0, Frames(name="ann", limit=155, born=START, keys=KEYS)
    bob = Frames(name="bob", limit=155, born=START - 1, keys=KEYS)
    ann.send(text)
    at, least = START, 0
    while True:
        at += 0.5
        for one, other in ((ann, bob), (bob, ann)):
            one.tick(at)
            drafts = one.drain()
            least = least or len(drafts)
            lines += len(drafts)
            for draft in drafts:
                line = one.stamp(draft, at)
                if dice.random() >= loss and any(
                    getattr(e, "text", "") == text for e in other.receive(line, "", at)
                ):
                    print(
                        f"  {length} characters in {lines} lines of 155; {least} would do if none were lost"
                    )
                    return


def rounds(count: int, bots: int, *, how: str) -> Iterator[tuple[int, float]]:
    """Play; give the number of winners of each round and the seconds until the last one knew."""

    async def play() -> list[tuple[int, float]]:
        room = ChatRoom(RADIO if how == "bids" else ORDERED, WEATHER, random=Random(bots))
        dice, results = Random(count), list[tuple[int, float]]()
        store = MemoryStore()
        async with AsyncExitStack() as stack:
            stores = [store] * bots
            if how != "store":
                stores = []
                for n in range(bots):
                    channel = await stack.enter_async_context(
                        ChatChannel(room.link(f"b{n}"), f"b{n}", keys=KEYS)
                    )
                    terms = Terms(longest=600.0, listen=0.0, settle=0.5)
                    stores.append(await stack.enter_async_context(ChatStore(channel, terms=terms)))
            await anyio.sleep(2)
            for number in range(count):
                winners, began, last = list[str](), anyio.current_time(), 0.0

                async def want(n: int, number: int = number, winners: list[str] = winners) -> None:
                    nonlocal last
                    await anyio.sleep(dice.uniform(0, 0.05))
                    asked = anyio.current_time()
                    got = await stores[n].claim(f"task/{number}", f"b{n}", until=now() + 300)
                    last = max(last, anyio.current_time() - asked)
                    if got is not None:
                        winners.append(f"b{n}")

                async with anyio.create_task_group() as nursery:
                    for n in range(bots):
                        nursery.start_soon(want, n)
                results.append((len(winners), last))
                assert anyio.current_time() >= began
        return results

    yield from simulate(play)


def naive(count: int, bots: int) -> Iterator[int]:
    """Play the rule "if I have not seen it claimed, I claim it and start"; give the workers of each round."""

    async def play() -> list[int]:
        room, dice, results = ChatRoom(ORDERED, WEATHER, random=Random(bots)), Random(count), list[int]()
        for number in range(count):
            workers = list[str]()

            async def want(name: str, number: int = number, workers: list[str] = workers) -> None:
                async with room.link(name).listen() as lines:
                    seen = False
                    with anyio.move_on_after(dice.uniform(0, 0.05)):
                        async for _ in lines:
                            seen = True
                    if not seen:
                        room.say(name, f"[TASK_CLAIM] {number}")
                        workers.append(name)
                    await anyio.sleep(0.2)

            async with anyio.create_task_group() as nursery:
                for n in range(bots):
                    nursery.start_soon(want, f"b{n}")
            results.append(len(workers))
        return results

    yield from simulate(play)


def claims(count: int) -> None:
    for bots in (3, 10, 20):
        twice = mean(workers > 1 for workers in naive(count, bots))
        print(f"  {bots:2} bots   first seen wins: two or more at work in {twice:6.1%} of rounds")
        for how, name in (("order", "first in the order"), ("bids", "bids"), ("store", "MemoryStore")):
            began = time.process_time()
            results = list(rounds(count, bots, how=how))
            took = time.process_time() - began
            wrong = mean(winners != 1 for winners, _ in results)
            agreed = mean(seconds for _, seconds in results)
            speed = count * bots / took
            print(f"            {name:18}: {wrong:6.1%}; agreed in {agreed:5.3f} s; {speed:8,.0f} claims/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=50)
    args = parser.parse_args()
    print("frames of one line, on one core")
    codec(args.frames)
    print("a long message over a radio that loses 20 %")
    story()
    print("one task, many bots: rounds without exactly one winner")
    claims(args.rounds)


if __name__ == "__main__":
    main()
