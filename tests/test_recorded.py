"""Recordings: what is written, what is not, and that they play back."""

import json
import logging
import os
import pickle
import stat
import string
import subprocess
import sys
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path

import anyio
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from wingmate._secrets import HIDDEN, Secret
from wingmate.errors import ConnectFailed, IllegalCommand
from wingmate.testing import MemoryNetwork, check_transport, simulate
from wingmate.transports import Playback, Recorded, Tcp, Telnet
from wingmate.transports import _recorded as recorded_module
from wingmate.transports._redactor import Redactor

ALL_BYTES = bytes(range(256))


def events(path):
    """The events of a recording, without their times."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert lines[0]["version"] == 2
    times = [at for at, _, _ in lines[1:]]
    assert times == sorted(times)
    return [(kind, text) for _, kind, text in lines[1:]]


class Talk:
    """A transport to a server that follows a script: says bytes, waits for a number of bytes."""

    def __init__(self, *script):
        self.script = script

    @asynccontextmanager
    async def connect(self):
        async def serve(stream):
            for step in self.script:
                if isinstance(step, bytes):
                    await stream.send(step)
                else:
                    heard = 0
                    while heard < step:
                        heard += len(await stream.receive(step - heard))

        async with MemoryNetwork() as net:
            net.listen("game", serve)
            async with net.transport("game").connect() as stream:
                yield stream


async def converse(transport, steps):
    """Say bytes, hear numbers of bytes; give what was heard."""
    heard = b""
    async with transport.connect() as stream:
        for step in steps:
            if isinstance(step, bytes):
                await stream.send(step)
            else:
                wanted = len(heard) + step
                while len(heard) < wanted:
                    heard += await stream.receive(wanted - len(heard))
    return heard


def mirrored(steps):
    """The server's script for a client's steps."""
    return [step if isinstance(step, bytes) else len(step[0]) for step in steps]


# --- the file --------------------------------------------------------------------------------------------


def test_a_session_becomes_an_asciicast_with_every_byte(tmp_path):
    path = tmp_path / "deep" / "bot.cast"

    async def story():
        return await converse(Recorded(Talk(ALL_BYTES, 256, b"end"), path), [256, ALL_BYTES, 3])

    assert simulate(story) == ALL_BYTES + b"end"
    written = events(path)
    assert "".join(text for kind, text in written if kind == "o").encode("cp437") == ALL_BYTES + b"end"
    assert "".join(text for kind, text in written if kind == "i").encode("cp437") == ALL_BYTES
    assert "\u2554" in path.read_text("utf-8")  # boxes look like boxes
    header = json.loads(path.read_text("utf-8").splitlines()[0])
    assert {"version", "width", "height", "timestamp"} <= header.keys()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_events_carry_the_time_of_the_loop(tmp_path):
    path = tmp_path / "bot.cast"

    async def story():
        async with Recorded(Talk(b"a", 1), path).connect() as stream:
            await anyio.sleep(2.5)
            await stream.receive()
            await anyio.sleep(1)
            await stream.send(b"b")

    simulate(story)
    lines = [json.loads(line) for line in path.read_text().splitlines()[1:]]
    assert lines == [[2.5, "o", "a"], [3.5, "i", "b"]]


def test_what_was_held_back_keeps_its_time(tmp_path):
    path = tmp_path / "bot.cast"
    Secret("text:alphabet").reveal()  # so that an "a" may be the beginning of a secret

    async def story():
        async with Recorded(Talk(b"a", 1), path).connect() as stream:
            await anyio.sleep(2.5)
            await stream.receive()
            await anyio.sleep(1)
            await stream.send(b"b")

    simulate(story)
    assert events(path) == [("o", "a"), ("i", "b")]
    assert [json.loads(line)[0] for line in path.read_text().splitlines()[1:]] == [2.5, 3.5]


def test_every_session_has_its_own_file_and_the_oldest_goes_first(tmp_path):
    link = Recorded(Talk(b"a"), tmp_path / "bot.cast", keep=3)

    async def story():
        await converse(link, [1])

    for number in range(5):
        simulate(story)
        for age, path in enumerate(sorted(tmp_path.iterdir(), key=lambda path: -path.stat().st_mtime_ns)):
            os.utime(path, (1000 + number, 1000 + number - age))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bot-2.cast", "bot-3.cast", "bot.cast"]


def test_a_full_disk_stops_the_recording_with_one_warning_and_not_the_game(tmp_path, monkeypatch, caplog):
    path = tmp_path / "bot.cast"
    real, written = os.write, []

    def write(file, data):
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        written.append(data)
        return real(file, data[:10]) if len(written) == 1 else real(file, data)  # short writes happen

    monkeypatch.setattr(recorded_module.os, "write", write)

    async def story():
        return await converse(Recorded(Talk(b"one", b"two", 1, b"three"), path), [3, 3, b"x", 5])

    with caplog.at_level(logging.WARNING):
        assert simulate(story) == b"onetwothree"
    assert [record.message for record in caplog.records] == [
        f"the recording {path} stops here: [Errno 28] No space left on device; the game goes on"
    ]
    assert events(path) == [("o", "one")]


def test_no_place_for_the_file_is_a_warning_too(tmp_path, caplog):
    (tmp_path / "file").write_text("")

    async def story():
        return await converse(Recorded(Talk(b"one"), tmp_path / "file" / "bot.cast"), [3])

    with caplog.at_level(logging.WARNING):
        assert simulate(story) == b"one"
    assert len(caplog.records) == 1


def test_a_recording_has_a_limit(tmp_path, caplog):
    path = tmp_path / "bot.cast"

    async def story():
        return await converse(Recorded(Talk(*[b"x" * 100] * 50), path, limit=2000), [5000])

    with caplog.at_level(logging.WARNING):
        simulate(story)
    assert path.stat().st_size <= 2000
    assert len(caplog.records) == 1


def test_a_killed_process_leaves_a_readable_file(tmp_path):
    path = tmp_path / "bot.cast"
    code = (
        "import sys, anyio, os\n"
        "from wingmate.transports import Program, Recorded\n"
        "echo = 'import os\\nwhile d := os.read(0, 999): os.write(1, d)'\n"
        "async def main():\n"
        "    link = Recorded(Program((sys.executable, '-c', echo), grace=0.1), sys.argv[1])\n"
        "    async with link.connect() as stream:\n"
        "        await stream.send(b'hello')\n"
        "        await stream.receive()\n"
        "        os.kill(os.getpid(), 9)\n"
        "anyio.run(main)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], check=False, env=os.environ, capture_output=True
    )
    assert done.returncode == -9, done.stderr
    assert events(path) == [("i", "hello"), ("o", "hello")]


def test_recorded_keeps_the_promises_of_a_transport(tmp_path):
    async def echo(stream):
        async with stream:
            async for data in stream:
                await stream.send(data)

    async def story():
        async with MemoryNetwork() as net:
            net.listen("game", echo)
            link = Recorded(net.transport("game"), tmp_path / "bot.cast")
            await check_transport(link, unreachable=Recorded(net.transport("nowhere"), tmp_path / "x.cast"))

    simulate(story)


def test_delivery_is_recorded_as_reading_is(tmp_path):
    async def story(link):
        heard = []

        async def talk(stream):
            async with stream:
                await stream.send(b"\xff\xfd\xf6one")
                await stream.receive()
                await stream.send(b"two")

        listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
        async with listener, anyio.create_task_group() as nursery:
            nursery.start_soon(listener.serve, talk)
            port = listener.extra(anyio.abc.SocketAttribute.local_port)
            async with link(port).connect() as stream:
                with pytest.raises(anyio.EndOfStream):
                    while True:
                        await stream.deliver(lambda data: heard.append(data) is None and len(heard) % 2)
            nursery.cancel_scope.cancel()
        return b"".join(heard)

    path = tmp_path / "bot.cast"
    heard = anyio.run(story, lambda port: Recorded(Telnet(Tcp("127.0.0.1", port)), path))
    assert heard == b"onetwo"
    assert "".join(text for _, text in events(path)) == "onetwo"


# --- passwords -----------------------------------------------------------------------------------------------

words = st.text(string.ascii_uppercase + string.digits, min_size=4, max_size=12)
LONG = "Zq9" * 3  # in front of generated secrets, so that no prompt contains one by chance


def shown(redactor, *steps):
    """Run (kind, text) steps through a redactor; give everything that would be written, in order."""
    written = []
    for kind, text in steps:
        if kind == "o":
            written.append(("o", redactor.printed(text)))
        else:
            typed = redactor.typed(text)
            written += [("o", redactor.held()), ("i", typed)]
    written.append(("o", redactor.held()))
    return written


def text_of(written, *kinds):
    return "".join(text for kind, text in written if kind in (kinds or ("o", "i")))


PROMPTS = [
    "Password? ",
    "Password: ",
    "Please enter a password for this game account.\r\n\r\n\x1b[35mPassword? \x1b[0m",
    "Repeat password to verify.\r\nPassword? ",
    "password (again):",
    "Enter your passphrase> ",
    "PIN? ",
    "Password? \x1b[",
]


@pytest.mark.parametrize("prompt", PROMPTS)
@given(secret=words, pieces=st.integers(1, 5), echo=st.sampled_from(["*", "plain", "none", "plain at once"]))
def test_what_is_typed_at_a_password_prompt_is_never_written(prompt, secret, pieces, echo):
    secret = LONG + secret
    steps = [("o", prompt)]
    typed = [secret[i : i + pieces] for i in range(0, len(secret), pieces)]
    for piece in typed:
        steps.append(("i", piece))
        if echo in {"*", "plain"}:
            steps.append(("o", piece if echo == "plain" else "*" * len(piece)))
    steps += [
        ("i", "\r"),
        ("o", secret if echo == "plain at once" else ""),
        ("o", "\r\nWelcome! "),
        ("i", "d"),
    ]
    written = shown(Redactor(), *steps)
    for kind in ("o", "i"):
        assert secret not in text_of(written, kind)
        assert not any(secret[i : i + 4] in text_of(written, kind) for i in range(len(LONG), len(secret) - 3))
    assert text_of(written, "i") == HIDDEN + "\rd"
    assert text_of(written, "o").endswith("Welcome! ")


def test_a_password_typed_ahead_twice_is_hidden_twice():
    written = shown(
        Redactor(), ("o", "Password? "), ("i", "hunter2\rhunter2\r"), ("o", "\r\nYou typed hunter2.\r\n")
    )
    assert text_of(written) == f"Password? {HIDDEN}\r{HIDDEN}\r\r\nYou typed {HIDDEN}.\r\n"


def test_other_words_are_written_as_they_are():
    steps = [
        ("o", "Selection? "),
        ("i", "A"),
        ("o", "Word: pass\r\nCommand? "),
        ("i", "move 7\r"),
        ("o", "ok"),
    ]
    assert shown(Redactor(), *steps) == [
        ("o", "Selection? "),
        ("o", ""),
        ("i", "A"),
        ("o", "Word: pass\r\nCommand? "),
        ("o", ""),
        ("i", "move 7\r"),
        ("o", "ok"),
        ("o", ""),
    ]


def test_an_empty_password_shows_as_an_empty_line():
    assert text_of(shown(Redactor(), ("o", "Password? "), ("i", "\r"), ("o", "no"))) == "Password? \rno"


@given(words, st.lists(st.integers(0, 60), max_size=8), st.text(string.printable, max_size=20))
@example("aaaa", [3, 5], "aaa")
def test_a_known_secret_is_never_written_however_the_output_is_cut(word, places, around):
    secret = LONG + word
    assume(secret not in around)
    Secret(f"text:{secret}").reveal()
    text = around + secret + around
    edges = [0, *sorted(min(place, len(text)) for place in places), len(text)]
    steps = [("o", text[a:b]) for a, b in pairwise(edges)]
    written = text_of(shown(Redactor(), *steps))
    assert secret not in written
    assert written == (around + secret + around).replace(secret, HIDDEN)
    assert secret not in text_of(shown(Redactor(), ("i", text)))


@given(st.lists(st.tuples(st.sampled_from("oi"), st.text(string.printable, max_size=12)), max_size=12))
def test_without_passwords_nothing_is_changed(steps):
    assume("*" not in "".join(text for _, text in steps))
    plain = Redactor()
    written = shown(plain, *steps)
    if HIDDEN not in text_of(written):
        for kind in ("o", "i"):
            assert text_of(written, kind) == "".join(text for k, text in steps if k == kind)


# --- playing back ----------------------------------------------------------------------------------------------

steps_of_a_talk = st.lists(
    st.one_of(
        st.binary(min_size=1, max_size=20), st.binary(min_size=1, max_size=9).map(lambda data: (data,))
    ),
    max_size=12,
)


@given(steps_of_a_talk)
def test_what_was_recorded_plays_back_byte_for_byte(tmp_path_factory, talk):
    path = tmp_path_factory.mktemp("tape") / "bot.cast"
    client = [len(step) if isinstance(step, bytes) else step[0] for step in talk]

    async def record():
        return await converse(Recorded(Talk(*mirrored(talk)), path), client)

    async def play():
        return await converse(Playback(path), client)

    live = simulate(record)
    assume(HIDDEN not in path.read_text("utf-8"))
    assert simulate(play) == live == b"".join(step for step in talk if isinstance(step, bytes))


def tape(path, *written, header=None):
    lines = [header or {"version": 2, "width": 80, "height": 25}]
    lines += [[float(number), kind, text] for number, (kind, text) in enumerate(written)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_the_game_waits_until_it_is_told_what_it_was_told(tmp_path):
    path = tape(tmp_path / "t.cast", ("o", "name? "), ("i", "an"), ("i", "n\r"), ("o", "hello ann"))

    async def story():
        async with Playback(path).connect() as stream:
            assert await stream.receive() == b"name? "
            for piece in (b"a", b"nn"):
                with anyio.move_on_after(5) as patience:
                    await stream.receive()
                assert patience.cancelled_caught
                await stream.send(piece)
            async with anyio.create_task_group() as nursery:

                async def listen():
                    assert await stream.receive(5) == b"hello"
                    assert await stream.receive() == b" ann"

                nursery.start_soon(listen)
                await anyio.sleep(1)
                await stream.send(b"\r")
            with pytest.raises(anyio.EndOfStream):
                await stream.receive()
            with pytest.raises(anyio.BrokenResourceError, match="ends here"):
                await stream.send(b"goodbye")

    simulate(story)


def test_typing_something_else_is_an_error_that_names_the_difference(tmp_path):
    path = tape(tmp_path / "t.cast", ("o", "? "), ("i", "move 7\r"))

    async def story():
        async with Playback(path).connect() as stream:
            await stream.receive()
            await stream.send(b"move ")
            await stream.send(b"8\r")

    with pytest.raises(IllegalCommand, match=r"typed b'8\\r' where the recording has b'7\\r', 1 s in"):
        simulate(story)


@pytest.mark.parametrize("pieces", [[b"hunter2\r"], [b"hun", b"ter", b"2", b"\r"], [b"\r"], [b"x\rd"]])
def test_any_line_will_do_where_a_password_was(tmp_path, pieces):
    path = tape(
        tmp_path / "t.cast", ("o", "Password? "), ("i", HIDDEN), ("o", "***"), ("i", "\rd"), ("o", "welcome")
    )

    async def story():
        async with Playback(path).connect() as stream:
            await stream.receive()
            for piece in pieces:
                await stream.send(piece)
            if pieces[-1][-1:] == b"\r":
                await stream.send(b"d")
            heard = await stream.receive() + await stream.receive()
            assert heard == b"***welcome"

    simulate(story)


def test_a_timed_game_takes_its_time(tmp_path):
    path = tape(tmp_path / "t.cast", ("o", "a"), ("i", "b"), ("o", "c"), ("o", "d"))

    async def story():
        began = anyio.current_time()
        async with Playback(path, timed=True).connect() as stream:
            await stream.receive()
            await anyio.sleep(10)
            await stream.send(b"b")
            for expected in (11, 12):
                await stream.receive()
                assert anyio.current_time() - began == pytest.approx(expected)

    simulate(story)


def test_reading_one_at_a_time_and_closing(tmp_path):
    path = tape(tmp_path / "t.cast", ("i", "b"), ("o", "c"))

    async def story():
        async with Playback(path).connect() as stream, anyio.create_task_group() as nursery:

            async def listen():
                with pytest.raises(anyio.ClosedResourceError):
                    await stream.receive()

            nursery.start_soon(listen)
            await anyio.sleep(1)
            with pytest.raises(anyio.BusyResourceError):
                await stream.receive()
            await stream.send_eof()
            await stream.aclose()
            with pytest.raises(anyio.ClosedResourceError):
                await stream.send(b"b")
            with pytest.raises(ValueError, match="max_bytes"):
                await stream.receive(0)

    simulate(story)


def test_what_a_killed_process_left_of_a_line_is_left_out(tmp_path):
    path = tape(tmp_path / "t.cast", ("o", "a"), ("m", "a marker"), ("o", "b"))
    with path.open("a") as file:
        file.write('[9.0, "o", "torn of')

    async def story():
        return await converse(Playback(path), [2])

    assert simulate(story) == b"ab"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no json",
        '{"version": 1}\n',
        "[]\n",
        "7\n",
        '{"version": 2}\n[1, "o"]\n',
        '{"version": 2}\n["x", "o", "a"]\n',
        '{"version": 2}\n[NaN, "o", "a"]\n',
        '{"version": 2}\n[1, "o", "\u4e2d"]\n',
        '{"version": 2}\n[1, "o", 5]\n',
        '{"version": 2}\n{}\n',
    ],
)
def test_a_file_that_is_no_recording_is_our_error(tmp_path, content):
    path = tmp_path / "t.cast"
    path.write_text(content)
    with pytest.raises(ConnectFailed, match=r"t\.cast makes no sense"):
        simulate(converse, Playback(path), [])


@given(st.binary(max_size=200))
def test_random_files_never_raise_anything_else(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("tape") / "t.cast"
    path.write_bytes(b'{"version": 2}\n' + content)
    with suppress(ConnectFailed):
        simulate(converse, Playback(path), [])


def test_a_missing_file_is_our_error(tmp_path):
    with pytest.raises(ConnectFailed, match="cannot be read"):
        simulate(converse, Playback(tmp_path / "none.cast"), [])


def test_both_are_recipes(tmp_path):
    link = Recorded(Telnet(Playback("a.cast")), "b.cast", keep=3)
    assert pickle.loads(pickle.dumps(link)) == link
    assert (link.host, link.path, Playback("a.cast").host) == ("", Path("b.cast"), "")
    with pytest.raises(TypeError):
        Recorded("game", "b.cast")
    with pytest.raises(ValueError, match="regular expression"):
        Recorded(Playback("a.cast"), "b.cast", secret_prompt="(")
