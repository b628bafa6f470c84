"""What the game's screens teach about the map: events in, facts out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from attrs import evolve

from ..._facts import Fact, Json
from ..events import (
    CimPortsListed,
    CimWarpsListed,
    DensityScanned,
    Fleet,
    PortReported,
    SectorDisplayed,
    StarDockLocated,
    WarpsTold,
)
from ._values import HIGHEST_SECTOR, SPECIAL, STARDOCK_CLASS, Garbage, sector_from

if TYPE_CHECKING:
    from ._atlas import Atlas

SAME_FOR: Final = 600.0  # seconds in which seeing the same sector again is no news
STOCK_TTL: Final = 86_400.0  # a day: ports regain a twentieth of their stock, and others trade too
DENSITY_TTL: Final = 3_600.0
TRADER_TTL: Final = 3_600.0
FLEET_TTL: Final = 300.0  # roaming ships are elsewhere soon
FORT_TTL: Final = 7_200.0  # fighters and mines stay until somebody removes them
NAME: Final = re.compile(r"[^\w.'-]+")
PRODUCT_KEYS: Final[Mapping[str, str]] = MappingProxyType(
    {"Fuel Ore": "ore", "Organics": "organics", "Equipment": "equipment"}
)


def facts_from(atlas: Atlas, event: object, *, here: int | None, at: float, by: str) -> list[Fact]:
    """Give the facts an event teaches; *here* is the ship's sector, for reports that do not name one."""
    return [Fact(key, value, at, by, ttl=ttl) for key, value, ttl in _told(atlas, event, here, at)]


_Told = tuple[str, Json, float | None]


def _told(atlas: Atlas, event: object, here: int | None, at: float) -> Iterator[_Told]:
    match event:
        case SectorDisplayed():
            yield from _from_sector(atlas, event, at)
        case PortReported():
            yield from _from_report(atlas, event, here)
        case WarpsTold():
            yield from _from_ways(atlas, event.sector, event.warps)
        case CimWarpsListed():
            for sector, warps in event.rows:
                yield from _from_ways(atlas, sector, warps)
        case CimPortsListed():
            yield from _from_cim(atlas, event)
        case DensityScanned():
            for row in event.rows:
                seen: dict[str, Json] = {"density": row.density, "warps": row.warps}
                seen |= {"nav_haz": row.nav_haz, "anomaly": row.anomaly}
                yield f"density/{row.sector}", seen, DENSITY_TTL
        case StarDockLocated() if atlas.stardock() != event.sector:
            dock: dict[str, Json] = {"code": SPECIAL, "class": STARDOCK_CLASS, "name": "StarDock"}
            yield f"port/{event.sector}", dock, None
        case _:
            pass


def _from_sector(atlas: Atlas, seen: SectorDisplayed, at: float) -> Iterator[_Told]:
    known = atlas.sector(seen.number)
    warps = seen.warps or (known.warps if known else ())
    port = seen.port if seen.port is not None and not seen.port.destroyed else None
    value: dict[str, Json] = {
        "warps": list(warps),
        "port": port.code if port else None,
        "class": port.port_class if port else None,
        "port_name": port.name if port else "",
        "space": seen.region.rstrip("."),
        "beacon": seen.beacon or "",
        "nav_haz": seen.nav_haz,
    }
    key = f"sector/{seen.number}"
    if not _stands(atlas, key, value, at):
        yield key, value, None
    for fleet in seen.fleets:
        if fleet.kind == "trader":
            yield from _from_trader(fleet, seen.number)
    yield from _from_threats(seen)


def _stands(atlas: Atlas, key: str, value: Json, at: float) -> bool:
    try:
        new = sector_from(Fact(key, value, at, ""))
    except Garbage:
        return False
    known = atlas.sector(new.number)
    return (
        known is not None and at - known.seen_at < SAME_FOR and evolve(known, seen_at=at, seen_by="") == new
    )


def _from_trader(fleet: Fleet, sector: int) -> Iterator[_Told]:
    name = NAME.sub("_", fleet.name)[:40]
    if name:
        value: dict[str, Json] = {"name": fleet.name, "sector": sector, "fighters": fleet.fighters}
        value |= {"corp": fleet.corp, "ship": fleet.ship_type}
        yield f"trader/{name}", value, TRADER_TTL


def _from_threats(seen: SectorDisplayed) -> Iterator[_Told]:
    key = f"danger/{seen.number}"
    if seen.fighters is not None and seen.fighters.whose == "other":
        fort = seen.fighters
        yield (
            key,
            {"why": "fighters", "fighters": fort.count, "owner": fort.owner, "mode": fort.mode},
            FORT_TTL,
        )
    elif any(field.whose == "other" and field.kind == "Armid" for field in seen.mines):
        yield key, {"why": "mines"}, FORT_TTL
    elif ships := [fleet for fleet in seen.fleets if fleet.kind == "ferrengi"]:
        yield key, {"why": "Ferrengi", "fighters": sum(ship.fighters for ship in ships)}, FLEET_TTL


def _from_report(atlas: Atlas, report: PortReported, here: int | None) -> Iterator[_Told]:
    sector = here if report.sector is None else report.sector
    if sector is None or not report.code:
        return
    known = atlas.port(sector)
    products = {
        PRODUCT_KEYS[row.product]: {
            "status": "buying" if row.status == "Buying" else "selling",
            "amount": row.amount,
            "percent": row.percent,
        }
        for row in report.rows
    }
    name = report.name or (known.name if known else "")
    yield f"port/{sector}", cast(Json, {"code": report.code, "name": name, "products": products}), STOCK_TTL


def _from_ways(atlas: Atlas, sector: int, warps: Iterable[int]) -> Iterator[_Told]:
    if not 1 <= sector <= HIGHEST_SECTOR:
        return
    known, ways = atlas.sector(sector), sorted(warps)
    if known is None or list(known.warps) != ways:
        value: dict[str, Json] = {"warps": ways}
        if known is not None:
            value |= {"port": known.code, "class": known.port_class, "port_name": known.port_name}
            value |= {"space": known.space, "beacon": known.beacon, "nav_haz": known.nav_haz}
        yield f"sector/{sector}", value, None


def _from_cim(atlas: Atlas, listed: CimPortsListed) -> Iterator[_Told]:
    for row in listed.rows:
        known = atlas.port(row.sector)
        if known is not None and not known.tradeable:
            continue  # the dump lists StarDock as if it bought goods
        products = {
            name: {"status": "buying" if buys else "selling", "amount": amount, "percent": percent}
            for name, buys, amount, percent in zip(
                PRODUCT_KEYS.values(), row.buys, row.amounts, row.percents, strict=True
            )
        }
        name = known.name if known else ""
        yield (
            f"port/{row.sector}",
            cast(Json, {"code": row.code, "name": name, "products": products}),
            STOCK_TTL,
        )
