"""Commands for fighters, mines and words."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from .. import events as ev
from .._manner import GLOBAL, Manner, words

MAIN = ("command",)
HOSTILE = ("hostile-fighters",)


@frozen
class HandleFighters:
    """Drop or take fighters; asks how many shall stay (`fighters-quantity`)."""

    manner: ClassVar = Manner(
        keys="f", at=MAIN, headers=("Drop/Take Fighters",), events=(ev.FightersCounted, ev.FightersRefused)
    )


@frozen
class HandleMines:
    """Drop or take mines; asks which kind (`mine-type`)."""

    manner: ClassVar = Manner(keys="h", at=MAIN, prompts=("mine-type",), events=(ev.FightersRefused,))


@frozen
class ListFighters:
    """List all deployed fighters."""

    manner: ClassVar = Manner(keys="g", at=MAIN, events=(ev.FightersListed,), repeatable=True)


@frozen
class ListMines:
    """List all deployed mines; asks which kind (`mine-scan-type`)."""

    manner: ClassVar = Manner(
        keys="k", at=MAIN, headers=("Mine Scanning",), prompts=("mine-scan-type",), repeatable=True
    )


@frozen
class Attack:
    """Attack what is here, or the fighters that bar the way; asks with how many."""

    manner: ClassVar = Manner(
        keys="a", at=(*MAIN, *HOSTILE), headers=("Attack",), prompts=("attack-fighters", "attack-target")
    )


@frozen
class Retreat:
    """Flee from the fighters that bar the way, to where we came from."""

    manner: ClassVar = Manner(keys="r", at=HOSTILE, events=(ev.Retreated, ev.SectorDisplayed))


@frozen
class PayToll:
    """Pay the toll that the fighters here ask for."""

    manner: ClassVar = Manner(keys="p", at=HOSTILE, events=(ev.Prompted,))


@frozen
class SayRadio:
    """Speak on our radio channel: the whole line in one write."""

    manner: ClassVar = Manner(keys="'{text}\r", at=GLOBAL, events=(ev.MessageSent, ev.MessageRefused))
    text: str = field(validator=words)


@frozen
class SayFedComm:
    """Speak to everybody who listens to the Federation's channel."""

    manner: ClassVar = Manner(keys="`{text}\r", at=GLOBAL, events=(ev.MessageSent, ev.MessageRefused))
    text: str = field(validator=words)


@frozen
class SayHail:
    """Speak to one trader: name, comma, words."""

    manner: ClassVar = Manner(
        keys="={text}\r", at=GLOBAL, prompts=("do-you-mean",), events=(ev.MessageSent, ev.MessageRefused)
    )
    text: str = field(validator=words)
