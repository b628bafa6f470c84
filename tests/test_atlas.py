"""The map: loading, garbage, paths, frontier, pairs, sharing and drawing."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import deque
from itertools import pairwise
from random import Random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate import Fact
from wingmate.stores import MemoryStore
from wingmate.testing import simulate
from wingmate.tw2002 import events as ev
from wingmate.tw2002.atlas import Atlas, draw_svg, draw_text, unit_price


def sector(number, *warps, at=1.0, by="ann", **more):
    return Fact(f"sector/{number}", {"warps": list(warps), **more}, at, by)


def drawn(*facts):
    atlas = Atlas()
    for fact in facts:
        atlas.add(fact)
    return atlas


def test_paths_honour_one_way_warps_and_dangers():
    atlas = drawn(sector(1, 2, 3), sector(2, 4), sector(3, 5), sector(5, 4), sector(4, 1))
    assert atlas.path(1, 4) == (1, 2, 4)
    assert atlas.path(4, 3) == (4, 1, 3)
    assert atlas.path(2, 1) == (2, 4, 1)
    assert atlas.path(1, 1) == (1,)
    assert atlas.path(1, 9) is None
    atlas.add(Fact("danger/2", {"why": "mines"}, 1.0, "bob"))
    assert atlas.path(1, 4) == (1, 3, 5, 4)
    assert atlas.path(1, 2) == (1, 2), "a danger may be the goal"
    assert atlas.path(2, 4) == (2, 4), "... or where we are"
    assert atlas.path(1, 4, avoid=[3]) is None


def test_frontier_dead_ends_and_distances():
    atlas = drawn(sector(1, 2, 3), sector(2, 1), sector(3, 1, 4, 5))
    assert atlas.frontier() == [4, 5]
    assert atlas.dead_ends() == [2]
    assert atlas.nearest_frontier(1) == (1, 3, 4)
    assert atlas.nearest_frontier(1, avoid=[4]) == (1, 3, 5)
    assert atlas.distances(1) == {1: 0, 2: 1, 3: 1, 4: 2, 5: 2}
    atlas.add(sector(3, 1, 4, at=2.0))
    assert atlas.frontier() == [4], "a way that is gone leads nowhere"
    atlas.add(sector(4, 3, at=2.0))
    assert atlas.frontier() == []
    assert atlas.nearest_frontier(1) is None
    assert atlas.explored_count == 4


warps = st.dictionaries(st.integers(1, 30), st.lists(st.integers(1, 30), max_size=6), min_size=1)


@given(warps, st.sets(st.integers(1, 30), max_size=5), st.integers(1, 30), st.integers(1, 30))
def test_a_path_is_as_short_as_plain_search_finds(ways, shunned, start, goal):
    atlas = drawn(*(sector(here, *there) for here, there in ways.items()))
    for number in shunned:
        atlas.add(Fact(f"danger/{number}", {"why": "x"}, 1.0, "bob"))
    path = atlas.path(start, goal)
    far, queue = {start: 0}, deque([start])
    while queue:
        here = queue.popleft()
        for there in ways.get(here, ()):
            if there not in far and (there == goal or there not in shunned):
                far[there] = far[here] + 1
                queue.append(there)
    assert (None if path is None else len(path) - 1) == far.get(goal)
    if path is not None:
        assert all(there in ways[here] for here, there in pairwise(path))
        assert not set(path[1:-1]) & shunned


json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["BBS", "Special"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["warps", "port", "class", "code", "products", "ore", "status", "amount", "percent", "why"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
keys = st.one_of(
    st.builds(
        lambda kind, place: f"{kind}/{place}",
        st.sampled_from(["sector", "port", "danger", "x"]),
        st.integers(-2, 12),
    ),
    st.sampled_from(
        ["sector/", "sector/007", "port/²", "danger/99999999999", "sector", "port/1/2", "sector/\u0661"]
    ),
)


@given(st.lists(st.tuples(keys, json, st.floats(0, 10)), max_size=12))
def test_garbage_is_ignored_and_counted_and_never_hurts(facts):
    atlas = drawn(sector(1, 2), *(Fact(key, value, at, "eve") for key, value, at in facts))
    assert atlas.explored(1) or atlas.explored_count
    draw_text(atlas)
    ET.fromstring(draw_svg(atlas))
    assert atlas.pairs(date=5.0) is not None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sector/1", {"warps": [0]}),
        ("sector/1", {"warps": [2, "3"]}),
        ("sector/1", {"warps": [True]}),
        ("sector/1", {"warps": list(range(2, 9))}),
        ("sector/1", {"warps": [2], "port": "XXX"}),
        ("sector/1", {"warps": [2], "nav_haz": 400}),
        ("sector/0", {"warps": [2]}),
        ("sector/01", {"warps": [2]}),
        ("sector/1x", {"warps": [2]}),
        ("sector/123456789", {"warps": [2]}),
        ("sector/1", [1, 2]),
        ("port/1", {"code": None}),
        ("port/1", {"code": "BBS", "products": {"gold": {}}}),
        ("port/1", {"code": "BBS", "products": {"ore": {"status": "buying", "amount": -1, "percent": 3}}}),
        ("danger/1", {"why": "x" * 900}),
    ],
)
def test_each_kind_of_garbage_is_counted_once(key, value):
    atlas = drawn(Fact(key, value, 1.0, "eve"), Fact(key, value, 1.0, "eve"))
    assert atlas.ignored == 1
    assert not atlas.explored_count
    assert not atlas.dangers


def test_a_sighting_from_afar_does_not_forget_the_ways_out():
    atlas = drawn(sector(1, 2, 3), sector(1, at=2.0, port="BBS"))
    assert atlas.warps(1) == (2, 3)
    assert atlas.port(1).code == "BBS"
    atlas.add(sector(1, 2, 3, at=3.0, port=None))
    assert atlas.port(1) is None, "the port is gone"
    assert not atlas.add(sector(1, 9, at=0.5)), "old news"


def pair_map(**stock):
    return drawn(
        sector(1, 2, port="SBS", at=1.0),
        sector(2, 1, 3, port="BSB"),
        sector(3, 2, port="BBB"),
        sector(4, 1, port="SSS"),
        Fact("port/1", {"code": "SBS", "products": stock}, 2.0, "ann") if stock else sector(5, 1),
    )


def test_pairs_are_adjacent_both_ways_and_ranked_by_profit_per_turn():
    pairs = pair_map().pairs(holds=20, turns_per_warp=3, date=10.0)
    assert [(pair.here, pair.there) for pair in pairs] == [(1, 2), (2, 3)]
    best = pairs[0]
    assert (best.out, best.back, best.key, best.turns) == ("equipment", "organics", "pair/1-2", 8)
    assert best.per_turn == best.profit / 8 > pairs[1].per_turn


def test_low_stock_makes_a_pair_poor():
    line = {"status": "selling", "amount": 1, "percent": 1}
    poor = pair_map(equipment=line, ore=line).pairs(date=10.0)[0]
    assert poor.profit < pair_map().pairs(date=10.0)[0].profit
    assert pair_map(equipment=line, ore=line).pairs(date=1e9)[0].profit > poor.profit, (
        "old reports count for nothing"
    )


def test_danger_takes_a_pair_off_the_list():
    atlas = pair_map()
    atlas.add(Fact("danger/2", {"why": "Ferrengi"}, 1.0, "bob"))
    assert atlas.pairs(date=10.0) == []


def test_unit_prices_agree_with_ports_seen_alive():
    # Two ports of a 2.20b server, per unit and before its own margin, experience 0 to 5.
    assert unit_price("ore", buying=False, percent=98, mcic=60) == pytest.approx(9.8, abs=2)
    assert unit_price("organics", buying=False, percent=99, mcic=44) == pytest.approx(26.7, abs=2.5)
    assert unit_price("ore", buying=True, percent=99, mcic=-72) == pytest.approx(45.2, abs=3.0)
    assert unit_price("ore", buying=False, percent=100, mcic=200) == 4.0


def test_ports_are_found_by_class_and_code():
    atlas = drawn(sector(1, 2), sector(2, 3, 1, port="SBS"), sector(3, 2, port="Special", **{"class": 9}))
    assert atlas.nearest_port(1, 9) == (1, 2, 3)
    assert atlas.nearest_port(1, "SxS") == (1, 2)
    assert atlas.nearest_port(1, "BBB") is None
    assert atlas.stardock() == 3


def test_atlases_learn_from_each_other_through_the_store():
    async def story():
        store = MemoryStore()
        atlas = await Atlas.load(store)
        await store.learn(sector(1, 2))
        await store.learn(Fact("danger/2", {"why": "mines"}, 1.0, "bob"))
        news = await atlas.refresh(store)
        assert (news, list(atlas.dangers), atlas.explored_count) == (1, [2], 0), "dangers are read each time"
        assert await atlas.refresh(store, every=0.0) == 1
        assert atlas.explored_count == 1
        await store.learn(Fact("danger/2", None, 2.0, "bob"))
        await atlas.refresh(store)
        assert not atlas.dangers, "a danger taken back is no danger"

    simulate(story)


# --- events to facts ------------------------------------------------------------------------------


def facts(atlas, event, here=7):
    return {fact.key: fact for fact in atlas.facts_from(event, here=here, at=50.0, by="ann")}


def test_a_sector_display_teaches_ways_ports_and_threats():
    seen = ev.SectorDisplayed(
        number=5,
        region="uncharted space",
        port=ev.Port("Grav", 7, "SSS"),
        fleets=(
            ev.Fleet("trader", "Private Al", "Al", "Private", 30),
            ev.Fleet("ferrengi", "Mogul X", "X", "Mogul", 170),
        ),
        fighters=ev.Squadron(50, "belong to Zed", "other", "Toll"),
        warps=(4, 6),
        has_warps=True,
    )
    atlas = Atlas()
    told = facts(atlas, seen)
    assert set(told) == {"sector/5", "trader/Al", "danger/5"}
    assert told["danger/5"].value["why"] == "fighters"
    assert told["danger/5"].ttl
    for fact in told.values():
        atlas.add(fact)
    assert atlas.warps(5) == (4, 6)
    assert atlas.port(5).name == "Grav"
    assert "sector/5" not in facts(atlas, seen), "the same sight again is no news"
    afar = ev.SectorDisplayed(number=5, port=ev.Port("Grav", 7, "SSS"), seen_by="holo")
    assert facts(atlas, afar)["sector/5"].value["warps"] == [4, 6]


def test_reports_and_dumps_teach_stock():
    rows = tuple(ev.PortRow(name, "Buying", 100, 50, 0) for name in ("Fuel Ore", "Organics", "Equipment"))
    atlas = drawn(sector(9, 1, port="Special", **{"class": 9}))
    told = facts(atlas, ev.PortReported("Grav", "now", rows))
    assert told["port/7"].value["code"] == "BBB"
    assert told["port/7"].ttl
    atlas.add(told["port/7"])
    assert atlas.port(7).products["ore"].amount == 100
    dump = ev.CimPortsListed(
        (
            ev.CimPort(8, (True, False, True), (1, 2, 3), (4, 5, 6)),
            ev.CimPort(9, (True,) * 3, (3000,) * 3, (100,) * 3),
        )
    )
    assert set(facts(atlas, dump)) == {"port/8"}, "StarDock is listed as if it bought goods"
    told = facts(atlas, ev.CimWarpsListed(((8, (9, 10)), (9, (1,)))))
    assert set(told) == {"sector/8"}
    assert facts(atlas, ev.StarDockLocated(9)) == {}
    assert facts(atlas, ev.StarDockLocated(99))["port/99"].value["class"] == 9
    assert facts(atlas, object()) == {}


def test_density_is_remembered_for_a_while():
    told = facts(Atlas(), ev.DensityScanned((ev.DensityRow(3, 100, 2, 0, False, True),)))
    assert told["density/3"].value["density"] == 100


# --- drawing --------------------------------------------------------------------------------------


def galaxy(size, seed=1):
    random = Random(seed)
    for here in range(1, size + 1):
        there = {here % size + 1, *(random.randrange(1, size + 1) for _ in range(3))} - {here}
        yield sector(here, *sorted(there), port=random.choice(["BBS", "SSB", None, None]), port_name="<&>")


def test_drawings_show_everything_and_are_well_formed():
    atlas = drawn(*galaxy(120), sector(500, 501), Fact("danger/3", {"why": "<mines>"}, 1.0, "bob"))
    text, svg = draw_text(atlas, 5), draw_svg(atlas, 5)
    assert "121 sectors explored" in text
    assert "! <mines>" in text
    root = ET.fromstring(svg)
    boxes = [node for node in root.iter() if node.tag.endswith("rect")]
    assert len(boxes) >= 121
    assert svg == draw_svg(atlas, 5), "the same map gives the same picture"
    assert "0 sectors" in draw_text(Atlas())
    ET.fromstring(draw_svg(Atlas()))


@pytest.mark.slow
def test_a_large_map_is_fast():
    async def story():
        store = MemoryStore()
        for fact in galaxy(20_000):
            await store.learn(fact)
        begin = perf_counter()
        atlas = await Atlas.load(store)
        assert perf_counter() - begin < 1.5
        begin = perf_counter()
        for goal in range(100, 20_000, 100):
            assert atlas.path(1, goal)
        assert (perf_counter() - begin) / 199 < 0.005

    simulate(story)
