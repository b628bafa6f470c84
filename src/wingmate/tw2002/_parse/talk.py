"""What others say and do, and what becomes of our own words."""

from __future__ import annotations

import re

from attrs import define

from .. import events as ev
from ._reading import Handlers, Reading
from .battle import tell_damage

_LONG = re.compile(
    r"(?:Incoming|Continuing) transmission from (.{1,60}?)"
    r"(?: on (Federation comm-link)| on channel (\d{1,6}))?:(.*)$"
)
# Today's servers end the heading there: a name may have colons of its own.
_HEADING = re.compile(
    r"(?:Incoming|Continuing) transmission from (.{1,60}?)"
    r"(?: on (Federation comm-link)| on channel (\d{1,6}))?:( *)$"
)
_COMPACT: dict[str, ev.Medium] = {"F": "fedcomm", "R": "radio", "P": "hail"}
_REPORT = re.compile(r"Deployed Fighters Report Sector (\d{1,6}): ?(.*)$")
_SENT = re.compile(r"Message sent (?:on (?:sub-space channel (\d{1,6})|(Federation) comm-link)|to .{1,60})\.")
_TUNED = re.compile(r"Ok, you will send and receive sub-space messages on channel (\d{1,6})")
_SECONDS = {"Sixty": 60, "Thirty": 30, "Fifteen": 15, "Ten": 10}
_LINKS: dict[str, ev.Medium] = {
    "Federation comm-link": "fedcomm",
    "Comm-link open on sub-space": "radio",
    "Sub-space comm-link": "radio",
    "Secure comm-link": "hail",
    "GMS link": "mail",
    "CMS link": "corporate",
}
# The end of a line that somebody's deed makes, and the deed; the name stands before it.
_DEEDS: tuple[tuple[str, ev.Deed], ...] = (
    (" warps into the sector.", "warps-in"),
    (" warps out of the sector.", "warps-out"),
    (" enters the game.", "enters-game"),
    (" exits the game.", "exits-game"),
    (" appears in a brilliant flash of warp energies!", "appears"),
    (" is surrounded by a glowing corona of warp energies!", "vanishes"),
    ("'s ship vanishes from scanners with a brilliant flash!", "vanishes"),
    (" has just materialized from the void!", "appears"),
    (" launches a Genesis Torpedo into the sector!", "launches"),
    (" is hailing you!", "hails"),
)
_DOCKS = re.compile(r"(.{1,60}?) (docks at|lifts off from|lands on) (.{0,60})$")
_WAVE = re.compile(r"(.{1,60}?) launches a wave of fighters at (.{1,60})$")
_PLACES: dict[str, ev.Deed] = {"docks at": "docks", "lifts off from": "lifts-off", "lands on": "lands"}


@define(eq=False)
class SpokenBlock:
    """Words whose end has not come: the text below a long heading, or a line the server broke."""

    kind: ev.Medium
    sender: str
    text: str
    full_name: bool = False
    channel: int | None = None
    lines: int = 1  # that may still come

    @property
    def awaited(self) -> bool:
        """Whether the next line is text, even if it looks like a prompt."""
        return self.full_name and self.lines > 0 and not self.text.strip()

    def take(self, _reading: Reading, line: str) -> bool:
        """Take the text, whatever it looks like: others may write what the game prints."""
        if not self.lines or not line.strip():
            return False
        self.lines -= 1
        self.text += line
        return True

    def finish(self, reading: Reading) -> None:
        """Tell the words."""
        sender, text = self.sender.strip(), self.text.strip()
        if self.full_name and sender == "Deployed Fighters":
            reading.tell(ev.FighterReported(None, text))
        else:
            reading.tell(ev.Heard(self.kind, sender, text, full_name=self.full_name, channel=self.channel))


def read_compact(reading: Reading, line: str) -> bool:
    """Read a line of the compact display: kind, six characters of a name, text."""
    kind = _COMPACT.get(line[:1])
    if kind is None or line[1:2] != " " or line[8:9] != " " or line[2:3] == " ":
        return False
    # The legend of a list begins like a hail.
    if line.startswith("P indicates"):
        return False
    if 79 <= len(line) <= 80:
        # The server may have broken it here, and then the next line goes on with it.
        reading.begin(SpokenBlock(kind, line[2:8], line[9:]))
    else:
        reading.tell(ev.Heard(kind, line[2:8].strip(), line[9:].strip()))
    return True


def _incoming(reading: Reading, line: str) -> bool:
    found = _HEADING.match(line) or _LONG.match(line)
    if found is None:
        return False
    sender, fedcomm, channel, text = found.groups()
    kind: ev.Medium = "fedcomm" if fedcomm else "radio" if channel else "hail"
    number = int(channel) if channel else None
    block = SpokenBlock(kind, sender, text, full_name=True, channel=number)
    # An older server prints the text behind the heading, and breaks it at the screen's edge.
    block.lines = int(not text.strip() or len(line) >= 79)
    reading.begin(block)
    if not block.lines:
        reading.end()
    return True


def _reports(reading: Reading, line: str) -> bool:
    if found := _REPORT.match(line):
        reading.tell(ev.FighterReported(int(found[1]), found[2].strip()))
        return True
    if line.startswith("Shipboard Computers"):
        text = line[len("Shipboard Computers") :].strip()
        reading.tell(ev.ComputerReported(text))
        tell_damage(reading, text)
        return True
    return False


def _message(reading: Reading, line: str) -> bool:
    if found := _SENT.match(line):
        channel = int(found[1]) if found[1] else None
        reading.tell(ev.MessageSent("radio" if found[1] else "fedcomm" if found[2] else "hail", channel))
    return found is not None


def _link(reading: Reading, line: str) -> bool:
    for words, medium in _LINKS.items():
        if line.startswith(words):
            closed = line.rstrip().rstrip(".").endswith("terminated")
            opened = "established" in line or "open on" in line
            if closed:
                reading.tell(ev.CommLinkClosed(medium))
            elif opened:
                reading.tell(ev.CommLinkOpened(medium))
            return closed or opened
    if line.startswith("Type M.A.I.L. message"):
        reading.tell(ev.CommLinkOpened("mail"))
        return True
    return False


def _ok(reading: Reading, line: str) -> bool:
    if found := _TUNED.match(line):
        reading.tell(ev.ChannelTuned(int(found[1])))
    return found is not None


def _unknown(reading: Reading, line: str) -> bool:
    if not line.startswith(("Unknown Trader!", "The crew is disturbed by")):
        return False
    at_bank = reading.prompt in {"transfer-to", "bank"}
    reading.tell(ev.BankRefused(line.strip()) if at_bank else ev.MessageRefused(line.strip()))
    return True


def _session(reading: Reading, line: str) -> bool:
    if line.startswith("Session termination is imminent"):
        reading.tell(ev.InactivityWarned(0))
        return True
    return False


def read_inactivity(reading: Reading, line: str) -> bool:
    """Read how long the game will wait for a key."""
    found = re.match(r"\s*(?:Your session will be terminated in|You now have) (\w{1,10}) seconds", line)
    if found:
        reading.tell(ev.InactivityWarned(_SECONDS.get(found[1], 30)))
    return found is not None


def read_you(reading: Reading, line: str) -> bool:
    """Read the sentences about messages that begin with `You`."""
    if line.startswith(("You'll need to select a radio channel", "You cannot change the sub-space radio")):
        reading.tell(ev.MessageRefused(line.strip()))
        return True
    if line.startswith(("You have a corporate memo from", "You have new mail")):
        reading.tell(ev.MailAnnounced(line.strip()))
        return True
    return read_inactivity(reading, line)


def read_deed(reading: Reading, line: str) -> bool:
    """Read what somebody is seen to do; such lines begin with a name, so their ends tell."""
    words = line.rstrip()
    if len(words) > 160:
        return False
    event: object = None
    if words.endswith("is powering up weapons systems!"):
        event = ev.Attacked(words[: -len(" is powering up weapons systems!")], "", "power-up", words)
    elif found := _WAVE.match(words):
        event = ev.Attacked(found[1], found[2].rstrip("!."), "fighters", words)
    elif words.endswith("is not responding, Captain."):
        event = ev.MessageRefused(words)
    elif found := _DOCKS.match(words):
        event = ev.ShipSeen(found[1], _PLACES[found[2]], words)
    else:
        for end, deed in _DEEDS:
            if words.endswith(end) and words != end:
                event = ev.ShipSeen(words[: -len(end)], deed, words)
    if event is not None:
        reading.tell(event)
    return event is not None


WORDS: Handlers = {
    "Incoming": _incoming,
    "Continuing": _incoming,
    "Deployed": _reports,
    "Shipboard": _reports,
    "Message": _message,
    "Federation": _link,
    "Comm-link": _link,
    "Sub-space": _link,
    "Secure": _link,
    "GMS": _link,
    "CMS": _link,
    "Type": _link,
    "Ok,": _ok,
    "Unknown": _unknown,
    "The": _unknown,
    "Session": _session,
}
