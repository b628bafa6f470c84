"""One session with an IRC server: from the first line to being in the channel, and then its talk. Pure."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator

from attrs import define, field, frozen

from ..._secrets import Secret, shown
from ...errors import Disconnected, Refused, TransportError
from .._link import ChatLine, HeardLine, Interrupted
from .._text import clean
from ._irc_wire import IrcLine, LineCutter, folded, read_line, write_line

WANTED = ("echo-message", "server-time", "message-tags")
NICKS = 99  # names tried before giving up
NICK = 9  # characters of a nick that every server takes
PIECE = 400  # characters of a login in one line
LONGEST_PING = 400  # bytes
WAIT = 60.0  # seconds: "too many connections" lasts until somebody leaves
# What no wait cures; what else a server says at the door may be over in a while.
_FOR_GOOD = re.compile(r"pass|ban|[kgz]-?lin|access denied|not authori[sz]ed", re.IGNORECASE)
# "ann has quit (a.net b.net)": two servers lost each other. Many servers hide the names like this, too.
_SPLIT = re.compile(r"^(\*|[\w-]+)(\.[\w*-]+)+ (\*|[\w-]+)(\.[\w*-]+)+$")
_NICK_TAKEN = {"433", "436", "437"}
_NO_LOGIN = {"902", "904", "905", "906", "908"}
_NO_ENTRY = {"403", "405", "471", "473", "474", "475", "476", "477", "489"}
_UNSAID = {"404", "407", "408", "412", "413", "414", "417"}


@frozen(kw_only=True)
class Door:
    """How to come in: all a server and a channel may want to know."""

    channel: str
    nick: str
    key: Secret | None = None
    password: Secret | None = None
    account: str | None = None
    account_password: Secret | None = None
    echo: bool = False  # whether coming in without the own lines is pointless


@define(eq=False)
class Session:
    """Bytes in; lines heard out, and in `out` what to send. Raises `Refused` and `Disconnected`.

    `nick` is who we are, whatever we wanted to be; `unsaid` counts lines of ours the server turned down.
    """

    door: Door
    nick: str = field(init=False)
    caps: set[str] = field(init=False, factory=set[str])
    out: list[bytes] = field(init=False, factory=list[bytes], repr=False)
    registered: bool = field(init=False, default=False)
    joined: bool = field(init=False, default=False)
    unsaid: int = field(init=False, default=0)
    cutter: LineCutter = field(init=False, factory=LineCutter)
    _offered: set[str] = field(init=False, factory=set[str])
    _tried: int = field(init=False, default=1)
    _logged_in: bool = field(init=False, default=False)

    def __attrs_post_init__(self) -> None:
        self.nick = self.door.nick

    def begin(self) -> None:
        """Say the first words."""
        self._send("CAP", "LS", "302")
        if self.door.password is not None:
            self._send("PASS", self.door.password.reveal())
        self._send("NICK", self.nick)
        self._send("USER", self.door.nick, "0", "*", self.door.nick)

    def receive(self, data: bytes) -> Iterator[HeardLine]:
        """Take what the server sent, and give what was said in the channel."""
        for raw in self.cutter.feed(data):
            line = read_line(raw)
            if line is None:
                continue
            if self.joined:
                yield from self._talk(line)
            self._take(line)

    def drain(self) -> bytes:
        """Give what is to be sent now."""
        data = b"".join(self.out)
        self.out.clear()
        return data

    # --- talk -------------------------------------------------------------------------------

    def _talk(self, line: IrcLine) -> Iterator[HeardLine]:
        if line.command == "QUIT" and _SPLIT.match(line.param(0)):
            yield Interrupted()
        elif line.command == "PRIVMSG" and folded(line.param(0)) == folded(self.door.channel):
            text = line.param(1)
            # Requests between programs (CTCP) are nobody's words.
            if line.source and not text.startswith("\x01") and (words := clean(text)):
                yield ChatLine(line.source, words)

    # --- the rest ---------------------------------------------------------------------------

    def _take(self, line: IrcLine) -> None:
        match line.command:
            case "PING":
                # A longer question than an answer can be is nobody's honest one.
                self._send("PONG", line.param(-1).encode()[:LONGEST_PING].decode("utf-8", "ignore"))
            case "CAP":
                self._cap(line)
            case "AUTHENTICATE" | "903":
                self._login(line)
            case "001":
                self._welcome(line)
            case "JOIN" | "PART" | "KICK" | "NICK":
                self._moved(line)
            case "ERROR":
                raise self._thrown_out(line.param(-1))
            case _:
                self._numeric(line)

    def _numeric(self, line: IrcLine) -> None:
        why = shown(line.param(-1))
        if not self.registered and (line.command in _NICK_TAKEN or line.command == "432"):
            self._next_nick(line)
        elif line.command in _NO_LOGIN or line.command in {"464", "465"}:
            raise Refused(f"{self.door.nick}: the server lets us not in: {why}")
        elif line.command in _NO_ENTRY and folded(line.param(1)) == folded(self.door.channel):
            full = line.command == "471"
            raise Refused(
                f"{self.door.nick} may not join {self.door.channel}: {why}",
                retry_after=WAIT if full else None,
            )
        elif line.command in _UNSAID:
            self.unsaid += 1

    def _cap(self, line: IrcLine) -> None:
        names = {word.partition("=")[0] for word in line.param(-1).split()}
        match line.param(1).upper():
            case "LS":
                self._offered |= names
                if line.param(2) != "*" and not self.registered:
                    self._choose()
            case "ACK":
                self.caps |= {name for name in names if not name.startswith("-")}
                if self.door.account is None:
                    self._send("CAP", "END")
                elif "sasl" in names:
                    self._send("AUTHENTICATE", "PLAIN")
            case "NAK":
                self._send("CAP", "END")
            case "DEL":
                self.caps -= names
                if self.door.echo and "echo-message" in names:
                    raise Disconnected(f"{self.nick}: the server takes back echo-message")
            case _:
                pass

    def _choose(self) -> None:
        wanted = [name for name in WANTED if name in self._offered]
        if self.door.account is not None:
            if "sasl" not in self._offered:
                raise Refused(f"{self.door.nick}: there is an account to use, and the server offers no sasl")
            wanted.append("sasl")
        if wanted:
            self._send("CAP", "REQ", " ".join(wanted))
        else:
            self._send("CAP", "END")

    def _login(self, line: IrcLine) -> None:
        if self.door.account is None or self.door.account_password is None:
            return
        if line.command == "903":
            self._logged_in = True
            self._send("CAP", "END")
        elif line.param(0) == "+":
            words = (self.door.account, self.door.account, self.door.account_password.reveal())
            text = b64encode("\0".join(words).encode()).decode()
            for start in range(0, len(text) + 1, PIECE):
                piece = text[start : start + PIECE]
                # Revealed in these words, too: recordings must blot them out.
                self._send("AUTHENTICATE", Secret(f"text:{piece}").reveal() if piece else "+")

    def _welcome(self, line: IrcLine) -> None:
        self.registered = True
        self.nick = line.param(0) or self.nick
        if self.door.account is not None and not self._logged_in:
            raise Refused(f"{self.nick}: there is an account to use, and the server did not ask for it")
        if self.door.echo and "echo-message" not in self.caps:
            raise Refused(f"{self.nick}: without echo-message there is no order, and this server has none")
        key = () if self.door.key is None else (self.door.key.reveal(),)
        self._send("JOIN", self.door.channel, *key)

    def _moved(self, line: IrcLine) -> None:
        whom = line.param(1) if line.command == "KICK" else line.source
        if folded(whom) != folded(self.nick):
            return
        if line.command == "NICK":
            self.nick = line.param(0) or self.nick
        elif folded(line.param(0)) == folded(self.door.channel):
            if line.command != "JOIN":
                raise Disconnected(f"{self.nick} is out of {self.door.channel}: {shown(line.param(-1))}")
            self.joined = True

    def _next_nick(self, line: IrcLine) -> None:
        self._tried += 1
        if line.command == "432":  # too long, perhaps
            if self._tried > 2 or len(self.nick) <= NICK:
                raise Refused(f"{self.door.nick}: the server does not take this nick")
            self.nick = self.door.nick[:NICK]
        elif self._tried > NICKS:
            raise Refused(f"{self.door.nick}: every nick like this one is taken", retry_after=WAIT)
        else:
            end = f"_{self._tried}"
            self.nick = self.door.nick[: NICK - len(end)] + end
        self._send("NICK", self.nick)

    def _thrown_out(self, why: str) -> Refused | TransportError:
        words = f"{self.nick}: the server ends it: {shown(why)}"
        if self.registered:
            return Disconnected(words)
        return Refused(words, retry_after=None if _FOR_GOOD.search(why) else WAIT)

    def _send(self, command: str, *params: str) -> None:
        self.out.append(write_line(command, *params))
