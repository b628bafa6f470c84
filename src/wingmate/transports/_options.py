"""The client's side of telnet's options: telnetlib3 knows the answers, this keeps it on a leash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, field

from ._iac import DO, DONT, IAC, SB, SE, WILL, WONT, Splitter, escape

if TYPE_CHECKING:
    from telnetlib3.stream_writer import TelnetWriter

BINARY, ECHO, SGA, TTYPE, NAWS = 0, 1, 3, 24, 31
ASKED_TERMINAL = bytes((TTYPE, 1))  # the one subnegotiation that asks for something we have
OURS = frozenset({BINARY, SGA, TTYPE, NAWS})  # what we do when asked
THEIRS = frozenset({BINARY, ECHO, SGA})  # what we let the server do
ANSWERS = 256  # commands taken seriously from a server that does nothing but negotiate ...
EARNED = 256  # ... and the bytes of text that earn one more


@define(eq=False)
class TelnetCodec:
    """Take the option talk out of what a server sends, and collect the answers it needs.

    One object per link: whatever was agreed dies with it. Text of which no byte is an IAC never
    reaches telnetlib3; whole commands do, but only those for options a text game needs. The rest is
    refused, or ignored and counted: `dropped` for what was malformed or came too often (a server that
    only negotiates is heard `ANSWERS` times, then once for every `EARNED` bytes of text).
    """

    term: str
    size: tuple[int, int]
    _dropped: int = field(init=False, default=0)
    _credit: int = field(init=False, default=ANSWERS * EARNED)
    _replies: bytearray = field(init=False, factory=bytearray)
    _splitter: Splitter = field(init=False)
    _talker: TelnetWriter | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        self._splitter = Splitter(self._found)

    @property
    def dropped(self) -> int:
        """How many commands were thrown away: malformed, oversized, or beyond that limit."""
        return self._dropped + self._splitter.dropped

    def decode(self, data: bytes) -> tuple[bytes, bytes]:
        """Split *data* into game text and the bytes to answer with.

        NULs are taken out: CR NUL is how telnet writes CR, and a lone one (a real TWGS opens with
        it) is padding that prints nothing.
        """
        text = self._splitter.feed(data)
        if b"\0" in text:
            text = text.replace(b"\0", b"")
        if self._credit < ANSWERS * EARNED:
            self._credit = min(self._credit + len(text), ANSWERS * EARNED)
        if not self._replies:
            return text, b""
        replies = bytes(self._replies)
        self._replies.clear()
        return text, replies

    def encode(self, text: bytes) -> bytes:
        """Double what telnet would take for a command; everything else goes out as it is.

        A CR is sent bare, though the standard's default mode wants CR NUL or CR LF. Trade Wars
        servers agree on binary mode in their first answer, where a bare CR is right, and their
        one-key prompts take a second byte for a second key. A game that wants CR LF has an adapter
        that says so.
        """
        return escape(text)

    def _found(self, verb: int, rest: bytes) -> None:
        """Answer one whole command, if it is one to be answered."""
        if not self._concerns_us(verb, rest):
            return
        if self._credit < EARNED:
            self._dropped += 1
            return
        self._credit -= EARNED
        talker = self._talker or self._introduce()
        acknowledge = self._ends_something(talker, verb, rest)
        framed = (IAC, verb, *escape(rest), *((IAC, SE) if verb == SB else ()))
        try:
            for byte in framed:
                talker.feed_byte(bytes((byte,)))
        except Exception:  # noqa: BLE001 - whatever a stranger's bytes do to the library ends here
            self._dropped += 1
        if acknowledge:
            self._replies += bytes((IAC, acknowledge)) + rest

    def _concerns_us(self, verb: int, rest: bytes) -> bool:
        # "You will not" and "do not" matter only where something was agreed, and commands of one
        # byte (go ahead, end of record, are you there ...) mean nothing to a program.
        if verb == SB:
            return rest[:2] == ASKED_TERMINAL
        if verb == WONT:
            return rest[0] in THEIRS
        if verb == DONT:
            return rest[0] in OURS
        # Option 255 is written as IAC itself; nobody has it, and an answer could only be misread.
        return verb in {WILL, DO} and rest[0] != IAC

    def _ends_something(self, talker: TelnetWriter, verb: int, rest: bytes) -> int:
        """Say how to confirm the end of an option that was on; telnetlib3 leaves that out."""
        if verb == WONT and talker.remote_option.enabled(rest):
            return DONT
        if verb == DONT and talker.local_option.enabled(rest):
            return WONT
        return 0

    def _introduce(self) -> TelnetWriter:
        # Here and not above: the import takes a tenth of a second, and many links never need it.
        from telnetlib3 import stream_writer, telopt  # noqa: PLC0415

        us: Any = self
        talker = stream_writer.TelnetWriter(us, us, client=True)  # both its ends are this object
        talker.compression = False
        talker.always_wont = {bytes((n,)) for n in range(256) if n not in OURS}
        talker.always_dont = {bytes((n,)) for n in range(256) if n not in THEIRS}
        talker.set_ext_send_callback(telopt.TTYPE, lambda: self.term)
        talker.set_ext_send_callback(telopt.NAWS, lambda: self.size[::-1])
        self._talker = talker
        return talker

    # What telnetlib3 asks of a transport and of a protocol.

    def write(self, data: bytes) -> None:
        """Keep an answer until the stream can send it."""
        self._replies += data

    def is_closing(self) -> bool:
        """Say that the link is up: it ends elsewhere."""
        return False

    def get_extra_info(self, _name: str, default: Any = None) -> Any:
        """Tell nothing about the link."""
        return default
