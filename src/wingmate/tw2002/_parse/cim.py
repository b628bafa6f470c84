"""The computer interrogation mode: bulk lists, made for programs."""

from __future__ import annotations

import re
from array import array

from attrs import define, field

from .. import events as ev
from ._reading import Reading
from .space import CourseBlock

CHUNK = 250  # rows told at once
_PORT = re.compile(r" *(\d{1,6})" + r" ([- ]) *(\d{1,9}) +(\d{1,3})%" * 3 + r" *$")
WIDE = 7  # the explored list right-justifies its numbers to so many places, the others to fewer
MOST = 30_000  # sectors in the largest universe


@define(eq=False)
class CimBlock:
    """Whatever comes between two of the mode's prompts."""

    warps: list[tuple[int, tuple[int, ...]]] = field(factory=list[tuple[int, tuple[int, ...]]])
    ports: list[ev.CimPort] = field(factory=list[ev.CimPort])
    explored: array[int] = field(factory=lambda: array("L"))
    told: set[str] = field(factory=set[str])

    def take(self, reading: Reading, line: str) -> bool:
        """Take a row of any of the lists; a course begins another block."""
        if not line or line.isspace():
            return True
        if "%" in line:
            return self._take_port(reading, line)
        bare = line.replace(" ", "")
        if not (bare.isascii() and bare.isdecimal() and len(line) <= 200):
            return False
        row = [int(word) for word in line.split() if len(word) <= 6]
        if not row:
            return False
        if _is_wide(line):
            self.explored.extend(row[: MOST - len(self.explored)])
        else:
            self.warps.append((row[0], tuple(row[1:])))
            if len(self.warps) >= CHUNK:
                self._tell_warps(reading, last=False)
        return True

    def _take_port(self, reading: Reading, line: str) -> bool:
        found = _PORT.match(line)
        if found is None:
            return False
        sector, a, b, c, d, e, f, g, h, i = found.groups()
        self.ports.append(
            ev.CimPort(
                int(sector),
                (a == "-", d == "-", g == "-"),
                (int(b), int(e), int(h)),
                (int(c), int(f), int(i)),
            )
        )
        if len(self.ports) >= CHUNK:
            self._tell_ports(reading, last=False)
        return True

    def _tell_warps(self, reading: Reading, *, last: bool) -> None:
        rows, self.warps = tuple(self.warps), []
        self.told.add("warps")
        reading.tell(ev.CimWarpsListed(rows, last=last))

    def _tell_ports(self, reading: Reading, *, last: bool) -> None:
        rows, self.ports = tuple(self.ports), []
        self.told.add("ports")
        reading.tell(ev.CimPortsListed(rows, last=last))

    def finish(self, reading: Reading) -> None:
        """Tell what is left; an empty list only if we asked for that one."""
        if self.warps or "warps" in self.told or reading.sent == "ReadCimWarps":
            self._tell_warps(reading, last=True)
        if self.ports or "ports" in self.told or reading.sent == "ReadCimPorts":
            self._tell_ports(reading, last=True)
        if self.explored:
            reading.tell(ev.SectorsListed("explored", tuple(self.explored)))


def _is_wide(line: str) -> bool:
    first, behind = line[:WIDE], line[WIDE : WIDE + 1]
    return len(first) == WIDE and first[-1] != " " and first.strip().isdecimal() and not behind.strip()


def answer(reading: Reading, typed: str) -> None:
    """Begin to read what a key at the mode's prompt brought, or note its closing word."""
    if "ENDINTERROG" in typed:
        reading.tell(ev.CimLeft())
    else:
        reading.begin(CimBlock())


def begin_course(reading: Reading) -> None:
    """Begin to read a course, after its goal was typed."""
    reading.begin(CourseBlock())
