"""Commands to look, to move, and to ask the computer."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import field, frozen

from .. import events as ev
from .._manner import GLOBAL, Command, Manner, one_of, sector

MAIN = ("command",)
CIM = ("cim",)
COMPUTER = ("computer",)
AutopilotMode: TypeAlias = Literal["yes", "express", "single", "no"]


@frozen
class Redisplay(Command):
    """Look at this sector again."""

    manner = Manner(keys="d", at=MAIN, headers=("Re-Display",), repeatable=True)


@frozen
class ShowStatus(Command):
    """Ask for the quick status line; the cheapest question there is."""

    manner = Manner(keys="/", at=GLOBAL, events=(ev.StatusShown,), repeatable=True)


@frozen
class ShowInfo(Command):
    """Ask for the long status screen."""

    manner = Manner(keys="i", at=(*MAIN, "citadel"), headers=("Info",), repeatable=True)


@frozen
class ShowPlayers(Command):
    """Ask who is playing."""

    manner = Manner(keys="#", at=GLOBAL, events=(ev.PlayersListed,), repeatable=True)


@frozen
class ShowGame(Command):
    """Ask for the game's status screen, which names the StarDock's sector."""

    manner = Manner(keys="v", at=MAIN, events=(ev.StarDockLocated, ev.Echoed), repeatable=True)


@frozen
class Scan(Command):
    """Scan the neighbours: asks which way (`scan-kind`) where both scanners are fitted."""

    manner = Manner(
        keys="s",
        at=(*MAIN, "autopilot-stop"),
        prompts=("scan-kind",),
        events=(ev.DensityScanned, ev.HoloScanned, ev.ScannerMissing),
        repeatable=True,
    )


@frozen
class ChooseScan(Command):
    """Choose the density scan, which is free, or the holographic one, which costs a turn."""

    manner = Manner(
        keys="{letter}", at=("scan-kind",), events=(ev.DensityScanned, ev.HoloScanned, ev.OutOfTurns)
    )
    kind: Literal["density", "holo"] = field(validator=one_of("density", "holo"))

    @property
    def letter(self) -> str:
        """The key."""
        return self.kind[0]


@frozen
class LaunchProbe(Command):
    """Send an ether probe; asks where to (`probe-goal`)."""

    manner = Manner(keys="e", at=MAIN, prompts=("probe-goal",), events=(ev.ShopRefused,))


@frozen
class Warp(Command):
    """Go to a sector: its number and Enter.

    Where the player's automatic completion is on and no further digit is possible, the ship leaves
    before the Enter, which then answers the *next* prompt: after a sector next door it shows that
    sector once more, but for a far one it engages the autopilot. For far sectors send `Dial` first.
    """

    manner = Manner(
        keys="{sector}\r",
        at=(*MAIN, "to-sector"),
        headers=("Move",),
        events=(ev.WarpBegan, ev.MoveRefused, ev.OutOfTurns),
    )
    sector: int = field(validator=sector)


@frozen
class Dial(Command):
    """Type a sector's number without Enter, for a game that may not need it."""

    manner = Manner(keys="{sector}", at=(*MAIN, "to-sector"), headers=("Move",), within=1)
    sector: int = field(validator=sector)


@frozen
class Engage(Command):
    """Answer the autopilot's question: fly, fly without stops, stop everywhere, or stay."""

    manner = Manner(
        keys="{letter}",
        at=("autopilot-start",),
        events=(ev.WarpBegan, ev.Prompted, ev.OutOfTurns),
        within=30,
    )
    mode: Literal["yes", "express", "single", "no"] = field(
        validator=one_of("yes", "express", "single", "no")
    )

    @property
    def letter(self) -> str:
        """The key."""
        return self.mode[0]


@frozen
class Land(Command):
    """Land on a planet; asks which where there are several."""

    manner = Manner(
        keys="l",
        at=MAIN,
        prompts=("land-on", "planet"),
        events=(ev.NoPlanetHere, ev.LandedOnPlanet),
        within=20,
    )


@frozen
class LeavePlanet(Command):
    """Blast off from a planet."""

    manner = Manner(keys="q", at=("planet",), events=(ev.TookOff,))


@frozen
class OpenComputer(Command):
    """Turn to the ship's computer."""

    manner = Manner(keys="c", at=(*MAIN, "citadel"), headers=("Computer",), prompts=COMPUTER)


@frozen
class LeaveComputer(Command):
    """Turn back from the ship's computer."""

    manner = Manner(keys="q", at=COMPUTER, headers=("Computer deactivated",))


@frozen
class AskPort(Command):
    """Ask the computer for a port's report; asks for the sector (`port-sector`)."""

    manner = Manner(keys="r", at=COMPUTER, prompts=("port-sector",), repeatable=True)


@frozen
class AskWarps(Command):
    """Ask the computer where a sector leads; asks for the sector (`examine-sector`)."""

    manner = Manner(keys="i", at=COMPUTER, prompts=("examine-sector",), repeatable=True)


@frozen
class AskKnown(Command):
    """Ask the computer which sectors are explored; asks which list (`explored-or-not`)."""

    manner = Manner(keys="k", at=COMPUTER, events=(ev.ExploredTold,), repeatable=True)


@frozen
class PlotCourse(Command):
    """Ask the computer or the CIM for a course; asks for both ends, one after the other."""

    manner = Manner(
        keys="f", at=(*COMPUTER, *CIM), prompts=("course-from", "cim-from"), repeatable=True, within=20
    )


@frozen
class OpenSettings(Command):
    """Open the personal settings, at the computer."""

    manner = Manner(keys="n", at=COMPUTER, prompts=("settings",), events=(ev.SettingsShown,), repeatable=True)


@frozen
class TuneChannel(Command):
    """Ask, in the personal settings, for another radio channel; asks which (`channel`)."""

    manner = Manner(keys="4", at=("settings",), prompts=("channel",), events=(ev.MessageRefused,))


@frozen
class OpenCim(Command):
    """Open the computer interrogation mode, made for programs."""

    manner = Manner(keys="^", at=(*MAIN, *COMPUTER), prompts=CIM)


@frozen
class ReadCimWarps(Command):
    """Read every known warp."""

    manner = Manner(keys="i", at=CIM, events=(ev.CimWarpsListed,), within=60, repeatable=True)


@frozen
class ReadCimPorts(Command):
    """Read every known port."""

    manner = Manner(keys="r", at=CIM, events=(ev.CimPortsListed,), within=60, repeatable=True)


@frozen
class LeaveCim(Command):
    """Leave the interrogation mode."""

    manner = Manner(keys="q", at=CIM, events=(ev.CimLeft,))
