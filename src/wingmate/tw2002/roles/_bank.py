"""The crew's money: how traders hand it over, and how the banker gives it out.

The game lets anybody move credits from his account to another's at the StarDock's bank, whether the
other is there or not. So a trader with a surplus puts it in its account and transfers a share to the
banker; the banker sends money to the accounts of those who wish for holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..._bot import Bot
from ..._facts import Fact, Json
from ..pilot import Pilot

WISH_TTL: Final = 3_600.0
HOLDS_WISHED: Final = 10
HOLD_PRICE: Final = 600  # about what a hold cost at 20 holds on a default server; only for wishes
MOST_HOLDS: Final = 75  # of the ship everybody starts with
HORIZON: Final = 400  # turns within which new holds must pay for themselves


async def crew_trader(bot: Bot[Any, Any], role: str) -> str | None:
    """Find the name in the game of a crew member with a role, other than ourselves."""
    for fact in await bot.knowledge.survey("crew/"):
        value = fact.value
        if fact.key != f"crew/{bot.name}" and isinstance(value, Mapping) and value.get("role") == role:
            trader = value.get("trader")
            if isinstance(trader, str) and trader:
                return trader
    return None


async def visit_bank(pilot: Pilot, *, keep: int, share: float) -> None:
    """Go to the StarDock with a surplus: buy holds if they pay, hand a share to the banker, bank the rest."""
    bot, dock = pilot.bot, pilot.atlas.stardock()
    if dock is None:
        return
    bot.report(doing=f"going to the bank in {dock}")
    await pilot.travel(dock)
    await _buy_holds(pilot, keep)
    await pilot.balance()
    surplus = (pilot.ship.credits or 0) - keep
    if surplus > 0:
        await pilot.deposit(surplus)
    await _hand_over(pilot, share)
    await pilot.home()
    await pilot.status()
    bot.advance("banked", pilot.ship.bank or 0)


async def _hand_over(pilot: Pilot, share: float) -> None:
    bot, balance = pilot.bot, pilot.ship.bank or 0
    banker = await crew_trader(bot, "Banker")
    gift = int(balance * share)
    if banker is None or gift <= 0:
        return
    given = await pilot.transfer(banker, gift)
    if not given:
        return  # the banker's account is full
    pilot.tell(f"handed {given} to {banker}")
    await bot.say("surplus", {"bot": bot.name, "credits": given})


async def _buy_holds(pilot: Pilot, keep: int) -> None:
    bot, ship = pilot.bot, pilot.ship
    if not holds_pay(pilot):
        return
    await pilot.withdraw()  # what the banker sent for this, and what we saved
    budget = (ship.credits or 0) - keep
    bought = await pilot.buy_holds(budget=budget) if budget > 0 else 0
    if bought:
        pilot.tell(f"bought {bought} holds, {ship.holds} now")
    if ship.holds < MOST_HOLDS:
        wish: dict[str, Json] = {
            "trader": ship.name,
            "credits": HOLDS_WISHED * HOLD_PRICE,
            "holds": ship.holds,
        }
        await bot.learn(f"wish/{bot.name}", wish, ttl=WISH_TTL)
        await bot.say("wish", {"bot": bot.name, **wish})


def holds_pay(pilot: Pilot) -> bool:
    """Say whether one more hold earns its price on the best known pair before the horizon."""
    ship = pilot.ship
    pairs = pilot.atlas.pairs(
        holds=ship.holds, turns_per_warp=ship.turns_per_warp, experience=ship.experience
    )
    if not pairs or ship.holds >= MOST_HOLDS:
        return False
    turns = min(HORIZON, ship.turns if ship.turns is not None else HORIZON)
    return pairs[0].per_turn / ship.holds * turns > HOLD_PRICE


async def wishes(bot: Bot[Any, Any]) -> list[tuple[str, str, int]]:
    """List who wishes for money: bot, name in the game, credits; the smallest ship first."""
    facts = await bot.knowledge.survey("wish/")
    found = sorted(wish for wish in map(_wish, facts) if wish is not None)
    return [(who, trader, wanted) for _, who, trader, wanted in found]


def _wish(fact: Fact) -> tuple[int, str, str, int] | None:
    value = fact.value
    if not isinstance(value, Mapping):
        return None
    trader, wanted, holds = value.get("trader"), value.get("credits"), value.get("holds")
    if not isinstance(trader, str) or not isinstance(wanted, int) or not isinstance(holds, int):
        return None
    return holds, fact.key.partition("/")[2], trader, wanted
