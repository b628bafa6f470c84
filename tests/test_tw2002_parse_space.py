"""Sectors, courses, scans and lists, where they are strange."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate.tw2002 import TradeWars, events


def told(*lines, prompt="Command [TL=00:00:00]:[441] (?=Help)? : "):
    heard = TradeWars().receive(("\r\n".join(lines) + "\r\n" + prompt).encode("cp437"))
    return [event for event in heard if not isinstance(event, events.Prompted)]


def sector(*lines):
    shown = [event for event in told(*lines, "") if isinstance(event, events.SectorDisplayed)]
    assert len(shown) == 1
    return shown[0]


def test_a_sector_next_to_nothing():
    assert sector("Sector  : 7 in uncharted space.") == events.SectorDisplayed(
        number=7, region="uncharted space"
    )


def test_a_nebula_has_no_full_stop_while_unexplored():
    shown = sector("Sector  : 66 in Orion System (unexplored).")
    assert (shown.region, shown.explored) == ("Orion System", False)


@pytest.mark.parametrize("port_class", range(1, 9))
def test_ports_of_every_class(port_class):
    code = ("BBS", "BSB", "SBB", "SSB", "SBS", "BSS", "SSS", "BBB")[port_class - 1]
    shown = sector(
        "Sector  : 7 in uncharted space.", f"Ports   : Name, Class 1 Annex, Class {port_class} ({code})"
    )
    assert shown.port == events.Port("Name, Class 1 Annex", port_class, code)


def test_the_stardock_is_a_port():
    shown = sector(
        "Sector  : 7 in uncharted space.", "Ports   : Stargate Alpha I, Class 9 (Special) (StarDock)"
    )
    assert shown.port == events.Port("Stargate Alpha I", 9, "Special", stardock=True)


@pytest.mark.parametrize(
    ("owner", "whose"),
    [
        ("yours", "mine"),
        ("belong to your Corp", "corp"),
        ("belong to Corp#5, Some Corp", "other"),
        ("belong to Bob (the) Builder", "other"),
        ("The Ferrengi", "other"),
    ],
)
def test_whose_fighters_they_are(owner, whose):
    shown = sector("Sector  : 7 in uncharted space.", f"Fighters: 1,506 ({owner}) [Toll]")
    assert shown.fighters == events.Squadron(1506, owner, whose, "Toll")


def test_a_trader_whose_line_was_broken_at_the_edge():
    name = "Chief Warrant Officer " + "Able " * 12 + "Trader [5]"
    line = f"Traders : {name}, w/ 89,465 ftrs,"
    shown = sector("Sector  : 7 in uncharted space.", line[:80], line[80:], "           in Big Ship (Wraith)")
    fleet = shown.fleets[0]
    assert (fleet.rank, fleet.name) == ("Chief Warrant Officer", "Able " * 12 + "Trader")
    assert (fleet.corp, fleet.fighters, fleet.ship_type) == (5, 89465, "Wraith")


def test_a_line_that_does_not_fit_is_left_out():
    shown = sector(
        "Sector  : 7 in uncharted space.",
        "Ports   : nonsense",
        "Fighters: none",
        "NavHaz  : much",
        "Mines   : a few",
        "Traders : Bob",
        "Planets : nowhere",
        "Warps to Sector(s) :  x - 5 - (six) - 9999999999",
    )
    assert shown == events.SectorDisplayed(number=7, region="uncharted space", warps=(5,), has_warps=True)


@given(st.sets(st.integers(1, 20_000), min_size=1, max_size=6).map(sorted), st.data())
def test_warps_are_read_as_they_are_written(warps, data):
    unexplored = [warp for warp in warps if data.draw(st.booleans())]
    words = [f"({warp})" if warp in unexplored else str(warp) for warp in warps]
    shown = sector("Sector  : 7 in uncharted space.", "Warps to Sector(s) :  " + " - ".join(words))
    assert (shown.warps, shown.unexplored) == (tuple(warps), tuple(unexplored))


@given(st.lists(st.integers(1, 20_000), min_size=2, max_size=60, unique=True), st.integers(30, 78))
def test_a_course_is_whole_however_it_is_wrapped(path, width):
    lines, line = [], ""
    for place, step in enumerate(path):
        word = f"{step} >" if place < len(path) - 1 else str(step)
        if len(line) + len(word) + 1 > width:
            lines.append(line)
            line = ""
        line += f" {word}" if line or lines else word
    heading = (
        f"The shortest path ({len(path) - 1} hops, 24 turns) from sector {path[0]} to sector {path[-1]} is:"
    )
    assert told(heading, *lines, line, "") == [
        events.CourseComputed(path[0], path[-1], tuple(path), (), len(path) - 1, 24)
    ]


def test_a_jump_by_transwarp_arrives():
    assert told(
        "-=-=-=- TransWarp Drive Engaged! -=-=-=-",
        "",
        "Sector  : 12 in The Federation.",
        "Warps to Sector(s) :  1",
        "",
    )[-1] == events.Arrived(12)


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("You don't have enough turns left.", events.OutOfTurns("You don't have enough turns left.")),
        ("One turn deducted, 999 turns left.", events.TurnsDeducted(1, 999)),
        ("Three turns deducted, 1,996 turns left.", events.TurnsDeducted(3, 1996)),
        (
            "Invalid Sector number, try again.",
            events.MoveRefused("invalid", "Invalid Sector number, try again."),
        ),
        (
            "An Interdictor Generator in this sector holds you fast!",
            events.MoveRefused("interdicted", "An Interdictor Generator in this sector holds you fast!"),
        ),
        ("Probe Destroyed!", events.ProbeEnded(destroyed=True)),
        ("You have never visted sector 500.", events.SectorUnknown(500)),
        ("You have NOT explored the following sectors:", events.SectorsListed("unexplored", ())),
        ("Photon Wave Duration has ended in sector 5", events.PhotonHit(ended=True, sector=5)),
        ("Your ship was hit by a Photon and has been disabled.", events.PhotonHit(ended=False)),
        ("No fighters deployed", events.FightersListed(())),
        ("You lost 1 fighter(s), 25,335 remain.", events.FightersFought(1, 0)),
        (
            "You attempt to retreat but are held fast by an Interdictor Generator.",
            events.Retreated(
                held=True, text="You attempt to retreat but are held fast by an Interdictor Generator."
            ),
        ),
        (
            "You will have to start over from scratch!",
            events.PlayerDied("You will have to start over from scratch!"),
        ),
        ("WARNING! WARNING! Space Debris/Asteroids narrowly avoided!", events.HazardMet(hit=False)),
        ("Combat computer reports damages of 6 battle points!", events.DamageTaken(points=6)),
        ("For getting blown up, you lost 5 experience points.", events.ExperienceGained(-5)),
        ("There is nothing here to attack.", events.NothingToAttack()),
        ("There isn't a planet in this sector.", events.NoPlanetHere()),
        ("You paid a toll of 2,530 credits.", events.TollPaid(2530)),
        ("Zog destroyed 50 shield points and 56 fighters.", events.DamageTaken(fighters=56, shields=50)),
        ("Bob Builder's ship was destroyed by Zog!", events.ShipDestroyed("Bob Builder", ours=False)),
        ("Message sent to Bob Builder.", events.MessageSent("hail")),
        ("Session termination is imminent.", events.InactivityWarned(0)),
        ("You have a corporate memo from Bob", events.MailAnnounced("You have a corporate memo from Bob")),
        (
            "Bob Builder enters the game.",
            events.ShipSeen("Bob Builder", "enters-game", "Bob Builder enters the game."),
        ),
    ],
)
def test_lines_that_stand_alone(line, event):
    assert told(line) == [event]


def test_whoever_flees_arrives_somewhere():
    assert told(
        "You fled from the fighters to sector 12.",
        "",
        "Sector  : 12 in The Federation.",
        "Warps to Sector(s) :  1",
        "",
    )[-1] == events.Arrived(12)


def test_a_toll_may_have_a_price():
    assert told(
        "You have to destroy the fighters or pay the 2,530 credit toll to remain in this sector.",
        "Your fighters: 30 vs. theirs: 506",
    ) == [events.FightersMet(30, 506, toll=True, price=2530)]


@pytest.mark.parametrize(
    "line",
    [
        "You are tired.",
        "Sector of interest",
        "The moon is made of cheese.",
        "For the record, nothing happened.",
        "One more thing",
        "<not closed",
        "(x",
        "12 monkeys",
        "Done.",
        "F",
        "R  x",
        "warps into the sector.",
        " warps into the sector.",
    ],
)
def test_flavour_is_nothing(line):
    assert told(line) == []
