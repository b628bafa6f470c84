"""Chat, mail and the way in, where they are strange."""

from __future__ import annotations

import pytest

from wingmate.tw2002 import TradeWars, events

COMMAND = "Command [TL=00:00:00]:[441] (?=Help)? : "


def told(*lines, prompt=COMMAND):
    heard = TradeWars().receive(("\r\n".join(lines) + "\r\n" + prompt).encode("cp437"))
    return [event for event in heard if not isinstance(event, events.Prompted)]


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("Deployed Fighters", "fighters"),
        ("Corporate M.A.I.L. from Bob", "corporate"),
        ("Ship's Computer", "computer"),
        ("Bob Builder", "trader"),
    ],
)
def test_mail_of_every_kind(sender, kind):
    heading = f"Received from {sender} at 08:09:53 PM S.D. 08/27/12:"
    assert told(heading, "> one", "> two", "") == [
        events.MailRead(sender, "08:09:53 PM S.D. 08/27/12", "one two", kind)
    ]


def test_the_long_display_of_an_older_server_has_the_text_behind_the_heading():
    heading = "Incoming transmission from Able Trader on channel 28716:   "
    assert told(heading + "yes", "") == [
        events.Heard("radio", "Able Trader", "yes", full_name=True, channel=28716)
    ]
    broken = heading + "x" * (79 - len(heading))
    assert told(broken, " tom", "")[0].text == "x" * (79 - len(heading)) + " tom"


def test_fighters_speak_in_the_long_display_too():
    assert told("Incoming transmission from Deployed Fighters:", "Bob is here", "") == [
        events.FighterReported(None, "Bob is here")
    ]


def test_a_long_hail_in_the_middle_of_a_screen_ends_it():
    line = "P Bob    " + "x" * 71
    heard = told("Sector  : 5 in The Federation.", line, "y", "")
    assert [type(event) for event in heard] == [events.SectorDisplayed, events.Heard]
    assert heard[1].text == "x" * 71 + "y"


def test_what_others_write_is_never_read_as_the_game():
    assert told("R Bob    Sector  : 5 in The Federation.", "") == [
        events.Heard("radio", "Bob", "Sector  : 5 in The Federation.")
    ]


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("Secure comm-link established, Captain.", events.CommLinkOpened("hail")),
        ("Secure comm-link terminated.", events.CommLinkClosed("hail")),
        ("Federation comm-link established, Captain.", events.CommLinkOpened("fedcomm")),
        ("Federation comm-link terminated.", events.CommLinkClosed("fedcomm")),
        (
            "Type M.A.I.L. message [<ENTER> to send line. Blank line to end transmission]",
            events.CommLinkOpened("mail"),
        ),
        ("GMS link terminated.", events.CommLinkClosed("mail")),
        ("CMS link terminated.", events.CommLinkClosed("corporate")),
        ("bot1 is not responding, Captain.", events.MessageRefused("bot1 is not responding, Captain.")),
        (
            "You'll need to select a radio channel first.",
            events.MessageRefused("You'll need to select a radio channel first."),
        ),
        ("Continuing transmission from Bob: more", events.Heard("hail", "Bob", "more", full_name=True)),
        (
            "Able's ship vanishes from scanners with a brilliant flash!",
            events.ShipSeen("Able", "vanishes", "Able's ship vanishes from scanners with a brilliant flash!"),
        ),
        ("Bob is hailing you!", events.ShipSeen("Bob", "hails", "Bob is hailing you!")),
        ("Bob lifts off from Rock One.", events.ShipSeen("Bob", "lifts-off", "Bob lifts off from Rock One.")),
        ("You must use an Alias.", events.NameRefused("You must use an Alias.")),
        (
            "New player not allowed - game full.",
            events.EntryRefused("game-full", "New player not allowed - game full."),
        ),
        ("       Hello able trader, welcome to:", events.Greeted("able trader")),
        ("No Sectors are currently being avoided.", events.SectorsListed("avoided", ())),
        ("Your session will be terminated in Sixty seconds.", events.InactivityWarned(60)),
    ],
)
def test_lines_that_stand_alone(line, event):
    assert told(line) == [event]


@pytest.mark.parametrize(
    "line",
    [
        "Federation space is large.",
        "Type carefully.",
        "Message in a bottle",
        "Ok, then.",
        "Unknown territory",
        "Session of parliament",
        "Telnet is old",
        "TWGS",
        "Trade Wars is a game",
        "Great! Fun!",
        "Hello world",
        "Received nothing",
        "Who's there?",
        "Tax free",
        "Game over",
        "Passwords are secret",
        "(1) no value",
        "Incoming!",
        "Deployed here",
        "Shipboard cat",
    ],
)
def test_flavour_is_nothing(line):
    assert told(line) == []


def test_the_banner_in_the_middle_of_a_game_is_its_end():
    heard = told(
        prompt=COMMAND + "\x1b[2J\x1b[HTradeWars Game Server   Copyright (C) EIS\n\rSelection (? for menu): "
    )
    assert events.SessionEnded("banner") in heard


def test_a_menu_without_a_banner_is_its_end_too():
    assert events.SessionEnded("banner") in told(prompt=COMMAND + "\r\nSelection (? for menu): ")


def test_a_dump_that_breaks_off_is_not_told():
    heard = told(
        "Game Stats:", "[Version]", "Major Version=3", "something else", prompt="Enter your choice: "
    )
    assert heard == []


def test_a_single_game_and_who_plays_alone():
    heard = told("<A> My Game", prompt="Selection (? for menu): ")
    assert heard == [events.GameMenuShown({"A": "My Game"})]
    assert told("                               Who's Playing", "", "") == [events.PlayersListed(())]


def over(words, sender="Zed", medium=" on channel 5"):
    """What the long display prints over the command prompt when somebody says something."""
    heading = f"\r\x1b[K\x1b[32mIncoming transmission from {sender}{medium}:\r\x1b[0m\n"
    return f"{heading}\x1b[1;33m{words}\r\x1b[0m\n\r\n{COMMAND}".encode("cp437")


FALSE = [
    "Command [TL=00:00:00]:[1] (?=Help)? : ",
    "[Pause]",
    "Selection (? for menu): ",
    "Option? (A,D,I,R,?):? ",
    "Your offer [1] ? 5",
    "S: ",
    "I'm sorry but the game is full.",
    "You don't have any turns left.",
    "Sector  : 5 in The Federation.",
]


@pytest.mark.parametrize("words", FALSE)
@pytest.mark.parametrize("bytewise", [True, False])
def test_nobody_can_speak_a_prompt_in_the_long_display(words, bytewise):
    game = TradeWars()
    before = game.receive(COMMAND.encode())[-1]
    data = over(words)
    heard = []
    for piece in (data[n : n + 1] for n in range(len(data))) if bytewise else [data]:
        heard += game.receive(piece)
    assert [type(event) for event in heard] == [events.Heard, events.Prompted]
    assert heard[0].text == words.strip()
    assert heard[1].again, "it is still the prompt from before"
    assert game.prompt.serial == before.serial


@pytest.mark.parametrize("words", FALSE)
@pytest.mark.parametrize(("sender", "medium"), [("F:", ""), ("A: b", " on channel 5"), ("Z: ", "")])
def test_a_name_with_colons_does_not_end_the_heading(words, sender, medium):
    game = TradeWars()
    game.receive(COMMAND.encode())
    heard = game.receive(over(words, sender, medium))
    assert [type(event) for event in heard] == [events.Heard, events.Prompted]
    assert heard[0].sender == sender.strip()


def test_the_answer_to_a_command_follows_words_that_look_like_a_prompt():
    game = TradeWars()
    game.receive(COMMAND.encode())
    game.receive(over("Command [TL=00:00:00]:[1] (?=Help)? : "))
    # Now a real command: its prompt is a new one.
    heard = game.receive(b"D\r\n<Re-Display>\r\n\r\n" + COMMAND.encode())
    assert [event.again for event in heard if isinstance(event, events.Prompted)] == [False]
