"""One player's screen and keyboard: what is typed, echoed, and shown in between.

Keys are used up prompt by prompt, whatever was typed ahead stays. Nothing more is read from the
link while keys are left, so the type-ahead is bounded by one chunk; nothing is sent before the
server has to wait for a key, so a burst of keys costs one write.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable

from anyio import CancelScope, Event, sleep
from attrs import define, field

from . import _ink as ink
from ._wire import Wire

SHEET = 32_768  # characters collected before they are sent in any case
QUEUED = 20  # messages kept while the player sits at a question; the documented number
STUCK = 30  # Invented: seconds a client may refuse to take what we send
CR, BACKSPACE, DELETE = 13, 8, 127
PRINTABLE = range(32, 126)  # without the tilde, which the game's own texts use for colours


@define(eq=False)
class Session:
    """A terminal, seen from the game."""

    _wire: Wire
    node: int
    latency: float = 0.0
    name: str = ""
    where: str = "Menu"
    ansi: bool = True
    idle: int = field(init=False, default=0)
    life: CancelScope = field(init=False, factory=CancelScope)
    game: CancelScope | None = field(init=False, default=None)
    _keys: bytes = field(init=False, default=b"")
    _at: int = field(init=False, default=0)
    _out: list[str] = field(init=False, factory=list[str])
    _size: int = field(init=False, default=0)
    _prompt: str = field(init=False, default="")
    _typed: str = field(init=False, default="")
    _open: bool = field(init=False, default=False)
    _stacked: bool = field(init=False, default=False)
    _waiting: bool = field(init=False, default=False)
    _sending: bool = field(init=False, default=False)
    _stuck: int = field(init=False, default=0)
    _aside: Event | None = field(init=False, default=None)
    _news: deque[str] = field(init=False, factory=lambda: deque[str](maxlen=QUEUED))

    # --- showing ------------------------------------------------------------------------------

    def put(self, text: str) -> None:
        """Show text as it is."""
        self._out.append(text)
        self._size += len(text)

    def line(self, text: str = "") -> None:
        """Show a coloured line."""
        self.put(text + ink.nl)

    def blank(self) -> None:
        """Show an empty line."""
        self.put(ink.blank)

    async def flush(self) -> None:
        """Send what was shown so far."""
        if not self._out:
            return
        while self._aside is not None:
            await self._aside.wait()
        text = "".join(self._out)
        self._out.clear()
        self._size = 0
        await self._send(text)

    async def drain(self) -> None:
        """In a long listing: send, if enough has been collected."""
        if self._size > SHEET:
            await self.flush()

    async def delay(self, seconds: float) -> None:
        """Let the player watch for a while."""
        if seconds > 0:
            await self.flush()
            await sleep(seconds)

    async def _send(self, text: str) -> None:
        self._sending, self._stuck = True, 0
        data = (text if self.ansi else ink.plain(text)).encode("latin-1", "replace")
        try:
            await self._wire.send(data)
        finally:
            self._sending = False

    # --- typing -------------------------------------------------------------------------------

    async def key(self) -> int:
        """Wait for one key."""
        while self._at >= len(self._keys):
            await self._refill()
        key = self._keys[self._at]
        self._at += 1
        if self._size > SHEET:
            await self.flush()
        return key

    async def _refill(self) -> None:
        await self.flush()
        self._waiting = True
        try:
            self._keys, self._at = await self._wire.receive(), 0
        finally:
            self._waiting = False
        self.idle = 0
        if self.latency and self._keys:
            await sleep(self.latency)

    def typed_ahead(self, keys: bytes) -> None:
        """Keep keys that came before the first prompt."""
        self._keys, self._at = keys, 0

    def pose(self, prompt: str, *, news: bool = False) -> None:
        """Show a prompt; with *news*, first what was heard, and later interruptions over it."""
        self._open, self._typed = news, ""
        if news and self._news:
            self.put(self._take_news())
        self._prompt = prompt
        self.put(prompt)
        self._stacked = False

    def echo(self, text: str) -> None:
        """Show a typed character, and remember it in case the prompt is drawn again."""
        self._typed += text
        self.put(text)

    def rub_out(self) -> None:
        """Take back the last typed character."""
        if self._typed:
            self._typed = self._typed[:-1]
            self.put("\b \b")

    @property
    def typed(self) -> str:
        """What is on the input line."""
        return self._typed

    async def hot(self, prompt: str, keys: str, *, default: str = "", news: bool = False) -> str:
        """Wait for one of *keys*, in upper case; Enter means the default. Others are ignored.

        Nothing is echoed: what a key shows differs from prompt to prompt.
        """
        self.pose(prompt, news=news)
        while True:
            key = await self.key()
            if key == CR and default:
                return default
            letter = chr(key).upper()
            if letter in keys:
                return letter

    async def choose(self, prompt: str, keys: str, *, default: str = "", news: bool = False) -> str:
        """Wait for one of *keys* and echo it, with a new line; Enter echoes nothing."""
        self.pose(prompt, news=news)
        while True:
            key = await self.key()
            if key == CR and default:
                self.line()
                return default
            letter = chr(key).upper()
            if letter in keys:
                self.line(letter)
                return letter

    async def yes(self, prompt: str, *, default: bool = False) -> bool:
        """Ask a Yes/No question; the whole word is echoed."""
        answer = await self.hot(prompt, "YN", default="Y" if default else "N") == "Y"
        self.line("Yes" if answer else "No")
        return answer

    async def number(self, prompt: str, most: int, default: int = 0) -> int:
        """Ask for a number; a digit that would take it over *most* is dropped, the rest is kept."""
        text = await self.digits(prompt, most)
        return int(text) if text else default

    async def digits(self, prompt: str, most: int, *, complete: bool = False) -> str:
        """Ask for digits up to *most*; with *complete*, end as soon as no further digit fits."""
        self.pose(prompt)
        text = await self.more_digits(most, complete=complete)
        self.line()
        return text

    async def more_digits(self, most: int, *, complete: bool = False) -> str:
        """Read digits onto the line that has been begun, until Enter."""
        longest = len(str(most))
        while not (complete and self._typed and int(self._typed) * 10 > most):
            key = await self.key()
            if key == CR:
                break
            if key in (BACKSPACE, DELETE):
                self.rub_out()
            elif 48 <= key <= 57 and len(self._typed) < longest and int(self._typed + chr(key)) <= most:
                self.echo(chr(key))
        return self._typed

    async def text(self, prompt: str, longest: int, *, mask: str = "", end: str = ink.nl) -> str:
        """Ask for a line; characters over the limit are not taken."""
        self.pose(prompt)
        return await self.more_text(longest, mask=mask, end=end)

    async def more_text(self, longest: int, *, mask: str = "", end: str = ink.nl) -> str:
        """Read a line onto what has been begun, until Enter."""
        letters: list[str] = []
        room = longest - len(self._typed)
        begun = self._typed if not mask else ""
        while (key := await self.key()) != CR:
            if key in (BACKSPACE, DELETE):
                if letters:
                    letters.pop()
                    self.rub_out()
            elif key in PRINTABLE and len(letters) < room:
                letters.append(chr(key))
                self.echo(mask or chr(key))
        self.put(end)
        return begun + "".join(letters)

    async def pause(self) -> None:
        """Wait for any key."""
        self.pose(f"{ink.m}[Pause]")
        await self.key()
        self.line()

    # --- hearing ------------------------------------------------------------------------------

    def hear(self, text: str) -> None:
        """Tell the player something, at the next command prompt or over the present one."""
        self._news.append(text)

    def _take_news(self, *, again: bool = False) -> str:
        over = ink.erase + (ink.up if again else "")
        text = over + "".join(line + ink.nl for line in self._news) + ink.blank
        self._news.clear()
        return text

    def interruption(self, warning: str = "") -> Callable[[], Awaitable[None]] | None:
        """Give the job of interrupting the player who sits at a prompt, if there is reason to.

        The caller runs it as a task; until it is done, the session itself sends nothing.
        """
        if not self._waiting or self._sending or self._aside is not None:
            return None
        if warning:
            self._news.appendleft(warning)
        elif not (self._open and self._news):
            return None
        text = self._take_news(again=self._stacked) + self._prompt + self._typed
        self._stacked = True
        self._aside = Event()
        return lambda: self._interrupt(text)

    async def _interrupt(self, text: str) -> None:
        done = self._aside
        assert done is not None
        try:
            await self._send(text)
        finally:
            self._aside = None
            done.set()

    def second(self) -> None:
        """Let one second pass: count idleness, and hang up on a client that takes nothing."""
        self.idle += 1
        if self._sending:
            self._stuck += 1
            if self._stuck > STUCK:
                self.hang_up()

    def reword(self, old: str, new: str) -> None:
        """Draw a prompt that has come to say something false otherwise from the next time on."""
        if self._prompt == old:
            self._prompt = new

    def end_game(self) -> None:
        """Throw the player out of the game, back to the server's menu, with the last news."""
        if self.game is not None:
            self._waiting = False
            if self._news:
                self.put(self._take_news())
            self.game.cancel()

    def hang_up(self) -> None:
        """End the connection."""
        self.life.cancel()
