"""IRC on two real servers, started here on loopback from unpacked packages (`.ci/irc` fetches them)."""

import os
import shutil
import socket
import subprocess
import time
from collections import Counter, defaultdict
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from random import Random

import anyio
import pytest
from anyio import Event, create_task_group, fail_after, move_on_after, sleep
from attrs import define, field

from wingmate import Backoff, Message, Secret, now
from wingmate.chat import ChatChannel, ChatLine, ChatStore, Interrupted, Key, KeyRing, Terms
from wingmate.chat.links import IrcLink
from wingmate.errors import ConnectFailed, IllegalCommand, Refused
from wingmate.transports import Tcp, Tls

RING = KeyRing(Key("A1", Secret("text:correct horse battery staple")))
CHANNEL = "#wingmate"

NGIRCD = """
[Global]
Name = irc.test
Info = test
Listen = 127.0.0.1
Ports = {port}
PidFile = {folder}/ngircd.pid
[Limits]
MaxConnectionsIP = {most}
MaxPenaltyTime = {penalty}
[Options]
Ident = no
DNS = no
PAM = no
{more}
"""

INSPIRCD = """
<config format="xml">
<server name="irc.test" description="test" network="Test" id="1AA">
<admin name="a" email="a@example.org" nick="a">
<bind address="127.0.0.1" port="{port}" type="clients">
<path configdir="{folder}" datadir="{folder}" logdir="{folder}" moduledir="{modules}" runtimedir="{folder}">
<connect allow="*" timeout="20" threshold="{threshold}" commandrate="{commandrate}" fakelag="{fakelag}"
 localmax="{most}" globalmax="{most}" softsendq="4M" hardsendq="16M" recvq="64K" resolvehostnames="no" useident="no">
<performance nouserdns="yes" softlimit="1000" somaxconn="128">
<module name="ircv3"><module name="cap"><module name="ircv3_echomessage"><module name="ircv3_servertime">
<module name="ircv3_ctctags">
"""


def unpacked() -> Path:
    """The folder of `.ci/irc`; without it these tests are skipped, but never where everything must run."""
    folder = Path(os.environ.get("WINGMATE_IRC", Path(__file__).parents[2] / ".cache" / "irc")).resolve()
    if not (folder / "usr/sbin/inspircd").exists() or not (folder / "usr/sbin/ngircd").exists():
        words = f"no IRC servers in {folder}: .ci/irc fetches them"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@define(eq=False)
class Daemon:
    """A server that can be killed and started again on its port."""

    kind: str
    scratch: Path
    port: int
    settings: dict
    more: str = ""
    process: subprocess.Popen | None = None

    def start(self) -> None:
        root = unpacked()
        conf = self.scratch / "conf"
        text, modules = (NGIRCD if self.kind == "ngircd" else INSPIRCD), root / "usr/lib/inspircd/modules"
        conf.write_text(
            text.format(port=self.port, folder=self.scratch, modules=modules, more=self.more, **self.settings)
        )
        words = ["-n", "-f"] if self.kind == "ngircd" else ["--runasroot", "--nofork", "--nopid", "--config"]
        if os.geteuid():
            words = [word for word in words if word != "--runasroot"]
        libraries = {str(path.parent) for path in root.rglob("libident.so*")}
        with (self.scratch / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [root / "usr/sbin" / self.kind, *words, str(conf)],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={"LD_LIBRARY_PATH": ":".join(libraries), "PATH": os.environ.get("PATH", "")},
            )
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError((self.scratch / "log").read_text("utf-8", "replace"))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


RAISED = {
    "ngircd": {"most": 0, "penalty": 0},
    "inspircd": {"most": 200, "threshold": 100000, "commandrate": 1000000, "fakelag": "no"},
}
DEFAULT = {
    "ngircd": {"most": 5, "penalty": -1},
    "inspircd": {"most": 5, "threshold": 10, "commandrate": 1000, "fakelag": "yes"},
}


@pytest.fixture
def daemon(tmp_path):
    """Start servers; they end with the test."""
    with contextmanager(_daemons)(tmp_path) as start:
        yield start


def _daemons(scratch):
    started = []

    def start(kind, settings=None, more=""):
        unpacked()
        one = Daemon(kind, scratch, free_port(), (settings or RAISED)[kind], more)
        started.append(one)
        one.start()
        return one

    try:
        yield start
    finally:
        for one in started:
            one.kill()


def link(server, nick, **settings):
    restart = Backoff(first=0.2, longest=1.0, limit=50)
    return IrcLink(
        Tcp("127.0.0.1", server.port),
        CHANNEL,
        nick,
        restart=restart,
        **({"rate": 50.0, "burst": 20} | settings),
    )


async def heard(lines, seconds=5.0):
    with fail_after(seconds):
        return await anext(lines)


async def quiet(lines, seconds=0.2):
    with move_on_after(seconds):
        return await heard(lines)
    return None


@asynccontextmanager
async def together(*blocks):
    """Enter blocks at the same time, each in a task of its own: a server takes a second for each."""
    things, done = [None] * len(blocks), Event()

    async def keep(place, block, *, task_status):
        async with block as things[place]:
            task_status.started()
            await done.wait()

    async with create_task_group() as nursery:
        async with create_task_group() as entering:
            for place, block in enumerate(blocks):
                entering.start_soon(nursery.start, keep, place, block)
        try:
            yield things
        finally:
            done.set()


BOTH = pytest.mark.parametrize("kind", ["ngircd", "inspircd"])


@BOTH
def test_two_bots_of_one_name_talk(daemon, kind):
    async def story():
        server = daemon(kind)
        async with together(link(server, "ann"), link(server, "ann")) as links:
            ann, bob = sorted(links, key=lambda one: one.name)
            assert (ann.name, bob.name) == ("ann", "ann_2")
            async with ann.listen() as to_ann, bob.listen() as to_bob:
                text = "x" * ann.traits.limit
                await ann.send_line(text)
                assert await heard(to_bob) == ChatLine("ann", text)
                echo = await quiet(to_ann)
                assert ann.traits.hears_itself == (kind == "inspircd")
                assert echo == (ChatLine("ann", text) if ann.traits.hears_itself else None)
                await bob.send_line("hello")
                assert await heard(to_ann) == ChatLine("ann_2", "hello")

    anyio.run(story)


@pytest.mark.slow
@BOTH
def test_a_line_is_never_cut_and_never_ends_the_link(daemon, kind):
    async def story():
        server = daemon(kind)
        async with together(link(server, "ann"), link(server, "bob")) as (ann, bob):
            async with bob.listen() as to_bob:
                for text in ("x" * (ann.traits.limit + 1), "", "a\rb", "\x01PING\x01"):
                    with pytest.raises(IllegalCommand):
                        await ann.send_line(text)
                await ann.send_line("still here")
                assert await heard(to_bob) == ChatLine("ann", "still here")
                assert ann.breaks == bob.breaks == ann.unsaid == 0

    anyio.run(story)


@pytest.mark.slow
@BOTH
def test_the_sixth_connection_is_refused_and_told_how_long_to_wait(daemon, kind):
    async def story():
        server = daemon(kind, DEFAULT)
        async with together(*(link(server, f"b{n}") for n in range(5))):
            with pytest.raises((Refused, ConnectFailed)) as caught:
                async with link(server, "b5"):
                    pass
            if isinstance(caught.value, Refused):
                assert caught.value.retry_after
                assert "connections" in str(caught.value)
            return type(caught.value)

    assert anyio.run(story) in {Refused, ConnectFailed}


@pytest.mark.slow
@BOTH
def test_a_killed_server_is_found_again(daemon, kind):
    async def story():
        server = daemon(kind)
        async with together(link(server, "ann"), link(server, "bob")) as (ann, bob):
            async with bob.listen() as to_bob:
                server.kill()
                assert await heard(to_bob) == Interrupted()
                assert not bob.is_ready
                server.start()
                with fail_after(20):
                    await ann.send_line("lost")  # waits until she is in again; perhaps before he is
                    await bob.ready()
                    assert await heard(to_bob) == Interrupted()
                    await ann.send_line("back")
                    while await heard(to_bob) != ChatLine("ann", "back"):
                        pass

    anyio.run(story)


@pytest.mark.slow
@BOTH
def test_a_channel_with_a_key(daemon, kind):
    async def story():
        server = daemon(kind)
        async with link(server, "ann") as ann:
            await ann._stream.send(b"MODE #wingmate +k sesame\r\n")
            await sleep(0.3)
            with pytest.raises(Refused) as caught:
                async with link(server, "bob", key=Secret("text:simsim")):
                    pass
            assert caught.value.final
            assert "simsim" not in str(caught.value)
            async with link(server, "bob", key=Secret("text:sesame")) as bob:
                return bob.name

    assert anyio.run(story) == "bob"


@pytest.mark.slow
def test_what_a_server_does_not_offer_is_refused_for_good(daemon):
    async def story():
        server = daemon("ngircd")
        for settings in ({"total_order": True}, {"login": ("ann", Secret("text:hunter22"))}):
            with pytest.raises(Refused) as caught:
                async with link(server, "ann", **settings):
                    pass
            assert caught.value.final
            assert "hunter22" not in str(caught.value)

    anyio.run(story)


@pytest.mark.slow
@BOTH
def test_the_default_pace_stays_within_a_server_s_limits(daemon, kind):
    async def story():
        server = daemon(kind, DEFAULT)
        pace = {"rate": 1.0, "burst": 1}
        async with together(link(server, "ann", **pace), link(server, "bob", **pace)) as (ann, bob):
            async with ChatChannel(ann, "ann") as one, ChatChannel(bob, "bob") as other:
                async with other.subscribe("n") as messages:
                    for n in range(6):
                        await one.publish(Message(f"n/{n}", n, "ann", sent_at=now()))
                    with fail_after(25):
                        assert [(await anext(messages)).body for n in range(6)] == list(range(6))
            assert ann.breaks == bob.breaks == 0

    anyio.run(story)


@pytest.mark.slow
def test_a_link_with_tls_to_a_server_that_proves_its_name(daemon, tmp_path):
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("no openssl to make a certificate with")
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=irc -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"]
    subprocess.run([openssl, *words.split(), *files], check=True, capture_output=True)

    async def story():
        port = free_port()
        more = f"[SSL]\nCertFile = {tmp_path}/cert.pem\nKeyFile = {tmp_path}/key.pem\nPorts = {port}"
        daemon("ngircd", more=more)
        known = Tls("127.0.0.1", port, authority=str(tmp_path / "cert.pem"))
        async with together(IrcLink(known, CHANNEL, "ann"), IrcLink(known, CHANNEL, "bob")) as (ann, bob):
            async with bob.listen() as lines:
                await ann.send_line("hush")
                assert await heard(lines) == ChatLine("ann", "hush")
        with pytest.raises(ConnectFailed, match="certificate"):
            async with IrcLink(Tls("127.0.0.1", port), CHANNEL, "ann"):
                pass

    anyio.run(story)


# --- a crew of twenty -----------------------------------------------------------------------------


@asynccontextmanager
async def member(server, name, terms, **settings):
    async with (
        link(server, name, **settings) as wire,
        ChatChannel(wire, name, keys=RING) as channel,
        ChatStore(channel, terms=terms) as store,
    ):
        yield name, wire, store


@define(eq=False)
class Score:
    """Who asked for each key, and who won it."""

    won: dict
    tried: defaultdict = field(factory=lambda: defaultdict(set))
    dice: Random = field(factory=lambda: Random(1))


async def fight(crew, keys, terms, score):
    """Let everybody claim every key that nobody has, in an order of their own."""
    won, tried = score.won, score.tried

    async def want(name, wire, store, mine):
        while mine:
            key = mine.pop()
            if won[key]:
                continue
            await wire.ready()
            tried[key].add(name)
            number = await store.claim(key, name, until=now() + terms.longest)
            if number is not None:
                won[key].append((name, number))

    async with create_task_group() as nursery:
        for name, wire, store in crew:
            mine = score.dice.sample(keys, len(keys))
            for _ in range(10):
                nursery.start_soon(want, name, wire, store, mine)


async def fought(server, count, batch, terms, **settings):
    """Twenty bots fight over *count* keys; between the batches the server is killed, and in one of them."""
    score = Score({f"ore/{n}": [] for n in range(count)})
    won = score.won
    members = [member(server, f"b{n:02}", terms, **settings) for n in range(20)]
    async with together(*members) as crew:
        await sleep(terms.longest + 3 if settings.get("total_order") else 0.5)
        keys = list(won)
        for start in range(0, count, batch):
            some = keys[start : start + batch]
            async with create_task_group() as nursery:
                nursery.start_soon(fight, crew, some, terms, score)
                if start == batch:
                    await sleep(0.3)
                    server.kill()
                    await sleep(0.5)
                    server.start()
            with fail_after(60):
                while some := [key for key in some if not won[key]]:
                    await sleep(1)
                    await fight(crew, some, terms, score)
        assert all(wire.breaks == 1 for _name, wire, _store in crew)
        contested = sum(len(names) > 1 for names in score.tried.values())
        assert contested > count / 2, contested
        return won


@pytest.mark.slow
def test_twenty_bots_bid_for_claims_and_the_server_is_killed_in_between(daemon):
    async def story():
        server = daemon("ngircd")
        return await fought(server, 100, 25, Terms(longest=600.0, settle=4.0, patience=30.0))

    won = anyio.run(story)
    assert all(len(winners) == 1 for winners in won.values()), won
    assert len({number for [(_name, number)] in won.values()}) > 1


@pytest.mark.slow
def test_twenty_bots_fight_over_a_thousand_claims_in_the_order_of_the_chat(daemon):
    async def story():
        server = daemon("inspircd")
        terms = Terms(longest=10.0, drift=0.2, patience=8.0)
        return await fought(server, 1000, 250, terms, total_order=True)

    won = anyio.run(story)
    assert all(len(winners) == 1 for winners in won.values()), won
    names = Counter(name for [(name, _number)] in won.values())
    assert len(names) > 5  # it was a fight, not one who took it all
