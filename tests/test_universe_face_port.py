"""Docking and haggling, byte for byte."""

import re
from contextlib import asynccontextmanager
from random import Random

import pytest

from wingmate.testing import MemoryNetwork, simulate
from wingmate.tw2002.universe import Settings, Universe
from wingmate.tw2002.universe.engine import ports
from wingmate.tw2002.universe.engine.haggle import Haggle

NL = b"\r\x1b[0m\n"
END = b"?=Help\x1b[0;35m)? : "
OFFER = rb"Your offer \[\x1b\[1;33m([\d,]+)\x1b\[0;35m\] \? $"


@asynccontextmanager
async def at_a_port(terminal, code, **ship):
    """A player in a sector whose port trades as *code* says."""
    async with (
        Universe(Settings(seed=7, new_player_planets=False), fast=True) as universe,
        MemoryNetwork(Random(7)) as net,
    ):
        net.listen("game", universe.handler)
        async with net.transport("game").connect() as stream:
            ann = terminal(stream)
            await ann.join("ann", planet=False)
            world = universe.world
            (me,) = world.players.values()
            sector = next(number for number, port in world.galaxy.ports.items() if port.code == code)
            me.sector = world.ship_of(me).sector = sector
            me.explore(sector)
            for name, value in ship.items():
                setattr(world.ship_of(me), name, value)
            await ann.ask(b"d", END)
            yield universe, me, ann
            assert universe.faults == 0


def fix(monkeypatch, exact, ratio=1.0, counters=2):
    """Let every haggle open at a known price."""
    monkeypatch.setattr(
        ports,
        "open_haggle",
        lambda port, product, *, quantity, **_: Haggle(
            product, quantity, port.buys(product), exact * quantity, ratio, counters
        ),
    )


def test_docking_and_the_first_offer_are_those_of_a_live_session(terminal, monkeypatch):
    fix(monkeypatch, 9.0)

    async def story():
        async with at_a_port(terminal, "SSS") as (universe, me, ann):
            name = universe.world.galaxy.ports[me.sector].name.encode()
            heard = await ann.ask(b"p", b"[T] \x1b[0;35m? ")
            assert heard == (
                b"P"
                + NL
                + b"\r\n\x1b[35m<\x1b[32mA\x1b[35m>\x1b[32m Attack this Port"
                + NL
                + b"\x1b[35m<\x1b[32mT\x1b[35m>\x1b[32m Trade at this Port"
                + NL
                + b"\x1b[35m<\x1b[32mQ\x1b[35m>\x1b[32m Quit, nevermind"
                + NL
                + b"\r\n\x1b[35mEnter your choice \x1b[1;33m[T] \x1b[0;35m? "
            )
            heard = await ann.ask(b"\r", b"]? ")
            report = ports.report(universe.world, me, me.sector)
            rows = b"".join(
                b"\x1b[1;36m%-9s\x1b[0;32m  Selling \x1b[1;36m%6d\x1b[0;32m%7d\x1b[1;31m%% \x1b[0;36m      0"
                % (item.product.label.encode(), item.amount, item.percent)
                + NL
                for item in report.items
            )
            date = rb"\d\d:\d\d:\d\d [AP]M \w{3} \w{3} \d\d, 20\d\d"
            assert re.fullmatch(
                re.escape(
                    NL
                    + b"\x1b[1;44m<Port>"
                    + NL
                    + b"\r\n\x1b[1;5;31mDocking..."
                    + NL
                    + b"\x1b[1;33mOne turn deducted, \x1b[36m%d\x1b[33m turns left." % me.turns
                    + NL
                    + b"\r\n\x1b[1;33mCommerce report for \x1b[36m"
                    + name
                    + b"\x1b[33m: "
                )
                + date
                + re.escape(
                    NL
                    + b"\r\n\x1b[35m-=-=-        Docking Log        -=-=-"
                    + NL
                    + b"\x1b[32mNo current ship docking log on file."
                    + NL
                    + b"\x1b[32mFor finding this unused port you receive \x1b[1;33m1\x1b[0;32m experience point(s)."
                    + NL
                    + b"\r\n\x1b[32m Items     Status  Trading % of max OnBoard"
                    + NL
                    + b"\x1b[35m -----     ------  ------- -------- -------"
                    + NL
                    + rows
                    + b"\r\n\r\n\x1b[32mYou have \x1b[1;33m1,000\x1b[0;32m credits and \x1b[1;33m20\x1b[0;32m empty "
                    b"cargo holds."
                    + NL
                    + b"\r\n\x1b[35mWe are selling up to \x1b[1;33m%d\x1b[0;35m.  You have \x1b[1;33m0\x1b[0;35m in "
                    b"your holds."
                    % report.items[0].amount
                    + NL
                    + b"\x1b[35mHow many holds of \x1b[1;36mFuel Ore\x1b[0;35m do you want to buy "
                    b"[\x1b[1;33m20\x1b[0;35m]? "
                ),
                heard,
            )
            heard = await ann.ask(b"10\r", b"] ? ")
            assert heard == (
                b"10"
                + NL
                + b"\x1b[1;36mAgreed, \x1b[33m10\x1b[36m units."
                + NL
                + b"\r\n\x1b[32mWe'll sell them for \x1b[1;33m90\x1b[0;32m credits."
                + NL
                + b"\x1b[35mYour offer [\x1b[1;33m90\x1b[0;35m] ? "
            )

    simulate(story)


def test_counters_the_final_offer_and_the_end_of_a_talk(terminal, monkeypatch):
    fix(monkeypatch, 9.0, counters=1)

    async def story():
        async with at_a_port(terminal, "SSS") as (_, me, ann):
            await ann.ask(b"pt10\r", b"] ? ")
            heard = await ann.ask(b"80\r", b"] ? ")
            assert heard == (
                b"80"
                + NL
                + b"\r\n\x1b[32mWe'll sell them for \x1b[1;33m87\x1b[0;32m credits."
                + NL
                + b"\x1b[35mYour offer [\x1b[1;33m87\x1b[0;35m] ? "
            )
            heard = await ann.ask(b"81\r", b"] ? ")
            assert heard == (
                b"81"
                + NL
                + b"\r\n\x1b[32mOur final offer is \x1b[1;33m85\x1b[0;32m credits."
                + NL
                + b"\x1b[35mYour offer [\x1b[1;33m85\x1b[0;35m] ? "
            )
            heard = await ann.ask(b"81\r", b"]? ")
            assert b"We're not interested." in heard
            assert (
                b"\r\n\x1b[32mYou have \x1b[1;33m1,000\x1b[0;32m credits and \x1b[1;33m20\x1b[0;32m empty cargo holds."
                in heard
            )
            heard = await ann.ask(b"0\r0\r", END)
            assert (
                b"0"
                + NL
                + b"\r\n\x1b[32mYou have \x1b[1;36m1,000\x1b[0;32m credits and \x1b[1;36m20\x1b[0;32m empty "
                b"cargo holds." + NL + b"\r\n\x1b[35mCommand ["
            ) in heard
            assert me.credits == 1_000

    simulate(story)


def test_a_joke_repeats_the_prompt_only_and_can_go_on_for_ever(terminal, monkeypatch):
    fix(monkeypatch, 9.0)

    async def story():
        async with at_a_port(terminal, "SSS") as (_, _, ann):
            await ann.ask(b"pt10\r", b"] ? ")
            for bid in (b"40", b"999999", b"1"):
                heard = await ann.ask(bid + b"\r", b"] ? ")
                assert re.fullmatch(
                    bid
                    + re.escape(NL)
                    + rb"\r\n\x1b\[1;36m[^\r\x1b]+"
                    + re.escape(NL + b"\x1b[35mYour offer [\x1b[1;33m90\x1b[0;35m] ? "),
                    heard,
                )

    simulate(story)


@pytest.mark.parametrize(("code", "colour"), [("SSS", b"\x1b[32m"), ("BBB", b"\x1b[35m")])
def test_a_deal_has_no_blank_line_before_it_and_pays_experience(terminal, monkeypatch, code, colour):
    fix(monkeypatch, 9.0)

    async def story():
        async with at_a_port(terminal, code, psychic=True, cargo=(10, 0, 0)) as (universe, me, ann):
            await ann.ask(b"pt10\r", b"] ? ")
            heard = await ann.ask(b"\r", b"empty cargo holds.")
            lines = heard.split(NL)
            assert lines[0] == b""
            assert lines[1].startswith(colour)
            assert lines[2] == (
                b"\x1b[33m<P-Probe estimates your offer was \x1b[1m100.00\x1b[0;33m% of best price>"
            )
            assert lines[3] == (
                b"\x1b[32mFor your excellent trading you receive \x1b[1;33m5\x1b[0;32m experience point(s)."
            )
            assert lines[4] == b"\x1b[1;5;31mYou have been promoted to Private 1st Class!"
            assert lines[5].startswith(b"\r\n\x1b[32mYou have ")
            side = 1 if code == "BBB" else -1
            assert me.credits == 1_000 + side * 90
            assert universe.world.ship_of(me).cargo[0] == (0 if code == "BBB" else 20)

    simulate(story)


def test_a_kick_ends_the_product_only_and_docking_again_works(terminal, monkeypatch):
    fix(monkeypatch, 9.0)

    async def story():
        async with at_a_port(terminal, "SSS") as (_, me, ann):
            await ann.ask(b"pt10\r", b"] ? ")
            heard = await ann.ask(b"62\r", b"]? ")
            assert b"Organics" in heard
            assert heard.startswith(b"62" + NL + b"\r\n\x1b[1;33m")
            await ann.ask(b"0\r0\r", END)
            assert b"No current ship docking log" not in await ann.ask(b"pt", b"]? ")
            assert me.credits == 1_000

    simulate(story)


def test_what_the_port_buys_comes_first_and_goods_given_away_are_taken(terminal, monkeypatch):
    fix(monkeypatch, 9.0)

    async def story():
        async with at_a_port(terminal, "SBB", cargo=(0, 5, 5)) as (universe, me, ann):
            heard = await ann.ask(b"pt", b"]? ")
            assert b"\x1b[35mWe are buying up to \x1b[1;33m" in heard
            assert heard.endswith(
                b"How many holds of \x1b[1;36mOrganics\x1b[0;35m do you want to sell [\x1b[1;33m5\x1b[0;35m]? "
            )
            heard = await ann.ask(b"5\r0\r", b"Equipment")
            assert b"\x1b[1;44mThank you" in heard
            assert me.credits == 1_000
            assert universe.world.ship_of(me).cargo == (0, 0, 5)

    simulate(story)


def test_no_port_and_nothing_to_trade(terminal):
    async def story():
        async with at_a_port(terminal, "BBB") as (universe, me, ann):
            heard = await ann.ask(b"pt", END)
            assert b"You don't have anything they want, and they don't have anything you can buy." in heard
            assert b"Buying " in heard
            me.sector = next(n for n in range(11, 1000) if n not in universe.world.galaxy.ports)
            assert b"There is no port in this sector!" in await ann.ask(b"p", END)
            me.turns = 0
            me.sector = next(n for n, port in universe.world.galaxy.ports.items() if port.code == "SSS")
            assert b"You don't have any turns left." in await ann.ask(b"pt", END)
            way = universe.world.galaxy.warps[me.sector][0]
            assert b"You don't have any turns left." in await ann.ask(b"%d\r" % way, END)

    simulate(story)
