"""Tools for testing bots, and for testing the parts you plug in; nothing here needs a game to be running."""

from . import strategies
from ._check_adapter import check_adapter
from ._check_channel import check_channel
from ._check_store import check_lasting_store, check_store
from ._check_transport import check_transport
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
    "check_adapter",
    "check_channel",
    "check_lasting_store",
    "check_store",
    "check_transport",
    "run_on_trio",
    "simulate",
    "strategies",
)
