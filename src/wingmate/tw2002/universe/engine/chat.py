"""Radio, comm-link, hails and mail. What somebody has switched off is not sent to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import news
from .growth import need_on
from .refusal import Reason, Refusal
from .roster import printable
from .state import Mail

if TYPE_CHECKING:
    from .state import Player, World

LONGEST = 155  # characters a line: the server's manual
MAX_CHANNEL = 60_000
_MAILBOX = 50  # Invented: letters kept; the oldest goes


def _check(world: World, me: Player, text: str) -> None:
    need_on(world, me)
    if len(text) > LONGEST:
        raise Refusal(Reason.TOO_LONG, amount=LONGEST)
    if not printable(text):
        raise Refusal(Reason.BAD_AMOUNT)


def radio(world: World, me: Player, text: str) -> int:
    """Say a line on one's sub-space channel; tell how many hear it. Raises TOO_LONG, BAD_CHANNEL."""
    _check(world, me, text)
    if me.channel < 0:
        raise Refusal(Reason.BAD_CHANNEL)
    heard = 0
    for number, presence in world.present.items():
        other = presence.player
        if number != me.number and other.channel == me.channel and not other.prefs.silence:
            heard += news.tell(world, number, news.Radio(me.name, me.channel, text))
    return heard


def fedcomm(world: World, me: Player, text: str) -> int:
    """Say a line on the Federation comm-link; tell how many hear it. Raises TOO_LONG."""
    _check(world, me, text)
    heard = 0
    for number, presence in world.present.items():
        prefs = presence.player.prefs
        if number != me.number and prefs.fedcomm and not prefs.silence:
            heard += news.tell(world, number, news.FedComm(me.name, text))
    return heard


def hail(world: World, me: Player, to: Player, text: str) -> bool:
    """Say a line to one trader; False when they are off line or take no hails. Raises TOO_LONG, SELF."""
    _check(world, me, text)
    if to.number == me.number:
        raise Refusal(Reason.SELF)
    if not to.prefs.hails or to.prefs.silence:
        return False
    return news.tell(world, to.number, news.Hail(me.name, text))


def mail(world: World, me: Player, to: Player, text: str) -> None:
    """Leave a line for a trader to read later. Raises TOO_LONG."""
    _check(world, me, text)
    to.mail = (*to.mail[-(_MAILBOX - 1) :], Mail(me.name, world.date, text))
    news.tell(world, to.number, news.NewMail(me.name))


def read_mail(me: Player) -> tuple[Mail, ...]:
    """Read what has come, oldest first; it stays until deleted."""
    return me.mail


def delete_mail(me: Player, count: int) -> None:
    """Delete the oldest letters: as many as were read, so that one that came meanwhile stays."""
    if count > 0:
        me.mail = me.mail[count:]


def tune(world: World, me: Player, channel: int) -> None:
    """Choose a sub-space channel, 0 to 60000, or -1 for none (seen on TWGS 2.20b). Raises BAD_CHANNEL."""
    need_on(world, me)
    if not -1 <= channel <= MAX_CHANNEL:
        raise Refusal(Reason.BAD_CHANNEL, amount=MAX_CHANNEL)
    me.channel = channel
