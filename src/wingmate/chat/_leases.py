"""What both ways of claiming over a chat have in common: leases, their numbers, and the lines about them."""

from __future__ import annotations

import json
from hashlib import blake2s
from math import isfinite
from zlib import crc32

from attrs import define, frozen

from ._wire import base36, tick_of

LONGEST_KEY = 32  # bytes; a longer key is sent as a digest, for a claim must fit into one line
AHEAD = 10 * 64  # ticks a claim's number may be ahead of its date


@define(eq=False)
class Lease:
    """Who holds a key until when; `vague` if nobody can know who, only that somebody may until then."""

    who: str
    tick: int
    until: float
    since: float = 0.0  # the date of the claim that made or renewed it
    mine: bool = False
    vague: bool = False

    @property
    def number(self) -> int:
        """The fencing number."""
        return number_of(self.tick, self.who)


@frozen
class Deed:
    """One line about a claim: `c` claim, `b` bid, `h` hold, `r` release."""

    verb: str
    key: str
    who: str
    tick: int
    until: float
    nonce: str = ""

    def text(self) -> str:
        """Write it down."""
        until = int(self.until) if self.until.is_integer() else self.until
        fields = [self.verb, self.key, self.who, base36(self.tick), until, self.nonce]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def read_deed(text: str, at: float) -> Deed | None:
    """Read a line about a claim said at a date; None if it is none, or one no honest bot would say."""
    try:
        verb, key, who, tick, until, nonce = json.loads(text)
        deed = Deed(str(verb), str(key), str(who), int(str(tick)[:9], 36), float(until), str(nonce))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    honest = isfinite(deed.until) and 0 <= deed.tick <= tick_of(at) + AHEAD
    return deed if honest else None


def number_of(tick: int, who: str) -> int:
    """Give the number of a grant: its date, then something of its holder; below 2**53 until 2093.

    So numbers grow over restarts and processes, and two holders have the same one by an accident of
    1 in 65,536, if they began within the same 64th of a second without hearing each other.
    """
    return tick << 16 | crc32(who.encode()) & 0xFFFF


def short(key: str) -> str:
    """Give the name under which a key travels."""
    data = key.encode()
    if len(data) <= LONGEST_KEY and not key.startswith("#"):
        return key
    return f"#{blake2s(data, digest_size=9).hexdigest()}"
