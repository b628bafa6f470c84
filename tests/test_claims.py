"""Leases on what only one may use."""

from contextlib import suppress

import anyio
import pytest

from wingmate import ClaimLost, MemoryStore, lease, release, renew
from wingmate.testing import simulate


def test_a_lease_is_renewed_while_the_block_lasts_and_given_back_after():
    async def story():
        store = MemoryStore()
        async with lease(store, "port/7", "ann", within=30) as number:
            await anyio.sleep(1000)
            async with lease(store, "port/7", "bob", within=30) as refused:
                assert refused is None
        async with lease(store, "port/7", "bob", within=30) as later:
            assert later > number

    simulate(story)


def test_the_same_holder_keeps_its_number():
    async def story():
        store = MemoryStore()
        first = await renew(store, "port/7", "ann", within=30)
        await anyio.sleep(20)
        assert await renew(store, "port/7", "ann", within=30) == first
        await release(store, "port/7", "bob")  # not the holder: nothing happens
        assert await renew(store, "port/7", "bob", within=30) is None
        await release(store, "port/7", "ann")
        assert await renew(store, "port/7", "bob", within=30) > first

    simulate(story)


def test_a_lost_lease_is_noticed_inside_the_block():
    async def story():
        class Thief(MemoryStore):
            stolen = False

            async def claim(self, key, who, *, until):
                return None if self.stolen else await super().claim(key, who, until=until)

        store = Thief()
        with pytest.raises(ExceptionGroup) as caught:
            async with lease(store, "port/7", "ann", within=30):
                store.stolen = True
                await anyio.sleep(60)
        assert caught.group_contains(ClaimLost)
        return anyio.current_time()

    assert simulate(story) == 10


def test_a_store_that_hangs_costs_the_lease_its_safety():
    async def story():
        class Slow(MemoryStore):
            delay = 0.0

            async def claim(self, key, who, *, until):
                await anyio.sleep(self.delay)
                return await super().claim(key, who, until=until)

        store = Slow()
        with suppress(ExceptionGroup):
            async with lease(store, "port/7", "ann", within=30):
                store.delay = 100.0
                await anyio.sleep(200)
                pytest.fail("a renewal that took longer than the lease must not pass for one")

    simulate(story)


def test_a_lease_runs_from_when_it_was_asked_for():
    async def story():
        class Slow(MemoryStore):
            delays = (8.0, 100.0, 0.0)
            asked = 0

            async def claim(self, key, who, *, until):
                self.asked += 1
                await anyio.sleep(self.delays[self.asked - 1])
                return await super().claim(key, who, until=until)

        with suppress(ExceptionGroup):
            async with lease(Slow(), "port/7", "ann", within=30):
                try:
                    await anyio.sleep(200)
                finally:
                    ended = anyio.current_time()
        return ended

    assert simulate(story) == 30


@pytest.mark.parametrize("seed", range(25))
def test_never_two_in_the_same_place(seed):
    async def story():
        store, inside, visits, numbers = MemoryStore(), 0, 0, []

        async def visit(who):
            nonlocal inside, visits
            while visits < 20:
                async with lease(store, "port/7", who, within=5) as number:
                    if number is None:
                        await anyio.sleep(0.5)
                        continue
                    inside += 1
                    assert inside == 1
                    numbers.append(number)
                    await anyio.sleep(3)
                    visits += 1
                    inside -= 1
                await anyio.sleep(0.1)

        async with anyio.create_task_group() as nursery:
            for who in ("ann", "bob", "cat"):
                nursery.start_soon(visit, who)
        assert numbers == sorted(numbers)

    simulate(story, seed=seed)
