"""The network in memory: order, back-pressure, and every kind of bad weather."""

import pickle
import time
from itertools import pairwise
from random import Random

import anyio
import pytest
from anyio import (
    BrokenResourceError,
    BusyResourceError,
    ClosedResourceError,
    EndOfStream,
    create_task_group,
    current_time,
    fail_after,
    move_on_after,
)
from hypothesis import given
from hypothesis import strategies as st

from wingmate.abc import Reach, Transport
from wingmate.errors import ConnectFailed
from wingmate.testing import Deadlock, MemoryNetwork, Weather, run_on_trio, simulate

BAD = Weather(latency=(0.01, 2.0), shred=True, clog=0.05, bandwidth=50_000.0)


async def echo(stream):
    while True:
        await stream.send(await stream.receive())


async def mute(stream):
    await anyio.sleep_forever()


async def read_all(stream):
    heard = bytearray()
    try:
        while True:
            heard += await stream.receive()
    except EndOfStream:
        return bytes(heard)


async def there_and_back(sent, weather, seed=0):
    async with MemoryNetwork(Random(seed), weather) as network:
        network.listen("game", echo)
        async with network.transport("game").connect() as stream, create_task_group() as group:
            group.start_soon(stream.send, sent)
            heard = b""
            while len(heard) < len(sent):
                heard += await stream.receive()
        return heard, current_time(), network.happened


# --- bytes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", [simulate, run_on_trio])
@pytest.mark.parametrize("weather", [Weather(), BAD], ids=["fair", "bad"])
def test_bytes_arrive_complete_and_in_order(run, weather):
    sent = Random(1).randbytes(200_000)
    heard, _, _ = run(there_and_back, sent, weather)
    assert heard == sent


@given(st.binary(max_size=400), st.integers(0, 99), st.floats(0, 5))
def test_bytes_survive_any_honest_weather(sent, seed, slowest):
    weather = Weather(latency=(0.0, slowest), shred=True, clog=0.2, bandwidth=1000.0)
    assert simulate(there_and_back, sent, weather, seed, seed=seed)[0] == sent


def test_fair_weather_takes_no_time_and_counts_its_connections():
    assert simulate(there_and_back, b"hello", Weather())[1:] == (0.0, {"connect": 1})


def test_latency_is_per_piece_and_pieces_never_overtake():
    async def story():
        arrivals = []

        async def talk(stream):
            for number in range(50):
                await stream.send(bytes([number]))

        async with MemoryNetwork(Random(3), Weather(latency=(1.0, 9.0))) as network:
            network.listen("game", talk)
            async with network.transport("game").connect() as stream:
                while len(arrivals) < 50:
                    arrivals.extend((current_time(), byte) for byte in await stream.receive())
        return arrivals

    arrivals = simulate(story)
    assert [byte for _, byte in arrivals] == list(range(50))
    assert all(one[0] <= other[0] for one, other in pairwise(arrivals))
    assert 1.0 <= arrivals[0][0] <= arrivals[-1][0] <= 9.0, "pieces travel together, not one after the other"


def test_bandwidth_is_the_time_bytes_take():
    assert simulate(there_and_back, bytes(10_000), Weather(bandwidth=1000.0))[1] == pytest.approx(20.0)


def test_shredding_gives_arbitrary_pieces():
    async def story():
        async def talk(stream):
            await stream.send(bytes(1000))

        async with MemoryNetwork(Random(3), Weather(shred=True)) as network:
            network.listen("game", talk)
            async with network.transport("game").connect() as stream:
                sizes = []
                while sum(sizes) < 1000:
                    sizes.append(len(await stream.receive()))
        return sizes

    assert 3 < len(simulate(story)) < 100


def test_reads_join_what_has_arrived_and_keep_to_max_bytes():
    async def story():
        async def talk(stream):
            for word in (b"one", b"two", b"three"):
                await stream.send(word)

        async with MemoryNetwork() as network:
            network.listen("game", talk)
            async with network.transport("game").connect() as stream:
                await anyio.sleep(1)
                return [await stream.receive(2), await stream.receive(3), await stream.receive()]

    assert simulate(story) == [b"on", b"etw", b"othree"]


def test_reading_byte_by_byte_costs_no_more_than_it_must():
    async def story():
        async def talk(stream):
            await stream.send(bytes(20_000))

        async with MemoryNetwork() as network:
            network.listen("game", talk)
            async with network.transport("game").connect() as stream:
                for _ in range(20_000):
                    await stream.receive(1)

    began = time.perf_counter()
    simulate(story)
    assert time.perf_counter() - began < 10  # 0.1 s on an idle machine


def test_noise_is_slipped_in_and_counted():
    heard, _, happened = simulate(there_and_back, b"x" * 100, Weather(noise=1.0))
    assert heard != b"x" * 100
    assert happened["noise"] >= 2


# --- back-pressure ------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_a_sender_waits_for_a_slow_reader(run):
    async def story():
        async with MemoryNetwork() as network:
            network.listen("game", mute)
            async with network.transport("game").connect() as stream:
                sent = 0
                with move_on_after(5):
                    while True:
                        await stream.send(bytes(10_000))
                        sent += 10_000
                return sent

    assert run(story) == 60_000


def test_a_waiting_sender_goes_on_when_there_is_room_and_fails_when_nobody_reads():
    async def story():
        async def slow(stream):
            heard = 0
            while heard < 200_000:
                await anyio.sleep(1)
                heard += len(await stream.receive(10_000))

        async with MemoryNetwork() as network:
            network.listen("game", slow)
            async with network.transport("game").connect() as stream:
                await stream.send(bytes(200_000))
                assert current_time() > 10
                with pytest.raises(BrokenResourceError):
                    await stream.send(bytes(200_000))

    simulate(story)


# --- endings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_what_was_sent_before_closing_still_arrives(run):
    async def story():
        async def talk(stream):
            await stream.send(b"bye")

        async with MemoryNetwork(Random(0), Weather(latency=(1.0, 1.0))) as network:
            network.listen("game", talk)
            async with network.transport("game").connect() as stream:
                heard = await read_all(stream)
                with pytest.raises(BrokenResourceError):
                    await stream.send(b"late")
                return heard, current_time()

    assert run(story) == (b"bye", 1.0)


def test_a_closed_end_is_closed_even_for_who_waits_there():
    async def story():
        async with MemoryNetwork() as network:
            network.listen("game", mute)
            async with network.transport("game").connect() as stream, create_task_group() as group:

                async def wait():
                    with pytest.raises(ClosedResourceError):
                        await stream.receive()

                group.start_soon(wait)
                await anyio.sleep(1)
                await stream.aclose()
            with pytest.raises(ClosedResourceError):
                await stream.send(b"late")
            with pytest.raises(ClosedResourceError):
                await stream.receive()

    simulate(story)


def test_half_a_link_can_be_finished():
    async def story():
        async def judge(stream):
            heard = await read_all(stream)
            await stream.send(heard[::-1])

        async with MemoryNetwork() as network:
            network.listen("game", judge)
            async with network.transport("game").connect() as stream:
                await stream.send(b"abc")
                await stream.send_eof()
                with pytest.raises(ClosedResourceError):
                    await stream.send(b"d")
                return await read_all(stream)

    assert simulate(story) == b"cba"


def test_two_readers_at_once_are_a_mistake_here_as_with_sockets():
    async def story():
        async with MemoryNetwork() as network:
            network.listen("game", mute)
            async with network.transport("game").connect() as stream, create_task_group() as group:
                group.start_soon(stream.receive)
                await anyio.sleep(1)
                with pytest.raises(BusyResourceError):
                    await stream.receive()
                group.cancel_scope.cancel()

    simulate(story)


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_a_cancelled_receive_loses_nothing(run):
    async def story():
        async def talk(stream):
            await anyio.sleep(5)
            await stream.send(b"news")

        async with MemoryNetwork() as network:
            network.listen("game", talk)
            async with network.transport("game").connect() as stream:
                with move_on_after(1):
                    await stream.receive()
                return await stream.receive()

    assert run(story) == b"news"


# --- connecting -------------------------------------------------------------------------------------------


def test_nobody_listening_says_who_does():
    async def story():
        async with MemoryNetwork() as network:
            network.listen("game", echo)
            with pytest.raises(ConnectFailed, match="gaem: nobody listens; there are game"):
                async with network.transport("gaem").connect():
                    pass

    simulate(story)


def test_connections_are_refused_as_often_as_the_weather_says():
    async def story():
        refused = 0
        async with MemoryNetwork(Random(1), Weather(refuse=0.3)) as network:
            network.listen("game", echo)
            for _ in range(300):
                try:
                    async with network.transport("game").connect():
                        pass
                except ConnectFailed:
                    refused += 1
            assert network.happened["refuse"] == refused
        return refused

    assert 60 < simulate(story) < 120


def test_the_network_is_a_block():
    async def story():
        with pytest.raises(RuntimeError, match="async with MemoryNetwork"):
            async with MemoryNetwork().transport("game").connect():
                pass

    simulate(story)


def test_the_transport_is_a_recipe_that_stays_here():
    network = MemoryNetwork()
    transport = network.transport("game")
    assert transport == network.transport("game")
    assert isinstance(transport, Transport)
    assert isinstance(transport, Reach)
    assert transport.host == ""
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(transport)


# --- faults -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_a_cut_breaks_both_ends_and_may_let_a_first_part_through(run):
    async def story():
        heard = bytearray()
        broken = []

        async def listen(stream):
            try:
                while True:
                    heard.extend(await stream.receive())
            except BrokenResourceError:
                broken.append("server")
                raise

        async with MemoryNetwork(Random(5), Weather(cut=0.05)) as network:
            network.listen("game", listen)
            async with network.transport("game").connect() as stream:
                sent = 0
                try:
                    while True:
                        await stream.send(b"0123456789")
                        sent += 10
                except BrokenResourceError:
                    broken.append("client")
                with pytest.raises(BrokenResourceError):
                    await stream.receive()
                await anyio.sleep(1)
            assert sorted(broken) == ["client", "server"]
            assert sent <= len(heard) <= sent + 10
            assert network.happened["cut"] == 1

    run(story)


def test_a_crashed_server_cuts_its_links_and_no_others():
    async def story():
        async with MemoryNetwork() as network:
            network.listen("game", echo)
            network.listen("other", echo)
            async with (
                network.transport("game").connect() as stream,
                network.transport("other").connect() as other,
            ):
                network.close("game")
                with pytest.raises(BrokenResourceError):
                    await stream.receive()
                await other.send(b"still here")
                assert await other.receive() == b"still here"
            with pytest.raises(ConnectFailed):
                async with network.transport("game").connect():
                    pass

    simulate(story)


def test_a_clogged_link_stalls_and_then_delivers_everything():
    async def story():
        async with MemoryNetwork() as network:
            network.listen("game", echo)
            async with network.transport("game").connect() as stream:
                network.clog(20.0, "game")
                await stream.send(b"slow")
                with fail_after(60):
                    return await stream.receive(), current_time()

    assert simulate(story) == (b"slow", 20.0)


def test_the_weather_clogs_now_and_then():
    _, took, happened = simulate(there_and_back, b"x", Weather(clog=1.0, clogged=(5.0, 5.0)))
    assert (took, happened["clog"]) == (10.0, 2)


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_a_partition_holds_bytes_back_until_healed(run):
    async def story():
        async with MemoryNetwork() as network:
            network.listen("game", echo)
            ann = network.transport("game", origin="ann")
            bob = network.transport("game", origin="bob")
            async with ann.connect() as one, bob.connect() as other:
                network.partition("ann")
                await one.send(b"ann")
                await other.send(b"bob")
                assert await other.receive() == b"bob", "the partition is around ann alone"
                with move_on_after(100) as waiting:
                    await one.receive()
                assert waiting.cancelled_caught
                network.heal()
                assert await one.receive() == b"ann"

    run(story)


def test_places_on_the_same_side_of_a_partition_reach_each_other():
    async def story():
        async with MemoryNetwork() as network:
            network.listen("game", echo)
            network.partition("ann", "game")
            async with network.transport("game", origin="ann").connect() as stream:
                await stream.send(b"here")
                assert await stream.receive() == b"here"
            began = current_time()
            with pytest.raises(ConnectFailed, match="no answer within 10 s"):
                async with network.transport("game", origin="bob").connect():
                    pass
            return current_time() - began

    assert simulate(story) == 10.0


def test_who_connects_in_time_before_the_healing_gets_through():
    async def story():
        async with MemoryNetwork() as network, create_task_group() as group:
            network.listen("game", echo)
            network.partition("game")

            async def heal_later():
                await anyio.sleep(4)
                network.heal()

            group.start_soon(heal_later)
            async with network.transport("game").connect():
                return current_time()

    assert simulate(story) == 4.0


def test_even_the_end_of_a_link_does_not_cross_a_partition():
    async def story():
        async def leave(stream):
            await anyio.sleep(1)

        async with MemoryNetwork() as network:
            network.listen("game", leave)
            async with network.transport("game").connect() as stream:
                network.partition("game")
                with pytest.raises(TimeoutError), fail_after(60):
                    await stream.receive()
                network.heal()
                with pytest.raises(EndOfStream):
                    await stream.receive()

    simulate(story)


def test_the_weather_may_change():
    async def story():
        async with MemoryNetwork() as network:
            network.listen("game", echo)
            async with network.transport("game").connect() as stream:
                network.weather = Weather(latency=(3.0, 3.0))
                await stream.send(b"x")
                await stream.receive()
                return current_time()

    assert simulate(story) == 6.0


# --- findings in servers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_an_error_in_a_server_ends_the_story_unwrapped(run):
    async def story():
        async def faulty(stream):
            raise LookupError("no such sector")

        async with MemoryNetwork() as network:
            network.listen("game", faulty)
            async with network.transport("game").connect() as stream:
                await stream.receive()
                await anyio.sleep_forever()

    with pytest.raises(LookupError, match="no such sector"):
        run(story)


@pytest.mark.parametrize("run", [simulate, run_on_trio])
def test_the_stories_own_error_is_not_wrapped(run):
    async def story():
        async with MemoryNetwork() as network:
            network.listen("game", echo)
            async with network.transport("game").connect():
                raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        run(story)


def test_bots_that_hang_up_are_no_finding_even_inside_a_nursery():
    async def story():
        async def nested(stream):
            async with create_task_group() as group:
                group.start_soon(stream.receive)

        async with MemoryNetwork() as network:
            network.listen("game", nested)
            async with network.transport("game").connect():
                await anyio.sleep(1)
            await anyio.sleep(1)

    simulate(story)


def test_two_ends_that_wait_for_each_other_are_a_deadlock():
    async def shy(stream):
        await stream.send(await stream.receive())

    async def story():
        async with MemoryNetwork() as network:
            network.listen("game", shy)
            async with network.transport("game").connect() as stream:
                await stream.receive()

    with pytest.raises(Deadlock, match=r"story waits at .*await stream.receive.*game/server waits at"):
        simulate(story)


# --- weather ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mistake",
    [{"cut": 1.5}, {"refuse": -0.1}, {"latency": (2.0, 1.0)}, {"bandwidth": 0.0}, {"clogged": (-1.0, 2.0)}],
    ids=str,
)
def test_impossible_weather_is_refused(mistake):
    with pytest.raises(ValueError, match=next(iter(mistake))):
        Weather(**mistake)


def test_drawn_weather_leaves_out_some_kinds_of_fault_and_never_lies():
    drawn = [Weather.draw(Random(seed)) for seed in range(200)]
    fair = Weather()
    for kind in ("latency", "bandwidth", "shred", "refuse", "cut", "clog"):
        without = sum(getattr(weather, kind) == getattr(fair, kind) for weather in drawn)
        assert 60 < without < 140, kind
    assert all(weather.noise == 0 for weather in drawn)
    assert Weather.draw(Random(7)) == drawn[7]


def test_a_thousand_links_stay_cheap_and_are_let_go():
    async def story():
        async with MemoryNetwork() as network:
            network.listen("game", echo)
            for _ in range(1000):
                async with network.transport("game").connect() as stream:
                    await stream.send(b"x")
                    await stream.receive()
            return len(network._links)

    assert simulate(story) < 5
