"""Bytes from a terminal game to plain text, however they were cut."""

from __future__ import annotations

import codecs
import re

from attrs import define, field

LONGEST_CSI = 64  # parameter bytes; real ones have fewer than twenty
LONGEST_STRING = 512  # window titles and the like

# Nine tenths of what games send beside text.
COLOUR = re.compile(rb"\x1b\[[0-9;]{0,%d}m" % LONGEST_CSI)
# Every sequence ends where it must, or where a byte comes that cannot belong to it, or at its limit:
# nothing a game sends can make the reader swallow the rest of the session.
_ESCAPE = re.compile(
    rb"\x1b(?:\[[0-?]{0,%d}[ -/]{0,4}[@-~]?|[\]PX^_][ -\xff]{0,%d}|[ -/]{0,4}[0-~]?)"
    % (LONGEST_CSI, LONGEST_STRING)
)
# The beginning of a sequence that may go on in the next bytes.
UNFINISHED = re.compile(
    rb"\x1b(?:\[[0-?]{0,%d}[ -/]{0,4}|[\]PX^_][ -\xff]{0,%d}|[ -/]{0,4})" % (LONGEST_CSI, LONGEST_STRING - 1)
)
_CLEARS = re.compile(rb"\x1b(?:\[(?:[23]J|[0-9;]*[Hf])|c)")
_LINE_END = re.compile(rb"\r*[\n\x0c][\r\x0c]*|\r+")
AFTER_ESCAPES = b"\b\f\r"  # what moves the cursor, once line ends and escape sequences are gone
DROPPED = bytes(set(range(32)) - set(b"\t\n\x1b" + AFTER_ESCAPES)) + b"\x7f"


@define(eq=False)
class AnsiReader:
    r"""Turns a terminal's bytes (CP437, ANSI) into text, incrementally.

    Only three controls are left in the text: `\n` ends a line (sent as CR LF, LF CR, LF, or CR,
    colour, LF; clearing the screen or placing the cursor ends a line too, if there is anything on
    it), `\r` goes back to the line's start because other text follows there, and `\b` steps back.
    The text is the same wherever the bytes were cut: what cannot be decided yet is kept back.
    Another `encoding` must have ASCII as its lower half, as UTF-8 and Latin-1 do.
    """

    encoding: str = "cp437"
    _decoder: codecs.IncrementalDecoder | None = field(init=False, default=None)
    _unfinished: bytes = field(init=False, default=b"")
    _carriage: bool = field(init=False, default=False)  # a CR whose meaning the next byte tells
    _fresh: bool = field(init=False, default=True)  # nothing on the line yet

    def __attrs_post_init__(self) -> None:
        if self.encoding != "cp437":
            self._decoder = codecs.getincrementaldecoder(self.encoding)("replace")

    def feed(self, data: bytes) -> str:
        """Take some bytes; give the text that is certain by now."""
        if self._unfinished:
            data = self._unfinished + data
            self._unfinished = b""
        if b"\x1b" in data:
            data = self._without_escapes(data)
        data = data.translate(None, DROPPED)
        if self._carriage:
            data = b"\r" + data
        if b"\r" in data or b"\x0c" in data:
            data = self._with_line_ends(data)
        if not data:
            return ""
        self._fresh = data[-1] == 10
        if self._decoder is not None:
            return self._decoder.decode(data)
        return data.decode("ascii") if data.isascii() else data.decode("cp437")

    def _without_escapes(self, data: bytes) -> bytes:
        last = data.rfind(b"\x1b")
        if UNFINISHED.fullmatch(data, last):
            self._unfinished = data[last:]
            data = data[:last]
        # Removing colours alone is three times as fast, but right only if there is nothing else: the
        # pieces of a broken sequence around a colour must not grow together.
        text, colours = COLOUR.subn(b"", data)
        if colours == data.count(b"\x1b"):
            return text
        # An ESC begins a sequence wherever it stands, so the usual ways to clear need no look around
        # them; the form feed left in their place ends what was unfinished before it.
        data = data.replace(b"\x1b[2J", b"\x0c").replace(b"\x1b[H", b"\x0c")
        text, colours = COLOUR.subn(b"", data)
        if colours == data.count(b"\x1b"):
            return text
        return _ESCAPE.sub(_form_feed_or_nothing, data)

    def _with_line_ends(self, data: bytes) -> bytes:
        # CR LF first, because it is the common case and `replace` is ten times as fast.
        data = data.replace(b"\r\n", b"\n")
        self._carriage = data.endswith(b"\r")
        if self._carriage:
            data = data.rstrip(b"\r")
        if self._fresh:
            data = data.lstrip(b"\r\x0c")
        if b"\r" in data or b"\x0c" in data:
            data = _LINE_END.sub(_one_line_end, data)
        if self._carriage and (data.endswith(b"\n") or (not data and self._fresh)):
            self._carriage = False  # already at the line's start
        return data


def _form_feed_or_nothing(match: re.Match[bytes]) -> bytes:
    return b"\x0c" if _CLEARS.fullmatch(match[0]) else b""


def _one_line_end(match: re.Match[bytes]) -> bytes:
    return b"\r" if match[0][-1] == 13 and b"\n" not in match[0] and b"\x0c" not in match[0] else b"\n"
