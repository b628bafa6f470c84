"""The check for stores passes what keeps its promises and catches what breaks one, saying which."""

import re
from itertools import count

import anyio
import pytest
from attrs import define, evolve, field

from wingmate import Fact, Grant, MemoryStore, now
from wingmate.stores import SqliteStore
from wingmate.testing import check_lasting_store, check_store, run_on_trio, simulate

BOTH_LOOPS = pytest.mark.parametrize("run", [simulate, run_on_trio])


class Plain:
    """The shortest store that keeps its promises; the broken ones below differ from it in one thing."""

    def __init__(self):
        self.facts = {}
        self.grants = {}
        self.granted = 0

    async def learn(self, fact):
        news = fact.supersedes(self.facts.get(fact.key))
        if news:
            self.facts[fact.key] = fact
        return news

    async def learn_all(self, facts):
        return sum([await self.learn(fact) for fact in facts])

    async def recall(self, key):
        fact = self.facts.get(key)
        return None if fact is None or fact.expired(now()) else fact

    async def survey(self, prefix):
        facts = [fact for key, fact in sorted(self.facts.items()) if key.startswith(prefix)]
        return [fact for fact in facts if not fact.expired(now())]

    async def claim(self, key, who, *, until):
        held = self.grant(key)
        if held is not None and held.who != who:
            return None
        if until <= now():
            self.grants.pop(key, None)
            return None
        if held is None:
            self.granted += 1
            held = Grant(key, who, self.granted, until)
        self.grants[key] = evolve(held, until=until)
        return held.number

    async def holder(self, key):
        return self.grant(key)

    def grant(self, key):
        held = self.grants.get(key)
        return held if held is not None and held.until > now() else None


@BOTH_LOOPS
@pytest.mark.parametrize("make", [MemoryStore, Plain])
def test_good_stores_pass(run, make):
    run(check_store, make)


def test_the_sqlite_store_passes_on_a_real_loop(tmp_path):
    number = count()

    async def story():
        await check_store(lambda: SqliteStore(tmp_path / f"{next(number)}.db"), pause=0.05)

    anyio.run(story)


def test_the_sqlite_store_lasts(tmp_path):
    anyio.run(check_lasting_store, lambda: SqliteStore(tmp_path / "crew.db"))


class FirstWins(Plain):
    async def learn(self, fact):
        return await self.recall(fact.key) is None and await super().learn(fact)


class Yes(Plain):
    async def learn(self, fact):
        await super().learn(fact)
        return True


class Forgetful(Plain):
    async def recall(self, key):
        return None


class OldestFirst(Plain):
    async def survey(self, prefix):
        return sorted(await super().survey(prefix), key=lambda fact: (fact.seen_at, -len(fact.key)))


class Wild(Plain):
    """Surveys as SQL's LIKE does."""

    async def survey(self, prefix):
        pattern = "".join({"%": ".*", "_": "."}.get(letter, re.escape(letter)) for letter in prefix)
        return [fact for fact in await super().survey("") if re.match(pattern, fact.key, re.IGNORECASE)]


class Stringly(Plain):
    async def learn(self, fact):
        value = int(fact.value) if isinstance(fact.value, bool) else fact.value
        return await super().learn(evolve(fact, value=value))


class Eternal(Plain):
    async def learn(self, fact):
        return await super().learn(evolve(fact, ttl=None))


class Undead(Plain):
    """Finds what has expired in a survey."""

    async def survey(self, prefix):
        return [fact for key, fact in sorted(self.facts.items()) if key.startswith(prefix)]


class CheckThenAct(Plain):
    """The mistake of the whole craft: asks, waits, and acts on the answer."""

    async def claim(self, key, who, *, until):
        holder = await self.holder(key)
        await anyio.lowlevel.checkpoint()
        if holder is not None and holder.who != who:
            return None
        self.grants.pop(key, None)
        if holder is not None and until > now():
            self.grants[key] = evolve(holder, until=until)
            return holder.number
        return await super().claim(key, who, until=until)


class Racy(Plain):
    async def learn(self, fact):
        known = await self.recall(fact.key)
        await anyio.lowlevel.checkpoint()
        if not fact.supersedes(known):
            return False
        self.facts.pop(fact.key, None)
        return await super().learn(fact)


class Generous(Plain):
    async def claim(self, key, who, *, until):
        self.grants.pop(key, None)
        return await super().claim(key, who, until=until)


class NewNumbers(Plain):
    """Gives a new number on renewal."""

    async def claim(self, key, who, *, until):
        if (held := await self.holder(key)) is not None and held.who == who:
            self.grants.pop(key)
        return await super().claim(key, who, until=until)


class SameNumber(Plain):
    async def claim(self, key, who, *, until):
        self.granted = 0
        return await super().claim(key, who, until=until)


class AnyoneReleases(Plain):
    async def claim(self, key, who, *, until):
        if until <= now():
            self.grants.pop(key, None)
            return None
        return await super().claim(key, who, until=until)


class NeverLapses(Plain):
    async def claim(self, key, who, *, until):
        return await super().claim(key, who, until=until if until <= now() else 1e12)


class OneLock(Plain):
    """Leases everything or nothing."""

    async def claim(self, key, who, *, until):
        return await super().claim("the lock", who, until=until)


class ClaimsAreFacts(Plain):
    async def claim(self, key, who, *, until):
        number = await super().claim(key, who, until=until)
        await self.learn(Fact(f"claim/{key}", who, now(), who))
        return number


class LastOfBatch(Plain):
    async def learn_all(self, facts):
        batch = {fact.key: fact for fact in facts}
        return sum([await self.learn(fact) for fact in batch.values()])


class ForgetfulBook(Plain):
    async def holder(self, key):
        return None


class OldBook(Plain):
    async def holder(self, key):
        return self.grants.get(key)


class Wedged(Plain):
    """A lock that a cancelled caller never gives back."""

    def __init__(self):
        super().__init__()
        self.locked = False

    async def learn(self, fact):
        while self.locked:  # noqa: ASYNC110 - the fault to be found
            await anyio.sleep(0.1)
        self.locked = True
        await anyio.lowlevel.checkpoint()
        self.locked = False
        return await super().learn(fact)


@pytest.mark.parametrize(
    ("broken", "match"),
    [
        (FirstWins, "though .* was known"),
        (Yes, "gave True, though"),
        (Forgetful, "but recall gave None"),
        (OldestFirst, r"survey\(''\) gave"),
        (Wild, r"survey\('A'\) gave|survey\('a/'\) gave|survey\('a%'\) gave"),
        (Stringly, "learned Fact.*value=True.*but recalled"),
        (Eternal, "a fact past its lifetime was recalled"),
        (Undead, r"a survey gave \['life/gone', 'life/good', 'life/short'\]"),
        (Racy, "told at once; the latest was|facts learned at once"),
        (CheckThenAct, "20 bots claimed race/. at once, and it was granted to"),
        (Generous, "bob was granted port/7 as number 2, although ann holds it"),
        (NewNumbers, "renewing lease 1 gave it the number 2"),
        (SameNumber, "the new holder's number 1 does not exceed"),
        (AnyoneReleases, "only bob, who does not, gave it back"),
        (NeverLapses, "port/8 is free or theirs, but bob was given None"),
        (OneLock, "is free or theirs, but|was granted"),
        (ClaimsAreFacts, "claims must not show among the facts"),
        (LastOfBatch, "learn_all"),
        (ForgetfulBook, "but the book says None"),
        (OldBook, "a lapsed lease must have no holder|a lease given back must have no holder"),
        (Wedged, "it took more than 30 s to see that it survives cancelled callers"),
        (dict, "lacks one of learn"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_broken_store_is_caught(broken, match, catches):
    catches(check_store, broken, match=match)


def test_a_store_that_forgets_when_closed_is_caught(catches):
    catches(check_lasting_store, MemoryStore, match="learned .* but after opening again it is None")


def test_a_store_that_counts_from_one_again_is_caught(catches):
    kept = Plain()

    def open_again():
        store = Plain()
        store.facts, store.grants = kept.facts, kept.grants
        return store

    catches(check_lasting_store, open_again, match="after opening again, grant 1 follows 2")


@define
class Bare:
    """Only the four methods: no bulk, no book. That is enough."""

    plain: Plain = field(factory=Plain)

    async def learn(self, fact):
        return await self.plain.learn(fact)

    async def recall(self, key):
        return await self.plain.recall(key)

    async def survey(self, prefix):
        return await self.plain.survey(prefix)

    async def claim(self, key, who, *, until):
        return await self.plain.claim(key, who, until=until)


def test_what_is_not_offered_is_not_asked():
    simulate(check_store, Bare)
