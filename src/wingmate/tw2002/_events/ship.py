"""How the player and the ship are."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import Factory, frozen


@frozen(kw_only=True)
class StatusShown:
    """The quick status line, typed; `fields` has every field as printed."""

    sector: int = 0
    turns: int = 0
    credits: int = 0
    fighters: int = 0
    shields: int = 0
    holds: int = 0
    ore: int = 0
    organics: int = 0
    equipment: int = 0
    colonists: int = 0
    photons: int = 0
    armids: int = 0
    limpets: int = 0
    genesis: int = 0
    transwarp: int = 0
    cloaks: int = 0
    beacons: int = 0
    detonators: int = 0
    corbomite: int = 0
    probes: int = 0
    disruptors: int = 0
    psychic_probe: bool = False
    planet_scanner: bool = False
    scanner: str = "None"
    alignment: int = 0
    experience: int = 0
    corp: int | None = None
    ship_number: int = 0
    ship_type: str = ""
    fields: Mapping[str, str] = Factory(dict[str, str])

    @property
    def holds_empty(self) -> int:
        """How many holds have nothing in them."""
        return max(0, self.holds - self.ore - self.organics - self.equipment - self.colonists)


@frozen(kw_only=True)
class InfoShown:
    """The long status screen, typed; `fields` has every line as printed, label to value.

    `name` is the name without rank; `cargo` has `Fuel Ore`, `Organics`, `Equipment`, `Colonists`
    and `Empty` as far as the screen lists them.
    """

    title: str = ""
    name: str = ""
    rank: str = ""
    experience: int = 0
    alignment: int = 0
    alignment_word: str = ""
    corp: int | None = None
    corp_name: str = ""
    ship_name: str = ""
    ship_type: str = ""
    turns_to_warp: int = 0
    sector: int = 0
    turns: int = 0
    holds: int = 0
    cargo: Mapping[str, int] = Factory(dict[str, int])
    fighters: int = 0
    shields: int = 0
    armids: int = 0
    limpets: int = 0
    probes: int = 0
    scanner: str = ""
    credits: int = 0
    fields: Mapping[str, str] = Factory(dict[str, str])


@frozen
class TurnsTold:
    """How many turns are left for today."""

    turns: int


@frozen
class TurnsDeducted:
    """Something cost turns; `left` are left."""

    turns: int
    left: int


@frozen
class TurnsRecovered:
    """The day gave turns back."""

    turns: int


@frozen
class OutOfTurns:
    """There are no turns left, or not enough, for what was asked."""

    text: str


@frozen
class ExperienceGained:
    """Experience went up, or down where `points` is negative."""

    points: int


@frozen
class AlignmentChanged:
    """Alignment went up, or down where `points` is negative."""

    points: int


@frozen
class Promoted:
    """A new rank."""

    rank: str


@frozen
class LandedOnPlanet:
    """A planet was displayed: the ship is on its surface."""

    number: int
    sector: int
    name: str


@frozen
class NoPlanetHere:
    """There is nothing to land on."""


@frozen
class TookOff:
    """The ship left a planet."""

    planet: str
