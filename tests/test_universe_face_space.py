"""Flying, looking, fighting, asking the computer."""

import re
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random

import pytest
from attrs import evolve

from wingmate.testing import MemoryNetwork, simulate
from wingmate.tw2002.universe import Settings, Universe
from wingmate.tw2002.universe.engine import travel
from wingmate.tw2002.universe.engine.losses import destroy
from wingmate.tw2002.universe.engine.state import Force, Mode

NL = b"\r\x1b[0m\n"
END = b"?=Help\x1b[0;35m)? : "
COMPUTER = b"?=Help\x1b[0;35m)? "


def plain(data):
    return re.sub(rb"\x1b\[[0-9;]*[A-Za-z]", b"", data).replace(b"\r\n", b"\n").decode("cp437")


@asynccontextmanager
async def in_space(terminal, *names, **rules):
    """Players at the command prompt of sector 1."""
    async with (
        Universe(Settings(seed=7, new_player_planets=False, **rules), fast=True) as universe,
        MemoryNetwork(Random(7)) as net,
        AsyncExitStack() as links,
    ):
        net.listen("game", universe.handler)
        players = []
        for name in names:
            player = terminal(await links.enter_async_context(net.transport("game").connect()))
            await player.join(name, planet=False)
            players.append(player)
        for player in players:
            await player.rest(2)
        yield universe, *players
        assert universe.faults == 0
        assert universe._house.surprises == 0


def test_quick_stats_flow_greedily_into_lines_of_79(terminal):
    async def story():
        async with in_space(terminal, "ann") as (universe, ann):
            (me,) = universe.world.players.values()
            ship = universe.world.ship_of(me)
            # The figures of a published capture of a live server, which these bytes are.
            me.sector, me.turns, me.credits, me.alignment, me.experience = 286, 20_000, 374_916, 16, 4
            ship.fighters, ship.cargo, ship.probes, ship.scanner = 2_500, (2, 3, 0), 14, "holo"
            heard = await ann.ask(b"/", END)
            assert heard.startswith(
                NL
                + b"\r\n\x1b[30;47m Sect 286\xb3Turns 20,000\xb3Creds 374,916\xb3Figs 2,500\xb3Shlds 0\xb3Hlds 20\xb3"
                b"Ore 2\xb3Org 3    "
                + NL
                + b" Equ 0\xb3Col 0\xb3Phot 0\xb3Armd 0\xb3Lmpt 0\xb3GTorp 0\xb3TWarp No\xb3"
                b"Clks 0\xb3Beacns 0\xb3AtmDt 0     \r\n\x1b[30;47m Crbo 0\xb3EPrb 14\xb3MDis 0\xb3PsPrb No\xb3PlScn No"
                b"\xb3LRS Holo\xb3Aln 16\xb3Exp 4\xb3Ship 1 MerCru   " + NL + b"\r\n\x1b[35mCommand ["
            )

    simulate(story)


def test_the_info_screen_is_that_of_a_live_session(terminal):
    async def story():
        async with in_space(terminal, "mrdon") as (universe, ann):
            (me,) = universe.world.players.values()
            ship = universe.world.ship_of(me)
            me.alignment, me.experience, me.turns, me.credits = 28, 4, 19_993, 140_585
            ship.name, ship.fighters, ship.cargo, ship.probes, ship.ported = ".", 2_500, (2, 3, 0), 25, 3
            ship.scanner = "holo"
            heard = await ann.ask(b"i", END)
            assert heard.startswith(
                b"I" + NL + b"\x1b[1;44m<Info>" + NL + b"\r\n\x1b[35mTrader Name    \x1b[1;33m: \x1b[0;32m"
            )
            for line in (
                b"\x1b[35mRank and Exp   \x1b[1;33m: \x1b[36m4\x1b[0;32m points\x1b[1;33m,\x1b[0;32m Alignment\x1b[1;33m=\x1b[36m28 \x1b[31mTolerant",
                b"\x1b[35mShip Name      \x1b[1;33m: \x1b[0;32m.",
                b"\x1b[0m\x1b[32mMerchant Cruiser \x1b[35mPorted\x1b[1;33m=\x1b[36m3 \x1b[0;35mKills\x1b[1;33m=\x1b[36m0",
                b"\x1b[35mTurns to Warp  \x1b[37m\x1b[35m\x1b[1;33m: \x1b[0;32m3",
                b"\x1b[35mCurrent Sector \x1b[1;33m: \x1b[36m1",
                b"\x1b[35mTurns left     \x1b[1;33m: \x1b[36m19993",
                b"\x1b[35mTotal Holds    \x1b[1;33m: \x1b[36m20 -\x1b[0;32m Fuel Ore\x1b[1;33m=\x1b[36m2\x1b[0;32m Organics\x1b[1;33m=\x1b[36m3\x1b[0;32m Empty\x1b[1;33m=\x1b[36m15",
                b"\x1b[35mFighters       \x1b[1;33m: \x1b[36m2,500",
                b"\x1b[35mEther Probes   \x1b[37m\x1b[35m\x1b[1;33m: \x1b[36m25",
                b"\x1b[35mLongRange Scan \x1b[1;33m: \x1b[36mHolographic Scanner",
                b"\x1b[35mCredits        \x1b[37m\x1b[35m\x1b[1;33m: \x1b[36m140,585",
            ):
                assert line + NL in heard, line

    simulate(story)


def test_the_autopilot_stops_where_asked_and_arrives(terminal):
    async def story():
        async with in_space(terminal, "ann") as (universe, ann):
            world = universe.world
            (me,) = world.players.values()
            goal = next(n for n in range(11, 1000) if len(travel.plot(world, me, 1, n).path) == 5)
            path = travel.plot(world, me, 1, goal).path
            await ann.type(b"m")
            heard = await ann.ask(b"%d\r" % goal, b"[Y] ")
            text = plain(heard)
            assert (
                "That Warp Lane is not adjacent.\n\nComputing shortest path..." + "\b" * 26 + "Computed."
                in text
            )
            assert f"The shortest path (4 hops, 12 turns) from sector 1 to sector {goal} is:\n1 > (" in text
            assert heard.endswith(
                b"\x1b[35mEngage the Autopilot? \x1b[1;33m(Y/N/Single step/Express)\x1b[0;35m [Y] "
            )
            stop = b"[N]\x1b[1;36m ? "
            heard = await ann.ask(b"s", stop)
            assert plain(heard).startswith(
                f"S\n<Auto Pilot Engaging>\n\nAuto Warping to sector {path[1]}\n\nSector  : "
            )
            assert heard.endswith(
                b"\x1b[1;36mStop in this sector \x1b[33m(Y,N,E,I,R,S,D,P,?) (?=Help) \x1b[0;33m[N]\x1b[1;36m ? "
            )
            assert "<Info>" in plain(await ann.ask(b"i", stop))
            await ann.ask(b"\r", stop)
            heard = await ann.ask(b"e", END)
            assert (
                b"\r\n\x1b[1;36mArriving sector :\x1b[37;44m%d\x1b[36;40m  Autopilot disengaging." % goal + NL
                in heard
            )
            assert me.sector == goal

    simulate(story)


def test_the_interrogation_mode_is_plain(terminal):
    async def story():
        async with in_space(terminal, "ann") as (universe, ann):
            world = universe.world
            (me,) = world.players.values()
            port = next(n for n, p in world.galaxy.ports.items() if p.code == "BSB" and 99 < n < 1000)
            me.explore(port)
            assert await ann.ask(b"^", b": ") == NL + b": "
            warps = b" ".join(b"%4d" % n for n in (port, *world.galaxy.warps[port]))
            heard = await ann.ask(b"i", b"\r\n: ")
            assert heard.startswith(b"\r\n   1    2    3")
            assert heard.endswith(warps + b"\r\n\r\n: ")
            heard = await ann.ask(b"r", b"\r\n: ")
            assert re.search(
                rb"\r\n *%d -[ \d]{5} [ \d]{3}%%  [ \d]{5} [ \d]{3}%% -[ \d]{5} [ \d]{3}%% \r\n" % port, heard
            )
            heard = await ann.ask(b"e", b"\r\n: ")
            assert heard == b"\r\n%7d%7d\r\n\r\n: " % (1, port)
            heard = await ann.ask(b"f1\r999\r", b"\r\n: ")
            assert heard.startswith(b"\r\nFM > 1\r\n  TO > 999\r\n1 > (")
            assert heard.endswith(b"(999)\r\n\r\n\r\n: ")
            heard = await ann.ask(b"q", END)
            assert heard.startswith(b"ENDINTERROG\r\n\r\n\x1b[35mCommand [")

    simulate(story)


def test_the_computer(terminal):
    async def story():
        async with in_space(terminal, "ann") as (universe, ann):
            world = universe.world
            (me,) = world.players.values()
            heard = plain(await ann.ask(b"c", COMPUTER))
            assert heard.startswith(
                "C\n<Computer>\n\n<Computer activated>\n\nComputer command [TL=00:00:00]:[1] (?=Help)? "
            )
            heard = plain(await ann.ask(b"i\r", COMPUTER))
            assert "What sector do you wish to examine? [1]  \n" in heard
            assert "Sector 1 has warps to sector(s) :  2 - 3 - 4 - 5 - 6 - 7\n" in heard
            assert "You have never visted sector 500." in plain(await ann.ask(b"r500\r", COMPUTER))
            assert "I have no information about a port in that sector." in plain(
                await ann.ask(b"r\r", COMPUTER)
            )
            heard = plain(await ann.ask(b"ke", COMPUTER))
            assert "You have explored  0.10% of the known Universe.\n" in heard
            assert "You have explored the following sectors:\n\n      1\n\n" in heard
            assert re.search(
                r"T\n\d\d:\d\d:\d\d [AP]M \w{3} \w{3} \d\d, 20\d\d\n", plain(await ann.ask(b"t", COMPUTER))
            )
            await ann.ask(b"v77\r", COMPUTER)
            assert me.avoids_sector(77)
            assert "<List Avoided Sectors>\n\n     77\n" in plain(await ann.ask(b"x", COMPUTER))
            assert "has been cleared" in plain(await ann.ask(b"v77\r", COMPUTER))
            heard = plain(await ann.ask(b"n", b"[Q] "))
            for row in (
                "(1) ANSI graphics            - On \n",
                "(4) Sub-space radio channel  - 0\n",
                "(9) Abort display on keys    - SPACE\n",
                "(A) Message Display Mode     - Compact\n",
                "(E) Sector Autoreturn        - ",
            ):
                assert row in heard, row
            heard = plain(await ann.ask(b"4777\r", b"[Q] "))
            assert "Tune to which sub-space channel? [0] 777\n" in heard
            assert "Ok, you will send and receive sub-space messages on channel 777 now.\n" in heard
            assert "Animation effects are now On \n" in plain(await ann.ask(b"2", b"[Q] "))
            assert "\n<Computer deactivated>\n" in plain(await ann.ask(b"qq", END))
            assert me.channel == 777

    simulate(story)


def test_radio_is_sent_as_a_line_or_as_many(terminal):
    async def story():
        async with in_space(terminal, "ann", "bob") as (universe, ann, bob):
            heard = await ann.ask(b"'hello all\r", END)
            assert plain(heard).startswith(
                "\n\nSub-space radio (0): [<ENTER> for multiple lines]\n\n'hello all\n\n"
                "Message sent on sub-space channel 0.\n\n"
            )
            assert b"\x1b[35mMessage sent on sub-space channel \x1b[1;36m0\x1b[0;35m." + NL in heard
            assert "R ann    hello all\n" in plain(await bob.rest(2))
            heard = plain(await ann.ask(b"'\rone\rtwo\r\r", END))
            assert "Comm-link open on sub-space band 0, Captain.\n" in heard
            assert "S: one\nS: two\nS: \n\nSub-space comm-link terminated\n" in heard
            assert "R ann    one\nR ann    two\n" in plain(await bob.rest(2))
            # A line stops growing at 155 characters.
            await ann.ask(b"'" + b"x" * 300 + b"\r", END)
            assert "R ann    " + "x" * 154 in plain(await bob.rest(2))
            assert "x" * 156 not in plain(await bob.rest(2))
            heard = await ann.ask(b"=zzz\r", END)
            assert b"=zzz" + NL + b"\x1b[1;5;31mUnknown Trader!" + NL in heard
            assert universe.world.players

    simulate(story)


def test_fighters_are_dropped_listed_and_taken_back(terminal):
    async def story():
        async with in_space(terminal, "ann") as (universe, ann):
            world = universe.world
            (me,) = world.players.values()
            me.sector = world.ship_of(me).sector = 441
            world.ship_of(me).fighters = 130
            heard = plain(await ann.ask(b"f5\rd", END))
            assert heard.startswith(
                "F\n<Drop/Take Fighters>\n\nYou have 130 fighters available.\n"
                "Your ship can support up to 2,500 Fighters, leaving 0\n"
                "How many fighters do you want defending this sector?  5\n"
                "Should they be (D)efensive, (O)ffensive or Charge a (T)oll ? D\n"
                "Done. You have 125 fighter(s) in close support.\n"
            )
            assert "Fighters: 5 (yours) [Defensive]\n" in plain(await ann.ask(b"d", END))
            heard = await ann.ask(b"g", END)
            assert heard.startswith(b"G" + NL + b"\x1b[2J\x1b[H")
            assert plain(heard)[2:].startswith(
                "                 Deployed  Fighter  Scan                   \n\n"
                " Sector    Fighters    Personal/Corp    Mode        Tolls  \n"
                "===========================================================\n"
                "   441           5       Personal    Defensive            N/A\n"
                "                 5 Total                                  0 Total\n"
            )
            heard = plain(await ann.ask(b"f0\r", END))
            assert "Done. You have 130 fighter(s) in close support.\n" in heard
            assert "No fighters deployed" in plain(await ann.ask(b"g", END))

    simulate(story)


def test_scanners_and_probes(terminal):
    async def story():
        async with in_space(terminal, "ann") as (universe, ann):
            world = universe.world
            (me,) = world.players.values()
            ship = world.ship_of(me)
            assert "You don't have a long range scanner." in plain(await ann.ask(b"s", END))
            ship.scanner, ship.probes = "holo", 5
            me.explore(2)
            heard = await ann.ask(b"s\r", END)
            assert b"Select (H)olo Scan or (D)ensity Scan or (Q)uit? \x1b[1;33m[D]\x1b[0;35m " in heard
            assert b"\x1b[32mSector  \x1b[1;36m   2  \x1b[0;32m==> \x1b[35m" in heard
            row = r"^Sector     2  ==> [ ,\d]{14}  Warps : \d    NavHaz :     0%    Anom : No$"
            assert re.search(row, plain(heard), re.MULTILINE)
            row = r"^Sector \(   3\) ==> [ ,\d]{14}  Warps : \d    NavHaz :     0%    Anom : No$"
            assert re.search(row, plain(heard), re.MULTILINE)
            turns = me.turns
            heard = plain(await ann.ask(b"sh", END))
            assert f"One turn deducted, {turns - 1} turns left.\n\nSector  : 2 in" in heard
            assert heard.count("Warps to Sector(s)") == 1
            assert all(me.knows(sector) for sector in range(1, 8))
            heard = plain(await ann.ask(b"e500\r", END))
            assert heard.startswith(
                "E\nSubSpace Ether Probe loaded in launch tube, 5 remaining.\n"
                "Please enter a destination for this probe :  500\n\nProbe entering sector : "
            )
            assert heard.count("Probe entering") > 2
            assert "\nProbe Self Destructs\n" in heard
            assert ship.probes == 4

    simulate(story)


def test_hostile_fighters_bar_the_way(terminal):
    async def story():
        async with in_space(terminal, "ann", "bob") as (universe, ann, bob):
            world = universe.world
            me = next(player for player in world.players.values() if player.name == "ann")
            owner = next(player for player in world.players.values() if player.name == "bob")
            me.sector = world.ship_of(me).sector = 441
            there, other = world.galaxy.warps[441][:2]
            world.forces[there] = Force(sector=there, owner=owner.number, fighters=5)
            heard = plain(await ann.ask(b"%d\r" % there, b":? "))
            assert f"Fighters: 5 (belong to {owner.name}) [Defensive]\n" in heard
            assert heard.endswith(
                "\n\nYou have to destroy the fighters to remain in this sector.\n\n"
                "Your fighters: 30 vs. theirs: 5\nOption? (A,D,I,R,?):? "
            )
            assert "<Info>" in plain(await ann.ask(b"i", b":? "))
            heard = plain(await ann.ask(b"r", END))
            assert heard.startswith("R\nYou fled from")
            assert me.sector == 441
            await ann.ask(b"%d\r" % there, b":? ")
            heard = plain(await ann.ask(b"a30\r", END))
            assert "<Attack>\nHow many fighters do you wish to use (0 to 30) [0]? 30\nYou lost " in heard
            assert "You destroyed all the fighters.\n" in heard
            assert "Deployed Fighters Report Sector" in plain(await bob.rest(2))
            world.forces[other] = Force(sector=other, owner=owner.number, fighters=4, mode=Mode.TOLL)
            me.sector = world.ship_of(me).sector = 441
            heard = plain(await ann.ask(b"%d\r" % other, b":? "))
            assert "Option? (A,D,I,R,P,?):? " in heard
            assert "You paid a toll of 20 credits." in plain(await ann.ask(b"p", END))

    simulate(story)


@pytest.mark.parametrize("forgiving", [False, True])
def test_a_lost_ship_leads_to_the_pod_and_death_to_the_menu(terminal, forgiving):
    async def story():
        async with in_space(terminal, "ann", deaths_per_day=100 if forgiving else 0) as (universe, ann):
            world = universe.world
            (me,) = world.players.values()
            destroy(world, me, by="Mogul Serog")
            heard = plain(await ann.rest(3))
            assert "Your Merchant Cruiser has been destroyed!\n" in heard
            assert "You rush to an escape pod and abandon ship...\n" in heard
            assert "Escape Pod" in plain(await ann.ask(b"i", END))
            destroy(world, me, by="Mogul Serog")
            heard = plain(await ann.rest(3))
            assert "You will have to start over from scratch!\n" in heard
            assert heard.endswith("Selection (? for menu): ")
            assert me.dead
            assert not world.present
            await ann.ask(b"A", b"[Pause]")
            await ann.ask(b" ", b"Enter your choice: ")
            if forgiving:
                await ann.ask(b"T\r\r secret\r", b"(30 letters)")
                await ann.ask(b"Phoenix\ry  ", END)
                assert "Ship Name      : Phoenix\n" in plain(await ann.ask(b"i", END))
            else:
                heard = plain(await ann.ask(b"T\r\r secret\r", b"Enter your choice: "))
                assert "You must wait for " in heard

    simulate(story)


def test_avoided_sectors_are_asked_about(terminal):
    async def story():
        async with in_space(terminal, "ann") as (universe, ann):
            (me,) = universe.world.players.values()
            travel.avoid(universe.world, me, 2)
            me.prefs = evolve(me.prefs, autoreturn=False)
            assert (await ann.ask(b"2\r", b"(Y/N) ")).endswith(
                b"\x1b[1;36mDo you really want to warp there? (Y/N) "
            )
            await ann.ask(b"n", END)
            assert me.sector == 1
            await ann.ask(b"2\ry", END)
            assert me.sector == 2

    simulate(story)


def test_the_animation_of_a_move_is_that_of_a_live_session(terminal):
    async def story():
        async with in_space(terminal, "ann") as (universe, ann):
            (me,) = universe.world.players.values()
            me.prefs = evolve(me.prefs, animation=True, autoreturn=False)
            bar = b"\xb3%b%b\xb3"
            frames = b"\r".join(bar % (b"\xdb" * n, b" " * (20 - n)) for n in (0, 5, 10, 15))
            assert (
                b"Warping to Sector \x1b[1;33m2 "
                + NL
                + b"\r\n\r\x1b[1;33m"
                + frames
                + b"\b" * 22
                + b" " * 22
                + NL
                + b"\x1b[3A\r\n\r\n\x1b[1;32mSector  "
            ) in await ann.ask(b"2\r", END)

    simulate(story)


def test_the_settings_dump_is_for_programs(terminal):
    async def story():
        async with in_space(terminal, "ann") as (_, ann):
            await ann.ask(b"qy", b"Enter your choice: ")
            heard = await ann.ask(b"*\r", b"Enter your choice: ")
            head, _, rest = heard.partition(b"End Stats.\r\n\r\n")
            assert rest
            assert (
                b"\r\x1b[0m\nGame Stats:\r\n[Version]\r\nMajor Version=3\r\nMinor Version=34\r\nRevision=b\r\n"
                in head
            )
            for line in (
                b"Turn Base=1000 Turns",
                b"Latency=0 ms",
                b"Ship Delay=None",
                b"Sectors=1000",
            ):
                assert line + b"\r\n" in head
            assert b"\x1b[" not in head.partition(b"Game Stats")[2]
            heard = await ann.ask(b"x\r", b"Selection (? for menu): ")
            assert b"...Now leaving Trade Wars 2002 and returning to system." in heard

    simulate(story)


def test_a_trader_who_is_shot_is_called_by_name_and_told_where_the_pod_is(terminal):
    async def story():
        async with in_space(terminal, "Ann", "Bob", "Cyd") as (universe, ann, bob, cyd):
            world = universe.world
            far = next(n for n in range(300, 900) if not world.is_fedspace(n) and n not in world.galaxy.ports)
            for me in world.players.values():
                me.sector = far
            for player in (ann, bob, cyd):
                await player.ask(b"d", END)
            world.ship_of(next(iter(world.players.values()))).fighters = 500
            await ann.ask(b"ay100\r", END)
            for player in (bob, cyd):
                heard = plain(await player.rest(3))
                assert "Ann launches a wave of fighters at Bob!" in heard
                if player is bob:
                    pod = next(me.sector for me in world.players.values() if me.name == "Bob")
                    assert pod != far
                    assert heard.endswith(f":[{pod}] (?=Help)? : ")

    simulate(story)
