"""Unknown screens, kept for whoever writes the missing rule, and a look at what rules make of them."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from enum import Enum
from itertools import count
from pathlib import Path

from attrs import frozen

from .._clock import now as wingmate_now
from .._secrets import redact
from ._items import Interjected
from ._rules import Interjection, Prompt, PromptRules
from ._sieve import Sieve
from ._template import Field, Template

LARGEST = 65_536  # characters of a screen that are kept, the last ones
NEAR = 4  # characters of literal text that make a near miss
MOST_NEAR = 5  # near misses told for each line
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


def capture(screen: str, directory: Path | str, *, now: float | None = None, name: str = "screen") -> Path:
    """Write a screen to a new file that only its owner can read, secrets blotted out.

    The folder is made if need be; *now* is a date, that of `wingmate.now()` if left out.
    """
    directory = Path(directory)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    date = datetime.fromtimestamp(wingmate_now() if now is None else now, UTC)
    stem = f"{date:%Y%m%d-%H%M%S}-{_UNSAFE.sub('-', name)[:64].strip('-.') or 'screen'}"
    text = redact(screen)[-LARGEST:].encode("utf-8", "backslashreplace")
    for number in count(1):
        path = directory / (f"{stem}.txt" if number == 1 else f"{stem}-{number}.txt")
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(handle, "wb") as file:
            file.write(text)
        return path
    raise AssertionError("counting ended")


class Fit(Enum):
    """How well a rule fits a line."""

    WHOLE = "fits"  # the whole line
    BEGINS = "begins"  # the line begins with the prompt; the rest is typing, or another prompt
    NEAR = "nearly"  # some of the literal text is there


@frozen
class Clue:
    """What one rule makes of one line of a screen; `fields` if it fits, `why` if it nearly does."""

    line: str
    name: str
    fit: Fit
    fields: str = ""
    why: str = ""

    def __str__(self) -> str:
        return f"{self.line!r}: {self.fit.value} {self.name} {self.fields or self.why}".rstrip()


def explain(
    rules: PromptRules, text: str, *, interjections: tuple[Interjection | Prompt, ...] = ()
) -> list[Clue]:
    """Say which rules fit which lines of a captured screen, and which nearly do, and why not."""
    sieve = Sieve.of(rules, interjections)
    clues: list[Clue] = []
    before = ""
    for line in text.split("\n"):
        fitting = _fitting(sieve, line, before)
        clues += fitting or _near(sieve, line, before)
        if line.strip():
            before = line
            if opening := sieve.prompts.opening(line):
                clues.append(Clue("", opening.name, Fit.WHOLE))
    return clues


def _fitting(sieve: Sieve, line: str, before: str) -> list[Clue]:
    clues = [
        Clue(line, match.name, Fit.WHOLE if match.text == line else Fit.BEGINS, _fields(match.fields))
        for match in sieve.prompts.beginnings(line, before=before)
    ]
    interjected: Interjected | None = sieve.interjection(line)
    if interjected:
        clues.append(Clue(line, interjected.name, Fit.WHOLE, _fields(interjected.fields)))
    return clues


def _fields(fields: dict[str, str | int | bool]) -> str:
    return " ".join(f"{name}={value!r}" for name, value in fields.items())


def _near(sieve: Sieve, line: str, before: str) -> list[Clue]:
    found: list[tuple[int, Clue]] = []
    for prompt in sieve.prompts.prompts:
        if not prompt.template.parts:
            continue
        end, part = prompt.template.reach(line)
        if part is not None and end >= NEAR:
            found.append((end, Clue(line, prompt.name, Fit.NEAR, why=_why(prompt.template, line, end, part))))
        elif part is None and prompt.after is not None:
            why = f"but comes after {prompt.after.source!r}, not after {before!r}"
            found.append((end, Clue(line, prompt.name, Fit.NEAR, why=why)))
    found.sort(key=lambda pair: -pair[0])
    return [clue for _, clue in found[:MOST_NEAR]]


def _why(template: Template, line: str, end: int, part: str | Field) -> str:
    wanted = repr(part) if isinstance(part, str) else f"the field {part.name!r} ({part.kind})"
    return (
        f"{template.source!r}, but after {end} characters came {line[end : end + 20]!r} instead of {wanted}"
    )
