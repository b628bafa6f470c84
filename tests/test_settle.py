from __future__ import annotations

from random import Random

import pytest
from anyio import EndOfStream, create_task_group, sleep

from wingmate import BotSpec, LocalChannel, MemoryStore, open_bot
from wingmate.screens import (
    Interjected,
    Line,
    Press,
    Prompt,
    PromptRules,
    PromptSeen,
    Reason,
    ScreenAdapter,
    ScreenReader,
    Type,
    settle,
    settle_bot,
)
from wingmate.testing import MemoryNetwork, Weather, run_on_trio, simulate

RULES = PromptRules([Prompt("name", "Who are you? "), Prompt("command", "[{sector:int}]> ")])
PAGER = Prompt("pager", "-- more --")


async def game(stream):
    await stream.send(b"Welcome.\r\n")
    await sleep(0.5)
    await stream.send(b"Who are you? ")
    while True:
        line = await stream.receive()
        match line:
            case b"look\r":
                await stream.send(b"look\r\nA room.\r\n-- more --")
                assert await stream.receive() == b" "
                await stream.send(b"\rA door.  \r\n[5]> ")
            case b"odd\r":
                await stream.send(b"odd\r\nWhat now")
            case b"chatter\r":
                while True:
                    await stream.send(b"bla ")
                    await sleep(0.5)
            case b"twice\r":
                await stream.send(b"twice\r\nWho are you? \r\n[7]> ")
            case b"chat\r":
                await stream.send(b"\rAda waves.\r\n[5]> chat\r\n")
                await sleep(1)
                await stream.send(b"Done.\r\n[6]> ")
            case b"quit\r":
                return
            case _:
                await stream.send(line + b"\n[5]> ")


def story(work, weather=None):
    async def main():
        async with MemoryNetwork(Random(1), weather or Weather()) as net:
            net.listen("game", game)
            async with net.transport("game").connect() as stream:
                return await work(stream, ScreenReader(RULES, [PAGER]))

    return simulate(main)


def test_a_prompt_ends_the_wait():
    async def work(stream, reader):
        first = await settle(stream, reader, within=10)
        await stream.send(b"Ada\r")
        return first, await settle(stream, reader, within=10)

    first, second = story(work)
    assert (first.reason, first.prompt.name) == (Reason.PROMPT, "name")
    assert first.text == "Welcome.\nWho are you? "
    assert first.items[0] == Line("Welcome.")
    assert second.prompt["sector"] == 5


def test_the_same_in_bad_weather():
    async def work(stream, reader):
        first = await settle(stream, reader, within=30, quiet=10)
        await stream.send(b"Ada\r")
        return first.text, (await settle(stream, reader, within=30, quiet=10)).prompt.name

    assert story(work, Weather(latency=(0.01, 2), shred=True)) == ("Welcome.\nWho are you? ", "command")


def test_the_same_on_trio():
    async def main():
        async with MemoryNetwork(Random(1), Weather(latency=(0.01, 0.2))) as net:
            net.listen("game", game)
            async with net.transport("game").connect() as stream:
                reader = ScreenReader(RULES, [PAGER])
                first = await settle(stream, reader, within=10)
                await stream.send(b"odd\r")
                return first.reason, (await settle(stream, reader, within=10, quiet=1)).reason

    assert run_on_trio(main) == (Reason.PROMPT, Reason.QUIET)


def test_only_some_prompts_may_count():
    async def work(stream, reader):
        return await settle(stream, reader, within=10, at={"command"})

    settled = story(work)
    assert settled.reason is Reason.QUIET
    assert settled.prompt is None


def test_of_several_prompts_in_one_piece_the_last_counts():
    async def work(stream, reader):
        await settle(stream, reader, within=10)
        await stream.send(b"twice\r")
        return await settle(stream, reader, within=10)

    settled = story(work)
    assert settled.prompt["sector"] == 7
    assert [item.name for item in settled.items if isinstance(item, PromptSeen)] == ["name", "command"]


def test_an_unknown_screen_is_quiet():
    async def work(stream, reader):
        await settle(stream, reader, within=10)
        await stream.send(b"odd\r")
        return await settle(stream, reader, within=10, quiet=1.5)

    settled = story(work)
    assert settled.reason is Reason.QUIET
    assert settled.text.endswith("odd\nWhat now")


def test_an_endless_screen_meets_the_deadline():
    async def work(stream, reader):
        await settle(stream, reader, within=10)
        await stream.send(b"chatter\r")
        return await settle(stream, reader, within=5)

    assert story(work).reason is Reason.DEADLINE


def test_silence_to_the_end_is_a_deadline():
    async def work(stream, reader):
        await settle(stream, reader, within=10)
        return await settle(stream, reader, within=3, quiet=5)

    assert story(work).reason is Reason.DEADLINE


def test_interjecting_prompts_are_answered_on_the_way():
    async def work(stream, reader):
        await settle(stream, reader, within=10)
        await stream.send(b"look\r")
        return await settle(stream, reader, within=10, answers={"pager": b" "})

    settled = story(work)
    assert settled.prompt.name == "command"
    assert [item.name for item in settled.items if isinstance(item, Interjected)] == ["pager"]


def test_reprints_do_not_end_the_wait():
    async def work(stream, reader):
        await settle(stream, reader, within=10)
        await stream.send(b"Ada\r")
        await settle(stream, reader, within=10)
        await stream.send(b"chat\r")
        return await settle(stream, reader, within=10)

    assert story(work).prompt["sector"] == 6


def test_the_end_of_the_link_is_passed_on():
    async def work(stream, reader):
        await settle(stream, reader, within=10)
        await stream.send(b"quit\r")
        with pytest.raises(EndOfStream):
            await settle(stream, reader, within=10)
        return True

    assert story(work)


# --- for bots -----------------------------------------------------------------------------------


def make():
    return ScreenAdapter(RULES, [PAGER], goodbye=Type("quit", at="command"))


def bot_story(work, adapter=make, **options):
    async def main():
        async with MemoryNetwork(Random(1), Weather()) as net, create_task_group():
            net.listen("game", game)
            spec = BotSpec(name="ada", role=work, adapter=adapter, transport=net.transport("game"))
            async with open_bot(
                spec, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(1)
            ) as bot:
                return await work(bot)

    return simulate(main)


def test_a_bot_settles():
    async def work(bot):
        first = await settle_bot(bot, within=10)
        await bot.send(Type("Ada", at="name"))
        second = await settle_bot(bot, within=10, at={"command"})
        await bot.send(Type("look", at="command"))
        third = await settle_bot(bot, within=10, answers={"pager": Press(" ", at="pager")})
        return first, second, third

    first, second, third = bot_story(work)
    assert first.prompt.name == "name"
    assert second.prompt["sector"] == 5
    assert third.reason is Reason.PROMPT
    assert third.text.endswith("A room.\nA door.  \n[5]> ")


def test_a_bot_finds_an_unknown_screen_quiet():
    async def work(bot):
        await settle_bot(bot, within=10)
        await bot.send(Type("odd"))
        return await settle_bot(bot, within=10, quiet=1)

    settled = bot_story(work)
    assert settled.reason is Reason.QUIET
    assert settled.prompt is None


def test_bytes_without_an_event_are_not_silence():
    async def work(bot):
        await settle_bot(bot, within=10)
        await bot.send(Type("chatter"))
        return await settle_bot(bot, within=5, quiet=1)

    assert bot_story(work).reason is Reason.DEADLINE


def test_another_adapter_is_refused():
    async def work(bot):
        bot.adapter = object()
        with pytest.raises(TypeError, match="ScreenAdapter"):
            await settle_bot(bot, within=1)
        bot.adapter = make()
        return True

    assert bot_story(work)
