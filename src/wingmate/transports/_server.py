"""The server's side of telnet, for the games we serve ourselves."""

from __future__ import annotations

from attrs import define, field

from ._iac import Splitter, escape


@define(eq=False)
class ServerTelnet:
    """Take a client's telnet commands out of what it types; one object per connection.

    It asks nothing and answers nothing: what a server wants negotiated it sends by itself, and a
    refusal needs no answer. Enter comes as CR LF, CR NUL or CR from different clients, and leaves
    here as CR; other NULs vanish. `spoken` tells whether any telnet command came, which is how a
    server knows a telnet client. Each connection holds at most about a kilobyte.
    """

    spoken: bool = field(init=False, default=False)
    _splitter: Splitter = field(init=False)
    _after_cr: bool = field(init=False, default=False)

    def __attrs_post_init__(self) -> None:
        self._splitter = Splitter(self._found)

    @property
    def dropped(self) -> int:
        """How many malformed or oversized subnegotiations were thrown away."""
        return self._splitter.dropped

    def decode(self, data: bytes) -> bytes:
        """Give what was typed in *data*."""
        text = self._splitter.feed(data)
        if b"\0" in text:
            text = text.replace(b"\0", b"")
        if not text:
            return text
        if self._after_cr and text[0] == 0x0A:
            text = text[1:]
            self._after_cr = False
            if not text:
                return text
        self._after_cr = text[-1] == 0x0D
        return text.replace(b"\r\n", b"\r")

    def encode(self, text: bytes) -> bytes:
        """Put text for the client into telnet."""
        return escape(text)

    def _found(self, _verb: int, _rest: bytes) -> None:
        self.spoken = True
