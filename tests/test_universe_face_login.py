"""From the first byte to the command prompt, byte for byte where a live server was watched."""

from contextlib import asynccontextmanager
from random import Random

import pytest

from wingmate.testing import MemoryNetwork, simulate
from wingmate.tw2002.universe import Settings, Universe

NL = b"\r\x1b[0m\n"
OPTIONS = bytes.fromhex(
    "fffb00fffd00fffb01fffb03fffc05fffe18fffe1ffffe20fffe21fffe22fffc27fffe27fffc24fffe24"
)
PROMPT = (
    b"\x1b[35mCommand [\x1b[1;33mTL\x1b[0;33m=\x1b[1m00:00:00\x1b[0;35m]\x1b[1;37m:\x1b[0;35m[\x1b[1;36m%d"
    b"\x1b[0;35m] (\x1b[1;33m?=Help\x1b[0;35m)? : "
)


@asynccontextmanager
async def game(terminal, players=1, fast=True, **rules):
    """A universe and the terminals of some players who have just dialled."""
    async with (
        Universe(Settings(seed=7, **rules), fast=fast) as universe,
        MemoryNetwork(Random(7)) as net,
    ):
        net.listen("game", universe.handler)

        def dial():
            return net.transport("game").connect()

        yield universe, dial
        assert universe.faults == 0


def test_the_first_bytes_are_the_probe_then_the_options_then_the_question(terminal):
    async def story():
        async with game(terminal) as (_, dial), dial() as stream:
            player = terminal(stream)
            assert await player.until(b"\xf6") == b"\0\xff\xfd\xf6"
            await player.type(b"\xff\xfc\xf6")
            heard = await player.until(b"(ENTER for none): ")
            assert (
                heard
                == OPTIONS + b"Telnet connection detected.\n\r\n\rPlease enter your name (ENTER for none): "
            )

    simulate(story)


@pytest.mark.parametrize("answer", [b"\xff\xfc\xf6", b"\xff\xfb\xf6", b"\xff\xfd\xf6", b"\xff\xfb\x18"])
def test_any_telnet_command_will_do(terminal, answer):
    async def story():
        async with game(terminal) as (_, dial), dial() as stream:
            assert await terminal(stream).ask(answer, b"(ENTER for none): ")

    simulate(story)


def test_a_silent_client_is_told_and_dropped_after_five_seconds(terminal):
    async def story():
        async with game(terminal) as (_, dial), dial() as stream:
            player = terminal(stream)
            await player.until(b"\xf6")
            assert await player.rest(4.9) == b""
            assert await player.rest(0.2) == b"Failed to detect protocol.  Expected Telnet..."

    simulate(story)


def test_a_client_without_telnet_gets_no_answer(terminal):
    async def story():
        async with game(terminal) as (_, dial), dial() as stream:
            player = terminal(stream)
            await player.type(b"hello\r")
            assert await player.rest(10) == b"\0\xff\xfd\xf6"

    simulate(story)


def test_rlogin_is_recognised_and_refused(terminal):
    async def story():
        async with game(terminal) as (_, dial), dial() as stream:
            player = terminal(stream)
            await player.until(b"\xf6")
            await player.type(b"\0ann\0ann\0ansi\0")
            heard = await player.rest(1)
            assert heard == b"\0\b\b\bRLogin connection detected.\n\r\n\rOnly Telnet connections allowed."

    simulate(story)


def test_the_front_menu_lists_the_game_and_who_is_connected(terminal):
    async def story():
        async with game(terminal) as (_, dial), dial() as stream:
            player = terminal(stream)
            menu = await player.ask(b"\xff\xfb\xf6liveone\r", b"Selection (? for menu): ")
            assert b"liveone\n\r\x1b[2J\x1b[H\x1b[0mTradeWars Game Server" in menu
            assert (
                b"\n\r<A> My Game\n\r\n\r<#> Players Online\n\r<!> View game descriptions\n\r<Q> Quit\n\r"
                in menu
            )
            heard = await player.ask(b"#", b"Selection (? for menu): ")
            assert heard.startswith(b"#\n\r")
            assert b"Node 1   Menu   : liveone\n\r" in heard
            assert await player.ask(b"q", b"\n\r") == b"Q\n\r"
            assert await player.rest() == b"Telnet session closed.\n\r"

    simulate(story)


def test_the_start_menu_is_a_line_prompt_that_ignores_an_empty_line(terminal):
    async def story():
        async with game(terminal) as (_, dial), dial() as stream:
            player = terminal(stream)
            await player.dial("ann")
            await player.type(b"\r\rT")
            assert await player.rest(1) == b"T"
            log = await player.ask(b"\r", b"] ")
            assert log == NL + (
                b"\x1b[2J\x1b[H\x1b[32mShow today's log? (\x1b[1;33mY/N\x1b[0;32m) [\x1b[1;36mN\x1b[0;32m] "
            )

    simulate(story)


def test_a_new_player_is_led_to_the_command_prompt(terminal):
    async def story():
        async with game(terminal) as (universe, dial), dial() as stream:
            player = terminal(stream)
            await player.dial("bot1")
            await player.ask(b"T\r\r", b"\x1b[35m[Pause]")
            heard = await player.ask(b" ", b"\x1b[37;44m) ")
            assert heard.endswith(
                b"\x1b[1;44mWould you like to start a new character in this game?  (Type \x1b[33;40mY\x1b[37;44m"
                b" or \x1b[33;40mN\x1b[37;44m) "
            )
            assert b"You were not found in the player database." in heard
            heard = await player.ask(b"xY", b"Password? ")
            assert heard.startswith(b"Yes" + NL + b"\r\n")
            assert b"Please enter a password for this game account." in heard
            heard = await player.ask(b"secret\r", b"Password? ")
            assert heard.startswith(b"******" + NL)
            assert b"Repeat password to verify." in heard
            heard = await player.ask(b"other\r", b"Password? ")
            assert b"\x1b[1;31mPasswords didn't match.  Try again." + NL in heard
            await player.ask(b"secret\r", b"Password? ")
            heard = await player.ask(b"secret\r", b"\x1b[35m[Pause]")
            assert b"Great! You're on your way to becoming a Galactic Power!" in heard
            assert b"Who's Playing" in heard
            heard = await player.ask(b" ", b"? ")
            assert heard.startswith(b" - \x1b[1m[Press Space or Enter to continue]")
            assert heard.endswith(
                b"\x1b[1;33mUse \x1b[0;35m(\x1b[32mN\x1b[35m)\x1b[1;33mew Name or \x1b[0;35m(\x1b[32mB\x1b[35m)"
                b"\x1b[1;33mBS Name \x1b[36m[B] \x1b[33m? "
            )
            heard = await player.ask(b"n", b"What Alias do you want to use? ")
            heard = await player.ask(b"Live Runner\r", b"is what you want? (Y/N) ")
            assert b"That alias would look like this in the game:" in heard
            heard = await player.ask(b"y", b"(30 letters)")
            assert heard.startswith(b"Yes" + NL)
            assert b"What do you want to name your ship?" in heard
            assert await player.rest() == NL + b"\x1b[33m"
            heard = await player.ask(b"Slow Boat\r", b" is what you want? ")
            assert b"(Y/N)" not in heard
            heard = await player.ask(b"y", b"[---------------------------------------]")
            assert b"What do you want to name your home planet?" in heard
            assert await player.rest() == NL + b"\x1b[33m"
            heard = await player.ask(b"Rock One\r", b"\x1b[0;35m[D] ")
            assert heard.endswith(b"\x1b[35mPlanet command \x1b[1;33m(?=help) \x1b[0;35m[D] ")
            heard = await player.ask(b"q", b"(\x1b[1;33m?=Help\x1b[0;35m)? : ")
            assert b"Blasting off from " in heard
            (me,) = universe.world.players.values()
            assert heard.endswith(PROMPT % me.sector)

    simulate(story)


def test_a_known_player_needs_the_password_and_has_three_tries(terminal):
    async def story():
        async with game(terminal) as (_, dial):
            async with dial() as stream:
                await terminal(stream).join("ann", "right")
            async with dial() as stream:
                player = terminal(stream)
                await player.dial("ann")
                heard = await player.ask(b"T\r\r ", b"\x1b[35mPassword? ")
                assert b"A password is required to enter this game." in heard
                for _ in range(2):
                    heard = await player.ask(b"wrong\r", b"\x1b[35mPassword? ")
                    assert (
                        heard
                        == b"*****"
                        + NL
                        + b"\r\n\x1b[1;5;31mInvalid password."
                        + NL
                        + b"\r\n\x1b[35mPassword? "
                    )
                heard = await player.ask(b"wrong\r", b"Selection (? for menu): ")
                assert b"\x1b[1;5;31mInvalid password." + NL + b"\x1b[1;5;31mAccess denied!" + NL in heard
                await player.ask(b"A", b"[Pause]")
                await player.ask(b" ", b"Enter your choice: ")
                heard = await player.ask(b"T\r\r right\r  ", b"?=Help\x1b[0;35m)? : ")
                assert b"<Scanning for Hazardous Sectors you have marked to Avoid>" in heard
                assert b"\x1b[1;31mNo Sectors are currently being avoided." + NL in heard
                assert b"turns this Stardate." in heard

    simulate(story)


@pytest.mark.parametrize("fast", [True, False])
def test_the_settings_tell_the_truth_about_the_pace(terminal, fast):
    async def story():
        async with game(terminal, fast=fast) as (_, dial), dial() as stream:
            player = terminal(stream)
            await player.dial("liveone")
            return await player.ask(b"*\r", b"End Stats.")

    told = simulate(story)
    assert (b"\r\nLatency=0 ms\r\n" in told) is fast
    assert (b"\r\nShip Delay=None\r\n" in told) is fast
    assert (b"\r\nLatency=150 ms\r\n" in told) is not fast
    assert (b"\r\nShip Delay=Constant (250 ms)\r\n" in told) is not fast
