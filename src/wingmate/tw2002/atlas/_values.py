"""What the map is made of, and the door at which facts from elsewhere are checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias, cast

from attrs import field, frozen

from ..._facts import Fact, Json

HIGHEST_SECTOR: Final = 100_000  # no known game goes above 30,000; a claim beyond is garbage
MOST_WARPS: Final = 6  # a sector of the game has one to six ways out
LONGEST_TEXT: Final = 80  # one screen line
LARGEST_STOCK: Final = 1_000_000  # the game keeps at most 65,530

Product: TypeAlias = str
PRODUCTS: Final[tuple[Product, ...]] = ("ore", "organics", "equipment")
CODES: Final[Mapping[int, str]] = MappingProxyType(
    {1: "BBS", 2: "BSB", 3: "SBB", 4: "SSB", 5: "SBS", 6: "BSS", 7: "SSS", 8: "BBB"}
)
CLASSES: Final[Mapping[str, int]] = MappingProxyType({code: number for number, code in CODES.items()})
SPECIAL: Final = "Special"  # classes 0 (sells ship parts) and 9 (StarDock)
STARDOCK_CLASS: Final = 9


@frozen
class Stock:
    """One line of a port's report: whether the port buys it, how much, and the percentage of its maximum."""

    buying: bool
    amount: int
    percent: int


def _no_stock() -> Mapping[Product, Stock]:
    return MappingProxyType({})


@frozen(kw_only=True)
class Port:
    """A port as last heard of; `products` is empty until somebody read its report."""

    sector: int
    code: str
    name: str = ""
    port_class: int | None = None
    products: Mapping[Product, Stock] = field(factory=_no_stock)
    seen_at: float = 0.0

    @property
    def tradeable(self) -> bool:
        """Whether it deals in goods, unlike the special ports."""
        return self.code in CLASSES

    def buys(self, product: Product) -> bool:
        """Say whether the port takes that product."""
        return self.tradeable and self.code[PRODUCTS.index(product)] == "B"

    def sells(self, product: Product) -> bool:
        """Say whether the port gives that product."""
        return self.tradeable and self.code[PRODUCTS.index(product)] == "S"

    def matches(self, kind: str | int) -> bool:
        """Say whether it is of a class (`9`) or a code, in which `x` stands for either letter."""
        if isinstance(kind, int):
            return self.port_class == kind
        return len(kind) == len(self.code) and all(
            want in {"x", have} for want, have in zip(kind, self.code, strict=True)
        )


@frozen(kw_only=True)
class Sector:
    """A sector as last heard of; `warps` is empty until somebody was there."""

    number: int
    warps: tuple[int, ...] = ()
    code: str | None = None
    port_class: int | None = None
    port_name: str = ""
    space: str = ""
    beacon: str = ""
    nav_haz: int = 0
    seen_at: float = 0.0
    seen_by: str = ""

    @property
    def fedspace(self) -> bool:
        """Whether Federation law holds there."""
        return self.space == "The Federation"


@frozen(kw_only=True)
class Danger:
    """A sector to keep away from, and why."""

    sector: int
    why: str
    seen_at: float = 0.0
    seen_by: str = ""


class Garbage(ValueError):
    """A fact that no bot of ours can have meant."""


def sector_number(value: Json) -> int:
    """Check a sector number. Raises `Garbage`."""
    return whole(value, 1, HIGHEST_SECTOR)


def whole(value: Json, low: int, high: int) -> int:
    """Check a whole number between two limits. Raises `Garbage`."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Garbage
    return value


def place(fact: Fact) -> int:
    """Read the sector number from a key such as `sector/7`. Raises `Garbage`."""
    digits = fact.key.partition("/")[2]
    if (
        not (digits.isascii() and digits.isdigit())
        or digits[0] == "0"
        or len(digits) > len(str(HIGHEST_SECTOR))
    ):
        raise Garbage
    return sector_number(int(digits))


def _table(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise Garbage
    return value


def _text(value: Json) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise Garbage
    return value if value.isprintable() else ""


def _warps(value: Json) -> tuple[int, ...]:
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) > MOST_WARPS:
        raise Garbage
    for warp in value:
        # Spelt out: six of these for each of 20,000 sectors are most of the time it takes to load a map.
        if type(warp) is not int or not 1 <= warp <= HIGHEST_SECTOR:
            raise Garbage
    return tuple(sorted(set(cast(Sequence[int], value))))


def _code(value: Json) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not (value in CLASSES or value == SPECIAL):
        raise Garbage
    return value


def _class(value: Json, code: str | None) -> int | None:
    if value is None:
        return CLASSES.get(code or "")
    return whole(value, 0, STARDOCK_CLASS)


def sector_from(fact: Fact) -> Sector:
    """Read a `sector/…` fact. Raises `Garbage`."""
    number, value = place(fact), _table(fact.value)
    code = _code(value.get("port"))
    warps = _warps(value.get("warps"))
    return Sector(
        number=number,
        warps=tuple(warp for warp in warps if warp != number) if number in warps else warps,
        code=code,
        port_class=_class(value.get("class"), code),
        port_name=_text(value.get("port_name")),
        space=_text(value.get("space")),
        beacon=_text(value.get("beacon")),
        nav_haz=whole(value.get("nav_haz") or 0, 0, 100),
        seen_at=fact.seen_at,
        seen_by=fact.seen_by,
    )


def _stock(value: Json) -> Stock:
    line = _table(value)
    status = line.get("status")
    if status not in {"buying", "selling"}:
        raise Garbage
    return Stock(
        buying=status == "buying",
        amount=whole(line.get("amount"), 0, LARGEST_STOCK),
        percent=whole(line.get("percent"), 0, 100),
    )


def port_from(fact: Fact) -> Port:
    """Read a `port/…` fact. Raises `Garbage`."""
    number, value = place(fact), _table(fact.value)
    code = _code(value.get("code"))
    if code is None:
        raise Garbage
    products = _table(value.get("products") or {})
    if not set(products) <= set(PRODUCTS):
        raise Garbage
    return Port(
        sector=number,
        code=code,
        name=_text(value.get("name")),
        port_class=_class(value.get("class"), code),
        products=MappingProxyType({name: _stock(line) for name, line in products.items()}),
        seen_at=fact.seen_at,
    )


def danger_from(fact: Fact) -> Danger | None:
    """Read a `danger/…` fact, whose value is null when the danger is gone. Raises `Garbage`."""
    if fact.value is None:
        place(fact)
        return None
    why = _text(_table(fact.value).get("why")) or "unknown"
    return Danger(sector=place(fact), why=why, seen_at=fact.seen_at, seen_by=fact.seen_by)
