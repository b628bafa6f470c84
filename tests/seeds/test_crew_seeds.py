"""A crew of five in bad weather, many seeds: no double claim, no deadlock, no lost fact.

`pytest tests/seeds -m slow` plays a thousand; `SEEDS=10000` plays more, `SEEDS=40-60` some.
"""

import os
import subprocess
import sys
import time
from hashlib import sha256
from random import Random

import pytest
from anyio import create_task_group, current_time, fail_after, sleep
from attrs import define, evolve, field, frozen

from wingmate import (
    Backoff,
    BotSpec,
    LocalChannel,
    LocalSupervisor,
    MemoryStore,
    Pause,
    Resume,
    State,
    lease,
    now,
)
from wingmate.testing import MemoryNetwork, Weather, run_on_trio, simulate

PLACES = 6
LEASE = 10.0  # seconds: shorter than the worst stalls of network and store, so that claims do get lost
PATIENCE = 25.0  # seconds a bot waits for an answer
CREW = ("ann", "bob", "cat", "dan", "eve")
SHORT, LONG = 80.0, 160.0  # virtual seconds of storm
FEW = 25
KINDS = ("cut", "clog", "refuse", "partition")  # faults that every run of a few seeds must have seen


def chosen(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last) + 1) if last else range(int(first))


MANY = chosen(os.environ.get("SEEDS", "1000"))


# --- the game: a mine that checks the fence at the point of use -----------------------------------------


@define(eq=False)
class Mine:
    """Places to dig. Whoever digs quotes the number of their claim, and the newest number wins."""

    dice: Random
    newest: dict[int, int] = field(factory=dict)
    diggers: dict[tuple[int, int], str] = field(factory=dict)
    ore: dict[int, int] = field(factory=dict)
    used: list[tuple[str, int, int, str]] = field(factory=list)
    quick: bool = False
    fenced: int = 0
    mistakes: list[str] = field(factory=list)

    async def serve(self, stream):
        rest, name = b"", ""
        while True:
            *lines, rest = (rest + await stream.receive()).split(b"\n")
            for line in lines:
                word, *words = line.decode().split()
                if word == "hi":
                    name = words[0]
                    await stream.send(b"welcome\n")
                elif word == "dig":
                    await stream.send(await self.dig(name, int(words[0]), int(words[1])))

    async def dig(self, name, place, number):
        if number < self.newest.get(place, 0):
            return self.fence(place)
        self.newest[place] = number
        self.used.append(("begins", place, number, name))
        other = self.diggers.setdefault((place, number), name)
        if other != name:
            self.mistakes.append(f"{other} and {name} both dig at {place} under claim {number}")
        await sleep(0 if self.quick else self.dice.uniform(0.5, 4.0))
        if number < self.newest.get(place, 0):  # somebody newer came while we dug
            return self.fence(place)
        self.ore[place] = left = self.ore.get(place, 1_000_000) - 1
        self.used.append(("digs", place, number, name))
        return b"dug %d %d\n" % (place, left)

    def fence(self, place):
        self.fenced += 1
        return b"stale %d\n" % place


@frozen
class Welcomed:
    pass


@frozen
class Dug:
    place: int
    left: int


@frozen
class Fenced:
    place: int


class MineAdapter:
    """Lines to events, words to lines."""

    def __init__(self):
        self.rest = b""

    def receive(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            match line.split():
                case [b"welcome"]:
                    yield Welcomed()
                case [b"dug", place, left]:
                    yield Dug(int(place), int(left))
                case [b"stale", place]:
                    yield Fenced(int(place))

    def send(self, command):
        return command.encode() + b"\n"

    def close(self):
        return b""


# --- the crew ---------------------------------------------------------------------------------------------


async def dig(bot):
    """Claim a place, dig there under the claim's number, tell what was found; go on."""
    await bot.send(f"hi {bot.name}")
    await bot.expect(Welcomed, within=60)
    while bot.on_duty:
        place = bot.random.randrange(PLACES)
        async with lease(bot.knowledge, f"place/{place}", bot.name, within=LEASE) as number:
            if number is not None:
                await dig_under(bot, place, number)
        await bot.rest(bot.random.uniform(0, 3))


async def dig_under(bot, place, number):
    for _ in range(3):
        await bot.send(f"dig {place} {number}")
        answer = await bot.expect((Dug, Fenced), within=PATIENCE)
        if isinstance(answer, Fenced):
            return
        await bot.learn(f"ore/{place}", answer.left)
        await bot.learn(f"dug/{place}/{answer.left}", number)
        bot.advance("dug", answer.left)


@define(eq=False)
class Witness:
    """A store that takes its time, and remembers what it promised."""

    store: MemoryStore
    dice: Random
    learned: dict = field(factory=dict)
    granted: dict = field(factory=dict)
    mistakes: list = field(factory=list)
    back: float = 0.0  # when it answers again

    async def travel(self):
        await sleep(max(self.dice.uniform(0, 0.05), self.back - current_time()))

    async def learn(self, fact):
        await self.travel()
        news = await self.store.learn(fact)
        await self.travel()
        if fact.supersedes(self.learned.get(fact.key)):
            self.learned[fact.key] = fact
        return news

    async def recall(self, key):
        await self.travel()
        return await self.store.recall(key)

    async def survey(self, prefix):
        return await self.store.survey(prefix)

    async def claim(self, key, who, *, until):
        await self.travel()
        number = await self.store.claim(key, who, until=until)
        if number is not None:
            self.check(key, who, number, until)
        await self.travel()
        return number

    def check(self, key, who, number, until):
        holder, newest, end = self.granted.get(key, ("", 0, 0.0))
        if holder not in {"", who} and end > now():
            self.mistakes.append(f"{key} is granted to {who} while {holder} holds it")
        if number < newest or (number == newest and holder != who):
            self.mistakes.append(f"{key}: number {number} for {who} follows {newest} of {holder}")
        self.granted[key] = (who, number, until)

    async def lost(self):
        """What was confirmed and is not there any more."""
        found = {key: await self.store.recall(key) for key in self.learned}
        return [
            key for key, fact in self.learned.items() if found[key] is None or fact.supersedes(found[key])
        ]


# --- the storm ----------------------------------------------------------------------------------------------


@define(eq=False)
class Storm:
    """Faults of the kinds that a seed has chosen, one after the other."""

    dice: Random
    network: MemoryNetwork
    supervisor: LocalSupervisor
    mine: Mine
    store: Witness

    async def blow(self):
        kinds = ("cut", "clog", "part", "crash", "pause", "replace", "turn", "withhold")
        chosen = [kind for kind in kinds if self.dice.random() < 0.5] or ["cut"]
        while True:
            await sleep(self.dice.uniform(5, 40))
            await getattr(self, self.dice.choice(chosen))()

    def anybody(self):
        return self.dice.choice(CREW)

    async def cut(self):
        self.network.cut(self.anybody())

    async def clog(self):
        self.network.clog(self.dice.uniform(1, 3 * LEASE), self.anybody())

    async def part(self):
        self.network.partition(*self.dice.sample(CREW, self.dice.randint(1, 4)))
        await sleep(self.dice.uniform(1, 3 * LEASE))
        self.network.heal()

    async def crash(self):
        self.network.close("mine")
        await sleep(self.dice.uniform(0, 10))
        self.network.listen("mine", self.mine.serve)

    async def pause(self):
        name = self.anybody()
        await self.supervisor.order(name, Pause())
        await sleep(self.dice.uniform(1, 3 * LEASE))
        await self.supervisor.order(name, Resume())

    async def replace(self):
        name = self.anybody()
        await self.supervisor.stop(name, drain=self.dice.random() < 0.5)
        with fail_after(200):
            while not {s.name: s for s in self.supervisor.statuses()}[name].state.over:  # noqa: ASYNC110 - any state will do
                await sleep(1)
        await self.supervisor.start(member(name, self.network))

    async def withhold(self):
        self.store.back = current_time() + self.dice.uniform(1, 3 * LEASE)

    async def turn(self):
        self.network.weather = Weather.draw(self.dice)


def member(name, network):
    transport = network.transport("mine", origin=name)
    return BotSpec(name=name, role=dig, adapter=MineAdapter, transport=transport, stall=120, drain=60)


@frozen
class Outcome:
    """What one seed came to."""

    mistakes: list
    lost: list
    states: set
    dug: int
    fenced: int
    restarts: int
    happened: dict
    digest: str


def out_of_order(used):
    """Digs that were let through although a newer claim to the place had been used."""
    newest = {}
    for what, place, number, name in used:
        if what == "digs" and number < newest.get(place, 0):
            yield f"{name} dug at {place} under claim {number} after claim {newest[place]}"
        newest[place] = max(number, newest.get(place, 0))


async def story(seed, *, length, make_store=MemoryStore, make_mine=Mine):
    """A storm, then fair weather, then everybody goes home."""
    dice = Random(f"crew/{seed}")
    mine = make_mine(Random(f"mine/{seed}"))
    store = Witness(make_store(), Random(f"store/{seed}"))
    restart = Backoff(limit=1000, longest=10)
    async with (
        MemoryNetwork(Random(f"network/{seed}"), Weather.draw(dice)) as network,
        LocalSupervisor(channel=LocalChannel(), knowledge=store, seed=seed, restart=restart) as supervisor,
    ):
        network.listen("mine", mine.serve)
        for name in CREW:
            await supervisor.start(member(name, network))
        async with create_task_group() as nursery:
            nursery.start_soon(Storm(dice, network, supervisor, mine, store).blow, name="storm")
            await sleep(length)
            nursery.cancel_scope.cancel()
        network.weather = Weather()
        network.heal()
        network.listen("mine", mine.serve)
        await supervisor.stop_all()
    statuses = supervisor.statuses()
    trace = repr((mine.used, sorted(store.learned.items()), sorted(network.happened.items()), current_time()))
    return Outcome(
        mistakes=[*mine.mistakes, *store.mistakes, *out_of_order(mine.used)],
        lost=await store.lost(),
        states={status.state for status in statuses},
        dug=sum(what == "digs" for what, *_ in mine.used),
        fenced=mine.fenced,
        restarts=sum(status.incarnation - 1 for status in statuses),
        happened=dict(network.happened),
        digest=sha256(trace.encode()).hexdigest(),
    )


def play(seed, length=SHORT, **parts):
    """Run one seed; a deadlock, or a storm that does not end, raises."""

    async def tell():
        with fail_after(length + 600):
            return await story(seed, length=length, **parts)

    return simulate(tell, seed=seed)


def judge(outcome):
    assert not outcome.mistakes, "two bots worked under claims to one thing"
    assert not outcome.lost, "confirmed facts are gone"
    assert outcome.states == {State.STOPPED}, "a bot gave up or would not stop"
    assert outcome.dug > 10, "the crew got nothing done"


@pytest.fixture(autouse=True)
def quiet(caplog):
    """Crashes are meant to happen here."""
    caplog.set_level("CRITICAL", logger="wingmate")


OUTCOMES = {}


@pytest.mark.parametrize("seed", range(FEW))
def test_a_crew_of_five_in_bad_weather(seed):
    OUTCOMES[seed] = play(seed)
    judge(OUTCOMES[seed])


def test_the_weather_was_bad_and_the_fence_was_needed():
    outcomes = [OUTCOMES.get(seed) or play(seed) for seed in range(FEW)]
    happened = {kind: sum(outcome.happened.get(kind, 0) for outcome in outcomes) for kind in KINDS}
    assert all(happened.values()), happened
    assert sum(outcome.restarts for outcome in outcomes) > 100
    assert sum(outcome.fenced for outcome in outcomes) > 0, "no claim was ever lost: the test tests nothing"


@pytest.mark.slow
@pytest.mark.parametrize("seed", MANY)
def test_a_crew_of_five_in_bad_weather_at_length(seed):
    judge(play(seed, LONG))


def test_the_same_crew_comes_through_on_trio():
    async def tell():
        return await story(3, length=SHORT)

    judge(run_on_trio(tell, within=SHORT + 600))


# --- does it find anything? -------------------------------------------------------------------------------


class Amnesia(dict):
    def get(self, key, default=None):
        return default


@define(eq=False)
class Unfenced(Mine):
    """Lets everybody dig who comes, as most games would."""

    newest: Amnesia = field(factory=Amnesia)


class CheckThenAct(MemoryStore):
    """Asks who holds a thing, and acts on the answer a little later."""

    def __init__(self):
        super().__init__()
        self.held = {}
        self.number = 0

    async def claim(self, key, who, *, until):
        holder, number, end = self.held.get(key, ("", 0, 0.0))
        await sleep(0.05)
        if holder != who and end > now():
            return None
        if holder != who or end <= now():
            self.number += 1
            number = self.number
        self.held[key] = (who, number, until)
        return number


class Forgetful(MemoryStore):
    """Forgets every hundredth fact, and says it kept it."""

    count = 0

    async def learn(self, fact):
        self.count += 1
        return True if self.count % 100 == 0 else await super().learn(fact)


class Clumsy(MemoryStore):
    """Numbers each thing by itself from one again when it was free for a while."""

    async def claim(self, key, who, *, until):
        number = await super().claim(key, who, until=until)
        return None if number is None else number % 7 + 1


@pytest.mark.parametrize(
    ("parts", "finding"),
    [
        ({"make_mine": Unfenced}, "after claim"),
        ({"make_store": CheckThenAct}, "is granted to"),
        ({"make_store": Clumsy}, "follows"),
    ],
    ids=["no fence", "check, then act", "numbers fall"],
)
def test_a_double_claim_is_found(parts, finding):
    """Within the seeds of the fast suite, each of these mistakes comes to light."""
    for seed in range(FEW):
        try:
            outcome = play(seed, **parts)
        except TimeoutError:
            continue
        if any(finding in mistake for mistake in outcome.mistakes):
            return
    pytest.fail("not found")


def test_a_lost_fact_is_found():
    assert play(0, make_store=Forgetful).lost


# --- is it the same everywhere? -----------------------------------------------------------------------------


def test_the_same_seed_is_the_same_storm_in_every_process():
    script = f"import runpy; print(runpy.run_path({__file__!r})['play'](5, 40.0).digest)"
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for hash_seed in ("1", "2")
    ]
    digests = {run.communicate(timeout=60)[0].strip() for run in runs}
    assert digests == {play(5, 40.0).digest}


# --- a day ----------------------------------------------------------------------------------------------------


async def patrol(bot):
    """Look around every half minute: nearly three thousand turns a day, more than most games grant."""
    await bot.send(f"hi {bot.name}")
    await bot.expect(Welcomed, within=60)
    while bot.on_duty:
        await bot.send(f"dig {bot.random.randrange(1000)} 1")
        found = await bot.expect((Dug, Fenced), within=60)
        await bot.learn(f"place/{found.place}", bot.name)
        bot.advance("found", found.place)
        await bot.rest(bot.random.uniform(20, 40))


async def day(length, bots):
    mine = Mine(Random(0), quick=True)
    weather = Weather(latency=(0.02, 0.3), shred=True, cut=0.0005)
    async with (
        MemoryNetwork(Random(0), weather) as network,
        LocalSupervisor(channel=LocalChannel(), knowledge=MemoryStore(), restart=Backoff()) as supervisor,
    ):
        network.listen("mine", mine.serve)
        for n in range(bots):
            await supervisor.start(evolve(member(f"bot-{n}", network), role=patrol))
        await sleep(length)
        await supervisor.stop_all()
    return sum(what == "digs" for what, *_ in mine.used)


def test_half_an_hour_of_ten_bots_takes_a_moment():
    began = time.perf_counter()
    assert simulate(day, 1800.0, 10) > 500
    assert time.perf_counter() - began < 10  # some 0.2 s on an idle machine


@pytest.mark.slow
def test_a_day_of_ten_bots_takes_seconds():
    began = time.perf_counter()
    assert simulate(day, 86_400.0, 10) > 25_000
    took = time.perf_counter() - began
    assert took < 60, f"{took:.1f} s"
