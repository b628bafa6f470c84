"""When links break: a crash, a pause that grows, a fresh start, and a status that tells of it."""

from __future__ import annotations

from random import Random

import anyio
from cavern import cavern
from explorers import explore, play_cavern

from wingmate import BotSpec, Crash, LocalChannel, LocalSupervisor, MemoryStore, State, Status
from wingmate.errors import TransportError
from wingmate.supervisors import Backoff
from wingmate.testing import MemoryNetwork, Weather, simulate


# --8<-- [start:policy]
def patient(crash: Crash) -> float | None:
    """Try again soon after a broken link; give up on anything else."""
    if isinstance(crash.error, TransportError):
        return Backoff(first=1.0, longest=30.0)(crash)
    return None


# --8<-- [end:policy]


# --8<-- [start:main]
async def main() -> list[str]:
    """Let one bot explore behind a bad link for two minutes, and note what becomes of it."""
    told: list[str] = []

    def note(status: Status) -> None:
        if status.state is State.WAITING:
            told.append(f"life {status.incarnation} ended: {status.last_error}")

    async with (
        MemoryNetwork(Random(3), Weather(latency=(0.05, 0.5), cut=0.01)) as network,
        LocalSupervisor(
            channel=LocalChannel(), knowledge=MemoryStore(), restart=patient, seed=3
        ) as supervisor,
        anyio.create_task_group() as nursery,
    ):
        network.listen("cavern", cavern)
        link = network.transport("cavern")

        async def watch() -> None:
            async with supervisor.watch() as changes:
                async for status in changes:
                    note(status)

        nursery.start_soon(watch)
        await supervisor.start(BotSpec(name="ann", role=explore, adapter=play_cavern, transport=link))
        await anyio.sleep(120)
        await supervisor.stop_all()
        nursery.cancel_scope.cancel()
    return told


# --8<-- [end:main]

if __name__ == "__main__":
    print("\n".join(simulate(main)))
