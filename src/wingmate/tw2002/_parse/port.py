"""Port reports, haggling, and the shop of class 0."""

from __future__ import annotations

import re
from typing import Literal, cast

from attrs import define, field

from .. import events as ev
from ._reading import Deal, Handlers, Reading
from ._text import NUM, integer

_REPORT = re.compile(
    r"Commerce report for (?:(.+?): )??(\d\d?:\d\d:\d\d [AP]M [^ ].*?)(\s+You can buy:)?\s*$"
)
_ROW = re.compile(rf"(Fuel Ore|Organics|Equipment)\s+(Selling|Buying)\s+{NUM}\s+(\d{{1,3}})%\s+{NUM}\s*$")
_GOODS = re.compile(rf"([ABC])  (Cargo holds|Fighters|Shield Points)\s*:\s*{NUM} credits.*?\s{NUM}\s*$")
_UPTO = re.compile(rf"We are (?:selling|buying) up to {NUM}\.  You have {NUM} in your holds")
_OFFER = re.compile(rf"(?:We'll (?:sell|buy) them for|Our final offer is) {NUM} credits")
_PROBE = re.compile(r"<P-Probe estimates your offer was +(\d{1,4}(?:\.\d{1,4})?)% of best price>")
_CREDITS = re.compile(rf"You have {NUM} credits(?: and {NUM} empty cargo holds)?\.\s*$")

# What a port says when it takes our offer, by how it begins: from client writers' lists and live games.
_ACCEPTS = (
    *("Done", "FINE", "Agreed", "Very well", "Oh well", "If only", "You insult", "You are a rogue"),
    *("You are robbing me", "I hate", "I PAID", "I could", "SOLD", "Cheapskate", "(Sigh)"),
    *("You are a shrewd", "You will put", "You drive a hard bargain"),
)
_JOKES = (
    *("What do you take me for, a fool?", "WHAT?!@!? you must be crazy", "This is the big leagues Jr."),
    *("So, you think I'm as stupid as you look?", "Quit playing around", "My patience grows short"),
    *("I have much better things to do", "HA! HA, ha hah", "Get real ion-brain", "Make a real offer or"),
)
_REFUSALS = ("We're not interested", "Nothing")
_KICKS = (
    *("Get lost creep", "HA!  You think me a fool?", "Swine, go peddle", "I see you are as stupid"),
    *("I think you'd better leave", "How have you survived this long", "Thief!", "These are not free!"),
)


@define(eq=False)
class ReportBlock:
    """A port's report: three rows under a heading, at the port with a docking log between."""

    name: str
    when: str
    sector: int | None
    docked: bool
    rows: list[ev.PortRow] = field(factory=list[ev.PortRow])

    def take(self, reading: Reading, line: str) -> bool:
        """Take a row, or what stands above the first one: the docking log and what it earned."""
        if found := _ROW.match(line):
            product = cast(ev.Product, found[1])
            status = cast(Literal["Buying", "Selling"], found[2])
            self.rows.append(ev.PortRow(product, status, integer(found[3]), int(found[4]), integer(found[5])))
            return len(self.rows) <= 3
        if self.rows:
            return False
        above = not line.strip() or line.startswith((" Items", " -----", "-=-=-", "No current ship"))
        return above or " docked " in line or _for(reading, line)

    def finish(self, reading: Reading) -> None:
        """Tell the report."""
        reading.tell(ev.PortReported(self.name, self.when, tuple(self.rows), self.sector, docked=self.docked))


def _commerce(reading: Reading, line: str) -> bool:
    found = _REPORT.match(line)
    if found is None:
        return False
    if found[3]:
        reading.shop = {}
        return True
    asked, reading.asked_sector = reading.asked_sector, None
    sector = asked if asked is not None else reading.sector or None
    reading.begin(ReportBlock(found[1] or "", found[2], sector, docked=asked is None))
    return True


def _goods(reading: Reading, line: str) -> bool:
    if found := _GOODS.match(line):
        reading.shop[found[1]] = (integer(found[3]), integer(found[4]))
    return found is not None


def _docking(reading: Reading, line: str) -> bool:
    if line.startswith("Docking..."):
        reading.tell(ev.Docked())
        return True
    return False


def _we(reading: Reading, line: str) -> bool:
    found = _UPTO.match(line)
    if found is None:
        return False
    _settle(reading, None)
    reading.deal = Deal(upto=integer(found[1]), onboard=integer(found[2]))
    return True


def _for(reading: Reading, line: str) -> bool:
    found = re.match(rf".*you (receive|lose|lost),? {NUM} experience point", line)
    if found is None:
        return False
    points = integer(found[2]) * (1 if found[1] == "receive" else -1)
    if reading.deal is not None:
        reading.deal.experience += points
    reading.tell(ev.ExperienceGained(points))
    return True


def read_haggle(reading: Reading, line: str) -> bool:
    """Read what the port says between the question how many and the deal; anything may be words of it."""
    deal = reading.deal
    if deal is None or deal.outcome:
        return False
    if not deal.units:
        if found := re.match(rf"Agreed, {NUM} units", line):
            deal.units = integer(found[1])
            reading.tell(ev.Agreed(deal.units))
        return found is not None
    words = line.strip()
    if found := _OFFER.match(line):
        kind: ev.HaggleKind = "offer" if deal.asked is None else "counter"
        deal.asked = integer(found[1])
        reading.tell(ev.Haggled("final" if line.startswith("Our") else kind, words, deal.asked))
        return True
    return read_probe(reading, line) or _read_words(reading, deal, words)


def _read_words(reading: Reading, deal: Deal, words: str) -> bool:
    kind: ev.HaggleKind | None = None
    if words.startswith(_ACCEPTS) or words.endswith("but we'll take them."):
        kind = "accepted"
    elif words.startswith(_REFUSALS):
        kind = "refused"
    elif words.startswith(_KICKS):
        kind = "kicked"
    elif words.startswith("Thank you"):
        kind = "gift"  # we asked nothing for the goods
    elif words.startswith(_JOKES):
        kind = "joke"
    elif deal.asked is None or words.startswith(("You have", "For ", "<")):
        return False
    if kind is None:
        # Unknown words: whether they are a joke or the end of the deal shows in what follows.
        deal.phrase = words
        return True
    if kind != "joke":
        deal.outcome = "accepted" if kind == "gift" else kind
    reading.tell(ev.Haggled(kind, words))
    return True


def read_probe(reading: Reading, line: str) -> bool:
    """Read the psychic probe's estimate, which comes after the port accepted."""
    found = _PROBE.match(line)
    if found and reading.deal is not None:
        reading.deal.best = float(found[1])
    return found is not None


def read_credits(reading: Reading, line: str) -> bool:
    """Read the line of credits and holds that ends each product."""
    found = _CREDITS.match(line)
    if found is None:
        return False
    money, holds = integer(found[1]), integer(found[2]) if found[2] else None
    _settle(reading, money, holds or 0)
    reading.credits = money
    reading.tell(ev.CreditsTold(money, holds))
    return True


def _settle(reading: Reading, money: int | None, holds: int = 0) -> None:
    deal, reading.deal = reading.deal, None
    if deal is None or not deal.product:
        return
    side = deal.side
    if not deal.outcome and deal.phrase:
        changed = money is not None and money != reading.credits
        deal.outcome = "accepted" if changed else "kicked"
        reading.tell(ev.Haggled("accepted" if changed else "kicked", deal.phrase))
    if deal.outcome == "accepted" and money is not None:
        reading.tell(
            ev.Traded(
                product=deal.product,
                side=side,
                quantity=deal.units,
                price=deal.bid,
                credits=money,
                holds_empty=holds,
                experience=deal.experience,
                best=deal.best,
            )
        )
    elif not deal.units:
        reading.tell(ev.TradeEnded(deal.product, side, "skipped"))
    else:
        reading.tell(ev.TradeEnded(deal.product, side, "kicked" if deal.outcome == "kicked" else "refused"))


def settle(reading: Reading) -> None:
    """End whatever deal is open, at a prompt where none can be."""
    if reading.deal is not None:
        _settle(reading, None)


def ask_quantity(reading: Reading, product: str, side: str, default: int) -> None:
    """Note that the port asks how many holds, and tell what it offers."""
    if reading.deal is None or reading.deal.product:
        reading.deal = Deal()
    deal = reading.deal
    deal.product, deal.side = product, "sell" if side == "sell" else "buy"
    reading.tell(ev.TradeOffered(product, deal.side, default, deal.upto, deal.onboard))


def ask_offer(reading: Reading, amount: int) -> None:
    """Note that the port asks for an offer; words it said before, if unknown, were a joke."""
    deal = reading.deal
    if deal is None:
        return
    if deal.phrase:
        reading.tell(ev.Haggled("joke", deal.phrase))
        deal.phrase = ""
    deal.bid = deal.asked = amount


def answer_offer(reading: Reading, text: str) -> None:
    """Note what was offered."""
    if reading.deal is not None and (found := re.fullmatch(NUM, text.strip())):
        reading.deal.bid = integer(found[1])


def list_shop(reading: Reading) -> None:
    """Tell the shop of class 0, at its question."""
    shop, reading.shop = reading.shop, {}
    if shop:
        none = (0, 0)
        holds, fighters, shields = (shop.get(letter, none) for letter in "ABC")
        reading.tell(ev.ClassZeroListed(*holds, *fighters, *shields))


def _there(reading: Reading, line: str) -> bool:
    if line.startswith("There is no port in this sector"):
        reading.tell(ev.NoPortHere())
        return True
    return False


def _i(reading: Reading, line: str) -> bool:
    if line.startswith("I have no information about a port in that sector"):
        reading.asked_sector = None
        reading.tell(ev.PortUnknown())
        return True
    return False


def read_you(reading: Reading, line: str) -> bool:
    """Read the sentences about trade that begin with `You`."""
    if line.startswith("You don't have anything they want, and they don't have anything"):
        reading.tell(ev.NothingToTrade())
        return True
    if found := re.match(r"You have been promoted to (.{1,40})!", line):
        reading.tell(ev.Promoted(found[1]))
        return True
    return read_credits(reading, line)


WORDS: Handlers = {
    "Commerce": _commerce,
    "Docking...": _docking,
    "We": _we,
    "For": _for,
    "There": _there,
    "I": _i,
    "A": _goods,
    "B": _goods,
    "C": _goods,
}
