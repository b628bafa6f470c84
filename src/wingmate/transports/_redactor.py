"""What may not be written down: known secrets, and whatever is typed at a password prompt."""

from __future__ import annotations

import re

from attrs import define, field

from .._secrets import HIDDEN, SHORTEST, redact, revealed

# At the end of what the game printed, colours taken out: "Password? ", "Repeat the password: " ...
PROMPT = r"(?i)(?:pass(?:word|phrase|code|wd)?|pin)\b[^\n]*[?:>]\s*$"
COLOUR = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*)?$")
PIECE = re.compile(rf"{COLOUR.pattern}|.", re.DOTALL)
TAIL = 400  # characters of output that may hold a prompt
LEARNED = 16  # typed secrets remembered in one recording
LONGEST = 128  # characters of one


@define(eq=False)
class Redactor:
    """Blot out secrets in what a game prints and a bot types, however both are cut.

    What is typed after a password prompt, up to the end of the line, becomes one row of dots,
    and is a known secret from then on. While its echo is due, characters that match it are dots.
    """

    prompt: re.Pattern[str] = field(factory=lambda: re.compile(PROMPT))
    _tail: str = field(init=False, default="")
    _held: str = field(init=False, default="")
    _typing: bool = field(init=False, default=False)
    _typed: str = field(init=False, default="")
    _due: str = field(init=False, default="")  # what may still be echoed
    _learned: list[str] = field(init=False, factory=list[str])

    def printed(self, text: str) -> str:
        """Give what may be written of some output; the beginning of a secret is held back."""
        self._tail = (self._tail + text)[-TAIL:]
        if self._due:
            text = self._mask(text)
        text = self._blot(self._held + text)
        known = {*revealed(), *self._learned}
        self._held = _beginning(text, known)
        return text[: len(text) - len(self._held)]

    def held(self) -> str:
        """Give what was held back: something else happens now."""
        text, self._held = self._held, ""
        return text

    def typed(self, text: str) -> str:
        """Give what may be written of some input."""
        shown = ""
        while text:
            if not self._typing and self._asked():
                self._typing, self._typed = True, ""
            if not self._typing:
                # One line at a time: after it the game may ask again.
                line, text = _first_line(text)
                shown += line
                continue
            secret, end, text = _up_to_return(text)
            if secret:
                shown += "" if self._typed else HIDDEN
                self._typed = (self._typed + secret)[:LONGEST]
                self._due = (self._due + secret)[-LONGEST:]
            shown += end
            if end:
                self._typing = False
                self._tail = ""
                self._learn(self._typed)
        return self._blot(shown)

    def _asked(self) -> bool:
        plain = UNFINISHED.sub("", COLOUR.sub("", self._tail))
        return self.prompt.search(plain) is not None

    def _learn(self, secret: str) -> None:
        if len(secret) >= SHORTEST and secret not in self._learned:
            self._learned = [*self._learned[1 - LEARNED :], secret]

    def _blot(self, text: str) -> str:
        for secret in sorted(self._learned, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return redact(text)

    def _mask(self, text: str) -> str:
        # Rather a dot too many than a letter of a password: a wrong dot costs one line of a recording.
        shown: list[str] = []
        for piece in PIECE.findall(text):
            if self._due and piece == self._due[0]:
                self._due = self._due[1:]
                shown.append("*")
                continue
            if piece in "\r\n" and not self._typing:
                self._due = ""
            shown.append(piece)
        return "".join(shown)


def _up_to_return(text: str) -> tuple[str, str, str]:
    """Cut at the first end of a line: before it, it, after it."""
    found = re.search(r"[\r\n]+", text)
    if found is None:
        return text, "", ""
    return text[: found.start()], found[0], text[found.end() :]


def _first_line(text: str) -> tuple[str, str]:
    before, end, after = _up_to_return(text)
    return before + end, after


def _beginning(text: str, secrets: set[str]) -> str:
    """Give the longest end of *text* with which a secret begins."""
    longest = max(map(len, secrets), default=0)
    for length in range(min(longest - 1, len(text)), 0, -1):
        end = text[-length:]
        if any(secret.startswith(end) for secret in secrets):
            return end
    return ""
