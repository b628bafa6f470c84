"""The world as rows of text: what saving writes, what restoring reads, what a digest digests."""

from __future__ import annotations

import hashlib
import json
from enum import Enum
from typing import TYPE_CHECKING, Any

from attrs import fields, frozen, has

from .dice import Dice
from .galaxy import Galaxy, Port
from .settings import Settings
from .state import Alien, Chronicle, Force, LogEntry, Mail, Mode, Planet, Player, Prefs, Ship, Stock, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_CLASSES: dict[str, type[Any]] = {
    "player": Player,
    "ship": Ship,
    "stock": Stock,
    "force": Force,
    "alien": Alien,
    "planet": Planet,
    "chronicle": Chronicle,
    "settings": Settings,
}
_BITS = frozenset({"explored", "avoids"})
_THAW: dict[str, Callable[[Any], Any]] = {
    "explored": lambda text: int(text, 16),
    "avoids": lambda text: int(text, 16),
    "prefs": lambda data: Prefs(**data),
    "mail": lambda rows: tuple(Mail(**row) for row in rows),
    "log": lambda rows: tuple(LogEntry(**row) for row in rows),
    "mode": Mode,
    "cargo": tuple,
    "amounts": tuple,
    "counted_at": tuple,
}


@frozen
class Changes:
    """What is new since the last `pack`: rows by kind and key; no text means that the row is gone."""

    rows: Mapping[tuple[str, int], str | None]

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def trivial(self) -> bool:
        """Whether nothing but time and chance went on: such changes may wait for the next ones."""
        return set(self.rows) <= {("chronicle", 0)}

    def then(self, newer: Changes) -> Changes:
        """Put newer changes on top, for one write instead of two or after a write that failed."""
        return Changes({**self.rows, **newer.rows})


def _plain(value: Any) -> Any:
    cls: type[Any] = value.__class__
    if cls is tuple:
        return [_plain(each) for each in value]
    if issubclass(cls, Enum):
        return value.value
    if has(cls):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(cls)}
    return value


def _write(record: Any) -> str:
    cls: type[Any] = record.__class__
    data = {
        # In hexadecimal: Python refuses to print a number of 20,000 bits in decimal.
        each.name: f"{getattr(record, each.name):x}"
        if each.name in _BITS
        else _plain(getattr(record, each.name))
        for each in fields(cls)
        if each.name != "changed"
    }
    return json.dumps(data, separators=(",", ":"))


def _read(kind: str, text: str) -> Any:
    cls, data = _CLASSES[kind], json.loads(text)
    known = {each.name for each in fields(cls)}
    # A key that this version does not know any more is let go; one it misses has its default.
    return cls(**{name: _THAW.get(name, _same)(value) for name, value in data.items() if name in known})


def _same(value: Any) -> Any:
    return value


def _write_galaxy(galaxy: Galaxy) -> str:
    ports = [
        [sector, port.name, port.kind, list(port.productivity), list(port.mcic)]
        for sector, port in galaxy.ports.items()
    ]
    data = {
        "warps": galaxy.warps,
        "ports": ports,
        "fedspace": sorted(galaxy.fedspace),
        "stardock": galaxy.stardock,
        "ferrengal": galaxy.ferrengal,
        "regions": sorted(galaxy.regions.items()),
    }
    return json.dumps(data, separators=(",", ":"))


def _read_galaxy(text: str) -> Galaxy:
    data = json.loads(text)
    return Galaxy(
        warps=tuple(map(tuple, data["warps"])),
        ports={
            sector: Port(name, kind, tuple(made), tuple(mcic))
            for sector, name, kind, made, mcic in data["ports"]
        },
        fedspace=frozenset(data["fedspace"]),
        stardock=data["stardock"],
        ferrengal=data["ferrengal"],
        regions=dict(data["regions"]),
    )


def _tables(world: World) -> dict[str, dict[int, Any]]:
    return {
        "player": world.players,
        "ship": world.ships,
        "stock": world.stocks,
        "force": world.forces,
        "alien": world.aliens,
        "planet": world.planets,
        "chronicle": {0: world.chronicle},
    }


def _records(world: World) -> Iterator[tuple[str, int, Any]]:
    for kind, table in _tables(world).items():
        for key, record in table.items():
            yield kind, key, record


def _note_dice(world: World) -> None:
    if world.chronicle.dice != world.dice.state:
        world.chronicle.dice = world.dice.state


def pack(world: World) -> Changes:
    """Give what has changed since the last time, and count it as packed; the first time, everything."""
    _note_dice(world)
    rows: dict[tuple[str, int], str | None] = {}
    if world.packed is None:
        rows["galaxy", 0] = _write_galaxy(world.galaxy)
    if world.packed != world.settings:
        rows["settings", 0] = _write(world.settings)
        world.packed = world.settings
    rows.update(dict.fromkeys(sorted(world.gone)))
    world.gone.clear()
    for kind, key, record in _records(world):
        if record.changed:
            rows[kind, key] = _write(record)
            record.changed = False
    return Changes(rows)


def unpack(rows: Iterable[tuple[str, int, str]]) -> World:
    """Put a world together again from all its rows. Raises `KeyError`, `ValueError`, `TypeError`."""
    found: dict[str, dict[int, Any]] = {kind: {} for kind in _CLASSES}
    galaxy = None
    for kind, key, text in rows:
        if kind == "galaxy":
            galaxy = _read_galaxy(text)
        else:
            found[kind][key] = _read(kind, text)
    if galaxy is None:
        raise ValueError("the galaxy is missing")
    chronicle, settings = found["chronicle"][0], found["settings"][0]
    world = World(settings, galaxy, Dice(chronicle.dice), chronicle)
    for kind, table in _tables(world).items():
        if kind != "chronicle":
            table.update(sorted(found[kind].items()))
    for _, _, record in _records(world):
        record.changed = False
    world.packed = settings
    return world


def digest(world: World) -> str:
    """Sum the whole state up: equal digests mean equal worlds. Who is on line does not count."""
    _note_dice(world)
    total = hashlib.sha256()
    total.update(_write(world.settings).encode())
    total.update(_write_galaxy(world.galaxy).encode())
    for kind, key, record in sorted(_records(world), key=lambda row: row[:2]):
        total.update(f"{kind}/{key}={_write(record)}\n".encode())
    return total.hexdigest()
