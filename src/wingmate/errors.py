"""Everything that can go wrong, as one short tree; each class says who should act.

```
WingmateError
├── TransportError      nobody: try again
│   ├── ConnectFailed   … the far end was not reached
│   └── Disconnected    … the far end went away
├── Stalled             nobody: a fresh start may help
├── GameError           the game and the bot disagree
│   ├── IllegalCommand  whoever wrote the bot
│   ├── GarbledReply    whoever wrote the adapter: the game printed something unknown
│   ├── Unanswered      nobody, if the command is safe to repeat
│   └── Refused         the player: the game said no, for now or for good
├── KnowledgeError      whoever keeps the store: disk full, no room, a newer schema
└── ConfigError         whoever wrote the configuration
```
"""

from __future__ import annotations


class WingmateError(Exception):
    """Base of every error this package raises on purpose."""


class TransportError(WingmateError):
    """The link failed; try again."""


class ConnectFailed(TransportError):
    """The far end could not be reached."""


class Disconnected(TransportError):
    """The far end went away while the link was in use."""


class Stalled(WingmateError):
    """The bot lives but gets nowhere."""


class GameError(WingmateError):
    """The game and the bot disagree about the rules."""


class IllegalCommand(GameError):
    """The bot asked for something that is not possible here; fix the bot."""


class GarbledReply(GameError):
    """The game printed something the adapter cannot read; fix the adapter.

    `screen` holds what was on the screen, for whoever writes the missing rule.
    """

    def __init__(self, message: str, *, screen: str = "") -> None:
        super().__init__(message)
        self.screen = screen


class Unanswered(GameError):
    """A command got no answer in time; `repeatable` says whether sending it again is safe."""

    def __init__(self, message: str, *, repeatable: bool = False) -> None:
        super().__init__(message)
        self.repeatable = repeatable


class Refused(GameError):
    """The game said no. `retry_after` is the wait in seconds that may help, or None if no wait will."""

    retry_after: float | None = None

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        if retry_after is not None:
            self.retry_after = retry_after

    @property
    def final(self) -> bool:
        """Whether trying again without a change is pointless."""
        return self.retry_after is None


class KnowledgeError(WingmateError):
    """The store could not keep or give what it was asked."""


class ConfigError(WingmateError):
    """The configuration is wrong; the message names the place and the cure."""
