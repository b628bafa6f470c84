"""Who belongs to the crew, and who may order whom.

The tag on a line is a keyed BLAKE2s, from the standard library: a message authentication code by
design, and all that is needed among bots that share a key. A library for more (libsodium) would add
signatures of 86 characters, more than half a line of some radios, and a second install.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from enum import Enum
from hashlib import blake2s
from hmac import compare_digest
from zlib import crc32

from attrs import define, field, frozen

from .._secrets import Secret
from ..errors import ConfigError

SHORTEST = 16  # characters of a key; less could be guessed by somebody who recorded one line
TAG = 9  # bytes, 12 characters: one forgery in 4,722,366,482,869,645,213,696 tries gets through
_KEY_ID = re.compile(r"[A-Z0-9]{1,4}", re.ASCII)


def _short(_instance: object, _attribute: object, value: str) -> None:
    if not _KEY_ID.fullmatch(value):
        raise ValueError(f"a key's id is 1 to 4 capitals or digits, got {value!r}")


@frozen
class Key:
    """A crew's secret, and the id that stands for it in every line."""

    id: str = field(validator=_short)
    secret: Secret


def _differ(instance: KeyRing, _attribute: object, _value: object) -> None:
    ids = [key.id for key in instance]
    if len(set(ids)) < len(ids):
        raise ValueError(f"the keys of a ring have different ids, got {', '.join(ids)}")


@frozen
class KeyRing:
    """The key to sign with, and others that are understood too.

    To change keys: give everybody the new one as `also`; when all have it, sign with it and keep the
    old one as `also`; when all do, leave the old one out.
    """

    sign: Key
    also: tuple[Key, ...] = field(default=(), validator=_differ)

    def __iter__(self) -> Iterator[Key]:
        yield self.sign
        yield from self.also


@frozen
class Authority:
    """Who may order whom, by name: `Authority({"ann": ("bob", "cat"), "chief": ("*",)})`."""

    may: Mapping[str, tuple[str, ...]]

    def allows(self, who: str, whom: str) -> bool:
        """Say whether an order from *who* to *whom* counts."""
        names = self.may.get(who, ())
        return whom in names or "*" in names


class Verdict(Enum):
    """What a tag says about its line."""

    GOOD = "good"
    FORGED = "forged"
    STRANGE_KEY = "strange key"
    ALTERED = "altered"
    UNSIGNED = "unsigned"


@define(eq=False)
class Seal:
    """Makes and checks the tags of one crew; without keys, tags tell damage but not forgery."""

    ring: KeyRing | None = None
    key_id: str = field(init=False, default="")
    _secrets: dict[str, bytes] = field(init=False, repr=False, factory=dict[str, bytes])

    def __attrs_post_init__(self) -> None:
        if self.ring is None:
            return
        self.key_id = self.ring.sign.id
        for key in self.ring:
            text = key.secret.reveal()
            if len(text) < SHORTEST:
                raise ConfigError(f"the crew's key {key.id} is shorter than {SHORTEST} characters")
            self._secrets[key.id] = blake2s(text.encode(), person=b"wingmate").digest()

    def tag(self, text: str) -> str:
        """Make the tag for a text."""
        if self.ring is None:
            return _readable(crc32(text.encode()).to_bytes(4, "big"))
        return self._mac(self.key_id, text)

    def judge(self, key_id: str, text: str, tag: str) -> Verdict:
        """Say what the tag is worth."""
        if self.ring is None:
            # A line signed with a key we do not have says nothing to us, true or not.
            if key_id:
                return Verdict.STRANGE_KEY
            return Verdict.GOOD if tag == self.tag(text) else Verdict.ALTERED
        if not key_id:
            return Verdict.UNSIGNED
        if key_id not in self._secrets:
            return Verdict.STRANGE_KEY
        good = compare_digest(tag, self._mac(key_id, text))
        return Verdict.GOOD if good else Verdict.FORGED

    def _mac(self, key_id: str, text: str) -> str:
        return _readable(blake2s(text.encode(), key=self._secrets[key_id], digest_size=TAG).digest())


def _readable(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
