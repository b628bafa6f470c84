"""Telnet: framing, options and hostile servers, checked against a decoder written another way."""

import pickle
import re
import tracemalloc
from contextlib import asynccontextmanager, suppress
from itertools import pairwise

import anyio
import pytest
from anyio.abc import SocketAttribute
from hypothesis import example, given
from hypothesis import strategies as st

from wingmate.abc import ByteStream, Reach
from wingmate.errors import ConnectFailed
from wingmate.testing import MemoryNetwork, Weather, check_transport, simulate
from wingmate.transports import ServerTelnet, Tcp, Telnet
from wingmate.transports._iac import LONGEST, Splitter
from wingmate.transports._options import ANSWERS, EARNED, OURS, THEIRS, TelnetCodec

IAC, DONT, DO, WONT, WILL, SB, SE = b"\xff", b"\xfe", b"\xfd", b"\xfc", b"\xfb", b"\xfa", b"\xf0"

# What a live TWGS 2.20b says first, and after any answer to its probe.
PROBE = b"\0" + IAC + DO + b"\xf6"
GREETING = (
    bytes.fromhex("fffb00fffd00fffb01fffb03fffc05fffe18fffe1ffffe20fffe21fffe22fffc27fffe27fffc24fffe24")
    + b"Telnet connection detected.\n\r\n\r"
    + b"Please enter your name (ENTER for none): "
)


def codec(term="ansi", size=(80, 25)):
    return TelnetCodec(term, size)


def feed(decoder, pieces):
    """Everything a codec makes of some pieces: the text, and the answers."""
    results = [decoder.decode(piece) for piece in pieces]
    return b"".join(text for text, _ in results), b"".join(replies for _, replies in results)


# --- the oracle: RFC 854 and RFC 1143 as one regular expression and two sets --------------------------

COMMAND = re.compile(
    rb"\xff(?:"
    rb"(?P<iac>\xff)"
    rb"|(?P<verb>[\xfb-\xfe])(?P<option>.)"
    rb"|\xfa(?P<sub>(?:[^\xff]|\xff\xff)*)(?:\xff(?:\xf0|(?=[^\xff\xf0])(?P<torn>)))"
    rb"|(?P<other>[^\xff\xfa-\xfe])"
    rb")",
    re.DOTALL,
)


def expected(data):
    """The text and the answers for a whole stream without too much of anything."""
    text, answers = b"", b""
    ours, theirs, refused = set(), set(), set()
    place = 0
    while place < len(data):
        if data[place] != 0xFF:
            text += data[place : place + 1]
            place += 1
            continue
        found = COMMAND.match(data, place)
        if found is None:
            break  # a command not yet whole
        place = found.end()
        if found["iac"]:
            text += IAC
        elif found["verb"] and found["option"] != IAC:
            answers += negotiate(found["verb"], found["option"][0], ours, theirs, refused)
        elif found["torn"] is not None:
            place -= 1  # the IAC that interrupted it begins a command
        elif found["sub"]:
            sub = found["sub"].replace(b"\xff\xff", b"\xff")
            if sub.startswith(b"\x18\x01"):
                answers += IAC + SB + b"\x18\0ansi" + IAC + SE
    return text.replace(b"\0", b""), answers


def negotiate(verb, option, ours, theirs, refused):  # noqa: PLR0911 - a table, written as one
    byte = bytes((option,))
    if verb == DO:
        naws = IAC + SB + b"\x1f\0\x50\0\x19" + IAC + SE if option == 31 else b""
        if option in ours:
            return naws
        if option in OURS:
            ours.add(option)
            return IAC + WILL + byte + naws
        return IAC + WONT + byte
    if verb == DONT and option in ours:
        ours.remove(option)
        return IAC + WONT + byte
    if verb == WILL and option not in theirs:
        if option in THEIRS:
            theirs.add(option)
            return IAC + DO + byte
        if option not in refused:
            refused.add(option)
            return IAC + DONT + byte
    if verb == WONT and option in theirs:
        theirs.remove(option)
        return IAC + DONT + byte
    return b""


options = st.sampled_from([0, 1, 3, 5, 6, 18, 24, 25, 31, 34, 39, 42, 86, 200, 246, 255])
negotiations = st.builds(
    lambda verb, option: IAC + verb + bytes((option,)), st.sampled_from([WILL, WONT, DO, DONT]), options
)
subnegotiations = st.builds(
    lambda option, body: IAC + SB + (bytes((option,)) + body).replace(IAC, IAC + IAC) + IAC + SE,
    options,
    st.one_of(st.just(b"\1"), st.binary(max_size=12)),
)
snippets = st.one_of(
    st.binary(max_size=8).map(lambda raw: raw.replace(IAC, IAC + IAC)),
    negotiations,
    subnegotiations,
    st.sampled_from(
        [
            PROBE,
            GREETING,
            IAC + b"\xf9",
            IAC + b"\xef",
            IAC + b"\x05",
            IAC + SB + b"\x18\1" + IAC + DO + b"\0",
        ]
    ),
)
streams = st.lists(snippets, max_size=16).map(b"".join)
cuts = st.lists(st.integers(0, 400), max_size=12)


def cut(data, places):
    edges = [0, *sorted(place for place in places if place < len(data)), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


@given(streams, cuts)
@example(PROBE + GREETING, [])
@example(IAC + SB + b"\x18\1" + IAC + WILL + b"\1", [3, 4, 5, 6])
@example(IAC + WILL + IAC, [1, 2])
def test_wherever_it_is_cut_text_and_answers_are_those_of_the_standard(data, places):
    assert feed(codec(), cut(data, places)) == expected(data)
    assert feed(codec(), [data[i : i + 1] for i in range(len(data))]) == expected(data)


@given(st.binary(max_size=300), cuts)
def test_random_bytes_never_raise_and_cutting_them_changes_nothing(data, places):
    whole = codec()
    assert feed(whole, [data]) == feed(codec(), cut(data, places)) == expected(data)


@given(st.binary(max_size=200))
def test_what_we_send_comes_out_at_the_other_end(data):
    wire = codec().encode(data)
    text, answers = codec().decode(wire)
    assert (text, answers) == (data.replace(b"\0", b""), b"")
    assert wire.count(IAC) == 2 * data.count(IAC)


@given(st.binary(max_size=200), cuts)
def test_text_without_commands_takes_the_fast_path_unchanged(data, places):
    data = data.replace(IAC, b"y").replace(b"\0", b"z")
    decoder = codec()
    assert feed(decoder, cut(data, places)) == (data, b"")
    assert decoder._talker is None


# --- what servers really say ---------------------------------------------------------------------------


def test_the_probe_of_a_real_server_is_answered_at_once():
    assert codec().decode(PROBE) == (b"", IAC + WONT + b"\xf6")


def test_the_options_of_a_real_server_are_agreed_and_its_refusals_not_discussed():
    decoder = codec()
    decoder.decode(PROBE)
    text, answers = decoder.decode(GREETING)
    assert text.startswith(b"Telnet connection detected.")
    assert answers == IAC + DO + b"\0" + IAC + WILL + b"\0" + IAC + DO + b"\1" + IAC + DO + b"\3"


def test_the_terminal_and_the_window_are_told_when_asked():
    decoder = codec(term="xterm", size=(255, 50))
    assert decoder.decode(IAC + DO + b"\x18")[1] == IAC + WILL + b"\x18"
    assert decoder.decode(IAC + SB + b"\x18\1" + IAC + SE)[1] == IAC + SB + b"\x18\0xterm" + IAC + SE
    window = IAC + SB + b"\x1f\0\xff\xff\0\x32" + IAC + SE  # the 255 is doubled
    assert decoder.decode(IAC + DO + b"\x1f")[1] == IAC + WILL + b"\x1f" + window


def test_compression_is_refused_whichever_way_it_is_offered():
    for option in (b"\x55", b"\x56", b"\x57"):
        assert codec().decode(IAC + WILL + option)[1] == IAC + DONT + option
        assert codec().decode(IAC + DO + option)[1] == IAC + WONT + option
        assert codec().decode(IAC + SB + option + IAC + SE + b"plain") == (b"plain", b"")


def test_marks_without_meaning_for_a_program_are_ignored():
    for mark in (
        0xEF,
        0xF1,
        0xF2,
        0xF6,
        0xF9,
        0x05,
    ):  # end of record, nop, mark, there?, go ahead, none at all
        assert codec().decode(b"a" + IAC + bytes((mark,)) + b"b") == (b"ab", b"")


def test_nuls_vanish_and_carriage_returns_stay():
    assert codec().decode(b"\0a\r\0b\r\nc\r") == (b"ab\r\nc\r".replace(b"b", b"\rb", 1), b"")


def test_nothing_agreed_outlives_the_link():
    first = codec()
    first.decode(IAC + WILL + b"\1")
    assert first.decode(IAC + WILL + b"\1")[1] == b""
    assert codec().decode(IAC + WILL + b"\1")[1] == IAC + DO + b"\1"


# --- hostile servers --------------------------------------------------------------------------------------


def test_a_subnegotiation_of_fifty_megabytes_costs_nothing_but_time():
    decoder = codec()
    chunk = b"x" * 65536
    tracemalloc.start()
    try:
        decoder.decode(IAC + SB + b"\x18\1")
        for _ in range(800):
            assert decoder.decode(chunk) == (b"", b"")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000
    assert len(decoder._splitter._inside) <= LONGEST
    assert decoder.decode(IAC + SE + b"text") == (b"text", b"")
    assert decoder.dropped == 1


def test_a_subnegotiation_of_doubled_iacs_is_bounded_too():
    splitter = Splitter(lambda verb, rest: None)
    splitter.feed(IAC + SB + IAC * 2 * 100_000)
    assert len(splitter._inside) <= LONGEST + 1
    assert splitter.feed(IAC + SE + b"text") == b"text"
    assert splitter.dropped == 1


def test_a_storm_of_options_gets_a_bounded_number_of_answers():
    decoder = codec()
    _, answers = feed(decoder, [(IAC + DO + b"\x05") * 1000] * 20)
    assert answers.count(IAC) == ANSWERS
    assert decoder.dropped == 20_000 - ANSWERS
    # Text earns answers again.
    assert decoder.decode(b"x" * EARNED * 2)[1] == b""
    assert decoder.decode((IAC + DO + b"\x05") * 5)[1].count(IAC) == 2


def test_a_storm_that_needs_no_answers_is_bounded_as_well():
    decoder = codec()
    _, answers = feed(decoder, [(IAC + WILL + b"\x05") * 1000] * 20)
    assert answers == IAC + DONT + b"\x05"
    assert decoder.dropped == 20_000 - ANSWERS


def test_no_loop_with_a_server_that_answers_every_answer():
    decoder = codec()
    heard, rounds = IAC + WILL + b"\1" + IAC + DO + b"\0", 0
    while answers := decoder.decode(heard)[1]:
        rounds += 1
        # It confirms whatever it is told, as it is told it.
        swap = {WILL: DO, WONT: DONT, DO: WILL, DONT: WONT}
        heard = b"".join(
            IAC + swap[answers[i + 1 : i + 2]] + answers[i + 2 : i + 3] for i in range(0, len(answers), 3)
        )
        assert rounds < 3


def test_whatever_the_library_raises_ends_here(monkeypatch):
    decoder = codec()
    talker = decoder._introduce()

    def fail(byte):
        raise AssertionError("a stranger's bytes")

    monkeypatch.setattr(talker, "feed_byte", fail)
    assert decoder.decode(b"a" + IAC + DO + b"\0b") == (b"ab", b"")
    assert decoder.dropped == 1


# --- as a transport ---------------------------------------------------------------------------------------


async def echo(stream):
    async with stream:
        async for data in stream:
            await stream.send(data)


EVERYTHING_BUT_NUL = bytes(range(1, 256))


def test_telnet_keeps_the_promises_of_a_transport_in_memory():
    async def story():
        async with MemoryNetwork() as net:
            net.listen("game", echo)
            link = Telnet(net.transport("game"))
            await check_transport(
                link, alphabet=EVERYTHING_BUT_NUL, unreachable=Telnet(net.transport("nowhere"))
            )

    simulate(story)


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_telnet_keeps_the_promises_of_a_transport_over_tcp(loop):
    async def story():
        listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
        async with listener, anyio.create_task_group() as nursery:
            nursery.start_soon(listener.serve, echo_until_it_breaks)
            port = listener.extra(SocketAttribute.local_port)
            await check_transport(Telnet(Tcp("127.0.0.1", port)), alphabet=EVERYTHING_BUT_NUL)
            nursery.cancel_scope.cancel()

    async def echo_until_it_breaks(stream):
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            await echo(stream)

    anyio.run(story, backend=loop)


@pytest.mark.parametrize("seed", range(8))
def test_a_real_servers_opening_in_bad_weather(seed):
    answered = []

    async def twgs(stream):
        await stream.send(PROBE)
        with anyio.fail_after(5):
            heard = await stream.receive()
        assert heard[:1] == IAC
        await stream.send(GREETING)
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            answered.append(heard + b"".join([data async for data in stream]))

    async def story():
        weather = Weather(latency=(0.0, 1.0), shred=True)
        async with MemoryNetwork(weather=weather) as net:
            net.listen("game", twgs)
            async with Telnet(net.transport("game")).connect() as stream:
                text = b""
                while not text.endswith(b"none): "):
                    text += await stream.receive()
                assert text.startswith(b"Telnet connection")
                await stream.send(b"ann\r")
                await anyio.sleep(3)
            await anyio.sleep(3)

    simulate(story, seed=seed)
    wanted = (
        IAC
        + WONT
        + b"\xf6"
        + IAC
        + DO
        + b"\0"
        + IAC
        + WILL
        + b"\0"
        + IAC
        + DO
        + b"\1"
        + IAC
        + DO
        + b"\3ann\r"
    )
    assert answered in ([wanted], [])


def test_a_server_that_never_speaks_is_given_up():
    async def story():
        async def mute(stream):
            await anyio.sleep(100)

        async with MemoryNetwork() as net:
            net.listen("game", mute)
            async with Telnet(net.transport("game"), first_byte=7.0).connect() as stream:
                began = anyio.current_time()
                with anyio.move_on_after(2):
                    await stream.receive()
                with pytest.raises(ConnectFailed, match="no first byte came within 7 s"):
                    await stream.receive()
                assert anyio.current_time() - began == pytest.approx(7)

    simulate(story)


def test_one_byte_is_enough_and_later_silence_is_not_ours_to_judge():
    async def story():
        async def slow(stream):
            await stream.send(b"\0")
            await anyio.sleep(60)
            await stream.send(b"at last")

        async with MemoryNetwork() as net:
            net.listen("game", slow)
            async with Telnet(net.transport("game"), first_byte=1.0).connect() as stream:
                assert await stream.receive() == b"at last"

    simulate(story)


class Script(ByteStream):
    """A far end that says what it is told to, and whose ear can be stopped."""

    def __init__(self, *words):
        self.words = list(words)
        self.sent = []
        self.open = anyio.Event()
        self.open.set()
        self.broken = False

    async def receive(self, max_bytes=65536):
        await anyio.lowlevel.checkpoint()
        if not self.words:
            raise anyio.EndOfStream
        return self.words.pop(0)

    async def send(self, item):
        if self.broken:
            raise anyio.BrokenResourceError
        self.sent.append(item)
        await self.open.wait()

    async def send_eof(self):
        pass

    async def aclose(self):
        pass


class Fixed:
    def __init__(self, stream):
        self.stream = stream

    @asynccontextmanager
    async def connect(self):
        yield self.stream


def test_the_last_words_of_a_server_that_no_longer_listens_are_heard():
    async def story():
        far = Script(IAC + DO + b"\xf6", b"\0 Game server is currently full.")
        far.broken = True
        async with Telnet(Fixed(far)).connect() as stream:
            assert await stream.receive() == b" Game server is currently full."
            with pytest.raises(anyio.EndOfStream):
                await stream.receive()

    simulate(story)


def test_answers_and_words_never_mix_and_nothing_is_lost():
    async def story():
        far = Script(IAC + DO + b"\xf6" + b"text", IAC + DO + b"\0")
        far.open = anyio.Event()
        async with Telnet(Fixed(far)).connect() as stream, anyio.create_task_group() as nursery:
            nursery.start_soon(stream.send, b"words \xff")
            await anyio.sleep(1)
            with pytest.raises(anyio.BusyResourceError):
                await stream.send(b"more")
            # A send is under way: its sender takes the answers along.
            assert await stream.receive() == b"text"
            far.open.set()
            await anyio.sleep(1)
            assert far.sent == [b"words \xff\xff", IAC + WONT + b"\xf6"]
            far.open = anyio.Event()
            nursery.start_soon(hang, stream)
            await anyio.sleep(1)
            nursery.start_soon(stream.send, b"after the answer")
            await anyio.sleep(1)
            assert far.sent[2:] == [IAC + WILL + b"\0"]
            far.open.set()
            await anyio.sleep(1)
            assert far.sent[3:] == [b"after the answer"]

    async def hang(stream):
        with pytest.raises(anyio.EndOfStream):
            await stream.receive()

    simulate(story)


def test_text_survives_a_cancelled_answer():
    async def story():
        far = Script(b"text" + IAC + DO + b"\xf6")
        far.open = anyio.Event()
        async with Telnet(Fixed(far)).connect() as stream:
            with anyio.move_on_after(1) as patience:
                await stream.receive()
            assert patience.cancelled_caught
            assert await stream.receive(2) == b"te"
            assert await stream.receive() == b"xt"

    simulate(story)


def test_delivery_gives_the_same_text_as_reading():
    async def story():
        async def talk(stream):
            async with stream:
                for piece in (PROBE, b"one ", GREETING, b"two ", IAC + DO + b"\x05", b"three"):
                    await stream.send(piece)
                    await anyio.sleep(0.005)

        listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
        async with listener, anyio.create_task_group() as nursery:
            nursery.start_soon(listener.serve, talk)
            port = listener.extra(SocketAttribute.local_port)
            heard = []

            def hear(data):
                heard.append(data)
                return len(heard) % 3 != 0

            async with Telnet(Tcp("127.0.0.1", port)).connect() as stream:
                with pytest.raises(anyio.EndOfStream):
                    while True:
                        await stream.deliver(hear)
            nursery.cancel_scope.cancel()
        assert b"".join(heard) == expected(PROBE + b"one " + GREETING + b"two three")[0]

    anyio.run(story)


def test_it_is_a_recipe_that_knows_its_host():
    link = Telnet(Tcp("game.example", 23), term="vt100", size=[132, 50], first_byte=3)
    assert pickle.loads(pickle.dumps(link)) == link
    assert link.size == (132, 50)
    assert isinstance(link, Reach)
    assert link.host == "game.example"
    assert Telnet(Fixed(None)).host == ""


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"inner": "game"}, "another transport"),
        ({"term": "fünf"}, "ASCII"),
        ({"term": "x" * 50}, "ASCII"),
        ({"size": (80, 70_000)}, "columns"),
        ({"size": (80,)}, "unpack"),
        ({"first_byte": 0}, "first_byte"),
    ],
)
def test_nonsense_fails_where_it_was_written(wrong, words):
    with pytest.raises((ValueError, TypeError), match=words):
        Telnet(**({"inner": Tcp("h", 23)} | wrong))


# --- the server's side --------------------------------------------------------------------------------------


@given(
    st.lists(st.one_of(st.binary(max_size=6), negotiations, subnegotiations), max_size=20).map(b"".join), cuts
)
def test_a_server_hears_the_same_wherever_it_is_cut(data, places):
    whole, parts = ServerTelnet(), ServerTelnet()
    heard = whole.decode(data)
    assert b"".join(parts.decode(piece) for piece in cut(data, places)) == heard
    assert (whole.spoken, whole.dropped) == (parts.spoken, parts.dropped)
    assert b"\0" not in heard


@pytest.mark.parametrize("enter", [b"\r\n", b"\r\0", b"\r"])
def test_every_clients_enter_is_a_carriage_return(enter):
    for size in (1, 2, 100):
        typed = b"ann" + enter + b"secret" + enter + b"d"
        server = ServerTelnet()
        heard = b"".join(server.decode(typed[i : i + size]) for i in range(0, len(typed), size))
        assert heard == b"ann\rsecret\rd"


@pytest.mark.parametrize(
    "word", [IAC + WONT + b"\xf6", IAC + WILL + b"\x18", IAC + SB + b"\x18\0a" + IAC + SE, IAC + b"\xf9"]
)
def test_any_telnet_command_shows_that_a_telnet_client_speaks(word):
    server = ServerTelnet()
    server.decode(b"plain \xff\xff text\r")
    assert not server.spoken
    assert server.decode(word[:-1]) == b""
    assert not server.spoken
    assert server.decode(word[-1:]) == b""
    assert server.spoken


def test_what_a_server_prints_arrives():
    assert codec().decode(ServerTelnet().encode(b"\xff\xfe ok"))[0] == b"\xff\xfe ok"
