"""One connection, from the first byte to the last; and one game, from its title to its exit."""

from __future__ import annotations

from anyio import CancelScope

from ..engine import census, roster, travel
from ..engine.refusal import Reason, Refusal
from ..engine.state import Player
from . import _ink as ink
from ._computer import show_avoids, show_mail
from ._front import ask_name, choose_game
from ._game import play
from ._house import House, Seat
from ._login import authenticate, choose_ship_name, new_player, who_is_on
from ._planet import stay
from ._port import points
from ._sector import sector_block
from ._session import Session

TITLE = f"{ink.c}=={ink.bold}-{ink.off}- {ink.bold}Trade Wars 2002 {ink.off}-{ink.C}-{ink.c0}=="
LOADING = f"{ink.C}Trade Wars {ink.y}2002 {ink.k}Win32 module now loading."
CHOICE = f"{ink.C}Enter your choice: "
LOG = f"{ink.clear}{ink.g}Show today's log? ({ink.Y}Y/N{ink.g0}) [{ink.C}N{ink.g0}] "
ENTRIES = (
    ("T", "Play Trade Wars 2002"),
    ("I", "Introduction & Help"),
    ("S", "View Game Settings"),
    ("H", "High scores"),
    ("M", "View Access Modes"),
    ("X", "Exit"),
)


async def converse(session: Session, house: House) -> None:
    """Serve one terminal until it hangs up properly."""
    await ask_name(session)
    while await choose_game(session, house):
        session.where = "Game"
        # Whatever ends the game, also the death of the ship, the server's menu comes back.
        with CancelScope() as session.game:
            await _game(session, house)
        session.game = None


async def _game(session: Session, house: House) -> None:
    """Load the game, and serve its menu until the player leaves it."""
    session.put(ink.home)
    session.line(LOADING)
    if not await _may_enter(session, house):
        return
    # Invented: the title picture is one line of text.
    session.blank()
    session.line(f"{ink.Y}{'T r a d e   W a r s   2 0 0 2':^79}".rstrip())
    session.blank()
    await session.pause()
    _show_menu(session)
    while True:
        choice = (await _line_choice(session)).strip().upper()[:1]
        if choice == "T":
            if not await _enter(session, house):
                return
            _show_menu(session)
        elif choice == "X":
            session.blank()
            session.line(f"{ink.g}...Now leaving Trade Wars 2002 and returning to system.")
            session.blank()
            return
        elif choice in {"*", "S"}:
            # Invented: that `S` shows the same as the hidden key.
            _dump(session, house)
            _show_menu(session)
        elif choice in {"I", "H", "M"}:
            # Invented: there is nothing behind these.
            session.line(f"{ink.g}Not available.")
            _show_menu(session)
        elif choice:
            _show_menu(session)


async def _line_choice(session: Session) -> str:
    """Ask at the start menu: a line prompt, which does not answer to an empty line."""
    session.pose(CHOICE)
    while True:
        text = await session.more_text(20, end="")
        if text:
            session.line()
            return text


async def _may_enter(session: Session, house: House) -> bool:
    private = house.settings.private_password
    if not private:
        return True
    session.line(f"{ink.g}This is a private game.  Please enter a password:")
    if await session.text("", 40, mask="*") == private:
        return True
    session.line(f"{ink.R}Invalid password!")
    return False


def _show_menu(session: Session) -> None:
    session.blank()
    session.line(f"   {TITLE}")
    session.blank()
    for key, text in ENTRIES:
        session.line(f"{ink.m}   {ink.Y}{key}{ink.m0} - {ink.c}{text}")
    session.blank()


def _dump(session: Session, house: House) -> None:
    """Write the settings for programs: no colour, CR LF."""
    session.put(f"Game Stats:{ink.blank}")
    for section, rows in census.dump(house.world, paced=not house.fast):
        session.put(f"[{section}]{ink.blank}")
        for key, value in rows:
            session.put(f"{key}={value}{ink.blank}")
    session.put(f"End Stats.{ink.blank}")
    session.blank()


async def _enter(session: Session, house: House) -> bool:
    """Go through the login and play; false if the player is thrown back to the server's menu."""
    await _log(session, house)
    session.line()
    session.line("Initializing...")
    session.blank()
    session.line(f"       Hello {session.name}, welcome to:")
    session.blank()
    session.line("           Trade Wars 2002 ver 3.34b")
    session.blank()
    # Invented: the credits.
    session.line(f"This copy of TW2002 is a wingmate universe, registered to {house.settings.licensee}.")
    session.blank()
    await session.pause()
    while not session.name:
        session.name = " ".join((await session.text(f"{ink.clear}{ink.m}What is your name? ", 30)).split())
    house.tick()
    player = roster.find(house.world, session.name)
    fresh = player is None
    if player is None:
        player = await new_player(session, house)
        if player is None:
            return True
    elif not await authenticate(session, player):
        return False
    await _be_there(session, house, player, fresh=fresh)
    return True


async def _log(session: Session, house: House) -> None:
    if not await session.yes(LOG):
        return
    await session.yes(f"{ink.g}Include time/date stamp? ({ink.Y}Y/N{ink.g0}) [{ink.C}N{ink.g0}] ")
    session.blank()
    session.line(f"{ink.g}  -=-=-=-=-=-=-=-=-=- Trade Wars 2002 ver 3.34b -=-=-=-=-=-=-=-=-=-")
    session.blank()
    entries = house.world.chronicle.log
    for entry in entries[-20:]:
        session.line(f"{ink.g}{entry.text}")
    if not entries:
        session.line(f"{ink.g}No log entries today.")
    session.blank()
    await session.pause()


async def _be_there(session: Session, house: House, player: Player, *, fresh: bool) -> None:
    """Sit down in the game, and get up again whatever happens."""
    seat = house.seat(session, player)
    try:
        entry = roster.enter(house.world, player)
    except Refusal as no:
        house.playing.pop(player.number, None)
        hours = -(-no.amount // 3600) if no.reason is Reason.DEAD else 0
        # Invented: the unit; a number behind these words is attested.
        session.line(f"{ink.g}You must wait for {ink.Y}{hours}{ink.g0} hour(s) to get back in.")
        return
    try:
        if entry.restart:
            roster.restart(house.world, player, await choose_ship_name(session))
        house.spread_news()
        if fresh:
            await _first_steps(seat)
        else:
            await _welcome_back(seat, entry)
        await play(seat)
    finally:
        house.vacate(session, player)
        session.ansi = True


async def _first_steps(seat: Seat) -> None:
    home = next((planet for planet in seat.world.planets.values() if planet.owner == seat.me.number), None)
    if home is not None and home.sector == seat.me.sector:
        await stay(seat, home)
    seat.io.blank()
    seat.io.put(sector_block(travel.look(seat.world, seat.me)))


async def _welcome_back(seat: Seat, entry: roster.Entry) -> None:
    io = seat.io
    who_is_on(io, seat.house)
    await io.pause()
    if entry.recovered:
        io.blank()
        io.line(f"{ink.m}You recover {ink.C}{entry.recovered}{ink.m0} of your turns.")
        io.blank()
    if entry.tax:
        # Invented: that it is two lines; four were seen, of which the middle ones were not written down.
        io.line(f"{ink.g}Tax time! You are being taxed {ink.Y}{entry.tax:,}{ink.g0} credits ({_tax(seat)}%)")
        io.line(f"{ink.g}... your alignment went up by {ink.Y}{entry.tax_alignment}{ink.g0} point(s).")
    await io.pause()
    if entry.daily:
        today = entry.daily == "today"
        io.line(f"{ink.g}You {'have been on today' if today else 'were in the game yesterday'}.")
    if entry.experience:
        io.line(f"{ink.g}For playing your turns today, you receive {points(entry.experience)}")
    if entry.mail:
        await show_mail(seat)
    io.blank()
    io.put(ink.banner_line("Scanning for Hazardous Sectors you have marked to Avoid"))
    io.blank()
    show_avoids(seat)
    io.blank()
    if travel.avoids(seat.me) and await io.yes(f"{ink.m}Do you wish to clear some avoids? (Y/N) [N] "):
        travel.clear_avoids(seat.me)
    io.blank()
    io.line(f"{ink.y}You have {ink.bold}{seat.me.turns} {ink.y0}turns this Stardate.")
    io.blank()
    io.put(sector_block(travel.look(seat.world, seat.me)))


def _tax(seat: Seat) -> int:
    return seat.world.settings.tax_percent
