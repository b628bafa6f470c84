"""Games that are programs on this machine."""

import os
import pickle
import sys
from pathlib import Path
from random import Random

import anyio
import pytest

from wingmate import BotSpec, LocalChannel, MemoryStore, open_bot
from wingmate.errors import ConnectFailed, Disconnected
from wingmate.testing import check_transport
from wingmate.transports import Program

PY = (sys.executable, "-I", "-S", "-u")
ECHO = Program((*PY, "-c", "import os\nwhile data := os.read(0, 65536):\n  os.write(1, data)"))


def both(test):
    @pytest.mark.parametrize("loop", ["asyncio", "trio"])
    def run(loop):
        anyio.run(test, backend=loop)

    run.__name__ = test.__name__
    return run


async def line(stream):
    """Read up to the end of a line: what is printed at once may come in pieces."""
    heard = b""
    while not heard.endswith(b"\n"):
        heard += await stream.receive()
    return heard.strip()


@both
async def test_a_program_keeps_the_promises_of_a_transport():
    await check_transport(ECHO, unreachable=Program(("no-such-program",)))


@both
async def test_a_program_that_ends_well_is_the_end_of_the_stream():
    async with Program((*PY, "-c", "print('bye')")).connect() as stream:
        assert await line(stream) == b"bye"
        with pytest.raises(anyio.EndOfStream):
            await stream.receive()


@both
async def test_a_program_that_dies_says_why():
    code = "import sys; sys.stderr.write('x' * 9000 + 'no such save game'); sys.exit(3)"
    async with Program((*PY, "-c", code)).connect() as stream:
        with pytest.raises(
            anyio.BrokenResourceError, match=r"ended with status 3; its last words: x+no such save game"
        ):
            await stream.receive()
        assert len(stream._complaints) <= 4096


@both
async def test_a_bots_error_has_the_programs_last_words():
    code = "import sys; sys.exit('no such save game')"
    spec = BotSpec(name="ann", role=print, adapter=Deaf, transport=Program((*PY, "-c", code)))
    with pytest.raises(ExceptionGroup) as caught:
        async with open_bot(spec, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(1)) as bot:
            await bot.expect(str, within=5)
    error = caught.value
    while isinstance(error, ExceptionGroup):
        (error,) = error.exceptions
    assert isinstance(error, Disconnected)
    assert str(error).startswith("ann: the link broke: ")
    assert str(error).endswith("its last words: no such save game")


class Deaf:
    def receive(self, data):
        return ()

    def send(self, command):
        return b""

    def close(self):
        return b""


@both
async def test_talking_to_a_dead_program_is_our_error():
    async with Program((*PY, "-c", "pass")).connect() as stream:
        with pytest.raises(anyio.EndOfStream):
            await stream.receive()
        with pytest.raises(anyio.BrokenResourceError):
            for _ in range(50):
                await stream.send(b"hello?")
                await anyio.sleep(0.002)


@both
async def test_a_program_that_will_not_end_is_killed_with_what_it_started():
    code = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = os.fork()\n"
        "if child: print(os.getpid(), child, flush=True)\n"
        "time.sleep(60)"
    )
    began = anyio.current_time()
    async with Program((*PY, "-c", code), grace=0.1).connect() as stream:
        first, second = map(int, (await line(stream)).split())
    assert anyio.current_time() - began < 2
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    with anyio.fail_after(2):
        while alive(second):  # noqa: ASYNC110 - another process tells nothing
            await anyio.sleep(0.01)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


@both
async def test_a_program_may_finish_its_work_when_its_input_ends():
    code = "import sys; sys.stdin.read(); open(sys.argv[1], 'w').write('saved')"
    async with anyio.TemporaryDirectory() as folder:
        save = f"{folder}/save"
        async with Program((*PY, "-c", code, save)).connect():
            pass
        assert await anyio.Path(save).read_text() == "saved"


@both
async def test_cancelling_ends_the_program_and_is_not_held_up_for_ever():
    with anyio.move_on_after(0.1) as patience:
        async with Program((*PY, "-c", "import time; time.sleep(60)"), grace=0.1).connect() as stream:
            process = stream._process
            await stream.receive()
    assert patience.cancelled_caught
    assert process.returncode is not None


@both
async def test_an_error_in_the_block_leaves_it_as_it_is():
    with pytest.raises(KeyError, match="mine"):
        async with ECHO.connect():
            raise KeyError("mine")


@both
async def test_a_program_that_is_not_there_is_named():
    with pytest.raises(ConnectFailed, match="no-such-program cannot be started"):
        async with Program(("no-such-program",)).connect():
            pass


def test_it_is_a_recipe():
    link = Program(["game", "--load", "1"])
    assert link == Program(("game", "--load", "1"))
    assert pickle.loads(pickle.dumps(link)) == link
    assert link.host == ""


@pytest.mark.parametrize("command", ["game --load", (), (1, 2), None])
def test_a_command_is_a_tuple_of_words(command):
    with pytest.raises(TypeError):
        Program(command)
