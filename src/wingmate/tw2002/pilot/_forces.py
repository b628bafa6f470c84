"""Fighters left in sectors, and words on the radio."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from ..commands import EnterNumber, HandleFighters, ListFighters, Press, SayFedComm, SayRadio
from ..errors import NotHere
from ..events import FightersCounted, FightersListed, FightersPlaced, FightersRefused, MessageSent
from ._home import home
from ._talk import Talk

Mode: TypeAlias = Literal["defensive", "offensive", "toll"]
MODES: Final[Mapping[Mode, str]] = MappingProxyType({"defensive": "d", "offensive": "o", "toll": "t"})


async def station(talk: Talk, count: int, mode: Mode) -> int:
    """Have *count* fighters of ours in this sector, none takes all back; give how many are aboard then."""
    await home(talk)
    reply = await talk.do(HandleFighters())
    if (refused := reply.find(FightersRefused)) is not None:
        await home(talk)
        raise NotHere(f"{talk.name}: {refused.text}")
    counted = reply.find(FightersCounted)
    placed: FightersPlaced | None = None
    if reply.prompt.name == "fighters-quantity":
        # The game drops digits beyond what is there; what is aboard is the least there is.
        most = counted.aboard if counted else 0
        reply = await talk.do(EnterNumber(max(0, min(count, most)) if count else 0))
        placed = reply.find(FightersPlaced)
    if reply.prompt.name == "fighters-owner":
        reply = await talk.do(Press("p"))
    if reply.prompt.name == "fighters-mode":
        reply = await talk.do(Press(MODES[mode]))
        placed = reply.find(FightersPlaced) or placed
    await home(talk)
    if placed is None:
        raise NotHere(f"{talk.name}: the fighters stayed where they were")
    return placed.aboard


async def posts(talk: Talk) -> dict[int, int]:
    """Tell where fighters of ours stand, and how many (rounded in large fleets)."""
    await home(talk)
    listed = (await talk.do(ListFighters())).find(FightersListed)
    rows = () if listed is None else listed.rows
    return {row.sector: row.count for row in rows if row.owner == "Personal"}


async def say(talk: Talk, words: str, *, fed: bool) -> bool:
    """Say one line on our radio channel or to everybody; say whether the game sent it."""
    await home(talk)
    reply = await talk.do(SayFedComm(words) if fed else SayRadio(words))
    return reply.find(MessageSent) is not None
