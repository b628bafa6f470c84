"""Docking and trading: one visit to a port, every product asked for, every offer haggled over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, Protocol

from attrs import evolve, field, frozen

from ...errors import GarbledReply
from ..commands import Dock, LeavePort, Offer, Quantity, TradeHere
from ..errors import NotHere, TurnsSpent
from ..events import (
    Haggled,
    NoPortHere,
    OutOfTurns,
    PortReported,
    Prompted,
    Traded,
    TradeEnded,
    TradeOffered,
)
from ._haggle import Haggle, Haggler, settled
from ._home import HOME, home, step
from ._ship import CARGO
from ._talk import Reply, Talk

MOST_QUESTIONS: Final = 100  # six products at the utmost, a dozen rounds each


class Plan(Protocol):
    """What to trade: asked once for each product the port brings up."""

    def units(self, product: str, side: Literal["buy", "sell"], most: int) -> int:
        """Say how many holds, from none to *most*."""
        ...


@frozen
class Haul:
    """Sell all the port takes; buy these products, in the port's order, as many as fit.

    `leave` products stay in the holds; `most` limits each purchase.
    """

    buy: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    most: Mapping[str, int] = field(factory=dict[str, int])

    def units(self, product: str, side: Literal["buy", "sell"], most: int) -> int:
        """Say how many holds, from none to *most*."""
        if side == "sell":
            return 0 if product in self.leave else most
        return min(most, self.most.get(product, most)) if product in self.buy else 0


@frozen(kw_only=True)
class Visit:
    """What a visit to a port brought."""

    report: PortReported | None
    deals: tuple[Traded, ...]
    failed: tuple[TradeEnded, ...]

    @property
    def income(self) -> int:
        """Credits gained, or spent where negative."""
        return sum(deal.price if deal.side == "sell" else -deal.price for deal in self.deals)


async def dock(talk: Talk) -> Reply:
    """Dock for trade; costs a turn. Raises `NotHere` or `TurnsSpent`."""
    await home(talk)
    reply = await talk.do(Dock())
    if reply.find(NoPortHere) is not None:
        raise NotHere(f"{talk.name}: no port in sector {talk.ship.sector}")
    if reply.prompt.name == "port-menu":
        reply = await talk.do(TradeHere(), within=30.0)
    if reply.find(OutOfTurns) is not None:
        talk.ship.turns = 0
        await home(talk)
        raise TurnsSpent(f"{talk.name}: no turn left to dock")
    return reply


async def look(talk: Talk) -> bool:
    """Ask to dock and stay outside; say whether there is a port. Costs nothing."""
    await home(talk)
    reply = await talk.do(Dock())
    if reply.prompt.name == "port-menu":
        await talk.do(LeavePort())
    return reply.find(NoPortHere) is None


async def trade(talk: Talk, plan: Plan, haggler: Haggler) -> Visit:
    """Dock and trade by a plan; ends at the command prompt."""
    reply = await dock(talk)
    events = list(reply.events)
    for _ in range(MOST_QUESTIONS):
        if reply.prompt.name == HOME:
            break
        reply = await _answer(talk, reply, plan, haggler, events)
    else:
        raise GarbledReply(f"{talk.name}: the port never stops asking", screen=talk.bot.screen())
    reports = [event for event in events if isinstance(event, PortReported)]
    return Visit(
        report=reports[-1] if reports else None,
        deals=tuple(event for event in events if isinstance(event, Traded)),
        failed=tuple(event for event in events if isinstance(event, TradeEnded)),
    )


async def _answer(talk: Talk, reply: Reply, plan: Plan, haggler: Haggler, events: list[object]) -> Reply:
    if reply.prompt.name == "offer":
        reply = await _haggle(talk, reply, haggler, events)
    elif reply.prompt.name == "trade-quantity":
        reply = await talk.do(Quantity(_units(reply.prompt, plan)))
        events += reply.events
    else:
        reply = await step(talk, reply.prompt)
        events += reply.events
    return reply


def _units(prompt: Prompted, plan: Plan) -> int:
    name, side = prompt.fields.get("product"), prompt.fields.get("side")
    most = prompt.fields.get("default")
    if not isinstance(name, str) or not isinstance(most, int):
        return 0
    wanted = plan.units(CARGO.get(name, name.lower()), "sell" if side == "sell" else "buy", most)
    # More than the default is refused or, worse, cut to other digits.
    return max(0, min(wanted, most))


async def _haggle(talk: Talk, reply: Reply, haggler: Haggler, events: list[object]) -> Reply:
    haggle = _begin(reply, events)
    while reply.prompt.name == "offer":
        amount = reply.prompt.fields.get("amount")
        if isinstance(amount, int):
            haggle = evolve(haggle, offer=amount, first=haggle.first or amount)
        bid = settled(haggle, haggler.bid(haggle))
        reply = await talk.do(Offer(bid))
        events += reply.events
        haggle = evolve(haggle, bids=(*haggle.bids, bid))
        for said in reply.all(Haggled):
            haggle = evolve(
                haggle, final=haggle.final or said.kind == "final", jokes=haggle.jokes + (said.kind == "joke")
            )
        if reply.find(Traded) or reply.find(TradeEnded):
            break  # the next offer, if any, is for another product
    return reply


def _begin(reply: Reply, events: list[object]) -> Haggle:
    asked = next((event for event in reversed(events) if isinstance(event, TradeOffered)), None)
    said = [event for event in reply.all(Haggled) if event.kind in {"offer", "counter", "final"}]
    return Haggle(
        side=asked.side if asked else "buy",
        product=asked.product if asked else "",
        units=asked.default if asked else 0,
        first=(said[0].amount or 0) if said else 0,
        offer=0,
        final=any(event.kind == "final" for event in said),
    )
