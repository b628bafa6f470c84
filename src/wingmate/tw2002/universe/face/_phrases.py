"""What port keepers say; every phrase is attested."""

from __future__ import annotations

# The port sells, the trader's bid is taken.
SOLD = (
    "I hate haggling, they're all yours.",
    "You will put me out of business, I'll take your offer.",
    "Cheapskate.  Here, take them and leave me alone.",
    "Agreed, and a pleasure doing business with you!",
    "Very well, we'll take that offer.",
)

# The port buys.
BOUGHT = (
    "Agreed! We'll purchase them!",
    "FINE, we'll take them, just leave!",
    "Very well, we'll buy them.",
    "Oh well, maybe I can sell these to some other fool, we'll take them.",
    "If only more honest traders would port here, we'll take them though.",
)

JOKES = (
    "What do you take me for, a fool?  Make a real offer!",
    "WHAT?!@!? you must be crazy!",
    "This is the big leagues Jr.  Make a real offer.",
    "So, you think I'm as stupid as you look? Make a real offer.",
    "Quit playing around, you're wasting my time!",
    "My patience grows short with you.",
    "I have much better things to do than waste my time.  Try again.",
    "HA! HA, ha hahahhah hehehe hhhohhohohohh!  You choke me up!",
    "Get real ion-brain, make me a real offer.",
    "Make a real offer or get the h*ll out of here!",
)

KICKS = (
    "How have you survived this long?  Get lost, I'm not interested.",
    "Thief!  I will not do business with you.",
    "These are not free!  Get lost...",
    "Get lost creep, that junk isn't worth half that much!",
    "I see you are as stupid as you look, get lost...",
    "HA!  You think me a fool?  Thats insane!  Get out of here!",
    "Swine, go peddle your wares somewhere else, you make me sick.",
    "I think you'd better leave if you value your life!",
)
