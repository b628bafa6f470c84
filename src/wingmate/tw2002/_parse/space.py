"""Moving, courses, scans and probes."""

from __future__ import annotations

import re
from array import array
from typing import Literal

from attrs import define, field

from .. import events as ev
from ._reading import MANY, Handlers, Reading
from ._text import NUM, integer, numbers

_BEGAN = re.compile(r"(Auto )?[Ww]arping to [Ss]ector (\d{1,6})")
_COURSE = re.compile(
    r"The shortest path \((\d{1,6}) hops?, (\d{1,7}) turns?\) from sector (\d{1,6}) to sector (\d{1,6}) is:"
)
_STEP = re.compile(r"(\()?(\d{1,6})\)?")
_PATH = re.compile(r" ?\(?\d{1,6}\)?(?: > \(?\d{1,6}\)?)*(?: >)?\s*$")
_NO_ROUTE = re.compile(
    r"\*\*\* Error - No route within (\d{1,6}) warps? from sector (\d{1,6}) to sector (\d{1,6})"
)
_DENSITY = re.compile(
    rf"Sector +(\( *)?(\d{{1,6}})\)? +==> +{NUM} +Warps : (\d)\s+NavHaz :\s+(\d{{1,3}})%\s+Anom : (Yes|No)"
)
_DEDUCTED = re.compile(rf"(\w+) turns? deducted, {NUM} turns? left")
_KNOWN = re.compile(r"You have explored\s+(\d{1,3}(?:\.\d{1,4})?)% of")
_WORDS = {"One": 1, "Two": 2, "Three": 3, "Four": 4, "Five": 5, "Six": 6}


@define(eq=False)
class CourseBlock:
    """A course, wrapped over several lines."""

    turns: int | None = None
    path: list[int] = field(factory=list[int])
    unexplored: list[int] = field(factory=list[int])
    open: bool = True

    def take(self, _reading: Reading, line: str) -> bool:
        """Take one more line of steps."""
        if not self.open or not _PATH.match(line) or len(self.path) > MANY:
            return False
        for paren, step in _STEP.findall(line):
            self.path.append(int(step))
            if paren:
                self.unexplored.append(int(step))
        self.open = line.rstrip().endswith(">")
        return True

    def finish(self, reading: Reading) -> None:
        """Tell the course."""
        path = tuple(self.path)
        if path:
            reading.tell(
                ev.CourseComputed(path[0], path[-1], path, tuple(self.unexplored), len(path) - 1, self.turns)
            )


@define(eq=False)
class DensityBlock:
    """The table of the density scanner."""

    rows: list[ev.DensityRow] = field(factory=list[ev.DensityRow])

    def take(self, _reading: Reading, line: str) -> bool:
        """Take one neighbour; the ruler above them passes."""
        if found := _DENSITY.match(line):
            paren, sector, density, warps, hazard, anomaly = found.groups()
            self.rows.append(
                ev.DensityRow(
                    int(sector), integer(density), int(warps), int(hazard), anomaly == "Yes", paren is None
                )
            )
            return len(self.rows) < MANY
        return not self.rows and line.startswith("-----")

    def finish(self, reading: Reading) -> None:
        """Tell the neighbours."""
        reading.tell(ev.DensityScanned(tuple(self.rows)))


@define(eq=False)
class NumbersBlock:
    """A list of sector numbers and nothing else."""

    kind: Literal["explored", "unexplored", "avoided"]
    found: array[int] = field(factory=lambda: array("L"))

    def take(self, _reading: Reading, line: str) -> bool:
        """Take one more line of numbers; blank ones may stand above them."""
        if not line.strip():
            return not self.found
        if not re.fullmatch(r"[ \d]{1,200}", line) or len(self.found) > 30_000:
            return False
        self.found.extend(numbers(line))
        return True

    def finish(self, reading: Reading) -> None:
        """Tell the list; that nothing is avoided, the game says in words."""
        if self.found or self.kind != "avoided":
            reading.tell(ev.SectorsListed(self.kind, tuple(self.found)))


def _warping(reading: Reading, line: str) -> bool:
    found = _BEGAN.match(line)
    if found is None:
        return False
    reading.moving = int(found[2])
    reading.tell(ev.WarpBegan(reading.moving, auto=found[1] is not None))
    return True


def _arriving(reading: Reading, line: str) -> bool:
    found = re.match(r"Arriving sector :(\d{1,6})", line)
    if found:
        reading.tell(ev.AutopilotEnded(int(found[1])))
    return found is not None


def _the(reading: Reading, line: str) -> bool:
    if found := _COURSE.match(line):
        reading.moving = None
        reading.begin(CourseBlock(int(found[2])))
        return True
    if found := re.match(r"\s*The StarDock is located in sector (\d{1,6})", line):
        reading.tell(ev.StarDockLocated(int(found[1])))
        return True
    return False


def _that(reading: Reading, line: str) -> bool:
    if line.startswith("That Warp Lane is not adjacent"):
        reading.moving = None
        reading.tell(ev.MoveRefused("not-adjacent", line.strip()))
        return True
    return False


def _invalid(reading: Reading, line: str) -> bool:
    if line.startswith("Invalid Sector number"):
        reading.tell(ev.MoveRefused("invalid", line.strip()))
        return True
    return False


def _an(reading: Reading, line: str) -> bool:
    if line.startswith("An Interdictor Generator in this sector holds you fast"):
        reading.moving = None
        reading.tell(ev.MoveRefused("interdicted", line.strip()))
        return True
    return False


def _stars(reading: Reading, line: str) -> bool:
    if found := _NO_ROUTE.match(line):
        reading.tell(ev.NoRoute(int(found[2]), int(found[3]), int(found[1])))
    return found is not None


def _relative(reading: Reading, line: str) -> bool:
    if line.strip() == "Relative Density Scan":
        reading.begin(DensityBlock())
        return True
    return False


def _probe(reading: Reading, line: str) -> bool:
    if found := re.match(r"Probe entering sector : (\d{1,6})", line):
        reading.probing = True
        reading.tell(ev.ProbeEntered(int(found[1])))
    elif line.startswith(("Probe Self Destructs", "Probe Destroyed")):
        reading.probing = False
        reading.tell(ev.ProbeEnded("Destroyed" in line))
    else:
        return False
    return True


def _turns(reading: Reading, line: str) -> bool:
    if found := _DEDUCTED.match(line):
        count = int(found[1]) if found[1].isdecimal() and len(found[1]) < 9 else _WORDS.get(found[1], 1)
        reading.tell(ev.TurnsDeducted(count, integer(found[2])))
    return found is not None


def _dashes(reading: Reading, line: str) -> bool:
    if "TransWarp Drive Engaged!" in line:
        reading.moving = 0
        return True
    return False


def read_you(reading: Reading, line: str) -> bool:  # noqa: PLR0911 - one return for each sentence
    """Read the sentences about sectors and turns that begin with `You`."""
    if found := re.match(rf"You have {NUM} turns this Stardate", line):
        reading.tell(ev.TurnsTold(integer(found[1])))
        return True
    if found := re.match(rf"You recover {NUM} of your turns", line):
        reading.tell(ev.TurnsRecovered(integer(found[1])))
        return True
    if line.startswith(("You don't have any turns left", "You don't have enough turns left")):
        reading.moving = None
        reading.tell(ev.OutOfTurns(line.strip()))
        return True
    if line.startswith("You are already in that sector"):
        reading.tell(ev.MoveRefused("already-there", line.strip()))
        return True
    if line.startswith("You cannot go there"):
        reading.moving = None
        reading.tell(ev.MoveRefused("invalid", line.strip()))
        return True
    if line.startswith("You don't have a long range scanner"):
        reading.tell(ev.ScannerMissing())
        return True
    if found := re.match(r"You have never visi?ted sector (\d{1,6})", line):
        reading.tell(ev.SectorUnknown(int(found[1])))
        return True
    return _read_known(reading, line)


def _read_known(reading: Reading, line: str) -> bool:
    if found := _KNOWN.match(line):
        reading.tell(ev.ExploredTold(float(found[1])))
        return True
    if line.startswith("You have") and line.rstrip().endswith("explored the following sectors:"):
        explored = line.startswith("You have explored")
        reading.begin(NumbersBlock("explored" if explored else "unexplored"))
        return True
    return False


def read_digits(reading: Reading, line: str) -> bool:
    """Read a course from the CIM, which has no heading."""
    if " > " not in line or not _PATH.match(line):
        return False
    block = CourseBlock()
    reading.begin(block)
    return block.take(reading, line)


WORDS: Handlers = {
    "Warping": _warping,
    "Auto": _warping,
    "Arriving": _arriving,
    "The": _the,
    "That": _that,
    "Invalid": _invalid,
    "An": _an,
    "***": _stars,
    "Relative": _relative,
    "Probe": _probe,
    "-=-=-=-": _dashes,
    **dict.fromkeys((*_WORDS, "1", "2", "3"), _turns),
}
