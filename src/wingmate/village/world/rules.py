"""The door to a world: players come and go, order deeds, and time passes."""

from __future__ import annotations

import re
from heapq import heappop
from typing import cast

from .._spot import Spot
from ..commands import Command, Go, Say, Stop
from .deeds import RULES
from .plants import grow_grass, grow_tree
from .questions import QUESTIONS
from .settings import Settings
from .state import DAYLIGHT, Denial, Notice, Player, Task, World
from .tables import CHAT_LENGTH, FULL_FOOD, NAME_LENGTH, STEP
from .walking import find_way

NAME = re.compile(rf"[A-Za-z0-9_]{{1,{NAME_LENGTH}}}")
DETOURS = 5  # ways looked for during one walk
FORBIDDEN = "\u00a7"  # begins a colour code in the game this one takes after, whose servers refuse it


def create(settings: Settings) -> World:
    """Make a world as it was before anybody came."""
    world = World(settings)
    if settings.hazard:
        world.later(settings.day * DAYLIGHT, "night", None)
    return world


def join(world: World, name: str, date: float) -> Spot:
    """Let a player in, where it left or else at the spawn; everybody hears of it. Raises `Denial`."""
    run(world, date)
    if not NAME.fullmatch(name):
        raise Denial("illegal", f"a name has 1 to {NAME_LENGTH} letters, digits or underscores")
    known = world.players.get(name)
    if known is not None and known.here:
        raise Denial("taken", f"{name} is in the world already", retry_after=5.0)
    if len(world.present()) >= world.settings.seats:
        raise Denial("full", "the world is full", retry_after=10.0)
    if known is None:
        if len(world.players) >= world.settings.known:
            raise Denial("full", "the world knows too many names")
        known = world.players[name] = Player(name, world.spawn)
    known.here = True
    if not world.standable(known.spot):
        known.spot = world.spawn
    if world.settings.hunger:
        world.later(world.settings.hunger, "hunger", name)
    world.tell_all(f"* join {name}")
    return known.spot


def leave(world: World, name: str, date: float) -> None:
    """Let a player out; what it was doing ends, what it carries stays with it."""
    run(world, date)
    player = world.players[name]
    player.here, player.task = False, None
    world.agenda[:] = [entry for entry in world.agenda if entry[2:] != ("hunger", name)]
    world.agenda.sort()
    world.tell_all(f"* left {name}")


def order(world: World, name: str, number: int, deed: Command, date: float) -> None:
    """Let a player do something; its answer is among the notices, now or when it is done."""
    run(world, date)
    player = world.players[name]
    try:
        _begin(world, player, number, deed)
    except Denial as no:
        _deny(world, name, number, no)


def run(world: World, date: float) -> None:
    """Let time pass until a date, and do what falls due, in order."""
    while world.agenda and world.agenda[0][0] <= date:
        world.date, _, kind, subject = heappop(world.agenda)
        _HAPPENINGS[kind](world, subject)
    world.date = max(world.date, date)


def next_due(world: World) -> float | None:
    """Give the date of the next thing on the agenda."""
    return world.agenda[0][0] if world.agenda else None


def take_notices(world: World) -> list[Notice]:
    """Give what the players are to be told, in order, and forget it."""
    notices, world.notices = world.notices, []
    return notices


def kill(world: World, name: str, cause: str) -> None:
    """Let a player die: what it carries is lost, and it appears at the spawn."""
    player = world.players[name]
    player.items, player.food, player.deaths = {}, FULL_FOOD, player.deaths + 1
    if player.task is not None:
        _deny(world, name, player.task.number, Denial("dead", "you died"))
        player.task = None
    player.spot = world.spawn
    world.tell_all(f"* died {name} {cause}")
    world.tell(name, f"* spawn {player.spot}")


def _deny(world: World, name: str, number: int, no: Denial) -> None:
    wait = "" if no.retry_after is None else f" after {no.retry_after:.1f}"
    world.tell(name, f"{number} no {no.code}{wait} {no.reason}")


def _answer(world: World, name: str, number: int, text: str) -> None:
    world.tell(name, f"{number} ok {text}".rstrip())


# --- deeds ------------------------------------------------------------------------------------------


def _begin(world: World, player: Player, number: int, deed: Command) -> None:
    kind = type(deed)
    if question := QUESTIONS.get(kind):
        _answer(world, player.name, number, question(world, player, deed))
    elif isinstance(deed, Say):
        _say(world, player, number, deed.text)
    elif isinstance(deed, Stop):
        _stop(world, player, number)
    elif player.task is not None:
        raise Denial("busy", "you are busy")
    elif isinstance(deed, Go):
        _set_out(world, player, number, deed)
    elif rule := RULES.get(kind):
        seconds = rule.check(world, player, deed)
        player.task = _task(world, number, deed)
        world.later(seconds, "deed", (player.name, player.task.serial))
    else:
        raise Denial("illegal", f"{kind.verb} is not possible here")


def _task(world: World, number: int, deed: Command) -> Task:
    world.serial += 1
    return Task(number, deed, world.serial)


def _stop(world: World, player: Player, number: int) -> None:
    if player.task is not None:
        _deny(world, player.name, player.task.number, Denial("stopped", "you stopped"))
        player.task = None
    _answer(world, player.name, number, str(player.spot))


def _say(world: World, player: Player, number: int, text: str) -> None:
    if len(text) > CHAT_LENGTH:
        raise Denial("illegal", f"a line has up to {CHAT_LENGTH} characters, not {len(text)}")
    if FORBIDDEN in text or not text.isprintable() or not text.strip():
        raise Denial("illegal", "a line has printable characters only")
    every = world.settings.chat_every
    player.spam = max(0.0, player.spam - (world.date - player.spam_at) / every)
    player.spam_at = world.date
    if not player.spam:
        player.scolded = 0
    if player.spam + 1 > world.settings.chat_burst:
        player.scolded += 1
        wait = (player.spam + 1 - world.settings.chat_burst) * every
        if player.scolded > world.settings.patience:
            world.tell(player.name, "* kicked spam")
        raise Denial("fast", "you talk too fast", retry_after=wait)
    player.spam += 1
    world.tell_all(f"* chat {player.name} {text}")
    _answer(world, player.name, number, "")


def _set_out(world: World, player: Player, number: int, deed: Go) -> None:
    if not 0 <= deed.near <= 32:
        raise Denial("illegal", "near is 0 to 32 blocks")
    way = find_way(world, player.spot, deed.spot, deed.near)
    if not way:
        _answer(world, player.name, number, str(player.spot))
        return
    player.task = _task(world, number, deed)
    player.task.path = way
    world.later(STEP, "step", (player.name, player.task.serial))


def _current(world: World, subject: object) -> tuple[Player, Task] | None:
    """Give the player and the task that an entry of the agenda is about, unless it is over."""
    name, serial = cast("tuple[str, int]", subject)
    player = world.players[name]
    if player.task is None or player.task.serial != serial:
        return None
    return player, player.task


def _step(world: World, subject: object) -> None:
    current = _current(world, subject)
    if current is None:
        return
    player, task = current
    after = task.path[0]
    if world.standable(after) and abs(after.y - player.spot.y) <= 3:
        player.spot = after
        task.path.popleft()
    elif not _detour(world, player, task):
        return
    if task.path:
        world.later(STEP, "step", subject)
    else:
        player.task = None
        _answer(world, player.name, task.number, str(player.spot))


def _detour(world: World, player: Player, task: Task) -> bool:
    """Find another way after something was built in this one; say whether there is one."""
    assert isinstance(task.deed, Go)
    task.detours += 1
    denial = Denial("way", "the way is blocked again and again")
    if task.detours <= DETOURS:
        try:
            task.path = find_way(world, player.spot, task.deed.spot, task.deed.near)
        except Denial as no:
            denial = no
        else:
            return True
    player.task = None
    _deny(world, player.name, task.number, denial)
    return False


def _finish(world: World, subject: object) -> None:
    current = _current(world, subject)
    if current is None:
        return
    player, task = current
    player.task = None
    rule = RULES[type(task.deed)]
    try:
        rule.check(world, player, task.deed)
    except Denial as no:
        _deny(world, player.name, task.number, no)
    else:
        _answer(world, player.name, task.number, rule.finish(world, player, task.deed))


# --- what happens by itself -------------------------------------------------------------------------


def _hunger(world: World, subject: object) -> None:
    player = world.players[str(subject)]
    player.food -= 1
    if player.food <= 0:
        kill(world, player.name, "of hunger")
    world.later(world.settings.hunger, "hunger", subject)


def _night(world: World, _subject: object) -> None:
    """Decide at nightfall who will not see the morning."""
    length = world.settings.day * (1 - DAYLIGHT)
    for player in world.present():
        if world.dice.random() < world.settings.hazard:
            world.later(length * world.dice.random(), "monster", player.name)
    world.later(world.settings.day, "night", None)


def _monster(world: World, subject: object) -> None:
    if world.players[str(subject)].here:
        kill(world, str(subject), "in the dark")


def _tree(world: World, subject: object) -> None:
    assert isinstance(subject, Spot)
    grow_tree(world, subject)


def _grass(world: World, subject: object) -> None:
    assert isinstance(subject, Spot)
    grow_grass(world, subject)


_HAPPENINGS = {
    "deed": _finish,
    "step": _step,
    "hunger": _hunger,
    "night": _night,
    "monster": _monster,
    "tree": _tree,
    "grass": _grass,
}
