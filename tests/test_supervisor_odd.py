"""Keeping bots alive when roles, policies, links and orders are odd."""

from contextlib import asynccontextmanager
from math import inf, nan
from random import Random

import anyio
import pytest
from attrs import frozen

from wingmate import (
    Assign,
    BotSpec,
    LocalChannel,
    LocalSupervisor,
    MemoryStore,
    Pause,
    Secret,
    State,
    never,
)
from wingmate.errors import Disconnected
from wingmate.testing import MemoryNetwork, simulate


class Bytes:
    """The simplest game: bytes in, bytes out."""

    def receive(self, data):
        return [data]

    def send(self, command):
        return command

    def close(self):
        return b"bye"


async def answer(stream):
    while True:
        await stream.send(await stream.receive())


@asynccontextmanager
async def crew(*roles, handler=answer, spec=None, transport=None, **settings):
    """A supervisor in its block, watched, with one bot for each role."""
    settings.setdefault("restart", never)
    async with (
        MemoryNetwork(Random(0)) as net,
        LocalSupervisor(channel=LocalChannel(), knowledge=MemoryStore(), **settings) as supervisor,
        supervisor.watch(),
    ):
        net.listen("game", handler)
        link = transport or net.transport("game")
        for name, role in zip("abcdefgh", roles, strict=False):
            await supervisor.start(
                BotSpec(name=name, role=role, adapter=Bytes, transport=link, **(spec or {}))
            )
        yield supervisor


async def idle(bot):
    await bot.rest(1e6)


async def ten_seconds(bot):
    await anyio.sleep(10)


def states(supervisor):
    return {status.name: status.state for status in supervisor.statuses()}


def test_a_role_may_be_assigned_again():
    async def story():
        shifts = []

        async def patient(bot):
            shifts.append(bot.incarnation)
            await bot.rest(1e6)

        async with crew(patient) as supervisor:
            await anyio.sleep(1)
            await supervisor.order("a", Assign(patient))
            await anyio.sleep(1)
            await supervisor.order("a", Assign(ten_seconds))
            await supervisor.order("a", Assign(patient))
            await anyio.sleep(1)
            assert states(supervisor) == {"a": State.RUNNING}
            await supervisor.stop_all()
        return shifts

    assert simulate(story) == [1, 1, 1]


def test_an_order_that_comes_while_the_bot_says_goodbye_changes_nothing():
    async def story():
        async def deaf(stream):
            await anyio.sleep_forever()

        async def shout(bot):
            with anyio.move_on_after(5):
                while True:
                    await bot.send(b"x" * 100_000)

        async with crew(shout, handler=deaf) as supervisor:
            await anyio.sleep(6)
            await supervisor.order("a", Assign(idle))
        status = supervisor.statuses()[0]
        return status.state, status.role

    assert simulate(story) == (State.DONE, "shout")


@pytest.mark.parametrize("answer_of_policy", [nan, inf, -5.0, "soon", True])
def test_a_policy_that_answers_no_delay_ends_one_bot_only(answer_of_policy):
    async def story():
        async def crash(bot):
            raise Disconnected("x")

        with pytest.raises(ExceptionGroup, match="bots gave up"):
            async with crew(crash, ten_seconds, restart=lambda _crash: answer_of_policy) as supervisor:
                pass
        return states(supervisor), supervisor.statuses()[0].reason

    result, reason = simulate(story)
    assert result == {"a": State.FAILED, "b": State.DONE}
    assert "the restart policy failed" in reason


def test_an_error_that_cannot_be_printed_ends_one_bot_only():
    class Odd(Exception):
        def __str__(self):
            raise RuntimeError("no words")

    async def story():
        async def crash(bot):
            raise Odd

        with pytest.raises(ExceptionGroup, match="bots gave up"):
            async with crew(crash, ten_seconds) as supervisor:
                pass
        return states(supervisor), supervisor.statuses()[0].last_error

    result, words = simulate(story)
    assert result == {"a": State.FAILED, "b": State.DONE}
    assert words.startswith("Odd")


def test_a_long_error_is_cut_in_the_status():
    async def story():
        async def crash(bot):
            raise Disconnected("x" * 1_000_000)

        with pytest.raises(ExceptionGroup, match="bots gave up"):
            async with crew(crash) as supervisor:
                pass
        return supervisor.statuses()[0]

    status = simulate(story)
    assert len(status.last_error) < 2000
    assert len(status.reason) < 2000


def test_a_careless_report_harms_nobody():
    async def story():
        async def careless(bot):
            Secret("text:hunter22").reveal()
            bot.report(
                where=7, doing=None, said="hunter22 " + "x" * 1_000_000, cargo=["hunter22"], odd=object()
            )
            await anyio.sleep(3)

        async with crew(careless, ten_seconds) as supervisor:
            await anyio.sleep(1)
            told = supervisor.statuses()[0]
        return told, states(supervisor)

    told, result = simulate(story)
    assert result == {"a": State.DONE, "b": State.DONE}
    assert told.where == "7"
    assert "hunter22" not in str(told)
    assert len(str(told)) < 5000
    assert told.figures["cargo"] == ["********"]
    assert "object" in told.figures["odd"]


def test_a_report_is_a_snapshot():
    async def story():
        async def loader(bot):
            cargo = {"ore": [1]}
            bot.report(cargo=cargo)
            await anyio.sleep(2)
            cargo["ore"].append(2)
            await anyio.sleep(2)

        async with crew(loader) as supervisor:
            await anyio.sleep(1)
            before = supervisor.statuses()[0].figures["cargo"]
            await anyio.sleep(2)
            return before

    assert simulate(story) == {"ore": [1]}


def test_bots_that_are_cut_off_from_outside_are_not_called_running():
    async def story():
        with anyio.move_on_after(2):
            async with crew(idle, ten_seconds) as supervisor:
                pass
        return states(supervisor), {status.reason for status in supervisor.statuses()}

    result, reasons = simulate(story)
    assert result == {"a": State.STOPPED, "b": State.STOPPED}
    assert reasons == {"cut short: the supervisor's block ended"}


def test_a_role_that_ends_the_program_leaves_no_bot_running():
    class Enough(BaseException):
        pass

    async def story():
        async def over(bot):
            await anyio.sleep(1)
            raise Enough

        with pytest.raises(BaseExceptionGroup) as caught:
            async with crew(over, idle) as supervisor:
                pass
        assert caught.group_contains(Enough)
        return states(supervisor)

    assert simulate(story) == {"a": State.STOPPED, "b": State.STOPPED}


@frozen
class Hanging:
    """A transport that never gets there."""

    @asynccontextmanager
    async def connect(self):
        await anyio.sleep_forever()
        yield


def test_connecting_has_an_end():
    async def story():
        with pytest.raises(ExceptionGroup, match="bots gave up") as caught:
            async with crew(idle, transport=Hanging(), spec={"stall": 100}):
                pass
        return anyio.current_time(), [str(error) for error in caught.value.exceptions]

    assert simulate(story) == (100, ["a: the link did not stand within 100 s"])


def test_a_goodbye_over_a_dead_link_does_not_hide_what_happened():
    @frozen
    class Brittle:
        inner: object

        @asynccontextmanager
        async def connect(self):
            async with self.inner.connect() as stream:

                async def send(_item):
                    raise ConnectionResetError("gone")

                stream.send = send
                yield stream

    async def story():
        async def crash(bot):
            raise LookupError("the true cause")

        async with MemoryNetwork(Random(0)) as net:
            net.listen("game", answer)
            with pytest.raises(ExceptionGroup, match="bots gave up"):
                async with crew(crash, transport=Brittle(net.transport("game"))) as supervisor:
                    pass
        return supervisor.statuses()[0].last_error

    assert simulate(story) == "LookupError: the true cause"


def test_who_is_stopped_while_waiting_to_start_keeps_nobody_waiting():
    async def story():
        async with crew(*[idle] * 8, stagger=100.0) as supervisor:
            await anyio.sleep(1)
            for name, state in states(supervisor).items():
                if state is State.CREATED:
                    await supervisor.stop(name)
            await anyio.sleep(1)
            transport = supervisor._children["a"].spec.transport
            await supervisor.start(BotSpec(name="z", role=idle, adapter=Bytes, transport=transport))
            await anyio.sleep(100)
            assert states(supervisor)["z"] is State.RUNNING
            await supervisor.stop_all()

    simulate(story)


@pytest.mark.parametrize("stagger", [-1.0, nan, inf])
def test_a_stagger_is_a_time(stagger):
    with pytest.raises(ValueError, match="stagger"):
        LocalSupervisor(channel=LocalChannel(), knowledge=MemoryStore(), stagger=stagger)


def test_a_paused_bot_that_came_back_gives_no_old_reason():
    async def story():
        async def fragile(bot):
            if bot.incarnation == 1:
                raise Disconnected("once")
            await bot.rest(1e6)

        async with crew(fragile, restart=lambda _crash: 5.0) as supervisor:
            await anyio.sleep(1)
            await supervisor.order("a", Pause())
            await anyio.sleep(10)
            status = supervisor.statuses()[0]
            await supervisor.stop_all()
        return status.state, status.reason

    assert simulate(story) == (State.PAUSED, "")


def test_watching_after_the_end_ends_too():
    async def story():
        async with crew(ten_seconds) as supervisor:
            pass
        async with supervisor.watch() as changes:
            return [status.state async for status in changes]

    assert simulate(story) == [State.DONE]


@frozen
class Farewell:
    """A transport on which sending the last words takes until the game has hung up."""

    inner: object

    @asynccontextmanager
    async def connect(self):
        async with self.inner.connect() as stream:
            send = stream.send

            async def slowly(item):
                await send(item)
                await anyio.sleep(1)

            stream.send = slowly
            yield stream


@pytest.mark.parametrize("by_order", [False, True])
def test_a_game_that_hangs_up_at_goodbye_did_nothing_wrong(by_order):
    async def story():
        async def until_goodbye(stream):
            await stream.receive()
            await stream.aclose()

        async with MemoryNetwork(Random(0)) as net:
            net.listen("game", until_goodbye)
            role = idle if by_order else ten_seconds
            async with crew(role, transport=Farewell(net.transport("game"))) as supervisor:
                await anyio.sleep(1)
                if by_order:
                    await supervisor.stop("a", drain=False)
        status = supervisor.statuses()[0]
        return status.state, status.last_error

    assert simulate(story) == (State.STOPPED if by_order else State.DONE, "")


def test_a_new_try_gives_no_old_reason():
    async def story():
        seen = []

        async def fragile(bot):
            raise Disconnected("again")

        with pytest.raises(ExceptionGroup):
            async with crew(fragile, restart=lambda crash: 5.0 if crash.count < 3 else None) as supervisor:
                async with supervisor.watch() as changes:
                    async for status in changes:
                        seen.append((status.state, status.reason))
                        if status.state.over:
                            break
        return [reason for state, reason in seen if state is State.CONNECTING]

    assert set(simulate(story)) == {""}


def test_a_wrong_value_is_told_in_words():
    async def story():
        async def careless(bot):
            BotSpec(name=7, role=idle, adapter=Bytes, transport=None)

        with pytest.raises(ExceptionGroup, match="bots gave up"):
            async with crew(careless) as supervisor:
                pass
        return supervisor.statuses()[0].last_error

    words = simulate(story)
    assert words.startswith("TypeError: 'name' must be")
    assert "Attribute(" not in words
