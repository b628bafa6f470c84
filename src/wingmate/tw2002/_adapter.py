"""The adapter: a Trade Wars session as pure bytes in, events out, keystrokes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from attrs import define, field

from ..errors import IllegalCommand
from ..screens import Line, PromptSeen, ScreenReader
from . import events as ev
from ._parse import battle, cim, login, port, talk
from ._parse._reading import Reading
from ._parse.lines import read_line
from .commands import Command, EnterNumber, KeepAwake, keystrokes
from .rules import RULES

_REST = ("command", "autopilot-stop")  # where a scan or a move has ended


@define(eq=False)
class TradeWars:
    """Understands one session of Trade Wars 2002, on TWGS 1 or 2, with colours or without.

    Bytes in, events out, however the bytes were cut; what nobody can read is flavour, kept for
    `screen()`. It never raises over what a game printed.
    """

    _reader: ScreenReader = field(init=False, factory=lambda: ScreenReader(RULES))
    _reading: Reading = field(init=False, factory=Reading)
    _serial: int = field(init=False, default=0)
    _standing: ev.Prompted | None = field(init=False, default=None)
    _prompt_text: str | None = field(init=False, default=None)  # of the prompt on the unfinished line
    _unanswered: bool = field(init=False, default=False)
    _refused: bool = field(init=False, default=False)  # the line at hand is a refusal already told
    _spoken: str | None = field(init=False, default=None)  # somebody's words that look like a prompt
    _aside: bool = field(init=False, default=False)  # the last line was printed over a prompt
    _over: bool = field(init=False, default=False)  # so were the words: our prompt will come again

    @property
    def prompt(self) -> ev.Prompted | None:
        """Where the game stands and waits for us; None from `send` until it asks anew."""
        return None if self._unanswered else self._standing

    @property
    def sectors(self) -> int:
        """How many sectors there are, or 0 while nobody told."""
        return self._reading.sectors

    @property
    def sector(self) -> int:
        """Where the ship is, or 0 while nobody told."""
        return self._reading.sector

    def receive(self, data: bytes) -> list[object]:
        """Take what the game printed and tell what happened."""
        reading = self._reading
        for item in self._reader.feed(data):
            if isinstance(item, Line):
                self._aside = item.aside
                if item.typed is None:
                    read_line(reading, item.text, aside=item.aside)
                elif self._spoken is not None:
                    read_line(reading, self._spoken + item.typed, aside=True)
                    self._spoken = None
                else:
                    self._take_answer(item.typed)
            elif isinstance(item, PromptSeen):
                block = reading.block
                if isinstance(block, talk.SpokenBlock) and block.awaited:
                    self._spoken, self._over = item.match.text, self._over or self._aside
                else:
                    self._take_prompt(item)
        told, reading.out = reading.out, []
        return told

    def send(self, command: Command) -> bytes:
        """Put a command into keystrokes. Raises `IllegalCommand`."""
        if not isinstance(cast("object", command), Command):
            raise IllegalCommand(f"not a command of Trade Wars: {command!r}")
        self._check_limits(command)
        self._reading.sent = type(command).__name__
        if not isinstance(command, KeepAwake):
            self._unanswered = True
        return keystrokes(command).encode("ascii")

    def close(self) -> bytes:
        """Leave the game from its command prompt; elsewhere hang up without a word."""
        at_rest = self.prompt is not None and self.prompt.name == "command"
        return b"qy" if at_rest else b""

    def screen(self) -> str:
        """Give the last lines and what stands behind them."""
        return self._reader.screen()

    @property
    def pending(self) -> str:
        """The unfinished line, if it is not a known prompt: the game may be asking something new."""
        text = self._reader.pending
        known = self._prompt_text is not None and text.startswith(self._prompt_text)
        return "" if known else text

    def _check_limits(self, command: Command) -> None:
        sector: object = getattr(command, "sector", None)
        if isinstance(sector, int) and 0 < self.sectors < sector:
            raise IllegalCommand(f"there is no sector {sector}, only {self.sectors} of them")
        if isinstance(command, EnterNumber) and self._standing is not None:
            most = self._standing.fields.get("max")
            if isinstance(most, int) and command.number > most:
                # The game would drop the last digits and take what is left.
                raise IllegalCommand(f"{command.number} is over the maximum of {most}")

    def _take_answer(self, typed: str) -> None:
        reading, name = self._reading, self._reading.prompt
        self._standing = self._prompt_text = None
        if self._refused:
            self._refused = False
            return
        # A screen that lost its erasing codes has a message right behind the prompt.
        if talk.read_compact(reading, typed) and len(typed) > 9:
            return
        # Some questions end with this behind the text their rules know.
        answer = typed.strip().removeprefix("(Y/N)").strip()
        reading.tell(ev.Echoed(name, answer))
        if hook := _ANSWERS.get(name):
            hook(reading, answer)

    def _take_prompt(self, item: PromptSeen) -> None:
        reading = self._reading
        reading.end()
        match = item.match
        self._prompt_text = match.text
        if match.name == "refused":
            self._refused = login.refuse(reading, match.text)
            return
        fields = cast(dict[str, ev.FieldValue], match.fields)
        name = reading.prompt = match.name
        again = item.again or (self._over and self._standing is not None and self._standing.name == name)
        self._over = False
        if not again:
            self._serial += 1
            self._unanswered = False
            if hook := _QUESTIONS.get(name):
                hook(reading, fields)
        self._standing = ev.Prompted(name, fields, again, self._serial)
        reading.tell(self._standing)


# --- what a prompt means for what is being read ---------------------------------------------------


def _at_rest(reading: Reading, fields: dict[str, ev.FieldValue]) -> None:
    sector = fields.get("sector")
    if isinstance(sector, int):
        reading.sector = sector
    reading.inside, reading.moving, reading.probing = True, None, False
    reading.toll, reading.lost, reading.asked_sector = None, 0, None
    port.settle(reading)
    holo, reading.holo = reading.holo, None
    if holo is not None:
        reading.tell(ev.HoloScanned(tuple(holo)))


def _at_menu(reading: Reading, _fields: dict[str, ev.FieldValue]) -> None:
    if reading.inside:
        reading.inside = False
        reading.tell(ev.SessionEnded("banner"))
    games, reading.games = reading.games, {}
    if games:
        reading.tell(ev.GameMenuShown(games))


def _at_settings(reading: Reading, _fields: dict[str, ev.FieldValue]) -> None:
    settings, reading.settings = reading.settings, {}
    if settings:
        reading.tell(ev.SettingsShown(settings))


def _at_stardock(reading: Reading, _fields: dict[str, ev.FieldValue]) -> None:
    if not reading.dock:
        reading.dock = True
        reading.tell(ev.StarDockEntered())


def _at_quantity(reading: Reading, fields: dict[str, ev.FieldValue]) -> None:
    default = fields.get("default")
    port.ask_quantity(
        reading,
        str(fields.get("product")),
        str(fields.get("side")),
        default if isinstance(default, int) else 0,
    )


def _at_offer(reading: Reading, fields: dict[str, ev.FieldValue]) -> None:
    amount = fields.get("amount")
    if isinstance(amount, int):
        port.ask_offer(reading, amount)


def _at_shop(reading: Reading, _fields: dict[str, ev.FieldValue]) -> None:
    port.list_shop(reading)


def _at_fighters(reading: Reading, _fields: dict[str, ev.FieldValue]) -> None:
    battle.count_fighters(reading)


_QUESTIONS: dict[str, Callable[[Reading, dict[str, ev.FieldValue]], None]] = {
    **dict.fromkeys(_REST, _at_rest),
    "game-menu": _at_menu,
    "settings": _at_settings,
    "stardock": _at_stardock,
    "trade-quantity": _at_quantity,
    "offer": _at_offer,
    "class-zero": _at_shop,
    "fighters-quantity": _at_fighters,
}


def _asked_port(reading: Reading, typed: str) -> None:
    number = typed if typed.isascii() and typed.isdecimal() and len(typed) <= 6 else ""
    reading.asked_sector = int(number) if number else reading.sector


def _asked_scan(reading: Reading, typed: str) -> None:
    reading.holo = [] if typed.upper().startswith("H") else None


def _asked_course(reading: Reading, _typed: str) -> None:
    cim.begin_course(reading)


_ANSWERS: dict[str, Callable[[Reading, str], None]] = {
    "offer": port.answer_offer,
    "port-sector": _asked_port,
    "scan-kind": _asked_scan,
    "cim": cim.answer,
    "cim-to": _asked_course,
}
