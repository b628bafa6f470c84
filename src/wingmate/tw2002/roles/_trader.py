"""The trader: buys where it is cheap, sells where it is dear, two ports at a time."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from attrs import define, field, frozen, validators

from ..._bot import Bot
from ...abc import Role
from ...errors import Refused
from ..atlas import PRODUCTS, Pair
from ..errors import NotHere, WayBarred
from ..pilot import Account, Haggler, Haul, Pilot
from ._bank import MOST_HOLDS, visit_bank
from ._duty import Check, come_aboard, degrade, held, on_duty, retire, tired

PAIR_LEASE: Final = 300.0  # seconds; renewed at every visit
BEST: Final = 25  # pairs worth comparing by their distance
LANDING: Final = 3  # turns for docking here and there, and one to spare
FAREWELL: Final = 8  # sectors on the way to a last sale; stopping must not take long
TRIPS: Final = 4  # round trips whose income makes a way to the bank worth while
SAFE_TRIPS: Final = 12  # the same when there are no more holds to buy: then the money only gets safer
ROUNDS: Final = 5  # round trips for which a way there is worth going


@frozen(kw_only=True)
class Trader(Role[Any, Any]):
    """Claims the best pair of ports in reach and trades it until it is poor; explores without one.

    A round trip that earns less than `poor` credits ends a pair. With more than `surplus` beyond
    `keep` it goes to the bank, where it buys holds if they pay, and hands `share` of the rest to the
    crew's banker.
    """

    account: Account
    pace: float = field(default=0.0, validator=validators.ge(0))
    haggler: Haggler = field(factory=Haggler)
    poor: int = field(default=40, validator=validators.ge(0))
    keep: int = field(default=2_000, validator=validators.ge(0))
    surplus: int = field(default=6_000, validator=validators.gt(0))
    share: float = field(default=0.5, validator=[validators.ge(0), validators.le(1)])

    async def __call__(self, bot: Bot[Any, Any], /) -> None:
        """Trade until relieved."""
        pilot = await come_aboard(bot, self.account, pace=self.pace, role="Trader")
        pilot.haggler = self.haggler
        work = Work(self, pilot)
        await on_duty(pilot, work.cycle)
        await work.sell_off()

    # --- decisions, meant to be overridden ------------------------------------------------------

    def choose_route(self, pilot: Pilot, shunned: Collection[str]) -> Pair | None:
        """Choose the pair that earns most per turn, the way there included; None if none is known."""
        ship, atlas = pilot.ship, pilot.atlas
        pairs = atlas.pairs(holds=ship.holds, turns_per_warp=ship.turns_per_warp, experience=ship.experience)
        best: tuple[float, Pair] | None = None
        for pair in [pair for pair in pairs if pair.key not in shunned][:BEST]:
            path = atlas.path(pilot.here, pair.here)
            if path is None:
                continue
            turns = ROUNDS * pair.turns + (len(path) - 1) * ship.turns_per_warp
            worth = ROUNDS * pair.profit / turns
            if best is None or worth > best[0]:
                best = (worth, pair)
        return None if best is None else best[1]

    def is_poor(self, income: int, rounds: int) -> bool:
        """Say whether a pair is not worth another round trip; the first one only fills the holds."""
        return rounds > 1 and income < self.poor

    def wants_bank(self, pilot: Pilot, income: int) -> bool:
        """Say whether there is enough money to go to the bank; *income* is that of the last round trip."""
        trips = TRIPS if pilot.ship.holds < MOST_HOLDS else SAFE_TRIPS
        surplus = max(self.surplus, trips * income)
        return pilot.atlas.stardock() is not None and (pilot.ship.credits or 0) >= self.keep + surplus


@define(eq=False)
class Work:
    """One trader's time aboard."""

    trader: Trader
    pilot: Pilot
    _done: set[str] = field(init=False, factory=set[str])  # pairs that were poor when we left them
    _income: int = field(init=False, default=0)  # of the last round trip
    _enough: int = field(init=False, default=0)  # what the bank would not take, twice over

    async def cycle(self, pilot: Pilot) -> None:
        """Trade one pair until it is poor, or do what there is to do instead."""
        trader = self.trader
        if self._bank_time():
            # Should the way be barred, there is something better to do than to try it again at once.
            self._enough = 2 * (pilot.ship.credits or 0)
            await visit_bank(pilot, keep=trader.keep, share=trader.share)
            left = pilot.ship.credits or 0
            # A full account takes nothing; going again at once would be all we ever did.
            self._enough = 2 * left if left >= trader.keep + trader.surplus else 0
            return
        shunned = set(self._done)
        while pilot.bot.on_duty:
            pair = trader.choose_route(pilot, shunned)
            if pair is None:
                # What was poor an hour ago may be rich again by the time all else is poor.
                self._done.clear()
                why = "all pairs are taken or poor" if shunned else "no pair known"
                await degrade(pilot, why)
                return
            outing = len(pilot.atlas.path(pilot.here, pair.here) or ())
            if tired(pilot, outing):
                await retire(pilot, outing)
                return
            async with held(pilot.bot, pair.key, within=PAIR_LEASE) as still:
                if still is None:
                    shunned.add(pair.key)
                    continue
                await self._trade(pair, still)
                return

    async def sell_off(self) -> None:
        """Sell what is aboard where it is wanted near by, so that nothing is left in the holds."""
        pilot, atlas = self.pilot, self.pilot.atlas
        aboard = [product for product in PRODUCTS if pilot.ship.cargo.get(product)]

        def wanted(number: int) -> bool:
            port = atlas.port(number)
            return port is not None and all(port.buys(product) for product in aboard)

        path = atlas.nearest(pilot.here, wanted) if aboard else None
        if path is None or len(path) > FAREWELL:
            return
        pilot.bot.report(doing=f"selling the rest at {path[-1]}")
        try:
            await pilot.follow(path[1:])
            await pilot.trade(Haul())
        except Refused as refused:
            pilot.tell(str(refused))

    async def _trade(self, pair: Pair, still: Check) -> None:
        pilot, trader = self.pilot, self.trader
        pilot.bot.report(doing=f"trading {pair.here} and {pair.there}")
        await self._go(pair.here)
        rounds, ends = 0, ((pair.here, pair.there, pair.out), (pair.there, pair.here, pair.back))
        while await still() and not tired(pilot):
            rounds, income = rounds + 1, 0
            for here, there, product in ends:
                await self._go(here)
                buying = self._may_buy(here, there)
                try:
                    visit = await pilot.trade(Haul(buy=(product,) if product and buying else ()))
                except NotHere:
                    self._done.add(pair.key)
                    raise
                income += visit.income
                self._tell(pair, visit.income)
                if not buying and not any(pilot.ship.cargo.values()):
                    return
                await pilot.refresh()
            self._income = max(0, income)
            if trader.is_poor(income, rounds):
                self._done.add(pair.key)
                return
            if self._bank_time():
                return

    def _bank_time(self) -> bool:
        money = self.pilot.ship.credits or 0
        if money < self._enough or not self.trader.wants_bank(self.pilot, self._income):
            return False
        pilot, dock = self.pilot, self.pilot.atlas.stardock()
        path = None if dock is None else pilot.atlas.path(pilot.here, dock)
        turns = pilot.ship.turns
        # Who runs out of turns on the way sits there with all the money.
        return path is None or turns is None or turns >= len(path) * pilot.ship.turns_per_warp

    def _may_buy(self, here: int, there: int) -> bool:
        """Say whether what is bought here can be sold there: else only what is aboard is sold."""
        pilot, ship = self.pilot, self.pilot.ship
        enough = ship.turns is None or ship.turns >= ship.turns_per_warp + LANDING
        safe = pilot.alarm is None and not {here, there} & set(pilot.atlas.dangers)
        return pilot.bot.on_duty and enough and safe

    async def _go(self, sector: int) -> None:
        try:
            await self.pilot.travel(sector)
        except WayBarred:
            await self.pilot.warn(sector, "barred", ttl=300.0)
            raise

    def _tell(self, pair: Pair, income: int) -> None:
        bot, ship = self.pilot.bot, self.pilot.ship
        if income > 0:
            bot.advance("credits", ship.worth)
        word = "earned" if income >= 0 else "spent"
        self.pilot.tell(f"{word} {abs(income)} at {ship.sector}, trading {pair.here} and {pair.there}")
