"""The banker: keeps the crew's money where nobody can rob it, and gives it out for holds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from anyio import create_task_group, current_time
from attrs import define, field, frozen, validators

from ..._bot import Bot
from ..._facts import Message
from ...abc import Role
from ..pilot import Account, Pilot
from ._bank import wishes
from ._duty import come_aboard, degrade, explore, linger, on_duty

LARGEST_GIFT: Final = 20_000


@frozen(kw_only=True)
class Banker(Role[Any, Any]):
    """Banks its own money above `float_`, collects what the crew transfers, and funds who wishes for holds.

    Between visits, every `every` seconds or when somebody handed money over, it explores near the
    StarDock; the last `turns` turns of a day are kept for the bank. `reserve` stays in the account.
    """

    account: Account
    pace: float = field(default=0.0, validator=validators.ge(0))
    purse: int = field(default=100, validator=validators.ge(0))
    reserve: int = field(default=5_000, validator=validators.ge(0))
    every: float = field(default=120.0, validator=validators.gt(0))
    turns: int = field(default=100, validator=validators.ge(0))

    async def __call__(self, bot: Bot[Any, Any], /) -> None:
        """Bank until relieved."""
        pilot = await come_aboard(bot, self.account, pace=self.pace, role="Banker")
        work = Counter(self)
        async with bot.channel.subscribe("surplus") as news, create_task_group() as nursery:
            nursery.start_soon(work.listen, news, name=f"{bot.name}/surplus")
            await on_duty(pilot, work.cycle)
            nursery.cancel_scope.cancel()

    # --- decisions, meant to be overridden ------------------------------------------------------

    def gift(self, balance: int, wanted: int) -> int:
        """Decide how much of the account goes to a crew member who wishes for money."""
        return max(0, min(wanted, LARGEST_GIFT, balance - self.reserve))


@define(eq=False)
class Counter:
    """One banker's time aboard."""

    banker: Banker
    _next: float = field(init=False, default=float("-inf"))

    async def listen(self, news: AsyncIterator[Message]) -> None:
        """Hear that money came in."""
        async for _ in news:
            self._next = float("-inf")

    async def cycle(self, pilot: Pilot) -> None:
        """Go to the bank when it is time, else explore."""
        dock = pilot.atlas.stardock() or await pilot.find_stardock()
        if dock is None:
            await degrade(pilot, "no StarDock known")
        elif current_time() >= self._next:
            self._next = current_time() + self.banker.every
            await self._bank(pilot, dock)
        elif (pilot.ship.turns or 0) < self.banker.turns:
            pilot.bot.report(doing="waiting at the bank")
            await pilot.travel(dock)
            await linger(pilot)
        else:
            pilot.bot.report(doing="exploring between visits to the bank")
            if not await explore(pilot):
                await linger(pilot)

    async def _bank(self, pilot: Pilot, dock: int) -> None:
        bot, banker = pilot.bot, self.banker
        bot.report(doing=f"going to the bank in {dock}")
        await pilot.travel(dock)
        balance = await pilot.balance()
        spare = (pilot.ship.credits or 0) - banker.purse
        if spare > 0:
            balance += await pilot.deposit(spare)
        bot.advance("banked", balance)
        pilot.tell(f"{balance} in the bank")
        for who, trader, wanted in await wishes(bot):
            gift = banker.gift(balance, wanted)
            if gift > 0:
                given = await pilot.transfer(trader, gift)
                balance -= given
                await bot.learn(f"wish/{who}", None)
                await bot.say("funded", {"bot": who, "credits": given})
                pilot.tell(f"sent {given} to {trader} for holds")
        await pilot.home()
