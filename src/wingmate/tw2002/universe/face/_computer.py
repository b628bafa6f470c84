"""The onboard computer."""

from __future__ import annotations

from ..engine import census, chat, ports, tables, travel
from ..engine.refusal import Reason, Refusal
from . import _ink as ink
from ._bank import ask_trader
from ._cim import sector_rows
from ._globals import KEYS, global_key
from ._house import Seat
from ._move import plotted
from ._port import show_report
from ._sector import computer_prompt
from ._settings import settings
from ._status import clock
from ._talk import write_mail
from ._yards import examine_ships, ship_specs


async def computer(seat: Seat) -> None:
    """`C`: answer questions until `Q`."""
    io = seat.io
    io.line("C")
    io.put(ink.banner_line("Computer"))
    io.blank()
    io.line(f"{ink.G}<Computer activated>")
    while True:
        io.blank()
        prompt = computer_prompt(seat.me.sector)
        key = await io.hot(prompt, f"FIKRTNVXCDLMS;?!Q{KEYS}", news=True)
        seat.house.tick()
        if key in KEYS:
            await global_key(seat, key, prompt)
            continue
        io.line(key)
        if key == "Q":
            break
        await COMMANDS[key](seat)
    io.blank()
    io.line(f"{ink.G}<Computer deactivated>")


async def _sector(seat: Seat, prompt: str, *, default: bool = True) -> int:
    here = seat.me.sector if default else 0
    return await seat.io.number(prompt, seat.world.settings.sectors, here)


async def _plot(seat: Seat) -> None:
    here = f"{ink.Y}[{seat.me.sector}]{ink.m0}"
    start = await _sector(seat, f"{ink.m}What is the starting sector {here} ? ")
    goal = await _sector(seat, f"{ink.m}What is the destination sector? ", default=False)
    if start and goal:
        await plotted(seat, start, goal)


async def _warps(seat: Seat) -> None:
    io = seat.io
    here = f"{ink.Y}[{seat.me.sector}]{ink.m0}"
    sector = await _sector(seat, f"{ink.m}What sector do you wish to examine? {here}  ")
    if not sector:
        return
    if not seat.me.knows(sector):
        io.line(f"{ink.r}You have never visted sector {sector}.")
        return
    warps = f"{ink.g0} - {ink.C}".join(str(warp) for warp in travel.adjacent(seat.world, sector))
    io.line(f"{ink.g}Sector {ink.C}{sector}{ink.g0} has warps to sector(s) :  {ink.C}{warps}")


async def _report(seat: Seat) -> None:
    io = seat.io
    sector = await _sector(seat, f"{ink.m}What sector is the port in? {ink.Y}[{seat.me.sector}]{ink.m0} ")
    if not sector:
        return
    try:
        report = ports.report(seat.world, seat.me, sector)
    except Refusal as no:
        if no.reason is Reason.UNKNOWN_SECTOR:
            io.line(f"{ink.r}You have never visted sector {sector}.")
        else:
            io.line(f"{ink.r}I have no information about a port in that sector.")
        return
    io.blank()
    io.line(f"{ink.Y}Commerce report for {ink.c}{report.name}{ink.y}: {clock(seat.world.date)}")
    io.blank()
    show_report(seat, report)


async def _known(seat: Seat) -> None:
    io, total = seat.io, seat.world.settings.sectors
    seen = travel.explored(seat.me)
    io.line(f"{ink.g}You have explored {ink.Y}{100 * len(seen) / total:5.2f}%{ink.g0} of the known Universe.")
    ask = f"{ink.m}Do you want to list your (E)xplored or (U)nexplored sectors? {ink.Y}(E/U){ink.m0} "
    key = await io.choose(ask, "EUQ", default="Q")
    if key == "Q":
        return
    if key == "U":
        seen = sorted(set(range(1, total + 1)) - set(seen))
    io.line(f"{ink.g}You have {'' if key == 'E' else 'not '}explored the following sectors:")
    io.blank()
    for row in sector_rows(seen):
        io.line(f"{ink.C}{row}")
        await io.drain()


async def _time(seat: Seat) -> None:
    seat.io.line(f"{ink.Y}{clock(seat.world.date)}")


async def _avoid(seat: Seat) -> None:
    io, me = seat.io, seat.me
    # Invented: the question; the answers are attested.
    io.pose(f"{ink.m}What sector do you wish to avoid? {ink.Y}(0 clears all){ink.m0} ")
    text = await io.more_digits(seat.world.settings.sectors)
    io.line()
    if not text:
        return
    sector = int(text)
    if not sector:
        travel.clear_avoids(me)
        io.line(f"{ink.g}Avoided sectors Cleared.")
    elif me.avoids_sector(sector):
        travel.unavoid(seat.world, me, sector)
        io.line(f"{ink.C}{sector}{ink.g0} has been cleared and will be used in future plots.")
    else:
        travel.avoid(seat.world, me, sector)
        io.line(
            f"{ink.g}Sector {ink.C}{sector}{ink.g0} will now be avoided in future navigation calculations."
        )


async def _list_avoids(seat: Seat) -> None:
    io = seat.io
    io.put(ink.banner_line("List Avoided Sectors"))
    io.blank()
    show_avoids(seat)


def show_avoids(seat: Seat) -> None:
    """List the sectors to avoid, or say that there are none."""
    io = seat.io
    avoids = travel.avoids(seat.me)
    if not avoids:
        io.line(f"{ink.R}No Sectors are currently being avoided.")
    for row in sector_rows(avoids):
        io.line(f"{ink.G}{row}")


async def _catalogue(seat: Seat) -> None:
    io = seat.io
    io.put(ink.banner_line("Examine Ship Stats"))
    io.blank()
    io.line(f"{ink.g}You call up the Ship Catalog and browse through Starship specs.")
    io.blank()
    await examine_ships(seat)
    io.line(f"{ink.g}You shut off the Vid Term.")


async def _log(seat: Seat) -> None:
    io = seat.io
    entries = seat.world.chronicle.log
    if not entries:
        io.line(f"{ink.g}No log entries today.")
    for entry in entries:
        io.line(f"{ink.y}{clock(entry.date)}{ink.g} {entry.text}")


async def _ranks(seat: Seat) -> None:
    io = seat.io
    ask = f"{ink.m}List by rank (T)itles or by rank (V)alues {ink.Y}(T,V or Q to quit){ink.m0} ? "
    key = await io.choose(ask, "TVQ", default="Q")
    if key == "Q":
        return
    io.line(f"{ink.g}Ranking Traders...")
    io.line(f"{ink.g}Trade Wars 2002 Trader Rankings : {ink.Y}{clock(seat.world.date)}")
    io.blank()
    io.line(f"{ink.g} #       Rank  Alignment Corp        Trader Name                Ship Type ")
    io.line(f"{ink.m}--- --------------------- -- ------------------------------ ------------------ ")
    for place, player in enumerate(census.rankings(seat.world), 1):
        worth = (
            f"{player.experience:,}" if key == "V" else tables.rank(player.experience, player.alignment)[:10]
        )
        ship = "" if player.dead else seat.world.ship_of(player).kind
        io.line(f"{ink.C}{place:>3}{worth:>10}{player.alignment:>11,}  ** {player.name:<31}{ship}")
        await io.drain()


async def _read_mail(seat: Seat) -> None:
    io = seat.io
    io.put(ink.banner_line("Read messages"))
    await show_mail(seat)


async def show_mail(seat: Seat) -> None:
    """Show the player's mail, and offer to delete it."""
    io = seat.io
    mails = chat.read_mail(seat.me)
    if not mails:
        io.line(f"{ink.g}No messages received.")
        return
    for mail in mails:
        io.blank()
        io.line(f"{ink.g}Received from {ink.C}{mail.sender}{ink.g0} at {clock(mail.date)}:")
        io.line(f"{ink.Y}> {mail.text}")
    io.blank()
    if await io.yes(f"{ink.m}[Pause]{ink.g0} - Delete messages? (Y/N) [N] "):
        chat.delete_mail(seat.me, len(mails))


async def _send_mail(seat: Seat) -> None:
    io = seat.io
    name = await io.text(f"{ink.m}Which Trader ? (Full or Partial Name) - ", 40)
    other = await ask_trader(seat, name) if name else None
    if other is not None:
        await write_mail(seat, other)


async def _current_ship(seat: Seat) -> None:
    seat.io.put(ship_specs(seat.ship.hull))


async def _help(seat: Seat) -> None:
    # Invented: the layout; keys and names are those of the real menu.
    for line in (
        " <F> Course Plotter    <I> Inter-Sector Warps  <K> Known Universe",
        " <R> Port Report       <V> Avoid Sectors       <X> List Avoids",
        " <N> Personal Settings <T> Ship Time           <C> Ship Catalog",
        " <D> Daily Log         <L> Trader rank         <;> Current ship",
        " <M> Read Mail         <S> Send Mail           <Q> Exit",
    ):
        seat.io.line(f"{ink.g}{line}")


COMMANDS = {
    "F": _plot,
    "I": _warps,
    "R": _report,
    "K": _known,
    "T": _time,
    "N": settings,
    "V": _avoid,
    "X": _list_avoids,
    "C": _catalogue,
    "D": _log,
    "L": _ranks,
    "M": _read_mail,
    "S": _send_mail,
    ";": _current_ship,
    "?": _help,
    "!": _help,
}
