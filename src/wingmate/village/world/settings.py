"""What a world is made with."""

from __future__ import annotations

from attrs import field, frozen, validators


@frozen(kw_only=True)
class Settings:
    """A world's rules; the same settings and the same orders at the same times give the same world.

    Times are seconds of the world. `hunger` is the time in which a player loses one of 20 points of
    food, `hazard` the chance of each player to be killed in a night; 0 switches them off. The pace
    of chat follows what is known of the block game servers that kick for spam: about ten lines at
    once, then one a second.
    """

    seed: int = 1
    size: int = field(default=96, validator=validators.and_(validators.ge(32), validators.le(256)))
    day: float = field(default=600.0, validator=validators.ge(10.0))
    ripening: float = field(default=180.0, validator=validators.gt(0.0))
    regrowing: float = field(default=300.0, validator=validators.gt(0.0))
    hunger: float = field(default=0.0, validator=validators.ge(0.0))
    hazard: float = field(default=0.0, validator=validators.and_(validators.ge(0.0), validators.le(1.0)))
    seats: int = field(default=128, validator=validators.ge(1))
    known: int = field(default=4096, validator=validators.ge(1))
    chat_burst: int = field(default=10, validator=validators.ge(1))
    chat_every: float = field(default=1.0, validator=validators.gt(0.0))
    patience: int = field(default=20, validator=validators.ge(1))
