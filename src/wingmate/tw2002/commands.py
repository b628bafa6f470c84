"""Everything we can tell the game to do, in the imperative: one value per prompt answered.

Each command says in its `manner` at which prompts it is legal, what proves that the game took it,
how long that may take, and whether it is safe to send again when nothing came back. A value no game
could take raises `IllegalCommand` where it is made. A prompt that wants one key gets one key: what is
sent behind it would answer the next prompt.
"""

from __future__ import annotations

import re

from ._commands.battle import (
    Attack,
    HandleFighters,
    HandleMines,
    ListFighters,
    ListMines,
    PayToll,
    Retreat,
    SayFedComm,
    SayHail,
    SayRadio,
)
from ._commands.login import (
    Answer,
    ChooseGame,
    Continue,
    Enter,
    EnterNumber,
    EnterPassword,
    GiveName,
    HangUp,
    KeepAwake,
    LeaveStartMenu,
    Play,
    Press,
    Quit,
    ShowSettings,
)
from ._commands.space import (
    AskKnown,
    AskPort,
    AskWarps,
    ChooseScan,
    Dial,
    Engage,
    Land,
    LaunchProbe,
    LeaveCim,
    LeaveComputer,
    LeavePlanet,
    OpenCim,
    OpenComputer,
    OpenSettings,
    PlotCourse,
    ReadCimPorts,
    ReadCimWarps,
    Redisplay,
    Scan,
    ShowGame,
    ShowInfo,
    ShowPlayers,
    ShowStatus,
    TuneChannel,
    Warp,
)
from ._commands.trade import (
    CallUp,
    Deposit,
    Dock,
    ExamineAccount,
    LeavePort,
    LeaveShop,
    LeaveStarDock,
    Offer,
    Quantity,
    TradeHere,
    VisitShop,
    VisitStarDock,
    Withdraw,
)
from ._manner import Command, Manner

__all__ = (
    "Answer",
    "AskKnown",
    "AskPort",
    "AskWarps",
    "Attack",
    "CallUp",
    "ChooseGame",
    "ChooseScan",
    "Command",
    "Continue",
    "Deposit",
    "Dial",
    "Dock",
    "Engage",
    "Enter",
    "EnterNumber",
    "EnterPassword",
    "ExamineAccount",
    "GiveName",
    "HandleFighters",
    "HandleMines",
    "HangUp",
    "KeepAwake",
    "Land",
    "LaunchProbe",
    "LeaveCim",
    "LeaveComputer",
    "LeavePlanet",
    "LeavePort",
    "LeaveShop",
    "LeaveStarDock",
    "LeaveStartMenu",
    "ListFighters",
    "ListMines",
    "Manner",
    "Offer",
    "OpenCim",
    "OpenComputer",
    "OpenSettings",
    "PayToll",
    "Play",
    "PlotCourse",
    "Press",
    "Quantity",
    "Quit",
    "ReadCimPorts",
    "ReadCimWarps",
    "Redisplay",
    "Retreat",
    "SayFedComm",
    "SayHail",
    "SayRadio",
    "Scan",
    "ShowGame",
    "ShowInfo",
    "ShowPlayers",
    "ShowSettings",
    "ShowStatus",
    "TradeHere",
    "TuneChannel",
    "VisitShop",
    "VisitStarDock",
    "Warp",
    "Withdraw",
    "keystrokes",
)

_FIELD = re.compile(r"\{(\w+)\}")


def keystrokes(command: Command) -> str:
    """Give the keys of a command, as they are typed."""
    keys = command.manner.keys
    return keys if "{" not in keys else _FIELD.sub(lambda found: str(getattr(command, found[1])), keys)
