"""Kill -9 in mid-run: the next start works, and nothing learned in good time is missing."""

import os
import random
import subprocess
import sys
import threading
import time

import anyio
import pytest

from wingmate import SqliteStore

# Notes every fact at the moment a bot asks to keep it, before the store has it.
CHILD = """
import sys, time
import wingmate.cli._play as play

class Noted(play.SqliteStore):
    async def learn(self, fact):
        print("LEARN", time.time(), fact.key, fact.seen_at, flush=True)
        return await super().learn(fact)

    async def learn_all(self, facts):
        facts = list(facts)
        for fact in facts:
            print("LEARN", time.time(), fact.key, fact.seen_at, flush=True)
        return await super().learn_all(facts)

play.SqliteStore = Noted
from wingmate.cli import main
sys.exit(main(["demo", "--fast", "--plain", "--seed", "7", "--state", sys.argv[1]]))
"""
GRACE = 2.0  # seconds before the kill from which on nothing is promised


def run_and_kill(state, after):
    """Start the demo, kill it some time after the first fact; give what it had been asked to keep."""
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(state)], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    asked = {}
    first = threading.Event()

    def read():
        for line in process.stdout:
            if line.startswith("LEARN "):
                _, when, key, seen_at = line.split()
                asked.setdefault(key, []).append((float(when), float(seen_at)))
                first.set()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert first.wait(30), "the demo learned nothing: it did not start"
        time.sleep(after)
    finally:
        process.kill()
        killed = time.time()
        process.wait()
        reader.join()
        process.stdout.close()
    return {
        key: max(seen for when, seen in sightings if when < killed - GRACE)
        for key, sightings in asked.items()
        if any(when < killed - GRACE for when, _ in sightings)
    }


def kept(state):
    async def survey():
        async with SqliteStore(state / "knowledge.sqlite") as store:
            return {fact.key: fact.seen_at for fact in await store.survey("")}

    return anyio.run(survey)


@pytest.mark.slow
def test_twenty_kills_lose_nothing_learned_in_time(tmp_path):
    dice = random.Random(0)
    promised = 0
    for _ in range(20):
        expected = run_and_kill(tmp_path, after=dice.uniform(2.0, 3.5))
        facts = kept(tmp_path)
        promised += len(expected)
        missing = {key for key, seen_at in expected.items() if facts.get(key, -1.0) < seen_at}
        assert not missing
    assert promised > 100, "the test must have something to check"
