"""Does a channel keep its promises?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from anyio import create_task_group, move_on_after, sleep

from .._clock import now
from .._facts import Json, Message
from ..abc import CoordinationChannel
from ._promise import Probe, in_time, is_a, lets_errors_through, opened, promise

FLOOD = 1000  # messages nobody reads; more than a bounded mailbox holds
BEAT = 0.05  # seconds; long enough to be waiting, short enough for a real clock
BODIES: tuple[Json, ...] = (
    None,
    True,
    -1,
    2.5,
    "",
    "Zoë says \u201cgo\u201d \U0001f680\n",
    [1, [2, [3]]],
    {"sector": 7, "ports": {"ore": [1, 2]}, "note": None},
)


async def check_channel(
    make: Callable[[], CoordinationChannel], *, replays: bool = False, within: float = 30.0
) -> None:
    """Check that subscribers hear what is said to them, in order, and no more.

    *make* gives a fresh channel each time, or a block that does; *replays* says that newcomers hear
    what was said before, as on a notice board. Every step has *within* seconds. Raises
    `AssertionError` with the broken promise.
    """
    steps = [_takes_what_nobody_hears, _keeps_order_and_topics, _carries_every_body, _wakes_who_waits]
    steps += [_reaches_everybody, _never_makes_a_speaker_wait, _ends_with_its_block]
    if not replays:
        steps.append(_begins_with_its_block)
    for step in steps:
        async with opened(make) as channel:
            with in_time(step, within):
                await step(channel)


def _said(topic: str, body: Json, sender: str = "ann") -> Message:
    return Message(topic, body, sender, sent_at=now())


async def _hear(heard: AsyncIterator[Message], count: int) -> list[Message]:
    return [await anext(heard) for _ in range(count)]


async def _takes_what_nobody_hears(channel: CoordinationChannel) -> None:
    promise(is_a(channel, CoordinationChannel), f"{channel!r} lacks publish() or subscribe()")
    await channel.publish(_said("nobody/listens", "a"))


async def _keeps_order_and_topics(channel: CoordinationChannel) -> None:
    said = [_said("trade/ore", n) for n in range(5)]
    async with (
        channel.subscribe("trade/") as heard,
        channel.subscribe("war/") as other,
        channel.subscribe("") as everything,
    ):
        for message in said:
            await channel.publish(message)
        await channel.publish(_said("war/end", "peace"))
        await channel.publish(_said("trade/end", "closed"))
        got = await _hear(heard, 6)
        promise(got[:5] == said, f"said {said}, but heard {got[:5]}")
        promise(got[5].topic == "trade/end", f"a subscriber to trade/ heard {got[5]}")
        first = await anext(other)
        promise(first.topic == "war/end", f"a subscriber to war/ heard {first}")
        topics = [message.topic for message in await _hear(everything, 7)]
        wanted = ["trade/ore"] * 5 + ["war/end", "trade/end"]
        promise(topics == wanted, f"a subscriber to every topic heard {topics}")


async def _carries_every_body(channel: CoordinationChannel) -> None:
    async with channel.subscribe("body") as heard:
        for number, body in enumerate(BODIES):
            message = _said(f"body/{number}", body, sender="Zoë")
            await channel.publish(message)
            got = await anext(heard)
            # repr too, because True equals 1 and 1 equals 1.0
            promise(got == message and repr(got.body) == repr(body), f"said {message}, but heard {got}")


async def _wakes_who_waits(channel: CoordinationChannel) -> None:
    got = list[Message]()

    async def listen(heard: AsyncIterator[Message]) -> None:
        got.append(await anext(heard))

    message = _said("late", 1)
    async with channel.subscribe("late") as heard:
        async with create_task_group() as nursery:
            nursery.start_soon(listen, heard)
            await sleep(BEAT)
            await channel.publish(message)
        promise(got == [message], f"a waiting subscriber was told {got}")
        with move_on_after(BEAT):
            await anext(heard)
    # A listener that was cancelled while waiting must not harm those who come after it.
    async with channel.subscribe("late/again") as heard:
        await channel.publish(message := _said("late/again", 2))
        promise(await anext(heard) == message, "after a cancelled listener, nobody hears any more")


async def _reaches_everybody(channel: CoordinationChannel) -> None:
    senders = ("ann", "bob", "cy")

    async def talk(sender: str) -> None:
        for number in range(10):
            await channel.publish(_said("all", number, sender))

    async with channel.subscribe("all") as one, channel.subscribe("al") as other:
        async with create_task_group() as nursery:
            for sender in senders:
                nursery.start_soon(talk, sender)
        for heard in (one, other):
            got = await _hear(heard, 30)
            for sender in senders:
                numbers = [message.body for message in got if message.sender == sender]
                promise(numbers == list(range(10)), f"{sender} said 0 to 9, but was heard as {numbers}")


async def _never_makes_a_speaker_wait(channel: CoordinationChannel) -> None:
    async with channel.subscribe("flood") as heard, channel.subscribe("quiet") as quiet:
        for number in range(FLOOD):
            await channel.publish(_said("flood", number))  # or the step runs out of time
        await channel.publish(message := _said("quiet", "still here"))
        promise(await anext(quiet) == message, "a subscriber who does not read starves another")
        last = -1
        while last < FLOOD - 1:
            body = (await anext(heard)).body
            number = body if isinstance(body, int) else -1
            promise(number > last, f"after {last} came {body}: the oldest may be lost, the order may not")
            last = number


async def _ends_with_its_block(channel: CoordinationChannel) -> None:
    async with channel.subscribe("end"):
        pass
    await channel.publish(_said("end", "to nobody"))  # must not fail
    async with lets_errors_through(), channel.subscribe("end"):
        raise Probe
    await channel.publish(_said("end", "to nobody"))


async def _begins_with_its_block(channel: CoordinationChannel) -> None:
    await channel.publish(_said("old", "before"))
    async with channel.subscribe("old") as heard:
        await channel.publish(_said("old", "after"))
        got = await anext(heard)
        promise(got.body == "after", f"a new subscriber heard what was said before: {got}")
