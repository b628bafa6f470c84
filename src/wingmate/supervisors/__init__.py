"""Where bots run, and who keeps them alive."""

from ._local import LocalSupervisor
from ._policy import Backoff, Crash, RestartPolicy, never

__all__ = ("Backoff", "Crash", "LocalSupervisor", "RestartPolicy", "never")
