"""Testing a crew in bad weather: the same test on many seeds, each a different bad day."""

from __future__ import annotations

from random import Random

import anyio
from cavern import cavern
from explorers import play_cavern
from shared_map import Surveyor

from wingmate import Backoff, BotSpec, LocalChannel, LocalSupervisor, MemoryStore
from wingmate.testing import MemoryNetwork, Weather, simulate


# --8<-- [start:test]
def test_the_cavern_gets_mapped_in_bad_weather() -> None:
    """Two bots find all twelve rooms, whatever the network does."""

    async def story() -> set[str]:
        store = MemoryStore()
        bad = Weather(latency=(0.01, 2.0), shred=True, refuse=0.1, cut=0.01)
        async with (
            MemoryNetwork(Random(seed), bad) as network,
            LocalSupervisor(
                channel=LocalChannel(), knowledge=store, seed=seed, restart=Backoff(limit=100)
            ) as supervisor,
        ):
            network.listen("cavern", cavern)
            link = network.transport("cavern")
            for name in ("ann", "bob"):
                spec = BotSpec(name=name, role=Surveyor(), adapter=play_cavern, transport=link)
                await supervisor.start(spec)
            await anyio.sleep(600)  # ten minutes, over in milliseconds
            await supervisor.stop_all()
        return {fact.key for fact in await store.survey("room/")}

    for seed in range(25):
        assert simulate(story, seed=seed) == {f"room/{number}" for number in range(1, 13)}


# --8<-- [end:test]

if __name__ == "__main__":
    test_the_cavern_gets_mapped_in_bad_weather()
    print("25 bad days, and all twelve rooms on every one")
