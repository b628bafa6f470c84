"""The colours and line ends of the game, short enough to sit inside its screens.

Text in this package holds one character per byte that is sent: the upper half is CP437, so a box
line is written as its byte. A small letter is a colour, a capital the same one bright, and a nought
behind it says that the colour comes after a reset: `m` is ESC[35m, `M` ESC[1;35m, `m0` ESC[0;35m.
"""

from __future__ import annotations

import re

k, r, g, y, b, m, c, w = (f"\x1b[3{digit}m" for digit in range(8))
K, R, G, Y, B, M, C, W = (f"\x1b[1;3{digit}m" for digit in range(8))
k0, r0, g0, y0, b0, m0, c0, w0 = (f"\x1b[0;3{digit}m" for digit in range(8))
off = "\x1b[0m"
bold = "\x1b[1m"
banner = "\x1b[1;44m"
alarm = "\x1b[1;5;31m"
flash = "\x1b[5;31m"
inverse = "\x1b[30;47m"
clear = "\x1b[2J\x1b[H"
home = "\x1b[2J\x1b[H\x1b[0m"
erase = "\r\x1b[K"
up = "\x1b[1A"

# A coloured line ends with a reset between the two; an empty line is bare.
nl = "\r\x1b[0m\n"
blank = "\r\n"
menu_nl = "\n\r"

_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def plain(text: str) -> str:
    """Take the colours out, for a player who switched ANSI off."""
    return _ESCAPES.sub("", text)


def banner_line(title: str) -> str:
    """Write the blue bar that opens a command."""
    return f"{banner}<{title}>{nl}"
