"""The way back to the command prompt from anywhere, without buying, selling or deciding anything.

A role that takes over in the middle of something (an offer, a shop, a computer menu) starts here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ...errors import Disconnected, GarbledReply
from ..commands import (
    Answer,
    Command,
    Continue,
    Engage,
    Enter,
    EnterNumber,
    LeaveCim,
    LeaveComputer,
    LeavePlanet,
    LeavePort,
    LeaveShop,
    LeaveStarDock,
    Offer,
    Press,
    Quantity,
    Retreat,
)
from ..events import Prompted
from ._talk import Reply, Talk

HOME: Final = "command"
MOST_STEPS: Final = 25
OUTSIDE: Final = frozenset({"start-menu", "game-menu", "name", "game-name", "password"})

Way = Callable[[Prompted], Command]


def _number(prompt: Prompted, field: str) -> int:
    value = prompt.fields.get(field)
    return value if isinstance(value, int) else 0


def _same(command: Command) -> Way:
    return lambda _prompt: command


_NO: Final = _same(Answer(yes=False))
_QUIT: Final = _same(Press("q"))
_NOTHING: Final = _same(EnterNumber(0))
_EMPTY: Final = _same(Enter(""))


def _each(names: str, way: Way) -> dict[str, Way]:
    return dict.fromkeys(names.split(), way)


_TABLE: Final[dict[str, Way]] = {
    "avoid-sector": _same(Answer(yes=True)),
    "computer": _same(LeaveComputer()),
    "cim": _same(LeaveCim()),
    "planet": _same(LeavePlanet()),
    "stardock": _same(LeaveStarDock()),
    "port-menu": _same(LeavePort()),
    "autopilot-start": _same(Engage("no")),
    "autopilot-stop": _same(Press("y")),
    "hostile-fighters": _same(Retreat()),
    "land-on": _same(Enter("q")),
    "course-to": _same(EnterNumber(1)),
    "explored-or-not": _same(Press("e")),
    "fighters-mode": _same(Press("d")),
    "trade-quantity": _same(Quantity(0)),
    # Any other bid may be laughed at for ever; the port's own figure ends the haggle at once.
    "offer": lambda prompt: Offer(_number(prompt, "amount")),
}
WAYS: Final[Mapping[str, Way]] = MappingProxyType(
    _TABLE
    | _each("pause any-key title", _same(Continue()))
    | _each("bank hardware shipyards police tavern library cineplex", _same(LeaveShop()))
    | _each("fighters-owner mines-owner", _same(Press("p")))
    | _each("delete-messages clear-avoids clear-route-avoids log-stamps confirm-quit do-you-mean", _NO)
    | _each("really-warp transwarp transwarp-ready transwarp-blind attack-target jettison", _NO)
    | _each("still-interested interested limpet-removal trade-in ready-to-deal buy-it", _NO)
    | _each("display-planet build-citadel", _NO)
    | _each("deposit withdraw transfer buy-fighters buy-shields buy-holds hardware-quantity", _NOTHING)
    | _each("attack-fighters mines-quantity fighters-quantity planet-fighters", _NOTHING)
    | _each("settings corporate citadel scan-kind class-zero scanner-choice transwarp-choice", _QUIT)
    | _each("which-ship terra-colonists leave-or-take-fighters navpoint navpoint-settings", _QUIT)
    | _each("to-sector transfer-to probe-goal port-sector examine-sector course-from", _EMPTY)
    | _each("cim-from cim-to mine-type mine-scan-type comm-line channel", _EMPTY)
    | _each("radio-line fedcomm-line hail-line which-production which-product", _EMPTY)
    | _each("leave-or-take-product leave-or-take-colonists", _EMPTY)
)


async def home(talk: Talk, *, to: str = HOME) -> Prompted:
    """Walk back to the command prompt (or another on the way). Raises `GarbledReply` if lost."""
    prompt = await talk.first()
    for _ in range(MOST_STEPS):
        if prompt.name in {to, HOME}:
            return prompt
        if prompt.name in OUTSIDE:
            raise Disconnected(f"{talk.name}: not in the game any more")
        prompt = (await step(talk, prompt)).prompt
    raise GarbledReply(f"{talk.name}: no way back from the prompt {prompt.name}", screen=talk.bot.screen())


async def step(talk: Talk, prompt: Prompted) -> Reply:
    """Take one step towards the command prompt. Raises `GarbledReply` at an unknown prompt."""
    way = WAYS.get(prompt.name)
    if way is None:
        raise GarbledReply(
            f"{talk.name}: nothing to say at the prompt {prompt.name}", screen=talk.bot.screen()
        )
    return await talk.do(way(prompt))
