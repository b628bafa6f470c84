"""A store over a chat: facts travel, and claims are won by one, as over any other store."""

from contextlib import AsyncExitStack, asynccontextmanager
from random import Random

import anyio
import pytest

from wingmate import ClaimLost, Fact, Secret, lease, now
from wingmate.abc import ClaimBook, KnowledgeStore
from wingmate.chat import ChatChannel, ChatStore, Key, KeyRing, Terms, Traits
from wingmate.chat._leases import number_of, short
from wingmate.chat.links import ChatRoom, ChatWeather
from wingmate.errors import KnowledgeError
from wingmate.testing import check_store, run_on_trio, simulate

RING = KeyRing(Key("A1", Secret("text:correct horse battery staple")))
ORDERED = Traits(limit=256, rate=500.0, burst=50, hears_itself=True, total_order=True)
RADIO = Traits(limit=155, rate=500.0, burst=50)
# What the check asks for: leases of an hour and of a tenth of a second, and no waiting for certainty.
CHECKED = Terms(longest=4000.0, listen=0.0, settle=0.02, drift=0.0)
QUICK = Terms(longest=20.0, settle=2.0)


@asynccontextmanager
async def member(room, name, terms=QUICK, **settings):
    async with (
        ChatChannel(room.link(name), name, keys=RING) as channel,
        ChatStore(channel, terms=terms, **settings) as store,
    ):
        yield store


@asynccontextmanager
async def crew(room, *names, wait=25.0, **settings):
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(member(room, name, **settings)) for name in names]
        await anyio.sleep(wait)  # until the newcomers know what is free
        yield stores


@pytest.mark.parametrize("run", [simulate, run_on_trio])
@pytest.mark.parametrize("traits", [ORDERED, RADIO])
def test_a_chat_store_keeps_its_promises(traits, run):
    async def story():
        await check_store(lambda: member(ChatRoom(traits), "ann", terms=CHECKED))

    run(story)


def test_it_is_a_store_and_a_claim_book():
    async def story():
        async with member(ChatRoom(ORDERED), "ann") as store:
            assert isinstance(store, KnowledgeStore)
            assert isinstance(store, ClaimBook)

    simulate(story)


def test_facts_travel_and_newcomers_come_up_to_date():
    async def story():
        room = ChatRoom(RADIO, ChatWeather(loss=0.1, delay=(0.0, 1.0)), random=Random(2))
        async with crew(room, "ann", "bob", wait=5, ttl={"port": 3600}) as (ann, bob):
            for n in range(12):
                await ann.learn(Fact(f"port/{n}", {"ore": n}, now(), "ann"))
            await anyio.sleep(60)
            assert await bob.survey("") == await ann.survey("")
            async with member(room, "cat", ttl={"port": 3600}) as cat:
                await anyio.sleep(120)
                return await cat.survey("") == await ann.survey("") and len(await cat.survey("port/"))

    assert simulate(story) == 12


def test_a_newer_sighting_wins_everywhere():
    async def story():
        async with crew(ChatRoom(RADIO), "ann", "bob", wait=5) as (ann, bob):
            date = now()
            await ann.learn(Fact("port/1", "old", date, "ann"))
            await bob.learn(Fact("port/1", "new", date + 1, "bob"))
            await anyio.sleep(60)
            return {(await store.recall("port/1")).value for store in (ann, bob)}

    assert simulate(story) == {"new"}


@pytest.mark.parametrize("traits", [ORDERED, RADIO])
def test_one_of_a_crew_wins_a_claim_and_the_next_gets_a_larger_number(traits):
    async def story():
        names = ("ann", "bob", "cat", "dan", "eve")
        async with crew(ChatRoom(traits, ChatWeather(delay=(0.0, 0.5))), *names) as stores:
            numbers = []
            for _ in range(5):
                got = {}

                async def grab(name, store, got=got):
                    got[name] = await store.claim("chest", name, until=now() + 15)

                async with anyio.create_task_group() as nursery:
                    for name, store in zip(names, stores, strict=True):
                        nursery.start_soon(grab, name, store)
                [winner] = [name for name, number in got.items() if number is not None]
                numbers.append(got[winner])
                await anyio.sleep(2)
                holders = {await store.holder("chest") for store in stores}
                assert {(grant.who, grant.number) for grant in holders} == {(winner, got[winner])}
                store = stores[names.index(winner)]
                assert await store.claim("chest", winner, until=now() + 10) == got[winner]
                await store.claim("chest", winner, until=0.0)
                await anyio.sleep(2)
            return numbers

    numbers = simulate(story)
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("traits", [ORDERED, RADIO])
def test_a_lease_over_a_chat_is_the_same_as_over_any_store(traits):
    async def story():
        async with crew(ChatRoom(traits, ChatWeather(delay=(0.0, 0.5))), "ann", "bob") as (ann, bob):
            async with lease(ann, "pit", "ann", within=15) as number:
                assert number
                await anyio.sleep(60)
                async with lease(bob, "pit", "bob", within=15) as other:
                    assert other is None
            await anyio.sleep(2)
            async with lease(bob, "pit", "bob", within=15) as other:
                return other > number

    assert simulate(story)


def test_who_is_cut_off_loses_the_lease_in_time():
    async def story():
        room = ChatRoom(ORDERED)
        async with crew(room, "ann", "bob") as (ann, bob):
            with pytest.raises(BaseExceptionGroup) as caught:
                async with lease(ann, "pit", "ann", within=15):
                    room.part("ann")
                    began = anyio.current_time()
                    await anyio.sleep(100)
            assert caught.group_contains(ClaimLost)
            assert anyio.current_time() - began < 21  # with the attempt to give it back
            room.rejoin("ann")
            assert await bob.claim("pit", "bob", until=now() + 15) is not None
            # She was away: until the longest lease is over, she cannot know.
            assert await ann.claim("other", "ann", until=now() + 15) is None
            await anyio.sleep(25)
            return await ann.claim("other", "ann", until=now() + 15)

    assert simulate(story)


def test_a_newcomer_waits_until_it_knows():
    async def story():
        room = ChatRoom(ORDERED)
        async with crew(room, "ann") as (ann,):
            assert await ann.claim("pit", "ann", until=now() + 20)
            async with member(room, "bob") as bob:
                await anyio.sleep(15)
                assert await bob.claim("pit", "bob", until=now() + 10) is None
                await anyio.sleep(10)
                return await bob.claim("pit", "bob", until=now() + 10)

    assert simulate(story)


def test_a_claim_whose_echo_comes_too_late_is_given_back():
    async def story():
        room = ChatRoom(ORDERED)
        terms = Terms(longest=20.0, patience=2.0)
        async with crew(room, "ann", "bob", terms=terms) as (ann, bob):
            room.weather = ChatWeather(delay=(5.0, 5.0))
            assert await ann.claim("pit", "ann", until=now() + 20) is None
            room.weather = ChatWeather()
            await anyio.sleep(12)
            assert await ann.holder("pit") is None
            return await bob.claim("pit", "bob", until=now() + 5)

    assert simulate(story)


def test_two_who_never_heard_each_other_find_out_and_the_lower_number_gives_way():
    async def story():
        room = ChatRoom(RADIO)
        terms = Terms(longest=60.0, settle=2.0)
        async with crew(room, "ann", "bob", terms=terms, refresh=10) as (ann, bob):
            room.weather = ChatWeather(loss=1.0)
            first = await ann.claim("pit", "ann", until=now() + 50)
            second = await bob.claim("pit", "bob", until=now() + 50)
            assert None not in {first, second}
            room.weather = ChatWeather()
            await anyio.sleep(12)
            grants = {await store.holder("pit") for store in (ann, bob)}
            assert {grant.number for grant in grants} == {second}
            assert await ann.claim("pit", "ann", until=now() + 50) is None
            return first < second

    assert simulate(story)


def test_what_does_not_fit_is_refused():
    async def story():
        async with crew(ChatRoom(ORDERED), "ann") as (ann,):
            with pytest.raises(KnowledgeError, match="at most"):
                await ann.claim("pit", "ann", until=now() + 1000)
            with pytest.raises(KnowledgeError, match="cannot be claimed"):
                await ann.claim("pit", "".join(map(chr, range(1000, 1200))), until=now() + 10)
            with pytest.raises(KnowledgeError, match="too long"):
                await ann.learn(Fact("a/1", "x" * 100_000, now(), "ann"))
            with pytest.raises(KnowledgeError, match="told"):
                await ann.learn(Fact("a/1", object(), now(), "ann"))
            return await ann.claim("k" * 500, "ann", until=now() + 10)

    assert simulate(story)


def test_numbers_stay_within_what_every_reader_takes():
    assert number_of(2**37 - 1, "ann") < 2**53
    assert number_of(5, "ann") < number_of(6, "bob")
    assert short("pit") == "pit"
    assert short("#pit") != "#pit"
    assert len(short("k" * 99)) < 20
