"""Fuzz the Trade Wars adapter: `python bench/fuzz_adapter.py [libFuzzer options]`, with atheris installed.

Random bytes, and screens from the tests cut and spliced by the fuzzer, fed in two cuts: the events must
be the same, nothing may be raised, and the memory must stay small. What it finds belongs in
`tests/test_tw2002_fuzz.py`, among the findings.

Needs a Python with `atheris` and the package's own dependencies; the package itself is taken from `src`.
"""

from __future__ import annotations

import codecs
import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "src"))

with atheris.instrument_imports(include=["wingmate"]):
    from wingmate.tw2002._adapter import TradeWars

ENDS = {"<<": "\r\x1b[0m\n", "<-": "\r\n", "< ": ""}


def screens() -> list[bytes]:
    """Give the bytes of every screen the tests have."""
    found = []
    for path in sorted((ROOT / "tests" / "data" / "tw2002").glob("*.screen")):
        printed = b""
        for line in path.read_text("utf-8").splitlines():
            if line[:2] in ENDS:
                text = line[2:] if line[:2] == "< " else line[3:]
                printed += codecs.escape_decode(text.replace("\\e", "\\x1b").encode("ascii"))[0]
                printed += ENDS[line[:2]].encode("ascii")
        found.append(printed)
    return found


SCREENS = screens()


def compose(provider: atheris.FuzzedDataProvider) -> bytes:
    """Let the fuzzer put a session together."""
    session = b""
    for _ in range(provider.ConsumeIntInRange(1, 6)):
        if provider.ConsumeBool():
            screen = SCREENS[provider.ConsumeIntInRange(0, len(SCREENS) - 1)]
            start = provider.ConsumeIntInRange(0, len(screen))
            session += screen[start : start + provider.ConsumeIntInRange(0, 800)]
        else:
            session += provider.ConsumeBytes(provider.ConsumeIntInRange(0, 120))
    return session


def listen(pieces: list[bytes]) -> list[object]:
    """Read a session in the given pieces."""
    adapter = TradeWars()
    told = [event for piece in pieces for event in adapter.receive(piece)]
    assert len(adapter.screen()) < 300_000
    assert adapter.close() in {b"", b"qy"}
    return told


def one_input(data: bytes) -> None:
    """Try one input of the fuzzer."""
    provider = atheris.FuzzedDataProvider(data)
    raw = provider.ConsumeBool()
    cut = provider.ConsumeIntInRange(0, 2000)
    session = provider.ConsumeBytes(4000) if raw else compose(provider)
    whole = listen([session])
    assert whole == listen([session[:cut], session[cut:]]), (cut, session)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
