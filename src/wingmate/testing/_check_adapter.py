"""Does an adapter keep its promises?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any, TypeVar

from anyio.lowlevel import checkpoint

from ..abc import Adapter, Display
from ..errors import GameError, IllegalCommand
from ._promise import is_a, promise
from ._weigh import weigh

EventT = TypeVar("EventT")
CommandT = TypeVar("CommandT")

CUTS = 20  # different ways to cut the recording
ATTACKS = 60  # hostile conversations
PIECE = 4096
# What has no end: a line, a colour, a telnet option, a column of blanks, digits, the left margin.
ENDLESS = (b"A", b"\x1b[1;", b"\xff\xfa\x18", b" ", b"7", b"\r", b"\x08", b"\r\n", b"\x1b[K", b"\x00")


async def check_adapter(
    make: Callable[[], Adapter[EventT, CommandT]],
    recording: bytes,
    *,
    commands: Iterable[CommandT] = (),
    hostile: Iterable[bytes] = (),
    memory: int = 100_000,
    seed: int = 0,
) -> None:
    """Check that an adapter gives the same events however its bytes are cut, and takes any bytes.

    *recording* is what a game printed in one conversation that the adapter understands; *commands*
    are some to put into keystrokes, *hostile* more bytes to try. However long the game goes on,
    the adapter may grow by *memory* bytes. Raises `AssertionError` with the broken promise.
    """
    promise(is_a(make(), Adapter), f"{make!r} makes no adapter: it lacks receive(), send() or close()")
    _cuts_change_nothing(make, recording, Random(seed))
    _keeps_to_itself(make, recording)
    await checkpoint()
    _has_last_words(make, recording, Random(seed))
    _puts_commands(make, recording, list(commands))
    for attack in (*hostile, *_attacks(recording, Random(seed))):
        _takes_anything(make, attack, Random(seed))
        await checkpoint()
    for filler in (*ENDLESS, recording):
        _stays_small(make, filler, memory)
        await checkpoint()


def _cut(data: bytes, dice: Random, longest: int) -> Iterator[bytes]:
    start = 0
    while start < len(data):
        size = dice.randint(1, longest)
        yield data[start : start + size]
        start += size


def _listen(adapter: Adapter[EventT, Any], pieces: Iterable[bytes]) -> list[EventT]:
    return [event for piece in pieces for event in adapter.receive(piece)]


def _cuts_change_nothing(make: Callable[[], Adapter[Any, Any]], recording: bytes, dice: Random) -> None:
    try:
        wanted = _listen(make(), [recording])
    except GameError as exc:
        raise AssertionError(f"the recording must be one that the adapter understands: {exc!r}") from exc
    promise(bool(wanted), "the recording gives no events; use one that does")
    ways: list[tuple[str, list[bytes]]] = [
        ("once more", [recording]),
        ("byte by byte", [recording[i : i + 1] for i in range(len(recording))]),
        (
            "with empty reads",
            [b"", *(piece for half in _cut(recording, dice, 99) for piece in (half, b""))],
        ),
    ]
    for _ in range(CUTS):
        longest = dice.choice((2, 7, 40, 300, 5000))
        ways.append((f"in pieces of up to {longest} bytes", list(_cut(recording, dice, longest))))
    for way, pieces in ways:
        try:
            events = _listen(make(), pieces)
        except Exception as exc:
            raise AssertionError(f"fed {way}, the same recording raises {exc!r}") from exc
        if events != wanted:
            raise AssertionError(
                f"fed {way}, the same recording gives other events: {_first(events, wanted)}"
            )


def _first(events: list[Any], wanted: list[Any]) -> str:
    for number, (event, other) in enumerate(zip(events, wanted, strict=False)):
        if event != other:
            return f"event {number} is {event!r}, not {other!r}"
    return f"{len(events)} events, not {len(wanted)}"


def _keeps_to_itself(make: Callable[[], Adapter[Any, Any]], recording: bytes) -> None:
    """Feed two conversations in turns: what one adapter hears must not reach the other."""
    wanted = _listen(make(), [recording])
    size = min(50, len(recording) // 5 + 1)
    pieces = [recording[start : start + size] for start in range(0, len(recording), size)]
    one, other = make(), make()
    ones, others = list[Any](), list[Any]()
    for ahead, behind in zip([*pieces, b"", b""], [b"", b"", *pieces], strict=True):
        ones += one.receive(ahead)
        others += other.receive(behind)
    promise(ones == wanted == others, "two adapters at work at once disturb each other")


def _has_last_words(make: Callable[[], Adapter[Any, Any]], recording: bytes, dice: Random) -> None:
    places = sorted({0, len(recording), *(dice.randint(0, len(recording)) for _ in range(10))})
    for place in places:
        adapter = make()
        _listen(adapter, [recording[:place]])
        words = adapter.close()
        text = f"after {place} bytes of the recording, close() gave {words!r} instead of bytes"
        promise(is_a(words, bytes), text)
        if isinstance(adapter, Display):
            screen = adapter.screen()
            promise(is_a(screen, str), f"screen() gave {screen!r} instead of text")


def _puts_commands(make: Callable[[], Adapter[Any, Any]], recording: bytes, commands: list[Any]) -> None:
    for heard in (b"", recording):
        adapter = make()
        _listen(adapter, [heard])
        for command in commands:
            try:
                keys = adapter.send(command)
            except IllegalCommand:
                continue
            except Exception as exc:
                raise AssertionError(f"send({command!r}) raised {exc!r} instead of IllegalCommand") from exc
            promise(is_a(keys, bytes), f"send({command!r}) gave {keys!r} instead of bytes")


def _attacks(recording: bytes, dice: Random) -> Iterator[bytes]:
    """Give random bytes, and recordings cut, spliced, doubled, mixed with noise."""
    for number in range(ATTACKS):
        yield dice.randbytes(500) if number % 8 == 0 else _attack(recording, dice, number % 8)


def _attack(recording: bytes, dice: Random, way: int) -> bytes:
    a, b = sorted(dice.randint(0, len(recording)) for _ in range(2))
    if way < 4:
        return (recording[:a] + recording[b:], recording[a:] + recording[:b], recording[:b] + recording[a:])[
            way - 1
        ]
    match way:
        case 4:
            return recording[:a] + dice.randbytes(dice.randint(1, 40)) + recording[a:]
        case 5:
            return recording[a:b] + dice.choice(ENDLESS) * dice.randint(1, 2000) + recording[a:b]
        case 6:
            return recording.replace(b"\r\n", dice.choice((b"\r", b"\n", b"\n\r", b"")))
        case _:
            return bytes(byte ^ (dice.random() < 0.01) << dice.randint(0, 7) for byte in recording)


def _takes_anything(make: Callable[[], Adapter[Any, Any]], attack: bytes, dice: Random) -> None:
    adapter = make()
    heard = bytearray()
    for piece in _cut(attack, dice, dice.choice((3, 80, PIECE))):
        heard += piece
        try:
            _listen(adapter, [piece])
        except GameError:
            break  # its right; the conversation is over
        except Exception as exc:
            raise AssertionError(
                f"hostile bytes may raise GameError and nothing else, but raised {exc!r}; "
                f"after {len(heard)} bytes, the last of them {bytes(heard[-80:])!r}"
            ) from exc
    words = adapter.close()
    promise(is_a(words, bytes), f"after hostile bytes, close() gave {words!r} instead of bytes")


def _stays_small(make: Callable[[], Adapter[Any, Any]], filler: bytes, memory: int) -> None:
    adapter = make()
    before = weigh(adapter)
    piece = filler * (PIECE // len(filler) + 1)
    fed = 0
    try:
        while fed < 2 * memory:
            _listen(adapter, [piece])
            fed += len(piece)
    except GameError:
        return
    growth = weigh(adapter) - before
    what = repr(filler) if filler in ENDLESS else "its own recording"
    promise(
        growth <= memory, f"{fed} bytes of {what} made the adapter grow by {growth} bytes, more than {memory}"
    )
