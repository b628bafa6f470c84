from collections import Counter

import pytest
from attrs import evolve

from wingmate.errors import Refused
from wingmate.tw2002.universe import engine
from wingmate.tw2002.universe.engine import (
    Reason,
    Refusal,
    Settings,
    census,
    combat,
    news,
    roster,
    tables,
    travel,
)
from wingmate.tw2002.universe.engine.calendar import ship_time, weekday_term
from wingmate.tw2002.universe.engine.dice import Dice
from wingmate.tw2002.universe.engine.galaxy import distances, make_galaxy

NOW = 1_795_253_736.0  # a Saturday here, a Sunday on the ship's clock
DAY = 86_400.0


@pytest.fixture
def world():
    return engine.big_bang(Settings(seed=7, ferrengi=0, max_bank_credits=5_000), date=NOW)


def join(world, name, *, sector=None, enter=True, **gifts):
    me = roster.create(world, login=name, password="pw", name=name, ship_name="Boat", planet_name="Rock")
    for key, value in gifts.items():
        setattr(me if hasattr(me, key) else world.ship_of(me), key, value)
    if sector is not None:
        place(world, me, sector)
    if enter:
        roster.enter(world, me)
    return me


def place(world, me, sector):
    me.sector = sector
    world.ship_of(me).sector = sector


def refused(reason, verb, *args, **kw):
    with pytest.raises(Refusal) as caught:
        verb(*args, **kw)
    assert caught.value.reason is reason
    return caught.value


def wild_pair(world):
    """Two adjacent sectors outside FedSpace, both ways."""
    warps = world.galaxy.warps
    return next(
        (a, b)
        for a in range(11, len(warps))
        for b in warps[a]
        if b > 10 and a in warps[b] and not {a, b} & world.galaxy.fedspace
    )


# -- the galaxy ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("sectors", "seed"), [(1_000, 1), (1_000, 2), (2_500, 3)])
def test_every_sector_is_reached_and_left_again(sectors, seed):
    galaxy = make_galaxy(Settings(sectors=sectors), Dice(seed))
    back = [[] for _ in galaxy.warps]
    for here, targets in enumerate(galaxy.warps):
        assert len(targets) <= 6
        assert list(targets) == sorted(set(targets))
        assert here not in targets
        for there in targets:
            back[there].append(here)
    assert min(distances(galaxy.warps, 1)[1:]) == 0
    assert max(distances(galaxy.warps, 1)) < 45
    assert -1 not in distances(back, 1)[1:]


def test_the_galaxy_has_what_a_galaxy_needs(world):
    galaxy = world.galaxy
    degrees = Counter(len(targets) for targets in galaxy.warps[1:])
    assert min(degrees) == 1
    assert degrees[1] > 40
    one_way = sum(a not in galaxy.warps[b] for a in range(1, 1001) for b in galaxy.warps[a])
    assert one_way > 40
    assert galaxy.warps[1] == (2, 3, 4, 5, 6, 7)
    assert galaxy.fedspace == {*range(1, 11), galaxy.stardock}
    kinds = Counter(port.kind for port in galaxy.ports.values())
    assert kinds[0] == 3
    assert kinds[9] == 1
    assert len(galaxy.ports) == 381  # as seen on a default game
    assert all(kinds[kind] > 5 for kind in range(1, 9))
    names = [port.name for port in galaxy.ports.values()]
    assert len(set(names)) == len(names)
    assert galaxy.region(1) == "The Federation"
    assert galaxy.region(galaxy.ferrengal) == "Ferrengi Space"


def test_bubbles_have_one_door():
    settings = Settings(sectors=1_000, bubbles=True)
    with_bubbles = make_galaxy(settings, Dice(5))
    hops = distances(with_bubbles.warps, 1)
    gates = 0
    for gate in range(11, 1_001):
        walled = [() if here == gate else targets for here, targets in enumerate(with_bubbles.warps)]
        lost = distances(walled, 1).count(-1) - 1
        gates += 4 <= lost <= 60
    assert gates >= 3
    assert max(hops) < 45


def test_the_same_seed_makes_the_same_world():
    one, same, other = (engine.big_bang(Settings(seed=seed), date=NOW) for seed in (3, 3, 4))
    assert engine.digest(one) == engine.digest(same) != engine.digest(other)


def test_traders_find_pairs_near_home():
    for seed in range(5):
        galaxy = make_galaxy(Settings(), Dice(seed))
        hops = distances(galaxy.warps, 1)
        near = [s for s, port in galaxy.ports.items() if hops[s] <= 5 and 1 <= port.kind <= 8]
        pairs = 0
        for a in near:
            for b in galaxy.warps[a]:
                if a < b and b in near and a in galaxy.warps[b]:
                    pairs += galaxy.ports[a].code != galaxy.ports[b].code
        assert pairs >= 20


def test_dice_are_the_same_everywhere():
    dice = Dice(42)
    assert [dice.getrandbits(64) for _ in range(2)] == [13679457532755275413, 2949826092126892291]
    again = Dice(dice.state)
    assert [dice.random() for _ in range(5)] == [again.random() for _ in range(5)]
    assert all(0 <= dice.randrange(7) < 7 for _ in range(50))


def test_the_ships_calendar_is_twelve_years_ahead():
    assert f"{ship_time(NOW):%a %Y}" == "Sun 2038"
    assert weekday_term(NOW) == (10, 12)
    assert ship_time(1_709_208_000.0).month == 2  # a leap day


# -- characters -----------------------------------------------------------------------------------


def test_a_trader_is_created_authenticated_and_hashed(world):
    me = join(world, "Ann")
    ship = world.ship_of(me)
    assert (ship.kind, ship.holds, ship.fighters, me.credits, me.turns) == (
        "Merchant Cruiser",
        20,
        30,
        1000,
        1000,
    )
    assert roster.authenticate(me, "pw")
    assert not roster.authenticate(me, "Pw")
    assert not roster.authenticate(me, "x" * 10_000)
    assert "pw" not in repr(me)
    assert me.password not in repr(me)
    assert travel.look(world, me).planets[0].name == "Rock"
    assert roster.find(world, "ANN") is me


def test_names_are_unique_and_honest(world):
    join(world, "Able Trader")
    refused(Reason.NAME_TAKEN, roster.check_name, world, "able trader")
    for bad in ("", " x", "a" * 31, "tab\t", "x~", "é", "Deployed Fighters", "F Able T"):
        refused(Reason.BAD_NAME, roster.check_name, world, bad)
    refused(
        Reason.NAME_TAKEN, roster.create, world, login="Able Trader", password="p", name="Bo", ship_name=""
    )
    refused(Reason.BAD_PASSWORD, roster.create, world, login="bo", password="", name="Bo", ship_name="")
    assert len(world.players) == 1


def test_a_full_or_closed_game_takes_nobody(world):
    world.settings = evolve(world.settings, users=1)
    join(world, "Ann")
    assert isinstance(refused(Reason.GAME_FULL, roster.check_room, world), Refused)
    world.settings = evolve(world.settings, closed_game=True)
    refused(Reason.CLOSED_GAME, roster.check_room, world)


def test_traders_are_found_by_parts_of_their_names(world):
    for name in ("Ann", "Anna", "Joanna"):
        join(world, name)
    assert [p.name for p in roster.search(world, "ann")] == ["Ann"]
    assert [p.name for p in roster.search(world, "an")] == ["Ann", "Anna"]
    assert [p.name for p in roster.search(world, "oan")] == ["Joanna"]
    assert roster.search(world, "  ") == roster.search(world, "zz") == []


def test_login_tells_of_turns_days_and_taxes(world):
    me = join(world, "Ann", credits=4_999_980)
    refused(Reason.ALREADY_ON, roster.enter, world, me)
    me.turns = 100
    roster.leave(world, me)
    engine.advance(world, NOW + 3_600)
    entry = roster.enter(world, me)
    assert (entry.daily, entry.recovered, entry.tax) == ("today", 41, 0)
    roster.leave(world, me)
    engine.advance(world, NOW + DAY)
    entry = roster.enter(world, me)
    assert (entry.daily, entry.experience, entry.tax, entry.tax_alignment) == ("yesterday", 1, 249_999, 166)
    assert me.turns == 1000


def test_turns_come_back_hourly_and_never_above_the_base(world):
    me = join(world, "Ann", turns=0)
    refused(Reason.NO_TURNS, travel.move, world, me, travel.adjacent(world, me.sector)[0])
    engine.advance(world, NOW + 3_700)
    assert me.turns == 42
    assert [item.item for item in news.take(world, me)] == [news.Recovered(42)]
    for hour in range(60):
        engine.advance(world, NOW + 3_700 + hour * 3_600)
    assert me.turns == 1000


# -- moving ---------------------------------------------------------------------------------------


def test_moving_costs_turns_and_tells_both_sectors(world):
    here, there = wild_pair(world)
    me, left, met = (join(world, name, sector=s) for name, s in (("Ann", here), ("Bo", here), ("Cy", there)))
    news.take(world, left), news.take(world, met)
    arrival = travel.move(world, me, there)
    assert (arrival.sector, me.turns, arrival.view.explored) == (there, 997, False)
    assert me.knows(there)
    assert [n.item for n in news.take(world, left)] == [news.WarpedOut("Ann")]
    assert [n.item for n in news.take(world, met)] == [news.WarpedIn("Ann")]
    assert [label.name for label in travel.look(world, me).traders] == ["Cy"]
    refused(Reason.SAME_SECTOR, travel.move, world, me, there)
    refused(Reason.BAD_SECTOR, travel.move, world, me, 1_001)
    refused(Reason.BAD_SECTOR, travel.move, world, me, 0)
    far = next(s for s in range(1, 1001) if s not in world.galaxy.warps[there] and s != there)
    refused(Reason.NOT_ADJACENT, travel.move, world, me, far)


def test_courses_are_shortest_and_avoid(world):
    me = join(world, "Ann", sector=1)
    goal = max(range(1, 1001), key=distances(world.galaxy.warps, 1).__getitem__)
    course = travel.plot(world, me, 1, goal)
    assert course.hops == distances(world.galaxy.warps, 1)[goal]
    assert course.turns == 3 * course.hops
    for here, there in zip(course.path, course.path[1:], strict=False):
        assert there in world.galaxy.warps[here]
    travel.avoid(world, me, course.path[1])
    assert course.path[1] not in travel.plot(world, me, 1, goal).path
    assert travel.needs_warning(world, me, course.path[1])
    for sector in travel.adjacent(world, 1):
        travel.avoid(world, me, sector)
    assert refused(Reason.NO_ROUTE, travel.plot, world, me, 1, goal).amount == 45
    assert travel.avoids(me) == [2, 3, 4, 5, 6, 7]
    assert travel.clear_avoids(me) == 6
    assert travel.plot(world, me, 5, 5).hops == 0


def test_scanners_and_probes_see_what_is_there(world):
    here, there = wild_pair(world)
    me = join(world, "Ann", sector=here)
    refused(Reason.NO_SCANNER, travel.density, world, me)
    refused(Reason.NO_PROBE, travel.probe, world, me, there)
    ship = world.ship_of(me)
    ship.scanner, ship.probes = "density", 2
    other = join(world, "Bo", sector=there)
    before = next(row for row in travel.density(world, me) if row.sector == there).density
    combat.deploy(world, other, 10)
    row = next(row for row in travel.density(world, me) if row.sector == there)
    assert row.density == before + 50
    assert not row.explored
    assert row.warps == len(world.galaxy.warps[there])
    refused(Reason.NO_SCANNER, travel.holo, world, me)
    assert travel.probe(world, me, there).destroyed
    ship.scanner = "holo"
    views = travel.holo(world, me)
    assert [view.number for view in views] == [*travel.adjacent(world, here), here]
    assert views[-1].warps
    assert not views[0].warps
    assert me.knows(there)
    assert next(view for view in views if view.number == there).fighters.amount == 10


# -- figures ---


def test_the_dump_has_the_keys_of_a_live_server(world):
    join(world, "Ann")
    dump = dict(census.dump(world))
    assert list(dump) == [
        "Version", "Access Schedule", "Bigbang Settings", "General Info", "Startup", "Settings", "Reports",
        "Emulation", "Timing", "Costs", "Universe", "Tournament", "Dynamic",
    ]  # fmt: skip
    assert dict(dump["Settings"])["Max Bank Credits"] == "5,000 cr"
    assert dict(dump["Dynamic"])["Local Game Time"] == f"{ship_time(NOW):%m/%d/%y} 09:35:36 AM".replace(
        " 09", " 9"
    )
    assert dict(dump["Dynamic"])["Active Ports"] == "378"
    assert [len(rows) for rows in dump.values()][5:9] == [37, 7, 3, 16]
    assert dict(dump["Timing"])["Ship Delay"] == "Constant (250 ms)"
    assert dict(dump["Timing"])["Crime Delay"] == "Constant (2 s)"
    assert census.rankings(world)[0].name == "Ann"


@pytest.mark.parametrize(
    ("experience", "alignment", "title"),
    [(0, 0, "Civilian"), (1, 5, "Civilian"), (2, 0, "Private"), (4, 0, "Private 1st Class"), (2047, 0, "Warrant Officer"),
     (20_170, -8_700, "Infamous Pirate"), (0, -1, "Annoyance"), (10**9, 1, "Fleet Admiral")],
)  # fmt: skip
def test_ranks_double(experience, alignment, title):
    assert tables.rank(experience, alignment) == title


def test_alignment_words_are_those_seen_in_play():
    seen = {4: "Tolerant", 1108: "Unselfish", 11346: "Forgiving", 44739: "Gallant", 4499940: "Saintly",
            -77: "Rude", -261: "Crass", -438: "Harsh", -2614: "Mean", -8700: "Conniving"}  # fmt: skip
    assert {value: tables.alignment_word(value) for value in seen} == seen
