"""Who plays: characters, passwords, coming and going, death and return."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from . import combat, news
from .calendar import stardate
from .galaxy import distances
from .growth import gain, need_on, refresh_turns
from .losses import new_ship
from .refusal import Reason, Refusal
from .state import Planet, Player, Presence
from .tables import CRUISER, HULLS

if TYPE_CHECKING:
    from .state import World

MAX_NAME = 30  # as long as the ship name's prompt allows; Invented: the same for traders
MAX_PLANET = 39  # the ruler above the planet's name has so many dashes (seen)
_LONGEST_PASSWORD = 64  # Invented: hashing must not become a way to keep the server busy.

# Parts of names that could be mistaken for the game's own messages: the server's revision notes.
_SPOOFS = ("EPLOYED FI", "EPORT SECT", "INE IN", "INES IN", "NACTIVITY", "F GALILE", "R GALILE", "P GALILE")


@frozen(kw_only=True)
class Entry:
    """What a trader is told at login.

    `daily` is "today", "yesterday" or empty; `restart` says that the ship is lost and a new one
    wants a name (`restart`).
    """

    recovered: int = 0
    tax: int = 0
    tax_alignment: int = 0
    daily: str = ""
    experience: int = 0
    alignment: int = 0
    promoted: str = ""
    mail: int = 0
    avoids: int = 0
    restart: bool = False


def find(world: World, login: str) -> Player | None:
    """Find the character that plays under a login name."""
    wanted = login.strip().casefold()
    return next((player for player in world.players.values() if player.login.casefold() == wanted), None)


def search(world: World, text: str) -> list[Player]:
    """Find traders by full or partial name: the exact one alone, else beginnings, else anywhere."""
    wanted = text.strip().casefold()
    if not wanted:
        return []
    names = [(player.name.casefold(), player) for player in world.players.values()]
    return (
        [player for name, player in names if name == wanted]
        or [player for name, player in names if name.startswith(wanted)]
        or [player for name, player in names if wanted in name]
    )


def printable(text: str) -> bool:
    """Whether a text is only what clients can show, space to `}`."""
    return all(" " <= letter <= "}" for letter in text)


def _spoofs(world: World, name: str) -> bool:
    upper = name.upper()
    if any(part in upper for part in _SPOOFS):
        return True
    heads = {player.name[:6].upper() for player in world.players.values()}
    return any(f"{kind} {head}" in upper for kind in "FRP" for head in heads)


def check_name(world: World, name: str) -> None:
    """Check a new trader's name. Raises BAD_NAME, NAME_TAKEN."""
    if name != name.strip() or not 1 <= len(name) <= MAX_NAME or not printable(name) or _spoofs(world, name):
        raise Refusal(Reason.BAD_NAME)
    wanted = name.casefold()
    if any(wanted == player.name.casefold() for player in world.players.values()):
        raise Refusal(Reason.NAME_TAKEN)


def check_room(world: World) -> None:
    """Check that one more trader may join. Raises CLOSED_GAME, GAME_FULL."""
    if world.settings.closed_game:
        raise Refusal(Reason.CLOSED_GAME)
    if len(world.players) >= world.settings.users:
        raise Refusal(Reason.GAME_FULL)


def _hash(password: str, salt: str) -> str:
    secret = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(secret, salt=bytes.fromhex(salt), n=2**10, r=8, p=1, dklen=32).hex()


def _check_password(password: str) -> None:
    if not 1 <= len(password) <= _LONGEST_PASSWORD:
        raise Refusal(Reason.BAD_PASSWORD)


def authenticate(player: Player, password: str) -> bool:
    """Say whether this is the trader's password."""
    if len(password) > _LONGEST_PASSWORD:
        return False
    return hmac.compare_digest(_hash(password, player.salt), player.password)


def set_password(world: World, me: Player, password: str) -> None:
    """Give a trader another password. Raises BAD_PASSWORD."""
    _check_password(password)
    # A salt need only differ from player to player, so the world's own dice may make it.
    me.salt = world.dice.randbytes(16).hex()
    me.password = _hash(password, me.salt)


def create(
    world: World,
    *,
    login: str,
    password: str,
    name: str,
    ship_name: str,
    planet_name: str | None = None,
) -> Player:
    """Make a new trader, who is not on line yet.

    With a planet name the trader starts at a new home planet somewhere near the Federation, else in
    sector 1. Raises CLOSED_GAME, GAME_FULL, BAD_NAME, NAME_TAKEN, BAD_PASSWORD.
    """
    check_room(world)
    check_name(world, name)
    _check_password(password)
    if not login.strip() or find(world, login) is not None:
        raise Refusal(Reason.NAME_TAKEN)
    me = _new_player(world, login.strip(), name, _home_sector(world) if planet_name is not None else 1)
    ship = new_ship(world, me.number, CRUISER, clean_name(ship_name), me.sector)
    ship.holds = max(HULLS[CRUISER].holds[0], world.settings.initial_holds)
    ship.fighters = world.settings.initial_fighters
    me.ship = ship.number
    set_password(world, me, password)
    world.players[me.number] = me
    if planet_name is not None:
        _settle_planet(world, me, planet_name)
    world.note(f"{name} joined the game.")
    return me


def _new_player(world: World, login: str, name: str, sector: int) -> Player:
    number = world.chronicle.next_player
    world.chronicle.next_player += 1
    return Player(
        number=number,
        login=login,
        name=name,
        salt="",
        password="",
        born=world.date,
        sector=sector,
        ship=0,
        credits=world.settings.initial_credits,
        turns=world.settings.turn_base,
        turns_at=world.date,
        day=stardate(world.date),
        explored=1 << sector,
    )


def clean_name(text: str, longest: int = MAX_NAME) -> str:
    """Cut the name of a ship or planet to what can be shown."""
    return "".join(letter for letter in text if " " <= letter <= "}")[:longest].strip()


def _home_sector(world: World) -> int:
    # Invented: two to six hops from Sol, nothing and nobody there, so that newcomers find each other.
    hops = distances(world.galaxy.warps, 1)
    used = {planet.sector for planet in world.planets.values()} | set(world.forces) | set(world.galaxy.ports)
    used |= world.galaxy.fedspace
    free = [sector for sector in range(11, world.galaxy.sectors + 1) if sector not in used]
    near = [sector for sector in free if 2 <= hops[sector] <= 6]
    return world.dice.choice(near or free or [1])


def _settle_planet(world: World, me: Player, name: str) -> None:
    number = world.chronicle.next_planet
    world.chronicle.next_planet += 1
    # Class O, Oceanic: what live servers give to newcomers.
    world.planets[number] = Planet(
        number=number,
        sector=me.sector,
        name=clean_name(name, MAX_PLANET),
        letter="O",
        owner=me.number,
        born=world.date,
    )


def enter(world: World, me: Player) -> Entry:
    """Bring a trader on line. Raises ALREADY_ON; DEAD (amount: seconds to wait)."""
    if me.number in world.present:
        raise Refusal(Reason.ALREADY_ON)
    if me.dead and world.date < me.dead_until:
        wait = me.dead_until - world.date
        raise Refusal(Reason.DEAD, amount=int(wait) + 1, retry_after=wait)
    before = stardate(me.last_on) if me.last_on else 0
    today = stardate(world.date)
    recovered = refresh_turns(world, me)
    tax, virtue = _tax(world, me) if me.last_on and before != today else (0, 0)
    # One point of each for a day's turns was seen at a login on the following day.
    point = 1 if me.last_on and before == today - 1 else 0
    promoted = gain(me, experience=point, alignment=point)
    world.present[me.number] = Presence(me, world.date)
    me.last_on = world.date
    news.tell_all(world, news.Entered(me.name), but=me.number)
    return Entry(
        recovered=recovered,
        tax=tax,
        tax_alignment=virtue,
        daily={0: "today", 1: "yesterday"}.get(today - before, "") if before else "",
        experience=point,
        alignment=point,
        promoted=promoted,
        mail=len(me.mail),
        avoids=me.avoids.bit_count(),
        restart=me.dead,
    )


def _tax(world: World, me: Player) -> tuple[int, int]:
    """Tax the rich: 5 % of cash, and a point of alignment for each 1,500 (seen on TWGS 2.20b)."""
    # Invented: from when on one is rich; somebody with five million was seen to pay.
    if me.credits < 1_000_000 or not world.settings.tax_percent:
        return 0, 0
    tax = me.credits * world.settings.tax_percent // 100
    virtue = tax // 1_500
    me.credits -= tax
    gain(me, alignment=virtue)
    return tax, virtue


def restart(world: World, me: Player, ship_name: str) -> None:
    """Give a trader back from death a name for the new ship, and life. Raises NO_HEIR if not dead."""
    if not me.dead:
        raise Refusal(Reason.NO_HEIR)
    world.ship_of(me).name = clean_name(ship_name)
    me.dead = False
    me.explore(me.sector)


def leave(world: World, me: Player) -> None:
    """Take a trader off line, wherever they are; who stands before hostile fighters flees first."""
    if me.number not in world.present:
        return
    if me.standoff and not me.dead:
        # A lost carrier makes the ship flee: the server's revision notes.
        combat.retreat(world, me)
        me.standoff = False
    me.last_on = world.date
    del world.present[me.number]
    news.tell_all(world, news.Exited(me.name))


def present(world: World) -> list[Player]:
    """List who is on line, by number."""
    return [world.present[number].player for number in sorted(world.present)]


def prefer(world: World, me: Player, **changes: bool) -> None:
    """Change personal settings, by the names of `Prefs`. Raises NOT_ON."""
    need_on(world, me)
    me.prefs = evolve(me.prefs, **changes)
