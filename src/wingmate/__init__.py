"""Cooperative game bots: several connections, one crew, one map.

Here are the names a bot's author needs; the seams are in `wingmate.abc`, the parts to plug into
them in `wingmate.transports`, `wingmate.channels`, `wingmate.stores`, and the games beside them.
"""

from ._bot import Bot, BotSpec, open_bot
from ._claims import ClaimLost, lease, release, renew
from ._clock import now
from ._facts import Fact, Grant, Json, Message
from ._recipes import build, describe
from ._secrets import Secret, redact
from ._status import Assign, Order, Pause, Progress, Pursue, Resume, State, Status
from ._swarm import Swarm
from .abc import Role
from .channels import LocalChannel
from .stores import MemoryStore, SqliteStore
from .supervisors import Backoff, Crash, LocalSupervisor, never

__all__ = (
    "Assign",
    "Backoff",
    "Bot",
    "BotSpec",
    "ClaimLost",
    "Crash",
    "Fact",
    "Grant",
    "Json",
    "LocalChannel",
    "LocalSupervisor",
    "MemoryStore",
    "Message",
    "Order",
    "Pause",
    "Progress",
    "Pursue",
    "Resume",
    "Role",
    "Secret",
    "SqliteStore",
    "State",
    "Status",
    "Swarm",
    "build",
    "describe",
    "lease",
    "never",
    "now",
    "open_bot",
    "redact",
    "release",
    "renew",
)
