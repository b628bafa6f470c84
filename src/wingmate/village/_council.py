"""What a village agrees on by talking: one bot's minutes of what everybody hears in the same order.

Pure: lines and dates in, decisions out. The first in the order wins, whoever is told first; a claim
is a lease with a number that only grows, so whoever died holds nothing for ever.
"""

from __future__ import annotations

from collections import Counter

from attrs import define, field, frozen

from ..chat import VILLAGE, Language, Saying
from ._spot import Spot

SAME = 5  # blocks within which two places to level are the same
REPEATED = 30.0  # seconds within which the same request again is no second one


@frozen(kw_only=True)
class Terms:
    """How long things stand, in seconds of the world."""

    request: float = 60.0
    delivery: float = 180.0
    terraform: float = 600.0


@define(eq=False)
class Request:
    """Somebody needs something; `by` is who will bring it."""

    who: str
    item: str
    count: int
    asked_at: float
    until: float
    by: str = ""


@define(eq=False)
class Terraform:
    """A place to be levelled; `owner` levels it, under a number that grows with every new owner."""

    spot: Spot
    asked_by: str
    until: float
    owner: str = ""
    number: int = 0
    done: bool = False


@define(eq=False)
class Council:
    """The state of the village's affairs, as one bot heard it; all who heard the same agree."""

    terms: Terms = field(factory=Terms)
    language: Language = field(default=VILLAGE, kw_only=True)
    centre: Spot | None = field(init=False, default=None)
    founder: str = field(init=False, default="")
    chest: Spot | None = field(init=False, default=None)
    table: Spot | None = field(init=False, default=None)
    requests: dict[tuple[str, str], Request] = field(init=False, factory=dict[tuple[str, str], Request])
    terraforms: dict[Spot, Terraform] = field(init=False, factory=dict[Spot, Terraform])
    spoken_at: float = field(init=False, default=float("-inf"))  # when the centre was last told
    counts: Counter[str] = field(init=False, factory=Counter[str])
    _grants: int = field(init=False, default=0)

    def hear(self, sender: str, text: str, date: float) -> Saying | None:
        """Take one line of chat; give what it says if it is one of ours, whether it counts or not."""
        self.sweep(date)
        saying = self.language.read(text)
        if not isinstance(saying, Saying):
            self.counts["chatter"] += 1
            return None
        take = getattr(self, f"_hear_{saying.verb.lower()}", None)
        if take is not None:
            take(sender, saying, date)
        return saying

    def sweep(self, date: float) -> None:
        """Let go of what has expired."""
        for key, request in list(self.requests.items()):
            if request.until <= date:
                del self.requests[key]
                self.counts["expired"] += 1
        for spot, place in list(self.terraforms.items()):
            if place.until <= date:
                del self.terraforms[spot]
                self.counts["expired"] += not place.done

    # --- what stands --------------------------------------------------------------------------------

    def _hear_village(self, sender: str, saying: Saying, date: float) -> None:
        spot = _spot(saying)
        if self.centre is None:
            self.centre, self.founder = spot, sender
        self.counts["contradictions"] += spot != self.centre
        if spot == self.centre:
            self.spoken_at = date

    def _hear_chest(self, _sender: str, saying: Saying, _date: float) -> None:
        self.chest = self.chest or _spot(saying)

    def _hear_crafting(self, _sender: str, saying: Saying, _date: float) -> None:
        self.table = self.table or _spot(saying)

    # --- requests -----------------------------------------------------------------------------------

    def _hear_request(self, sender: str, saying: Saying, date: float) -> None:
        item, count = str(saying["item"]), int(saying["count"])
        known = self.requests.get((sender, item))
        if known is not None and known.count == count and date < known.asked_at + REPEATED:
            self.counts["repeated"] += 1
            return
        if known is None or not known.by:
            until = date + self.terms.request
            self.requests[sender, item] = Request(sender, item, count, date, until)

    def _hear_fulfill(self, sender: str, saying: Saying, date: float) -> None:
        request = self.requests.get((str(saying["who"]), str(saying["item"])))
        if request is None or request.by:
            self.counts["too late"] += 1
            return
        request.by, request.until = sender, date + self.terms.delivery

    def _hear_deposit(self, sender: str, saying: Saying, _date: float) -> None:
        for key, request in self.requests.items():
            if request.by == sender and request.item == saying["item"]:
                del self.requests[key]
                self.counts["fulfilled"] += 1
                return

    def wanted(self, me: str) -> list[Request]:
        """List what others need and nobody brings, the oldest first."""
        return sorted(
            (request for request in self.requests.values() if not request.by and request.who != me),
            key=lambda request: (request.asked_at, request.who, request.item),
        )

    def promised(self, me: str) -> list[Request]:
        """List what this bot has said it would bring, and the others heard it first from it."""
        return [request for request in self.requests.values() if request.by == me]

    # --- levelling ----------------------------------------------------------------------------------

    def place(self, spot: Spot) -> Terraform | None:
        """Give the place to be levelled that is the same as this one, if any."""
        near = [known for known in self.terraforms if known.apart(spot) <= SAME * SAME]
        return self.terraforms[min(near, key=spot.apart)] if near else None

    def _hear_terraform(self, sender: str, saying: Saying, date: float) -> None:
        spot = _spot(saying)
        if self.place(spot) is None:
            self.terraforms[spot] = Terraform(spot, sender, date + self.terms.terraform)

    def _hear_terraform_claim(self, sender: str, saying: Saying, date: float) -> None:
        place = self.place(_spot(saying))
        if place is None or place.done or place.owner not in {"", sender}:
            self.counts["too late"] += 1
            return
        if not place.owner:
            self._grants += 1
            place.owner, place.number = sender, self._grants
        place.until = date + self.terms.terraform

    def _hear_terraform_done(self, sender: str, saying: Saying, date: float) -> None:
        place = self.place(_spot(saying))
        if place is not None and place.owner == sender:
            place.done, place.until = True, date + self.terms.terraform

    def _hear_terraform_release(self, sender: str, saying: Saying, date: float) -> None:
        place = self.place(_spot(saying))
        if place is not None and place.owner == sender and not place.done:
            place.owner, place.until = "", date + self.terms.terraform

    def to_level(self, me: str) -> Terraform | None:
        """Give a place this bot levels, or else one that nobody does."""
        waiting = [place for place in self.terraforms.values() if not place.done]
        mine = [place for place in waiting if place.owner == me]
        free = [place for place in waiting if not place.owner]
        return next(iter(sorted(mine or free, key=lambda place: place.spot)), None)


def _spot(saying: Saying) -> Spot:
    return Spot(int(saying["x"]), int(saying["y"]), int(saying["z"]))
