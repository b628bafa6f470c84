"""Bots talk over a chat: the channel that puts frames, keys and pace together."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeAlias

from anyio import AsyncContextManagerMixin, Event, create_task_group, current_time, move_on_after, sleep
from attrs import define, field, validators

from .._clock import now
from .._facts import Message
from ..channels import LocalChannel
from ..errors import IllegalCommand
from ._events import Arrived, Draft, Missed, Said, Tally
from ._events import Event as ChatEvent
from ._frames import Frames
from ._keys import Authority, KeyRing
from ._link import AwayLink, ChatLine, ChatLink, HeardLine, Interrupted
from ._pace import Outbox, Pace, Words
from ._verbs import VILLAGE, Language, Saying, Unread

TICK = 1.0  # seconds between looks at what is due; everything that has a delay has a longer one
GOODBYE = 2.0  # seconds granted to what waits to be said when the block ends
MESSAGE = "m"  # the first letter of a message's text; other letters belong to whoever attends

Attendant: TypeAlias = "Callable[[ChatEvent | Interrupted, float], Awaitable[None]]"


@define(eq=False)
class ChatChannel(AsyncContextManagerMixin):
    """A channel over a chat; a block, in which the bot listens and speaks.

    With `keys` every line is signed, and what is not signed by the crew does not count; `authority`
    then says whose messages on topics `order/<name>` count. Readable lines of `language` come as
    messages on topics `said/<VERB>`. `publish` never waits: at most `queue` messages wait to be said,
    and what has to be dropped is counted in `dropped`; `ignored` counts what was heard and not
    believed, per speaker. `settings` are those of `Frames`.
    """

    link: ChatLink
    name: str
    keys: KeyRing | None = field(default=None, kw_only=True)
    authority: Authority | None = field(default=None, kw_only=True)
    language: Language = field(default=VILLAGE, kw_only=True)
    size: int = field(default=64, kw_only=True, validator=validators.ge(1))
    queue: int = field(default=256, kw_only=True, validator=validators.ge(1))
    settings: dict[str, Any] = field(factory=dict[str, Any], kw_only=True)
    ignored: Tally = field(init=False, factory=Tally)
    missed: int = field(init=False, default=0)
    _frames: Frames = field(init=False)
    _outbox: Outbox = field(init=False)
    _pace: Pace = field(init=False)
    _mail: LocalChannel = field(init=False)
    _attendants: list[Attendant] = field(init=False, factory=list[Attendant])
    _news: Event = field(init=False, factory=Event)
    _silence: Event = field(init=False, factory=Event)  # set when nothing waits to be said

    def __attrs_post_init__(self) -> None:
        if self.authority is not None and self.keys is None:
            raise ValueError("authority needs keys: without them, names prove nothing")
        traits = self.link.traits
        self._frames = Frames(
            name=self.name,
            limit=traits.limit,
            born=now(),
            keys=self.keys,
            tally=self.ignored,
            **self.settings,
        )
        if strange := set("w1:/-_.") - set(traits.alphabet):
            raise ValueError(f"this chat does not take {''.join(sorted(strange))!r}, which every frame needs")
        self._outbox = Outbox(self._frames, self.queue)
        self._pace = Pace(traits)
        self._mail = LocalChannel(self.size)

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[ChatChannel, None]:
        async with self.link.listen() as lines, create_task_group() as nursery:
            nursery.start_soon(self._hear, lines, name=f"{self.name}/hear chat")
            nursery.start_soon(self._speak, name=f"{self.name}/speak chat")
            yield self
            if self.waiting and self._silence.is_set():
                self._silence = Event()
            # What was said last, a claim given back perhaps, should still be heard.
            with move_on_after(GOODBYE):
                await self._silence.wait()
            nursery.cancel_scope.cancel()

    # --- for roles --------------------------------------------------------------------------

    async def publish(self, message: Message) -> None:
        """Send a message to whoever subscribed to a beginning of its topic, here and over the chat.

        Raises `IllegalCommand` if it is not JSON or longer than a message may be.
        """
        text = MESSAGE + self._packed([message.topic, message.body, message.sender, message.sent_at])
        self.tell(text, urgent=message.topic.startswith("order/"))
        await self._mail.publish(message)

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[AsyncIterator[Message]]:
        """Hear every message from now on whose topic starts with *topic*, in order."""
        return self._mail.subscribe(topic)

    async def say(self, verb: str, **values: float | str) -> None:
        """Say a readable line. Raises `IllegalCommand` if it cannot be said."""
        text = self.language.write(verb, **values)
        if strange := set(text) - set(self.link.traits.alphabet):
            raise IllegalCommand(f"{self.name}: this chat does not take {''.join(sorted(strange))!r}")
        self.speak(self._frames.say(text))

    # --- for what is built on the channel -----------------------------------------------------

    def attend(self, hear: Attendant) -> None:
        """Be told of everything heard, at once, with the date; *hear* neither waits nor raises."""
        self._attendants.append(hear)

    def tell(self, text: str, *, urgent: bool = False, to: Iterable[str] = ()) -> None:
        """Say something to all who attend. Raises `IllegalCommand` if it is too long."""
        if len(text) > self._frames.largest // 4 and len(text.encode()) > self._frames.largest:
            raise IllegalCommand(f"{self.name}: a message has at most {self._frames.largest} bytes")
        self._outbox.put(Words(text, tuple(to)), urgent=urgent)
        self._news.set()

    def signal(self, text: str) -> Draft:
        """Make a line that is heard at once or not at all; `speak` says it. Raises `IllegalCommand`."""
        return self._frames.signal(text)

    def speak(self, draft: Draft) -> None:
        """Put a line into the queue."""
        self._outbox.add((draft,))
        self._news.set()

    def rekey(self, keys: KeyRing) -> None:
        """Use other keys from now on."""
        self._frames.rekey(keys)

    @property
    def waiting(self) -> int:
        """How many lines and messages wait to be said."""
        return len(self._outbox)

    @property
    def lost(self) -> int:
        """How many messages this bot's subscribers did not hear."""
        return self._mail.lost + self.missed

    @property
    def dropped(self) -> Counter[str]:
        """How many messages of ours were dropped because the chat was too slow, by kind."""
        return self._outbox.dropped

    # --- the two tasks ------------------------------------------------------------------------

    async def _hear(self, lines: AsyncIterator[HeardLine]) -> None:
        async for line in lines:
            if isinstance(line, ChatLine):
                for event in self._frames.receive(line.text, line.sender, now()):
                    await self._take(event)
                if self._frames.eager:
                    self._news.set()
            else:
                await self._attended(line)

    async def _speak(self) -> None:
        ticked = current_time() - TICK
        away = self.link if isinstance(self.link, AwayLink) else None
        while True:
            if current_time() >= ticked + TICK:
                ticked = current_time()
                for event in self._frames.tick(now()):
                    await self._take(event)
            if delay := self._pace.delay(current_time()):
                await sleep(min(delay, TICK))
            elif away is not None and not away.is_ready:
                # A line gets its date, and a bid begins to stand, only when it can be heard.
                with move_on_after(ticked + TICK - current_time()):
                    await away.ready()
            elif (draft := self._outbox.next()) is not None:
                self._pace.take()
                if self._silence.is_set():
                    self._silence = Event()
                await self.link.send_line(self._frames.stamp(draft, now()))
            else:
                self._silence.set()
                self._news = Event()
                with move_on_after(ticked + TICK - current_time()):
                    await self._news.wait()

    async def _take(self, event: ChatEvent) -> None:
        await self._attended(event)
        if isinstance(event, Arrived):
            message = self._message(event)
            if message is not None:
                await self._mail.publish(message)
        elif isinstance(event, Said):
            await self._listen_to(event)
        elif isinstance(event, Missed):
            self.missed += event.count

    async def _attended(self, event: ChatEvent | Interrupted) -> None:
        for hear in self._attendants:
            await hear(event, now())

    async def _listen_to(self, said: Said) -> None:
        saying = self.language.read(said.text)
        if isinstance(saying, Saying):
            if self.keys is not None and not said.signed:
                self.ignored.add(said.sender, "unsigned")
            elif not said.own:
                body = dict(saying.values)
                topic = f"said/{saying.verb}"
                await self._mail.publish(Message(topic, body, said.sender, sent_at=now()))
        elif saying is not Unread.CHATTER:
            self.ignored.add(said.sender, saying.name.lower())

    def _message(self, event: Arrived) -> Message | None:
        if not event.text.startswith(MESSAGE):
            return None
        try:
            topic, body, sender, sent_at = json.loads(event.text[1:])
            message = Message(str(topic), body, str(sender), sent_at=float(sent_at))
        except (ValueError, TypeError, RecursionError):
            self.ignored.add(event.sender, "malformed")
            return None
        if self.authority is not None and message.topic.startswith("order/"):
            whom = message.topic.split("/")[1]
            if message.sender != event.sender or not self.authority.allows(event.sender, whom):
                self.ignored.add(event.sender, "no authority")
                return None
        return message

    def _packed(self, value: Any) -> str:
        try:
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            text.encode()
        except (TypeError, ValueError, RecursionError) as exc:
            raise IllegalCommand(f"{self.name}: {value!r} is not JSON ({exc})") from exc
        return text
