"""Bots talk: mailboxes in one process, and notices over a store."""

from functools import partial

import anyio
import pytest

from wingmate import LocalChannel, MemoryStore, Message, now
from wingmate.channels import NoticeBoard
from wingmate.testing import check_channel, run_on_trio, simulate


def test_both_channels_keep_their_promises():
    simulate(check_channel, LocalChannel)
    simulate(partial(check_channel, lambda: NoticeBoard(MemoryStore()), replays=True))


def test_both_channels_keep_them_on_trio():
    run_on_trio(check_channel, LocalChannel)
    run_on_trio(partial(check_channel, lambda: NoticeBoard(MemoryStore()), replays=True))


def message(n, topic="news"):
    return Message(topic, n, "ann", sent_at=now())


def test_a_full_mailbox_loses_the_oldest_and_counts_it():
    async def story():
        channel = LocalChannel(size=3)
        async with channel.subscribe("news") as slow, channel.subscribe("other") as other:
            for n in range(10):
                await channel.publish(message(n))
            await channel.publish(message("last", "other"))
            heard = [(await anext(slow)).body for _ in range(3)]
            assert (await anext(other)).body == "last"
        return heard, channel.lost

    assert simulate(story) == ([7, 8, 9], 7)


def test_who_left_hears_nothing_and_costs_nothing():
    async def story():
        channel = LocalChannel(size=1)
        async with channel.subscribe("news"):
            pass
        for n in range(5):
            await channel.publish(message(n))
        return channel.lost

    assert simulate(story) == 0


def test_a_mailbox_holds_at_least_one():
    with pytest.raises(ValueError, match="size"):
        LocalChannel(size=0)


def test_a_newcomer_reads_the_notices_it_missed_in_order():
    async def story():
        board = NoticeBoard(MemoryStore(), every=1)
        for n in range(3):
            await board.publish(message(n))
        async with board.subscribe("news") as heard:
            first = [(await anext(heard)).body for _ in range(3)]
            await board.publish(message(3))
            with anyio.fail_after(5):
                return [*first, (await anext(heard)).body]

    assert simulate(story) == [0, 1, 2, 3]


def test_notices_lapse():
    async def story():
        board = NoticeBoard(MemoryStore(), ttl=60)
        await board.publish(message("old"))
        await anyio.sleep(61)
        async with board.subscribe("news") as heard:
            with anyio.move_on_after(10):
                return await anext(heard)

    assert simulate(story) is None
