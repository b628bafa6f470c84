"""Five bots fight for claims over a chat, each kind of fault on or off by seed.

`pytest tests/seeds/test_chat_seeds.py -m slow` plays a thousand; `SEEDS=10000` plays more, `SEEDS=40-60` some.
"""

import os
from collections import Counter
from contextlib import suppress
from itertools import pairwise
from random import Random

import pytest
from anyio import create_task_group, current_time, move_on_after, sleep
from attrs import define, evolve, field

from wingmate import Message, Secret, now
from wingmate.chat import ChatChannel, ChatStore, Key, KeyRing, Terms, Traits
from wingmate.chat.links import ChatRoom, ChatWeather
from wingmate.testing import simulate

CREW = ("ann", "bob", "cat", "dan", "eve")
PITS = ("pit/1", "pit/2")
RING = KeyRing(Key("A1", Secret("text:correct horse battery staple")))
TERMS = Terms(longest=12.0, settle=4.0, patience=8.0, drift=1.0)
ORDERED = Traits(limit=256, rate=5.0, burst=5, hears_itself=True, total_order=True)
RADIO = Traits(limit=155, rate=5.0, burst=5)
SHORT, LONG = 50.0, 150.0  # virtual seconds
FEW = 50
KINDS = ("loss", "twice", "cut", "forge", "parted", "crashed")


def chosen(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last) + 1) if last else range(int(first))


MANY = chosen(os.environ.get("SEEDS", "1000"))


@define(eq=False)
class Mine:
    """Who digs where, from when to when, and under which number; at the point of use the newest number wins."""

    digs: list = field(factory=list)
    newest: dict = field(factory=dict)
    owners: dict = field(factory=dict)
    valid: Counter = field(factory=Counter)
    mistakes: list = field(factory=list)

    def use(self, pit, who, number):
        """Dig once; say whether it counted."""
        owner = self.owners.setdefault((pit, number), who)
        if owner != who:
            self.mistakes.append(f"{owner} and {who} both dig at {pit} under number {number}")
        if number < self.newest.get(pit, 0):
            self.valid["fenced"] += 1
            return False
        self.newest[pit] = number
        self.valid["used"] += 1
        return True

    def overlaps(self):
        """How often two bots dug at one place at the same time."""
        found = []
        for pit in PITS:
            digs = sorted(dig for dig in self.digs if dig[0] == pit)
            for (_, start, end, who, number), (_, begin, finish, other, later) in pairwise(digs):
                if who != other and begin < end - 1e-9:
                    found.append((pit, who, (start, end), other, (begin, finish)))
                if later < number:
                    found.append((pit, "numbers fall", number, later))
        return found


async def dig(mine, store, name, dice):
    """Claim, dig, and give back, renew, or forget to."""
    while True:
        await sleep(dice.uniform(0.1, 4.0))
        pit, length = dice.choice(PITS), dice.uniform(4.0, 12.0)
        until = now() + length
        number = await store.claim(pit, name, until=until)
        if number is None:
            continue
        ends = current_time() + (until - now())
        began, renewed = current_time(), dice.random() < 0.5
        entry = [pit, began, began, name, number]
        mine.digs.append(entry)
        while current_time() < ends and dice.random() < 0.85:
            mine.use(pit, name, number)
            entry[2] = current_time()
            with move_on_after(max(0.0, ends - current_time())):
                await sleep(dice.uniform(0.2, 1.5))
                entry[2] = current_time()
            if renewed and current_time() < ends - 2:
                renewed, until = False, now() + length
                again = None
                with move_on_after(ends - current_time()):
                    again = await store.claim(pit, name, until=until)
                entry[2] = min(current_time(), ends)
                if again != number:
                    break
                ends = current_time() + (until - now())
        if dice.random() < 0.8:
            await store.claim(pit, name, until=0.0)


async def live(room, mine, name, dice, lives):
    """Play, and perhaps crash and come back."""
    while True:
        with move_on_after(dice.uniform(15, 80) if lives else None):
            async with (
                ChatChannel(room.link(name), name, keys=RING, settings={"fresh": 60.0}) as channel,
                ChatStore(channel, terms=TERMS, refresh=8.0) as store,
                create_task_group() as nursery,
            ):
                nursery.start_soon(gossip, channel, dice)
                await dig(mine, store, name, dice)
        room.happened["crashed"] += 1
        await sleep(dice.uniform(0, 10))


async def gossip(channel, dice):
    while True:
        await sleep(dice.uniform(1, 20))
        await channel.publish(Message("gossip", "x" * dice.randrange(200), channel.name, sent_at=now()))


async def trouble(room, dice):
    """Cut bots off, and let them in again."""
    while True:
        await sleep(dice.uniform(5, 30))
        name = dice.choice(CREW)
        room.part(name)
        room.happened["parted"] += 1
        await sleep(dice.uniform(1, 15))
        room.rejoin(name)


async def fight(seed, traits, length, weather=None):
    dice = Random(seed)
    weather = ChatWeather.draw(dice) if weather is None else weather
    if traits.total_order:
        weather = evolve(weather, shuffle=False)
    room, mine = ChatRoom(traits, weather, random=dice), Mine()
    with suppress(TimeoutError), move_on_after(length):
        async with create_task_group() as nursery:
            lives = weather != ChatWeather() and dice.random() < 0.5
            if weather != ChatWeather() and dice.random() < 0.5:
                nursery.start_soon(trouble, room, dice)
            for name in CREW:
                nursery.start_soon(live, room, mine, name, Random(f"{seed}/{name}"), lives)
    return mine, room.happened


def ordered(seed, length=LONG):
    """No two bots ever dig under the same claim."""
    mine, happened = simulate(fight, seed, ORDERED, length, seed=seed)
    assert mine.overlaps() == []
    assert mine.mistakes == []
    assert mine.valid["fenced"] == 0
    return mine, happened


def disordered(seed, length=LONG):
    """Never two valid numbers where they are used: no number is anybody's twice, and the newest wins."""
    mine, happened = simulate(fight, seed, RADIO, length, seed=seed)
    assert mine.mistakes == []
    return mine, happened


@pytest.mark.parametrize("play", [ordered, disordered])
def test_a_few_seeds(play):
    happened, used = Counter(), 0
    for seed in range(FEW // 2):
        mine, faults = play(seed, SHORT)
        happened += faults
        used += mine.valid["used"]
    assert used > 5 * FEW
    assert set(KINDS) <= happened.keys(), "every kind of fault must have been seen"


@pytest.mark.parametrize("traits", [ORDERED, RADIO])
def test_in_fair_weather_nobody_meets_anybody(traits):
    for seed in range(2):
        mine, _ = simulate(fight, seed, traits, SHORT, ChatWeather(), seed=seed)
        assert mine.overlaps() == []
        assert len(mine.digs) > 5


@pytest.mark.slow
@pytest.mark.parametrize("play", [ordered, disordered])
def test_many_seeds(play):
    total = Counter()
    for seed in MANY:
        mine, _ = play(seed)
        total += mine.valid
        total["claims"] += len(mine.digs)
        total["overlaps"] += len(mine.overlaps())
    print(dict(total))  # noqa: T201 - what was measured
