"""Docking at a port and trading there; the bytes are those of live sessions."""

from __future__ import annotations

from ..engine import ports, stardock, tables, travel
from ..engine.haggle import Answer, Deal, Offer, Verdict
from ..engine.refusal import Reason, Refusal
from . import _ink as ink
from . import _phrases as phrases
from ._house import Seat
from ._items import class_zero, turned_away
from ._stardock import visit_stardock
from ._status import clock

OFFER_MOST = 9_999_999_999  # Invented: the longest bid


async def port(seat: Seat) -> None:
    """`P`: the port menu."""
    io = seat.io
    io.line("P")
    here = travel.look(seat.world, seat.me).port
    io.blank()
    if here is None:
        io.line(f"{ink.r}There is no port in this sector!")
        return
    dock = here.kind == tables.STARDOCK
    choices = [("A", "Attack this Port"), ("T", "Trade at this Port"), ("Q", "Quit, nevermind")]
    if dock:
        choices.insert(1, ("S", "Land on the StarDock"))
    for key, text in choices:
        io.line(f"{ink.m}<{ink.g}{key}{ink.m}>{ink.g} {text}")
    io.blank()
    prompt = f"{ink.m}Enter your choice {ink.Y}[T] {ink.m0}? "
    choice = await io.choose(prompt, "ATQS" if dock else "ATQ", default="T")
    if choice == "S":
        await visit_stardock(seat)
    elif choice == "T":
        await dock_here(seat, here.kind)
    elif choice == "A":
        # Invented: ports cannot be attacked in this universe.
        io.line(f"{ink.r}The port's defences are too strong for your ship.")


async def dock_here(seat: Seat, kind: int) -> None:
    """Dock, whatever the port sells."""
    io = seat.io
    io.put(ink.banner_line("Port") + ink.blank)
    try:
        if kind == tables.CLASS_ZERO:
            turns = stardock.dock_zero(seat.world, seat.me)
            docking = None
        else:
            docking = ports.dock(seat.world, seat.me)
            turns = docking.turns
    except Refusal as no:
        io.line(turned_away(seat, no))
        return
    seat.house.spread_news()
    io.line(f"{ink.alarm}Docking...")
    io.line(f"{ink.Y}One turn deducted, {ink.c}{turns}{ink.y} turns left.")
    if docking is None:
        io.line(f"{ink.g}You have {ink.Y}{seat.me.credits:,}{ink.g0} credits.")
        await class_zero(seat)
        stardock.leave(seat.world, seat.me)
    else:
        await _trade(seat, docking)
        ports.undock(seat.world, seat.me)


async def _trade(seat: Seat, docking: ports.Docking) -> None:
    io = seat.io
    report = docking.report
    io.blank()
    io.line(f"{ink.Y}Commerce report for {ink.c}{report.name}{ink.y}: {clock(seat.world.date)}")
    io.blank()
    io.line(f"{ink.m}-=-=-        Docking Log        -=-=-")
    io.line(_docking_log(docking))
    if docking.experience:
        io.line(f"{ink.g}For finding this unused port you receive {points(docking.experience)}")
    if docking.promoted:
        io.line(promoted(docking.promoted))
    io.blank()
    show_report(seat, report)
    io.blank()
    traded, tell_purse = False, True
    while (deal := ports.next_deal(seat.world, seat.me)) is not None:
        if tell_purse:
            io.blank()
            io.line(_purse(seat, ink.Y))
        io.blank()
        traded, tell_purse = True, await _one_product(seat, deal)
        seat.house.tick()
    if not traded:
        io.line(f"{ink.g}You don't have anything they want, and they don't have anything you can buy.")
    io.blank()
    io.line(_purse(seat, ink.C))


def _docking_log(docking: ports.Docking) -> str:
    if not docking.last_ship:
        return f"{ink.g}No current ship docking log on file."
    minutes = int(docking.last_ago // 60)
    ago = f"{minutes} minutes" if minutes < 24 * 60 else f"{minutes // 1440} day(s)"
    # Invented: the colours of this line.
    return f"{ink.C}{docking.last_ship}{ink.g0} docked {ink.Y}{ago}{ink.g0} ago."


def points(amount: int) -> str:
    """Write an amount of experience as it ends a sentence."""
    return f"{ink.Y}{amount}{ink.g0} experience point(s)."


def promoted(rank: str) -> str:
    """Announce a promotion."""
    return f"{ink.alarm}You have been promoted to {rank}!"


def show_report(seat: Seat, report: ports.Report) -> None:
    """Draw the table of a commerce report."""
    io = seat.io
    io.line(f"{ink.g} Items     Status  Trading % of max OnBoard")
    io.line(f"{ink.m} -----     ------  ------- -------- -------")
    for item in report.items:
        side = "Buying " if item.buying else "Selling"
        io.line(
            f"{ink.C}{item.product.label:<9}{ink.g0}  {side} {ink.C}{item.amount:>6}{ink.g0}{item.percent:>7}"
            f"{ink.R}% {ink.c0}{item.onboard:>7}"
        )


def _purse(seat: Seat, figures: str) -> str:
    return (
        f"{ink.g}You have {figures}{seat.me.credits:,}{ink.g0} credits and "
        f"{figures}{seat.ship.empty}{ink.g0} empty cargo holds."
    )


async def _one_product(seat: Seat, deal: Deal) -> bool:
    """Talk about one product until it is sold, or not; say whether it was talked about at all."""
    io, name = seat.io, deal.product.label
    side, verb = ("buying", "sell") if deal.buying else ("selling", "buy")
    io.line(
        f"{ink.m}We are {side} up to {ink.Y}{deal.amount}{ink.m0}.  You have {ink.Y}{deal.onboard}{ink.m0} "
        "in your holds."
    )
    default = f"[{ink.Y}{deal.default}{ink.m0}]"
    prompt = f"{ink.m}How many holds of {ink.C}{name}{ink.m0} do you want to {verb} {default}? "
    quantity = await io.number(prompt, deal.maximum, deal.default)
    try:
        offer = ports.agree(seat.world, seat.me, quantity)
    except Refusal as no:
        io.line(f"{ink.r}{no.reason.value}")
        return False
    if offer is None:
        return False
    io.line(f"{ink.C}Agreed, {ink.y}{quantity:,}{ink.c} units.")
    io.blank()
    await _haggle(seat, offer)
    return True


async def _haggle(seat: Seat, offer: Offer) -> None:
    """Bid until the port takes it or loses patience."""
    io = seat.io
    how = "buy" if offer.buying else "sell"
    io.line(f"{ink.g}We'll {how} them for {ink.Y}{offer.amount:,}{ink.g0} credits.")
    asked = offer.amount
    while True:
        text = await io.digits(f"{ink.m}Your offer [{ink.Y}{asked:,}{ink.m0}] ? ", OFFER_MOST)
        seat.house.tick()
        try:
            answer = ports.bid(seat.world, seat.me, int(text) if text else asked)
        except Refusal as no:
            if no.reason is not Reason.NO_CREDITS:
                return  # the talk is over, because the ship is gone
            # Invented: what a port says to a trader who cannot pay what he bids.
            io.line(f"{ink.R}You can not afford it!")
            continue
        asked = answer.offer
        if answer.verdict is Verdict.COUNTER:
            io.blank()
            io.line(f"{ink.g}We'll {how} them for {ink.Y}{asked:,}{ink.g0} credits.")
        elif answer.verdict is Verdict.FINAL:
            io.blank()
            io.line(f"{ink.g}Our final offer is {ink.Y}{asked:,}{ink.g0} credits.")
        elif answer.verdict is Verdict.JOKE:
            io.blank()
            io.line(f"{ink.C}{seat.house.random.choice(phrases.JOKES)}")
        else:
            _last_word(seat, offer, answer)
            return


def _last_word(seat: Seat, offer: Offer, answer: Answer) -> None:
    io, dice = seat.io, seat.house.random
    if answer.verdict is Verdict.DEAL:
        colour, words = (ink.m, phrases.BOUGHT) if offer.buying else (ink.g, phrases.SOLD)
        io.line(f"{colour}{dice.choice(words)}")
        _reward(seat, answer)
    elif answer.verdict is Verdict.KICK:
        # Invented: the blank line before it.
        io.blank()
        io.line(f"{ink.Y}{dice.choice(phrases.KICKS)}")
    elif answer.verdict is Verdict.REFUSED:
        # Invented: the colour and the blank line.
        io.blank()
        io.line(f"{ink.Y}We're not interested.")
    elif answer.verdict is Verdict.GIFT:
        # Invented: all but the first two words.
        io.line(f"{ink.banner}Thank you for your generous gift!")
    else:
        # Invented: all but the first word.
        io.line(f"{ink.banner}Nothing in this port is free!")


def _reward(seat: Seat, answer: Answer) -> None:
    io = seat.io
    if seat.ship.psychic:
        percent = f"{ink.bold}{answer.percent:6.2f}{ink.y0}%"
        io.line(f"{ink.y}<P-Probe estimates your offer was {percent} of best price>")
    if answer.experience:
        io.line(f"{ink.g}For your {answer.tier} trading you receive {points(answer.experience)}")
    if answer.promoted:
        io.line(promoted(answer.promoted))
