"""What the parsers remember between lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from attrs import define, field

from .. import events as ev

MANY = 1000  # rows or lines any block may collect; a game never prints more before a pause


class Block(Protocol):
    """A screen of several lines that is being read."""

    def take(self, reading: Reading, line: str, /) -> bool:
        """Take one more line; False if it does not belong here."""
        ...

    def finish(self, reading: Reading, /) -> None:
        """Tell what was read."""
        ...


@define(eq=False)
class Deal:
    """One product at a port, from the question how many to the deal or the failure."""

    product: str = ""
    side: ev.Side = "buy"
    upto: int = 0
    onboard: int = 0
    units: int = 0
    asked: int | None = None  # the port's figure
    bid: int = 0
    phrase: str = ""  # words nobody knows, to be understood by what follows them
    experience: int = 0
    best: float | None = None
    outcome: str = ""  # "accepted", "refused", "kicked", "skipped"


@define(eq=False)
class Reading:
    """The state of one conversation as far as lines need it."""

    out: list[object] = field(factory=list[object])
    block: Block | None = None
    sector: int = 0  # where the ship is
    sectors: int = 0  # how many there are, once the settings told
    credits: int | None = None
    prompt: str = ""  # the last prompt
    sent: str = ""  # the last command's class, for dumps that print nothing else
    inside: bool = False  # in a game, past its start menu
    games: dict[str, str] = field(factory=dict[str, str])
    settings: dict[str, str] = field(factory=dict[str, str])
    moving: int | None = None  # where a warp leads that has begun; 0 for anywhere
    holo: list[int] | None = None  # the sectors of a holographic scan under way
    probing: bool = False
    asked_sector: int | None = None  # what was typed at the question for a port's sector
    aboard: int | None = None  # fighters told, with the limit still to come
    toll: int | None = None  # asked for by fighters met; 0 where the sum is not said
    lost: int = 0  # fighters lost in the round of a fight under way
    dock: bool = False  # on the StarDock
    deal: Deal | None = None
    shop: dict[str, tuple[int, int]] = field(factory=dict[str, tuple[int, int]])

    def tell(self, event: object) -> None:
        """Add an event."""
        self.out.append(event)

    def begin(self, block: Block) -> None:
        """Read the next lines as a block."""
        self.end()
        self.block = block

    def end(self) -> None:
        """End the block, if one is open."""
        block, self.block = self.block, None
        if block is not None:
            block.finish(self)


Handler: TypeAlias = Callable[[Reading, str], bool]
Handlers: TypeAlias = Mapping[str, Handler]
