"""The check for channels passes what keeps its promises and catches what breaks one, saying which."""

from contextlib import asynccontextmanager, suppress

import anyio
import pytest
from anyio import create_memory_object_stream
from attrs import define, evolve, field

from wingmate import MemoryStore
from wingmate.channels import LocalChannel, NoticeBoard
from wingmate.testing import check_channel, run_on_trio, simulate

BOTH_LOOPS = pytest.mark.parametrize("run", [simulate, run_on_trio])


@BOTH_LOOPS
def test_the_local_channel_passes(run):
    run(check_channel, LocalChannel)


def test_the_notice_board_passes_as_one_that_replays(catches):
    async def story():
        await check_channel(lambda: NoticeBoard(MemoryStore()), replays=True)

    simulate(story)
    catches(check_channel, lambda: NoticeBoard(MemoryStore()), match="heard what was said before")


class Shouting(LocalChannel):
    """Tells everybody everything."""

    @asynccontextmanager
    async def subscribe(self, topic):
        async with super().subscribe("") as heard:
            yield heard


class Exact(LocalChannel):
    """Takes a topic for the whole name."""

    async def publish(self, message):
        for box in self._mailboxes:
            if message.topic == box.topic or not box.topic:
                self._drop_in(box, message)


class Backwards(LocalChannel):
    async def publish(self, message):
        await super().publish(message)
        for box in self._mailboxes:
            mail = []
            while box.pile.statistics().current_buffer_used:
                mail.append(box.pile.receive_nowait())
            for one in reversed(mail):
                box.slot.send_nowait(one)


class Shallow(LocalChannel):
    """Loses what is nested."""

    async def publish(self, message):
        body = message.body if not isinstance(message.body, (list, dict)) else str(message.body)
        await super().publish(evolve(message, body=body))


class Greedy(LocalChannel):
    """Gives each message to one subscriber only."""

    async def publish(self, message):
        for box in self._mailboxes:
            if message.topic.startswith(box.topic) and (box.topic or len(self._mailboxes) == 1):
                self._drop_in(box, message)
                break


@define
class Polite:
    """Waits for the slowest listener."""

    _boxes: list = field(factory=list)

    async def publish(self, message):
        for topic, slot in list(self._boxes):
            if message.topic.startswith(topic):
                await slot.send(message)

    @asynccontextmanager
    async def subscribe(self, topic):
        slot, pile = create_memory_object_stream(64)
        self._boxes.append((topic, slot))
        with slot, pile:
            try:
                yield pile
            finally:
                self._boxes.remove((topic, slot))


class Sticky(Polite):
    """Keeps mailboxes whose owner has left."""

    @asynccontextmanager
    async def subscribe(self, topic):
        slot, pile = create_memory_object_stream(10_000)
        self._boxes.append((topic, slot))
        with slot, pile:
            yield pile


class Swallowing(LocalChannel):
    @asynccontextmanager
    async def subscribe(self, topic):
        async with super().subscribe(topic) as heard:
            with suppress(Exception):
                yield heard


class Deaf(LocalChannel):
    async def publish(self, message):
        pass


@pytest.mark.parametrize(
    ("broken", "match"),
    [
        (Shouting, "a subscriber to trade/ heard"),
        (Exact, "more than 30 s to see that it keeps order and topics"),
        (Backwards, "said .*but heard"),
        (Shallow, "said .*but heard"),
        (Greedy, "more than 30 s"),
        (Polite, "more than 30 s to see that it never makes a speaker wait"),
        (Deaf, "more than 30 s"),
        (Swallowing, "an error raised in the block must come out of it"),
        (dict, "lacks publish"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_broken_channel_is_caught(broken, match, catches):
    catches(check_channel, broken, match=match)


def test_a_channel_that_keeps_the_mailboxes_of_those_who_left_is_caught():
    async def story():
        await check_channel(Sticky)

    with pytest.raises(anyio.ClosedResourceError):  # telling nobody fails
        simulate(story)
