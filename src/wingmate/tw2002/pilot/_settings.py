"""The personal settings a bot plays best with: nothing moves, nothing waits, nothing guesses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..commands import OpenComputer, OpenSettings, Press
from ..events import SettingsShown
from ._home import home
from ._talk import Talk

# Label on the settings screen: the key that changes it and the value wanted (TWGS 2.20b). With
# "Sector Autoreturn" on, a complete sector number departs by itself and our Enter answers whatever
# comes next.
WANTED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "Animation display": ("2", "Off"),
        "Page on messages": ("3", "Off"),
        "Silence ALL messages": ("7", "No"),
        "Message Display Mode": ("a", "Compact"),
        "Screen Pauses": ("b", "No"),
        "Sector Autoreturn": ("e", "Off"),
    }
)


async def settle(talk: Talk) -> Mapping[str, str]:
    """Change what needs changing, once each; give the settings as they are then."""
    await home(talk)
    await talk.do(OpenComputer())
    reply = await talk.do(OpenSettings())
    shown = reply.find(SettingsShown)
    for label, (key, value) in WANTED.items():
        if shown is not None and shown.values.get(label, value).strip() != value:
            shown = (await talk.do(Press(key))).find(SettingsShown) or shown
    await home(talk)
    return {} if shown is None else shown.values
