"""Claims where everybody hears every line in the same order: the first one in that order wins.

Each bot keeps the book for itself. All come to the same result, because nothing counts but the order
of the lines and what stands in them: whether a lease was over is decided by the date in the claim,
not by the listener's clock.
"""

from __future__ import annotations

from enum import Enum

from attrs import define, field

from ._leases import Deed, Lease

SLACK = 1.0  # seconds by which a lease may be longer than allowed, for the time a line waits


class Outcome(Enum):
    """What became of a claim."""

    GRANTED = "granted"
    RENEWED = "renewed"
    REFUSED = "refused"
    UNSURE = "unsure"  # we have not heard enough to know


@define(eq=False)
class OrderedBook:
    """Who holds what, by the lines heard so far; certain for claims made from `certain_from` on.

    Whoever comes in, or was cut off, does not know what was granted before. But no lease is longer
    than `longest`, so after that time everything it did not hear of is over.
    """

    longest: float
    certain_from: float
    leases: dict[str, Lease] = field(init=False, factory=dict[str, Lease])

    def doubt(self, at: float) -> None:
        """Take note that lines may have been missed."""
        self.certain_from = max(self.certain_from, at + self.longest + SLACK)
        for lease in self.leases.values():
            # Our own stand until their end, whatever was missed: nobody else can take or give them.
            lease.vague = lease.vague or not lease.mine

    def claim(self, deed: Deed, at: float, *, mine: bool) -> Outcome:
        """Take a claim at its place in the order."""
        if not at < deed.until <= at + self.longest + SLACK:
            return Outcome.REFUSED
        lease = self.leases.get(deed.key)
        known = lease is None or not lease.vague
        sure = at >= self.certain_from or (lease is not None and lease.mine and at < lease.until)
        over = lease is None or (at >= lease.until and deed.tick > lease.tick)
        if lease is None or (over and sure):
            lease = Lease(deed.who, deed.tick, deed.until, since=at, mine=mine and sure, vague=not sure)
            self.leases[deed.key] = lease
            return Outcome.GRANTED if sure else Outcome.UNSURE
        if not (known and sure):
            # One of these may hold it: until the last possible end, nobody is sure to.
            lease.until, lease.tick = max(lease.until, deed.until), max(lease.tick, deed.tick)
            lease.vague, lease.mine = True, False
            return Outcome.UNSURE
        if lease.who != deed.who or not lease.since <= at < lease.until:
            # Of its own holder's claims only a newer one counts: an older one was kept back.
            return Outcome.REFUSED
        lease.until, lease.since, lease.mine = deed.until, at, mine
        return Outcome.RENEWED

    def release(self, deed: Deed, at: float) -> int | None:
        """Take a release; give the number of what was released."""
        lease = self.leases.get(deed.key)
        if lease is None or lease.vague or lease.who != deed.who:
            return None
        if not lease.since <= at < lease.until:
            # Older than the lease: somebody kept it back, and meant another one with it.
            return None
        lease.until = at
        return lease.number

    def free(self, key: str, who: str, at: float) -> bool:
        """Say whether a claim now has a chance."""
        lease = self.leases.get(key)
        if lease is not None and at < lease.until:
            return lease.who == who and not lease.vague
        return at >= self.certain_from

    def next_tick(self, key: str, tick: int) -> int:
        """Give the tick for the number of a claim: now, or just above the last one."""
        lease = self.leases.get(key)
        return tick if lease is None else max(tick, lease.tick + 1)

    def sweep(self, at: float) -> None:
        """Forget what has been over for long; its numbers are below any new one."""
        end = at - 2 * self.longest - 60.0
        self.leases = {key: lease for key, lease in self.leases.items() if lease.until > end}
