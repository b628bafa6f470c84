"""The test of the wandering bots: no network, no waiting, bad weather, any number of seeds."""

from random import Random

from twenty_lines import wander

from wingmate import Backoff, BotSpec, LocalChannel, LocalSupervisor, MemoryStore
from wingmate.testing import MemoryNetwork, Weather, simulate
from wingmate.transports import Telnet
from wingmate.tw2002 import Atlas, TradeWars
from wingmate.tw2002.universe import Universe


async def story() -> int:
    """Let two bots wander over links that are slow, shredded and sometimes cut."""
    knowledge, weather = MemoryStore(), Weather(latency=(0.01, 0.5), shred=True, cut=0.001)
    async with Universe(fast=True) as universe, MemoryNetwork(Random(7), weather) as network:
        network.listen("game", universe.handler)
        link = Telnet(network.transport("game"))
        async with LocalSupervisor(
            channel=LocalChannel(), knowledge=knowledge, restart=Backoff(limit=50)
        ) as supervisor:
            for name in ("ann", "bob"):
                await supervisor.start(BotSpec(name=name, role=wander, adapter=TradeWars, transport=link))
    return (await Atlas.load(knowledge)).explored_count


def test_two_bots_draw_a_map() -> None:
    for seed in range(3):
        assert simulate(story, seed=seed) > 3


if __name__ == "__main__":
    test_two_bots_draw_a_map()
    print("three seeds, three maps")
