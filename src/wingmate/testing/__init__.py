"""Tools for testing bots, and for testing the parts you plug in; nothing here needs a game to be running."""

from ._network import MemoryNetwork, MemoryTransport
from ._simulate import BlockingCall, Deadlock, Endless, simulate
from ._trio import run_on_trio
from ._weather import Weather

__all__ = (
    "BlockingCall",
    "Deadlock",
    "Endless",
    "MemoryNetwork",
    "MemoryTransport",
    "Weather",
    "run_on_trio",
    "simulate",
)
