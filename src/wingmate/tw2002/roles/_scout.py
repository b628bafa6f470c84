"""The scout: puts the universe on the map."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen, validators

from ..._bot import Bot
from ...abc import Role
from ..pilot import Account, Pilot
from ._duty import come_aboard, explore, on_duty, wander

READ_AGAIN = 3_600.0  # seconds until a port's report is worth reading again


@frozen(kw_only=True)
class Scout(Role[Any, Any]):
    """Explores what is nearest and unexplored; claims each corridor, so that scouts never meet in one.

    `report_ports` reads the report of each port found, which costs no turn and tells the traders.
    """

    account: Account
    pace: float = field(default=0.0, validator=validators.ge(0))
    report_ports: bool = True

    async def __call__(self, bot: Bot[Any, Any], /) -> None:
        """Explore until relieved."""
        pilot = await come_aboard(bot, self.account, pace=self.pace, role="Scout")
        await on_duty(pilot, self.cycle)

    async def cycle(self, pilot: Pilot) -> None:
        """Explore one sector."""
        pilot.bot.report(doing="exploring")
        if not await explore(pilot):
            pilot.bot.report(doing="wandering: nothing left to explore")
            await wander(pilot)
            await self.survey(pilot)
            return
        await self.survey(pilot)

    async def survey(self, pilot: Pilot) -> None:
        """Look at what is here: the port's report, and through the scanner if there is one."""
        port = pilot.atlas.port(pilot.here)
        if self.report_ports and port is not None and port.tradeable and not port.products:
            await pilot.port_report(pilot.here)
        if pilot.ship.scanner in {"Dens", "Holo"}:
            await pilot.density_scan()
