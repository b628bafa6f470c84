"""The sector display."""

from __future__ import annotations

import re

from attrs import define, field

from .. import events as ev
from ._reading import MANY, Handlers, Reading
from ._text import NUM, integer, split_corp, split_rank

_HEAD = re.compile(r"(\d{1,6}) in (.*?)( ?\(unexplored\))?\.?$")
_FLEET = re.compile(rf"(.*), w/ {NUM} ftrs,?(?: in (.*) \(([^()]*)\))?$")
_HULK = re.compile(rf"(.*?) \[Owned by\] ?(.*?), w/ {NUM} ftrs,?(?: \((.*)\))?$")
_SQUADRON = re.compile(rf"{NUM} \((.*)\) \[(\w+)\]$")
_MINES = re.compile(rf"{NUM} \(Type \d (\w+)\) \((.*)\)$")
_PORT = re.compile(
    r"(.*?), Class (\d) \((\w+)\)( \(StarDock\))?(?: ?\(Under Construction - (\d+) days? left\))?$"
)
_PLANET = re.compile(r"(<<<< )?\((\w)\) ?(.*?)(?: >>>>.*)?$")
_LABELS = frozenset(
    (
        *("Beacon  ", "Ports   ", "Planets ", "Traders ", "Ferrengi", "Aliens  ", "Alien Tr"),
        *("Federals", "Jem'Hada", "Ships   ", "Fighters", "NavHaz  ", "Mines   "),
    )
)
_FLEETS: dict[str, ev.FleetKind] = {
    "Traders ": "trader",
    "Ferrengi": "ferrengi",
    "Aliens  ": "alien",
    "Alien Tr": "alien",
    "Jem'Hada": "alien",
    "Federals": "federal",
}
_WARPS = "Warps to Sector(s)"
_WRAP = 70  # a line at least this long may go on, unindented, on the next


@define(eq=False)
class SectorBlock:
    """One display being read; its lines are joined first, as the game wraps them at 80 columns."""

    head: str
    entries: list[tuple[str, str]] = field(factory=list[tuple[str, str]])
    warps: str | None = None
    raw: int = 0  # the length of the last line, as printed

    def take(self, _reading: Reading, line: str) -> bool:
        """Take a labelled line, a line indented below one, or the rest of a wrapped one."""
        if not line or line.isspace() or len(self.entries) >= MANY:
            return False
        long, self.raw = self.raw >= _WRAP, len(line)
        label = line[:8]
        if line.startswith(_WARPS):
            self.warps = line[len(_WARPS) :]
        elif label in _LABELS and line[8:9] == ":":
            self.entries.append((label, line[9:].strip()))
        elif not self.entries:
            return self._lengthen_head(line, long=long)
        elif line[8:9] == ":" and not label.strip():
            self.entries.append((self.entries[-1][0], line[9:].strip()))
        elif line.startswith("           "):
            self._lengthen(" " + line.strip())
        elif line.startswith("          "):
            self.entries.append((self.entries[-1][0], line.strip()))
        elif long and self.warps is None:
            self._lengthen(line.rstrip())
        else:
            return False
        return True

    def _lengthen_head(self, line: str, *, long: bool) -> bool:
        if long and self.warps is None:
            self.head += line.rstrip()
        return long and self.warps is None

    def _lengthen(self, text: str) -> None:
        label, before = self.entries[-1]
        if len(before) < 400:
            self.entries[-1] = (label, before + text)

    def finish(self, reading: Reading) -> None:
        """Tell the sector, and the arrival if a warp led here."""
        found = _HEAD.match(self.head)
        if found is None:
            return
        number = int(found[1])
        shown = self._display(reading, number, found)
        reading.tell(shown)
        if shown.seen_by == "holo" and reading.holo is not None and len(reading.holo) < MANY:
            reading.holo.append(number)
        if shown.seen_by == "here":
            reading.sector = number
            if reading.moving in (number, 0):
                reading.moving = None
                reading.tell(ev.Arrived(number))

    def _display(self, reading: Reading, number: int, found: re.Match[str]) -> ev.SectorDisplayed:
        warps, unexplored = _read_warps(self.warps or "")
        seen_by: ev.SeenBy = "here"
        if reading.probing:
            seen_by = "probe"
        elif reading.holo is not None and not (number == reading.sector and self.warps is not None):
            seen_by = "holo"
        parts = _Parts()
        for label, text in self.entries:
            parts.read(label, text)
        return ev.SectorDisplayed(
            number=number,
            region=found[2],
            explored=found[3] is None,
            beacon=parts.beacon,
            port=parts.port,
            planets=tuple(parts.planets),
            fleets=tuple(parts.fleets),
            ships=tuple(parts.ships),
            fighters=parts.fighters,
            nav_haz=parts.nav_haz,
            mines=tuple(parts.mines),
            warps=warps,
            unexplored=unexplored,
            has_warps=self.warps is not None,
            seen_by=seen_by,
        )


@define(eq=False)
class _Parts:
    """The labelled lines of a display, understood one by one."""

    beacon: str | None = None
    port: ev.Port | None = None
    planets: list[ev.Planet] = field(factory=list[ev.Planet])
    fleets: list[ev.Fleet] = field(factory=list[ev.Fleet])
    ships: list[ev.Hulk] = field(factory=list[ev.Hulk])
    fighters: ev.Squadron | None = None
    nav_haz: int = 0
    mines: list[ev.Minefield] = field(factory=list[ev.Minefield])

    def read(self, label: str, text: str) -> None:
        """Read one entry; one that does not fit is left out."""
        match label:
            case "Beacon  ":
                self.beacon = text
            case "Ports   ":
                self.port = _read_port(text) or self.port
            case "NavHaz  " if found := re.match(r"(\d{1,3})%", text):
                self.nav_haz = int(found[1])
            case "Planets " if found := _PLANET.match(text):
                self.planets.append(ev.Planet(found[3], found[2], shielded=found[1] is not None))
            case "Fighters" if found := _SQUADRON.match(text):
                self.fighters = ev.Squadron(integer(found[1]), found[2], _whose(found[2]), found[3])
            case "Mines   " if found := _MINES.match(text):
                self.mines.append(ev.Minefield(integer(found[1]), found[2], found[3], _whose(found[3])))
            case "Ships   " if found := _HULK.match(text):
                owner, corp = split_corp(found[2])
                self.ships.append(ev.Hulk(found[1], owner, integer(found[3]), corp, found[4] or ""))
            case _ if (kind := _FLEETS.get(label)) and (found := _FLEET.match(text)):
                self.fleets.append(_read_fleet(kind, found))
            case _:
                pass


def _read_fleet(kind: ev.FleetKind, found: re.Match[str]) -> ev.Fleet:
    title, corp = split_corp(found[1])
    rank, name = split_rank(title)
    return ev.Fleet(kind, title, name, rank, integer(found[2]), corp, found[3] or "", found[4] or "")


def _read_port(text: str) -> ev.Port | None:
    if text.startswith("<=-DANGER"):
        return ev.Port("", 0, "", destroyed=True)
    found = _PORT.match(text)
    if found is None:
        return None
    return ev.Port(found[1], int(found[2]), found[3], found[4] is not None, int(found[5] or 0))


def _whose(owner: str) -> ev.Owner:
    if owner == "yours":
        return "mine"
    return "corp" if owner == "belong to your Corp" else "other"


def _read_warps(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    warps: list[int] = []
    unexplored: list[int] = []
    for word in text.replace(" - ", " ").split()[:100]:
        bare = word.strip("()")
        if bare.isascii() and bare.isdigit() and len(bare) <= 6:
            warps.append(int(bare))
            if word[0] == "(":
                unexplored.append(warps[-1])
    return tuple(warps), tuple(unexplored)


def _sector(reading: Reading, line: str) -> bool:
    if line.startswith("Sector  : "):
        block = SectorBlock(line[10:].rstrip(), raw=len(line))
        reading.begin(block)
        return True
    found = re.match(r"Sector (\d{1,6}) has warps to sector\(s\) :(.*)", line)
    if found:
        reading.tell(ev.WarpsTold(int(found[1]), *_read_warps(found[2])))
    return found is not None


def _warps(reading: Reading, line: str) -> bool:
    if not line.startswith(_WARPS) or not reading.sector:
        return False
    reading.tell(ev.WarpsTold(reading.sector, *_read_warps(line[len(_WARPS) :])))
    return True


WORDS: Handlers = {"Sector": _sector, "Warps": _warps}
