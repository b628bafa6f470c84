"""Keeping bots alive: restarts, giving up, stopping, draining, orders, and telling about it."""

from contextlib import asynccontextmanager
from random import Random

import anyio
import pytest
from attrs import frozen

from wingmate import (
    Assign,
    Backoff,
    BotSpec,
    LocalChannel,
    LocalSupervisor,
    MemoryStore,
    Pause,
    Pursue,
    Resume,
    Secret,
    State,
    never,
)
from wingmate.abc import Supervisor
from wingmate.errors import Disconnected, GarbledReply, Refused, Stalled
from wingmate.testing import MemoryNetwork, simulate


class Bytes:
    """The simplest game: bytes in, bytes out."""

    def receive(self, data):
        return [data]

    def send(self, command):
        return command

    def close(self):
        return b"bye"

    def screen(self):
        return "what was seen"


async def answer(stream):
    while True:
        await stream.send(await stream.receive())


@asynccontextmanager
async def crew(*roles, handler=answer, names="abcdefgh", spec=None, **settings):
    """A supervisor in its block, with one bot for each role."""
    settings.setdefault("restart", never)
    async with (
        MemoryNetwork(Random(0)) as net,
        LocalSupervisor(channel=LocalChannel(), knowledge=MemoryStore(), **settings) as supervisor,
    ):
        net.listen("game", handler)
        for name, role in zip(names, roles, strict=False):
            made = BotSpec(
                name=name, role=role, adapter=Bytes, transport=net.transport("game"), **(spec or {})
            )
            await supervisor.start(made)
        yield supervisor


async def idle(bot):
    await bot.rest(1e6)


async def forever(bot):
    await anyio.sleep_forever()


def states(supervisor):
    return {status.name: status.state for status in supervisor.statuses()}


def test_a_role_that_returns_is_done():
    async def story():
        async def greet(bot):
            await bot.send(b"hello")
            await bot.expect(bytes, within=5)

        async with crew(greet) as supervisor:
            pass
        return states(supervisor)

    assert simulate(story) == {"a": State.DONE}


def test_it_is_a_supervisor_and_starts_bots_in_its_block_only():
    async def story():
        supervisor = LocalSupervisor(channel=LocalChannel(), knowledge=MemoryStore())
        assert isinstance(supervisor, Supervisor)
        async with MemoryNetwork(Random(0)) as net:
            with pytest.raises(RuntimeError, match="async with"):
                await supervisor.start(
                    BotSpec(name="a", role=idle, adapter=Bytes, transport=net.transport("game"))
                )

    simulate(story)


def test_a_crashed_bot_comes_back_under_a_new_number():
    async def story():
        lives = []

        async def fragile(bot):
            lives.append(bot.incarnation)
            if len(lives) < 3:
                raise Disconnected("again")

        async with crew(fragile, restart=Backoff()) as supervisor:
            pass
        return lives, supervisor.statuses()[0]

    lives, status = simulate(story)
    assert lives == [1, 2, 3]
    assert (status.state, status.incarnation, status.last_error) == (State.DONE, 3, "Disconnected: again")


def test_who_gives_up_is_visible_and_leaves_the_others_alone():
    async def story():
        async def doomed(bot):
            raise Disconnected("for ever")

        async def worker(bot):
            await anyio.sleep(200)

        with pytest.raises(ExceptionGroup, match="bots gave up") as caught:
            async with crew(doomed, worker, restart=Backoff(limit=2)) as supervisor:
                await anyio.sleep(100)
                assert states(supervisor) == {"a": State.FAILED, "b": State.RUNNING}
                failed = supervisor.statuses()[0]
                assert failed.incarnation == 3
                assert "gave up after 3" in failed.reason
        assert [str(e) for e in caught.value.exceptions] == ["for ever"]
        return states(supervisor), anyio.current_time()

    assert simulate(story) == ({"a": State.FAILED, "b": State.DONE}, 200)


def test_crashes_count_since_the_last_progress():
    async def story():
        lives = 0

        async def slow_crasher(bot):
            nonlocal lives
            lives += 1
            await anyio.sleep(200)
            if lives < 20:
                bot.advance("steps", lives)
                raise Disconnected("but there was progress")

        async with crew(slow_crasher, restart=Backoff(limit=3)) as supervisor:
            pass
        return lives, states(supervisor)

    assert simulate(story) == (20, {"a": State.DONE})


def test_slow_crashes_without_progress_give_up_too():
    async def story():
        with pytest.raises(ExceptionGroup):
            async with crew(forever, restart=Backoff(limit=3), spec={"stall": 211}) as supervisor:
                pass
        return supervisor.statuses()[0]

    status = simulate(story)
    assert (status.state, status.incarnation) == (State.FAILED, 4)
    assert status.last_error.startswith("Stalled: a: no progress for 211 s")


def test_stop_drains_the_cycle_first():
    async def story():
        cycles = []

        async def worker(bot):
            while bot.on_duty:
                await anyio.sleep(10)
                cycles.append(anyio.current_time())

        async with crew(worker) as supervisor:
            await anyio.sleep(25)
            await supervisor.stop("a")
            assert states(supervisor) == {"a": State.DRAINING}
        return cycles, states(supervisor), supervisor.statuses()[0].reason

    assert simulate(story) == ([10, 20, 30], {"a": State.STOPPED}, "stopped by order")


def test_a_drain_has_an_end():
    async def story():
        async with crew(forever, spec={"drain": 12}) as supervisor:
            await anyio.sleep(1)
            await supervisor.stop("a")
        return states(supervisor), anyio.current_time()

    assert simulate(story) == ({"a": State.STOPPED}, 13)


def test_stopping_now_or_twice_is_at_once():
    async def story():
        async with crew(forever, forever) as supervisor:
            await anyio.sleep(1)
            await supervisor.stop("a", drain=False)
            await supervisor.stop("b")
            await supervisor.stop("b")
        return states(supervisor), anyio.current_time()

    assert simulate(story) == ({"a": State.STOPPED, "b": State.STOPPED}, 1)


def test_a_human_stop_wins_over_any_restart():
    async def story():
        async def crash_when_relieved(bot):
            await bot.rest(1e6)
            raise Disconnected("on the way out")

        async def crash_at_once(bot):
            raise Disconnected("again")

        async with crew(
            crash_when_relieved, crash_at_once, restart=lambda crash: 1000.0 if crash.bot == "b" else 0.0
        ) as supervisor:
            await anyio.sleep(5)
            assert states(supervisor)["b"] is State.WAITING
            await supervisor.stop_all()
        return states(supervisor), [status.incarnation for status in supervisor.statuses()]

    assert simulate(story) == ({"a": State.STOPPED, "b": State.STOPPED}, [1, 1])


def test_the_game_hears_goodbye():
    async def story():
        heard = []

        async def listen(stream):
            while True:
                heard.append(await stream.receive())

        async with crew(idle, handler=listen) as supervisor:
            await anyio.sleep(5)
            await supervisor.stop("a")
        return heard

    assert simulate(story) == [b"bye"]


def test_pause_and_resume_hold_over_restarts():
    async def story():
        sent = []

        async def listen(stream):
            while True:
                sent.append((await stream.receive(), anyio.current_time()))

        async def speak(bot):
            if bot.incarnation == 1:
                await anyio.sleep(10)
                raise Disconnected("once")
            await bot.send(b"hello")
            await anyio.sleep(1)

        async with crew(speak, handler=listen, restart=lambda crash: 1.0) as supervisor:
            await anyio.sleep(5)
            await supervisor.order("a", Pause())
            assert states(supervisor) == {"a": State.PAUSED}
            await anyio.sleep(95)
            assert states(supervisor) == {"a": State.PAUSED}
            await supervisor.order("a", Resume())
        return [entry for entry in sent if entry[0] != b"bye"]

    assert simulate(story) == [(b"hello", 100.0)]


def test_a_new_role_takes_over_on_the_same_link():
    async def story():
        links, done = [], []

        async def count(stream):
            links.append(stream)
            await answer(stream)

        async def first(bot):
            while bot.on_duty:
                await anyio.sleep(10)
                done.append("first")

        async def second(bot):
            done.append("second")

        async with crew(first, handler=count) as supervisor:
            await anyio.sleep(15)
            await supervisor.order("a", Assign(second))
        return len(links), done, supervisor.statuses()[0]

    links, done, status = simulate(story)
    assert (links, done) == (1, ["first", "first", "second"])
    assert (status.role, status.state, status.incarnation) == ("second", State.DONE, 1)


def test_a_role_that_does_not_hand_over_is_cut_short():
    async def story():
        async def second(bot):
            return

        async with crew(forever, spec={"drain": 8}) as supervisor:
            await anyio.sleep(1)
            await supervisor.order("a", Assign(second))
        return states(supervisor), anyio.current_time()

    assert simulate(story) == ({"a": State.DONE}, 9)


def test_a_goal_reaches_the_role_and_holds_over_restarts():
    async def story():
        goals = []

        async def pursue(bot):
            goals.append(bot.goal)
            await anyio.sleep(10)
            goals.append(bot.goal)
            if bot.incarnation == 1:
                raise Disconnected("once")

        async with crew(pursue, restart=lambda crash: 1.0, spec={"goal": "ore"}) as supervisor:
            await anyio.sleep(5)
            await supervisor.order("a", Pursue("organics"))
        return goals, supervisor.statuses()[0].goal

    assert simulate(story) == (["ore", "organics", "organics", "organics"], "organics")


def test_orders_for_strangers_name_who_is_there():
    async def story():
        async with crew(idle) as supervisor:
            for ask in (supervisor.stop("x"), supervisor.order("x", Pause())):
                with pytest.raises(KeyError, match=r"no bot called 'x'; known: a"):
                    await ask
            await supervisor.stop_all(drain=False)

    simulate(story)


def test_a_name_is_used_once_at_a_time_and_again_afterwards():
    async def story():
        async def quick(bot):
            return

        async with crew(quick) as supervisor, MemoryNetwork(Random(1)) as net:
            net.listen("game", answer)
            spec = BotSpec(name="a", role=quick, adapter=Bytes, transport=net.transport("game"))
            with pytest.raises(ValueError, match="already"):
                await supervisor.start(spec)
            await anyio.sleep(1)
            await supervisor.start(spec)
            await anyio.sleep(1)
            return supervisor.statuses()[0]

    assert simulate(story).incarnation == 2


def test_watching_tells_the_whole_then_every_change():
    async def story():
        seen = []

        async def worker(bot):
            bot.report(where="5", doing="digging", credits=10)
            bot.advance("credits", 10)
            await bot.send(b"x")
            await anyio.sleep(10)

        async with (
            crew(worker) as supervisor,
            supervisor.watch() as changes,
            anyio.create_task_group() as nursery,
        ):

            async def follow():
                async for status in changes:
                    seen.append(status)
                    if status.state.over:
                        return

            nursery.start_soon(follow)
        return seen

    seen = simulate(story)
    order = [status.state for status in seen]
    assert order[0] is State.CREATED
    assert [s for i, s in enumerate(order) if i == 0 or order[i - 1] is not s] == [
        State.CREATED,
        State.CONNECTING,
        State.RUNNING,
        State.DONE,
    ]
    last = seen[-1]
    assert (last.where, last.doing, last.figures, last.turns) == ("5", "digging", {"credits": 10}, 1)
    assert (last.progress.metric, last.progress.value) == ("credits", 10)


def test_a_slow_viewer_is_brought_up_to_date_and_slows_nobody():
    async def story():
        async def busy(bot):
            for n in range(10_000):
                bot.report(n=n)
                if n % 100 == 0:
                    await anyio.sleep(0.001)

        async with crew(busy) as supervisor, supervisor.watch() as changes:
            await anyio.sleep(100)
            seen = []
            with anyio.move_on_after(1):
                async for status in changes:
                    seen.append(status)
        return seen

    seen = simulate(story)
    assert len(seen) <= 1024
    assert seen[-1].figures["n"] == 9999
    assert seen[-1].state is State.DONE


def test_watching_ends_with_the_supervisor():
    async def story():
        async def quick(bot):
            return

        async with anyio.create_task_group() as nursery:
            async with crew(quick) as supervisor:
                watching = anyio.Event()

                async def follow():
                    async with supervisor.watch() as changes:
                        watching.set()
                        async for _ in changes:
                            pass

                nursery.start_soon(follow)
                await watching.wait()

    simulate(story)


@frozen
class FarAway:
    """A transport that says it leads to another machine."""

    inner: object
    host: str = "game.example"

    def connect(self):
        return self.inner.connect()


@pytest.mark.parametrize(
    ("host", "stagger", "gap"), [("game.example", None, 2), ("localhost", None, 0), ("game.example", 5, 5)]
)
def test_starts_are_spaced_towards_other_machines(host, stagger, gap):
    async def story():
        starts = []

        async def note(bot):
            starts.append(anyio.current_time())

        async with (
            MemoryNetwork(Random(0)) as net,
            LocalSupervisor(
                channel=LocalChannel(), knowledge=MemoryStore(), restart=never, stagger=stagger
            ) as supervisor,
        ):
            net.listen("game", answer)
            link = FarAway(net.transport("game"), host)
            for name in "abc":
                await supervisor.start(BotSpec(name=name, role=note, adapter=Bytes, transport=link))
        return starts

    assert simulate(story) == [0, gap, 2 * gap]


def test_an_unknown_screen_is_kept_in_a_file_and_the_bot_stops(tmp_path):
    async def story():
        async def puzzled(bot):
            raise GarbledReply("no rule knows this", screen="A strange screen\nwith text")

        with pytest.raises(ExceptionGroup):
            async with crew(puzzled, restart=Backoff(), captures=tmp_path) as supervisor:
                pass
        return supervisor.statuses()[0]

    status = simulate(story)
    assert (status.state, status.incarnation) == (State.FAILED, 1)
    (path,) = tmp_path.iterdir()
    assert "A strange screen\nwith text" in path.read_text("utf-8")
    assert str(path) in status.last_error


def test_an_announced_refusal_waits_as_long_as_it_says():
    async def story():
        starts = []

        async def refused(bot):
            starts.append(anyio.current_time())
            if len(starts) == 1:
                raise Refused("the game is full", retry_after=300)

        async with crew(refused, restart=Backoff()):
            pass
        return starts

    first, second = simulate(story)
    assert 300 <= second - first <= 301


def test_a_full_game_is_waited_for_as_long_as_it_takes():
    async def story():
        async def queue(bot):
            if bot.incarnation <= 20:
                raise Refused("the game is full", retry_after=60)
            if bot.incarnation <= 23:
                raise Disconnected("at last in, and out again")

        async with crew(queue, restart=Backoff(limit=3)) as supervisor:
            pass
        return supervisor.statuses()[0]

    status = simulate(story)
    assert (status.state, status.incarnation) == (State.DONE, 24)


def test_a_stall_is_replaced_with_the_reason_in_the_status():
    async def story():
        async def stuck(bot):
            if bot.incarnation == 1:
                await anyio.sleep_forever()
            bot.advance("steps", 1)

        async with crew(stuck, restart=Backoff(), spec={"stall": 60}) as supervisor:
            pass
        return supervisor.statuses()[0]

    status = simulate(story)
    assert status.state is State.DONE
    assert status.last_error.startswith(Stalled.__name__)


def test_secrets_do_not_reach_the_status():
    async def story():
        password = Secret("text:hunter22").reveal()

        async def leaky(bot):
            bot.report(doing=f"typing {password}")
            raise Disconnected(f"after {password}")

        with pytest.raises(ExceptionGroup):
            async with crew(leaky) as supervisor:
                pass
        return supervisor.statuses()[0]

    status = simulate(story)
    assert "hunter22" not in str(status)
    assert "********" in status.last_error


@pytest.mark.parametrize("seed", range(25))
def test_the_same_seed_is_the_same_life(seed):
    async def story():
        trace = []

        async def gambler(bot):
            for _ in range(20):
                await anyio.sleep(bot.random.random())
                trace.append((bot.name, bot.incarnation, round(anyio.current_time(), 6)))
                if bot.random.random() < 0.1:
                    raise Disconnected("bad luck")
                bot.advance("steps", 1)

        async with crew(*[gambler] * 5, restart=Backoff(limit=50), seed=seed):
            pass
        return trace

    assert simulate(story, seed=seed) == simulate(story, seed=seed)


def test_a_policy_that_fails_ends_one_bot_only():
    async def story():
        async def fragile(bot):
            raise Disconnected("once")

        async def worker(bot):
            await anyio.sleep(50)

        with pytest.raises(ExceptionGroup) as caught:
            async with crew(fragile, worker, restart=lambda crash: 1 / 0) as supervisor:
                pass
        assert caught.group_contains(ZeroDivisionError)
        return states(supervisor), supervisor.statuses()[0].last_error

    found, error = simulate(story)
    assert found == {"a": State.FAILED, "b": State.DONE}
    assert "the restart policy failed: ZeroDivisionError" in error
