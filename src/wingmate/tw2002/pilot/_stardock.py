"""The StarDock: its bank and its yard. Enter is never sent at its prompt: a stroll ends in a mugging."""

from __future__ import annotations

from typing import Final

from ..commands import (
    Answer,
    CallUp,
    Deposit,
    Dock,
    Enter,
    EnterNumber,
    ExamineAccount,
    LeavePort,
    Press,
    VisitShop,
    VisitStarDock,
    Withdraw,
)
from ..errors import NotHere, TurnsSpent
from ..events import (
    BankBalanceTold,
    BankRefused,
    ClassZeroListed,
    Deposited,
    NoPortHere,
    OutOfTurns,
    PriceTold,
    ShopRefused,
    Transferred,
    Withdrawn,
)
from ._home import HOME, home, step
from ._talk import Reply, Talk

DEARER: Final = 20  # credits more for each next hold, seen on TWGS 2.20b
MOST_NAMES: Final = 20  # traders a partial name may mean
SHOPS: Final = frozenset({"bank", "shipyards"})


async def go(talk: Talk, shop: str) -> None:
    """Be in a shop of the StarDock; landing costs a turn. Raises `NotHere` or `TurnsSpent`."""
    prompt = await talk.first()
    while prompt.name not in {shop, "stardock", HOME}:
        prompt = (await step(talk, prompt)).prompt
    if prompt.name == HOME:
        await _land(talk)
    if (talk.prompt or prompt).name != shop:
        await talk.do(VisitShop(shop))


async def _land(talk: Talk) -> None:
    reply = await talk.do(Dock())
    if reply.find(NoPortHere) is not None or reply.prompt.name != "port-menu":
        await home(talk)
        raise NotHere(f"{talk.name}: no StarDock in sector {talk.ship.sector}")
    dock = talk.atlas.stardock()
    if dock is not None and dock != talk.ship.sector:
        await talk.do(LeavePort())
        raise NotHere(f"{talk.name}: the StarDock is in sector {dock}, not in {talk.ship.sector}")
    reply = await talk.do(VisitStarDock())
    if reply.prompt.name == "limpet-removal":
        reply = await talk.do(Answer(yes=False))
    if reply.find(OutOfTurns) is not None:
        talk.ship.turns = 0
        await home(talk)
        raise TurnsSpent(f"{talk.name}: no turn left to land on the StarDock")


async def balance(talk: Talk) -> int:
    """Ask the bank what we have there."""
    await go(talk, "bank")
    told = (await talk.do(ExamineAccount())).find(BankBalanceTold)
    return 0 if told is None else told.balance


async def deposit(talk: Talk, credits_: int | None) -> int:
    """Put credits in the bank, all of them with None; give the sum the bank confirmed."""
    await go(talk, "bank")
    reply = await talk.do(Deposit())
    if reply.prompt.name != "deposit":
        return _refused(talk, reply)
    done = (await talk.do(EnterNumber(_cut(reply, credits_)))).find(Deposited)
    return 0 if done is None else done.credits


async def withdraw(talk: Talk, credits_: int | None) -> int:
    """Take credits from the bank, all of them with None; give the sum the bank confirmed."""
    await go(talk, "bank")
    reply = await talk.do(Withdraw())
    if reply.prompt.name != "withdraw":
        return _refused(talk, reply)
    done = (await talk.do(EnterNumber(_cut(reply, credits_)))).find(Withdrawn)
    return 0 if done is None else done.credits


async def transfer(talk: Talk, trader: str, credits_: int) -> int:
    """Give credits from our account to another trader's; give the sum the bank confirmed."""
    await go(talk, "bank")
    reply = await talk.do(Press("t"))
    if reply.prompt.name == "transfer-to":
        reply = await talk.do(Enter(trader))
    for _ in range(MOST_NAMES):
        if reply.prompt.name != "do-you-mean":
            break
        who = reply.prompt.fields.get("who")
        reply = await talk.do(Answer(yes=str(who).casefold() == trader.casefold()))
    if reply.prompt.name != "transfer":
        raise NotHere(f"{talk.name}: the bank knows no trader {trader!r}")
    done = (await talk.do(EnterNumber(_cut(reply, credits_)))).find(Transferred)
    return 0 if done is None else done.credits


def _cut(reply: Reply, wanted: int | None) -> int:
    # The game drops digits that would pass the maximum: 999999 of 4900 becomes 999.
    most = reply.prompt.fields.get("max")
    most = most if isinstance(most, int) else 0
    return most if wanted is None else max(0, min(wanted, most))


def _refused(talk: Talk, reply: Reply) -> int:
    refused = reply.find(BankRefused)
    if refused is not None:
        talk.tell(f"the bank: {refused.text}")
    return 0


async def price_list(talk: Talk) -> ClassZeroListed | None:
    """Read what holds, fighters and shields cost here, and stay in the shop."""
    await go(talk, "shipyards")
    return (await talk.do(CallUp("p"))).find(ClassZeroListed)


async def buy_holds(talk: Talk, wanted: int | None, *, budget: int | None) -> int:
    """Buy cargo holds, as many as we can pay with None; give the number bought."""
    listed = await price_list(talk)
    money = talk.ship.credits or 0
    count = 0 if listed is None else affordable(listed, money if budget is None else min(budget, money))
    count = count if wanted is None else min(wanted, count)
    if count <= 0 or (await talk.do(CallUp("a"))).prompt.name != "buy-holds":
        return 0
    reply = await talk.do(EnterNumber(count))
    if reply.prompt.name == "still-interested":
        price = reply.find(PriceTold)
        willing = price is None or price.price <= money
        reply = await talk.do(Answer(yes=willing))
        if willing and reply.find(ShopRefused) is None:
            talk.ship.holds += count
            return count
    return 0


async def buy_fighters(talk: Talk, wanted: int) -> int:
    """Buy fighters; give the number bought."""
    listed = await price_list(talk)
    if listed is None:
        return 0
    # The displayed price is cut; one credit more each is always enough.
    count = min(wanted, listed.fighters, (talk.ship.credits or 0) // (listed.fighter_price + 1))
    if count <= 0 or (reply := await talk.do(CallUp("b"))).prompt.name != "buy-fighters":
        return 0
    reply = await talk.do(EnterNumber(_cut(reply, count)))
    if reply.find(ShopRefused) is not None:
        return 0
    talk.ship.fighters = (talk.ship.fighters or 0) + count
    return count


def affordable(listed: ClassZeroListed, money: int) -> int:
    """Say how many holds a sum buys: each costs 20 more than the one before."""
    count, price = 0, listed.hold_price
    while count < listed.holds and price <= money:
        money -= price
        price += DEARER
        count += 1
    return count
