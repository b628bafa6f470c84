"""A store whose facts live on signs in the world, four lines of fifteen characters each."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from types import MappingProxyType

from attrs import define, field

from .._clock import now
from .._facts import Fact, Json
from ..abc import KnowledgeStore
from ._hands import Hands, TurnedDown
from ._spot import Spot
from .world.tables import FINDABLE, SIGN_WIDTH

ROWS, ALONG = (-5, -3), range(-5, 6, 2)  # columns of the grid of signs, from the anchor
SEARCH = 32  # blocks around the anchor in which signs are read
MOST_PENDING = 64
READER = "(a sign)"  # who saw what a sign tells
LONG_AGO = 1.0  # the date of what a sign tells: any other sighting is newer
# Kinds of facts that fit on a sign, what stands in its first line, and which block must be there.
KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"village": ("[VILLAGE]", ""), "chest": ("[CHEST]", "chest"), "craft": ("[CRAFT]", "table"),
     "farm": ("[FARM]", ""), "forest": ("[FOREST]", "")}
)  # fmt: skip
_NUMBER = re.compile(r"([XYZ]): (-?\d{1,9})", re.ASCII)


def sign_text(key: str, value: Json) -> tuple[str, ...] | None:
    """Give a sign's four lines for a fact, or None if it does not fit on one.

    Facts that fit are of the kinds `village`, `chest`, `craft`, `farm` and `forest`, alone or with
    anything behind a slash, and their values are places: `{"x": 1, "y": 2, "z": 3}`.
    """
    kind = KINDS.get(key.partition("/")[0])
    if kind is None or not isinstance(value, Mapping) or set(value) != {"x", "y", "z"}:
        return None
    parts = [value[axis] for axis in "xyz"]
    if any(type(part) is not int for part in parts):
        return None
    lines = (kind[0], *(f"{axis}: {part}" for axis, part in zip("XYZ", parts, strict=True)))
    return lines if all(len(line) <= SIGN_WIDTH for line in lines) else None


def read_sign(lines: tuple[str, ...]) -> tuple[str, Spot] | None:
    """Give the kind and the place that a sign tells, or None if it is not one of ours."""
    kinds = {head: kind for kind, (head, _) in KINDS.items()}
    numbers = [_NUMBER.fullmatch(line.strip()) for line in lines[1:]]
    if len(lines) != 4 or lines[0].strip() not in kinds or not all(numbers):
        return None
    found = {number[1]: int(number[2]) for number in numbers if number is not None}
    if set(found) != set("XYZ"):
        return None
    return kinds[lines[0].strip()], Spot(found["X"], found["Y"], found["Z"])


def key_of(kind: str, spot: Spot) -> str:
    """Give the key of what a sign tells: there is one village, one crafting table, and many others."""
    return kind if kind in {"village", "craft"} else f"{kind}/{spot.x},{spot.y},{spot.z}"


@define(eq=False)
class SignStore:
    """Knowledge in the world: what fits is also written on signs, and read from them after a death.

    `behind` holds everything, what does not fit on signs for as long as it lasts itself, and all
    claims: a sign cannot lease. What a sign tells is older than any other sighting and has no
    lifetime. `write_pending` and `load` do the work in the world; `learn` only queues, and of more
    than 64 facts that wait for a sign the oldest stay unwritten.
    """

    behind: KnowledgeStore
    pending: deque[Fact] = field(init=False, factory=lambda: deque[Fact](maxlen=MOST_PENDING))
    known: dict[Spot, tuple[str, Spot]] = field(init=False, factory=dict[Spot, "tuple[str, Spot]"])
    stale: set[Spot] = field(init=False, factory=set[Spot])

    # --- the store ----------------------------------------------------------------------------------

    async def learn(self, fact: Fact) -> bool:
        """Keep a fact if it supersedes what is known, and queue it for a sign if it fits on one."""
        news = await self.behind.learn(fact)
        waiting = [(fact.key, fact.value) for fact in self.pending]
        fits = fact.ttl is None and sign_text(fact.key, fact.value) is not None
        if news and fits and (fact.key, fact.value) not in waiting:
            self.pending.append(fact)
        return news

    async def recall(self, key: str) -> Fact | None:
        """Give the fact under *key*, unless it has expired."""
        return await self.behind.recall(key)

    async def survey(self, prefix: str) -> list[Fact]:
        """List the facts whose keys start with *prefix*, by key, expired ones left out."""
        return await self.behind.survey(prefix)

    async def claim(self, key: str, who: str, *, until: float) -> int | None:
        """Lease *key* in the store behind."""
        return await self.behind.claim(key, who, until=until)

    # --- the world ----------------------------------------------------------------------------------

    async def load(self, hands: Hands) -> int:
        """Read every sign in sight, believe those whose block is there; say how many were news."""
        news = 0
        self.known.clear()
        self.stale.clear()
        for sign in await hands.find("sign", SEARCH, 32):
            try:
                told = read_sign(await hands.read(sign))
                if told is None:
                    continue  # somebody else's words, or none yet
                if not await self._true(hands, *told):
                    self.stale.add(sign)
                    continue
            except TurnedDown:
                continue  # it was taken away meanwhile, or is out of sight
            self.known[sign] = told
            kind, spot = told
            key = key_of(kind, spot)
            if await self.behind.recall(key) is None:
                value = {"x": spot.x, "y": spot.y, "z": spot.z}
                news += await self.behind.learn(Fact(key, value, LONG_AGO, READER))
        return news

    async def _true(self, hands: Hands, kind: str, spot: Spot) -> bool:
        block = KINDS[kind][1]
        assert block in FINDABLE or not block
        return not block or await hands.see(spot) == block

    async def write_pending(self, hands: Hands, anchor: Spot) -> int:
        """Put what waits on signs, as far as there are signs in the bag; say how many were written."""
        written = 0
        await self.load(hands)
        told = {key_of(*what) for what in self.known.values()}
        while self.pending:
            fact = self.pending[0]
            lines = sign_text(fact.key, fact.value)
            assert lines is not None
            what = read_sign(lines)
            assert what is not None
            if key_of(*what) not in told:
                if not await self._write(hands, anchor, lines):
                    break
                told.add(key_of(*what))
                written += 1
            self.pending.popleft()
        return written

    async def _write(self, hands: Hands, anchor: Spot, lines: tuple[str, ...]) -> bool:
        sign = await self._free_sign(hands, anchor)
        if sign is None:
            return False
        await hands.go(sign, 4)
        await hands.write(sign, lines)
        if await hands.read(sign) != lines:
            return False  # somebody else wrote at the same time
        self.stale.discard(sign)
        return True

    async def _free_sign(self, hands: Hands, anchor: Spot) -> Spot | None:
        """Find a sign that tells nothing true, or put one up at the first free place of the grid."""
        for sign in sorted(self.stale):
            return sign
        if not (await hands.bag()).get("sign"):
            return None
        for z in ROWS:
            ground = await hands.scan(anchor.x + ALONG[0], anchor.z + z, len(ALONG) * 2 - 1, 1)
            for x in ALONG:
                spot = Spot(anchor.x + x, ground[anchor.x + x, anchor.z + z] + 1, anchor.z + z)
                if await hands.see(spot) in {"air", "tallgrass"}:
                    await hands.go(spot, 4)
                    await hands.place("sign", spot)
                    return spot
        return None

    async def note(self, key: str, spot: Spot, who: str) -> None:
        """Learn where something is, now."""
        value = {"x": spot.x, "y": spot.y, "z": spot.z}
        known = await self.behind.recall(key)
        if known is None or known.value != value or known.seen_by == READER:
            await self.learn(Fact(key, value, now(), who))

    async def place(self, key: str) -> Spot | None:
        """Give the place under a key."""
        fact = await self.recall(key)
        return None if fact is None else place_of(fact)


def place_of(fact: Fact) -> Spot | None:
    """Give the place that a fact tells, if it tells one."""
    if sign_text(fact.key, fact.value) is None:
        return None
    assert isinstance(fact.value, Mapping)
    x, y, z = (fact.value[axis] for axis in "xyz")
    assert isinstance(x, int)
    assert isinstance(y, int)
    assert isinstance(z, int)
    return Spot(x, y, z)
