"""Fighters, mines and what they do."""

from __future__ import annotations

from typing import Literal

from attrs import frozen


@frozen
class FightersCounted:
    """How many fighters are aboard; the question how many to leave follows."""

    aboard: int
    limit: int = 0


@frozen
class FightersPlaced:
    """Fighters were dropped or taken; that many are aboard now."""

    aboard: int


@frozen
class FightersRefused:
    """The fighters stayed where they were."""

    text: str


@frozen
class DeployedFighters:
    """One row of the list of deployed fighters; `count` may be rounded in large fleets."""

    sector: int
    count: int
    owner: str
    mode: str


@frozen
class FightersListed:
    """All our deployed fighters."""

    rows: tuple[DeployedFighters, ...]
    total: int = 0


@frozen
class MinesPlaced:
    """Mines were dropped or taken; that many of the kind are aboard now."""

    kind: str
    aboard: int


@frozen
class DeployedMines:
    """One row of the list of deployed mines."""

    sector: int
    count: int
    owner: str


@frozen
class MinesListed:
    """All our deployed mines of one kind."""

    kind: str
    rows: tuple[DeployedMines, ...]
    total: int = 0


@frozen
class FightersMet:
    """Somebody's fighters bar the way; the question what to do follows.

    `toll` when money would do, and `price` how much where it is said.
    """

    ours: int
    theirs: int
    toll: bool = False
    price: int = 0


@frozen
class TollPaid:
    """The fighters let us pass."""

    credits: int


@frozen
class NothingToAttack:
    """Nobody is here to fight."""


@frozen
class FightersFought:
    """An attack on fighters ended a round: what we lost, what they lost."""

    lost: int
    destroyed: int


@frozen
class SectorCleared:
    """All hostile fighters here are destroyed."""


@frozen
class Retreated:
    """The ship fled, or tried and was held when `held`."""

    held: bool
    text: str


@frozen
class DamageTaken:
    """The ship was hit; `points` battle points, `fighters` and `shields` as far as they were told."""

    points: int = 0
    fighters: int = 0
    shields: int = 0


@frozen
class MinesDetonated:
    """Mines went off near us."""

    count: int


@frozen
class LimpetAttached:
    """A limpet mine clings to the hull and tells its owner where we are."""


@frozen
class HazardMet:
    """Debris in the sector: it hit us, or was avoided."""

    hit: bool


@frozen
class ShipDestroyed:
    """A ship was destroyed; ours if `ours`."""

    ship: str
    ours: bool = True


@frozen
class PodLaunched:
    """We are in an escape pod."""


@frozen
class PlayerDied:
    """No pod was left: the player starts over."""

    text: str


@frozen
class PhotonHit:
    """A photon wave: the ship is disabled while it lasts, or it ended."""

    ended: bool
    sector: int | None = None


@frozen
class Attacked:
    """Somebody attacks somebody, or is about to; `target` is empty when not told."""

    attacker: str
    target: str
    how: Literal["power-up", "fighters", "hit"]
    text: str = ""
