"""Frames: splitting and joining, hearing everything once and in order, whatever the chat does to lines."""

import heapq
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate import Secret
from wingmate.chat import (
    Arrived,
    Delivered,
    Frames,
    Key,
    KeyRing,
    Met,
    Missed,
    Said,
    Signal,
    Undelivered,
)
from wingmate.chat._text import clean
from wingmate.chat._wire import Frame, base36, pack, parse, unpack
from wingmate.errors import IllegalCommand

START = 1_767_225_600.0
RING = KeyRing(Key("A1", Secret("text:correct horse battery staple")))


class Chat:
    """A chat in a loop: every tenth of a second each bot says one line, which the weather has its way with."""

    def __init__(
        self, *names, seed=0, limit=155, loss=0.0, delay=0.0, twice=0.0, cut=0.0, keys=RING, **settings
    ):
        self.dice = Random(seed)
        self.loss, self.delay, self.twice, self.cut = loss, delay, twice, cut
        self.at = START
        self.settings = {"limit": limit, "keys": keys, **settings}
        self.bots = {name: self.make(name) for name in names}
        self.drafts = {name: [] for name in names}
        self.events = {name: [] for name in names}
        self.air = []
        self.lines = []

    def make(self, name):
        return Frames(name=name, born=self.at, **self.settings)

    def join(self, name):
        self.bots[name] = self.make(name)
        self.drafts[name], self.events[name] = [], []

    def say(self, name, line):
        assert len(line) <= self.settings["limit"]
        assert line.isascii()
        assert line.isprintable()
        assert "~" not in line
        self.lines.append((name, line))
        for other in self.bots:
            for _ in range(2 if self.dice.random() < self.twice else 1):
                if other == name or self.dice.random() < self.loss:
                    continue
                text = line[: self.dice.randrange(len(line))] if self.dice.random() < self.cut else line
                due = self.at + self.dice.uniform(0, self.delay)
                heapq.heappush(self.air, (due, self.dice.random(), other, name, text))

    def step(self):
        self.at += 0.1
        for name, frames in self.bots.items():
            self.events[name] += frames.tick(self.at)
            self.drafts[name] += frames.drain()
            if self.drafts[name]:
                draft = min(self.drafts[name], key=lambda d: d.urgency)
                self.drafts[name].remove(draft)
                self.say(name, frames.stamp(draft, self.at))
        while self.air and self.air[0][0] <= self.at:
            _, _, other, name, text = heapq.heappop(self.air)
            self.events[other] += self.bots[other].receive(text, name, self.at)

    def run(self, seconds):
        for _ in range(int(10 * seconds)):
            self.step()

    def arrived(self, name):
        return [event.text for event in self.events[name] if isinstance(event, Arrived)]

    def of(self, name, kind):
        return [event for event in self.events[name] if isinstance(event, kind)]


def story(length=10_000, seed=0):
    dice = Random(seed)
    return "".join(chr(dice.randrange(32, 1000)) for _ in range(length))


# --- codec ------------------------------------------------------------------------------------------


@given(
    st.builds(
        Frame,
        kind=st.sampled_from("abcdens"),
        sender=st.sampled_from(("ann", "Emma_Farmer", "b.o-b9")),
        incarnation=st.integers(0, 36**7),
        number=st.integers(0, 36**6),
        age=st.integers(0, 36**6),
        piece=st.integers(0, 4095),
        pieces=st.integers(1, 4096),
        body=st.text("abcXYZ019_-", max_size=90),
        key=st.sampled_from(("", "A", "A1B2")),
        said=st.just("") | st.sampled_from(("[REQUEST] logs 8", "w1", "a w1d:b")),
    )
)
def test_a_frame_is_read_as_it_was_written(frame):
    assert parse(f"{frame.text()}:abcdef") == (frame, frame.text(), "abcdef")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_text_is_unpacked_as_it_was_packed(text):
    assert unpack(pack(text), largest=2000) == text


@given(st.text("abcZ019_-", max_size=60))
def test_no_body_upsets_the_reader(body):
    unpack(body, largest=100)


def test_a_small_body_cannot_hold_a_huge_text():
    assert unpack(pack("a" * 10_000_000), largest=65_536) is None
    assert unpack(pack("a" * 60_000), largest=65_536) == "a" * 60_000


@given(st.integers(0, 2**60))
def test_numbers_are_written_in_36_digits(number):
    assert int(base36(number), 36) == number


@given(st.text())
def test_cleaned_text_is_clean(text):
    assert clean(clean(text)) == clean(text)
    assert clean(text).isprintable()


@given(
    st.text() | st.from_regex(r"(a )?w1[a-z]A1:ann:[0-9a-z]{1,10}:1:0:[0-9a-z]/[0-9a-z]:[a-z]*:[a-z]{6,12}")
)
def test_hostile_lines_never_upset_a_listener(line):
    for keys in (None, RING):
        frames = Frames(name="bob", limit=155, born=START, keys=keys)
        for event in frames.receive(line, line, START):
            assert isinstance(event, Said)
        assert frames.drain() == []


# --- delivery ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [None, RING])
def test_a_story_crosses_in_fair_weather(keys):
    chat = Chat("ann", "bob", "cat", keys=keys)
    chat.run(1)
    chat.bots["ann"].send(text := story())
    chat.run(60)
    assert chat.arrived("bob") == chat.arrived("cat") == [text]
    assert chat.arrived("ann") == []


@pytest.mark.parametrize("seed", range(3))
def test_a_long_message_crosses_a_bad_radio_exactly_once_unaltered(seed):
    chat = Chat("ann", "bob", limit=155, loss=0.2, delay=3.0, twice=0.1, seed=seed)
    chat.run(1)
    chat.bots["ann"].send(text := story(seed=seed))
    chat.run(400)
    assert chat.arrived("bob") == [text]


@pytest.mark.parametrize("seed", range(4))
def test_messages_come_once_and_in_order_whatever_the_weather(seed):
    chat = Chat("ann", "bob", "cat", loss=0.2, delay=2.0, twice=0.3, cut=0.05, seed=seed, tries=12)
    chat.run(5)
    for n in range(30):
        chat.bots["ann"].send(f"{n} {'x' * chat.dice.randrange(200)}")
        chat.bots["bob"].send(f"{n}", urgent=n % 2 == 0)
        chat.run(chat.dice.uniform(0, 2))
    chat.run(200)
    for name in ("bob", "cat"):
        assert [int(text.split()[0]) for text in chat.arrived(name) if " " in text] == list(range(30))
    assert not chat.of("cat", Missed)
    urgent = [int(event.text) for event in chat.of("ann", Arrived) if event.urgent]
    others = [int(event.text) for event in chat.of("ann", Arrived) if not event.urgent]
    assert (urgent, others) == (list(range(0, 30, 2)), list(range(1, 30, 2)))


def test_the_last_message_is_missed_too():
    chat = Chat("ann", "bob")
    chat.run(1)
    chat.bots["ann"].send("one")
    chat.run(1)
    chat.loss = 1.0
    chat.bots["ann"].send("two")
    chat.run(1)
    chat.loss = 0.0
    chat.run(30)
    assert chat.arrived("bob") == ["one", "two"]


def test_who_dies_is_given_up_and_what_came_after_is_heard():
    chat = Chat("ann", "bob")
    chat.run(1)
    chat.loss = 1.0
    chat.bots["ann"].send("lost")
    chat.run(1)
    chat.loss = 0.0
    chat.bots["ann"].send("heard")
    chat.run(0.5)
    del chat.bots["ann"]
    chat.run(200)
    assert chat.arrived("bob") == ["heard"]
    assert chat.of("bob", Missed) == [Missed("ann", 1)]


def test_a_newcomer_hears_from_now_on_and_asks_for_nothing_older():
    chat = Chat("ann", "bob")
    chat.run(1)
    for n in range(5):
        chat.bots["ann"].send(str(n))
    chat.run(40)
    chat.join("cat")
    chat.run(40)
    chat.bots["ann"].send("5")
    chat.run(40)
    assert chat.arrived("cat") == ["5"]
    assert not chat.of("cat", Missed)


def test_a_bot_that_starts_again_is_heard_from_its_first_word():
    chat = Chat("ann", "bob")
    chat.run(1)
    chat.bots["ann"].send("before")
    chat.run(5)
    chat.join("ann")
    chat.loss = 1.0
    chat.bots["ann"].send("first")
    chat.run(0.5)
    chat.loss = 0.0
    chat.bots["ann"].send("second")
    chat.run(30)
    assert chat.arrived("bob") == ["before", "first", "second"]
    assert chat.of("bob", Met) == [Met("ann"), Met("ann")]


def test_an_answer_is_given_and_missed():
    chat = Chat("ann", "bob", loss=0.3, seed=1)
    chat.run(1)
    first = chat.bots["ann"].send("are you there?", to=("bob",), urgent=True)
    chat.run(60)
    assert chat.of("ann", Delivered) == [Delivered(first)]
    second = chat.bots["ann"].send("and you?", to=("bob", "zoe"))
    chat.run(400)
    assert chat.of("ann", Undelivered) == [Undelivered(second, ("zoe",))]
    assert chat.arrived("bob") == ["are you there?", "and you?"]


def test_an_order_overtakes_a_long_story():
    chat = Chat("ann", "bob")
    chat.run(1)
    chat.bots["ann"].send(story())
    chat.run(2)
    chat.bots["ann"].send("run!", urgent=True)
    chat.run(1)
    assert chat.arrived("bob") == ["run!"]


def test_a_signal_comes_at_once_once_and_to_its_sender_as_its_own():
    chat = Chat("ann", "bob")
    line = chat.bots["ann"].stamp(chat.bots["ann"].signal("mine"), START)
    for _ in range(3):
        for name in ("ann", "bob"):
            chat.events[name] += chat.bots[name].receive(line, "ann", START + 1)
    assert chat.of("bob", Signal) == [Signal(sender="ann", text="mine", date=START, own=False)]
    assert chat.of("ann", Signal) == [Signal(sender="ann", text="mine", date=START, own=True)]
    assert chat.bots["bob"].tally.counts["ann"]["replayed"] == 2


def test_what_is_too_long_is_refused():
    frames = Frames(name="ann", limit=155, born=START, keys=RING)
    with pytest.raises(IllegalCommand, match="at most"):
        frames.send("x" * 70_000)
    with pytest.raises(IllegalCommand, match="fit"):
        frames.signal(story(500))
    with pytest.raises(IllegalCommand, match="line"):
        frames.say("x" * 150)
    with pytest.raises(ValueError, match="needs lines of"):
        Frames(name="ann", limit=60, born=START)


def test_a_flood_of_names_and_of_promises_stays_small():
    bob = Frames(name="bob", limit=400, born=START)
    for n in range(600):
        ann = Frames(name=f"ann{n}", limit=400, born=START)
        ann.send("x" * 900)
        bob.receive(ann.stamp(ann.drain()[0], START), "ann", START)
    assert len(bob._peers) <= 256
    ann = Frames(name="ann", limit=155, born=START)
    for n in range(5):
        ann.send(story(30_000, seed=n))
        for draft in ann.drain()[1:]:
            bob.receive(ann.stamp(draft, START), "ann", START)
    parts = [part for stream in bob._peers["ann"].streams.values() for part in stream.parts.values()]
    assert sum(len(body) for part in parts for body in part.bodies.values()) <= 2 * (65_536 + 4096)
