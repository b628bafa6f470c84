"""A lumberjack in a process of its own, killed again and again; the world remembers, it does not."""

import sys
from random import Random

import anyio
import pytest
from anyio import move_on_after, open_process, sleep

from wingmate import Backoff, BotSpec, LocalChannel, LocalSupervisor, MemoryStore
from wingmate.transports import Tcp
from wingmate.village import Settings, Village, VillageAdapter
from wingmate.village.roles import Farmer, Landscaper

LUMBERJACK = """
import sys, anyio
from wingmate import Backoff, BotSpec, LocalChannel, LocalSupervisor, MemoryStore
from wingmate.transports import Tcp
from wingmate.village import VillageAdapter
from wingmate.village.roles import Lumberjack

async def main():
    async with LocalSupervisor(channel=LocalChannel(), knowledge=MemoryStore(), restart=Backoff(limit=100)) as crew:
        await crew.start(BotSpec(name="noah", role=Lumberjack(name="Noah_Lumberjack"), adapter=VillageAdapter,
                                 transport=Tcp("127.0.0.1", int(sys.argv[1]))))

anyio.run(main)
"""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_lumberjack_killed_at_any_moment_resumes_from_signs_and_chat(seed):
    dice = Random(seed)

    async def story():
        said = []
        async with (
            Village(Settings(seed=seed, size=64, ripening=90), speed=30.0, witness=said.append) as village,
            LocalSupervisor(
                channel=LocalChannel(), knowledge=MemoryStore(), restart=Backoff(limit=100)
            ) as supervisor,
        ):
            port = await village.serve()
            for name, role in (("emma", Farmer), ("lena", Landscaper)):
                spec = BotSpec(
                    name=name,
                    role=role(name=f"{name}_{role.__name__}"),
                    adapter=VillageAdapter,
                    transport=Tcp("127.0.0.1", port),
                    stall=1e5,
                )
                await supervisor.start(spec)
            for life in range(4):
                async with await open_process(
                    [sys.executable, "-c", LUMBERJACK, str(port)], stdout=None, stderr=None
                ) as noah:
                    with move_on_after(60 if life == 3 else dice.uniform(0.7, 3.5)):
                        while village.world.harvested < 3:  # noqa: ASYNC110 - the world sends no signal
                            await sleep(0.1)
                    noah.kill()
            await supervisor.stop_all(drain=False)
        return village, said

    village, said = anyio.run(story)
    assert village.world.harvested >= 3
    assert [len(village.world.places[kind]) for kind in ("chest", "table")] == [1, 1]
    for verb in ("VILLAGE", "CHEST", "CRAFTING"):
        told = {line.partition(f"[{verb}]")[2] for line in said if f"[{verb}]" in line}
        assert len(told) == 1, f"{verb} was told in several ways: {told}"
    assert sum(line == "* join Noah_Lumberjack" for line in said) >= 2
    assert village.faults == 0
