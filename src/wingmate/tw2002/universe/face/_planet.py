"""Landing on planets; there is little to do there yet."""

from __future__ import annotations

from ..engine.state import Place, Planet
from . import _ink as ink
from ._globals import KEYS, global_key
from ._house import Seat

PROMPT = f"{ink.m}Planet command {ink.Y}(?=help) {ink.m0}[D] "
CLASSES = {"M": "Earth Type", "O": "Oceanic", "L": "Mountainous", "K": "Desert Wasteland"}


async def land(seat: Seat) -> None:
    """`L`: choose a planet in the sector and land."""
    io = seat.io
    io.line("L")
    io.put(ink.banner_line("Preparing ship to land on planet surface"))
    io.blank()
    here = {
        planet.number: planet for planet in seat.world.planets.values() if planet.sector == seat.me.sector
    }
    if not here:
        io.line(f"{ink.g}There isn't a planet in this sector.")
        io.line(f"{ink.g}You can create one with a Genesis Torpedo.")
        return
    io.line(f"{ink.g}Registry# and Planet Name")
    io.line(f"{ink.m}{'-' * 47}")
    for number, planet in sorted(here.items()):
        io.line(f"{ink.m}    <{ink.g}{number:>3}{ink.m}> {ink.c}{planet.name}")
    io.blank()
    choice = await io.text(f"{ink.m}Land on which planet {ink.Y}<Q to abort>{ink.m0} ? ", 5)
    chosen = here.get(int(choice)) if choice.isdigit() else None
    if choice.upper() in {"", "Q"}:
        return
    if chosen is None:
        io.line(f"{ink.r}Invalid registry number, landing aborted.")
    elif chosen.owner not in {0, seat.me.number}:
        # Invented: strangers are kept out.
        io.line(f"{ink.r}The planet's owner does not let you land.")
    else:
        io.line(f"{ink.g}Landing sequence engaged...")
        await stay(seat, chosen)


async def stay(seat: Seat, planet: Planet) -> None:
    """Show the planet and serve its prompt until take-off."""
    io, presence = seat.io, seat.world.present[seat.me.number]
    presence.place = Place.PLANET
    io.blank()
    _display(seat, planet)
    while True:
        io.blank()
        key = await io.hot(PROMPT, f"DQ?{KEYS}", default="D", news=True)
        seat.house.tick()
        if key in KEYS:
            await global_key(seat, key, PROMPT)
            continue
        io.line(key)
        if key == "Q":
            break
        if key == "D":
            io.blank()
            _display(seat, planet)
        else:
            # Invented: planets are not worked in this universe.
            io.line(f"{ink.g}D display planet, Q leave.")
    presence.place = Place.SPACE
    io.line(f"{ink.g}Blasting off from {ink.C}{planet.name}")


def _display(seat: Seat, planet: Planet) -> None:
    io = seat.io
    owner = seat.world.owner_name(planet.owner) if planet.owner else "UNITED FEDERATION OF PLANETS"
    kind = CLASSES.get(planet.letter, "Unknown")
    io.line(
        f"{ink.m}Planet {ink.C}#{planet.number}{ink.m0} in sector {ink.C}{planet.sector}{ink.m0}: "
        f"{ink.Y}{planet.name}"
    )
    io.line(f"{ink.m}Class {ink.C}{planet.letter}{ink.m0}, {ink.C}{kind}")
    io.line(f"{ink.m}Created by: {ink.c}{owner}")
    io.line(f"{ink.m}Claimed by: {ink.c}{owner}")
    io.blank()
    io.line(f"{ink.g}  Item    Colonists  Colonists    Daily     Planet      Ship      Planet  ")
    io.line(f"{ink.g}           (1000s)   2 Build 1   Product    Amount     Amount     Maximum ")
    io.line(f"{ink.m} -------  ---------  ---------  ---------  ---------  ---------  ---------")
    cargo = (*seat.ship.cargo, seat.ship.fighters)
    for name, aboard in zip(("Fuel Ore", "Organics", "Equipment", "Fighters"), cargo, strict=True):
        colonists = "N/A" if name == "Fighters" else "0"
        io.line(f"{ink.C}{name:<9}{ink.g0}{colonists:>10}{1:>11}{0:>11}{0:>11}{aboard:>11,}{100_000:>11,}")
    io.blank()
    io.line(f"{ink.g}You have {ink.Y}{seat.ship.empty}{ink.g0} free cargo holds.")
