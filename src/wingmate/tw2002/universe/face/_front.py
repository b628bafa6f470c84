"""The menu of the game server itself, before any game."""

from __future__ import annotations

from . import _ink as ink
from ._house import House
from ._session import Session

NAME = 30  # Invented: the longest login name
MENU_DELAY_MS = 1_000  # the real menu waits a second between commands


async def ask_name(session: Session) -> None:
    """Greet, and ask who is there; an empty name is allowed."""
    session.put(f"Telnet connection detected.{ink.menu_nl}{ink.menu_nl}")
    name = await session.text("Please enter your name (ENTER for none): ", NAME, end=ink.menu_nl)
    session.name = " ".join(name.split())


def show_banner(session: Session, house: House) -> None:
    """Clear the screen and show whose server this is: to every client the sign of being out of the game."""
    settings = house.settings
    left, right = f"<A> {settings.game_name}", ""
    for line in (
        f"{ink.home}TradeWars Game Server                                     Copyright (C) EIS",
        "TWGS v2.20b                                   www.eisonline.com",
        "",
        f"Server registered to {settings.licensee}",
        f"Supports up to 1 games and {settings.nodes} nodes",
        "",
        left + right,
        "",
        "<#> Players Online",
        "<!> View game descriptions",
        "<Q> Quit",
        "",
    ):
        session.put(line + ink.menu_nl)


async def choose_game(session: Session, house: House) -> bool:
    """Run the menu until a game is chosen; false means that the player hung up properly."""
    session.where, session.ansi = "Menu", True
    show_banner(session, house)
    while True:
        key = await session.hot("Selection (? for menu): ", "A#!?Q")
        session.put(key + ink.menu_nl)
        if key == "A":
            return True
        if key == "Q":
            session.put(f"Telnet session closed.{ink.menu_nl}")
            await session.flush()
            return False
        if key == "#":
            _show_nodes(session, house)
        elif key == "!":
            await _describe(session, house)
        else:
            show_banner(session, house)
        await session.delay(house.pace(MENU_DELAY_MS))


def _show_nodes(session: Session, house: House) -> None:
    session.put(ink.menu_nl + "Players Online".center(78).rstrip() + ink.menu_nl * 2)
    for node, other in sorted(house.sessions.items()):
        session.put(f"Node {node:<4}{other.where:<7}: {other.name}{ink.menu_nl}")
    session.put(ink.menu_nl)


async def _describe(session: Session, house: House) -> None:
    session.put(f"{ink.menu_nl}Show Game Descriptions{ink.menu_nl * 2}")
    key = await session.hot("Select game (Q for none): ", "AQ", default="Q")
    session.put(key + ink.menu_nl)
    if key == "A":
        # Invented: the description itself.
        about = (
            f"{house.settings.game_name}: {house.settings.sectors:,} sectors, {house.settings.users} traders."
        )
        session.put(f"{ink.menu_nl}{about}{ink.menu_nl * 2}")
        session.pose("[ANY KEY]")
        await session.key()
        session.put(ink.menu_nl)
