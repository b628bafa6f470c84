"""The game in figures: the settings dump, the status screen, the rankings."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve, frozen

from .calendar import ship_time, stardate
from .tables import CLASS_ZERO

if TYPE_CHECKING:
    from .settings import Settings
    from .state import Player, World

Rows: TypeAlias = tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class Status:
    """The counts at the end of the game's status screen."""

    active_players: int
    percent_good: int
    ports: int
    port_value: int
    planets: int
    citadel_percent: int
    fighters: int
    mines: int
    corporations: int
    ships: int
    ferrengi: int
    age_days: int


def status(world: World) -> Status:
    """Count what is in the game."""
    everybody = list(world.players.values())
    good = sum(player.alignment >= 0 for player in everybody)
    trading = [port for port in world.galaxy.ports.values() if port.kind != CLASS_ZERO]
    flying = sum(ship.fighters for ship in world.ships.values())
    left = sum(force.fighters for force in world.forces.values())
    return Status(
        active_players=len(everybody),
        percent_good=100 * good // len(everybody) if everybody else 100,
        ports=len(trading),
        # Invented: what a port is worth; 381 ports with a value of 26,004 were seen.
        port_value=sum(sum(port.productivity) for port in trading) * 26_004 // (381 * 585),
        planets=len(world.planets),
        citadel_percent=0,
        fighters=flying + left,
        mines=sum(ship.armid + ship.limpets for ship in world.ships.values()),
        corporations=0,
        ships=len(world.ships),
        ferrengi=len(world.aliens),
        age_days=stardate(world.date) - stardate(world.chronicle.born),
    )


def rankings(world: World) -> list[Player]:
    """List the traders by experience, the best first."""
    return sorted(world.players.values(), key=lambda player: (-player.experience, player.number))


def _short_day(date: float) -> str:
    return f"{ship_time(date):%m/%d/%y}"


def _rows(text: str, **known: object) -> Rows:
    """Read `Key=Value; Key=Value`, with `{names}` filled in."""
    pairs = (pair.split("=", 1) for pair in " ".join(text.split()).format(**known).split("; "))
    return tuple((key, value) for key, value in pairs)


def _general(world: World) -> Rows:
    rules = world.settings
    return _rows(
        """Start Day={born}; Game Age={age} Days; Last Extern Day={today}; Internal Aliens=False;
        Internal Ferrengi={ferrengi}; Closed Game={closed}; Show Stardock={dock}; Turn Base={turns} Turns;
        Time Online=Unlimited; Inactive Time={idle} Sec; Last Bust Clear Day={born}""",
        born=_short_day(world.chronicle.born),
        age=stardate(world.date) - stardate(world.chronicle.born),
        today=_short_day(world.date),
        ferrengi=rules.ferrengi_count > 0,
        closed=rules.closed_game,
        dock=rules.show_stardock,
        turns=rules.turn_base,
        idle=rules.inactive_time,
    )


def _settings(rules: Settings) -> Rows:
    return _rows(
        """Days Til Deletion={rules.days_til_deletion} Days; Colonist Regen Rate=1500; Max Planet Sector=5;
        Max Corp Members=5; FedSpace Ship Limit=5; Photon Missile Duration=20 Sec; FedSpace Photons=False;
        Photons Disable Players=True; Cloak Fail Percent=3%; Debris Loss Percent=3%;
        Trade Percent={rules.trade_percent}%; Steal Buy=True; Production Rate={rules.production_rate};
        Max Production Regen={rules.max_production_regen}; Multiple Photons=False; Clear Bust Days=7 Days;
        Steal Factor=100%; Rob Factor=100%; Port Production Max=65530; Radiation Lifetime=14 Days;
        Fighter Lock Decay=1440 Min; Invincible Ferengal=False; MBBS Combat=False;
        Death Delay={rules.death_delay};
        Deaths Per Day={rules.deaths_per_day}; Startup Asset Dropoff=No dropoff; Show Whos Online=True;
        Interactive Sub-prompts=False; Allow Aliases={rules.allow_aliases};
        Alien Sleep Mode=Active; Allow MBBS MegaRob Bug=N/A; Max Terra Colonists=100000;
        Minimum Login Time=None; Turn Accumulation Days=1; Podless Captures=Always; Capture Fail Percent=0%;
        Max Bank Credits={rules.max_bank_credits:,} cr""",
        rules=rules,
    )


_REPORTS = """High Score Mode=On demand; High Score Type=Values; Rankings Mode=On demand;
Rankings Type=Values + Titles; Entry Log Blackout=None; Game Log Blackout=None; Port Report Delay=No Delay"""
_COSTS = """Tavern Announcement=100 cr; Limpet Removal=5,000 cr; Reregister Ship=5,000 cr;
Citadel Transport Unit=50,000 cr; Citadel Transport Upgrade=25,000 cr; Genesis Torpedo=20,000 cr;
Armid Mine=1,000 cr; Limpet Mine=10,000 cr; Beacon=100 cr; Type I TWarp=50,000 cr; Type II TWarp=80,000 cr;
TWarp Upgrade=10,000 cr; Psychic Probe=10,000 cr; Planet Scanner=30,000 cr; Atomic Detonator=15,000 cr;
Corbomite=1,000 cr; Ether Probe=3,000 cr; Photon Missile=40,000 cr; Cloaking Device=25,000 cr;
Mine Disruptor=6,000 cr; Holographic Scanner=25,000 cr; Density Scanner=2,000 cr"""
_NO_DELAYS = """Planet Delay; Other Attacks Delay; EProbe Delay|Photon Launch Delay; Photon Wave Delay;
Genesis Launch Delay; IC Powerup Delay; PIG Powerup Delay; Planet Landing/Takeoff Delay;
Port Dock/Depart Delay; Ship Transporter Delay; Planet Transporter Delay; Take/Drop Fighters Delay;
Drop/Take Mines Delay"""


def _delay(milliseconds: int) -> str:
    if not milliseconds:
        return "None"
    whole = milliseconds % 1_000 == 0
    return f"Constant ({milliseconds // 1_000} s)" if whole else f"Constant ({milliseconds} ms)"


def _timing(rules: Settings) -> Rows:
    before, after = (
        tuple((name, "None") for name in " ".join(part.split()).split("; ")) for part in _NO_DELAYS.split("|")
    )
    ship, crime = ("Ship Delay", _delay(rules.ship_delay_ms)), ("Crime Delay", _delay(rules.crime_delay_ms))
    return (ship, *before, crime, *after)


def _universe(rules: Settings) -> Rows:
    return _rows(
        """Sectors={rules.sectors}; Users={rules.users}; Aliens={aliens}; Ships={ships};
        Ports={rules.max_ports}; Planets={rules.max_planets}; Max Course Length={rules.max_course}""",
        rules=rules,
        aliens=rules.ferrengi_count,
        ships=4 * rules.users,
    )


def _dynamic(world: World) -> Rows:
    now, clock = status(world), ship_time(world.date)
    return _rows(
        """Local Game Time={day} {hour}:{minute}; Active Players={now.active_players};
        Percent Players Good={now.percent_good}; Active Aliens=0; Percent Aliens Good=N/A;
        Active Ports={now.ports}; Port Value={now.port_value}; Active Planets={now.planets};
        Percent Planet Citadels={now.citadel_percent}; Active Ships={now.ships}; Active Corps=0;
        Active Figs={now.fighters}; Active Mines={now.mines}""",
        now=now,
        day=f"{clock:%m/%d/%y}",
        hour=(clock.hour + 11) % 12 + 1,
        minute=f"{clock:%M:%S %p}",
    )


def _without_delays(rules: Settings) -> Settings:
    return evolve(rules, latency_ms=0, ship_delay_ms=0, crime_delay_ms=0)


def dump(world: World, *, paced: bool = True) -> tuple[tuple[str, Rows], ...]:
    """Give the sections of the settings dump, in the order seen on TWGS 2.20b; not *paced* has no delays."""
    rules = world.settings if paced else _without_delays(world.settings)
    return (
        ("Version", _rows("Major Version=3; Minor Version=34; Revision=b")),
        ("Access Schedule", _rows("Range 1=All day: Multiplayer Access")),
        (
            "Bigbang Settings",
            _rows("Gold Enabled=True; MBBS Compatibility=False; Bubbles={bubbles}", bubbles=rules.bubbles),
        ),
        ("General Info", _general(world)),
        (
            "Startup",
            _rows(
                """Initial Fighters={rules.initial_fighters}; Initial Credits={rules.initial_credits};
                Initial Holds={rules.initial_holds}; New Player Planets={rules.new_player_planets}""",
                rules=rules,
            ),
        ),
        ("Settings", _settings(rules)),
        ("Reports", _rows(_REPORTS)),
        (
            "Emulation",
            _rows(
                "Input Bandwidth=1 Mps Broadband; Output Bandwidth=1 Mps Broadband; Latency={ms} ms",
                ms=rules.latency_ms,
            ),
        ),
        ("Timing", _timing(rules)),
        ("Costs", _rows(_COSTS)),
        ("Universe", _universe(rules)),
        (
            "Tournament",
            _rows("Tournament Mode=0; Days To Enter=0 Days; Lockout Mode=None; Max Times Blown Up=N/A"),
        ),
        ("Dynamic", _dynamic(world)),
    )
