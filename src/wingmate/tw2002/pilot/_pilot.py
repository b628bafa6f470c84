"""The pilot: what a role can ask of its ship, one verb each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import define, field

from ..._bot import Bot
from ..._clock import now
from ..._facts import Fact
from ...errors import IllegalCommand
from ..atlas import HIGHEST_SECTOR, Atlas
from ..commands import Answer, LeaveStartMenu, Quit, Redisplay, ShowInfo, ShowStatus
from ..events import (
    CourseComputed,
    DensityRow,
    DensityScanned,
    Heard,
    InfoShown,
    PortReported,
    SectorDisplayed,
)
from . import _computer, _forces, _stardock, _trade, _travel
from ._account import Account
from ._entry import Door
from ._haggle import Haggler
from ._home import home
from ._settings import settle
from ._ship import Ship
from ._talk import Reply, Talk
from ._trade import Haul, Plan, Visit

CLEARED_TTL = 7_200.0  # seconds; as long as any mark it may have to outlast


@define(eq=False)
class Pilot:
    """Verbs over a bot that plays Trade Wars; each waits until the game proved that it was done.

    A new pilot may take over a bot in the middle of anything: every verb first finds its way back.
    `pace` is the pause in seconds before each command, for those who watch.
    """

    bot: Bot[Any, Any]
    pace: float = 0.0
    haggler: Haggler = field(factory=Haggler)
    settings: Mapping[str, Any] = field(init=False, factory=dict[str, Any])
    _talk: Talk = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._talk = Talk(bot=self.bot, pace=self.pace)

    @property
    def ship(self) -> Ship:
        """The ship as far as the screens told."""
        return self._talk.ship

    @property
    def atlas(self) -> Atlas:
        """The map; `refresh` brings what others learned."""
        return self._talk.atlas

    @property
    def mapped(self) -> int:
        """How many sectors this pilot put on the map."""
        return self._talk.mapped

    @property
    def alarm(self) -> object | None:
        """The last event in which somebody did us harm, until `calm`."""
        return self._talk.alarm

    def calm(self) -> None:
        """Forget the alarm: it was dealt with."""
        self._talk.alarm = None

    @property
    def heard(self) -> Sequence[Heard]:
        """The last lines heard on radio, FedComm and hails."""
        return self._talk.heard

    @property
    def here(self) -> int:
        """The sector the ship is in. Raises `IllegalCommand` before the first prompt told."""
        if self.ship.sector is None:
            raise IllegalCommand(f"{self.bot.name}: not in the game yet; enter it first")
        return self.ship.sector

    # --- in and out ---------------------------------------------------------------------------

    async def enter(self, account: Account) -> bool:
        """Come to the command prompt, as an old trader or a new one; say whether it is a new one.

        Raises an error of `wingmate.tw2002.errors` that tells whether waiting may help.
        """
        await self.refresh(every=0.0)
        door = Door(talk=self._talk, account=account)
        await door.enter()
        if door.settings is not None:
            self.settings = door.settings.values
        await settle(self._talk)
        await self.info()
        await self.status()
        if not self.atlas.explored(self.here):
            await self.look()
        return door.created

    async def leave(self) -> None:
        """Quit the game and its start menu."""
        await self.home()
        reply = await self._talk.do(Quit())
        if reply.prompt.name == "confirm-quit":
            reply = await self._talk.do(Answer(yes=True))
        if reply.prompt.name == "start-menu":
            await self._talk.do(LeaveStartMenu())

    async def home(self) -> None:
        """Come back to the command prompt from wherever we are, deciding nothing on the way."""
        await home(self._talk)

    async def refresh(self, *, every: float | None = None) -> int:
        """Draw what other bots learned on our map."""
        store = self.bot.knowledge
        return await (self.atlas.refresh(store) if every is None else self.atlas.refresh(store, every=every))

    # --- looking ------------------------------------------------------------------------------

    async def status(self) -> Ship:
        """Read the quick status line; it costs nothing."""
        await self.home()
        await self._talk.do(ShowStatus())
        return self.ship

    async def info(self) -> InfoShown | None:
        """Read the long status screen."""
        await self.home()
        return (await self._talk.do(ShowInfo())).find(InfoShown)

    async def look(self) -> SectorDisplayed | None:
        """Look at this sector again."""
        await self.home()
        return (await self._talk.do(Redisplay())).find(SectorDisplayed)

    async def density_scan(self) -> tuple[DensityRow, ...] | None:
        """Scan the neighbours' density, free of turns; None without the scanner."""
        reply = await _travel.scan(self._talk, "density")
        scanned = None if reply is None else reply.find(DensityScanned)
        return None if scanned is None else scanned.rows

    async def holo_scan(self) -> list[SectorDisplayed] | None:
        """Look into the neighbouring sectors for a turn; None without the scanner."""
        reply: Reply | None = await _travel.scan(self._talk, "holo")
        return None if reply is None else _travel.displayed(reply)

    async def port_report(self, sector: int) -> PortReported | None:
        """Ask the computer for a port's report; None if it has none."""
        return await _computer.port_report(self._talk, self._valid(sector))

    async def warps(self, sector: int) -> tuple[int, ...] | None:
        """Ask the computer where a sector leads; None if it does not know."""
        return await _computer.warps(self._talk, self._valid(sector))

    async def plot(self, start: int, goal: int) -> CourseComputed | None:
        """Ask the computer for a course, through unexplored sectors too; None if there is none."""
        return await _computer.plot(self._talk, self._valid(start), self._valid(goal))

    async def cim(self) -> tuple[int, int]:
        """Read every warp and port the computer knows into the map; give how many of each."""
        return await _computer.cim(self._talk)

    async def find_stardock(self) -> int | None:
        """Tell where the StarDock is; None if neither the map nor the game says."""
        return await _computer.find_stardock(self._talk)

    # --- moving -------------------------------------------------------------------------------

    async def move(self, sector: int, *, boldly: bool = False) -> int:
        """Fly to a sector, by autopilot where it is far. Raises `WayBarred` or `TurnsSpent`.

        Hostile fighters are fought only against weak ones, otherwise we flee. *boldly* says yes
        when the game asks whether we really want to go there.
        """
        return await _travel.move(self._talk, self._valid(sector), boldly=boldly)

    async def follow(self, path: Sequence[int], *, boldly: bool = False) -> int:
        """Fly along a path of the map, one warp at a time."""
        return await _travel.follow(self._talk, [self._valid(sector) for sector in path], boldly=boldly)

    async def travel(self, goal: int) -> int:
        """Fly to a sector around known dangers; by the game's own course where the map ends."""
        if self.here == goal:
            return goal
        path = self.atlas.path(self.here, self._valid(goal))
        return await (self.move(goal) if path is None else self.follow(path[1:]))

    # --- trading ------------------------------------------------------------------------------

    async def trade(self, plan: Plan | None = None, *, haggler: Haggler | None = None) -> Visit:
        """Dock here and trade by a plan (none sells all); costs a turn. Raises `NotHere`, `TurnsSpent`."""
        return await _trade.trade(self._talk, plan or Haul(), haggler or self.haggler)

    async def port_here(self) -> bool:
        """Say whether one can dock in this sector; costs nothing."""
        return await _trade.look(self._talk)

    # --- the StarDock -------------------------------------------------------------------------

    async def balance(self) -> int:
        """Ask the bank for our balance; we must be in the StarDock's sector."""
        return await _stardock.balance(self._talk)

    async def deposit(self, credits: int | None = None) -> int:  # noqa: A002 - the word of the game
        """Put credits, or all, in the bank; give the sum the bank confirmed."""
        return await _stardock.deposit(self._talk, credits)

    async def withdraw(self, credits: int | None = None) -> int:  # noqa: A002 - the word of the game
        """Take credits, or all, from the bank; give the sum the bank confirmed."""
        return await _stardock.withdraw(self._talk, credits)

    async def transfer(self, trader: str, credits: int) -> int:  # noqa: A002 - the word of the game
        """Give credits from our account to another trader's; give the sum the bank confirmed."""
        return await _stardock.transfer(self._talk, trader, credits)

    async def buy_holds(self, count: int | None = None, *, budget: int | None = None) -> int:
        """Buy cargo holds at the StarDock, as many as *budget* pays; give the number bought."""
        return await _stardock.buy_holds(self._talk, count, budget=budget)

    async def buy_fighters(self, count: int) -> int:
        """Buy fighters at the StarDock; give the number bought."""
        return await _stardock.buy_fighters(self._talk, count)

    # --- fighters and words -------------------------------------------------------------------

    async def drop_fighters(self, count: int, mode: _forces.Mode = "defensive") -> int:
        """Leave fighters in this sector; give how many are aboard then. Raises `NotHere`."""
        return await _forces.station(self._talk, count, mode)

    async def collect_fighters(self) -> int:
        """Take all our fighters here back; give how many are aboard then."""
        return await _forces.station(self._talk, 0, "defensive")

    async def posts(self) -> dict[int, int]:
        """Tell in which sectors fighters of ours stand, and how many."""
        return await _forces.posts(self._talk)

    async def say_radio(self, words: str) -> bool:
        """Say one line on our radio channel."""
        return await _forces.say(self._talk, words, fed=False)

    async def say_fedcomm(self, words: str) -> bool:
        """Say one line to everybody in the game."""
        return await _forces.say(self._talk, words, fed=True)

    async def warn(self, sector: int, why: str, *, ttl: float) -> None:
        """Mark a sector as dangerous for the whole crew, for some seconds."""
        fact = Fact(f"danger/{self._valid(sector)}", {"why": why}, now(), self.bot.name, ttl=ttl)
        await self._talk.learn([fact])

    async def clear(self, sector: int) -> None:
        """Take the mark of danger off a sector."""
        fact = Fact(f"danger/{self._valid(sector)}", None, now(), self.bot.name, ttl=CLEARED_TTL)
        await self._talk.learn([fact])

    def tell(self, words: str) -> None:
        """Say in one line what happened last; it shows in the bot's status."""
        self._talk.tell(words)

    def _valid(self, sector: int) -> int:
        # The game drops digits beyond its highest sector: 1001 of 1000 becomes 100, and off we go.
        most = self.settings.get("Sectors")
        highest = most if isinstance(most, int) and not isinstance(most, bool) else HIGHEST_SECTOR
        if not 1 <= sector <= highest:
            raise IllegalCommand(f"{self.bot.name}: no sector {sector} in a universe of {highest}")
        return sector
