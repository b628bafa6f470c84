"""Keys: forged, replayed and altered lines change nothing and are counted."""

from random import Random

import pytest

from wingmate import Secret
from wingmate.chat import Arrived, Authority, Belated, Frames, Key, KeyRing, Said, Signal
from wingmate.errors import ConfigError, IllegalCommand

START = 1_767_225_600.0
OLD = Key("A1", Secret("text:correct horse battery staple"))
NEW = Key("A2", Secret("text:another horse another staple"))
WRONG = Key("A1", Secret("text:a spy who guesses very badly"))


def bot(name, *keys, limit=155, born=START):
    return Frames(name=name, limit=limit, born=born, keys=KeyRing(keys[0], keys[1:]) if keys else None)


def said(frames, text, at=START, **how):
    frames.send(text, **how)
    return [frames.stamp(draft, at) for draft in frames.drain()]


def heard(frames, lines, at=START, who="ann"):
    return [event for line in lines for event in frames.receive(line, who, at)]


def words(events):
    return [event.text for event in events if isinstance(event, Arrived | Signal | Said)]


def test_who_has_the_key_is_heard():
    assert words(heard(bot("bob", OLD), said(bot("ann", OLD), "gold at 7"))) == ["gold at 7"]


@pytest.mark.parametrize(
    ("keys", "reason"), [((WRONG,), "forged"), ((NEW,), "strange key"), ((), "unsigned")]
)
def test_who_has_not_is_counted(keys, reason):
    bob = bot("bob", OLD)
    assert heard(bob, said(bot("ann", *keys), "come to me"), who="spy") == []
    assert bob.tally.counts == {"spy": {reason: 1}}


def test_open_ears_do_not_take_signed_lines_for_their_own():
    bob = bot("bob")
    assert heard(bob, said(bot("ann", OLD), "gold")) == []
    assert bob.tally.total("strange key") == 1


def test_open_mode_notices_damage():
    bob = bot("bob")
    [line] = said(bot("ann"), "gold at 7")
    body, tag = line.split(":")[6:]
    assert heard(bob, [line.replace(body, body[::-1]), line.replace(tag, tag[::-1])]) == []
    assert bob.tally.total("altered") == 2


def test_keys_are_changed_without_a_silence():
    ann, bob = bot("ann", OLD), bot("bob", OLD)
    bob.rekey(KeyRing(OLD, (NEW,)))
    assert words(heard(bob, said(ann, "old"))) == ["old"]
    ann.rekey(KeyRing(NEW, (OLD,)))
    assert words(heard(bob, said(ann, "new"))) == ["new"]
    assert words(heard(ann, said(bob, "still old"))) == ["still old"]
    bob.rekey(KeyRing(NEW))
    assert heard(bob, said(bot("eve", OLD), "too late")) == []
    with pytest.raises(IllegalCommand):
        bot("cat").rekey(KeyRing(NEW))


def test_a_readable_line_is_signed_and_still_readable():
    ann, bob = bot("Emma_Farmer", OLD), bot("bob", OLD)
    line = ann.stamp(ann.say("[REQUEST] logs 8"), START)
    assert line.startswith("[REQUEST] logs 8 w1sA1:Emma_Farmer:")
    assert len(line) <= 155
    assert Said(sender="Emma_Farmer", text="[REQUEST] logs 8", signed=True) in heard(
        bob, [line], who="Emma_F"
    )
    assert heard(bob, [line, line.replace("8 w1", "80 w1")], who="Emma_F") == []
    assert heard(bob, ["[REQUEST] logs 9"], who="spy") == [
        Said(sender="spy", text="[REQUEST] logs 9", signed=False)
    ]


def test_an_old_recording_is_late_and_an_older_life_is_over():
    ann, bob = bot("ann", OLD), bot("bob", OLD)
    assert heard(bob, said(ann, "retreat"), START + 200) == []
    first = ann.stamp(ann.signal("one"), START)
    second = bot("ann", OLD, born=START + 10)
    assert words(heard(bob, [second.stamp(second.signal("two"), START + 11)], START + 11)) == ["two"]
    assert heard(bob, [first], START + 12) == []
    assert bob.tally.counts["ann"] == {"late": 1, "replayed": 1}
    early = bot("ann", OLD, born=START + 500)
    assert heard(bob, said(early, "from tomorrow", START + 500), START + 12) == []


def test_a_signal_that_comes_too_late_is_told_once_and_only_if_it_was_never_heard():
    ann, bob = bot("ann", OLD), bot("bob", OLD)
    [one, two] = [ann.stamp(ann.signal(text), START + 1) for text in ("one", "two")]
    assert words(heard(bob, [one], START + 2)) == ["one"]
    assert heard(bob, [one, two, two], START + 300) == [Belated("ann")]
    assert heard(bot("cat", OLD, born=START + 200), [one, two], START + 300) == []


def test_orders_need_authority():
    crew = Authority({"chief": ("*",), "ann": ("bob",)})
    assert crew.allows("chief", "zoe")
    assert crew.allows("ann", "bob")
    assert not crew.allows("ann", "cat")
    assert not crew.allows("bob", "ann")


def test_keys_are_long_and_named_apart():
    with pytest.raises(ConfigError, match="shorter than 16"):
        bot("ann", Key("A1", Secret("text:swordfish")))
    with pytest.raises(ValueError, match="capitals"):
        Key("a!", OLD.secret)
    with pytest.raises(ValueError, match="different ids"):
        KeyRing(OLD, (WRONG,))
    assert "horse" not in repr(bot("ann", OLD))


def attack(lines, tries, seed):
    """Give forged, replayed and altered lines, made of what a spy has heard."""
    dice = Random(seed)
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-:/"
    for _ in range(tries):
        line, kind = dice.choice(lines), dice.randrange(5)
        place = dice.randrange(len(line))
        if kind == 0:
            yield line  # again, as it was
        elif kind == 1:
            sign = dice.choice(alphabet)
            yield line[:place] + (sign if sign != line[place] else "~") + line[place + 1 :]
        elif kind == 2:
            yield line[:place]
        elif kind == 3:
            yield line.replace(":ann:", f":{dice.choice(('bob', 'cat', 'eve'))}:")
        else:
            other = dice.choice(lines)
            head, _, _ = line.rpartition(":")
            tag = other.rpartition(":")[2] if other != line else "A" * 12
            yield f"{head}:{tag}"


def survive(tries, seed=0):
    ann, bob = bot("ann", OLD), bot("bob", OLD)
    lines = []
    for n in range(40):
        lines += said(ann, f"message {n} " + "y" * (n * 7), urgent=n % 2 == 0)
        lines.append(ann.stamp(ann.signal(f"claim {n}"), START))
        lines.append(ann.stamp(ann.say(f"[REQUEST] logs {n + 1}"), START))
    assert len(words(heard(bob, lines))) == 120
    bob.tick(START)
    bob.drain()
    for line in attack(lines, tries, seed):
        # What is left is at most the talk of a player: nothing signed, nothing that arrived.
        for event in bob.receive(line, "spy", START + 1):
            assert isinstance(event, Said), line
            assert not event.signed
    assert bob.drain() == []
    return bob.tally


def test_a_hundred_thousand_forged_and_replayed_lines_have_no_effect():
    tally = survive(100_000)
    assert tally.total("forged") > 30_000
    assert tally.total("replayed") + tally.total("duplicate") > 10_000


@pytest.mark.slow
def test_a_million_forged_and_replayed_lines_have_no_effect():
    for seed in range(10):
        survive(100_000, seed)
