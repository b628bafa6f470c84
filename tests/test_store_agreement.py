"""The store in memory and the one in a file agree on everything, whatever happens."""

from __future__ import annotations

from pathlib import Path

from anyio.from_thread import start_blocking_portal
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from wingmate import Fact, MemoryStore
from wingmate._clock import calendar
from wingmate.stores import SqliteStore

keys = st.sampled_from(["a", "a/1", "a/10", "b/1", "c/\U0010ffff"])
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)
facts = st.builds(
    Fact,
    keys,
    values,
    st.integers(95, 110).map(float),
    st.sampled_from(["ann", "bob"]),
    ttl=st.none() | st.sampled_from([-1.0, 0.0, 1.5, 7.0]),
)


class Agreement(RuleBasedStateMachine):
    """Whatever is asked of both stores, with the clock going on and the file closed and opened."""

    directory: Path
    count = 0

    @initialize()
    def begin(self):
        type(self).count += 1
        self.date = 100.0
        self.memory = MemoryStore(ttl={"b": 3.0})
        self.path = self.directory / f"{self.count}.db"
        self.loop = start_blocking_portal()
        self.portal = self.loop.__enter__()
        self.open()

    def open(self):
        self.file = SqliteStore(self.path, ttl={"b": 3.0}, durable=False)
        self.block = self.portal.wrap_async_context_manager(self.file)
        self.block.__enter__()

    def teardown(self):
        if hasattr(self, "loop"):
            self.block.__exit__(None, None, None)
            self.loop.__exit__(None, None, None)

    def ask(self, method, *args, **options):
        async def both():
            calendar.set(lambda: self.date)
            return [await getattr(store, method)(*args, **options) for store in (self.memory, self.file)]

        memory, file = self.portal.call(both)
        assert memory == file

    @rule(fact=facts)
    def learn(self, fact):
        self.ask("learn", fact)

    @rule(facts=st.lists(facts, max_size=5))
    def learn_all(self, facts):
        self.ask("learn_all", facts)

    @rule(key=keys)
    def recall(self, key):
        self.ask("recall", key)

    @rule(prefix=st.sampled_from(["", "a", "a/", "a/1", "c/", "c/\U0010ffff", "\U0010ffff"]))
    def survey(self, prefix):
        self.ask("survey", prefix)

    @rule(key=keys, who=st.sampled_from(["ann", "bob"]), ends=st.integers(-2, 6))
    def claim(self, key, who, ends):
        self.ask("claim", key, who, until=self.date + ends)

    @rule(seconds=st.sampled_from([0.5, 1.0, 2.5]))
    def time_goes_on(self, seconds):
        self.date += seconds

    @rule()
    def restart(self):
        self.block.__exit__(None, None, None)
        self.open()

    @invariant()
    def both_know_the_same(self):
        if hasattr(self, "loop"):
            self.ask("survey", "")
            self.ask("holder", "a/1")


def test_both_stores_agree_on_everything(tmp_path):
    Agreement.directory = tmp_path
    Agreement.TestCase.settings = settings(max_examples=25, stateful_step_count=20)
    Agreement.TestCase("runTest").runTest()
