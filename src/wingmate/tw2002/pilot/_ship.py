"""The ship as far as the screens told: kept by the pilot, read by the roles."""

from __future__ import annotations

from typing import Final

from attrs import define, field

from ..events import (
    Arrived,
    BankBalanceTold,
    CreditsTold,
    Deposited,
    FightersCounted,
    FightersPlaced,
    InfoShown,
    PodLaunched,
    Prompted,
    ScannerMissing,
    StatusShown,
    Traded,
    Transferred,
    TurnsDeducted,
    TurnsRecovered,
    TurnsTold,
    Withdrawn,
)

CARGO: Final = {"Fuel Ore": "ore", "Organics": "organics", "Equipment": "equipment"}


@define(eq=False)
class Ship:
    """Figures of the ship and its owner; those never told are None.

    `earned` is what trading brought since this pilot came aboard, `turns_used` what flying and
    docking cost; between two status lines both follow the screens.
    """

    sector: int | None = None
    turns: int | None = None
    credits: int | None = None
    bank: int | None = None
    fighters: int | None = None
    shields: int | None = None
    holds: int = 20
    cargo: dict[str, int] = field(factory=dict[str, int])
    experience: int = 0
    alignment: int = 0
    turns_per_warp: int = 3
    scanner: str | None = None
    name: str = ""
    podded: bool = False
    earned: int = 0
    turns_used: int = 0

    @property
    def empty(self) -> int:
        """How many holds have nothing in them."""
        return max(0, self.holds - sum(self.cargo.values()))

    @property
    def worth(self) -> int:
        """Money at hand and in the bank."""
        return (self.credits or 0) + (self.bank or 0)

    def notice(self, event: object) -> bool:
        """Take over what an event tells; say whether a figure worth reporting changed."""
        before = (self.sector, self.turns, self.credits, self.bank, self.fighters, self.holds)
        turns = self.turns
        self._place(event)
        self._money(event)
        self._status(event)
        if turns is not None and self.turns is not None and self.turns < turns:
            self.turns_used += turns - self.turns
        return before != (self.sector, self.turns, self.credits, self.bank, self.fighters, self.holds)

    def _place(self, event: object) -> None:
        match event:
            case Prompted(fields={"sector": int(sector)}) | Arrived(sector=sector):
                if self.turns is not None and self.sector not in {None, sector}:
                    self.turns = max(0, self.turns - self.turns_per_warp)
                self.sector = sector
            case TurnsDeducted(left=left) | TurnsTold(turns=left):
                self.turns = left
            case TurnsRecovered(turns=more) if self.turns is not None:
                self.turns += more
            case _:
                pass

    def _money(self, event: object) -> None:
        match event:
            case CreditsTold(credits=money):
                self.credits = money
            case Traded(product=product, side=side, quantity=units, credits=money):
                self.credits = money
                self.earned += event.price if side == "sell" else -event.price
                name = CARGO.get(product, product)
                held = self.cargo.get(name, 0) + (units if side == "buy" else -units)
                self.cargo[name] = max(0, held)
            case BankBalanceTold(balance=balance):
                self.bank = balance
            case Deposited(credits=sum_):
                self._move(sum_)
            case Withdrawn(credits=sum_):
                self._move(-sum_)
            case Transferred(credits=sum_, sender=sender) if self.bank is not None:
                self.bank += sum_ if sender else -sum_
            case _:
                pass

    def _move(self, to_bank: int) -> None:
        self.bank = (self.bank or 0) + to_bank
        if self.credits is not None:
            self.credits -= to_bank

    def _status(self, event: object) -> None:
        match event:
            case StatusShown():
                self.sector, self.turns, self.credits = event.sector, event.turns, event.credits
                self.fighters, self.shields, self.holds = event.fighters, event.shields, event.holds
                self.cargo = {
                    "ore": event.ore,
                    "organics": event.organics,
                    "equipment": event.equipment,
                    "colonists": event.colonists,
                }
                self.experience, self.alignment = event.experience, event.alignment
                self.scanner = event.scanner
            case InfoShown():
                self.name, self.turns_per_warp = event.name, event.turns_to_warp or self.turns_per_warp
                self.turns, self.credits, self.fighters = event.turns, event.credits, event.fighters
                self.holds = event.holds or self.holds
            case FightersCounted(aboard=aboard) | FightersPlaced(aboard=aboard):
                self.fighters = aboard
            case ScannerMissing():
                self.scanner = "None"
            case PodLaunched():
                self.podded, self.cargo = True, {}
            case _:
                pass
