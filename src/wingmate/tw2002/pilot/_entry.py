"""The way in: from the first byte to the command prompt, whatever the server asks in whatever order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from anyio import fail_after
from attrs import define

from ...errors import GarbledReply, Unanswered
from ..commands import (
    Answer,
    ChooseGame,
    Command,
    Continue,
    Enter,
    EnterPassword,
    GiveName,
    Play,
    Press,
    ShowSettings,
)
from ..errors import NameTaken, NoSuchGame, PasswordMismatch, PrivateGame, UnknownPlayer, WrongPassword
from ..events import (
    AccessDenied,
    CharacterStarted,
    GameMenuShown,
    NameRefused,
    PasswordRefused,
    PasswordsDiffered,
    Prompted,
    SettingsListed,
)
from ._account import Account
from ._home import HOME, WAYS
from ._talk import Reply, Talk

WITHIN: Final = 240.0  # seconds; a login with animation took 50 on a real server
MOST_STEPS: Final = 80

_Answer = Callable[["Door", Prompted], Command]


@define(eq=False)
class Door:
    """One entry: who comes in, and how far it went."""

    talk: Talk
    account: Account
    settings: SettingsListed | None = None
    asked_settings: bool = False
    created: bool = False

    async def enter(self) -> None:
        """Answer until the command prompt shows. Raises `Refused`, `Unanswered` or `GarbledReply`."""
        try:
            with fail_after(WITHIN):
                await self._enter()
        except TimeoutError as exc:
            raise Unanswered(
                f"{self.talk.name}: not in the game after {WITHIN:g} s", repeatable=True
            ) from exc

    async def _enter(self) -> None:
        prompt = await self.talk.first()
        for _ in range(MOST_STEPS):
            if prompt.name == HOME:
                return
            reply = await self.talk.do(self._answer(prompt))
            self._judge(reply)
            prompt = reply.prompt
        raise GarbledReply(f"{self.talk.name}: the door asks without end", screen=self.talk.bot.screen())

    def _answer(self, prompt: Prompted) -> Command:
        if (answer := ANSWERS.get(prompt.name)) is not None:
            return answer(self, prompt)
        if (way := WAYS.get(prompt.name)) is not None:
            return way(prompt)
        screen = self.talk.bot.screen()
        raise GarbledReply(f"{self.talk.name}: nothing to say at the prompt {prompt.name}", screen=screen)

    def _judge(self, reply: Reply) -> None:
        who = self.talk.name
        for event in reply.events:
            match event:
                case PasswordRefused() | AccessDenied():
                    raise WrongPassword(f"{who}: the password of {self.account.name} was refused")
                case PasswordsDiffered():
                    raise PasswordMismatch(f"{who}: the game read two different passwords")
                case NameRefused(text=text):
                    raise NameTaken(f"{who}: {text}")
                case CharacterStarted():
                    self.created = True
                case SettingsListed():
                    self.settings = event
                case GameMenuShown(games=games) if games and self.account.game.upper() not in games:
                    # A menu ignores other letters, and its silence would look like a slow server.
                    letters = ", ".join(sorted(games))
                    raise NoSuchGame(f"{who}: the server has no game {self.account.game}, only {letters}")
                case _:
                    pass

    # --- answers ------------------------------------------------------------------------------

    def start(self) -> Command:
        """Read the settings first, once; then play."""
        if self.asked_settings:
            return Play()
        self.asked_settings = True
        return ShowSettings()

    def game_password(self) -> Command:
        """Open a private game, if we were told how."""
        if self.account.game_password is None:
            raise PrivateGame(f"{self.talk.name}: the game {self.account.game} wants a password of its own")
        return EnterPassword(self.account.game_password.reveal())

    def create(self) -> Command:
        """Become a new trader, if we may."""
        if not self.account.create:
            raise UnknownPlayer(f"{self.talk.name}: the game does not know {self.account.name}")
        return Answer(yes=True)


def _password(door: Door, _prompt: Prompted) -> Command:
    return EnterPassword(door.account.password.reveal())


def _name(door: Door, _prompt: Prompted) -> Command:
    return GiveName(door.account.name)


def _say(command: Command) -> _Answer:
    return lambda _door, _prompt: command


def _each(names: tuple[str, ...], answer: _Answer) -> dict[str, _Answer]:
    return dict.fromkeys(names, answer)


_TABLE: Final[dict[str, _Answer]] = {
    "name": _name,
    "game-name": _name,
    "game-menu": lambda door, _: ChooseGame(door.account.game),
    "game-password": lambda door, _: door.game_password(),
    "game-descriptions": _say(Enter("q")),
    "start-menu": lambda door, _: door.start(),
    "ansi": _say(Answer(yes=True)),
    "new-character": lambda door, _: door.create(),
    # Our name at the server's door is our name in the game.
    "which-name": _say(Press("b")),
    "alias": lambda door, _: Enter(door.account.name),
    "ship-name": lambda door, _: Enter(door.account.ship),
    "planet-name": lambda door, _: Enter(door.account.planet),
}
ANSWERS: Final[Mapping[str, _Answer]] = MappingProxyType(
    _TABLE
    | _each(("pause", "any-key", "title"), _say(Continue()))
    | _each(("show-log", "log-stamps", "clear-avoids", "delete-messages"), _say(Answer(yes=False)))
    | _each(("password", "choose-password", "repeat-password"), _password)
    | _each(("confirm", "confirm-name", "confirm-ship"), _say(Answer(yes=True)))
)
