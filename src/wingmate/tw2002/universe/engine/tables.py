"""Numbers that never change during a game: ships, goods, ranks, prices."""

from __future__ import annotations

from enum import IntEnum

from attrs import frozen


class Product(IntEnum):
    """What ports trade, in the order of every report."""

    ORE = 0
    ORGANICS = 1
    EQUIPMENT = 2

    @property
    def label(self) -> str:
        """The name on the screen."""
        return ("Fuel Ore", "Organics", "Equipment")[self]


@frozen
class Goods:
    """How one product is priced: base price, weight of the stock, MCIC range (player research)."""

    base: float
    factor: float
    mcic: tuple[int, int]


GOODS = (
    Goods(25.5, 0.25, (40, 90)),
    Goods(50.5, 0.5, (30, 75)),
    Goods(90.5, 0.9, (20, 65)),
)

# B means that the port buys; shares at the big bang are player research.
PORT_CODES = {1: "BBS", 2: "BSB", 3: "SBB", 4: "SSB", 5: "SBS", 6: "BSS", 7: "SSS", 8: "BBB", 9: "BBB"}
PORT_SHARES = {1: 20, 2: 20, 3: 20, 4: 10, 5: 10, 6: 10, 7: 5, 8: 5}
SPECIAL = "Special"
CLASS_ZERO = 0
STARDOCK = 9


@frozen(kw_only=True)
class Hull:
    """One type of ship: player research, agreeing with the prices seen on TWGS 2.20b."""

    name: str
    maker: str = ""
    short: str
    letter: str = ""
    cost: int
    holds: tuple[int, int]
    fighters: int
    wave: int
    shields: int
    turns: int
    offence: float
    defence: float
    mines: int = 0
    beacons: int = 0
    genesis: int = 0
    scanner: bool = True
    planet_scanner: bool = True
    photons: bool = False
    transwarp: bool = False
    transport: int = 0


def _hull(line: str) -> Hull:
    words = [word.strip() for word in line.split("|")]
    letter, name, maker, short, cost, holds, fighters, wave, shields, turns, odds, gear, extra = words
    low, high = holds.split("/")
    offence, _, defence = odds.partition("/")
    mines, beacons, genesis, transport = (int(word) for word in gear.split())
    return Hull(
        letter=letter,
        name=name,
        maker=maker,
        short=short,
        cost=int(cost),
        holds=(int(low), int(high)),
        fighters=int(fighters),
        wave=int(wave),
        shields=int(shields),
        turns=int(turns),
        offence=float(offence),
        defence=float(defence or offence),
        mines=mines,
        beacons=beacons,
        genesis=genesis,
        transport=transport,
        scanner="L" in extra,
        planet_scanner="P" in extra,
        photons="M" in extra,
        transwarp="T" in extra,
    )


# Letters as in the shipyards. Costs, holds, fighters, waves, shields, turns and odds: player research.
# The last two columns (mines, beacons, genesis, transport range; L long range scanner, P planet scanner,
# M photon missiles, T transwarp) are player research for the StarMaster and
# Invented: for most of the others.  Makers are attested for three hulls only.
_HULLS = """
A|Merchant Cruiser||MerCru|41300|20/75|2500|750|400|3|1.0|50 50 5 5|LP
B|Scout Marauder|IonStream|ScoMar|15950|10/25|250|250|100|2|2.0|0 10 0 0|LP
C|Missile Frigate||MisFri|100800|12/60|5000|2000|400|3|1.3|5 5 0 2|M
D|BattleShip||BatShi|88500|16/80|10000|3000|750|4|1.6|25 50 1 8|LP
E|Corporate FlagShip||CorFla|163500|20/85|20000|6000|1500|3|1.2|100 100 10 10|LPT
F|Colonial Transport||ColTra|63600|50/250|200|100|500|6|0.6|0 10 5 7|P
G|CargoTran||CarTra|51950|50/125|400|125|1000|4|0.8|1 20 2 5|LP
H|Merchant Freighter||MerFre|33400|30/65|300|100|500|2|0.8|2 20 2 5|LP
I|Imperial StarShip||ImpSta|329000|40/150|50000|10000|2000|4|1.5|125 150 10 15|LPMT
J|Havoc GunStar||HavGun|79000|12/50|10000|1000|3000|3|1.2|5 5 1 6|LPT
K|StarMaster||StaMas|61300|20/73|5000|1000|2000|3|1.4|50 50 5 3|LP
L|Constellation||Conste|72500|20/80|5000|2000|750|3|1.4|25 50 2 6|LP
M|T'Khasi Orion||T'KOri|42250|30/60|750|250|750|2|1.1|5 20 1 3|LP
N|Tholian Sentinel||TholSe|47500|10/50|2500|800|4000|4|1.0/4.0|50 10 1 3|P
O|Taurean Mule||TauMul|63600|50/150|300|150|600|4|0.5|0 20 1 5|LP
P|Interdictor Cruiser||IntCru|539000|10/40|100000|15000|4000|15|1.2|200 100 20 20|LP
|*** Escape Pod ***|Markham Space Tech|EscPod|0|5/5|50|10|50|6|0.6|0 0 0 0|
|Ferrengi Assault Trader|Ferrengi|FerAss|0|60/60|10000|1500|500|3|0.8|0 0 0 0|L
|Ferrengi Battle Cruiser|Ferrengi|FerBat|0|30/30|20000|3000|1000|3|1.1|0 0 0 0|L
"""
HULLS: dict[str, Hull] = {hull.name: hull for hull in map(_hull, _HULLS.strip().splitlines())}
YARD = tuple(hull for hull in HULLS.values() if hull.letter)
CRUISER, MARAUDER, POD = "Merchant Cruiser", "Scout Marauder", "*** Escape Pod ***"
FERRENGI_HULLS = ("Ferrengi Assault Trader", "Ferrengi Battle Cruiser")

GOOD_RANKS = [
    "Civilian",
    "Private",
    "Private 1st Class",
    "Lance Corporal",
    "Corporal",
    "Sergeant",
    "Staff Sergeant",
    "Gunnery Sergeant",
    "1st Sergeant",
    "Sergeant Major",
    "Warrant Officer",
    "Chief Warrant Officer",
    "Ensign",
    "Lieutenant J.G.",
    "Lieutenant",
    "Lieutenant Commander",
    "Commander",
    "Captain",
    "Commodore",
    "Rear Admiral",
    "Vice Admiral",
    "Admiral",
    "Fleet Admiral",
]
EVIL_RANKS = [
    "Annoyance",
    "Nuisance 3rd Class",
    "Nuisance 2nd Class",
    "Nuisance 1st Class",
    "Menace 3rd Class",
    "Menace 2nd Class",
    "Menace 1st Class",
    "Smuggler 3rd Class",
    "Smuggler 2nd Class",
    "Smuggler 1st Class",
    "Smuggler Savant",
    "Robber",
    "Terrorist",
    "Pirate",
    "Infamous Pirate",
    "Notorious Pirate",
    "Dread Pirate",
    "Galactic Scourge",
    "Enemy of the State",
    "Enemy of the People",
    "Enemy of Humankind",
    "Heinous Overlord",
    "Prime Evil",
]
ALIEN_RANKS = [
    "Servant",
    "Capitalist",
    "Trader",
    "Entrepreneur",
    "Merchant Apprentice",
    "Merchant",
    "Executive Merchant",
    "Merchant Baron",
    "Merchant Prince",
    "Grand Merchant",
    "Financier",
    "Tycoon",
    "Mogul",
    "Supreme Mogul",
]

# Invented: the borders; every word but the neutral one was seen in play with a value in its span.
_ALIGNMENTS = (
    (100_000, "Saintly"),
    (20_000, "Gallant"),
    (5_000, "Forgiving"),
    (500, "Unselfish"),
    (0, "Tolerant"),
    (-100, "Rude"),
    (-300, "Crass"),
    (-1_000, "Harsh"),
    (-5_000, "Mean"),
)


def rank(experience: int, alignment: int) -> str:
    """Name the rank: titles double their price each step, good and evil have their own ladders (seen)."""
    ladder = GOOD_RANKS if alignment >= 0 else EVIL_RANKS
    return ladder[min(len(ladder) - 1, max(0, experience.bit_length() - 1) if experience > 0 else 0)]


def alien_rank(experience: int) -> str:
    """Name a Ferrengi's rank (the titles are attested)."""
    # Invented: the same doubling as the traders' ladders.
    return ALIEN_RANKS[min(len(ALIEN_RANKS) - 1, max(0, experience.bit_length() - 1))]


def alignment_word(alignment: int) -> str:
    """Give the word after the alignment on the info screen."""
    for border, word in _ALIGNMENTS:
        if alignment >= border:
            return word
    return "Conniving"


@frozen
class Hardware:
    """One article of the Hardware Emporium; `limit` is None where the hull decides."""

    key: str
    name: str
    price: int
    field: str
    limit: int | None = None


# Keys: the emporium's menu; prices and the limits of 5 and 25: seen on TWGS 2.20b.
HARDWARE = (
    Hardware("A", "Atomic Detonators", 15_000, "detonators", 5),
    Hardware("B", "Beacons", 100, "beacons"),
    Hardware("E", "Probes", 3_000, "probes", 25),
    Hardware("F", "Planet Scanner", 30_000, "planet_scanner", 1),
    Hardware("L", "Limpet mines", 10_000, "limpets"),
    Hardware("M", "mines", 1_000, "armid"),
    Hardware("D", "Cloaking units", 25_000, "cloaks", 5),
    Hardware("C", "Corbomite Transducers", 1_000, "corbomite", 1_500),
    Hardware("P", "Photon Missiles", 40_000, "photons", 5),
    Hardware("S", "Mine Disruptors", 6_000, "disruptors", 10),
    Hardware("T", "Genesis Torpedoes", 20_000, "genesis", 5),
    Hardware("W", "TransWarp Drive", 50_000, "twarp", 1),
    Hardware("Y", "Psychic Probe", 10_000, "psychic", 1),
)
DENSITY_PRICE = 2_000
HOLO_PRICE = 25_000

# Density of things in a sector: player research, many sources agree.
DENSITY = {
    "beacon": 1,
    "limpet": 2,
    "fighter": 5,
    "armid": 10,
    "navhaz": 21,
    "unmanned": 38,
    "manned": 40,
    "port": 100,
    "planet": 500,
}
