"""What a trader gains and spends: turns, experience, alignment; and the checks that verbs share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import news
from .calendar import stardate
from .refusal import Reason, Refusal
from .state import Place
from .tables import rank

if TYPE_CHECKING:
    from .state import Player, Presence, World

_DAY = 86_400.0
HOUR = 3_600.0


def need_on(world: World, me: Player) -> Presence:
    """Give the presence of a trader who plays. Raises NOT_ON, DEAD."""
    presence = world.present.get(me.number)
    if presence is None:
        raise Refusal(Reason.NOT_ON)
    if me.dead:
        raise Refusal(Reason.DEAD)
    return presence


def need_free(world: World, me: Player) -> Presence:
    """Give the presence of a trader whose way no fighters block. Raises NOT_ON, BLOCKED, NOT_DOCKED."""
    presence = need_on(world, me)
    if me.standoff:
        raise Refusal(Reason.BLOCKED)
    if presence.place is not Place.SPACE:
        raise Refusal(Reason.NOT_DOCKED)
    return presence


def refresh_turns(world: World, me: Player) -> int:
    """Give back what turns have come: all at a new stardate, pro rata during the day; say how many.

    That turns come back during the day was seen in play ("You recover 41 of your turns.").
    """
    base, before, today = world.settings.turn_base, me.turns, stardate(world.date)
    if me.day != today:
        me.day, me.turns_at, me.deaths_today = today, world.date, 0
        me.turns = max(base, me.turns)
    elif me.turns < base:
        earned = int(max(0.0, world.date - me.turns_at) * base / _DAY)
        if earned:
            me.turns_at = min(world.date, me.turns_at + earned * _DAY / base)
            me.turns = min(base, me.turns + earned)
    else:
        me.turns_at = world.date
    return me.turns - before


def spend_turns(me: Player, turns: int, world: World) -> None:
    """Take turns away, unless the game gives unlimited ones. Raises NO_TURNS."""
    if world.settings.unlimited_turns:
        return
    refresh_hourly(world, me)
    if me.turns < turns:
        raise Refusal(Reason.NO_TURNS)
    if turns:
        me.turns -= turns


def refresh_hourly(world: World, me: Player) -> None:
    """Hand out an hour's turns and tell about it, as live servers do once an hour."""
    if me.day == stardate(world.date) and world.date - me.turns_at < HOUR:
        return
    recovered = refresh_turns(world, me)
    if recovered > 0:
        news.tell(world, me.number, news.Recovered(recovered))


def gain(me: Player, *, experience: int = 0, alignment: int = 0) -> str:
    """Add points; give the new rank if that is a promotion, else nothing."""
    before = rank(me.experience, me.alignment)
    if alignment:
        me.alignment += alignment
    if experience:
        me.experience = max(0, me.experience + experience)
    after = rank(me.experience, me.alignment)
    return after if after != before and experience > 0 else ""
