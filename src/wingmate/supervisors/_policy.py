"""What to do about a crash: functions from a `Crash` to a delay in seconds, or None to give up."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TypeAlias

from attrs import field, frozen, validators

from ..errors import ConfigError, GarbledReply, IllegalCommand, Refused


@frozen(kw_only=True)
class Crash:
    """One failure of one bot.

    `count` counts the crashes since the bot last made progress, this one included: counting in a
    time window instead restarts a slow failure for ever. `random` are the dice to use.
    """

    bot: str
    error: Exception
    count: int = 1
    random: Random = field(factory=lambda: Random(0))


RestartPolicy: TypeAlias = Callable[[Crash], float | None]

# Trying again cannot cure these: somebody has to change the bot, the adapter or the configuration.
HOPELESS: tuple[type[Exception], ...] = (IllegalCommand, GarbledReply, ConfigError, TypeError, AttributeError)


def never(_crash: Crash) -> None:
    """Restart nothing; the right policy for tests, because bugs show."""


@frozen(kw_only=True)
class Backoff:
    """Wait longer after each crash, at random up to the limit (full jitter); give up after `limit` in a row.

    What a restart cannot cure is given up at once: `Refused` that is final, and the classes in
    `hopeless`. A `Refused` that names its wait is obeyed as often as it comes, and not counted.
    """

    first: float = field(default=1.0, validator=validators.ge(0))
    factor: float = field(default=2.0, validator=validators.ge(1))
    longest: float = field(default=60.0, validator=validators.ge(0))
    limit: int = field(default=5, validator=validators.ge(0))
    hopeless: tuple[type[Exception], ...] = HOPELESS

    def __call__(self, crash: Crash) -> float | None:
        """Choose the delay."""
        announced = crash.error.retry_after if isinstance(crash.error, Refused) else 0.0
        if announced is None or isinstance(crash.error, self.hopeless):
            return None
        if crash.count > self.limit and not announced:
            return None
        # A large exponent would overflow long before it would matter.
        ceiling = min(self.longest, self.first * self.factor ** min(max(crash.count - 1, 0), 64))
        return announced + crash.random.uniform(0, ceiling)
