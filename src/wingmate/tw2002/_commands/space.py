"""Commands to look, to move, and to ask the computer."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from attrs import field, frozen

from .. import events as ev
from .._manner import GLOBAL, Manner, one_of, sector

MAIN = ("command",)
CIM = ("cim",)
COMPUTER = ("computer",)
AutopilotMode: TypeAlias = Literal["yes", "express", "single", "no"]


@frozen
class Redisplay:
    """Look at this sector again."""

    manner: ClassVar = Manner(keys="d", at=MAIN, headers=("Re-Display",), repeatable=True)


@frozen
class ShowStatus:
    """Ask for the quick status line; the cheapest question there is."""

    manner: ClassVar = Manner(keys="/", at=GLOBAL, events=(ev.StatusShown,), repeatable=True)


@frozen
class ShowInfo:
    """Ask for the long status screen."""

    manner: ClassVar = Manner(keys="i", at=(*MAIN, "citadel"), headers=("Info",), repeatable=True)


@frozen
class ShowPlayers:
    """Ask who is playing."""

    manner: ClassVar = Manner(keys="#", at=GLOBAL, events=(ev.PlayersListed,), repeatable=True)


@frozen
class ShowGame:
    """Ask for the game's status screen, which names the StarDock's sector."""

    manner: ClassVar = Manner(keys="v", at=MAIN, events=(ev.StarDockLocated, ev.Echoed), repeatable=True)


@frozen
class Scan:
    """Scan the neighbours: asks which way (`scan-kind`) where both scanners are fitted."""

    manner: ClassVar = Manner(
        keys="s",
        at=(*MAIN, "autopilot-stop"),
        prompts=("scan-kind",),
        events=(ev.DensityScanned, ev.HoloScanned, ev.ScannerMissing),
        repeatable=True,
    )


@frozen
class ChooseScan:
    """Choose the density scan, which is free, or the holographic one, which costs a turn."""

    manner: ClassVar = Manner(
        keys="{letter}", at=("scan-kind",), events=(ev.DensityScanned, ev.HoloScanned, ev.OutOfTurns)
    )
    kind: Literal["density", "holo"] = field(validator=one_of("density", "holo"))

    @property
    def letter(self) -> str:
        """The key."""
        return self.kind[0]


@frozen
class LaunchProbe:
    """Send an ether probe; asks where to (`probe-goal`)."""

    manner: ClassVar = Manner(keys="e", at=MAIN, prompts=("probe-goal",), events=(ev.ShopRefused,))


@frozen
class Warp:
    """Go to a sector: its number and Enter.

    Where the player's automatic completion is on and no further digit is possible, the ship leaves
    before the Enter, which then answers the *next* prompt: after a sector next door it shows that
    sector once more, but for a far one it engages the autopilot. For far sectors send `Dial` first.
    """

    manner: ClassVar = Manner(
        keys="{sector}\r",
        at=(*MAIN, "to-sector"),
        headers=("Move",),
        events=(ev.WarpBegan, ev.MoveRefused, ev.OutOfTurns),
    )
    sector: int = field(validator=sector)


@frozen
class Dial:
    """Type a sector's number without Enter, for a game that may not need it."""

    manner: ClassVar = Manner(keys="{sector}", at=(*MAIN, "to-sector"), headers=("Move",), within=1)
    sector: int = field(validator=sector)


@frozen
class Engage:
    """Answer the autopilot's question: fly, fly without stops, stop everywhere, or stay."""

    manner: ClassVar = Manner(
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
class Land:
    """Land on a planet; asks which where there are several."""

    manner: ClassVar = Manner(keys="l", at=MAIN, prompts=("land-on", "planet"), within=20)


@frozen
class LeavePlanet:
    """Blast off from a planet."""

    manner: ClassVar = Manner(keys="q", at=("planet",), events=(ev.TookOff,))


@frozen
class OpenComputer:
    """Turn to the ship's computer."""

    manner: ClassVar = Manner(keys="c", at=(*MAIN, "citadel"), headers=("Computer",), prompts=COMPUTER)


@frozen
class LeaveComputer:
    """Turn back from the ship's computer."""

    manner: ClassVar = Manner(keys="q", at=COMPUTER, headers=("Computer deactivated",))


@frozen
class AskPort:
    """Ask the computer for a port's report; asks for the sector (`port-sector`)."""

    manner: ClassVar = Manner(keys="r", at=COMPUTER, prompts=("port-sector",), repeatable=True)


@frozen
class AskWarps:
    """Ask the computer where a sector leads; asks for the sector (`examine-sector`)."""

    manner: ClassVar = Manner(keys="i", at=COMPUTER, prompts=("examine-sector",), repeatable=True)


@frozen
class AskKnown:
    """Ask the computer which sectors are explored; asks which list (`explored-or-not`)."""

    manner: ClassVar = Manner(keys="k", at=COMPUTER, events=(ev.ExploredTold,), repeatable=True)


@frozen
class PlotCourse:
    """Ask the computer or the CIM for a course; asks for both ends, one after the other."""

    manner: ClassVar = Manner(
        keys="f", at=(*COMPUTER, *CIM), prompts=("course-from", "cim-from"), repeatable=True, within=20
    )


@frozen
class OpenSettings:
    """Open the personal settings, at the computer."""

    manner: ClassVar = Manner(
        keys="n", at=COMPUTER, prompts=("settings",), events=(ev.SettingsShown,), repeatable=True
    )


@frozen
class TuneChannel:
    """Ask, in the personal settings, for another radio channel; asks which (`channel`)."""

    manner: ClassVar = Manner(keys="4", at=("settings",), prompts=("channel",), events=(ev.MessageRefused,))


@frozen
class OpenCim:
    """Open the computer interrogation mode, made for programs."""

    manner: ClassVar = Manner(keys="^", at=(*MAIN, *COMPUTER), prompts=CIM)


@frozen
class ReadCimWarps:
    """Read every known warp."""

    manner: ClassVar = Manner(keys="i", at=CIM, events=(ev.CimWarpsListed,), within=60, repeatable=True)


@frozen
class ReadCimPorts:
    """Read every known port."""

    manner: ClassVar = Manner(keys="r", at=CIM, events=(ev.CimPortsListed,), within=60, repeatable=True)


@frozen
class LeaveCim:
    """Leave the interrogation mode."""

    manner: ClassVar = Manner(keys="q", at=CIM, events=(ev.CimLeft,))
