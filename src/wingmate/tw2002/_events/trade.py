"""Ports, haggling, the StarDock and its shops."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

Product: TypeAlias = Literal["Fuel Ore", "Organics", "Equipment"]
Side: TypeAlias = Literal["buy", "sell"]  # what *we* do
HaggleKind: TypeAlias = Literal["offer", "counter", "final", "joke", "accepted", "refused", "kicked", "gift"]


@frozen
class PortRow:
    """One product in a port's report: what the port does with it, how much, how full, how much we hold."""

    product: Product
    status: Literal["Buying", "Selling"]
    amount: int
    percent: int
    onboard: int


@frozen
class PortReported:
    """A port's report, complete; `sector` is None when the screen does not tell.

    `docked` says whether we are there; otherwise the computer told.
    """

    name: str
    when: str
    rows: tuple[PortRow, ...]
    sector: int | None = None
    docked: bool = False

    @property
    def code(self) -> str:
        """The port's code, such as `BBS`; empty when not all three products are listed."""
        letters = "".join("B" if row.status == "Buying" else "S" for row in self.rows)
        return letters if len(letters) == 3 else ""


@frozen
class PortUnknown:
    """The computer has no report on that port, or there is none."""


@frozen
class NoPortHere:
    """There is nothing to dock at."""


@frozen
class Docked:
    """The ship is at the port; it cost a turn."""


@frozen
class TradeOffered:
    """The port asks how many holds of a product we buy or sell; its `Prompted` follows.

    `upto` is what the port has or wants, `onboard` what we hold, `default` what a bare Enter takes.
    """

    product: str
    side: Side
    default: int
    upto: int = 0
    onboard: int = 0


@frozen
class Agreed:
    """The port took the quantity; its first offer follows."""

    units: int


@frozen
class Haggled:
    """One turn of the port in a haggle, `amount` its figure where it names one, `phrase` its words.

    After `accepted` follows `Traded`; after `refused` and `kicked` the product is over; a `joke`
    repeats the question without counting, for ever.
    """

    kind: HaggleKind
    phrase: str
    amount: int | None = None


@frozen(kw_only=True)
class Traded:
    """A deal is done: price, experience and what we have now; `best` is the psychic probe's percent."""

    product: str
    side: Side
    quantity: int
    price: int
    credits: int
    holds_empty: int
    experience: int = 0
    best: float | None = None


@frozen
class TradeEnded:
    """A product was skipped or its haggle failed; nothing moved."""

    product: str
    side: Side
    why: Literal["skipped", "refused", "kicked"]


@frozen
class NothingToTrade:
    """Neither has the port what we can take, nor we what it wants."""


@frozen
class CreditsTold:
    """How much money the ship has, and how many holds are empty where it is said."""

    credits: int
    holds_empty: int | None = None


@frozen
class ClassZeroListed:
    """The shop for holds, fighters and shields: price of the next and how many fit, each."""

    hold_price: int
    holds: int
    fighter_price: int
    fighters: int
    shield_price: int
    shields: int


@frozen
class PriceTold:
    """What something costs, where the screen names the sum; `item` as printed, may be empty."""

    price: int
    item: str = ""


@frozen
class StarDockEntered:
    """We walk on the StarDock; it cost a turn."""


@frozen
class StarDockLeft:
    """The ship blasted off from the StarDock."""


@frozen
class Mugged:
    """A stroll on the StarDock cost most of the money."""


@frozen
class BankBalanceTold:
    """The account's balance; each action at the bank begins with it."""

    balance: int


@frozen
class Deposited:
    """That many credits went into the account: the sum the bank confirmed, not the one asked for."""

    credits: int


@frozen
class Withdrawn:
    """That many credits came out of the account."""

    credits: int


@frozen
class Transferred:
    """That many credits went to another's account; or came from one when `sender` is given."""

    credits: int
    sender: str | None = None


@frozen
class BankRefused:
    """The bank did not do it."""

    text: str


@frozen
class BankLeft:
    """We left the bank."""


@frozen
class ShopRefused:
    """A shop did not sell it; `text` says why."""

    text: str
