"""StarDock and its shops, as a live server showed them."""

from contextlib import asynccontextmanager
from random import Random

import pytest

from wingmate.testing import MemoryNetwork, simulate
from wingmate.tw2002.universe import Settings, Universe
from wingmate.tw2002.universe.engine import stardock

NL = b"\r\x1b[0m\n"
DOCK = b"\x1b[35m<\x1b[33mStarDock\x1b[35m> Where to? (\x1b[1;33m?=Help\x1b[0;35m) "
BANK = b"\x1b[35m<\x1b[33mGalactic Bank\x1b[35m> So, how can I help you Citizen? \x1b[1;33m(?) \x1b[0;35m? "


@asynccontextmanager
async def at_stardock(terminal, **player):
    """A player who has landed."""
    async with (
        Universe(Settings(seed=7, new_player_planets=False), fast=True) as universe,
        MemoryNetwork(Random(7)) as net,
    ):
        net.listen("game", universe.handler)
        async with net.transport("game").connect() as stream:
            ann = terminal(stream)
            await ann.join("ann", planet=False)
            (me,) = universe.world.players.values()
            me.sector = universe.world.ship_of(me).sector = universe.world.galaxy.stardock
            me.explore(me.sector)
            for name, value in player.items():
                setattr(me, name, value)
            heard = await ann.ask(b"ps", DOCK)
            assert b"\x1b[35m<\x1b[32mS\x1b[35m>\x1b[32m Land on the StarDock" + NL in heard
            assert heard.endswith(
                b"\r\n\x1b[1;33mOne turn deducted, \x1b[36m999\x1b[33m turns left." + NL + b"\r\n" + DOCK
            )
            yield universe, me, ann
            assert universe.faults == 0
            assert universe._house.surprises == 0


def test_the_bank_speaks_as_seen_live(terminal):
    async def story():
        async with at_stardock(terminal, credits=600_000) as (_, me, ann):
            assert (await ann.ask(b"g", BANK)).startswith(b"G" + NL)
            heard = await ann.ask(b"d", b"\x1b[0;35m ")
            assert heard == (
                b"D"
                + NL
                + b"\x1b[32mYou have \x1b[1;33m0\x1b[0;32m credits in your account."
                + NL
                + b"\x1b[35mHow many credits do you want to deposit? \x1b[1;33m(500,000)\x1b[0;35m "
            )
            heard = await ann.ask(b"5000\r", BANK)
            assert b"5,000\x1b[0;32m credits have been deposited in your account." + NL in heard
            assert me.bank == 5_000
            heard = await ann.ask(b"d\r", BANK)
            assert (
                b"Sorry, you may not have more than \x1b[1;33m500,000\x1b[0;32m credits in your account."
                in heard
            )
            heard = await ann.ask(b"w", b"\x1b[0;35m ")
            assert heard.endswith(b"How many credits do you want to withdraw? \x1b[1;33m(5,000)\x1b[0;35m ")
            heard = await ann.ask(b"999999\r", BANK)
            assert heard.startswith(b"999" + NL)
            assert b"\x1b[1;33m999\x1b[0;32m credits have been withdrawn from your account." in heard
            assert b"4,001" in await ann.ask(b"e", BANK)
            assert b"The TellBorg stares at you strangely." in await ann.ask(b"\r", BANK)
            heard = await ann.ask(b"tnobody\r", BANK)
            assert b"Who do you want to transfer money to?" + NL in heard
            assert b"Which Trader ? (Full or Partial Name) - nobody" in heard
            assert b"Unknown Trader!" + NL + b"\x1b[32mTransfer voided" + NL in heard
            assert b"Transfer voided" in await ann.ask(b"t\r", BANK)
            assert b"You leave the Galactic Bank." in await ann.ask(b"q", DOCK)

    simulate(story)


def test_enter_on_the_dock_may_cost_half_of_the_cash(terminal):
    async def story():
        async with at_stardock(terminal, credits=4_750_001) as (_, me, ann):
            for _ in range(40):
                heard = await ann.ask(b"\r", DOCK)
                if me.credits < 4_750_001:
                    break
                assert b"wander" in heard
            assert b"find most of your money gone." in heard
            assert me.credits == 2_375_000

    simulate(story)


def test_the_shipyards_sell_what_class_0_ports_sell(terminal):
    async def story():
        async with at_stardock(terminal, credits=100_000) as (universe, me, ann):
            world = universe.world
            await ann.ask(b"s", b"Your option")
            heard = await ann.ask(b"p", b"(A,B,C,Q,?)\x1b[0;35m ")
            shop = stardock.class_zero(world, me)
            plain = ansi_free(heard).split(b"\r\n")
            assert plain[-5:] == [
                b"A  Cargo holds     :%7d credits / next hold %16d" % (shop.hold_price, 55),
                b"B  Fighters        :%7d credits per fighter %16d" % (shop.fighter_price, 2470),
                b"C  Shield Points   :%7d credits per point   %16d" % (shop.shield_price, 400),
                b"",
                b"Which item do you wish to buy? (A,B,C,Q,?) ",
            ]
            heard = ansi_free(await ann.ask(b"a2\ry", b"(A,B,C,Q,?)\x1b[0;35m "))
            cost = 2 * shop.hold_price + 20
            assert b"Installing your next Cargo hold will cost %d credits. " % shop.hold_price in heard
            assert b"How many Cargo Holds do you want installed? 2" in heard
            assert b"The cost for 2 more holds is %s credits." % f"{cost:,}".encode() in heard
            assert b"Are you still interested in buying them? Yes" in heard
            assert world.ship_of(me).holds == 22
            heard = ansi_free(await ann.ask(b"b10\rc5\rq", b"Your option"))
            assert b"How many K-3A fighters do you want to buy (Max 2,470) [0] ? 10" in heard
            assert b"How many shield armor points do you want to buy (Max 400) [0] ? 5" in heard
            assert (world.ship_of(me).fighters, world.ship_of(me).shields) == (40, 5)
            await ann.ask(b"q", DOCK)

    simulate(story)


def test_a_ship_is_bought_by_letter(terminal):
    async def story():
        async with at_stardock(terminal, credits=100_000) as (universe, me, ann):
            await ann.ask(b"s", b"Your option")
            heard = ansi_free(await ann.ask(b"b\ryb", b"Want to buy it? "))
            assert b"<Buy a New Ship>\r\n" in heard
            assert b"Welcome to the 'yards', you want to trade in that old ship? No" in heard
            assert b"You ready to deal? Yes" in heard
            assert b"Which ship are you interested in (?=List) ? B" in heard
            assert b"The cost for one of those is 15,950" in heard
            assert b"Then don't waste my time!" in await ann.ask(b"n", b"Your option")
            await ann.ask(b"bnybyFlea\r", b"Your option")
            assert universe.world.ship_of(me).kind == "Scout Marauder"
            assert universe.world.ship_of(me).name == "Flea"
            assert me.credits == 100_000 - 15_950

    simulate(story)


@pytest.mark.parametrize(
    ("keys", "words", "field", "value"),
    [
        (b"e3\r", b"How many Probes do you want (Max 25) [0] ? 3", "probes", 3),
        (b"yy", b"I can let you have one for 10,000 credits, interested? Yes", "psychic", True),
        (b"rh", b"Which would you like? (H/D/Quit) H", "scanner", "holo"),
        (b"rd", b"Ok!  We'll get that sent over to your ship, installation is free!", "scanner", "density"),
        (b"t9\r", b"How many Genesis Torpedoes do you want (Max 5) [0] ? ", "genesis", 0),
        (b"p", b"Sorry, your ship is not equipped to handle Photon Missiles!", "photons", 0),
        (b"w", b"Sorry, your ship is not equipped for a TransWarp Drive!", "twarp", 0),
        (b"z", b"Hmmm, haven't heard of one of those.", "probes", 0),
    ],
)
def test_the_emporium(terminal, keys, words, field, value):
    async def story():
        async with at_stardock(terminal, credits=500_000) as (universe, me, ann):
            await ann.ask(b"h", b"looking for")
            heard = ansi_free(await ann.ask(keys + b"q", DOCK))
            assert words in heard
            assert b"See you later." in heard
            assert getattr(universe.world.ship_of(me), field) == value
            assert b"You return to your ship and blast off from the StarDock." in await ann.ask(b"q", b"? : ")

    simulate(story)


def ansi_free(data):
    import re

    return re.sub(rb"\x1b\[[0-9;]*[A-Za-z]", b"", data)
