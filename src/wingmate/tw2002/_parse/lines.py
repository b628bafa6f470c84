"""Who reads which line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

from .. import events as ev
from . import battle, dock, login, port, sector, ship, space, talk
from ._reading import Handler, Reading

# The game's longest line is a chat line of 164 characters. Patterns that would take long over a line
# made to annoy them get no more than this.
LONGEST = 320
_HEADER = re.compile(r"<([^<>]{1,60})>\s*$")


def _gather() -> dict[str, tuple[Handler, ...]]:
    words: defaultdict[str, list[Handler]] = defaultdict(list)
    for family in (sector, space, port, dock, ship, battle, talk, login):
        for word, handler in family.WORDS.items():
            words[word].append(handler)
    words["You"] += [port.read_you, space.read_you, dock.read_you]
    words["You"] += [battle.read_you, talk.read_you, login.read_you]
    words["You'll"] += [talk.read_you]
    words["Your"] += [talk.read_inactivity]
    return {word: tuple(handlers) for word, handlers in words.items()}


_WORDS = _gather()
_DIGITS: tuple[Handler, ...] = (space.read_digits, dock.read_digits, battle.read_digits)
_HEADERS: dict[str, Callable[[Reading], None]] = {**ship.HEADERS, **login.HEADERS}
_LAST = frozenset(
    ("sector.", "game.", "energies!", "flash!", "void!", "sector!", "you!", "systems!", "Captain.")
)


def read_line(reading: Reading, line: str, *, aside: bool) -> None:
    """Read one line; `aside` says that it came by itself, over a prompt."""
    if len(line) > LONGEST:
        line = line[:LONGEST]
    block = reading.block
    if block is not None:
        if block.take(reading, line):
            return
        # Somebody's words may fall into a screen; the screen goes on below them.
        if _read_aside(reading, line):
            return
        reading.end()
    if not line or line.isspace():
        return
    if talk.read_compact(reading, line):
        return
    if reading.deal is not None and not aside and port.read_haggle(reading, line):
        return
    _read_by_word(reading, line, aside=aside)


def _read_aside(reading: Reading, line: str) -> bool:
    block, reading.block = reading.block, None
    known = talk.read_compact(reading, line)
    if reading.block is None:
        reading.block = block
    elif block is not None:
        # Words that may go on in the next line: the screen they fell into is over.
        words, reading.block = reading.block, None
        block.finish(reading)
        reading.block = words
    return known


def _read_by_word(reading: Reading, line: str, *, aside: bool) -> None:
    first = line.split(None, 1)[0]
    for handler in _WORDS.get(first, ()):
        if handler(reading, line):
            return
    if first[0] == "<":
        _read_bracketed(reading, line)
    elif first[0] == "(":
        if not login.read_setting(reading, line):
            space.read_digits(reading, line)
    elif first[0].isdecimal():
        for handler in _DIGITS:
            if handler(reading, line):
                return
    else:
        _read_by_end(reading, line, aside=aside)


def _read_bracketed(reading: Reading, line: str) -> None:
    if port.read_probe(reading, line):
        return
    if found := _HEADER.match(line):
        reading.tell(ev.HeaderShown(found[1]))
        if begin := _HEADERS.get(found[1]):
            begin(reading)
    else:
        login.read_games(reading, line)


def _read_by_end(reading: Reading, line: str, *, aside: bool) -> None:
    last = line.rsplit(None, 1)[-1]
    if (aside or last in _LAST) and talk.read_deed(reading, line):
        return
    if last == "fighters." and battle.read_hit(reading, line):
        return
    if line.endswith("!") and " destroyed" in line and battle.read_loss(reading, line):
        return
    if last == "gone.":
        dock.read_gone(reading, line)
    elif last == "point(s).":
        ship.read_alignment(reading, line)
    elif last == "account.":
        dock.read_account(reading, line)
    elif not aside and ("launches a wave" in line or " docks at " in line or " lifts off " in line):
        talk.read_deed(reading, line)
