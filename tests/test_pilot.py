"""The pilot against games made of answers: each command's proof, deadlines, refusals, haggling, the way home."""

from __future__ import annotations

from contextlib import asynccontextmanager
from random import Random

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wingmate import BotSpec, Fact, LocalChannel, Secret, open_bot
from wingmate.errors import Disconnected, GarbledReply, IllegalCommand, Unanswered
from wingmate.stores import MemoryStore
from wingmate.testing import MemoryNetwork, simulate
from wingmate.tw2002 import commands as cmd
from wingmate.tw2002 import errors
from wingmate.tw2002 import events as ev
from wingmate.tw2002.pilot import Account, Haggle, Haggler, Haul, Pilot
from wingmate.tw2002.pilot._haggle import MOST_ROUNDS, settled

ANN = Account(name="Ann", password=Secret("text:sesame"))


class Board:
    """An adapter that hears events instead of bytes: `play` answers each command with what happens."""

    def __init__(self, play, opening):
        self.play, self.sent, self.prompt, self.pending = play, [], None, ""
        self._serial, self._box = 0, [opening]

    def send(self, command):
        self.sent.append(command)
        self._box.append(self.play(command))
        return b"."

    def receive(self, data):
        for _ in data:
            for event in self._box.pop(0):
                if isinstance(event, (str, tuple)):
                    name, fields = (event, {}) if isinstance(event, str) else event
                    self._serial += 1
                    self.prompt = ev.Prompted(name, fields, False, self._serial)
                    yield self.prompt
                elif isinstance(event, ev.Prompted):
                    self.prompt = ev.Prompted(event.name, event.fields, True, self._serial)
                    yield self.prompt
                elif event is Silence:
                    self.prompt, self.pending = None, "???"
                else:
                    yield event

    def close(self):
        return b""

    def screen(self):
        return "the screen"


class Silence:
    """The game printed something unknown and waits."""


async def _echo(stream):
    await stream.send(b".")
    async for data in stream:
        await stream.send(data)


@asynccontextmanager
async def aboard(play, opening=("command",), *, sector=7, store=None, **settings):
    opening = [("command", {"sector": sector}) if event == "command" else event for event in opening]
    async with MemoryNetwork(random=Random(1)) as net:
        net.listen("game", _echo)
        board = Board(play, opening)
        spec = BotSpec(name="ann", role=print, adapter=lambda: board, transport=net.transport("game"))
        async with open_bot(
            spec, channel=LocalChannel(), knowledge=store or MemoryStore(), random=Random(1)
        ) as bot:
            pilot = Pilot(bot, **settings)
            await pilot.home()
            yield pilot, board


def at(sector):
    return ("command", {"sector": sector})


def told(story):
    """Play a story; its one error comes out of the groups it is wrapped in."""
    try:
        return simulate(story)
    except BaseExceptionGroup as group:
        error = group
        while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
            error = error.exceptions[0]
        raise error from None


# --- one command ----------------------------------------------------------------------------------


def test_a_prompt_alone_proves_nothing():
    async def story():
        async with aboard(lambda _: [at(7)]) as (pilot, _):
            with pytest.raises(Unanswered, match="ann: no answer") as caught:
                await pilot.status()
            assert caught.value.repeatable

    told(story)


def test_what_others_do_does_not_answer_us():
    def play(_):
        return [
            ev.Heard("radio", "Bob", "hi"),
            ev.Prompted("command"),
            ev.StatusShown(sector=7, credits=5),
            at(7),
        ]

    async def story():
        async with aboard(play) as (pilot, _):
            ship = await pilot.status()
            assert ship.credits == 5
            assert [line.text for line in pilot.heard] == ["hi"]
            assert pilot.bot.figures["credits"] == 5
            assert pilot.bot.where == "7"

    told(story)


def test_pauses_are_passed_on_the_way():
    def play(command):
        return [ev.StatusShown(sector=7), "pause"] if isinstance(command, cmd.ShowStatus) else [at(7)]

    async def story():
        async with aboard(play) as (pilot, board):
            await pilot.status()
            assert board.sent[-1] == cmd.Continue()

    told(story)


def test_an_unknown_screen_stops_the_pilot_with_the_screen():
    async def story():
        async with aboard(lambda _: [Silence]) as (pilot, _):
            with pytest.raises(GarbledReply, match="no rule knows") as caught:
                await pilot.status()
            assert caught.value.screen == "the screen"

    told(story)


def test_an_unknown_prompt_is_not_answered_blindly():
    async def story():
        async with aboard(lambda _: [ev.Echoed("command", "X"), "riddle"]) as (pilot, board):
            await pilot._talk.do(cmd.Press("x"))
            with pytest.raises(GarbledReply, match="riddle"):
                await pilot.home()
            assert len(board.sent) == 1

    told(story)


def test_the_end_of_the_session_is_a_lost_link():
    async def story():
        async with aboard(lambda _: [ev.SessionEnded("inactive")]) as (pilot, _):
            with pytest.raises(Disconnected):
                await pilot.status()

    told(story)


def test_a_pace_is_kept_between_commands():
    async def story():
        async with aboard(lambda _: [ev.StatusShown(sector=7), at(7)], pace=2.0) as (pilot, _):
            begin = anyio.current_time()
            await pilot.status()
            await pilot.status()
            assert anyio.current_time() - begin >= 4.0

    told(story)


# --- moving ---------------------------------------------------------------------------------------


def test_a_move_is_done_when_the_ship_is_there():
    def play(command):
        return [
            ev.HeaderShown("Move"),
            ev.WarpBegan(8),
            ev.SectorDisplayed(number=8, warps=(7, 9), has_warps=True),
            ev.Arrived(8),
            at(8),
        ]

    async def story():
        async with aboard(play) as (pilot, board):
            assert await pilot.move(8) == 8
            assert board.sent == [cmd.Warp(8)]
            assert pilot.atlas.warps(8) == (7, 9)
            assert (await pilot.bot.knowledge.recall("sector/8")).value["warps"] == [7, 9]
            assert await pilot.move(8) == 8
            assert len(board.sent) == 1, "we are there already"

    told(story)


def test_a_far_move_flies_by_autopilot_through_its_stops():
    answers = {
        cmd.Warp: [ev.MoveRefused("not-adjacent", "That Warp Lane is not adjacent."), "autopilot-start"],
        cmd.Engage: [ev.WarpBegan(8, auto=True), "autopilot-stop"],
        cmd.Press: [ev.Echoed("autopilot-stop", "No"), ev.AutopilotEnded(9), at(9)],
    }

    async def story():
        async with aboard(lambda command: answers[type(command)]) as (pilot, board):
            assert await pilot.travel(9) == 9
            assert board.sent == [cmd.Warp(9), cmd.Engage("express"), cmd.Press("n")]

    told(story)


@pytest.mark.parametrize(
    ("events", "error"),
    [
        ([ev.OutOfTurns("You don't have any turns left."), at(7)], errors.TurnsSpent),
        ([ev.MoveRefused("interdicted", "An Interdictor holds you fast!"), at(7)], errors.WayBarred),
        ([ev.HeaderShown("Move"), ev.NoRoute(7, 9, 45), at(7)], errors.WayBarred),
        ([ev.HeaderShown("Move"), at(12)], errors.WayBarred),
    ],
)
def test_a_move_that_fails_says_why(events, error):
    async def story():
        async with aboard(lambda _: events) as (pilot, _):
            with pytest.raises(error):
                await pilot.move(9)

    told(story)


def test_strong_fighters_make_us_flee_and_weak_ones_are_fought():
    def game(ours):
        def play(command):
            match command:
                case cmd.Warp():
                    return [ev.WarpBegan(8), ev.FightersMet(ours, 10), "hostile-fighters"]
                case cmd.Attack():
                    return [ev.HeaderShown("Attack"), ("attack-fighters", {"max": ours, "default": 0})]
                case cmd.EnterNumber():
                    return [ev.Echoed("attack-fighters", "20"), ev.SectorCleared(), at(8)]
                case cmd.Retreat():
                    return [ev.Retreated(held=False, text="You fled"), at(7)]

        return play

    async def story():
        async with aboard(game(5)) as (pilot, board):
            with pytest.raises(errors.WayBarred):
                await pilot.move(8)
            assert board.sent[-1] == cmd.Retreat()
        async with aboard(game(500)) as (pilot, board):
            assert await pilot.move(8) == 8
            assert board.sent[1:] == [cmd.Attack(), cmd.EnterNumber(20)]

    told(story)


def test_numbers_are_checked_before_they_are_typed():
    async def story():
        async with aboard(lambda _: [at(7)]) as (pilot, board):
            pilot.settings = {"Sectors": 1000}
            for wrong in (0, 1001, -5):
                with pytest.raises(IllegalCommand):
                    await pilot.move(wrong)
            assert board.sent == []

    told(story)


# --- trading --------------------------------------------------------------------------------------


class Port:
    """A port that sells ore: takes `least`, comes down by a third, jokes below 60 % for ever."""

    def __init__(self, first=100, least=95, *, final_after=3, mood="fair"):
        self.offer, self.least, self.final_after, self.mood, self.rounds = first, least, final_after, mood, 0
        self.bids = []

    def __call__(self, command):
        match command:
            case cmd.Dock():
                return [ev.HeaderShown("Port"), "port-menu"]
            case cmd.TradeHere():
                rows = tuple(
                    ev.PortRow(name, "Selling", 500, 90, 0) for name in ("Fuel Ore", "Organics", "Equipment")
                )
                return [ev.Docked(), ev.PortReported("Grav", "now", rows, docked=True), *self._ask()]
            case cmd.Quantity(units=0):
                return [ev.TradeEnded(product="Fuel Ore", side="buy", why="skipped"), at(7)]
            case cmd.Quantity(units=units):
                return [ev.Agreed(units), ev.Haggled("offer", "", self.offer), self._prompt()]
            case cmd.Offer(credits=bid):
                return self._hear(bid)

    def _ask(self):
        fields = {"product": "Fuel Ore", "side": "buy", "default": 20}
        return [ev.TradeOffered("Fuel Ore", "buy", 20, 500, 0), ("trade-quantity", fields)]

    def _prompt(self):
        return ("offer", {"amount": self.offer})

    def _hear(self, bid):
        self.bids.append(bid)
        self.rounds += 1
        if self.mood == "joker":
            return [ev.Haggled("joke", "HA! HA!"), self._prompt()] if bid < self.offer else self._deal(bid)
        if bid >= self.least:
            return self._deal(bid)
        if self.mood == "kicks":
            return [ev.Haggled("kicked", "Get lost"), ev.TradeEnded("Fuel Ore", "buy", "kicked"), at(7)]
        if self.rounds > self.final_after:
            return [ev.Haggled("refused", "No"), ev.TradeEnded("Fuel Ore", "buy", "refused"), at(7)]
        self.offer -= max(1, (self.offer - bid) // 3)
        self.least = min(self.least, self.offer)
        kind = "final" if self.rounds == self.final_after else "counter"
        return [ev.Haggled(kind, "", self.offer), self._prompt()]

    def _deal(self, bid):
        deal = ev.Traded(product="Fuel Ore", side="buy", quantity=20, price=bid, credits=900, holds_empty=0)
        return [ev.Haggled("accepted", "SOLD"), deal, ev.CreditsTold(900, 0), at(7)]


def visit(port, plan):
    async def story():
        async with aboard(port) as (pilot, _):
            done = await pilot.trade(plan)
            known = await pilot.bot.knowledge.recall("port/7")
            return done, pilot.ship.cargo.get("ore", 0), known, pilot.ship.credits

    return told(story)


def test_a_visit_buys_by_plan_and_tells_the_crew_what_the_port_has():
    port = Port()
    done, ore, known, money = visit(port, Haul(buy=("ore",)))
    assert (len(done.deals), ore, money) == (1, 20, 900)
    assert done.income == -done.deals[0].price
    assert 90 <= done.deals[0].price <= 100
    assert known.value["products"]["ore"] == {"status": "selling", "amount": 500, "percent": 90}
    assert known.ttl


def test_what_is_not_planned_is_skipped():
    port = Port()
    done, ore, _, _ = visit(port, Haul(buy=("equipment",)))
    assert (done.deals, port.bids, ore) == ((), [], 0)
    assert done.failed[0].why == "skipped"


def test_a_joker_does_not_hold_us_for_ever():
    port = Port(mood="joker")
    done, *_ = visit(port, Haul(buy=("ore",)))
    assert len(port.bids) < MOST_ROUNDS
    assert done.deals


def test_a_final_offer_is_taken_and_a_kick_is_no_error():
    port = Port(first=100, least=80, final_after=2)
    done, *_ = visit(port, Haul(buy=("ore",)))
    assert done.deals
    done, *_ = visit(Port(least=100, mood="kicks"), Haul(buy=("ore",)))
    assert done.failed[0].why == "kicked"


def test_no_port_and_no_turns_are_said():
    async def story():
        async with aboard(lambda _: [ev.NoPortHere(), at(7)]) as (pilot, _):
            with pytest.raises(errors.NotHere):
                await pilot.trade()
        answers = {
            cmd.Dock: [ev.HeaderShown("Port"), "port-menu"],
            cmd.TradeHere: [ev.OutOfTurns("none left"), at(7)],
        }
        async with aboard(lambda command: answers[type(command)]) as (pilot, _):
            with pytest.raises(errors.TurnsSpent):
                await pilot.trade()
            assert pilot.ship.turns == 0

    told(story)


class Stubborn(Haggler):
    def bid(self, haggle):
        return 1


def test_even_a_stubborn_haggler_ends():
    async def story():
        port = Port(mood="joker")
        async with aboard(port, haggler=Stubborn()) as (pilot, _):
            assert (await pilot.trade(Haul(buy=("ore",)))).deals
            assert port.bids[:MOST_ROUNDS] == [1] * MOST_ROUNDS
            assert len(port.bids) == MOST_ROUNDS + 1

    told(story)


@given(
    st.sampled_from(["buy", "sell"]),
    st.integers(1, 10**6),
    st.lists(st.integers(1, 10**6), max_size=15),
    st.integers(-10, 10**7),
)
def test_a_settled_bid_is_never_worse_than_the_offer(side, offer, bids, bid):
    haggle = Haggle(side=side, product="ore", units=1, first=offer, offer=offer, bids=tuple(bids))
    for figure in (settled(haggle, bid), settled(haggle, Haggler().bid(haggle))):
        assert figure >= 1
        assert figure <= offer if side == "buy" else figure >= offer


# --- the StarDock, the computer, fighters, words ----------------------------------------------------


def dock(command):  # noqa: PLR0911 - a table
    match command:
        case cmd.Dock():
            return [ev.HeaderShown("Port"), "port-menu"]
        case cmd.VisitStarDock():
            return [ev.TurnsDeducted(1, 99), "stardock"]
        case cmd.VisitShop(shop=shop):
            return [shop]
        case cmd.ExamineAccount():
            return [ev.Echoed("bank", "E"), ev.BankBalanceTold(700), "bank"]
        case cmd.Deposit():
            return [ev.BankBalanceTold(700), ("deposit", {"max": 300})]
        case cmd.EnterNumber(number=number):
            return [ev.Echoed("deposit", str(number)), ev.Deposited(number), "bank"]
        case cmd.LeaveShop():
            return ["stardock"]
        case cmd.LeaveStarDock():
            return [ev.StarDockLeft(), at(7)]


def test_the_bank_takes_no_more_than_it_says():
    async def story():
        async with aboard(dock) as (pilot, board):
            assert await pilot.balance() == 700
            assert await pilot.deposit(1000) == 300
            assert pilot.ship.bank == 1000
            await pilot.home()
            assert board.sent[-2:] == [cmd.LeaveShop(), cmd.LeaveStarDock()]
            assert cmd.Enter("") not in board.sent

    told(story)


def test_transfers_pick_the_very_name():
    answers = {
        cmd.Press: [ev.Echoed("bank", "T"), ev.BankBalanceTold(700), "transfer-to"],
        cmd.Enter: [ev.Echoed("transfer-to", "Bob"), ("do-you-mean", {"who": "Bobby"})],
        cmd.Answer(yes=False): [ev.Echoed("do-you-mean", "No"), ("do-you-mean", {"who": "Bob"})],
        cmd.Answer(yes=True): [ev.Echoed("do-you-mean", "Yes"), ("transfer", {"max": 700})],
        cmd.EnterNumber: [ev.Echoed("transfer", "100"), ev.Transferred(100), "bank"],
    }

    def play(command):
        return (
            dock(command)
            if type(command) not in {cmd.Press, cmd.Enter, cmd.Answer, cmd.EnterNumber}
            else answers.get(command, answers.get(type(command)))
        )

    async def story():
        async with aboard(play) as (pilot, _):
            assert await pilot.transfer("Bob", 100) == 100

    told(story)


def test_a_pilot_takes_over_in_the_middle_of_a_haggle():
    def play(command):
        return (
            [ev.Haggled("accepted", "SOLD"), at(7)]
            if isinstance(command, cmd.Offer)
            else [ev.StatusShown(sector=7), at(7)]
        )

    async def story():
        async with aboard(play, opening=[("offer", {"amount": 87})]) as (pilot, board):
            assert board.sent == [cmd.Offer(87)]
            await pilot.status()

    told(story)


def test_fighters_are_dropped_and_taken_back():
    def play(command):
        match command:
            case cmd.HandleFighters():
                return [
                    ev.HeaderShown("Drop/Take Fighters"),
                    ev.FightersCounted(30, 2500),
                    "fighters-quantity",
                ]
            case cmd.EnterNumber(number=0):
                return [ev.Echoed("fighters-quantity", "0"), ev.FightersPlaced(30), at(7)]
            case cmd.EnterNumber():
                return [ev.Echoed("fighters-quantity", "20"), "fighters-mode"]
            case cmd.Press():
                return [ev.Echoed("fighters-mode", "D"), ev.FightersPlaced(10), at(7)]

    async def story():
        async with aboard(play) as (pilot, _):
            assert await pilot.drop_fighters(20) == 10
            assert await pilot.collect_fighters() == 30

    told(story)


def test_words_go_out_and_say_so():
    async def story():
        async with aboard(lambda _: [ev.MessageSent("radio", 5), at(7)]) as (pilot, board):
            assert await pilot.say_radio("hello")
            assert await pilot.say_fedcomm("hello")
            assert board.sent == [cmd.SayRadio("hello"), cmd.SayFedComm("hello")]

    told(story)


# --- the door -------------------------------------------------------------------------------------


NEW = {
    cmd.GiveName: [ev.GameMenuShown({"A": "My Game"}), "game-menu"],
    cmd.ChooseGame: [ev.GameLoading(), "pause"],
    cmd.ShowSettings: [ev.SettingsListed({"Sectors": 1000}, {}, {}), "start-menu"],
    cmd.Play: ["show-log"],
}


class Server:
    """A server that asks its questions in a given order."""

    def __init__(self, *script):
        self.script = list(script)

    def __call__(self, command):  # noqa: PLR0911 - a table
        if isinstance(command, cmd.Continue):
            return (
                ["start-menu"]
                if not getattr(self, "paused", False) and not setattr(self, "paused", True)
                else self._next()
            )
        if type(command) in NEW:
            return NEW[type(command)]
        match command:
            case cmd.OpenComputer():
                return [ev.HeaderShown("Computer"), "computer"]
            case cmd.OpenSettings():
                return [ev.SettingsShown({"Animation display": "On", "Screen Pauses": "No"}), "settings"]
            case cmd.Press(key="2"):
                return [
                    ev.Echoed("settings", "2"),
                    ev.SettingsShown({"Animation display": "Off"}),
                    "settings",
                ]
            case cmd.Press(key="q"):
                return [ev.Echoed("settings", "Q"), "computer"]
            case cmd.LeaveComputer():
                return [ev.HeaderShown("Computer deactivated"), at(1)]
            case cmd.LeavePlanet():
                return [ev.TookOff("Rest"), at(1)]
            case cmd.Redisplay():
                return [ev.HeaderShown("Re-Display"), at(1)]
            case cmd.ShowInfo():
                return [ev.HeaderShown("Info"), ev.InfoShown(name="Ann", turns_to_warp=3), at(1)]
            case cmd.ShowStatus():
                return [ev.StatusShown(sector=1, credits=300, turns=250), at(1)]
            case _:
                return self._next()

    def _next(self):
        question = self.script.pop(0) if self.script else at(1)
        return [ev.Echoed("x", ""), *(question if isinstance(question, list) else [question])]


def enter(*script, account=ANN, opening=("name",)):
    async def story():
        server = Server(*script)
        async with MemoryNetwork(random=Random(1)) as net:
            net.listen("game", _echo)
            board = Board(server, list(opening))
            spec = BotSpec(name="ann", role=print, adapter=lambda: board, transport=net.transport("game"))
            async with open_bot(
                spec, channel=LocalChannel(), knowledge=MemoryStore(), random=Random(1)
            ) as bot:
                pilot = Pilot(bot)
                created = await pilot.enter(account)
                return created, pilot.settings, board.sent, pilot.ship

    return told(story)


def test_a_new_trader_is_created_whatever_is_asked_in_between():
    created, settings, sent, ship = enter(
        [ev.PlayerNotFound(), "new-character"],
        "choose-password",
        "repeat-password",
        [ev.CharacterStarted(), "pause"],
        "which-name",
        ("confirm", {"what": "Ann"}),
        "ship-name",
        ("confirm", {"what": "Wingmate"}),
        "planet-name",
        "planet",
    )
    assert created
    assert settings["Sectors"] == 1000
    assert sent.count(cmd.EnterPassword("sesame")) == 2
    assert cmd.Enter("Wingmate") in sent
    assert cmd.LeavePlanet() in sent
    assert cmd.Press("2") in sent, "animation is turned off"
    assert (ship.name, ship.sector, ship.turns) == ("Ann", 1, 250)
    assert "sesame" not in repr(sent)


def test_an_old_trader_passes_mail_and_avoids():
    created, *_ = enter("password", "delete-messages", "clear-avoids", "pause")
    assert not created


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (["password", [ev.PasswordRefused(), "password"]], errors.WrongPassword),
        (
            [
                "new-character",
                "choose-password",
                "repeat-password",
                [ev.PasswordsDiffered(), "choose-password"],
            ],
            errors.PasswordMismatch,
        ),
        (["new-character", "alias", [ev.NameRefused("in use"), "alias"]], errors.NameTaken),
        ([[ev.EntryRefused("closed", "closed"), "game-menu"]], errors.GameClosed),
        ([[ev.EntryRefused("game-full", "full"), "game-menu"]], errors.GameFull),
        ([[ev.EntryRefused("closed-to-new", "closed"), "game-menu"]], errors.NewPlayersRefused),
        ([[ev.EntryRefused("server-full", "full")]], errors.ServerFull),
        (["game-password"], errors.PrivateGame),
    ],
)
def test_each_refusal_has_its_own_error(script, error):
    with pytest.raises(error) as caught:
        enter(*script)
    assert "sesame" not in str(caught.value)
    assert str(caught.value).startswith("ann")


def test_no_character_is_created_against_the_accounts_will():
    old = Account(name="Ann", password=Secret("text:sesame"), create=False)
    with pytest.raises(errors.UnknownPlayer):
        enter([ev.PlayerNotFound(), "new-character"], account=old)


def test_a_door_that_asks_without_end_is_left():
    with pytest.raises(GarbledReply, match="without end"):
        enter(*["show-log"] * 100)


@pytest.mark.parametrize("name", ["", " Ann", "Änn", "A~n", "A" * 31, "A\x07"])
def test_names_the_game_would_not_take_are_refused_at_once(name):
    with pytest.raises(ValueError, match="name must"):
        Account(name=name, password=Secret("text:sesame"))


# --- what the crew hears ----------------------------------------------------------------------------


def test_a_threat_is_told_to_the_crew_and_avoided():
    seen = ev.SectorDisplayed(
        number=9, fighters=ev.Squadron(99, "belong to Zed", "other", "Defensive"), warps=(7,), has_warps=True
    )

    async def story():
        store = MemoryStore()
        async with aboard(
            lambda _: [ev.HeaderShown("Re-Display"), ev.StatusShown(sector=7), seen, at(7)], store=store
        ) as (pilot, _):
            async with pilot.bot.channel.subscribe("threat") as news:
                await pilot.status()
                message = await anext(news)
            assert message.body["key"] == "danger/9"
            assert 9 in pilot.atlas.dangers
            await anyio.sleep(1)
            await pilot.clear(9)
            assert 9 not in pilot.atlas.dangers
            other = Pilot(pilot.bot)
            await other.refresh(every=0.0)
            assert 9 not in other.atlas.dangers

    told(story)


def test_what_others_learned_is_on_the_map_after_a_refresh():
    async def story():
        store = MemoryStore()
        async with aboard(lambda _: [at(7)], store=store) as (pilot, _):
            await store.learn(Fact("sector/7", {"warps": [8]}, 1.0, "bob"))
            await pilot.refresh(every=0.0)
            assert pilot.atlas.path(7, 8) == (7, 8)

    told(story)


@pytest.mark.parametrize("field", ["password", "game_password"])
def test_a_password_in_plain_text_is_refused_without_showing_it(field):
    good = {"name": "Ann", "password": Secret("env:ANN_PASSWORD")}
    with pytest.raises(TypeError, match="must be a Secret") as caught:
        Account(**(good | {field: "swordfish"}))
    assert "swordfish" not in str(caught.value)
