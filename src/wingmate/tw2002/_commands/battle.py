"""Commands for fighters, mines and words."""

from __future__ import annotations

from attrs import field, frozen

from .. import events as ev
from .._manner import GLOBAL, Command, Manner, words

MAIN = ("command",)
HOSTILE = ("hostile-fighters",)


@frozen
class HandleFighters(Command):
    """Drop or take fighters; asks how many shall stay (`fighters-quantity`)."""

    manner = Manner(
        keys="f", at=MAIN, headers=("Drop/Take Fighters",), events=(ev.FightersCounted, ev.FightersRefused)
    )


@frozen
class HandleMines(Command):
    """Drop or take mines; asks which kind (`mine-type`)."""

    manner = Manner(keys="h", at=MAIN, prompts=("mine-type",), events=(ev.FightersRefused,))


@frozen
class ListFighters(Command):
    """List all deployed fighters."""

    manner = Manner(keys="g", at=MAIN, events=(ev.FightersListed,), repeatable=True)


@frozen
class ListMines(Command):
    """List all deployed mines; asks which kind (`mine-scan-type`)."""

    manner = Manner(
        keys="k", at=MAIN, headers=("Mine Scanning",), prompts=("mine-scan-type",), repeatable=True
    )


@frozen
class Attack(Command):
    """Attack what is here, or the fighters that bar the way; asks with how many."""

    manner = Manner(keys="a", at=(*MAIN, *HOSTILE), headers=("Attack",), events=(ev.NothingToAttack,))


@frozen
class Retreat(Command):
    """Flee from the fighters that bar the way, to where we came from."""

    manner = Manner(keys="r", at=HOSTILE, events=(ev.Retreated, ev.SectorDisplayed))


@frozen
class PayToll(Command):
    """Pay the toll that the fighters here ask for."""

    manner = Manner(keys="p", at=HOSTILE, events=(ev.TollPaid, ev.Prompted))


@frozen
class SayRadio(Command):
    """Speak on our radio channel: the whole line in one write."""

    manner = Manner(keys="'{text}\r", at=GLOBAL, events=(ev.MessageSent, ev.MessageRefused))
    text: str = field(validator=words)


@frozen
class SayFedComm(Command):
    """Speak to everybody who listens to the Federation's channel."""

    manner = Manner(keys="`{text}\r", at=GLOBAL, events=(ev.MessageSent, ev.MessageRefused))
    text: str = field(validator=words)


@frozen
class SayHail(Command):
    """Speak to one trader: name, comma, words."""

    manner = Manner(
        keys="={text}\r", at=GLOBAL, prompts=("do-you-mean",), events=(ev.MessageSent, ev.MessageRefused)
    )
    text: str = field(validator=words)
