"""The whole crew, and the few things one may ask of it: JSON in, JSON out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import attrs
from anyio import AsyncContextManagerMixin, Event, create_task_group
from attrs import define, field

from ._bot import BotSpec
from ._clock import now
from ._facts import Fact, Json, Message
from ._recipes import build
from ._status import Assign, Pause, Pursue, Resume, State, Status
from .abc import CoordinationChannel, KnowledgeStore, Supervisor
from .errors import ConfigError


def status_to_json(status: Status) -> Json:
    """Write a status as JSON."""
    plain = attrs.asdict(status, value_serializer=_plain)
    return {**plain, "figures": dict(status.figures), "goal": status.goal}


def _plain(_instance: object, _field: object, value: Any) -> Any:
    return value.value if isinstance(value, State) else value


@define(eq=False, kw_only=True)
class Swarm(AsyncContextManagerMixin):
    """A crew by name and its front desk; every public coroutine takes and gives JSON.

    The supervisor is entered by whoever made it; leaving this block stops nothing.
    """

    crew: Mapping[str, BotSpec[Any, Any]]
    supervisor: Supervisor
    channel: CoordinationChannel
    knowledge: KnowledgeStore
    on_change: Callable[[Status], None] | None = None
    _statuses: dict[str, Status] = field(init=False, factory=dict[str, Status])
    _changed: Event = field(init=False, factory=Event)

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[Swarm, None]:
        async with self.supervisor.watch() as changes, create_task_group() as nursery:
            nursery.start_soon(self._follow, changes, name="swarm/follow")
            yield self
            nursery.cancel_scope.cancel()

    async def _follow(self, changes: Any) -> None:
        async for status in changes:
            self._statuses[status.name] = status
            self._changed.set()
            self._changed = Event()
            if self.on_change is not None:
                self.on_change(status)

    async def wait_over(self) -> None:
        """Wait until every bot that was started is done, stopped or failed."""
        while not (self._statuses and all(status.state.over for status in self._statuses.values())):
            await self._changed.wait()

    def statuses(self) -> list[Status]:
        """Tell how every bot is, by name."""
        return [self._statuses[name] for name in sorted(self._statuses)]

    # --- the front desk: queries ------------------------------------------------------------------

    async def status(self) -> Json:
        """Tell how every bot is."""
        return {status.name: status_to_json(status) for status in self.statuses()}

    async def survey(self, prefix: str = "") -> Json:
        """List what the crew knows under a prefix."""
        return [attrs.asdict(fact) for fact in await self.knowledge.survey(prefix)]

    # --- the front desk: commands -------------------------------------------------------------------

    async def start(self, name: str) -> Json:
        """Start one bot of the crew."""
        if name not in self.crew:
            raise KeyError(f"the crew has no {name!r}; it has {', '.join(sorted(self.crew)) or 'nobody'}")
        await self.supervisor.start(self.crew[name])
        return {"accepted": True}

    async def stop(self, name: str, *, drain: bool = True) -> Json:
        """Stop one bot, after its cycle or now."""
        await self.supervisor.stop(name, drain=drain)
        return {"accepted": True}

    async def pause(self, name: str) -> Json:
        """Let one bot send nothing until resumed."""
        await self.supervisor.order(name, Pause())
        return {"accepted": True}

    async def resume(self, name: str) -> Json:
        """Let one bot go on."""
        await self.supervisor.order(name, Resume())
        return {"accepted": True}

    async def assign(self, name: str, role: Json) -> Json:
        """Give one bot another role, described as a recipe."""
        made = build(role)
        if not callable(made):
            raise ConfigError(f"{role!r} does not describe a role")
        await self.supervisor.order(name, Assign(made))
        return {"accepted": True}

    async def pursue(self, name: str, goal: Json) -> Json:
        """Give one bot another goal."""
        await self.supervisor.order(name, Pursue(goal))
        return {"accepted": True}

    async def say(self, topic: str, body: Json, sender: str = "desk") -> Json:
        """Say something to every bot that listens."""
        await self.channel.publish(Message(topic, body, sender, sent_at=now()))
        return {"accepted": True}

    async def learn(self, key: str, value: Json, seen_by: str = "desk") -> Json:
        """Tell the crew a fact."""
        return {"news": await self.knowledge.learn(Fact(key, value, now(), seen_by))}


QUERIES = (Swarm.status, Swarm.survey)
COMMANDS = (
    Swarm.start,
    Swarm.stop,
    Swarm.pause,
    Swarm.resume,
    Swarm.assign,
    Swarm.pursue,
    Swarm.say,
    Swarm.learn,
)
