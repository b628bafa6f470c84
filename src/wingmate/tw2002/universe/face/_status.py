"""The two screens that tell how the ship and its trader are: `/` and `I`."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine import census, tables
from ..engine.calendar import ship_time
from ..engine.state import Player, Ship, World
from . import _ink as ink

WIDE = 79
BAR = "\xb3"
LOW_TURNS = 25  # Invented: below it the number of turns blinks


def clock(date: float) -> str:
    """Write a ship's time as the game does."""
    return f"{ship_time(date):%I:%M:%S %p %a %b %d, %Y}"


def quick_stats(world: World, me: Player) -> str:
    """Draw the three lines of `/`, filled greedily, each padded to 79 columns."""
    lines: list[str] = []
    line = ""
    for name, value in _fields(me, world.ship_of(me)):
        text = f"{name} {value}"
        if not line:
            line = f" {text}"
        elif len(line) + 1 + len(text) > WIDE:
            lines.append(line)
            line = f" {text}"
        else:
            line = f"{line}{BAR}{text}"
    lines.append(line)
    shown = [""]
    for number, content in enumerate(lines):
        # Seen on a live server: every other line is inverse, and only those end with a reset.
        odd = number % 2 == 0
        shown.append(f"{ink.inverse if odd else ''}{content:<{WIDE}}{ink.nl if odd else ink.blank}")
    return "".join((ink.nl, ink.blank, *shown))


def _fields(me: Player, ship: Ship) -> Iterator[tuple[str, str]]:
    yield "Sect", str(me.sector)
    yield "Turns", f"{me.turns:,}"
    yield "Creds", f"{me.credits:,}"
    yield "Figs", f"{ship.fighters:,}"
    yield "Shlds", f"{ship.shields:,}"
    yield "Hlds", str(ship.holds)
    for name, amount in zip(("Ore", "Org", "Equ"), ship.cargo, strict=True):
        yield name, str(amount)
    yield "Col", str(ship.colonists)
    yield "Phot", str(ship.photons)
    yield "Armd", str(ship.armid)
    yield "Lmpt", str(ship.limpets)
    yield "GTorp", str(ship.genesis)
    yield "TWarp", str(ship.twarp) if ship.twarp else "No"
    yield "Clks", str(ship.cloaks)
    yield "Beacns", str(ship.beacons)
    yield "AtmDt", str(ship.detonators)
    yield "Crbo", f"{ship.corbomite:,}"
    yield "EPrb", str(ship.probes)
    yield "MDis", str(ship.disruptors)
    yield "PsPrb", "Yes" if ship.psychic else "No"
    yield "PlScn", "Yes" if ship.planet_scanner else "No"
    yield "LRS", {"": "None", "density": "Dens", "holo": "Holo"}[ship.scanner]
    yield "Aln", f"{me.alignment:,}"
    yield "Exp", f"{me.experience:,}"
    yield "Ship", f"{ship.number} {ship.hull.short}"


# These labels carry a needless pair of colours before the colon, as the real ones do.
_TWICE = {"Turns to Warp", "Ether Probes", "Credits", "Genesis Torps", "Atomic Detn."}


def _label(name: str) -> str:
    return f"{ink.m}{name:<15}{ink.w + ink.m if name in _TWICE else ''}{ink.Y}: "


def info(world: World, me: Player) -> str:
    """Draw the ship information screen."""
    return "".join(line + ink.nl for line in _info_lines(me, world.ship_of(me)))


def _info_lines(me: Player, ship: Ship) -> Iterator[str]:
    hull = ship.hull
    yield f"{_label('Trader Name')}{ink.g0}{tables.rank(me.experience, me.alignment)} {me.name}"
    yield (
        f"{_label('Rank and Exp')}{ink.c}{me.experience:,}{ink.g0} points{ink.Y},{ink.g0} Alignment"
        f"{ink.Y}={ink.c}{me.alignment:,} {ink.r}{tables.alignment_word(me.alignment)}"
    )
    if me.deaths:
        yield f"{_label('Times Blown Up')}{ink.c}{me.deaths}"
    yield f"{_label('Ship Name')}{ink.g0}{ship.name}"
    maker = f"{hull.maker} " if hull.maker else ""
    yield (
        f"{_label('Ship Info')}{ink.g0}{maker}{ink.off}{ink.g}{hull.name} "
        f"{ink.m}Ported{ink.Y}={ink.c}{ship.ported} {ink.m0}Kills{ink.Y}={ink.c}{ship.kills}"
    )
    yield f"{_label('Date Built')}{ink.g0}{clock(ship.built)}"
    yield f"{_label('Turns to Warp')}{ink.g0}{hull.turns}"
    yield f"{_label('Current Sector')}{ink.c}{me.sector}"
    yield f"{_label('Turns left')}{ink.flash if me.turns < LOW_TURNS else ink.c}{me.turns}"
    yield from _holds_and_gear(me, ship)


def _holds_and_gear(me: Player, ship: Ship) -> Iterator[str]:
    names = ("Fuel Ore", "Organics", "Equipment", "Colonists", "Empty")
    amounts = (*ship.cargo, ship.colonists, ship.empty)
    held = "".join(
        f"{ink.g0} {name}{ink.Y}={ink.c}{amount}"
        for name, amount in zip(names, amounts, strict=True)
        if amount
    )
    yield f"{_label('Total Holds')}{ink.c}{ship.holds} -{held}"
    yield f"{_label('Fighters')}{ink.c}{ship.fighters:,}"
    if ship.shields:
        yield f"{_label('Shield points')}{ink.c}{ship.shields:,}"
    yield from _gear(ship)
    yield f"{_label('Credits')}{ink.c}{me.credits:,}"


def _gear(ship: Ship) -> Iterator[str]:
    if ship.armid or ship.limpets:
        yield _pair(("Armid Mines  T1", str(ship.armid)), ("Limpet Mines T2", str(ship.limpets)))
    for name, amount in (
        ("Photon Missiles", ship.photons),
        ("Marker Beacons", ship.beacons),
        ("Genesis Torps", ship.genesis),
        ("Atomic Detn.", ship.detonators),
        ("Corbomite Level", ship.corbomite),
        ("Cloaking Device", ship.cloaks),
        ("Ether Probes", ship.probes),
        ("Mine Disruptors", ship.disruptors),
    ):
        if amount:
            yield f"{_label(name)}{ink.c}{amount}"
    if ship.psychic or ship.planet_scanner:
        yield _pair(
            ("Psychic Probe", "Yes" if ship.psychic else "No"),
            ("Planet Scanner", "Yes" if ship.planet_scanner else "No"),
        )
    if ship.scanner:
        kind = "Holographic" if ship.scanner == "holo" else "Density"
        yield f"{_label('LongRange Scan')}{ink.c}{kind} Scanner"
    if ship.twarp:
        yield f"{ink.m}TransWarp Power"
        hops = ship.cargo[0] // 3
        yield f"{ink.m}  (Type 1 Jump){ink.Y}: {ink.c}{hops} hops"
        if ship.twarp > 1:
            yield f"{ink.m}  (Type 2 Jump){ink.Y}: {ink.c}{hops // 2} hops"


def _pair(left: tuple[str, str], right: tuple[str, str]) -> str:
    name, value = left
    gap = " " * max(1, 23 - len(value))
    return f"{_label(name)}{ink.c}{value}{gap}{_label(right[0])}{ink.c}{right[1]}"


def game_status(world: World) -> Iterator[str]:
    """Write the lines of the configuration and status screen."""
    rules, stats = world.settings, census.status(world)
    yield "         Trade Wars 2002 Game Configuration and Status"
    yield ""
    yield (
        f" Initial Turns per day {rules.turn_base}, fighters {rules.initial_fighters}, "
        f"credits {rules.initial_credits}, holds {rules.initial_holds}."
    )
    yield f" Inactive players will be deleted after {rules.days_til_deletion} days."
    yield (
        f" Maximum players {rules.users}, sectors {rules.sectors}, ports {rules.max_ports}, "
        f"planets {rules.max_planets}."
    )
    yield " The Maximum number of Planets per sector: 5,  Traders on a Corp: 5,"
    yield "                Ships per FedSpace Sector: 5."
    yield ""
    if rules.show_stardock:
        yield f"         The StarDock is located in sector {world.galaxy.stardock}."
    yield "         Photon Missile Wave duration is 20 seconds."
    yield "         Ver# 3.34b running under Sockets."
    yield f"         This game is registered to {rules.licensee}."
    yield f"         This game has been running for {stats.age_days} days."
    yield ""
    yield f"-=-=-=-  Current Stats for {clock(world.date)} -=-=-=-"
    yield ""
    yield f" {stats.ports:,} ports are open for business and have a net worth of {stats.port_value:,}."
    yield f" {stats.planets:,} planets exist in the universe, {stats.citadel_percent}% have Citadels."
    yield f" {stats.active_players:,} Traders ({stats.percent_good}% Good) are active in the game."
    yield f" {stats.fighters:,} Fighters and {stats.mines:,} Mines are in use throughout the Universe."
    yield f" {stats.corporations} Corporations are in business."
