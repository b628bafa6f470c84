"""Virtual time, seeded order, and what is said when a story cannot go on."""

import subprocess
import sys
import textwrap
import time
from random import Random

import anyio
import pytest
from anyio.lowlevel import checkpoint
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from wingmate._clock import now
from wingmate.testing import BlockingCall, Deadlock, Endless, run_on_trio, simulate


async def race(runners=4):
    """The planted bug: whoever reads the list believes that the first started is the first to finish."""
    order = []

    async def run(number):
        await checkpoint()
        order.append(number)

    async with anyio.create_task_group() as group:
        for number in range(runners):
            group.start_soon(run, number)
    return order


# --- time -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_a_day_passes_at_once_and_the_calendar_with_it(run):
    async def story():
        before = now(), anyio.current_time()
        await anyio.sleep(86_400)
        return now() - before[0], anyio.current_time() - before[1]

    began = time.perf_counter()
    assert run(story) == (86_400, 86_400)
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_the_calendar_begins_where_told_and_is_over_afterwards(run):
    async def story():
        async with anyio.create_task_group() as group:
            seen = []

            async def look():
                await anyio.sleep(1.5)
                seen.append(now())

            group.start_soon(look)
        return seen

    assert run(story, start=1000.0) == [1001.5]
    assert abs(now() - time.time()) < 60


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_arguments_go_in_and_the_result_comes_out(run):
    async def story(one, other):
        await checkpoint()
        return one + other

    assert run(story, 1, 2) == 3


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_deadlines_use_the_virtual_clock(run):
    async def story():
        with pytest.raises(TimeoutError), anyio.fail_after(3600):
            await anyio.sleep_forever()
        return anyio.current_time()

    assert run(story) == 3600


def test_a_late_date_does_not_stop_the_clock():
    async def story():
        decade = 3e8  # where floats are coarser than asyncio's clock
        await anyio.sleep(decade)
        for _ in range(50):
            await anyio.sleep(0.1)
        return anyio.current_time()

    assert simulate(story, within=1e9) == pytest.approx(3e8 + 5)


# --- order ----------------------------------------------------------------------------------------


def test_one_seed_gives_one_order_and_seeds_differ():
    orders = [tuple(simulate(race, seed=seed)) for seed in range(40)]
    assert orders == [tuple(simulate(race, seed=seed)) for seed in range(40)]
    assert len(set(orders)) > 10
    assert anyio.run(race) == [0, 1, 2, 3], "plain asyncio never shows the bug"


def test_every_order_comes_up():
    assert len({tuple(simulate(race, 3, seed=seed)) for seed in range(100)}) == 6


def test_plain_callbacks_keep_the_order_asyncio_promises():
    async def story():
        heard = []
        loop = __import__("asyncio").get_running_loop()
        for number in range(20):
            loop.call_soon(heard.append, number)
        await checkpoint()
        await checkpoint()
        return heard

    assert all(simulate(story, seed=seed) == list(range(20)) for seed in range(5))


def test_a_lost_update_comes_to_light():
    async def story():
        purse = 1000

        async def pay(steps):
            nonlocal purse
            for _ in range(steps):
                await checkpoint()
            seen = purse
            await checkpoint()
            purse = seen - 100

        async with anyio.create_task_group() as group:
            group.start_soon(pay, 1)
            group.start_soon(pay, 2)
        return purse

    outcomes = {simulate(story, seed=seed) for seed in range(30)}
    assert outcomes == {800, 900}


def test_given_dice_decide_and_leave_no_seed_in_the_note():
    async def story():
        await race()
        raise ValueError("boom")

    assert simulate(race, random=Random(5)) == simulate(race, seed=5)
    with pytest.raises(ValueError, match="boom") as caught:
        simulate(story, random=Random(5))
    assert not hasattr(caught.value, "__notes__")


def test_hypothesis_shrinks_a_schedule_to_one_swap():
    """The dice may be hypothesis's own: then the smallest schedule that fails is found."""
    failing = []

    @settings(max_examples=100, derandomize=True, database=None, phases=[Phase.generate, Phase.shrink])
    @given(st.randoms(use_true_random=False))
    def check(dice):
        order = simulate(race, random=dice)
        if order != [0, 1, 2, 3]:
            failing.append(order)
            raise AssertionError(order)

    with pytest.raises(AssertionError):
        check()
    moved = sum(place != number for place, number in enumerate(failing[-1]))
    assert moved == 2, f"shrunk to {failing[-1]}"


CROWD = """
    import sys
    from hashlib import sha256
    from random import Random
    import anyio
    from wingmate.testing import MemoryNetwork, Weather, simulate

    async def echo(stream):
        while True:
            await stream.send(await stream.receive())

    async def crowd():
        trace = sha256()
        names = {f"bot-{n}" for n in range(12)}  # a set of strings: its order follows the hash seed

        async def chat(network, name):
            try:
                async with network.transport("game").connect() as stream:
                    for n in range(20):
                        await stream.send(f"{name} {n}".encode())
                        trace.update(name.encode() + await stream.receive())
                        trace.update(f"{anyio.current_time():.9f}".encode())
            except Exception as exc:
                trace.update(f"{name} {type(exc).__name__}".encode())

        weather = Weather(latency=(0.01, 2.0), shred=True, refuse=0.1, cut=0.02, clog=0.05)
        async with MemoryNetwork(Random(7), weather) as network:
            network.listen("game", echo)
            with anyio.move_on_after(60):
                async with anyio.create_task_group() as group:
                    for name in sorted(names):
                        group.start_soon(chat, network, name)
                    for n in range(300):  # cancelled all at once: asyncio alone ends them in any order
                        group.start_soon(wait_and_tell, trace, n)
        return trace.hexdigest()

    async def wait_and_tell(trace, n):
        try:
            await anyio.sleep_forever()
        finally:
            trace.update(f"end {n}".encode())

    print(simulate(crowd, seed=int(sys.argv[1])))
"""


def test_the_same_seed_runs_the_same_way_in_every_process(tmp_path):
    script = tmp_path / "crowd.py"
    script.write_text(textwrap.dedent(CROWD))

    def start(seed, hash_seed):
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", script, str(seed)],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ":".join(sys.path)},
            stdout=subprocess.PIPE,
            text=True,
        )

    runs = [start(3, "0"), start(3, "12345"), start(4, "0")]
    digests = [run.communicate(timeout=60)[0].strip() for run in runs]
    assert digests[0] == digests[1] != digests[2]
    assert len(digests[0]) == 64


# --- findings ---------------------------------------------------------------------------------------


async def embrace():
    one, other = anyio.Event(), anyio.Event()

    async def left():
        await one.wait()
        other.set()

    async def right():
        await other.wait()
        one.set()

    async with anyio.create_task_group() as group:
        group.start_soon(left, name="left")
        group.start_soon(right, name="right")


def test_a_deadlock_names_the_tasks_the_places_and_the_seed():
    with pytest.raises(Deadlock) as caught:
        simulate(embrace, seed=11)
    assert caught.value.tasks == ("embrace", "left", "right")
    assert "left waits at test_simulate.py:" in str(caught.value)
    assert "(await one.wait())" in str(caught.value)
    assert caught.value.__notes__ == ["simulation seed: 11"]


def test_a_deadlock_lets_the_tasks_clean_up():
    ended = []

    async def story():
        try:
            await embrace()
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.sleep(5)
            ended.append(anyio.current_time())

    with pytest.raises(Deadlock):
        simulate(story)
    assert ended == [5]


def test_who_will_not_end_even_when_cancelled_is_a_deadlock_too():
    async def story():
        try:
            await embrace()
        finally:
            await anyio.Event().wait()

    with pytest.raises(Deadlock):
        simulate(story)


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_a_story_that_does_not_end_is_ended(run):
    async def poll():
        while True:  # noqa: ASYNC110 - the fault to be found
            await anyio.sleep(5)

    with pytest.raises(Endless, match="still runs after 100 s"):
        run(poll, within=100.0)


def test_trio_tells_a_deadlock_as_an_endless_story():
    with pytest.raises(Endless, match="perhaps it is deadlocked"):
        run_on_trio(embrace)


def test_running_in_circles_without_time_passing_is_found(monkeypatch):
    monkeypatch.setattr(sys.modules[simulate.__module__], "STANDSTILL", 1000)

    async def spin():
        while True:
            await checkpoint()

    with pytest.raises(Endless, match="1000 turns at 0 s, and no time passes: spin waits at test_simulate"):
        simulate(spin)


def test_a_blocking_call_is_reported_with_the_task():
    async def sleepy():
        time.sleep(0.03)  # noqa: ASYNC251 - the fault to be found
        await anyio.sleep(1)

    with pytest.warns(BlockingCall, match=r"took 0\.\d+ real seconds.*it was of: sleepy"):
        simulate(sleepy, slow=0.02)
    simulate(sleepy)


def test_the_seed_is_noted_on_errors_of_the_story():
    async def story():
        await checkpoint()
        raise ValueError("boom")

    with pytest.raises(ValueError, match="boom") as caught:
        simulate(story, seed=42)
    assert caught.value.__notes__ == ["simulation seed: 42"]


# --- refusals ---------------------------------------------------------------------------------------


async def use_a_thread():
    await anyio.to_thread.run_sync(time.sleep, 0.01)


async def use_an_executor():
    await anyio.getaddrinfo("localhost", 80)


def test_threads_are_refused_by_name():
    with pytest.raises(RuntimeError, match="a simulation has one thread"):
        simulate(use_a_thread)
    with pytest.raises(RuntimeError, match="sent to a thread"):
        simulate(use_an_executor)


def test_a_foreign_thread_that_calls_in_is_named():
    import asyncio
    import threading

    async def story():
        loop = asyncio.get_running_loop()
        intruder = threading.Thread(target=loop.call_soon_threadsafe, args=(print,), name="intruder")
        intruder.start()
        intruder.join()
        await anyio.sleep(1)

    with pytest.raises(RuntimeError, match="the thread intruder called into the simulation"):
        simulate(story)


async def use_a_socket():
    await anyio.connect_tcp("127.0.0.1", 9)


async def use_a_process():
    await anyio.run_process([sys.executable, "-c", ""])


async def use_a_shell():
    await anyio.run_process("true")


@pytest.mark.parametrize("story", [use_a_socket, use_a_process, use_a_shell])
def test_sockets_and_processes_are_refused(story):
    with pytest.raises((RuntimeError, ExceptionGroup)) as caught:
        simulate(story)
    error = caught.value
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    assert "use MemoryNetwork" in str(error)


def test_a_simulation_inside_a_simulation_is_refused():
    async def story():
        simulate(race)

    with pytest.raises(RuntimeError):
        simulate(story)


def test_the_absence_of_trio_names_the_cure(monkeypatch):
    monkeypatch.setitem(sys.modules, "trio.testing", None)
    with pytest.raises(ImportError, match="pip install trio"):
        run_on_trio(race)


def test_a_small_simulation_is_cheap():
    began = time.perf_counter()
    for seed in range(100):
        simulate(race, seed=seed)
    assert time.perf_counter() - began < 5  # some 0.05 s on an idle machine
