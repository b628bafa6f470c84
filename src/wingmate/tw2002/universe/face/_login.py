"""From the game's own menu to the first prompt: passwords, and who one is to be."""

from __future__ import annotations

from ..engine import roster
from ..engine.refusal import Reason, Refusal
from ..engine.state import Player
from . import _ink as ink
from ._house import House
from ._session import Session

TRIES = 3
PASSWORD = f"{ink.m}Password? "
LONGEST_PASSWORD = 40  # Invented, as the lengths of names below but for the ship's
LONGEST_NAME = 30
RULER = f"[{'-' * 39}]"
NEW = (
    f"{ink.banner}Would you like to start a new character in this game?  (Type \x1b[33;40mY\x1b[37;44m or "
    "\x1b[33;40mN\x1b[37;44m) "
)
WHICH_NAME = (
    f"{ink.Y}Use {ink.m0}({ink.g}N{ink.m}){ink.Y}ew Name or {ink.m0}({ink.g}B{ink.m}){ink.Y}BS Name "
    f"{ink.c}[B] {ink.y}? "
)


async def authenticate(session: Session, player: Player) -> bool:
    """Ask a known player for the password, three times at most."""
    session.line(f"{ink.g}A password is required to enter this game.")
    session.blank()
    for left in range(TRIES - 1, -1, -1):
        text = await session.text(PASSWORD, LONGEST_PASSWORD, mask="*")
        if roster.authenticate(player, text):
            return True
        session.blank()
        session.line(f"{ink.alarm}Invalid password.")
        if left:
            session.blank()
    session.line(f"{ink.alarm}Access denied!")
    return False


async def new_player(session: Session, house: House) -> Player | None:
    """Lead a stranger through the making of a character; None if there will be none."""
    session.line(f"{ink.g}You were not found in the player database.")
    session.blank()
    try:
        roster.check_room(house.world)
    except Refusal as no:
        full = no.reason is Reason.GAME_FULL
        session.line(f"{ink.y}I'm sorry{' but the game is full' if full else ', but this is a closed game'}.")
        return None
    key = await session.hot(NEW, "YN")
    session.line("Yes" if key == "Y" else "No")
    if key == "N":
        return None
    password = await _choose_password(session)
    session.line(f"{ink.g}Great! You're on your way to becoming a Galactic Power!")
    who_is_on(session, house)
    session.pose(f"{ink.m}[Pause]")
    await session.key()
    session.line(f" - {ink.bold}[Press Space or Enter to continue]")
    name = await _choose_name(session, house)
    ship_name = await choose_ship_name(session)
    planet = await _choose_planet(session) if house.settings.new_player_planets else None
    house.tick()
    try:
        return roster.create(
            house.world,
            login=session.name,
            password=password,
            name=name,
            ship_name=ship_name,
            planet_name=planet,
        )
    except Refusal as no:
        # Somebody else took the name, or the last place, while this one was thinking.
        session.line(f"{ink.R}{_name_refused(name, no)}")
        return None


async def _choose_password(session: Session) -> str:
    session.blank()
    session.line(f"{ink.g}Please enter a password for this game account.")
    session.blank()
    while True:
        first = await session.text(PASSWORD, LONGEST_PASSWORD, mask="*")
        session.line(f"{ink.g}Repeat password to verify.")
        again = await session.text(PASSWORD, LONGEST_PASSWORD, mask="*")
        if first and first == again:
            return first
        session.line(f"{ink.R}Passwords didn't match.  Try again.")


def who_is_on(session: Session, house: House) -> None:
    """Show who plays and that the Ferrengi are about."""
    session.blank()
    session.line(f"{ink.m}{'':31}Who's Playing{'':33}")
    session.blank()
    for player in roster.present(house.world):
        session.line(f"{ink.g}{house.title(player)} {ink.C}{player.name}")
    if house.world.aliens:
        session.blank()
        session.line(f"{ink.R}The Ferrengi are on the move!")
    session.blank()


def _name_refused(name: str, no: Refusal) -> str:
    if no.reason is Reason.NAME_TAKEN:
        return f"Sorry, you cannot use the name {name}, its already in use."
    # Invented: the words for an impossible name.
    return f"Sorry, you cannot use the name {name}: {no.reason.value}."


async def _choose_name(session: Session, house: House) -> str:
    session.blank()
    # Invented: the wording of these four lines.
    session.line(f"{ink.g}Players who stay away for {house.settings.days_til_deletion} days are removed.")
    session.blank()
    session.line(f"{ink.g}You may use an alias in this game instead of the name you logged in with.")
    session.line(f"{ink.g}Choose a name carefully as you will have it for a while!")
    session.blank()
    aliases = house.settings.allow_aliases
    while True:
        own = session.name
        key = "N" if not own else await session.hot(WHICH_NAME, "NB", default="B") if aliases else "B"
        if own:
            session.line(key)
        name = (
            own if key == "B" else await session.text(f"{ink.m}What Alias do you want to use? ", LONGEST_NAME)
        )
        name = " ".join(name.split())
        try:
            roster.check_name(house.world, name)
        except Refusal as no:
            session.line(f"{ink.R}{_name_refused(name, no)}")
            if not aliases:
                session.name = ""
            continue
        if key == "B":
            return name
        session.line(f"{ink.g}That alias would look like this in the game:")
        session.line(f"{ink.g}Civilian {ink.C}{name}")
        if await session.yes(f"{ink.C}{name}{ink.g0} is what you want? (Y/N) "):
            return name


async def choose_ship_name(session: Session) -> str:
    """Ask what the ship is to be called; the prompt itself is an empty line."""
    session.blank()
    session.line(f"{ink.g}Your ship is being initialized.")
    session.blank()
    while True:
        session.line(f"{ink.m}What do you want to name your ship? {ink.Y}(30 letters)")
        name = await session.text(ink.y, 30)
        if name.strip() and await session.yes(f"{ink.C}{name}{ink.g0} is what you want? "):
            return name.strip()


async def _choose_planet(session: Session) -> str:
    session.line(f"{ink.g}One moment please")
    session.blank()
    # Invented: the wording of the next line.
    session.line(f"{ink.g}The Federation grants you a planet of your own, to begin an empire on.")
    session.blank()
    session.line(f"{ink.m}What do you want to name your home planet? {ink.Y}(Class O-J, Oceanic)")
    session.line(f"{ink.m}{RULER}")
    name = await session.text(ink.y, 41)
    return name.strip() or "."
