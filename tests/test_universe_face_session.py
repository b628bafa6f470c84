"""Keys, echoes, prompts, and what breaks in upon them."""

from contextlib import AsyncExitStack, asynccontextmanager
from random import Random

import pytest
from anyio import BrokenResourceError, EndOfStream

from wingmate.testing import MemoryNetwork, simulate
from wingmate.tw2002.universe import Settings, Universe

NL = b"\r\x1b[0m\n"
END = b"?=Help\x1b[0;35m)? : "
PROMPT = (
    b"\x1b[35mCommand [\x1b[1;33mTL\x1b[0;33m=\x1b[1m00:00:00\x1b[0;35m]\x1b[1;37m:\x1b[0;35m[\x1b[1;36m1\x1b[0;35m]"
    b" (\x1b[1;33m?=Help\x1b[0;35m)? : "
)


@asynccontextmanager
async def universe_of(terminal, *names, **rules):
    """A universe with some players at the command prompt in sector 1."""
    fast = rules.pop("fast", True)
    async with (
        Universe(Settings(seed=7, **rules), fast=fast) as universe,
        MemoryNetwork(Random(7)) as net,
        AsyncExitStack() as links,
    ):
        net.listen("game", universe.handler)
        players = []
        for name in names:
            player = terminal(await links.enter_async_context(net.transport("game").connect()))
            await player.join(name)
            players.append(player)
        for me in universe.world.players.values():
            me.sector = universe.world.ship_of(me).sector = 1
            me.last_sector = 0
        for player in players:
            await player.ask(b"d", PROMPT)
            await player.rest(2)
        yield universe, *players
        assert universe.faults == 0


def test_enter_shows_the_sector_again_without_an_echo(terminal):
    async def story():
        async with universe_of(terminal, "ann") as (_, ann):
            heard = await ann.ask(b"\r", END)
            assert heard.startswith(
                NL + b"\x1b[1;44m<Re-Display>" + NL + b"\r\n"
                b"\x1b[1;32mSector  \x1b[33m: \x1b[36m1 \x1b[0;32min \x1b[1mThe Federation."
                + NL
                + b"\x1b[35mBeacon  \x1b[1;33m: \x1b[0;31mFedSpace, FedLaw Enforced"
                + NL
                + b"\x1b[35mPorts   \x1b[1;33m: \x1b[36mSol\x1b[33m, \x1b[0;35mClass \x1b[1;36m0 \x1b[0;35m("
                b"\x1b[1;36mSpecial\x1b[0;35m)" + NL
            )
            assert heard.endswith(NL + b"\r\n" + PROMPT)
            assert (await ann.ask(b"d", END)).startswith(b"D" + NL + b"\x1b[1;44m<Re-Display>")

    simulate(story)


def test_keys_typed_ahead_are_used_prompt_by_prompt(terminal):
    async def story():
        async with universe_of(terminal, "ann") as (_, ann):
            await ann.type(b"dq/nd")
            heard = await ann.rest()
            assert heard.count(b"<Re-Display>") == 2
            assert heard.count(b"Confirmed?") == 1
            assert (
                b"\x1b[1;5;31m<Quit>" + NL + b"\x1b[35mConfirmed? \x1b[1;33m(Y/N)\x1b[0;35m? No" + NL in heard
            )

    simulate(story)


def test_digits_echo_one_by_one_and_backspace_takes_back(terminal):
    async def story():
        async with universe_of(terminal, "ann") as (universe, ann):
            (me,) = universe.world.players.values()
            me.prefs = type(me.prefs)(autoreturn=False)
            assert [await ann.ask(key, key) for key in (b"5", b"6")] == [b"5", b"6"]
            await ann.type(b"\b")
            assert await ann.rest() == b"\b \b"
            await ann.type(b"\x7f\x7f\x7f")
            assert await ann.rest() == b"\b \b"
            heard = await ann.ask(b"2\r", END)
            assert heard.startswith(
                b"2"
                + NL
                + b"\x1b[1;44m<Move>"
                + NL
                + b"\x1b[35mWarping to Sector \x1b[1;33m2 "
                + NL
                + b"\r\n\x1b[1;32mSector  \x1b[33m: \x1b[36m2 "
            )

    simulate(story)


@pytest.mark.parametrize(
    ("typed", "shown"), [(b"1001\r", b"100"), (b"99999\r", b"999"), (b"1000\r", b"1000")]
)
def test_a_digit_over_the_maximum_is_dropped_and_the_rest_kept(terminal, typed, shown):
    async def story():
        async with universe_of(terminal, "ann") as (universe, ann):
            (me,) = universe.world.players.values()
            me.prefs = type(me.prefs)(autoreturn=False)
            heard = await ann.ask(typed, b"[Y] ")
            assert heard.startswith(shown + NL + b"\x1b[1;44m<Move>")
            assert b"from sector \x1b[1;33m1\x1b[0;32m to sector \x1b[1;33m%s\x1b[0;32m is:" % shown in heard

    simulate(story)


def test_with_autoreturn_a_number_ends_where_no_digit_could_follow(terminal):
    async def story():
        async with universe_of(terminal, "ann") as (universe, ann):
            (me,) = universe.world.players.values()
            me.prefs = type(me.prefs)(autoreturn=True)
            assert b"<Move>" in await ann.ask(b"101", b"[Y] ")
            await ann.ask(b"n", END)
            await ann.type(b"100")
            assert await ann.rest() == b"100"
            assert b"<Move>" in await ann.ask(b"\r", b"[Y] ")
            await ann.ask(b"n", END)
            # The hazard seen live: the fourth digit is lost on the question, and Enter says yes to it.
            assert b"<Auto Pilot Engaging>" in await ann.ask(b"9999\r", b"Engaging>")

    simulate(story)


def test_a_radio_line_breaks_in_at_the_prompt_and_half_typed_text_comes_back(terminal):
    async def story():
        async with universe_of(terminal, "ann", "bobby tables") as (_, ann, bob):
            await ann.type(b"27")
            await ann.rest(2)
            await bob.ask(b"`hello all\r", b"Message sent on Federation comm-link." + NL)
            heard = await ann.rest(3)
            assert heard == (
                b"\r\x1b[K\x1b[32mF \x1b[1;36mbobby  \x1b[33mhello all" + NL + b"\r\n" + PROMPT + b"27"
            )
            # Straight after another interruption, the empty line between the two is taken back.
            await bob.ask(b"`again\r", END)
            assert (await ann.rest(3)).startswith(b"\r\x1b[K\x1b[1A\x1b[32mF ")

    simulate(story)


def test_what_is_heard_at_a_question_waits_for_the_command_prompt(terminal):
    async def story():
        async with universe_of(terminal, "ann", "bob") as (_, ann, bob):
            await ann.ask(b"q", b"(Y/N)\x1b[0;35m? ")
            await bob.ask(b"`one\r", END)
            await bob.ask(b"`two\r", END)
            assert await ann.rest(5) == b""
            heard = await ann.ask(b"n", END)
            assert heard == (
                b"No"
                + NL
                + b"\r\n\r\x1b[K\x1b[32mF \x1b[1;36mbob    \x1b[33mone"
                + NL
                + b"\x1b[32mF \x1b[1;36mbob    \x1b[33mtwo"
                + NL
                + b"\r\n"
                + PROMPT
            )

    simulate(story)


def test_long_mode_names_the_sender_in_full(terminal):
    async def story():
        async with universe_of(terminal, "ann", "bobby tables") as (universe, ann, bob):
            me = next(player for player in universe.world.players.values() if player.name == "ann")
            me.prefs = type(me.prefs)(compact=False, page=True)
            await bob.ask(b"`hello\r", END)
            heard = await ann.rest(3)
            assert (
                b"\a\a\x1b[32mIncoming transmission from \x1b[1;36mbobby tables\x1b[0;32m on Federation comm-link:"
                in heard
            )
            assert NL + b"\x1b[1;33mhello" + NL in heard

    simulate(story)


def test_ansi_off_takes_every_colour_away(terminal):
    async def story():
        async with universe_of(terminal, "ann") as (_, ann):
            await ann.ask(b"cn1", b"[Q] ")
            await ann.ask(b"qq", b"?=Help)? : ")
            heard = await ann.ask(b"d", b"?=Help)? : ")
            assert heard.startswith(b"D\r\n<Re-Display>\r\n\r\nSector  : 1 in The Federation.\r\n")
            assert b"\x1b" not in heard

    simulate(story)


def test_inactivity_is_warned_of_and_then_ends_the_session(terminal):
    async def story():
        async with universe_of(terminal, "ann", inactive_time=120) as (universe, ann):
            assert b"INACTIVITY" not in await ann.rest(50)
            heard = await ann.rest(30)
            assert heard == (
                b"\r\x1b[K\x1b[1;31mINACTIVITY WARNING:"
                + NL
                + b"\x1b[1;36m  Your session will be terminated in \x1b[5;31mSixty \x1b[0m\x1b[1;36mseconds."
                + NL
                + b"\r\n"
                + PROMPT
            )
            heard = await ann.rest(15)
            assert heard == (
                b"\r\x1b[K\x1b[1A\x1b[1;31mINACTIVITY WARNING:"
                + NL
                + b"\x1b[1;36m  You now have \x1b[5;31mThirty \x1b[0m\x1b[1;36mseconds until termination."
                + NL
                + b"\r\n"
                + PROMPT
            )
            assert b"Session termination is imminent." in await ann.rest(30)
            with pytest.raises((EndOfStream, BrokenResourceError)):
                await ann.stream.receive()
            assert universe.connections == 0
            assert not universe.world.present

    simulate(story)


def test_any_key_puts_the_end_off(terminal):
    async def story():
        async with universe_of(terminal, "ann", inactive_time=120) as (_, ann):
            for _ in range(10):
                await ann.rest(55)
                await ann.type(b"\x1b")
            assert b"Sector" in await ann.ask(b"d", END)

    simulate(story)


def test_the_sync_byte_comes_back_behind_the_prompt(terminal):
    async def story():
        async with universe_of(terminal, "ann") as (_, ann):
            assert PROMPT + b"\x91\b" in await ann.ask(b"\x91", b"\x91\b")

    simulate(story)


def test_pacing_delays_answers_and_moves(terminal):
    async def story():
        async with universe_of(terminal, "ann", fast=False, latency_ms=150, ship_delay_ms=250) as (_, ann):
            await ann.type(b"d")
            assert await ann.rest(0.14) == b""
            assert END in await ann.rest(0.1)
            await ann.type(b"2\r")
            assert b"in The Fed" not in await ann.rest(0.39)
            assert END in await ann.rest(0.1)

    simulate(story)
