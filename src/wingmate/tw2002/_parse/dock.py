"""The StarDock: bank, shipyards, hardware."""

from __future__ import annotations

import re

from .. import events as ev
from ._reading import Handlers, Reading
from ._text import NUM, integer

_MOVED = re.compile(rf"{NUM} credits have been (deposited|withdrawn|transferred)\b")
_RECEIVED = re.compile(rf"(.{{1,60}}?) transferred {NUM} credits to your Galactic bank account")
_BALANCE = re.compile(rf"You have {NUM} credits in your account")
_COST = re.compile(rf"The cost for (.{{1,60}}?) (?:is|are) {NUM}")
_NEXT_HOLD = re.compile(rf"Installing your next (.{{1,40}}?) will cost {NUM} credits")
_SHOP_SAYS = (
    *("You ain't got the creds", "You can not afford it", "You don't need two", "Then don't waste my time"),
    *("You don't have enough", "Hmmm, haven't heard of one of those", "Only Corporate Chairs can purchase"),
    *("You are not commissioned", "Sorry, your ship is not equipped"),
)


def read_digits(reading: Reading, line: str) -> bool:
    """Read the bank's confirmations, which begin with the sum."""
    found = _MOVED.match(line)
    if found is None:
        return False
    money = integer(found[1])
    match found[2]:
        case "deposited":
            reading.tell(ev.Deposited(money))
        case "withdrawn":
            reading.tell(ev.Withdrawn(money))
        case _:
            reading.tell(ev.Transferred(money))
    return True


def read_you(reading: Reading, line: str) -> bool:
    """Read the sentences of the dock that begin with `You`."""
    if found := _BALANCE.match(line):
        reading.tell(ev.BankBalanceTold(integer(found[1])))
    elif line.startswith("You leave the Galactic Bank"):
        reading.tell(ev.BankLeft())
    elif line.startswith("You return to your ship and blast off from the StarDock"):
        reading.dock = False
        reading.tell(ev.StarDockLeft())
    else:
        return _shop_says(reading, line)
    return True


def _shop_says(reading: Reading, line: str) -> bool:
    if line.startswith(_SHOP_SAYS):
        reading.tell(ev.ShopRefused(line.strip()))
        return True
    return False


def _sorry(reading: Reading, line: str) -> bool:
    if reading.prompt in {"deposit", "withdraw", "transfer", "bank", "transfer-to"}:
        reading.tell(ev.BankRefused(line.strip()))
        return True
    return _shop_says(reading, line)


def _transfer(reading: Reading, line: str) -> bool:
    if line.startswith("Transfer voided"):
        reading.tell(ev.BankRefused(line.strip()))
        return True
    return False


def _the(reading: Reading, line: str) -> bool:
    if found := _COST.match(line):
        reading.tell(ev.PriceTold(integer(found[2]), found[1]))
    return found is not None


def _installing(reading: Reading, line: str) -> bool:
    if found := _NEXT_HOLD.match(line):
        reading.tell(ev.PriceTold(integer(found[2]), found[1]))
    return found is not None


def read_gone(reading: Reading, line: str) -> bool:
    """Read the end of a stroll that went wrong."""
    if line.rstrip().endswith("find most of your money gone."):
        reading.tell(ev.Mugged())
        return True
    return False


def read_account(reading: Reading, line: str) -> bool:
    """Read that somebody sent us money."""
    if found := _RECEIVED.match(line.strip()):
        reading.tell(ev.Transferred(integer(found[2]), found[1]))
    return found is not None


WORDS: Handlers = {
    "Sorry,": _sorry,
    "Transfer": _transfer,
    "The": _the,
    "Installing": _installing,
    "Hmmm,": _shop_says,
    "Then": _shop_says,
    "Only": _shop_says,
}
