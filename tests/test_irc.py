"""IRC as values and as one session, without a connection; the link over a network in memory."""

from base64 import b64decode
from random import Random

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate import Backoff, Secret
from wingmate._secrets import redact
from wingmate.chat import AwayLink, ChatLine, ChatLink, Interrupted
from wingmate.chat.links import IrcLink
from wingmate.chat.links._irc_session import Door, Session
from wingmate.chat.links._irc_wire import HEARD, IrcLine, LineCutter, folded, read_line, write_line
from wingmate.errors import ConnectFailed, Disconnected, IllegalCommand, Refused
from wingmate.testing import MemoryNetwork, simulate

WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20).filter(
    lambda word: not word.startswith(":")
)
SAYING = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=80)


@given(st.from_regex(r"[A-Z]{3,8}|[0-9]{3}", fullmatch=True), st.lists(WORDS, max_size=5), SAYING)
def test_what_is_written_is_read(command, words, last):
    line = write_line(command, *words, last)
    assert line.endswith(b"\r\n")
    assert len(line) <= 512
    assert read_line(b"@time=x;y :ann!a@host " + line[:-2]) == IrcLine("ann", command, (*words, last))


@given(st.binary(max_size=300))
def test_garbage_is_read_or_not_but_never_raises(data):
    line = read_line(data)
    assert line is None or (line.command.isalnum() and len(line.params) <= 15)


@pytest.mark.parametrize("words", [("a b", "c"), ("", "c"), (":a", "c"), ("a\r\nQUIT",), ("x" * 520,)])
def test_what_irc_cannot_carry_is_refused(words):
    with pytest.raises(IllegalCommand):
        write_line("PRIVMSG", *words)


@given(
    st.lists(st.binary(min_size=1, max_size=40).filter(lambda line: not set(line) & set(b"\r\n"))), st.data()
)
def test_lines_come_whole_however_they_are_cut(lines, data):
    whole, cutter, got = b"".join(line + b"\r\n" for line in lines), LineCutter(), []
    while whole:
        size = data.draw(st.integers(1, len(whole)))
        got += cutter.feed(whole[:size])
        whole = whole[size:]
    assert got == lines


def test_endless_lines_are_dropped_and_counted():
    cutter = LineCutter()
    assert list(cutter.feed(b"x" * (HEARD + 1))) == []
    assert not cutter._rest
    assert list(cutter.feed(b"x" * (HEARD + 1) + b"\nPING\n" + b"y" * (HEARD + 1) + b"\n")) == [b"PING"]
    assert cutter.too_long == 2


def test_names_are_compared_as_irc_does():
    assert folded("Ann[x]\\^") == folded("aNN{X}|~")


def door(**settings):
    return Door(**({"channel": "#crew", "nick": "ann"} | settings))


def told(session, *lines):
    """What the session hears of some lines, and what it answers."""
    heard = list(session.receive("".join(line + "\r\n" for line in lines).encode()))
    return heard, session.drain().decode().split("\r\n")[:-1]


def inside(**settings):
    session = Session(door(**settings))
    session.begin()
    told(session, ":s 001 ann :hi", ":ann!a@h JOIN #crew")
    assert session.joined
    return session


def test_the_way_in():
    session = Session(door(key=Secret("text:sesame"), password=Secret("text:let me in")))
    session.begin()
    first = session.drain().decode().split("\r\n")[:-1]
    assert first == ["CAP LS 302", "PASS :let me in", "NICK ann", "USER ann 0 * :ann"]
    more = ":s CAP * LS * :multi-prefix echo-message"
    assert told(session, "PING :7", more) == ([], ["PONG 7"])
    assert told(session, ":s CAP * LS :server-time sasl=PLAIN")[1] == ["CAP REQ :echo-message server-time"]
    assert told(session, ":s CAP ann ACK :echo-message server-time")[1] == ["CAP END"]
    assert told(session, ":s 433 * ann :taken")[1] == ["NICK ann_2"]
    assert told(session, ":s 433 * ann_2 :taken")[1] == ["NICK ann_3"]
    assert told(session, ":s 001 ann_3 :hi")[1] == ["JOIN #crew sesame"]
    assert told(session, ":eve!e@h JOIN #crew", ":ann_3!a@h JOIN :#CREW") == ([], [])
    assert session.joined
    assert session.nick == "ann_3"
    assert "sesame" not in repr(session)
    assert "let me in" not in repr(session)


def test_a_long_nick_is_cut_before_it_is_numbered():
    session = Session(door(nick="commander_ann"))
    assert told(session, ":s 432 * x :too long")[1] == ["NICK commander"]
    assert told(session, ":s 433 * x :taken")[1] == ["NICK command_3"]
    with pytest.raises(Refused, match="does not take"):
        told(session, ":s 432 * x :bad")
    with pytest.raises(Refused, match="like this") as caught:
        told(session, *[":s 433 * x :taken"] * 99)
    assert caught.value.retry_after


def test_an_account_is_used_or_the_bot_stays_out():
    settings = {"account": "ann", "account_password": Secret("text:" + "hunter2" * 60)}
    session = Session(door(**settings))
    session.begin()
    session.drain()
    assert told(session, ":s CAP * LS :sasl")[1] == ["CAP REQ sasl"]
    assert told(session, ":s CAP * ACK :sasl")[1] == ["AUTHENTICATE PLAIN"]
    answers = told(session, "AUTHENTICATE +")[1]
    assert redact(answers[0]) == "AUTHENTICATE ********"
    text = "".join(answer.split()[1] for answer in answers)
    assert [len(answer.split()[1]) for answer in answers[:-1]] == [400]
    assert b64decode(text) == b"ann\0ann\0" + b"hunter2" * 60
    assert told(session, ":s 903 ann :welcome")[1] == ["CAP END"]
    for line in (":s CAP * LS :echo-message", ":s 904 ann :no", ":s 001 ann :hi"):
        with pytest.raises(Refused) as caught:
            told(Session(door(**settings)), line)
        assert caught.value.final


@pytest.mark.parametrize(
    ("line", "wait"),
    [
        ("ERROR :Closing Link: too many connections from your IP address", 60),
        ("ERROR :Closing link: [No more connections allowed from your host]", 60),
        ("ERROR :Closing link: K-Lined", None),
        (":s 464 ann :Password incorrect", None),
        (":s 465 ann :you are banned", None),
        (":s 471 ann #crew :full", 60),
        (":s 475 ann #crew :bad key", None),
    ],
)
def test_refusals_say_how_long_to_wait(line, wait):
    with pytest.raises(Refused) as caught:
        told(Session(door()), line)
    assert caught.value.retry_after == wait


def test_talk_is_heard_and_nothing_else():
    session = inside()
    heard, said = told(
        session,
        "@time=2026-01-01T00:00:00Z :bob!b@h PRIVMSG #Crew :\x0304red\x0f and \x02bold\x02",
        ":bob!b@h PRIVMSG ann :for me alone",
        ":bob!b@h PRIVMSG #crew :\x01VERSION\x01",
        ":bob!b@h NOTICE #crew :psst",
        ":bob!b@h PRIVMSG #crew :\x02\x02",
        ":bob!b@h QUIT :see you",
        ":cat!c@h QUIT :a.example.net b.example.net",
        ":s 404 ann #crew :not now",
        "PRIVMSG",
        ":::",
    )
    assert heard == [ChatLine("bob", "red and bold"), Interrupted()]
    assert said == []
    assert session.unsaid == 1


@pytest.mark.parametrize(
    "line", [":op!o@h KICK #crew ann :bye", "ERROR :Request too long", ":ann!a@h PART #crew"]
)
def test_being_thrown_out_is_a_broken_link(line):
    with pytest.raises(Disconnected):
        told(inside(), ":op!o@h KICK #crew bob :bye", line)


def test_a_new_name_is_known():
    session = inside()
    told(session, ":bob!b@h NICK cat", ":ann!a@h NICK :Guest7")
    assert session.nick == "Guest7"


def test_an_order_needs_the_echo():
    with pytest.raises(Refused, match="echo"):
        told(Session(door(echo=True)), ":s 001 ann :hi")
    session = Session(door(echo=True))
    told(session, ":s CAP * ACK :echo-message", ":s 001 ann :hi", ":ann!a@h JOIN #crew")
    with pytest.raises(Disconnected, match="takes back"):
        told(session, ":s CAP ann DEL :echo-message")


@given(st.lists(st.one_of(st.binary(max_size=60), st.sampled_from(
    [b":s 001 ann :x\n", b":ann JOIN #crew\n", b"CAP * LS :sasl\n", b"CAP\n", b"001\n", b":ann NICK\n", b"PING\n",
     b"AUTHENTICATE\n", b"ERROR\n", b":ann KICK\n", b"KICK #crew ann\n", b"PRIVMSG #crew :hi\n", b"432\n", b"PING : \n",
     b"QUIT\n", b"PING :" + b"x" * 600 + b"\n"])), max_size=12))  # fmt: skip
def test_a_hostile_server_gets_our_errors_or_nothing(pieces):
    session = Session(door(key=Secret("text:sesame")))
    session.begin()
    try:
        for piece in pieces:
            for heard in session.receive(piece):
                assert isinstance(heard, ChatLine | Interrupted)
    except (Refused, Disconnected):
        pass
    assert all(len(line) <= 512 for line in session.out)
    assert len(session.out) < 40


# --- the link -------------------------------------------------------------------------------------


async def serve(stream, lines=()):
    """A server of one channel for one bot: lets it in, says some lines, echoes."""
    await stream.send(b":s CAP * LS :echo-message\r\n")
    rest = b""
    with anyio.move_on_after(1e6):
        while True:
            try:
                rest += await stream.receive()
            except anyio.EndOfStream:
                return
            *whole, rest = rest.split(b"\r\n")
            for line in whole:
                word, _, tail = line.partition(b" ")
                if word == b"CAP" and tail.startswith(b"REQ"):
                    await stream.send(b":s CAP * ACK :echo-message\r\n")
                elif line == b"CAP END":
                    await stream.send(b":s 001 ann :hi\r\n")
                elif word == b"JOIN":
                    await stream.send(b":ann!a@h JOIN #crew\r\n" + b"".join(lines))
                elif word == b"PING":
                    await stream.send(b":s PONG s " + tail + b"\r\n")
                elif line == b"PRIVMSG #crew :die":
                    return
                elif word == b"PRIVMSG":
                    await stream.send(b":ann!a@h PRIVMSG " + tail + b"\r\n")


def test_the_link_comes_back_and_tells():
    async def story():
        async with MemoryNetwork() as network:
            network.listen("irc", serve)
            async with IrcLink(network.transport("irc"), "#crew", "ann") as link, link.listen() as lines:
                assert isinstance(link, ChatLink)
                assert isinstance(link, AwayLink)
                assert link.traits.hears_itself
                assert not link.traits.total_order
                assert 300 < link.traits.limit <= 400
                await link.send_line("hello")
                assert await anext(lines) == ChatLine("ann", "hello")
                await anyio.sleep(500)  # in silence, which both sides ask each other about
                await link.send_line("die")
                assert await anext(lines) == Interrupted()
                await link.send_line("again")
                assert await anext(lines) == Interrupted()
                assert await anext(lines) == ChatLine("ann", "again")
                return link.breaks

    assert simulate(story) == 1


def test_a_server_that_falls_silent_is_left():
    async def mute(stream):
        await stream.send(b":s 001 ann :hi\r\n:ann JOIN #crew\r\n")
        await anyio.sleep_forever()

    async def story():
        async with MemoryNetwork() as network:
            network.listen("irc", mute)
            link = IrcLink(network.transport("irc"), "#crew", "ann", quiet=30, restart=Backoff(limit=2))
            began = anyio.current_time()
            async with link, link.listen() as lines:
                assert await anext(lines) == Interrupted()
                return anyio.current_time() - began

    assert simulate(story) == 60


def test_what_never_lets_us_in_ends_with_an_error():
    async def shut(stream):
        await stream.aclose()

    async def slow(stream):
        await anyio.sleep_forever()

    async def full(stream):
        await stream.send(b"ERROR :too many connections\r\n")

    async def story():
        async with MemoryNetwork() as network:
            for name, handler, error in (
                ("a", shut, ConnectFailed),
                ("b", slow, ConnectFailed),
                ("c", full, Refused),
            ):
                network.listen(name, handler)
                with pytest.raises(error):
                    async with IrcLink(network.transport(name), "#crew", "ann"):
                        pass

    simulate(story)


def test_reconnecting_has_an_end():
    async def story():
        async with MemoryNetwork(random=Random(1)) as network:
            calls = []

            async def once(stream):
                calls.append(1)
                await (serve(stream) if len(calls) == 1 else stream.aclose())

            network.listen("irc", once)
            with pytest.raises(BaseExceptionGroup) as caught:
                async with IrcLink(
                    network.transport("irc"), "#crew", "ann", restart=Backoff(limit=3)
                ) as link:
                    await link.send_line("die")
                    await anyio.sleep_forever()
            assert caught.group_contains(ConnectFailed)
            return len(calls)

    assert simulate(story) == 4


def test_a_bot_that_is_thrown_out_again_and_again_gives_up():
    async def kick(stream):
        calls.append(1)
        await stream.send(b":s 001 ann :hi\r\n:ann JOIN #crew\r\n")
        await anyio.sleep(1)
        await stream.send(b":op KICK #crew ann :no\r\n")
        await anyio.sleep_forever()

    calls = []

    async def story():
        async with MemoryNetwork() as network:
            network.listen("irc", kick)
            with pytest.raises(BaseExceptionGroup) as caught:
                async with IrcLink(network.transport("irc"), "#crew", "ann", restart=Backoff(limit=3)):
                    await anyio.sleep_forever()
            assert caught.group_contains(Disconnected, match="out of #crew")

    simulate(story)
    assert len(calls) == 4


def test_a_slow_listener_is_told_that_it_missed_something():
    lines = [b":bob!b@h PRIVMSG #crew :hi\r\n"] * 1500

    async def story():
        async with MemoryNetwork() as network:
            network.listen("irc", lambda stream: serve(stream, ()))
            async with IrcLink(network.transport("irc"), "#crew", "ann") as link, link.listen() as heard:
                for line in lines:
                    link._spread(ChatLine("bob", line.decode()))
                return await anext(heard)

    assert simulate(story) == Interrupted()


@pytest.mark.parametrize(
    ("channel", "nick"), [("crew", "ann"), ("#a b", "ann"), ("#crew", "a b"), ("#crew", ""), ("#crew", "é")]
)
def test_names_irc_cannot_carry_are_refused_at_once(channel, nick):
    with pytest.raises(ValueError, match=r"channel|nick"):
        IrcLink(None, channel, nick)
