"""The check for adapters passes what keeps its promises and catches what breaks one, saying which."""

import pytest
from attrs import frozen

from wingmate.errors import GarbledReply, IllegalCommand
from wingmate.testing import check_adapter, simulate


@frozen
class At:
    place: int


@frozen
class Go:
    place: int


RECORDING = b"".join(b"at %d\r\n" % n for n in (1, 22, 333, 4, 5)) + b"hello\r\nat 6\r\n"
LONGEST = 200


class LineAdapter:
    """Reads lines such as `at 7`; takes any bytes, as it should."""

    def __init__(self):
        self.rest = b""

    def receive(self, data):
        *lines, self.rest = (self.rest + data).split(b"\r\n")
        self.rest = self.rest[-LONGEST:]
        for line in lines:
            yield from self.read(line[-LONGEST:])

    def read(self, line):
        word, _, number = line.partition(b" ")
        if word == b"at" and number.isdigit():
            yield At(int(number))

    def send(self, command):
        if not isinstance(command, Go) or command.place < 1:
            raise IllegalCommand(f"cannot {command}")
        return b"%d\r" % command.place

    def close(self):
        return b"q"

    def screen(self):
        return self.rest.decode("cp437")


def test_a_good_adapter_passes():
    async def story():
        await check_adapter(
            LineAdapter, RECORDING, commands=[Go(5), Go(-5), "nonsense"], hostile=[b"\xff" * 999]
        )

    simulate(story)


def test_a_recording_must_be_understood(catches):
    class Fussy(LineAdapter):
        def read(self, line):
            raise GarbledReply("what?")

    catches(check_adapter, LineAdapter, b"nothing here", match="gives no events")
    catches(check_adapter, Fussy, RECORDING, match="one that the adapter understands")
    catches(check_adapter, dict, RECORDING, match="makes no adapter")


class PerRead(LineAdapter):
    """Believes that a read is a line."""

    def receive(self, data):
        for line in data.split(b"\r\n"):
            yield from self.read(line)


class Restless(LineAdapter):
    """Takes an empty read for an event."""

    def receive(self, data):
        return list(super().receive(data)) or [At(0)]


class Half(LineAdapter):
    """Reports a line before it has ended."""

    def receive(self, data):
        yield from super().receive(data)
        yield from self.read(self.rest)


class Family(LineAdapter):
    """Keeps what it heard in its class."""

    heard = b""

    def __init__(self):
        super().__init__()
        type(self).heard = b""

    def receive(self, data):
        cls = type(self)
        *lines, cls.heard = (cls.heard + data).split(b"\r\n")
        cls.heard = cls.heard[-LONGEST:]
        for line in lines:
            yield from self.read(line[-LONGEST:])


class Trusting(LineAdapter):
    """Believes that a server only sends what it should."""

    def read(self, line):
        if line.startswith(b"at"):
            yield At(int(line.split()[1]))


class Hoarding(LineAdapter):
    """Waits for the end of the line, however long it gets."""

    def receive(self, data):
        *lines, self.rest = (self.rest + data).split(b"\r\n")
        for line in lines:
            yield from self.read(line[-LONGEST:])


class Diary(LineAdapter):
    """Keeps every event it ever had."""

    def __init__(self):
        super().__init__()
        self.diary = []

    def read(self, line):
        for event in super().read(line):
            self.diary.append([event])
            yield event


class Mute(LineAdapter):
    def close(self):
        return None


class Talking(LineAdapter):
    def send(self, command):
        return f"{command.place}\r"


class Crashing(LineAdapter):
    def send(self, command):
        return b"%d\r" % command.place


class Strict(LineAdapter):
    """May refuse hostile bytes, with the error for that."""

    def read(self, line):
        if len(line) > 20:
            raise GarbledReply("too long")
        yield from super().read(line)


@pytest.mark.parametrize(
    ("broken", "match"),
    [
        (PerRead, "fed byte by byte, the same recording gives other events: 0 events, not 6"),
        (Restless, r"fed .*, the same recording gives other events: event 0 is .*place=0.*, not .*place=1"),
        (Half, "the same recording gives other events"),
        (Family, "two adapters at work at once disturb each other"),
        (
            Trusting,
            r"may raise GameError and nothing else, but raised (ValueError|IndexError).*the last of them b'",
        ),
        (Hoarding, "bytes of b'A' made the adapter grow by"),
        (Diary, "bytes of its own recording made the adapter grow by"),
        (Mute, r"close\(\) gave None instead of bytes"),
        (Talking, r"gave '5\\r' instead of bytes"),
        (Crashing, "raised AttributeError.* instead of IllegalCommand"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_broken_adapter_is_caught(broken, match, catches):
    catches(check_adapter, broken, RECORDING, commands=[Go(5), "nonsense"], match=match)


def test_an_adapter_may_refuse_hostile_bytes():
    async def story():
        await check_adapter(Strict, RECORDING)

    simulate(story)
