"""The server's menu, the way in, the settings dump, and mail."""

from __future__ import annotations

import re

from attrs import define, field

from .. import events as ev
from ._reading import MANY, Handlers, Reading
from ._text import NUM, integer
from .space import NumbersBlock

_GAMES = re.compile(r"<([A-PR-Z])> (.+?)(?=\s{2,}<|\s*$)")
_SETTING = re.compile(r"\((\w)\) (.{1,40}?)\s+- (.*)$")
_HEADING = re.compile(r"\[([\w ]{1,40})\]\s*$")
_TAX = re.compile(rf"Tax time! You are being taxed {NUM} credits \((\d{{1,3}})%\)")
_MAIL = re.compile(r"Received from (.{1,60}?) at (\d\d?:\d\d:\d\d .{1,40}?):\s*$")
_UNITS = "Turns?|Days?|Sec|Min|Hours?|cr|ms|players?|ships?"
_VALUE = re.compile(rf"{NUM}(?:%| (?:{_UNITS}))?$")
_REFUSALS: tuple[tuple[str, ev.RefusalReason], ...] = (
    ("Game server is currently full", "server-full"),
    ("Only Telnet connections allowed", "telnet-only"),
    ("Failed to detect protocol", "no-protocol"),
    ("Failed to start game session", "start-failed"),
    ("The game is currently closed", "closed"),
    ("Access to this game is limited", "limited"),
    ("This game will open", "not-open"),
    ("I'm sorry, but this is a closed game", "closed-to-new"),
    ("I'm sorry but the game is full", "game-full"),
    ("I'm sorry, but the game is full", "game-full"),
    ("New player not allowed - game full", "game-full"),
    ("I'm sorry, but the game is in tournament mode", "tournament"),
    ("You must wait for", "wait"),
    ("Invalid password!", "game-password"),
)


@define(eq=False)
class SettingsBlock:
    """The settings dump: headings in brackets, keys and values."""

    raw: dict[str, str] = field(factory=dict[str, str])
    sections: dict[str, list[str]] = field(factory=dict[str, list[str]])
    section: str = ""
    open: bool = True

    def take(self, _reading: Reading, line: str) -> bool:
        """Take a line, up to the closing one."""
        if not self.open or len(self.raw) >= MANY:
            return False
        if line.startswith("End Stats."):
            self.open = False
        elif found := _HEADING.match(line):
            self.section = found[1]
        elif "=" in line:
            key, _, value = line.partition("=")
            key = key.strip()[:60]
            if key not in self.raw:
                self.sections.setdefault(self.section, []).append(key)
            self.raw[key] = value.strip()[:200]
        else:
            return not line.strip()
        return True

    def finish(self, reading: Reading) -> None:
        """Tell the settings, unless the dump broke off."""
        if self.open:
            return
        values = {key: _typed(value) for key, value in self.raw.items()}
        sectors = values.get("Sectors")
        if isinstance(sectors, int) and sectors > 0:
            reading.sectors = sectors
        sections = {name: tuple(keys) for name, keys in self.sections.items()}
        reading.tell(ev.SettingsListed(values, self.raw, sections))


def _typed(value: str) -> ev.SettingValue:
    if value in {"True", "False"}:
        return value == "True"
    found = _VALUE.match(value)
    return integer(found[1]) if found else value


@define(eq=False)
class PlayersBlock:
    """Who is playing."""

    players: list[str] = field(factory=list[str])
    moving: list[str] = field(factory=list[str])

    def take(self, _reading: Reading, line: str) -> bool:
        """Take a trader, or a crowd on the move, until the prompt."""
        words = line.strip()
        if found := re.match(r"The (.{1,40}) are on the move!", words):
            self.moving = [*self.moving[:9], found[1]]
        elif words and len(self.players) < MANY:
            self.players.append(words[:100])
        return True

    def finish(self, reading: Reading) -> None:
        """Tell the players."""
        reading.tell(ev.PlayersListed(tuple(self.players), tuple(self.moving)))


@define(eq=False)
class MailBlock:
    """One message that waited."""

    sender: str
    when: str
    lines: list[str] = field(factory=list[str])

    def take(self, _reading: Reading, line: str) -> bool:
        """Take a quoted line."""
        if not line.startswith(">") or len(self.lines) >= MANY:
            return False
        # A line that reaches the screen's edge was broken there, in the middle of a word.
        self.lines.append(line[2:] if len(line) >= 79 else line[2:].rstrip() + " ")
        return True

    def finish(self, reading: Reading) -> None:
        """Tell the message."""
        sender = self.sender
        kind = "fighters" if sender == "Deployed Fighters" else "trader"
        if "Corporate" in sender:
            kind = "corporate"
        elif "Computer" in sender:
            kind = "computer"
        reading.tell(ev.MailRead(sender, self.when, "".join(self.lines).strip(), kind))


def refuse(reading: Reading, text: str) -> bool:
    """Tell that we are not let in, if that is what the text says."""
    words = text.strip()
    for begin, why in _REFUSALS:
        if words.startswith(begin):
            reading.tell(ev.EntryRefused(why, words))
            return True
    return False


def _refusal(reading: Reading, line: str) -> bool:
    return refuse(reading, line)


def _banner(reading: Reading, line: str) -> bool:
    words = line.strip()
    if words.startswith("Trade Wars 2002 Win32 module now loading"):
        reading.tell(ev.GameLoading())
        return True
    if not words.startswith(("TradeWars Game Server", "Trade Wars 2002 Game Server")):
        return False
    reading.games = {}
    if reading.inside:
        reading.inside = False
        reading.tell(ev.SessionEnded("banner"))
    found = re.search(r"Server (v\S{1,20})", words)
    if found:
        reading.tell(ev.ServerShown(found[1]))
    return True


def _twgs(reading: Reading, line: str) -> bool:
    if found := re.match(r"TWGS (v\S{1,20})", line.strip()):
        reading.tell(ev.ServerShown(found[1]))
    return found is not None


def _telnet(reading: Reading, line: str) -> bool:
    if line.startswith("Telnet session closed"):
        reading.inside = False
        reading.tell(ev.SessionEnded("closed"))
        return True
    found = re.match(r"(Telnet|RLogin) connection detected", line)
    if found:
        reading.tell(ev.ConnectionDetected(found[1]))
    return found is not None


def read_games(reading: Reading, line: str) -> bool:
    """Read a line of the server's menu of games."""
    if reading.inside or len(reading.games) > 30:
        return False
    found = _GAMES.findall(line)
    reading.games.update({letter: name.strip() for letter, name in found})
    return bool(found)


def read_setting(reading: Reading, line: str) -> bool:
    """Read a line of the personal settings."""
    found = _SETTING.match(line)
    if found is None or len(reading.settings) > 40:
        return False
    reading.settings[found[2]] = found[3].strip()
    return True


def _start_menu(reading: Reading, line: str) -> bool:
    if "-- Trade Wars 2002 --" in line:
        reading.inside = True
        reading.tell(ev.StartMenuShown())
        return True
    return False


def read_you(reading: Reading, line: str) -> bool:
    """Read the sentences of the way in that begin with `You`."""
    if line.startswith("You were not found in the player database"):
        reading.tell(ev.PlayerNotFound())
    elif line.startswith("You must use an Alias"):
        reading.tell(ev.NameRefused(line.strip()))
    else:
        return refuse(reading, line)
    return True


def _password(reading: Reading, line: str) -> bool:
    if line.startswith("Passwords didn't match"):
        reading.tell(ev.PasswordsDiffered())
    elif line.startswith("Access denied!"):
        reading.tell(ev.AccessDenied())
    elif line.startswith("Invalid password."):
        reading.tell(ev.PasswordRefused())
    else:
        return refuse(reading, line)
    return True


def _great(reading: Reading, line: str) -> bool:
    if line.startswith("Great! You're on your way"):
        reading.tell(ev.CharacterStarted())
        return True
    return False


def _hello(reading: Reading, line: str) -> bool:
    if found := re.match(r"\s*Hello (.{1,60}), welcome to:", line):
        reading.inside = True
        reading.tell(ev.Greeted(found[1]))
    return found is not None


def _sorry(reading: Reading, line: str) -> bool:
    if line.startswith("Sorry, you cannot use the name"):
        reading.tell(ev.NameRefused(line.strip()))
        return True
    return False


def _who(reading: Reading, line: str) -> bool:
    if line.strip() == "Who's Playing":
        reading.begin(PlayersBlock())
        return True
    return False


def _tax(reading: Reading, line: str) -> bool:
    if found := _TAX.match(line):
        reading.tell(ev.TaxPaid(integer(found[1]), int(found[2])))
    return found is not None


def _game(reading: Reading, line: str) -> bool:
    if line.startswith("Game Stats:"):
        reading.begin(SettingsBlock())
        return True
    return refuse(reading, line)


def _received(reading: Reading, line: str) -> bool:
    if found := _MAIL.match(line):
        reading.begin(MailBlock(found[1], found[2]))
    return found is not None


def _leaving(reading: Reading, line: str) -> bool:
    if line.startswith("...Now leaving Trade Wars 2002"):
        reading.inside = False
        reading.tell(ev.SessionEnded("left"))
        return True
    return False


def _no(reading: Reading, line: str) -> bool:
    if line.startswith("No Sectors are currently being avoided"):
        reading.end()
        reading.tell(ev.SectorsListed("avoided", ()))
        return True
    return False


def _avoids(reading: Reading) -> None:
    reading.begin(NumbersBlock("avoided"))


HEADERS = {
    "Scanning for Hazardous Sectors you have marked to Avoid": _avoids,
    "List Avoided Sectors": _avoids,
}
WORDS: Handlers = {
    "TradeWars": _banner,
    "Trade": _banner,
    "TWGS": _twgs,
    "Telnet": _telnet,
    "RLogin": _telnet,
    "==--": _start_menu,
    "Passwords": _password,
    "Access": _password,
    "Invalid": _password,
    "Great!": _great,
    "Hello": _hello,
    "Sorry,": _sorry,
    "Who's": _who,
    "Tax": _tax,
    "Game": _game,
    "Received": _received,
    "...Now": _leaving,
    "No": _no,
    **dict.fromkeys(("Only", "Failed", "The", "This", "I'm", "New"), _refusal),
}
