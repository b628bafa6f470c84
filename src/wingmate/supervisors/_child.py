"""A supervisor's notes about one bot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from anyio import CancelScope, current_time
from attrs import define, field

from .._bot import Bot, BotSpec
from .._clock import now
from .._facts import Json
from .._secrets import shown, shown_json
from .._status import Progress, State, Status
from ..abc import Role
from ..errors import Refused, TransportError


def the_cause(error: BaseException) -> Exception:
    """Find the error that tells most in a group: a broken link is often only an echo of it."""
    leaves = list(_leaves(error))
    telling = [leaf for leaf in leaves if not isinstance(leaf, TransportError)]
    return (telling or leaves)[0]


def _leaves(error: BaseException) -> Iterator[Exception]:
    if isinstance(error, BaseExceptionGroup):
        for inner in cast("BaseExceptionGroup[BaseException]", error).exceptions:
            yield from _leaves(inner)
    elif isinstance(error, Exception):
        yield error


def in_words(error: Exception) -> str:
    """Put an error into a line for people."""
    # attrs puts the words first, and then what only a program wants.
    first, *rest = error.args or (error,)
    words = first if rest and type(error) in {TypeError, ValueError} else error
    return f"{type(error).__name__}: {shown(words)}"


def role_name(role: Any) -> str:
    """Name a role for people: its class, or its function."""
    return getattr(role, "__name__", None) or type(role).__name__


@define(eq=False, kw_only=True)
class Child:
    """One bot, over all its incarnations."""

    spec: BotSpec[Any, Any]
    role: Role[Any, Any] = field(init=False)
    goal: Json = field(init=False)
    scope: CancelScope = field(init=False, factory=CancelScope)
    shift: CancelScope | None = field(init=False, default=None)
    bot: Bot[Any, Any] | None = field(init=False, default=None)
    state: State = field(init=False, default=State.CREATED)
    incarnation: int = field(init=False, default=0)
    crashes: int = field(init=False, default=0)
    stopping: bool = field(init=False, default=False)
    handover: bool = field(init=False, default=False)
    paused: bool = field(init=False, default=False)
    reason: str = field(init=False, default="")
    last_error: str = field(init=False, default="")
    at: float = field(init=False, default=0.0)
    _where: str = field(init=False, default="")
    _doing: str = field(init=False, default="")
    _figures: dict[str, Json] = field(init=False, factory=dict[str, Json])
    _progress: Progress | None = field(init=False, default=None)
    _turns: int = field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        self.role = self.spec.role
        self.goal = self.spec.goal

    def board(self, bot: Bot[Any, Any]) -> None:
        """Take note of a new incarnation; what the last one was told holds for it too."""
        self.bot = bot
        bot.where, bot.figures = self._where, dict(self._figures)
        if self.paused:
            bot.pause()

    def leave(self) -> None:
        """Keep what the incarnation achieved."""
        if self.bot is not None:
            self._where, self._doing, self._figures = self.bot.where, self.bot.doing, self.bot.figures
            self._progress = self.bot.progress or self._progress
            self._turns += self.bot.turns
        self.bot = None
        self.shift = None

    def record_crash(self, error: Exception) -> None:
        """Count a crash, from one again if there was progress since the last.

        A refusal that names its wait (full, closed until …) is an answer, not a crash.
        """
        progressed = self.bot is not None and self.bot.progress is not None
        answered = isinstance(error, Refused) and not error.final
        self.crashes = (0 if progressed else self.crashes) + (0 if answered else 1)
        self.last_error = in_words(error)

    def enter(self, state: State) -> None:
        """Be in a state from now on."""
        self.state = state
        self.at = now()
        if state in {State.CONNECTING, State.RUNNING, State.PAUSED} and not self.stopping:
            self.reason = ""

    def pause(self) -> None:
        """Send nothing until resumed, over restarts too."""
        self.paused = True
        if self.bot is not None:
            self.bot.pause()
        if self.state is State.RUNNING:
            self.enter(State.PAUSED)

    def resume(self) -> None:
        """Send again."""
        self.paused = False
        if self.bot is not None:
            self.bot.resume()
        if self.state is State.PAUSED:
            self.enter(State.RUNNING)

    def assign(self, role: Role[Any, Any]) -> None:
        """Play another role once the present cycle is finished, or its time to drain is over."""
        if self.bot is not None and self.shift is None:
            return  # its role is done, and it says goodbye
        self.role = role
        if self.bot is not None and self.shift is not None:
            self.handover = True
            self.shift.deadline = current_time() + self.spec.drain
            self.bot.relieve()

    def pursue(self, goal: Json) -> None:
        """Have another goal, over restarts too."""
        self.goal = goal
        if self.bot is not None:
            self.bot.goal = goal

    def status(self) -> Status:
        """Tell how the bot is."""
        bot = self.bot
        return Status(
            name=self.spec.name,
            role=role_name(self.role),
            state=self.state,
            goal=self.goal,
            incarnation=self.incarnation,
            where=shown(bot.where if bot else self._where),
            doing=shown(bot.doing if bot else self._doing),
            figures={
                name: shown_json(value) for name, value in (bot.figures if bot else self._figures).items()
            },
            progress=(bot.progress if bot else None) or self._progress,
            turns=self._turns + (bot.turns if bot else 0),
            last_error=self.last_error,
            reason=self.reason,
            at=self.at,
        )
