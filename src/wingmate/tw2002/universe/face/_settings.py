"""The computer's personal settings."""

from __future__ import annotations

from anyio import current_time
from attrs import evolve

from ..engine import chat, roster
from ..engine.refusal import Refusal
from ..engine.state import Prefs
from . import _ink as ink
from ._house import Seat

PROMPT = f"{ink.m}Settings command {ink.Y}(?=Help){ink.m0} [Q] "
CHANNELS = 60_000
CHANNEL_REST = 1.0  # seconds between two changes of the channel, seen on a live server

# Key, field, and what a toggle says; the first three sentences were seen live, the others are
# Invented: after their model.
TOGGLES = {
    "1": ("ansi", "ANSI graphics are now"),
    "2": ("animation", "Animation effects are now"),
    "3": ("page", "The message beep is now"),
    "5": ("fedcomm", "The Federation comm-link is now"),
    "6": ("hails", "Private hails are now"),
    "7": ("silence", "Silencing of all messages is now"),
    "9": ("abort_all_keys", "Aborting on all keys is now"),
    "A": ("compact", "The compact message display is now"),
    "B": ("pauses", "Screen pauses are now"),
    "C": ("auto_flee", "Online auto flee is now"),
    "E": ("autoreturn", "Sector autoreturn is now"),
}


def _on(value: bool) -> str:  # noqa: FBT001 - it is the value that is shown
    return "On " if value else "Off"


def _yes(value: bool) -> str:  # noqa: FBT001 - as above
    return "Yes" if value else "No "


def _list(prefs: Prefs, channel: int) -> str:
    rows = (
        ("1", "ANSI graphics", _on(prefs.ansi)),
        ("2", "Animation display", _on(prefs.animation)),
        ("3", "Page on messages", _on(prefs.page)),
        ("4", "Sub-space radio channel", str(channel)),
        ("5", "Federation comm-link", _on(prefs.fedcomm)),
        ("6", "Receive private hails", _yes(prefs.hails)),
        ("7", "Silence ALL messages", _yes(prefs.silence)),
        ("8", "Change Password", ""),
        ("9", "Abort display on keys", "ALL KEYS" if prefs.abort_all_keys else "SPACE"),
        ("A", "Message Display Mode", "Compact" if prefs.compact else "Long"),
        ("B", "Screen Pauses", _yes(prefs.pauses)),
        ("C", "Online Auto Flee", _on(prefs.auto_flee)),
        ("E", "Sector Autoreturn", _on(prefs.autoreturn)),
    )
    return "".join(
        f"{ink.m}({ink.Y}{key}{ink.m0}) {ink.g}"
        + (f"{name:<24}{ink.Y} - {ink.c}{value}" if value else name)
        + ink.nl
        for key, name, value in rows
    )


async def settings(seat: Seat) -> None:
    """Show and change the settings until `Q` or Enter."""
    io = seat.io
    io.put(ink.banner_line("Set ANSI and misc settings"))
    io.blank()
    io.put(_list(seat.prefs, seat.me.channel))
    changed_at: float | None = None
    while True:
        io.blank()
        key = await io.choose(PROMPT, "123456789ABCEQ?", default="Q")
        if key == "Q":
            return
        if key == "4":
            changed_at = await _tune(seat, changed_at)
        elif key == "8":
            await _change_password(seat)
        else:
            if key != "?":
                _toggle(seat, key)
            io.blank()
            io.put(_list(seat.prefs, seat.me.channel))


def _toggle(seat: Seat, key: str) -> None:
    name, words = TOGGLES[key]
    value = not getattr(seat.prefs, name)
    seat.me.prefs = evolve(seat.prefs, **{name: value})
    seat.io.ansi = seat.prefs.ansi
    seat.io.line(f"{ink.g}{words} {ink.Y}{_on(value)}")


async def _tune(seat: Seat, changed_at: float | None) -> float | None:
    io = seat.io
    if changed_at is not None and not seat.house.fast and current_time() - changed_at < CHANNEL_REST:
        io.line(f"{ink.r}You cannot change the sub-space radio channel for another 1 sec!")
        return changed_at
    prompt = f"{ink.m}Tune to which sub-space channel? {ink.Y}[{seat.me.channel}]{ink.m0} "
    channel = await io.number(prompt, CHANNELS, seat.me.channel)
    try:
        chat.tune(seat.world, seat.me, channel)
    except Refusal as no:
        io.line(f"{ink.r}{no.reason.value}")
        return changed_at
    io.line(
        f"{ink.g}Ok, you will send and receive sub-space messages on channel {ink.C}{channel}{ink.g0} now."
    )
    return current_time()


async def _change_password(seat: Seat) -> None:
    # Invented: the questions, after those of a new character.
    io = seat.io
    first = await io.text(f"{ink.m}New password? ", 40, mask="*")
    again = await io.text(f"{ink.m}Repeat password to verify? ", 40, mask="*")
    if not first or first != again:
        io.line(f"{ink.R}Passwords didn't match.")
        return
    try:
        roster.set_password(seat.world, seat.me, first)
    except Refusal as no:
        io.line(f"{ink.R}{no.reason.value}")
        return
    io.line(f"{ink.g}Password changed.")
