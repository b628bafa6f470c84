"""The prompts of Trade Wars as data.

Seen on TWGS 2.20b unless a comment says otherwise. `side` is what *we* do at a port.
"""

from __future__ import annotations

from ..screens import Prompt, PromptRules

__all__ = ("PROMPTS", "RULES")

_COMMAND = "[TL={time_left:word}]:[{sector:int}] (?=Help)? "

LOGIN = (
    # The last words before the server hangs up; they end without a line end.
    Prompt("refused", "Failed to detect protocol.  Expected Telnet..."),
    Prompt("refused", " Game server is currently full."),
    Prompt("refused", "Only Telnet connections allowed."),
    Prompt("name", "Please enter your name (ENTER for none): "),
    Prompt("game-menu", "Selection (? for menu): "),
    # What sysops made of it, as players' scripts know it.
    Prompt("game-menu", "Select a game :"),
    Prompt("game-menu", "Make a Selection:"),
    Prompt("game-descriptions", "Select game (Q for none):"),
    Prompt("game-password", "This is a private game.  Please enter a password:"),
    Prompt("any-key", "[ANY KEY]"),
    Prompt("pause", "[Pause]", repeats=True),
    Prompt("delete-messages", "[Pause] - Delete messages? (Y/N) [N] "),
    Prompt("game-name", "What is your name? "),
    Prompt("ansi", "Use ANSI graphics? "),
    Prompt("start-menu", "Enter your choice: "),
    Prompt("show-log", "Show today's log? (Y/N) [N] "),
    Prompt("log-stamps", "Include time/date stamp? (Y/N) [N] "),
    Prompt("password", "Password? "),
    Prompt("choose-password", "Password? ", after="Please enter a password for this game account{rest}"),
    Prompt("choose-password", "Password? ", after="Passwords didn't match{rest}"),
    Prompt("repeat-password", "Password? ", after="Repeat password to verify."),
    Prompt("new-character", "Would you like to start a new character in this game?  (Type YES or NO) "),
    Prompt("new-character", "Would you like to start a new character in this game?  (Type Y or N) "),
    Prompt("new-character", "Would you like to start a new character in this game? (Type Y or N) "),
    Prompt("new-character", "Would you like to start a new character in this game? (Y/N) "),
    Prompt("which-name", "Use (N)ew Name or (B)BS Name [B] ? "),
    Prompt("alias", "What Alias do you want to use? "),
    # The last letters of "(Y/N) " come behind this text where they come at all.
    Prompt("confirm", "{what} is what you want? "),
    # Two questions are answered on an empty line of their own.
    Prompt("ship-name", "", after="What do you want to name your ship? (30 letters)"),
    Prompt("planet-name", "", after="[---------------------------------------]"),
    Prompt("clear-avoids", "Do you wish to clear some avoids? (Y/N) [N] "),
)

COMMAND = (
    Prompt("command", "Command " + _COMMAND + ": "),
    Prompt("computer", "Computer command " + _COMMAND),
    Prompt("corporate", "Corporate command " + _COMMAND),
    Prompt("planet", "Planet command (?=help) [D] "),
    Prompt("citadel", "Citadel command (?=help) "),
    Prompt("cim", ": "),
    Prompt("cim", " : "),
    Prompt("cim-from", "FM > "),
    Prompt("cim-to", "  TO > "),
    Prompt("settings", "Settings command (?=Help) [Q] "),
    Prompt("settings", "Settings command (?=Help) [..] "),  # as older servers' scripts wait for it
    Prompt("channel", "Tune to which sub-space channel? [{default:int}] "),
    Prompt("confirm-quit", "Confirmed? (Y/N)? "),
    Prompt("navpoint", "Choose NavPoint (?=Help) [Q] : "),
    Prompt("navpoint-settings", "NavPoint Settings (?=Help) [Q] : "),
    Prompt("port-sector", "What sector is the port in? [{default:int}] "),
    Prompt("examine-sector", "What sector do you wish to examine? [{default:int}] "),
    Prompt("course-from", "What is the starting sector [{default:int}] ? "),
    Prompt("course-to", "What is the destination sector? "),
    Prompt("course-to", "What is the destination sector [{default:int}] ? "),
    Prompt("explored-or-not", "Do you want to list your (E)xplored or (U)nexplored sectors? (E/U) "),
)

SPACE = (
    Prompt("to-sector", "To which Sector [{default:int}] ? "),
    Prompt("to-sector", "To which Sector [{default:int}]? "),
    Prompt("to-sector", "To which Sector ? "),
    Prompt("to-sector", "To which Sector? "),
    Prompt("autopilot-start", "Engage the Autopilot? (Y/N/Single step/Express) [Y] "),
    Prompt("autopilot-stop", "Stop in this sector (Y,N,E,I,R,S,D,P,?) (?=Help) [N] ? "),
    Prompt("really-warp", "Do you really want to warp there? (Y/N) "),
    Prompt("transwarp", "Do you want to engage the TransWarp drive? "),
    Prompt("transwarp-ready", "All Systems Ready, shall we engage? "),
    Prompt("transwarp-blind", "Do you want to make this jump blind? "),
    Prompt("clear-route-avoids", "Clear Avoids? "),
    Prompt("avoid-sector", "Mined Sector: Do you wish to Avoid this sector in the future? (Y/N) "),
    Prompt("scan-kind", "Select (H)olo Scan or (D)ensity Scan or (Q)uit? [D] "),
    Prompt("probe-goal", "Please enter a destination for this probe : "),
    Prompt("land-on", "Land on which planet <Q to abort> ? "),
    Prompt("hostile-fighters", "Option? ({options:word}):? "),
    Prompt("fighters-quantity", "How many fighters do you want defending this sector? "),
    Prompt("fighters-owner", "Should these be (C)orporate fighters or (P)ersonal fighters? "),
    Prompt("fighters-mode", "Should they be (D)efensive, (O)ffensive or Charge a (T)oll ? "),
    Prompt("mine-type", " Handle which mine type, 1 Armid or 2 Limpet ? :"),
    Prompt("mine-scan-type", " Scan which mine type, 1 Armid or 2 Limpet ? :"),
    Prompt("mines-quantity", "How many {kind} mines do you want defending this sector? "),
    Prompt("mines-quantity", "How many mines do you want defending this sector? "),
    Prompt("mines-owner", "Should these be (C)orporate mines or (P)ersonal mines? "),
    Prompt("attack-target", "Attack {target} (Y/N) [N]? "),
    Prompt("attack-fighters", "How many fighters do you wish to use (0 to {max:int}) [{default:int}]? "),
    Prompt("jettison", "Are you sure you want to jettison all cargo? (Y/N) "),
)

TRADE = (
    Prompt("port-menu", "Enter your choice [T] ? "),
    Prompt("trade-quantity", "How many holds of {product} do you want to {side:word} [{default:int}]? "),
    Prompt("trade-quantity", "How many units of {product} do you want to {side:word} [{default:int}]? "),
    Prompt("offer", "Your offer [{amount:int}] ? "),
    Prompt("stardock", "<StarDock> Where to? (?=Help) "),
    Prompt("bank", "<Galactic Bank> So, how can I help you Citizen? (?) ? "),
    Prompt("deposit", "How many credits do you want to deposit? ({max:int}) "),
    Prompt("withdraw", "How many credits do you want to withdraw? ({max:int}) "),
    Prompt("transfer", "How many credits do you want to transfer? ({max:int}) "),
    Prompt("transfer-to", "Which Trader ? (Full or Partial Name) - "),
    Prompt("do-you-mean", "Do you mean {who}? "),
    Prompt("shipyards", "<Shipyards> Your option (?) ? "),
    Prompt("hardware", "<Hardware Emporium> So what are you looking for (?) ? "),
    Prompt("trade-in", "Welcome to the 'yards', you want to trade in that old ship? "),
    Prompt("ready-to-deal", "You ready to deal? "),
    Prompt("which-ship", "Which ship are you interested in (?=List) ? "),
    Prompt("buy-it", "Want to buy it? "),
    Prompt("interested", "I can let you have one for {price:int} credits, interested? "),
    Prompt("scanner-choice", "Which would you like? (H/D/Quit) "),
    Prompt("transwarp-choice", "Which would you like? (1/2/U/Quit) "),
    Prompt("limpet-removal", "{words} removal? : (Y/N) "),
    Prompt("limpet-removal", "removal? : (Y/N) "),
    Prompt("class-zero", "Which item do you wish to buy? (A,B,C,Q,?) "),
    Prompt("buy-holds", "How many Cargo Holds do you want installed? "),
    Prompt("still-interested", "Are you still interested in buying them? "),
    Prompt("buy-fighters", "How many K-3A fighters do you want to buy (Max {max:int}) [{default:int}] ? "),
    Prompt(
        "buy-shields", "How many shield armor points do you want to buy (Max {max:int}) [{default:int}] ? "
    ),
    Prompt("hardware-quantity", "How many {item} do you want (Max {max:int}) [{default:int}] ? "),
)

PLANET = (
    Prompt("display-planet", "Display planet? "),
    Prompt("leave-or-take-product", "(L)eave or (T)ake Product? [T] "),
    Prompt("leave-or-take-colonists", "(L)eave or (T)ake Colonists? [L] "),
    Prompt("terra-colonists", "Do you wish to (L)eave or (T)ake Colonists? [T] (Q to leave) "),
    Prompt("which-production", "(1)Ore, (2)Org or (3)Equipment Production? "),
    Prompt("which-product", "(1)Ore, (2)Org or (3)Equipment ? "),
    Prompt("leave-or-take-fighters", "Do you wish to (L)eave or (T)ake Fighters? [T] (Q to Exit) "),
    Prompt(
        "planet-fighters", "How many Fighters do you want to {side:word} ({max:int} Max) [{default:int}] ? "
    ),
    Prompt("build-citadel", "Do you wish to construct one? "),
)

TALK = (
    # While a line to many traders is open, whatever is typed goes out, commands too.
    Prompt("comm-line", "S: "),
    Prompt("comm-line", "F: "),
    Prompt("comm-line", "P: "),
    Prompt("comm-line", "M: "),
    Prompt("comm-line", "C: "),
    Prompt("radio-line", "'", after="Sub-space radio ({channel}): [<ENTER> for multiple lines]"),
    Prompt("fedcomm-line", "`", after="Federation comm-link: [<ENTER> for multiple lines]"),
    Prompt("hail-line", "=", after="Hailing frequencies: [<ENTER> to request secure channel]"),
)

PROMPTS = (*LOGIN, *COMMAND, *SPACE, *TRADE, *PLANET, *TALK)

RULES = PromptRules(PROMPTS)
