"""Claims over a chat, whichever way it allows: the one call, and the waiting in between."""

from __future__ import annotations

from itertools import chain
from math import isfinite
from typing import Protocol

from anyio import Event, fail_after, move_on_after
from anyio.lowlevel import checkpoint
from attrs import define, field, frozen, validators

from .._clock import now
from .._facts import Grant
from ..errors import IllegalCommand, KnowledgeError
from ._bids import BidBook
from ._channel import ChatChannel
from ._events import Belated, Draft, Signal
from ._events import Event as ChatEvent
from ._leases import Deed, Lease, read_deed, short
from ._link import Interrupted
from ._ordered import SLACK, OrderedBook, Outcome
from ._wire import base36, date_of, tick_of


@frozen(kw_only=True)
class Terms:
    """How claims are made; all in seconds.

    `longest` a lease lasts; `listen`: how long a newcomer listens before it believes that a key is
    free (None for `longest`, which is safe whatever happens; only where there is an order); `settle`:
    how long a bid stands (where there is none); `patience`: how long a line of ours may take; `drift`:
    how far the clocks of the crew may be apart: for
    so long the others wait after the end of a lease.
    """

    longest: float = field(default=60.0, validator=validators.gt(0))
    listen: float | None = None
    settle: float = field(default=5.0, validator=validators.gt(0))
    patience: float = field(default=15.0, validator=validators.gt(0))
    drift: float = field(default=1.0, validator=validators.ge(0))


class Desk(Protocol):
    """Where claims are made."""

    async def claim(self, key: str, who: str, until: float) -> int | None:
        """Lease, renew or release."""
        ...

    def holder(self, key: str, at: float) -> Grant | None:
        """Give the grant in force."""
        ...

    def sweep(self, at: float) -> None:
        """Forget what is over, say again what must not be forgotten."""
        ...


@define(eq=False)
class _Answer:
    outcome: Outcome | None = None
    number: int | None = None
    came: Event = field(factory=Event)


def _said(channel: ChatChannel, deed: Deed, gone: Event | None = None) -> Draft:
    try:
        draft = channel.signal(deed.text())
    except IllegalCommand as exc:
        raise KnowledgeError(f"{deed.key!r} cannot be claimed over this chat: {exc}") from exc
    if gone is not None:
        draft.gone = lambda _date: gone.set()
    channel.speak(draft)
    return draft


def _grant(key: str, lease: Lease | None, at: float, drift: float) -> Grant | None:
    if lease is None or lease.vague or at >= lease.until - drift:
        return None
    return Grant(key, lease.who, lease.number, lease.until - drift)


def _check(until: float, at: float, longest: float) -> None:
    if not isfinite(until) or until > at + longest + SLACK / 2:
        raise KnowledgeError(f"a lease over this chat lasts {longest:g} s at most")


@define(eq=False)
class OrderedDesk:
    """Claims where there is one order: said, heard back, and won or not."""

    channel: ChatChannel
    terms: Terms
    book: OrderedBook = field(init=False)
    _answers: dict[str, _Answer] = field(init=False, factory=dict[str, _Answer])
    _asked: int = field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        longest, listen = self.terms.longest + self.terms.drift, self.terms.listen
        if listen is None:
            listen = longest + SLACK
        # Dates on the wire are whole ticks, rounded down.
        self.book = OrderedBook(longest, date_of(tick_of(now() + listen)))
        self.channel.attend(self._hear)

    async def claim(self, key: str, who: str, until: float) -> int | None:
        """Lease, renew or release *key*, as it comes out in the order of the chat."""
        await checkpoint()
        at, name = now(), short(key)
        if until <= at:
            return await self._release(name, who)
        _check(until, at, self.terms.longest)
        if not self.book.free(name, who, at):
            return None
        # The others wait a little longer than we hold it: their clocks may be ahead of ours.
        end = until + self.terms.drift
        deed = Deed("c", name, who, self.book.next_tick(name, tick_of(at)), end)
        answer = await self._ask(deed)
        granted = answer.outcome in {Outcome.GRANTED, Outcome.RENEWED}
        return answer.number if granted and now() < until else None

    def holder(self, key: str, at: float) -> Grant | None:
        """Give the grant in force."""
        return _grant(key, self.book.leases.get(short(key)), at, self.terms.drift)

    def sweep(self, at: float) -> None:
        """Forget what is over."""
        self.book.sweep(at)

    async def _release(self, name: str, who: str) -> int | None:
        lease = self.book.leases.get(name)
        asked = any(nonce.endswith(f"/{name}/{who}") for nonce in self._answers)
        held = lease is not None and lease.who == who and now() < lease.until
        if not held and not asked:
            return None
        deed = Deed("r", name, who, 0, 0.0)
        return (await self._ask(deed)).number

    async def _ask(self, deed: Deed) -> _Answer:
        self._asked += 1
        nonce = base36(self._asked)
        self._answers[local := f"{nonce}/{deed.key}/{deed.who}"] = answer = _Answer()
        draft = None
        try:
            draft = _said(self.channel, Deed(deed.verb, deed.key, deed.who, deed.tick, deed.until, nonce))
            with move_on_after(self.terms.patience):
                await answer.came.wait()
        finally:
            del self._answers[local]
            if draft is not None:
                draft.void = True  # if it still waits to be said, nobody waits for it any more
        return answer

    async def _hear(self, event: ChatEvent | Interrupted, at: float) -> None:
        if isinstance(event, Belated | Interrupted):
            self.book.doubt(at)
        elif isinstance(event, Signal) and (deed := read_deed(event.text, event.date)) is not None:
            self._take(deed, event)

    def _take(self, deed: Deed, event: Signal) -> None:
        answer = self._answers.get(f"{deed.nonce}/{deed.key}/{deed.who}") if event.own else None
        if deed.verb == "r":
            number = self.book.release(deed, event.date)
            if answer is not None:
                answer.number = number
        elif deed.verb == "c":
            outcome = self.book.claim(deed, event.date, mine=event.own)
            if answer is not None and (lease := self.book.leases.get(deed.key)) is not None:
                answer.outcome, answer.number = outcome, lease.number
            if event.own and (outcome is Outcome.UNSURE or (answer is None and outcome is Outcome.GRANTED)):
                # Whoever asked does not know that it may be theirs.
                _said(self.channel, Deed("r", deed.key, deed.who, deed.tick, 0.0))
        if answer is not None:
            answer.came.set()


@define(eq=False)
class BidDesk:
    """Claims where there is no order: announced, and theirs who meets with no objection."""

    channel: ChatChannel
    terms: Terms
    book: BidBook = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.book = BidBook(self.terms.settle, self.terms.longest + self.terms.drift, self._say)
        self.channel.attend(self._hear)

    async def claim(self, key: str, who: str, until: float) -> int | None:
        """Lease, renew or release *key*, as far as nobody objects."""
        await checkpoint()
        at, name = now(), short(key)
        lease = self.book.standing(name, at)
        if lease is not None and lease.who != who:
            return None
        if until <= at:
            return self._release(name, lease, at)
        _check(until, at, self.terms.longest)
        if lease is not None:
            return self.book.hold(name, who, lease.tick, until + self.terms.drift).number
        return await self._bid(name, who, until, at)

    def holder(self, key: str, at: float) -> Grant | None:
        """Give the grant in force, as far as is known here."""
        return _grant(key, self.book.leases.get(short(key)), at, self.terms.drift)

    def sweep(self, at: float) -> None:
        """Say again what we hold, so that a conflict shows; forget what is over."""
        self.book.sweep(at)
        for key, lease in self.book.leases.items():
            if lease.mine and at < lease.until:
                _said(self.channel, Deed("h", key, lease.who, lease.tick, lease.until))

    async def _bid(self, name: str, who: str, until: float, at: float) -> int | None:
        bid = self.book.bid(name, who, tick_of(at), at)
        if bid is None:
            return None
        draft = None
        try:
            gone, deed = Event(), Deed("b", name, who, bid.tick, until)
            draft = _said(self.channel, deed, gone)
            with fail_after(self.terms.patience):
                await gone.wait()
            bid.stands = now() + 2 * self.terms.settle
            for again in (True, False):
                with move_on_after(self.terms.settle / 2):
                    await bid.lost.wait()
                if bid.lost.is_set():
                    return None
                if again:  # lines do get lost
                    _said(self.channel, deed)
        except TimeoutError:
            return None
        finally:
            self.book.drop(name, bid)
            if draft is not None:
                draft.void = True
        if self.book.standing(name, now()) is not None or now() >= until:
            return None
        return self.book.hold(name, who, bid.tick, until + self.terms.drift).number

    def _say(self, deed: Deed) -> None:
        _said(self.channel, deed)

    def _release(self, name: str, lease: Lease | None, at: float) -> int | None:
        if lease is None:
            return None
        lease.until = at
        _said(self.channel, Deed("r", name, lease.who, lease.tick, 0.0))
        return lease.number

    async def _hear(self, event: ChatEvent | Interrupted, at: float) -> None:
        if isinstance(event, Interrupted):
            # An objection may have been among what was missed.
            for bid in chain.from_iterable(self.book.bids.values()):
                if bid.mine:
                    bid.lost.set()
        elif isinstance(event, Signal) and not event.own:
            deed = read_deed(event.text, event.date)
            if deed is not None:
                self.book.hear(deed, at)
