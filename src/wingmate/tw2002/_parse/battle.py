"""Fighters and mines: dropped, listed, met and felt."""

from __future__ import annotations

import re

from attrs import define, field

from .. import events as ev
from ._reading import MANY, Handlers, Reading
from ._text import NUM, integer

_FIGHTERS = re.compile(r"\s+([\d,.]{1,12})([TMB]?)\s+(Personal|Corp\w*)\s+(Defensive|Offensive|Toll)\b")
_ROW = re.compile(r"\s*(\d{1,6})(\s.*)$")
_MINES = re.compile(rf"\s*(\d{{1,6}})\s+{NUM}\s+(Personal|Corp\w*)\s*$")
_TOTAL = re.compile(r"\s*([\d,.]{1,12})([TMB]?) Total")
_TITLE = re.compile(r"\s*Deployed  (Fighter|Armid|Limpet)  Scan\s*$")
_TIMES = {"": 1, "T": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_MET = re.compile(rf"Your fighters: {NUM} vs\. theirs: {NUM}")
_LOST = re.compile(rf"You lost {NUM} fighter\(s\)")
_DESTROYED = re.compile(rf"You destroyed {NUM} enemy fighters?")
_PLACED = re.compile(rf"Done\. You have {NUM} (?:(\w+) )?(fighter|mine)\(s\)")
_HIT = re.compile(rf"destroyed {NUM} (shield points?|fighters?)(?: and {NUM} fighters?)?")


def _rounded(amount: str, unit: str) -> int:
    digits = amount.replace(",", "")
    return int(float(digits) * _TIMES[unit]) if re.fullmatch(r"\d{1,11}(\.\d{1,6})?", digits) else 0


@define(eq=False)
class DeployedBlock:
    """The list of deployed fighters, or of mines of one kind."""

    kind: str
    fighters: list[ev.DeployedFighters] = field(factory=list[ev.DeployedFighters])
    mines: list[ev.DeployedMines] = field(factory=list[ev.DeployedMines])
    total: int | None = None

    def take(self, _reading: Reading, line: str) -> bool:
        """Take a row, the heading, or the total, which is the last."""
        if self.total is not None:
            return False
        if found := _TOTAL.match(line):
            self.total = _rounded(found[1], found[2])
        elif self.kind == "Fighter":
            self._take_fighters(line)
        elif (found := _MINES.match(line)) and len(self.mines) < MANY:
            self.mines.append(ev.DeployedMines(int(found[1]), integer(found[2]), found[3]))
        # A heading, a ruler or an empty line otherwise.
        return not line.strip() or line[0] in " =-"

    def _take_fighters(self, line: str) -> None:
        row = _ROW.match(line)
        found = row and _FIGHTERS.match(row[2])
        if row and found and len(self.fighters) < MANY:
            self.fighters.append(
                ev.DeployedFighters(int(row[1]), _rounded(found[1], found[2]), found[3], found[4])
            )

    def finish(self, reading: Reading) -> None:
        """Tell the list."""
        if self.kind == "Fighter":
            reading.tell(ev.FightersListed(tuple(self.fighters), self.total or 0))
        else:
            reading.tell(ev.MinesListed(self.kind, tuple(self.mines), self.total or 0))


def _deployed(reading: Reading, line: str) -> bool:
    if found := _TITLE.match(line):
        reading.begin(DeployedBlock(found[1]))
    return found is not None


def _no(reading: Reading, line: str) -> bool:
    if line.startswith("No fighters deployed"):
        reading.tell(ev.FightersListed(()))
        return True
    return False


def _done(reading: Reading, line: str) -> bool:
    found = _PLACED.match(line)
    if found and found[3] == "fighter":
        reading.tell(ev.FightersPlaced(integer(found[1])))
    elif found:
        reading.tell(ev.MinesPlaced(found[2] or "", integer(found[1])))
    return found is not None


def _refused(reading: Reading, line: str) -> bool:
    if line.startswith(("These fighters are not under your control", "Too many fighters in your fleet")):
        reading.tell(ev.FightersRefused(line.strip()))
        return True
    return False


def count_fighters(reading: Reading, limit: int = 0) -> None:
    """Tell the fighters aboard, if they were told and not yet passed on."""
    if reading.aboard is not None:
        reading.tell(ev.FightersCounted(reading.aboard, limit))
        reading.aboard = None


def _your(reading: Reading, line: str) -> bool:
    if found := _MET.match(line):
        toll, reading.toll = reading.toll, None
        asked = toll is not None
        reading.tell(ev.FightersMet(integer(found[1]), integer(found[2]), toll=asked, price=toll or 0))
    elif found := re.match(rf"Your ship can support up to {NUM} Fighters", line):
        count_fighters(reading, integer(found[1]))
    elif line.startswith("Your ship was hit by a Photon"):
        reading.tell(ev.PhotonHit(ended=False))
    elif found := re.match(r"Your (.{1,60}) has been destroyed!", line):
        reading.tell(ev.ShipDestroyed(found[1]))
    else:
        return False
    return True


def read_you(reading: Reading, line: str) -> bool:
    """Read the sentences about fights that begin with `You`."""
    if found := re.match(rf"You have {NUM} fighters available", line):
        reading.aboard = integer(found[1])
    elif found := _LOST.match(line):
        reading.lost += integer(found[1])
        if "remain" in line:
            reading.tell(ev.FightersFought(reading.lost, 0))
            reading.lost = 0
    elif found := _DESTROYED.match(line):
        reading.tell(ev.FightersFought(reading.lost, integer(found[1])))
        reading.lost = 0
    elif line.startswith("You destroyed all the fighters"):
        reading.tell(ev.SectorCleared())
    elif line.startswith("You have to destroy the fighters"):
        price = re.search(rf"pay the {NUM} credit", line)
        reading.toll = integer(price[1]) if price else 0 if "pay" in line else None
    elif found := re.match(rf"You paid a toll of {NUM} credits", line):
        reading.tell(ev.TollPaid(integer(found[1])))
    else:
        return _read_end(reading, line)
    return True


def _read_end(reading: Reading, line: str) -> bool:
    words = line.strip()
    if words.startswith(("You fled from", "You attempt to retreat but are held", "You cannot retreat")):
        held = not words.startswith("You fled")
        reading.moving = reading.moving if held else 0
        reading.tell(ev.Retreated(held, words))
    elif words.startswith("You don't have that many fighters"):
        reading.tell(ev.FightersRefused(words))
    elif words.startswith("You rush to an escape pod"):
        reading.tell(ev.PodLaunched())
    elif words.startswith("You will have to start over from scratch"):
        reading.tell(ev.PlayerDied(words))
    elif words.startswith("You hear a faint, metallic click on your hull"):
        reading.tell(ev.LimpetAttached())
    else:
        return False
    return True


def read_digits(reading: Reading, line: str) -> bool:
    """Read reports of damage that begin with a number."""
    if found := re.match(rf"{NUM} space mine\(s\) detonate near you", line):
        reading.tell(ev.MinesDetonated(integer(found[1])))
    elif found := re.match(rf"{NUM} K3-A Fighters destroyed by the blast", line):
        reading.tell(ev.DamageTaken(fighters=integer(found[1])))
    else:
        return False
    return True


def read_hit(reading: Reading, line: str) -> bool:
    """Read a hit that names who dealt it."""
    return " destroyed " in line and tell_damage(reading, line)


def read_loss(reading: Reading, line: str) -> bool:
    """Read that somebody else's ship was destroyed."""
    if found := re.match(r"(.{1,60}?)(?:'s ship)? (?:was|has been) destroyed(?: by .{1,60})?!", line):
        reading.tell(ev.ShipDestroyed(found[1], ours=False))
    return found is not None


def _there(reading: Reading, line: str) -> bool:
    if line.startswith("There is nothing here to attack"):
        reading.tell(ev.NothingToAttack())
        return True
    return False


def _damage(reading: Reading, line: str) -> bool:
    if found := re.match(rf"(?:The console|Combat computer) reports damages of {NUM} battle points", line):
        reading.tell(ev.DamageTaken(points=integer(found[1])))
    return found is not None


def _hazard(reading: Reading, line: str) -> bool:
    if line.startswith(("Collision Damage!", "WARNING! WARNING! Space Debris")):
        reading.tell(ev.HazardMet(line.startswith("Collision")))
        return True
    return False


def _photon(reading: Reading, line: str) -> bool:
    if found := re.match(r"Photon Wave Duration has ended in sector (\d{1,6})", line):
        reading.tell(ev.PhotonHit(ended=True, sector=int(found[1])))
    return found is not None


def tell_damage(reading: Reading, text: str) -> bool:
    """Tell the damage that the ship's computer reports."""
    if found := _HIT.search(text):
        amount, more = integer(found[1]), integer(found[3]) if found[3] else 0
        if found[2].startswith("shield"):
            reading.tell(ev.DamageTaken(shields=amount, fighters=more))
        else:
            reading.tell(ev.DamageTaken(fighters=amount))
    return found is not None


WORDS: Handlers = {
    "Deployed": _deployed,
    "No": _no,
    "Done.": _done,
    "These": _refused,
    "Too": _refused,
    "There": _there,
    "Your": _your,
    "The": _damage,
    "Combat": _damage,
    "Collision": _hazard,
    "WARNING!": _hazard,
    "Photon": _photon,
}
