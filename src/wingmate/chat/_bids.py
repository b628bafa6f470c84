"""Claims where lines may be lost, late, or heard in different orders: bids, settled after a while.

A bid is announced and stands for some seconds. Whoever holds the key objects; of two bids the one
with the lower number goes on; a hold beats a bid. Two who never heard each other may both come to
hold the key, under different numbers: as soon as they hear of it, the lower number gives way. So it
is also where the claim is used: there the higher number wins.
"""

from __future__ import annotations

from collections.abc import Callable

from anyio import Event
from attrs import define, field

from ._leases import Deed, Lease, number_of


@define(eq=False)
class Bid:
    """A wish to hold a key, until it is settled."""

    who: str
    tick: int
    stands: float  # the date until which others respect it
    mine: bool = False
    lost: Event = field(factory=Event)

    @property
    def rank(self) -> tuple[int, str]:
        """What decides between bids: the lower one wins."""
        return number_of(self.tick, self.who), self.who


@define(eq=False)
class BidBook:
    """Who holds and who wants what, as far as this bot has heard."""

    settle: float
    longest: float
    speak: Callable[[Deed], None]
    leases: dict[str, Lease] = field(init=False, factory=dict[str, Lease])
    bids: dict[str, list[Bid]] = field(init=False, factory=dict[str, list[Bid]])
    abdicated: int = field(init=False, default=0)

    def standing(self, key: str, at: float) -> Lease | None:
        """Give the lease in force, as far as is known."""
        lease = self.leases.get(key)
        return None if lease is None or at >= lease.until else lease

    def bid(self, key: str, who: str, tick: int, at: float) -> Bid | None:
        """Begin a bid of ours, or None if another one goes first anyway."""
        lease = self.leases.get(key)
        bid = Bid(who, tick if lease is None else max(tick, lease.tick + 1), at + 2 * self.settle, mine=True)
        rivals = self._rivals(key, at)
        if rivals and min(rival.rank for rival in rivals) < bid.rank:
            return None
        for rival in rivals:
            if rival.mine:
                rival.lost.set()
        self.bids.setdefault(key, []).append(bid)
        return bid

    def drop(self, key: str, bid: Bid) -> None:
        """End a bid."""
        bids = self.bids.get(key, [])
        if bid in bids:
            bids.remove(bid)
        if not bids:
            self.bids.pop(key, None)

    def hold(self, key: str, who: str, tick: int, until: float) -> Lease:
        """Hold a key from now on, or longer, and say so."""
        self.leases[key] = lease = Lease(who, tick, until, mine=True)
        self.speak(Deed("h", key, who, tick, until))
        return lease

    def hear(self, deed: Deed, at: float) -> None:
        """Take what another says about a claim."""
        if deed.verb == "b":
            self._hear_bid(deed, at)
        elif deed.verb == "h" and at < deed.until <= at + 2 * self.longest:
            self._hear_hold(deed, at)
        elif deed.verb == "r":
            lease = self.standing(deed.key, at)
            if lease is not None and (lease.who, lease.tick) == (deed.who, deed.tick):
                lease.until = at

    def sweep(self, at: float) -> None:
        """Forget what has been over for long."""
        end = at - 2 * self.longest - 60.0
        self.leases = {key: lease for key, lease in self.leases.items() if lease.until > end}
        for key in list(self.bids):
            self._rivals(key, at)

    def _hear_bid(self, deed: Deed, at: float) -> None:
        lease = self.standing(deed.key, at)
        if lease is not None and lease.mine:
            self.speak(Deed("h", deed.key, lease.who, lease.tick, lease.until))
            return
        theirs = Bid(deed.who, deed.tick, at + 2 * self.settle)
        known = [bid.rank for bid in self._rivals(deed.key, at)]
        for bid in self._rivals(deed.key, at):
            if bid.mine and theirs.rank < bid.rank:
                bid.lost.set()
            elif bid.mine and theirs.rank not in known:
                # Perhaps they did not hear ours.
                self.speak(Deed("b", deed.key, bid.who, bid.tick, bid.stands))
        if theirs.rank not in known:
            self.bids.setdefault(deed.key, []).append(theirs)

    def _hear_hold(self, deed: Deed, at: float) -> None:
        lease, theirs = self.standing(deed.key, at), Lease(deed.who, deed.tick, deed.until)
        for bid in self._rivals(deed.key, at):
            if bid.mine and (bid.tick, bid.who) != (deed.tick, deed.who):
                bid.lost.set()
        if lease is None or (theirs.number, theirs.who) > (lease.number, lease.who):
            self.leases[deed.key] = theirs
            self.abdicated += lease is not None and lease.mine
        elif (theirs.number, theirs.who) == (lease.number, lease.who):
            lease.until = max(lease.until, theirs.until) if lease.mine else theirs.until
        elif lease.mine:
            self.speak(Deed("h", deed.key, lease.who, lease.tick, lease.until))

    def _rivals(self, key: str, at: float) -> list[Bid]:
        bids = [bid for bid in self.bids.get(key, []) if at < bid.stands]
        if bids:
            self.bids[key] = bids
        else:
            self.bids.pop(key, None)
        return bids
