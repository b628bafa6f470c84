"""Commands for any prompt, and for the way into the game and out."""

from __future__ import annotations

from attrs import field, frozen

from .. import events as ev
from .._manner import Command, Manner, key, number, one_of, text, words

MAIN = ("command",)


@frozen
class Press(Command):
    """Press one key. The way out for prompts without a command of their own."""

    manner = Manner(keys="{key}", events=(ev.Prompted, ev.Echoed, ev.HeaderShown))
    key: str = field(validator=key)


@frozen
class Enter(Command):
    """Type a line and Enter; an empty one takes the default, so look at the prompt first."""

    manner = Manner(keys="{text}\r", events=(ev.Echoed,))
    text: str = field(validator=text)


@frozen
class EnterNumber(Command):
    """Type a number and Enter.

    Where the prompt names a maximum, the game drops digits that would pass it: 999999 at most 4900
    becomes 999. So a number over the maximum of the present prompt raises `IllegalCommand`.
    """

    manner = Manner(keys="{number}\r", events=(ev.Echoed,))
    number: int = field(validator=number)


@frozen
class Answer(Command):
    """Say yes or no: one key, never Enter."""

    manner = Manner(keys="{word}", events=(ev.Echoed,))
    yes: bool

    @property
    def word(self) -> str:
        """The key."""
        return "y" if self.yes else "n"


@frozen
class Continue(Command):
    """Go on after a pause: a space, which does nothing should the pause be over."""

    manner = Manner(keys=" ", at=("pause", "any-key"), events=(ev.Prompted, ev.Echoed))


@frozen
class KeepAwake(Command):
    """Touch a key that does nothing, so that the game does not think us asleep."""

    manner = Manner(keys="\x1b", repeatable=True)


@frozen
class GiveName(Command):
    """Tell the server our name."""

    manner = Manner(
        keys="{name}\r",
        at=("name", "game-name"),
        prompts=("game-menu", "password", "new-character"),
        within=30,
    )
    name: str = field(validator=words)


@frozen
class ChooseGame(Command):
    """Choose a game by its letter: one key."""

    manner = Manner(
        keys="{letter}",
        at=("game-menu",),
        # A private game asks for its password instead of loading.
        prompts=("game-password",),
        events=(ev.GameLoading, ev.EntryRefused),
        within=30,
    )
    letter: str = field(validator=one_of(*"ABCDEFGHIJKLMNOPRSTUVWXYZ"))


@frozen
class HangUp(Command):
    """Leave the server at its menu."""

    manner = Manner(keys="q", at=("game-menu",), events=(ev.SessionEnded,))


@frozen
class Play(Command):
    """Enter the game from its start menu, which wants key and Enter."""

    manner = Manner(
        keys="T\r",
        at=("start-menu",),
        prompts=("show-log", "pause", "password", "new-character"),
        events=(ev.EntryRefused,),
        within=30,
    )


@frozen
class ShowSettings(Command):
    """Read the settings dump at the start menu; older servers ignore it and show the menu again."""

    manner = Manner(keys="*\r", at=("start-menu",), events=(ev.SettingsListed,), repeatable=True)


@frozen
class LeaveStartMenu(Command):
    """Go back from the game's start menu to the server's menu."""

    manner = Manner(keys="X\r", at=("start-menu",), prompts=("game-menu",), events=(ev.SessionEnded,))


@frozen
class EnterPassword(Command):
    """Type a password and Enter; it shows nowhere."""

    manner = Manner(
        keys="{password}\r",
        at=("password", "choose-password", "repeat-password", "game-password"),
        events=(ev.Echoed,),
        within=30,
    )
    password: str = field(validator=text, repr=False)


@frozen
class Quit(Command):
    """Ask to leave the game; it asks back (`confirm-quit`)."""

    manner = Manner(keys="q", at=MAIN, headers=("Quit",), prompts=("confirm-quit",))
