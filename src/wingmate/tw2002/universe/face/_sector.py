"""How a sector looks, and the prompts that name it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..engine import tables
from ..engine.views import SectorView
from . import _ink as ink

_TL = f"[{ink.Y}TL{ink.y0}={ink.bold}00:00:00{ink.m0}]{ink.W}:{ink.m0}["


def command_prompt(sector: int) -> str:
    """Write the main prompt."""
    return f"{ink.m}Command {_TL}{ink.C}{sector}{ink.m0}] ({ink.Y}?=Help{ink.m0})? : "


def computer_prompt(sector: int) -> str:
    """Write the computer's prompt, which has no second colon."""
    return f"{ink.m}Computer command {_TL}{ink.C}{sector}{ink.m0}] ({ink.Y}?=Help{ink.m0})? "


def sector_block(view: SectorView, *, here: bool = True) -> str:
    """Draw a sector; where one is, it cannot be unexplored."""
    lines = [_heading(view, explored=here or view.explored), *_things(view)]
    if view.warps:
        lines.append(warp_line(view.warps))
    return "".join(line + ink.nl for line in lines)


def _heading(view: SectorView, *, explored: bool) -> str:
    region = view.region.rstrip(".")
    dark = region == "uncharted space"
    colour = ink.b if dark else ink.bold
    tail = "." if explored else f" {ink.K if dark else ink.k}(unexplored)."
    return f"{ink.G}Sector  {ink.y}: {ink.c}{view.number} {ink.g0}in {colour}{region}{tail}"


def _things(view: SectorView) -> Iterator[str]:
    if view.beacon:
        yield f"{ink.m}Beacon  {ink.Y}: {ink.r0}{view.beacon}"
    if view.port:
        yield f"{ink.m}Ports   {ink.Y}: {ink.c}{view.port.name}{_port_class(view.port.kind)}"
    # Invented from here to the fighters: the colours; the words and columns are attested.
    for label, planet in zip(_labels("Planets"), view.planets, strict=False):
        yield f"{label}{ink.g0}({ink.C}{planet.letter}{ink.g0}) {ink.C}{planet.name}"
    for name, ships in (("Traders", view.traders), ("Ferrengi", view.aliens)):
        for label, trader in zip(_labels(name), ships, strict=False):
            yield f"{label}{ink.c}{trader.title}{ink.y0}, w/ {ink.Y}{trader.fighters:,}{ink.g0} ftrs,"
            yield f"{'':11}{ink.g}in {ink.c}{trader.ship_name} {ink.g}({trader.hull})"
    for label, ship in zip(_labels("Ships"), view.ships, strict=False):
        yield (
            f"{label}{ink.c}{ship.ship_name} {ink.m0}[{ink.y}Owned by{ink.m}] {ink.Y}{ship.owner}{ink.y0}, "
            f"w/ {ink.Y}{ship.fighters:,}{ink.g0} ftrs,"
        )
        yield f"{'':11}{ink.g}({ship.hull})"
    if view.fighters:
        yield f"{ink.m}Fighters{ink.Y}: {ink.c}{_deployed(view)}"
    if view.navhaz:
        yield f"{ink.m}NavHaz  {ink.Y}: {ink.r0}{view.navhaz}%{ink.m} (Space Debris/Asteroids)"


def _labels(name: str) -> Iterator[str]:
    yield f"{ink.m}{name:<8}{ink.Y}: "
    while True:
        yield " " * 10


def _port_class(kind: int) -> str:
    return f"{ink.y}, {ink.m0}Class {ink.C}{kind} {ink.m0}({port_code(kind)})" + (
        f" {ink.y}(StarDock)" if kind == tables.STARDOCK else ""
    )


def port_code(kind: int) -> str:
    """Write what a class of port trades; a reset only comes after the bright colour."""
    if kind in {tables.CLASS_ZERO, tables.STARDOCK}:
        return f"{ink.C}Special{ink.m0}"
    text, last = "", ""
    for letter in tables.PORT_CODES[kind]:
        if letter != last:
            text += ink.C if letter == "S" else ink.g0 if last else ink.g
        text, last = text + letter, letter
    return text + (ink.m0 if last == "S" else ink.m)


def _deployed(view: SectorView) -> str:
    force = view.fighters
    assert force is not None
    whose = (
        "yours"
        if force.yours
        else force.owner
        if force.owner == "The Ferrengi"
        else f"belong to {force.owner}"
    )
    return f"{force.amount:,} {ink.m0}({whose}) {ink.y}[{force.mode.value}]"


def warp_line(warps: Iterable[tuple[int, bool]]) -> str:
    """Write the line of neighbours; those not yet explored in red parentheses."""
    text, known = f"{ink.G}Warps to Sector(s) {ink.y}:", None
    for sector, explored in warps:
        if known is None:
            text += f" {ink.c} {sector}" if explored else f"  {ink.m0}({ink.R}{sector}{ink.m0})"
        else:
            text += f"{ink.g0 if known else ink.g} - "
            text += f"{ink.C}{sector}" if explored else f"{ink.m}({ink.R}{sector}{ink.m0})"
        known = explored
    return text


def path_lines(path: Iterable[int], known: Iterable[bool], width: int = 77) -> list[str]:
    """Write a course, broken before column 80; sectors not yet explored in red parentheses."""
    lines: list[str] = []
    line, column, first = "", 0, True
    for sector, explored in zip(path, known, strict=True):
        shown = f"{ink.C}{sector}" if explored else f"{ink.m0}({ink.R}{sector}{ink.m0})"
        length = len(str(sector)) + (0 if explored else 2)
        if not first:
            line, column = f"{line}{ink.g0} >", column + 2
            if column + 1 + length > width:
                lines.append(line)
                line, column = "", 0
            line, column = f"{line} ", column + 1
        line, column, first = line + shown, column + length, False
    return [*lines, line]
