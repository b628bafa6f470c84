"""The big bang: warps, ports and law, from a seed. Nothing here changes during a game."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from attrs import define, frozen

from . import names
from .tables import CLASS_ZERO, GOODS, PORT_CODES, PORT_SHARES, SPECIAL, STARDOCK, Product

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .dice import Dice
    from .settings import Settings

LAW = "FedSpace, FedLaw Enforced"
FEDERATION, UNCHARTED, FERRENGI_SPACE = "The Federation", "uncharted space", "Ferrengi Space"
MAX_WARPS = 6

# Sol's own warps are player lore; Invented: the rest of the web between the first ten sectors.
_FEDSPACE = {
    1: (2, 3, 4, 5, 6, 7),
    2: (1, 3, 7, 8, 9, 10),
    3: (1, 2, 4),
    4: (1, 3, 5),
    5: (1, 4, 6),
    6: (1, 5, 7),
    7: (1, 2, 6, 8),
    8: (2, 7),
    9: (2, 10),
    10: (2, 9),
}
# Invented: how many warps a sector strives for (weights for one to six); holo scans on live servers
# show all of these, with three and four the commonest.
_DEGREES = (12, 22, 26, 20, 12, 8)
_ONE_WAY = 0.15
_BUBBLE = (0.012, 6, 24)


@frozen
class Port:
    """A port as built: class, daily productivity and MCIC per product (player research)."""

    name: str
    kind: int
    productivity: tuple[int, int, int] = (0, 0, 0)
    mcic: tuple[int, int, int] = (0, 0, 0)

    @property
    def code(self) -> str:
        """What it buys and sells, as the sector display spells it."""
        return SPECIAL if self.kind in {CLASS_ZERO, STARDOCK} else PORT_CODES[self.kind]

    def buys(self, product: Product) -> bool:
        """Whether the port buys *product* from traders; StarDock buys all three (seen in a port list)."""
        return PORT_CODES[self.kind][product] == "B"

    def capacity(self, product: Product) -> int:
        """How much the port can hold: ten days of production (player research)."""
        return 10 * self.productivity[product]


@frozen(eq=False)
class Galaxy:
    """Everything that never moves; `warps[n]` lists where one can go from sector n, ascending."""

    warps: tuple[tuple[int, ...], ...]
    ports: dict[int, Port]
    fedspace: frozenset[int]
    stardock: int
    ferrengal: int
    regions: dict[int, str]

    @property
    def sectors(self) -> int:
        """How many sectors there are; they are numbered from 1."""
        return len(self.warps) - 1

    def region(self, sector: int) -> str:
        """Name the part of space a sector is in."""
        return self.regions.get(sector, UNCHARTED)


def distances(warps: Sequence[Sequence[int]], start: int) -> list[int]:
    """Count the hops from *start* to every sector; -1 where no way leads."""
    hops = [-1] * len(warps)
    hops[start] = 0
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for there in warps[here]:
            if hops[there] < 0:
                hops[there] = hops[here] + 1
                queue.append(there)
    return hops


@define
class _Web:
    """The warps while they grow."""

    dice: Dice
    warps: list[set[int]]
    bubble: list[int]
    sizes: dict[int, int]

    def grow_tree(self, bubbles: bool) -> None:  # noqa: FBT001 - one setting, passed through
        """Hang every sector on one that hangs already, both ways: this keeps the galaxy connected."""
        order = list(range(11, len(self.warps)))
        self.dice.shuffle(order)
        roomy = list(range(3, 11))
        chance, low, high = _BUBBLE
        for sector in order:
            parent = self._pick(roomy)
            home = self.bubble[parent]
            if home:
                self.sizes[home] -= 1
            elif bubbles and parent > 10 and self.dice.random() < chance:
                home = sector
                self.sizes[home] = self.dice.randint(low, high)
            self.bubble[sector] = home
            self.link(sector, parent)
            roomy.append(sector)

    def _pick(self, roomy: list[int]) -> int:
        while True:
            at = self.dice.randrange(len(roomy))
            parent = roomy[at]
            home = self.bubble[parent]
            full = len(self.warps[parent]) >= MAX_WARPS - 1 or (home and self.sizes[home] <= 0)
            # Sector 3 stays open for ever: a universe of bubbles would leave no other place.
            if not full or (parent == 3 and len(roomy) == 1):
                return parent
            roomy[at] = roomy[-1]
            roomy.pop()

    def link(self, one: int, other: int) -> None:
        """Join two sectors both ways."""
        self.warps[one].add(other)
        self.warps[other].add(one)

    def thicken(self) -> None:
        """Add warps until most sectors have what they strive for; never across a bubble's skin."""
        count = len(self.warps)
        goals = self.dice.choices(range(1, MAX_WARPS + 1), weights=_DEGREES, k=count)
        groups: dict[int, list[int]] = {}
        for sector in range(11, count):
            missing = goals[sector] - len(self.warps[sector])
            groups.setdefault(self.bubble[sector], []).extend([sector] * missing)
        for group in groups.values():
            self.dice.shuffle(group)
            for one, other in zip(group[::2], group[1::2], strict=False):
                self._join(one, other)

    def _join(self, one: int, other: int) -> None:
        if one == other or len(self.warps[one]) >= MAX_WARPS:
            return
        if self.dice.random() < _ONE_WAY or len(self.warps[other]) >= MAX_WARPS:
            self.warps[one].add(other)
        else:
            self.link(one, other)


def _make_warps(settings: Settings, dice: Dice) -> tuple[tuple[int, ...], ...]:
    count = settings.sectors + 1
    web = _Web(dice, [set[int]() for _ in range(count)], [0] * count, {})
    for sector, targets in _FEDSPACE.items():
        web.warps[sector].update(targets)
    web.grow_tree(settings.bubbles)
    web.thicken()
    return tuple(tuple(sorted(targets)) for targets in web.warps)


def _make_port(dice: Dice, kind: int, taken: set[str]) -> Port:
    code = PORT_CODES[kind]
    # Invented: the span of productivity; stocks of 930 to 3,000 at full ports were seen.
    made = [dice.randint(90, 300) for _ in Product]
    mcic = [
        dice.randint(*goods.mcic) * (-1 if code[product] == "B" else 1)
        for product, goods in zip(Product, GOODS, strict=True)
    ]
    name = names.port_name(dice, taken)
    return Port(name, kind, (made[0], made[1], made[2]), (mcic[0], mcic[1], mcic[2]))


def _stardock_port(dice: Dice) -> Port:
    mcic = [-dice.randint(*goods.mcic) for goods in GOODS]
    # 3,000 units of each at 100 %: seen in a port list on TWGS 2.20b.
    return Port("Stargate Alpha I", STARDOCK, (300, 300, 300), (mcic[0], mcic[1], mcic[2]))


def _far(dice: Dice, hops: list[int], low: int, high: int, but: set[int]) -> int:
    """Pick a sector so many hops from Sol, or the nearest to that there is."""
    free = [sector for sector in range(11, len(hops)) if sector not in but]
    fitting = [sector for sector in free if low <= hops[sector] <= high]
    return dice.choice(fitting or free)


def make_galaxy(settings: Settings, dice: Dice) -> Galaxy:
    """Make the galaxy of these settings; the same dice make the same galaxy."""
    warps = _make_warps(settings, dice)
    hops = distances(warps, 1)
    taken = {"Sol", "Rylos", "Alpha Centauri", "Stargate Alpha I"}
    ports = {1: Port("Sol", CLASS_ZERO)}
    # Invented: how far these four are from Sol.
    stardock = _far(dice, hops, 3, 6, set())
    ports[stardock] = _stardock_port(dice)
    for name in ("Rylos", "Alpha Centauri"):
        ports[_far(dice, hops, 5, 9, set(ports))] = Port(name, CLASS_ZERO)
    ferrengal = _far(dice, hops, 8, 99, set(ports))
    # Not every place of the table is taken at the big bang: 381 of 400 were seen on TWGS 2.20b.
    count = min(settings.max_ports * 381 // 400, settings.sectors) - len(ports)
    places = [sector for sector in range(2, settings.sectors + 1) if sector not in ports]
    kinds = dice.choices(list(PORT_SHARES), weights=list(PORT_SHARES.values()), k=max(0, count))
    for sector, kind in zip(sorted(dice.sample(places, max(0, count))), kinds, strict=True):
        ports[sector] = _make_port(dice, kind, taken)
    fedspace = frozenset({*range(1, 11), stardock})
    regions = dict.fromkeys({ferrengal, *warps[ferrengal]} - fedspace, FERRENGI_SPACE)
    regions.update(dict.fromkeys(sorted(fedspace), FEDERATION))
    return Galaxy(warps, dict(sorted(ports.items())), fedspace, stardock, ferrengal, regions)
