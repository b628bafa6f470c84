"""Prices and haggling: player research, corrected by 29 haggles watched on TWGS 2.20b."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from .tables import GOODS, Product

if TYPE_CHECKING:
    from random import Random

    from .galaxy import Port

# Bounds of a bid as a share of what the port would really take, watched on TWGS 2.20b:
# buying, 0.80 of the first offer was countered once and then ended the talk, 0.68 ended it at once,
# 0.60 was laughed at; selling, 1.30 was countered to the end, 1.45 and 1.60 ended it at once.
_JOKE = 1 / 1.5  # player research; the watched bids lie on the right sides of it
_INSULT_FIRST = 0.75  # Invented: within the watched span of 0.72 to 0.79
_INSULT_LATER = 0.91  # Invented: within the watched span of 0.89 to 0.92
_INSULT_LATER_SELLING = 0.80  # Invented: 0.88 was still countered
_COUNTERS = 5  # none to five counters before the final offer, watched


class Verdict(Enum):
    """What a port says to a bid."""

    DEAL = "deal"
    COUNTER = "counter"
    FINAL = "final"
    JOKE = "joke"
    KICK = "kick"
    REFUSED = "refused"
    GIFT = "gift"
    NOTHING = "nothing"

    @property
    def ends(self) -> bool:
        """Whether this product is done."""
        return self not in {Verdict.COUNTER, Verdict.FINAL, Verdict.JOKE}


@frozen
class Mood:
    """What one docking fixes: the weekday term and the jitter of the first offers."""

    term: int
    jitter: tuple[float, float, float]


def draw_mood(dice: Random, term: tuple[int, int]) -> Mood:
    """Draw a docking's price level: levels differ between dockings and stay within one (watched)."""
    jitter = [dice.randint(-3, 3) / 1000 for _ in Product]
    return Mood(dice.randint(*term), (jitter[0], jitter[1], jitter[2]))


def unit_price(port: Port, product: Product, share: float, experience: int, term: int) -> float:
    """Tell what one unit is worth to a port whose stock is *share* of its capacity (player research).

    Base price, plus or minus the weekday term, less what experience below 1,000 costs, less the
    MCIC times the stock; raised by one until it reaches four.
    """
    goods = GOODS[product]
    side = 1 if port.buys(product) else -1
    green = 0.0 if experience >= 1000 else side * (1000 - experience) / 100
    price = goods.base + side * term - green - port.mcic[product] * goods.factor * share
    while price < 4:
        price += 1
    return price


@define
class Haggle:
    """One talk about one product; `exact` is what the port would take now, `offer` what it says."""

    product: Product
    quantity: int
    buying: bool
    exact: float
    ratio: float
    counters: int
    offer: int = field(init=False)
    rounds: int = 0
    final: bool = False

    def __attrs_post_init__(self) -> None:
        """Make the first offer."""
        self.offer = self._say()

    def _say(self) -> int:
        return max(1, round(self.exact * self.ratio))

    def percent(self, bid: int) -> float:
        """Tell how close a bid is to the best price, as a psychic probe does (checked live)."""
        return 100 * (bid / self.exact if self.buying else self.exact / bid)

    def _good_enough(self, bid: int) -> bool:
        """Whether the port takes a bid: up to its exact price, watched; it never refuses its own offer.

        Player research also tells of a tolerance of MCIC/250 per round; no watched haggle showed it.
        """
        if self.buying:
            return bid <= max(self.exact, self.offer)
        return bid >= min(self.exact, self.offer)

    def _insulting(self, bid: int) -> bool:
        closeness = self.exact / bid if self.buying else bid / self.exact
        if self.rounds == 0:
            return closeness < _INSULT_FIRST
        return closeness < (_INSULT_LATER_SELLING if self.buying else _INSULT_LATER)

    def _joking(self, bid: int) -> bool:
        if self.buying:
            return bid * _JOKE > self.exact
        # Overpaying is laughed at as well: watched with a bid far above the offer.
        return bid < self.exact * _JOKE or bid > self.offer

    def answer(self, bid: int) -> Verdict:
        """Hear a bid; a joke changes nothing, every other answer brings the talk nearer to its end."""
        if bid <= 0:
            return Verdict.GIFT if self.buying else Verdict.NOTHING
        if self._joking(bid):
            return Verdict.JOKE
        if self._good_enough(bid):
            return Verdict.DEAL
        if self.final:
            return Verdict.REFUSED
        if self._insulting(bid):
            return Verdict.KICK
        return self._counter(bid)

    def _counter(self, bid: int) -> Verdict:
        # The port moves three tenths of the way to the bid (checked on two live haggles).
        self.exact = 0.7 * self.exact + 0.3 * bid
        self.offer = self._say()
        self.rounds += 1
        self.final = self.rounds > self.counters
        return Verdict.FINAL if self.final else Verdict.COUNTER


def open_haggle(
    port: Port, product: Product, *, quantity: int, share: float, experience: int, mood: Mood, dice: Random
) -> Haggle:
    """Begin a talk; the first offer is off the exact price by the MCIC in thousandths (checked live)."""
    exact = unit_price(port, product, share, experience, mood.term) * quantity
    ratio = 1 + port.mcic[product] / 1000 + mood.jitter[product]
    return Haggle(product, quantity, port.buys(product), exact, ratio, dice.randint(0, _COUNTERS))


def reward(percent: float) -> tuple[int, str]:
    """Give the experience for a deal and its word.

    One point at 98 % and two at 99 % were seen live; five for an exact price is player research.
    """
    if percent >= 99.995:
        return 5, "excellent"
    if percent >= 99:
        return 2, "great"
    if percent >= 98:
        return 1, "good"
    return 0, ""


@frozen
class Deal:
    """The next product to talk about: what the port has or wants, and how much can change hands."""

    product: Product
    buying: bool
    amount: int
    onboard: int
    default: int

    @property
    def maximum(self) -> int:
        """The most that can be agreed on."""
        return self.default


@frozen
class Offer:
    """What the port says at the start of a talk."""

    product: Product
    quantity: int
    buying: bool
    amount: int
    final: bool = False


@frozen(kw_only=True)
class Answer:
    """What a bid led to; `offer` is the figure in the prompt, `gained` the change of one's credits."""

    verdict: Verdict
    offer: int
    percent: float = 0.0
    experience: int = 0
    tier: str = ""
    promoted: str = ""
    gained: int = 0


@define(eq=False)
class Visit:
    """One trader at one port, product by product. Never saved: a lost link ends the visit."""

    sector: int
    mood: Mood
    queue: list[Product]
    deal: Deal | None = None
    haggle: Haggle | None = None
