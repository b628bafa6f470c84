"""What the dialogs share: the world, the clock, and who sits at which terminal."""

from __future__ import annotations

from random import Random

from attrs import Factory, define, field

from ...._clock import now
from .. import engine
from ..engine import news, roster, tables
from ..engine.settings import Settings
from ..engine.state import Player, Prefs, Ship, World
from ._news import told
from ._sector import command_prompt
from ._session import Session

GRAIN = 0.05  # seconds


@define(eq=False)
class House:
    """One universe and the terminals connected to it."""

    world: World
    fast: bool = False
    surprises: int = field(init=False, default=0)
    sessions: dict[int, Session] = field(init=False, factory=dict[int, Session])
    playing: dict[int, Session] = field(init=False, factory=dict[int, Session])
    # Only for the choice between phrases; what matters is drawn from the world's own dice.
    random: Random = field(
        init=False, default=Factory(lambda self: Random(self.settings.seed), takes_self=True)
    )

    @property
    def settings(self) -> Settings:
        """The rules of this game."""
        return self.world.settings

    @property
    def full(self) -> bool:
        """Whether every node is taken."""
        return len(self.sessions) >= self.settings.nodes

    def title(self, player: Player) -> str:
        """Give a player's rank."""
        return tables.rank(player.experience, player.alignment)

    def pace(self, milliseconds: int) -> float:
        """Give a delay of the game in seconds; none in fast mode."""
        return 0.0 if self.fast else milliseconds / 1000

    def free_node(self) -> int:
        """Give the lowest free node number."""
        node = 1
        while node in self.sessions:
            node += 1
        return node

    def tick(self) -> None:
        """Bring the world to the present, and hand out what happened in it."""
        date = now()
        # Advancing looks at every player: not more often than a player could notice.
        if date - self.world.date >= GRAIN:
            engine.advance(self.world, date)
        self.spread_news()

    def spread_news(self) -> None:
        """Give everybody at a terminal what the world has to tell them."""
        for player in list(news.waiting(self.world)):
            session = self.playing.get(player.number)
            items = news.take(self.world, player)
            if session is None:
                continue
            for item in items:
                text = told(item.item, player.prefs)
                if text:
                    session.hear(text)
                if isinstance(item.item, news.ShipLost):
                    if not item.item.pod:
                        session.end_game()
                    session.reword(command_prompt(player.last_sector), command_prompt(player.sector))

    def seat(self, session: Session, me: Player) -> Seat:
        """Seat a player whom the roster let in; an older session of the same trader ends."""
        # Invented: what happens to the older session is not known; a bot whose link broke unnoticed
        # could otherwise not come back.
        older = self.playing.get(me.number)
        if older is not None:
            older.hang_up()
            roster.leave(self.world, me)
        self.playing[me.number] = session
        session.ansi = me.prefs.ansi
        return Seat(self, session, me)

    def vacate(self, session: Session, me: Player) -> None:
        """Take a player out of the game, unless a newer session has the place."""
        if self.playing.get(me.number) is session:
            del self.playing[me.number]
            roster.leave(self.world, me)
            self.spread_news()


@define(eq=False)
class Seat:
    """One player in the game, at a terminal: what every dialog is given."""

    house: House
    io: Session
    me: Player

    @property
    def world(self) -> World:
        """The universe."""
        return self.house.world

    @property
    def ship(self) -> Ship:
        """The ship the player is in."""
        return self.house.world.ship_of(self.me)

    @property
    def prefs(self) -> Prefs:
        """The player's personal settings."""
        return self.me.prefs
