"""The map for people: a listing for the terminal and a picture as SVG, from the standard library alone.

The picture is laid out in rings: sectors in rows by the number of warps from the centre. It needs
no iteration, and the same map always gives the same picture.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final
from xml.sax.saxutils import escape

from ._atlas import Atlas
from ._values import STARDOCK_CLASS

COLUMNS: Final = 24  # sectors side by side in the picture
STEP_X: Final = 58  # pixels from sector to sector
STEP_Y: Final = 44
GAP: Final = 26  # pixels more between rings
LEFT: Final = 90
TOP: Final = 70
BOX: Final = (46, 20)
STYLE: Final = (
    "text{font:10px sans-serif;text-anchor:middle}"
    ".say{font-size:13px;text-anchor:start}.ring{fill:#8a8f98;text-anchor:start}"
    "line{stroke:#d3d7de;stroke-width:1}.first{stroke:#7c8696;stroke-width:1.5}"
    ".one-way{stroke:#d08a2e;stroke-dasharray:4 3}"
    "rect{fill:#f1f2f4;stroke:#8a8f98}.unseen rect{fill:#fff;stroke-dasharray:3 2}"
    ".sells rect{fill:#bfe3c8}.buys rect{fill:#bcd7f2}.special rect{fill:#f7dc8b}"
    ".danger rect{stroke:#c62828;stroke-width:3}"
)
LEGEND: Final = (
    ("sells", "port selling equipment"),
    ("buys", "port buying equipment"),
    ("special", "special port"),
    ("unseen", "unexplored"),
    ("danger", "danger"),
)

_Places = dict[int, tuple[int, int]]


def draw_text(atlas: Atlas, centre: int | None = None) -> str:
    """List the known map, what is nearest to *centre* (sector 1 unless given) first."""
    lines = [_summary(atlas), ""]
    if atlas.explored_count:
        lines.append(f"{'hops':>4} {'sector':>6}  {'port':<30} ways out, unexplored ones in parentheses")
    rings, elsewhere = _rings(atlas, centre)
    for hops, ring in [*((str(n), ring) for n, ring in enumerate(rings)), ("-", elsewhere)]:
        lines += (
            f"{hops:>4} {number:>6}  {_port_words(atlas, number):<30} {_notes(atlas, number)}".rstrip()
            for number in ring
            if atlas.explored(number) or atlas.port(number) is not None
        )
    return "\n".join(lines) + "\n"


def draw_svg(atlas: Atlas, centre: int | None = None) -> str:
    """Draw the known map around *centre* (sector 1 unless given) as one SVG document."""
    rings, elsewhere = _rings(atlas, centre)
    places, captions, height = _lay_out([*rings, elsewhere] if elsewhere else rings, bool(elsewhere))
    width = LEFT + COLUMNS * STEP_X + 20
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        f'<style>{STYLE}</style><rect width="100%" height="100%" style="fill:#fff;stroke:none"/>',
        f'<text class="say" x="20" y="24">{escape(_summary(atlas))}</text>',
        *_legend(),
        *captions,
        *_ways(atlas, places),
        *(_box(atlas, number, x, y) for number, (x, y) in places.items()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _summary(atlas: Atlas) -> str:
    words = (
        f"{atlas.explored_count} sectors explored, {len(atlas.frontier())} seen from next door, "
        f"{len(atlas.ports)} ports, {len(atlas.dead_ends())} dead ends, {len(atlas.dangers)} dangers"
    )
    dock = atlas.stardock()
    return words + (f"; StarDock in {dock}" if dock else "; StarDock not found yet")


def _rings(atlas: Atlas, centre: int | None) -> tuple[list[list[int]], list[int]]:
    explored = {sector.number for sector in atlas.sectors if atlas.explored(sector.number)}
    if not explored:
        return [], []
    start = centre if centre in explored else min(explored)
    far = atlas.distances(start, around=False)
    rings: list[list[int]] = [[] for _ in range(max(far.values()) + 1)]
    for number, hops in far.items():
        rings[hops].append(number)
    rest = explored | {port.sector for port in atlas.ports}
    return rings, sorted(rest - far.keys())


def _port_words(atlas: Atlas, number: int) -> str:
    port = atlas.port(number)
    if port is None:
        return ""
    kind = "StarDock" if port.port_class == STARDOCK_CLASS else port.code
    return kind if port.name == kind else f"{kind} {port.name[:24]}".rstrip()


def _notes(atlas: Atlas, number: int) -> str:
    ways = " ".join(str(way) if atlas.explored(way) else f"({way})" for way in atlas.warps(number))
    danger = atlas.danger(number)
    return ways + (f"  ! {danger.why}" if danger else "")


def _lay_out(rings: list[list[int]], elsewhere: bool) -> tuple[_Places, list[str], int]:  # noqa: FBT001 - private
    places: _Places = {}
    captions: list[str] = []
    y = TOP
    for hops, ring in enumerate(rings):
        caption = "elsewhere" if elsewhere and hops == len(rings) - 1 else f"{hops} hops"
        captions.append(f'<text class="ring" x="10" y="{y + 4}">{caption}</text>')
        for index, number in enumerate(ring):
            row, column = divmod(index, COLUMNS)
            # Short rings stand in the middle, so that ways run down rather than across.
            indent = max(0, COLUMNS - len(ring)) * STEP_X // 2
            places[number] = (LEFT + indent + column * STEP_X + STEP_X // 2, y + row * STEP_Y)
        y += (max(0, len(ring) - 1) // COLUMNS + 1) * STEP_Y + GAP
    return places, captions, y


def _legend() -> Iterator[str]:
    for index, (kind, words) in enumerate(LEGEND):
        x = LEFT + index * 190
        yield f'<g class="{kind}"><rect x="{x}" y="34" width="24" height="12"/></g>'
        yield f'<text class="ring" x="{x + 30}" y="44">{words}</text>'


def _ways(atlas: Atlas, places: _Places) -> Iterator[str]:
    first: set[int] = set()
    for number, (x, y) in places.items():
        for way in atlas.warps(number):
            if way not in places:
                continue
            back = number in atlas.warps(way)
            if back and way < number and not (way in first or places[way][1] > y):
                continue  # drawn from the other end
            there_x, there_y = places[way]
            kind = "first" if there_y > y and way not in first else ""
            first.add(way)
            if not back and atlas.explored(way):
                kind = "one-way"
            yield f'<line class="{kind}" x1="{x}" y1="{y}" x2="{there_x}" y2="{there_y}"/>'


def _kinds(atlas: Atlas, number: int) -> Collection[str]:
    port = atlas.port(number)
    kinds = ["danger"] if atlas.danger(number) else []
    if port is not None:
        kinds.append("special" if not port.tradeable else "buys" if port.buys("equipment") else "sells")
    elif not atlas.explored(number):
        kinds.append("unseen")
    return kinds


def _box(atlas: Atlas, number: int, x: int, y: int) -> str:
    wide, high = BOX
    port = atlas.port(number)
    code = f'<text x="{x}" y="{y + 22}">{_port_words(atlas, number).split()[0]}</text>' if port else ""
    title = escape(f"{number} {_port_words(atlas, number)} {_notes(atlas, number)}")
    return (
        f'<g class="{" ".join(_kinds(atlas, number))}"><title>{title}</title>'
        f'<rect x="{x - wide // 2}" y="{y - high // 2}" width="{wide}" height="{high}" rx="4"/>'
        f'<text x="{x}" y="{y + 4}">{number}</text>{code}</g>'
    )
