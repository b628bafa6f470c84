"""How hypothesis works here: the same examples every time, few by default.

`HYPOTHESIS_PROFILE=deep` looks longer and elsewhere each time.
"""

import os
import re
from contextlib import suppress

from anyio import BrokenResourceError, EndOfStream, fail_after, move_on_after
from anyio.abc import ByteStream
from attrs import define
from hypothesis import HealthCheck, settings
from pytest import fixture, raises  # noqa: PT013 - a decorator reads best by its name

from wingmate.testing import simulate

settings.register_profile(
    "fast",
    deadline=None,  # machines differ, promises do not
    max_examples=50,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", settings.get_profile("fast"), max_examples=2_000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


@define(eq=False)
class Terminal:
    """A scripted player of the universe: types keys, and reads on until it has seen a text."""

    stream: ByteStream
    heard: bytes = b""

    async def type(self, keys: bytes) -> None:
        await self.stream.send(keys)

    async def until(self, text: bytes, within: float = 90.0) -> bytes:
        """Give what came, up to and including *text*; the rest stays."""
        try:
            with fail_after(within):
                while (place := self.heard.find(text)) < 0:
                    self.heard += await self.stream.receive()
        except (TimeoutError, EndOfStream) as exc:
            raise AssertionError(f"waited for {text!r}, got {self.heard[-600:]!r}") from exc
        place += len(text)
        found, self.heard = self.heard[:place], self.heard[place:]
        return found

    async def ask(self, keys: bytes, text: bytes) -> bytes:
        """Type, and read on until a text comes."""
        await self.type(keys)
        return await self.until(text)

    async def rest(self, seconds: float = 0.5) -> bytes:
        """Give whatever comes within some seconds; also what came before the far end hung up."""
        with move_on_after(seconds), suppress(EndOfStream, BrokenResourceError):
            while True:
                self.heard += await self.stream.receive()
        found, self.heard = self.heard, b""
        return found

    async def dial(self, name: str) -> None:
        """Get to the start menu."""
        await self.type(b"\xff\xfb\xf6" + name.encode() + b"\rA")
        await self.until(b"[Pause]")
        await self.ask(b" ", b"Enter your choice: ")

    async def join(self, name: str, password: str = "secret", *, planet: bool = True) -> None:
        """Make a new character and come to the command prompt."""
        await self.dial(name)
        await self.ask(b"T\r\r", b"[Pause]")
        await self.ask(b" ", b"\x1b[37;44m) ")
        word = password.encode() + b"\r"
        await self.ask(b"Y" + word + word, b"[Pause]")
        await self.ask(b" B", b"(30 letters)")
        if planet:
            await self.ask(b"Old Tub\rY", b"home planet?")
            await self.ask(b"Rock\r", b"[D] ")
            await self.ask(b"Q", b"?=Help\x1b[0;35m)? : ")
        else:
            await self.ask(b"Old Tub\rY", b"?=Help\x1b[0;35m)? : ")

    async def enter(self, name: str, password: str = "secret") -> bytes:
        """Come back as a known player, to the command prompt."""
        await self.dial(name)
        return await self.ask(b"T\r\r " + password.encode() + b"\r  ", b"?=Help\x1b[0;35m)? : ")


@fixture(scope="session")
def terminal():
    """The class of scripted players."""
    return Terminal


@fixture(scope="session")
def catches():
    """Run a check that must fail, and look at what it says."""

    def look(check, *args, match, **settings):
        async def story():
            await check(*args, **settings)

        with raises((AssertionError, ExceptionGroup)) as caught:
            simulate(story)
        error = caught.value
        while isinstance(error, ExceptionGroup):
            assert len(error.exceptions) == 1, error.exceptions
            error = error.exceptions[0]
        assert isinstance(error, AssertionError)
        assert re.search(match, str(error)), str(error)

    return look
