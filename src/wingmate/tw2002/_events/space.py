"""Sectors, ways between them, and what the scanners and the computer tell of them."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

SeenBy: TypeAlias = Literal["here", "holo", "probe"]
FleetKind: TypeAlias = Literal["trader", "ferrengi", "alien", "federal"]
Owner: TypeAlias = Literal["mine", "corp", "other"]


@frozen
class Port:
    """A port as a sector shows it: `code` is `BBS`, `Special`, or empty when it was destroyed."""

    name: str
    port_class: int
    code: str
    stardock: bool = False
    days_to_build: int = 0
    destroyed: bool = False


@frozen
class Planet:
    """A planet as a sector shows it; `kind` is its class letter, lower case for Gold classes."""

    name: str
    kind: str
    shielded: bool = False


@frozen
class Fleet:
    """A manned ship: a trader, Ferrengi, alien or Federal; `title` is rank and name as printed."""

    kind: FleetKind
    title: str
    name: str
    rank: str
    fighters: int
    corp: int | None = None
    ship_name: str = ""
    ship_type: str = ""


@frozen
class Hulk:
    """An unmanned ship."""

    name: str
    owner: str
    fighters: int
    corp: int | None = None
    ship_type: str = ""


@frozen
class Squadron:
    """Fighters guarding a sector; `owner` is the printed owner, `whose` what it means to us."""

    count: int
    owner: str
    whose: Owner
    mode: str


@frozen
class Minefield:
    """Mines in a sector, of kind `Armid` or `Limpet`."""

    count: int
    kind: str
    owner: str
    whose: Owner


@frozen(kw_only=True)
class SectorDisplayed:
    """A sector as it was shown; `warps` is empty when the display shows none (holo scans, probes).

    `unexplored` are those of the warps that stand in parentheses; `explored` says whether the
    sector itself was ever visited; `has_warps` whether the display had a line of warps at all.
    """

    number: int
    region: str = ""
    explored: bool = True
    beacon: str | None = None
    port: Port | None = None
    planets: tuple[Planet, ...] = ()
    fleets: tuple[Fleet, ...] = ()
    ships: tuple[Hulk, ...] = ()
    fighters: Squadron | None = None
    nav_haz: int = 0
    mines: tuple[Minefield, ...] = ()
    warps: tuple[int, ...] = ()
    unexplored: tuple[int, ...] = ()
    has_warps: bool = False
    seen_by: SeenBy = "here"


@frozen
class WarpBegan:
    """The ship leaves for an adjacent or, at first, any sector; `auto` when the autopilot flies."""

    sector: int
    auto: bool = False


@frozen
class Arrived:
    """The ship came into a sector; its display went before."""

    sector: int


@frozen
class AutopilotEnded:
    """The autopilot reached its goal, or was stopped."""

    sector: int


@frozen
class CourseComputed:
    """A course: `path` begins where it starts and ends at the goal; `turns` is None from the CIM."""

    start: int
    goal: int
    path: tuple[int, ...]
    unexplored: tuple[int, ...] = ()
    hops: int = 0
    turns: int | None = None


@frozen
class NoRoute:
    """There is no way within the longest course the game computes, or the avoids cut it."""

    start: int
    goal: int
    limit: int


@frozen
class MoveRefused:
    """The ship stays; `why` tells the reason, `text` what the game said."""

    why: Literal["not-adjacent", "already-there", "invalid", "interdicted", "disabled"]
    text: str


@frozen
class DensityRow:
    """One neighbour on the density scanner."""

    sector: int
    density: int
    warps: int
    nav_haz: int
    anomaly: bool
    explored: bool


@frozen
class DensityScanned:
    """All neighbours on the density scanner, complete."""

    rows: tuple[DensityRow, ...]


@frozen
class HoloScanned:
    """A holographic scan ended; a `SectorDisplayed` for each of these went before."""

    sectors: tuple[int, ...]


@frozen
class ScannerMissing:
    """The ship has no long range scanner."""


@frozen
class ProbeEntered:
    """The ether probe reached a sector; its display follows."""

    sector: int


@frozen
class ProbeEnded:
    """The ether probe is gone: at its goal, or shot down."""

    destroyed: bool


@frozen
class WarpsTold:
    """The computer told where a sector leads."""

    sector: int
    warps: tuple[int, ...]
    unexplored: tuple[int, ...] = ()


@frozen
class SectorUnknown:
    """The computer knows nothing of a sector: it was never visited."""

    sector: int


@frozen
class ExploredTold:
    """How much of the universe the computer knows."""

    percent: float


@frozen
class SectorsListed:
    """A list of sector numbers, complete, of one kind."""

    kind: Literal["explored", "unexplored", "avoided"]
    sectors: tuple[int, ...]


@frozen
class CimPort:
    """A port in the CIM's dump; a product is bought by the port where its flag is true."""

    sector: int
    buys: tuple[bool, bool, bool]
    amounts: tuple[int, int, int]
    percents: tuple[int, int, int]

    @property
    def code(self) -> str:
        """The port's code, such as `BBS`."""
        return "".join("B" if buys else "S" for buys in self.buys)


@frozen
class CimWarpsListed:
    """A part of the CIM's dump of warps: sector, then where it leads; `last` with the final part."""

    rows: tuple[tuple[int, tuple[int, ...]], ...]
    last: bool = True


@frozen
class CimPortsListed:
    """A part of the CIM's dump of ports; `last` with the final part."""

    rows: tuple[CimPort, ...]
    last: bool = True


@frozen
class CimLeft:
    """The CIM said its closing word."""
