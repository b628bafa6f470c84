"""The quick status line, the long status screen, planets, gains and losses."""

from __future__ import annotations

import re
from collections.abc import Callable

from attrs import define, field

from .. import events as ev
from ._reading import Handlers, Reading
from ._text import NUM, integer, split_rank

BAR = "\u2502"  # what code page 437 has at B3
_NUMBER = re.compile(rf"{NUM}$")
# What each field of the quick status is called in our event.
_QUICK = {
    "Sect": "sector",
    "Turns": "turns",
    "Creds": "credits",
    "Figs": "fighters",
    "Shlds": "shields",
    "Hlds": "holds",
    "Ore": "ore",
    "Org": "organics",
    "Equ": "equipment",
    "Col": "colonists",
    "Phot": "photons",
    "Armd": "armids",
    "Lmpt": "limpets",
    "GTorp": "genesis",
    "TWarp": "transwarp",
    "Clks": "cloaks",
    "Beacns": "beacons",
    "AtmDt": "detonators",
    "Crbo": "corbomite",
    "EPrb": "probes",
    "MDis": "disruptors",
    "Aln": "alignment",
    "Exp": "experience",
    "Corp": "corp",
}
# What the long screen calls the numbers that our event has as they are.
_COUNTS = {
    "turns_to_warp": "Turns to Warp",
    "sector": "Current Sector",
    "turns": "Turns left",
    "fighters": "Fighters",
    "shields": "Shield points",
    "armids": "Armid Mines T1",
    "limpets": "Limpet Mines T2",
    "probes": "Ether Probes",
    "credits": "Credits",
}
_LABEL = re.compile(r"([A-Z(][\w .()#&-]{1,20}?) *: ?(.*)$")
_POINTS = re.compile(rf"{NUM} points?, ?Alignment={NUM} ?(.*)$")
_CARGO = re.compile(rf"(Fuel Ore|Organics|Equipment|Colonists|Empty)={NUM}")
_PAIR = re.compile(r" {2,}(?=[A-Z][\w .#-]{1,20} *: )")
_ALIGNMENT = re.compile(rf"your alignment went (up|down) by {NUM} point")
_PLANET = re.compile(r"Planet #(\d{1,6}) in sector (\d{1,6}): ?(.*)$")


def _number(text: str) -> int:
    found = _NUMBER.match(text.strip())
    return integer(found[1]) if found else 0


@define(eq=False)
class QuickBlock:
    """The quick status, wherever its lines break."""

    fields: dict[str, str] = field(factory=dict[str, str])

    def take(self, _reading: Reading, line: str) -> bool:
        """Take one more line of fields."""
        if BAR not in line or "Ship" in self.fields:
            return False
        for place in line.split(BAR)[:40]:
            label, _, value = place.strip().partition(" ")
            self.fields[label[:20]] = value.strip()[:60]
        return len(self.fields) < 60

    def finish(self, reading: Reading) -> None:
        """Tell the status."""
        fields = self.fields
        values: dict[str, int] = {}
        for label, name in _QUICK.items():
            if label in fields:
                values[name] = _number(fields[label])
        reading.sector = values.get("sector") or reading.sector
        reading.credits = values.get("credits", reading.credits)
        number, _, ship_type = fields.get("Ship", "").partition(" ")
        reading.tell(
            ev.StatusShown(
                **values,
                psychic_probe=fields.get("PsPrb") == "Yes",
                planet_scanner=fields.get("PlScn") == "Yes",
                scanner=fields.get("LRS", "None"),
                ship_number=_number(number),
                ship_type=ship_type,
                fields=fields,
            )
        )


@define(eq=False)
class InfoBlock:
    """The long status screen: labels and values, a few of them in pairs."""

    fields: dict[str, str] = field(factory=dict[str, str])

    def take(self, _reading: Reading, line: str) -> bool:
        """Take a line; an empty one above the first passes, one below the last ends the screen."""
        if not line.strip():
            return not self.fields
        if line.startswith("Corp           # "):
            self.fields["Corp"] = line[17:].strip()
            return True
        if len(self.fields) > 60:
            return False
        taken = False
        for piece in _PAIR.split(line.rstrip().replace("Mines  T1", "Mines T1")):
            if found := _LABEL.match(piece.strip()):
                self.fields[found[1]] = found[2].strip()
                taken = True
        return taken or line.startswith("TransWarp Power")

    def finish(self, reading: Reading) -> None:
        """Tell the status."""
        fields = self.fields
        if "Trader Name" not in fields:
            return
        rank, name = split_rank(fields["Trader Name"])
        points = _POINTS.match(fields.get("Rank and Exp", ""))
        corp, _, corp_name = fields.get("Corp", "").partition(", ")
        holds, _, cargo = fields.get("Total Holds", "").partition(" - ")
        ship = re.split(r" Ported=| Kills=", fields.get("Ship Info", ""))[0]
        reading.sector = _number(fields.get("Current Sector", "")) or reading.sector
        reading.credits = _number(fields["Credits"]) if "Credits" in fields else reading.credits

        reading.tell(
            ev.InfoShown(
                title=fields["Trader Name"],
                name=name,
                rank=rank,
                experience=integer(points[1]) if points else 0,
                alignment=integer(points[2]) if points else 0,
                alignment_word=points[3].strip() if points else "",
                corp=_number(corp) or None,
                corp_name=corp_name,
                ship_name=fields.get("Ship Name", ""),
                ship_type=ship.strip(),
                holds=_number(holds),
                cargo={found[0]: integer(found[1]) for found in _CARGO.findall(cargo)},
                scanner=fields.get("LongRange Scan", ""),
                fields=fields,
                **{place: _number(fields.get(label, "")) for place, label in _COUNTS.items()},
            )
        )


def read_bars(reading: Reading, line: str) -> bool:
    """Read a line of the quick status."""
    if not line.startswith(" Sect ") or BAR not in line:
        return False
    block = QuickBlock()
    reading.begin(block)
    return block.take(reading, line)


def read_alignment(reading: Reading, line: str) -> bool:
    """Read a change of alignment, wherever it stands in its line."""
    if found := _ALIGNMENT.search(line):
        points = integer(found[2])
        reading.tell(ev.AlignmentChanged(points if found[1] == "up" else -points))
    return found is not None


def _planet(reading: Reading, line: str) -> bool:
    if found := _PLANET.match(line):
        reading.tell(ev.LandedOnPlanet(int(found[1]), int(found[2]), found[3].strip()))
    return found is not None


def _blasting(reading: Reading, line: str) -> bool:
    if found := re.match(r"Blasting off from (.{0,60})", line):
        reading.tell(ev.TookOff(found[1].strip()))
    return found is not None


def _there(reading: Reading, line: str) -> bool:
    if line.startswith("There isn't a planet in this sector"):
        reading.tell(ev.NoPlanetHere())
        return True
    return False


def begin_info(reading: Reading) -> None:
    """Read the long status screen, whose heading was just shown."""
    reading.begin(InfoBlock())


HEADERS: dict[str, Callable[[Reading], None]] = {"Info": begin_info}
WORDS: Handlers = {
    "Planet": _planet,
    "Blasting": _blasting,
    "There": _there,
    "Sect": read_bars,
    "and": read_alignment,
    "your": read_alignment,
    "...": read_alignment,
}
