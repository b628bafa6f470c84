"""Does a store keep its promises?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from itertools import permutations
from random import Random

from anyio import CancelScope, create_task_group, sleep

from .._clock import now
from .._facts import Fact, Grant, Json
from ..abc import BulkStore, ClaimBook, KnowledgeStore
from ._promise import in_time, is_a, opened, promise

LONG = 3600.0  # seconds; longer than any check takes
CROWD = 20  # bots that want the same thing at the same time
VALUES: tuple[Json, ...] = (
    None,
    True,
    False,
    0,
    1,
    1.0,
    -7,
    2**70,
    1e300,
    0.1,
    "",
    'it\'s 50% "off"_\\\n\t',
    "Zoë \u2192 \U0001f680",
    [],
    {},
    [1, [2, [3, None]], {"a": [True]}],
    {"warps": [1, 2, 3], "port": None, "products": {"ore": {"amount": 120, "percent": 99.5}}, "ß": "ü"},
)
# By code point, with everything that wildcards, case and quoting could get wrong.
KEYS = ("a%c", "a'c", "a*c", "a/", "a/1", "a/10", "a/2", "aB/1", "a[b]c", "a_c", "ab/1", "aé", "a\U0001f680")

Step = Callable[[KnowledgeStore, float], Awaitable[None]]


async def check_store(
    make: Callable[[], KnowledgeStore], *, pause: float = 0.1, within: float = 30.0
) -> None:
    """Check that a store remembers well and leases fairly; `BulkStore` and `ClaimBook` too, if offered.

    *make* gives an empty store each time, or a block that does, without lifetimes of its own for the
    kinds used here. Leases and lifetimes of *pause* seconds are waited for; every step has *within*
    seconds. Raises `AssertionError` with the broken promise.
    """
    async with opened(make) as store:
        lacking = f"{store!r} lacks one of learn(), recall(), survey(), claim()"
        promise(is_a(store, KnowledgeStore), lacking)
        bulk, book = isinstance(store, BulkStore), isinstance(store, ClaimBook)
    for step in _steps(bulk=bulk, book=book):
        async with opened(make) as store:
            with in_time(step, within):
                await step(store, pause)


def _steps(*, bulk: bool, book: bool) -> Iterator[Step]:
    yield from (_keeps_the_latest, _returns_every_value, _takes_keys_to_the_letter)
    yield from (_forgets_what_has_expired, _learns_from_many_at_once)
    yield from (_leases_to_one_at_a_time, _leases_each_key_by_itself, _ends_leases_in_time)
    yield from (_leases_to_one_of_many_at_once, _survives_cancelled_callers)
    if bulk:
        yield _learns_many
    if book:
        yield _tells_holders


async def check_lasting_store(open_again: Callable[[], KnowledgeStore], *, within: float = 30.0) -> None:
    """Check a store that outlives its process: *open_again* opens the same one each time.

    Facts and leases must be there again, and a grant number must never be given twice.
    """
    with in_time(_lasts, within):
        await _lasts(open_again)


async def _lasts(open_again: Callable[[], KnowledgeStore]) -> None:
    fact = Fact("lasting/fact", {"seen": [1, 2]}, now(), "ann")
    async with opened(open_again) as store:
        await store.learn(fact)
        held = await _granted(store, "lasting/held", "ann")
        returned = await _granted(store, "lasting/returned", "ann")
        await store.claim("lasting/returned", "ann", until=0.0)
    async with opened(open_again) as store:
        got = await store.recall(fact.key)
        promise(got == fact, f"learned {fact}, but after opening again it is {got}")
        await _refused(store, "lasting/held", "bob", "ann held it when the store was closed")
        again = await _granted(store, "lasting/held", "ann")
        promise(again == held, f"renewed after opening again, lease {held} became {again}")
        number = await _granted(store, "lasting/returned", "bob")
        promise(number > returned, f"after opening again, grant {number} follows {returned}")


# --- facts ------------------------------------------------------------------------------------------


async def _keeps_the_latest(store: KnowledgeStore, _pause: float) -> None:
    date = now()
    sightings = ((1, date - 2, "x"), (2, date - 1, "x"), (3, date - 1, "y"))
    for number, order in enumerate(permutations(sightings)):
        known: Fact | None = None
        for value, seen_at, seen_by in (*order, *order):
            fact = Fact(f"latest/{number}", value, seen_at, seen_by)
            wanted = fact.supersedes(known)
            news = await store.learn(fact)
            promise(news is wanted, f"learn({fact}) gave {news!r}, though {known} was known")
            known = fact if wanted else known
            got = await store.recall(fact.key)
            promise(got == known, f"the latest sighting is {known}, but recall gave {got}")
        promise(await store.survey(f"latest/{number}") == [known], "survey and recall disagree")


async def _returns_every_value(store: KnowledgeStore, _pause: float) -> None:
    for number, value in enumerate(VALUES):
        fact = Fact(f"value/{number}", value, now(), "Zoë")
        await store.learn(fact)
        got = await store.recall(fact.key)
        # repr too, because True equals 1
        promise(
            got is not None and got == fact and repr(got.value) == repr(value),
            f"learned {fact}, but recalled {got}",
        )


async def _takes_keys_to_the_letter(store: KnowledgeStore, _pause: float) -> None:
    keys = list(KEYS)
    Random(0).shuffle(keys)
    for key in keys:
        await store.learn(Fact(key, key, now(), "ann"))
    for prefix in ("", "a", "a/", "a/1", "a%", "a_", "a*", "a[", "a'", "ab", "aB", "A", "aé", "b", "a/10/"):
        got = [fact.key for fact in await store.survey(prefix)]
        wanted = sorted(key for key in KEYS if key.startswith(prefix))
        promise(got == wanted, f"survey({prefix!r}) gave {got}, not {wanted}")
    for key in ("", "a", "A/1", "a/3", "a/1 "):
        got_one = await store.recall(key)
        promise(got_one is None, f"nothing was learned under {key!r}, but recall gave {got_one}")


async def _forgets_what_has_expired(store: KnowledgeStore, pause: float) -> None:
    date = now()
    for key, age, ttl in (("life/gone", 10.0, 5.0), ("life/good", 10.0, LONG), ("life/short", 0.0, pause)):
        await store.learn(Fact(key, age, date - age, "ann", ttl=ttl))
    promise(await store.recall("life/gone") is None, "a fact past its lifetime was recalled")
    keys = [fact.key for fact in await store.survey("life/")]
    promise(keys == ["life/good", "life/short"], f"a survey gave {keys} instead of those in their lifetime")
    await sleep(1.5 * pause)
    promise(await store.recall("life/short") is None, "a fact outlived its lifetime")
    promise(len(await store.survey("life/")) == 1, "a survey gave a fact that outlived its lifetime")
    again = Fact("life/short", "again", now(), "ann")
    promise(await store.learn(again) is True, "a newer sighting of something expired must be news")
    promise(await store.recall("life/short") == again, "a newer sighting does not replace an expired one")


async def _learns_from_many_at_once(store: KnowledgeStore, _pause: float) -> None:
    date = now()
    facts = [Fact("race/1", n, date - n, f"bot-{n}") for n in range(CROWD)]

    async with create_task_group() as nursery:
        for fact in reversed(facts):
            nursery.start_soon(store.learn, fact)
        for n in range(CROWD):
            nursery.start_soon(store.learn, Fact(f"crowd/{n:02}", n, date, "ann"))
    got = await store.recall("race/1")
    promise(got == facts[0], f"{CROWD} bots told at once; the latest was {facts[0]}, but recall gave {got}")
    count = len(await store.survey("crowd/"))
    promise(count == CROWD, f"{CROWD} facts learned at once, {count} known")


async def _learns_many(store: KnowledgeStore, _pause: float) -> None:
    assert isinstance(store, BulkStore)
    date = now()
    await store.learn(Fact("many/000", "known", date, "ann"))
    older = Fact("many/000", "older", date - 5, "ann")
    facts = [Fact(f"many/{n:03}", n, date, "bob") for n in range(1, 500)]
    twice = [Fact("many/001", "twice", date + 1, "bob"), Fact("many/001", "no", date - 1, "bob")]
    news = await store.learn_all(iter([older, *facts, *twice]))
    promise(news == 500, f"learn_all gave {news} as the number of news, not 500")
    known = {fact.key: fact.value for fact in await store.survey("many/")}
    wanted = {"many/000": "known"} | {fact.key: fact.value for fact in facts} | {"many/001": "twice"}
    promise(known == wanted, "learn_all does not keep the latest of each key, as learn does")
    promise(await store.learn_all([]) == 0, "learning nothing must be no news")


# --- claims -----------------------------------------------------------------------------------------


async def _granted(store: KnowledgeStore, key: str, who: str, *, length: float = LONG) -> int:
    number = await store.claim(key, who, until=now() + length)
    promise(isinstance(number, int), f"{key} is free or theirs, but {who} was given {number!r}")
    return number or 0


async def _refused(store: KnowledgeStore, key: str, who: str, why: str) -> None:
    number = await store.claim(key, who, until=now() + LONG)
    promise(number is None, f"{who} was granted {key} as number {number}, although {why}")


async def _leases_to_one_at_a_time(store: KnowledgeStore, _pause: float) -> None:
    first = await _granted(store, "port/7", "ann")
    await _refused(store, "port/7", "bob", "ann holds it")
    again = await _granted(store, "port/7", "ann")
    promise(again == first, f"renewing lease {first} gave it the number {again}")
    await store.claim("port/7", "bob", until=now() - 1)
    await _refused(store, "port/7", "cy", "ann holds it and only bob, who does not, gave it back")
    await store.claim("port/7", "ann", until=now() - 1)
    second = await _granted(store, "port/7", "bob")
    promise(second > first, f"the new holder's number {second} does not exceed the old one's, {first}")
    await _refused(store, "port/7", "ann", "she gave it back and bob holds it")
    await store.claim("port/7", "bob", until=0.0)
    third = await _granted(store, "port/7", "ann")
    promise(third > second, f"the number fell from {second} to {third}")


async def _leases_each_key_by_itself(store: KnowledgeStore, _pause: float) -> None:
    for number, key in enumerate(KEYS):
        await _granted(store, key, f"bot-{number}")
    for key in KEYS:
        await _refused(store, key, "ann", "a bot holds it")
    promise(await store.survey("") == [], "claims must not show among the facts")
    fact = Fact("a/1", "fact", now(), "bob")
    promise(await store.learn(fact) is True, "a claim must not stop others from learning under its key")
    await _refused(store, "a/1", "bob", "a bot holds it, whatever bob learned")


async def _ends_leases_in_time(store: KnowledgeStore, pause: float) -> None:
    first = await _granted(store, "port/8", "ann", length=pause)
    renewed = await _granted(store, "port/8", "ann", length=2 * pause)
    await sleep(1.2 * pause)
    await _refused(store, "port/8", "bob", "ann renewed in time")
    await sleep(1.5 * pause)
    second = await _granted(store, "port/8", "bob")
    promise(second > renewed == first, f"after lease {first}, renewed as {renewed}, came {second}")
    await _refused(store, "port/8", "ann", "her lease ended and bob took it")


async def _leases_to_one_of_many_at_once(store: KnowledgeStore, _pause: float) -> None:
    for key in ("race/1", "race/2"):
        winners = dict[str, int]()

        async def grab(who: str, key: str = key, winners: dict[str, int] = winners) -> None:
            if (number := await store.claim(key, who, until=now() + LONG)) is not None:
                winners[who] = number

        async with create_task_group() as nursery:
            for n in range(CROWD):
                nursery.start_soon(grab, f"bot-{n}")
        promise(len(winners) == 1, f"{CROWD} bots claimed {key} at once, and it was granted to {winners}")


async def _survives_cancelled_callers(store: KnowledgeStore, _pause: float) -> None:
    with CancelScope() as scope:
        scope.cancel()
        await store.learn(Fact("cancel/1", 1, now(), "ann"))
    with CancelScope() as scope:
        scope.cancel()
        await store.claim("cancel/2", "ann", until=now() + LONG)
    await store.claim("cancel/2", "ann", until=0.0)
    await _granted(store, "cancel/2", "bob")
    fact = Fact("cancel/1", 2, now() + 1, "bob")
    await store.learn(fact)
    promise(await store.recall("cancel/1") == fact, "after a cancelled call the store does not work any more")


async def _tells_holders(store: KnowledgeStore, pause: float) -> None:
    assert isinstance(store, ClaimBook)
    promise(await store.holder("port/9") is None, "nobody ever claimed port/9, but it has a holder")
    until = now() + LONG
    number = await store.claim("port/9", "ann", until=until)
    wanted = Grant("port/9", "ann", number or 0, until)
    got = await store.holder("port/9")
    promise(got == wanted, f"the holder is {wanted}, but the book says {got}")
    await store.claim("port/9", "ann", until=now() + pause)
    await sleep(1.5 * pause)
    promise(await store.holder("port/9") is None, "a lapsed lease must have no holder")
    await _granted(store, "port/9", "bob")
    await store.claim("port/9", "bob", until=0.0)
    promise(await store.holder("port/9") is None, "a lease given back must have no holder")
