"""IRC as values: lines cut from bytes, read and written. Pure; knows nothing of a connection.

Facts named "measured" were measured on ngIRCd 26.1 and InspIRCd 3.15.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field, frozen

from ...errors import IllegalCommand

LONGEST = 510  # bytes of a line we send, without its end: the protocol's 512 with it
# The protocol's longest tags and a line behind them; whoever sends more is not heard.
HEARD = 8191 + LONGEST
PARAMETERS = 15
# Brackets are capital letters: the protocol is from Finland.
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ[]\\^", "abcdefghijklmnopqrstuvwxyz{}|~")


@frozen
class IrcLine:
    """One line of IRC: from whom (a nick or a server, perhaps empty), a command, and its parameters."""

    source: str
    command: str
    params: tuple[str, ...] = ()

    def param(self, place: int) -> str:
        """Give a parameter, or nothing if there are fewer."""
        return self.params[place] if -len(self.params) <= place < len(self.params) else ""


def folded(name: str) -> str:
    """Give a nick or a channel as it is compared."""
    return name.translate(_LOWER)


def read_line(line: bytes) -> IrcLine | None:
    """Read a line without its end, or give None if it is none; tags are left out."""
    text = line.decode("utf-8", "replace").replace("\0", "")
    if text.startswith("@"):
        text = text.partition(" ")[2].lstrip(" ")
    source = ""
    if text.startswith(":"):
        prefix, _, text = text[1:].partition(" ")
        source = prefix.partition("!")[0].partition("@")[0]
    # The last parameter may have spaces, and begins behind the first space and colon.
    head, colon, tail = f" {text}".partition(" :")
    words = head.split(" ", PARAMETERS) if not colon else head.split(" ")
    words = [word for word in words if word]
    if not words or not (words[0].isascii() and words[0].isalnum()):
        return None
    params = words[1:PARAMETERS]
    return IrcLine(source, words[0].upper(), (*params, tail) if colon else tuple(params))


def write_line(command: str, *params: str) -> bytes:
    """Write a line, its end included. Raises `IllegalCommand`, without its words, if it cannot be sent."""
    *words, last = params or ("",)
    if any(not word or " " in word or word.startswith(":") for word in words):
        raise IllegalCommand(f"IRC: only the last parameter of {command} may be empty or have spaces")
    pieces = [command, *words]
    if params:
        plain = last and " " not in last and not last.startswith(":")
        pieces.append(last if plain and command not in {"PRIVMSG", "USER"} else f":{last}")
    line = " ".join(pieces).encode("utf-8", "replace")
    if any(sign in line for sign in b"\r\n\0"):
        raise IllegalCommand(f"IRC: {command} has a line break or a zero in it")
    if len(line) > LONGEST:
        raise IllegalCommand(f"IRC: {command} has {len(line)} bytes; a line has {LONGEST} at most")
    return line + b"\r\n"


@define(eq=False)
class LineCutter:
    """Cuts what comes into lines, however it was cut before; `too_long` counts lines nobody should send."""

    too_long: int = field(init=False, default=0)
    _rest: bytes = field(init=False, default=b"")
    _skipping: bool = field(init=False, default=False)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes, give the lines that are complete now, without their ends."""
        *lines, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        for line in lines:
            skipped, self._skipping = self._skipping, False
            if skipped:
                continue
            if len(line) > HEARD:
                self.too_long += 1
            elif line:
                yield line
        if len(self._rest) > HEARD:
            self.too_long += not self._skipping
            self._rest, self._skipping = b"", True
