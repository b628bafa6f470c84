"""Prompt recognition for 200 rules, and the reader's throughput, beside the obvious ways to do both.

A screen's last line is a prompt (hit) or not (miss). Beside ours: trying each of the 200 regular
expressions in turn, on the last line or, as expect-like tools do, on the screen. The reader is
compared with pyte, a terminal emulator, over the same coloured output.
Run: `python bench/prompts.py [--seconds 0.5]`.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from timeit import Timer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from wingmate.screens import AnsiReader, Prompt, PromptRules, ScreenReader

GOAL = 0.1  # milliseconds
THINGS = (
    "fighters",
    "mines",
    "shields",
    "holds",
    "credits",
    "probes",
    "beacons",
    "colonists",
    "torpedoes",
    "ore",
)
VERBS = ("buy", "sell", "drop", "take", "load", "transfer", "deposit", "withdraw", "jettison")
PLACES = (
    "Computer",
    "Corporate",
    "Planet",
    "Citadel",
    "Shipyard",
    "Bank",
    "Tavern",
    "Police",
    "Library",
    "Cineplex",
)

# `^` stands for the two bytes that begin a colour, `~` for the line end of a coloured line.
AS_SENT = """D~
^1;32mSector  ^33m: ^36m2157 ^0;32min ^34muncharted space.~\
^35mPorts   ^1;33m: ^36mCasion^0;33m, ^1mClass ^36m3 ^0;35m(^32mS^1;36mB^0;32mS^35m)~\
^35mFighters: ^1;36m1^33m,^36m000 ^0;33m(^35myours^33m) ^1;31m[^0;33mDefensive^1;31m]~\
^1;32mWarps to Sector(s) ^33m:  ^36m1049^0;32m - ^1;36m2211^0;32m - ^1;36m2800^0;32m - ^1;36m3100~
^35mCommand [^1;33mTL^0;33m=^1m00:00:00^0;35m]^1;37m:^0;35m[^1;36m2157^0;35m] (^1;33m?=Help^0;35m)? : """


def make_rules() -> list[Prompt]:
    """Two hundred prompts much like a real game's: many begin alike, all end alike."""
    prompts = [Prompt("command", "Command [TL={left}]:[{sector:int}] (?=Help)? : ")]
    prompts += [
        Prompt(f"{place}", f"{place} command [TL={{left}}]:[{{sector:int}}] (?=Help)? ") for place in PLACES
    ]
    prompts += [
        Prompt(f"{verb}-{thing}", f"How many {thing} do you want to {verb} [{{default:int}}] ? ")
        for verb in VERBS
        for thing in THINGS
    ]
    prompts += [Prompt(f"which-{thing}", f"Which {thing} do you want? ") for thing in THINGS]
    prompts += [
        Prompt(f"sure-{thing}", f"Do you really want {{what}} {thing}? (Y/N) [N] ") for thing in THINGS
    ]
    prompts += [Prompt(f"menu-{i}", f"<Shop {i}> Your option (?) ? ") for i in range(50)]
    prompts += [Prompt(f"named-{thing}", f"{{who}} wants your {thing}: ") for thing in THINGS]
    prompts += [Prompt(f"enter-{i}", f"Enter number {i} [{{n:int}}]: ") for i in range(200 - len(prompts))]
    return prompts


def make_screen() -> bytes:
    """One coloured screen of a sector, with its prompt."""
    return AS_SENT.replace("~", "\r\x1b[0m\n").replace("^", "\x1b[").encode("cp437")


def spend(work: Callable[[], object], seconds: float) -> float:
    """Give the best mean of a few spells of running, in seconds a time."""
    timer, times = Timer(work), 1
    while timer.timeit(times) < seconds / 10:
        times *= 2
    return min(timer.repeat(5, times)) / times


def recognition(seconds: float) -> bool:
    """Print what it costs to find the prompt at a screen's end; say whether the goal was met."""
    prompts = make_rules()
    rules = PromptRules(prompts)
    patterns = [prompt.template.pattern for prompt in prompts]
    tails = [re.compile(pattern.pattern + r"\Z") for pattern in patterns]
    hits = [sample(prompt) for prompt in Random(1).sample(prompts, 30)]
    misses = [hit[:-1] for hit in hits] + [f"{hit}x" for hit in hits[:10]] + ["", "How many? "]
    above = AnsiReader().feed(make_screen()).rpartition("\n")[0] + "\n"

    def last_line(screen: str) -> bool:
        return rules.match(screen[screen.rfind("\n") + 1 :]) is not None

    def each_on_last_line(screen: str) -> bool:
        line = screen[screen.rfind("\n") + 1 :]
        return any(pattern.fullmatch(line) for pattern in patterns)

    def each_on_screen(screen: str) -> bool:
        return any(tail.search(screen) for tail in tails)

    rows = {
        "wingmate, indexed by literal text": last_line,
        "each pattern in turn, last line": each_on_last_line,
        "each pattern in turn, screen": each_on_screen,
    }
    print(f"prompt recognition, {len(prompts)} rules, microseconds a screen of {len(above)} characters\n")
    print(f"{'':36}{'hit':>9}{'worst':>9}{'miss':>9}{'worst':>9}")
    worst = 0.0
    for name, look in rows.items():
        assert all(look(above + line) for line in hits)
        costs = []
        for lines in (hits, misses):
            each = [spend(partial(look, above + line), seconds / 30) * 1e6 for line in lines]
            costs += [statistics.mean(each), max(each)]
        print(f"{name:36}" + "".join(f"{cost:>9.2f}" for cost in costs))
        worst = worst or max(costs) / 1000
    verdict = "met" if worst <= GOAL else "MISSED"
    print(f"\ngoal: hit and miss at most {GOAL} ms; the worst was {worst:.4f} ms: {verdict}\n")
    return worst <= GOAL


def sample(prompt: Prompt) -> str:
    """Write what the prompt looks like with its fields filled in."""
    filling = {"text": "00:00:00", "int": "1,234", "word": "Ada", "yes": "No"}
    return "".join(part if isinstance(part, str) else filling[part.kind] for part in prompt.template.parts)


def throughput(seconds: float) -> None:
    screen = make_screen()
    rules = PromptRules(make_rules())
    ansi, with_lines, without = AnsiReader(), ScreenReader(rules), ScreenReader(rules, lines=False)
    for reader in (with_lines, without):
        assert [item for item in reader.feed(screen) if hasattr(item, "match")]
    table: dict[str, Callable[[], object]] = {
        "AnsiReader: bytes to text": lambda: ansi.feed(screen),
        "ScreenReader: lines and prompts": lambda: with_lines.feed(screen),
        "ScreenReader(lines=False)": lambda: without.feed(screen),
        "ScreenReader, byte by byte": lambda: [
            with_lines.feed(screen[i : i + 1]) for i in range(len(screen))
        ],
    }
    try:
        import pyte
    except ImportError:
        print("pyte is not installed (group `bench`): left out")
    else:
        stream = pyte.ByteStream(pyte.Screen(80, 25))
        table["pyte: a screen of 80 by 25"] = lambda: stream.feed(screen)
    print(f"reading a coloured screen of {len(screen)} bytes ending in a prompt, 200 rules\n")
    print(f"{'':34}{'us/screen':>10}{'MB/s':>10}")
    for name, work in table.items():
        cost = spend(work, seconds)
        print(f"{name:34}{cost * 1e6:>10.1f}{len(screen) / cost / 1e6:>10.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=0.5, help="for each measurement, about")
    options = parser.parse_args()
    met = recognition(options.seconds)
    throughput(options.seconds)
    sys.exit(not met)


if __name__ == "__main__":
    main()
