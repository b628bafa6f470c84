"""What the sysop chooses before the big bang."""

from __future__ import annotations

from attrs import field as attr_field
from attrs import frozen, validators

_UNLIMITED = 65_520


def _between(low: int, high: int, default: int) -> int:
    number: int = attr_field(
        default=default, validator=[validators.instance_of(int), validators.ge(low), validators.le(high)]
    )
    return number


@frozen(kw_only=True)
class Settings:
    """The rules of one game; the defaults are those of a fresh game as seen on TWGS 2.20b.

    Unset counts (`ports`, `planets`, `ferrengi`) follow the number of sectors.
    """

    seed: int = 0
    sectors: int = _between(1_000, 20_000, 1_000)
    ports: int = _between(0, 8_000, 0)
    planets: int = _between(0, 4_000, 0)
    users: int = _between(1, 1_000, 200)
    nodes: int = _between(1, 10_000, 200)
    ferrengi: int = _between(-1, 500, -1)
    bubbles: bool = True
    max_course: int = _between(1, 1_000, 45)
    game_name: str = "My Game"
    licensee: str = "The wingmate universe"

    turn_base: int = _between(0, _UNLIMITED, 1_000)
    inactive_time: int = _between(0, 86_400, 300)
    closed_game: bool = False
    show_stardock: bool = True
    password_required: bool = True
    private_password: str = attr_field(default="", repr=False)
    allow_aliases: bool = True

    initial_fighters: int = _between(0, 2_500, 30)
    initial_credits: int = _between(0, 1_000_000_000, 1_000)
    initial_holds: int = _between(1, 75, 20)
    new_player_planets: bool = True

    max_bank_credits: int = _between(0, 2_000_000_000, 500_000)
    production_rate: int = _between(0, 100, 5)
    max_production_regen: int = _between(0, 100, 100)
    trade_percent: int = _between(0, 100, 60)
    days_til_deletion: int = _between(1, 365, 30)
    death_delay: bool = True
    deaths_per_day: int = _between(0, 100, 1)
    tax_percent: int = _between(0, 100, 5)

    latency_ms: int = _between(0, 10_000, 150)
    ship_delay_ms: int = _between(0, 10_000, 250)
    crime_delay_ms: int = _between(0, 10_000, 2_000)

    @property
    def unlimited_turns(self) -> bool:
        """Whether the turn base is the value that the sysop's manual calls unlimited."""
        return self.turn_base >= _UNLIMITED

    @property
    def max_ports(self) -> int:
        """How many ports the universe may hold: four for ten sectors, as in a default game."""
        return self.ports or self.sectors * 2 // 5

    @property
    def max_planets(self) -> int:
        """How many planets the universe may hold: one for five sectors, as in a default game."""
        return self.planets or self.sectors // 5

    @property
    def ferrengi_count(self) -> int:
        """How many Ferrengi roam the galaxy."""
        # Invented: one for 250 sectors, so that a crew meets some and lives.
        return self.sectors // 250 if self.ferrengi < 0 else self.ferrengi
