"""How bad a network is, as a value."""

from __future__ import annotations

from random import Random
from typing import Any, TypeVar

from attrs import field, frozen, validators

V = TypeVar("V")
_CHANCE = [validators.ge(0.0), validators.le(1.0)]


def _span(_instance: object, attribute: Any, value: tuple[float, float]) -> None:
    low, high = value
    if not 0.0 <= low <= high:
        raise ValueError(f"{attribute.name} is a range (shortest, longest) in seconds, got {value!r}")


@frozen(kw_only=True)
class Weather:
    """How bad the network is; the default is perfect. Chances are per connection or per send.

    `latency` is the range of seconds a piece travels (order is kept), `bandwidth` the bytes a second
    per direction, `shred` whether reads give arbitrary pieces, `refuse` the chance that a connection
    is refused, `cut` that a send breaks the link, `clog` that the link stalls for a time out of
    `clogged`, `noise` that a few random bytes are slipped in, which an honest TCP link never does.
    """

    latency: tuple[float, float] = field(default=(0.0, 0.0), validator=_span)
    bandwidth: float | None = field(default=None, validator=validators.optional(validators.gt(0)))
    shred: bool = False
    refuse: float = field(default=0.0, validator=_CHANCE)
    cut: float = field(default=0.0, validator=_CHANCE)
    clog: float = field(default=0.0, validator=_CHANCE)
    clogged: tuple[float, float] = field(default=(1.0, 30.0), validator=_span)
    noise: float = field(default=0.0, validator=_CHANCE)

    @classmethod
    def draw(cls, dice: Random) -> Weather:
        """Draw a weather in which only some kinds of fault exist at all, each mild or harsh.

        A crew that meets every fault at once soon sees nothing but the commonest; leaving kinds out
        lets the others come to light. Noise is never drawn: a crew cannot be expected to survive it.
        """

        def perhaps(value: V, otherwise: V) -> V:
            return value if dice.random() < 0.5 else otherwise

        return cls(
            latency=perhaps((dice.uniform(0.0, 0.2), dice.choice((0.2, 2.0, 8.0))), (0.0, 0.0)),
            bandwidth=perhaps(dice.choice((300.0, 3_000.0, 100_000.0)), None),
            shred=perhaps(True, False),  # noqa: FBT003 - both are values here
            refuse=perhaps(dice.choice((0.05, 0.3)), 0.0),
            cut=perhaps(dice.choice((0.001, 0.01)), 0.0),
            clog=perhaps(dice.choice((0.001, 0.02)), 0.0),
        )
