"""How the game tells a player what others do: each kind of news as the line that is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..engine import news
from ..engine.state import Prefs
from . import _ink as ink


def _report(sector: int) -> str:
    return f"{ink.y}Deployed Fighters {ink.g}Report Sector {ink.C}{sector}{ink.g0}:"


# Invented: the colours of the lines about ships; the words are attested.
_SHIPS: dict[type, Callable[[Any], str]] = {
    news.WarpedIn: lambda item: f"{ink.C}{item.who}{ink.g0} warps into the sector.",
    news.WarpedOut: lambda item: f"{ink.C}{item.who}{ink.g0} warps out of the sector.",
    news.Entered: lambda item: f"{ink.C}{item.who}{ink.g0} enters the game.",
    news.Exited: lambda item: f"{ink.C}{item.who}{ink.g0} exits the game.",
    news.Docked: lambda item: f"{ink.C}{item.who}{ink.g0} docks at {ink.C}{item.port}{ink.g0}.",
    news.LiftedOff: lambda item: f"{ink.C}{item.who}{ink.g0} lifts off from {ink.C}{item.place}{ink.g0}.",
    news.Powering: lambda item: f"{ink.C}{item.what}{ink.g0} is powering up weapons systems!",
    news.Launched: lambda item: (
        f"{ink.C}{item.attacker}{ink.g0} launches a wave of fighters at {ink.C}{item.target}{ink.g0}!"
    ),
    news.ShipHit: lambda item: (
        f"{ink.y}Shipboard Computers \a\a{ink.C}{item.attacker}{ink.y0} destroyed "
        f"{ink.Y}{item.shields:,}{ink.y0} shield points and {ink.Y}{item.fighters:,}{ink.y0} fighters."
    ),
    news.Destroyed: lambda item: (
        f"{ink.C}{item.who}{ink.g0}'s ship was destroyed by {ink.C}{item.by}{ink.g0}!"
    ),
    news.FightersHit: lambda item: (
        f"{_report(item.sector)} {ink.C}{item.who}{ink.g0}"
        + (
            f" destroyed {ink.Y}{item.destroyed:,}{ink.g0} fighters, {ink.Y}{item.remain:,}{ink.g0} remain."
            if item.destroyed
            else " entered sector."
        )
    ),
    news.TollPaid: lambda item: (
        f"{_report(item.sector)} {ink.C}{item.who}{ink.g0} "
        f"paid a toll of {ink.Y}{item.credits:,}{ink.g0} credits."
    ),
    news.Transferred: lambda item: (
        f"{ink.C}{item.sender}{ink.g0} transferred {ink.Y}{item.credits:,}{ink.g0} credits "
        "to your Galactic bank account."
    ),
    news.NewMail: lambda item: f"{ink.g}You have new mail from {ink.C}{item.sender}{ink.g0}.",
    news.Recovered: lambda item: f"You recover {ink.C}{item.turns}{ink.m0} of your turns.",
}


def told(item: object, prefs: Prefs) -> str:
    """Write one item of news as a line without its end; empty if this player does not want it."""
    if prefs.silence:
        return ""
    if isinstance(item, news.FedComm):
        return _chat(prefs, item, f"{ink.g}F", " on Federation comm-link") if prefs.fedcomm else ""
    if isinstance(item, news.Radio):
        return _chat(prefs, item, f"{ink.y}R", f" on channel {ink.C}{item.channel}{ink.g0}")
    if isinstance(item, news.Hail):
        return _chat(prefs, item, f"{ink.c}P") if prefs.hails else ""
    if isinstance(item, news.ShipLost):
        return _lost(item)
    return _SHIPS[type(item)](item)


def _chat(prefs: Prefs, item: news.FedComm | news.Radio | news.Hail, letter: str, medium: str = "") -> str:
    page = "\a\a" if prefs.page else ""
    if prefs.compact:
        # Which letter has which of the three colours is not known; the columns are.
        return f"{page}{letter} {ink.C}{item.sender[:6]:<6} {ink.y}{item.text}"
    head = f"{ink.g}Incoming transmission from {ink.C}{item.sender}{ink.g0}{medium}:"
    return f"{page}{head}{ink.nl}{ink.Y}{item.text}"


def _lost(item: news.ShipLost) -> str:
    lines = [f"{ink.alarm}Your {item.hull} has been destroyed!"]
    if item.experience:
        lines.append(
            f"{ink.g}For getting blown up, you lost {ink.Y}{item.experience:,}{ink.g0} experience point(s)."
        )
    if item.pod:
        lines.append(f"{ink.g}You rush to an escape pod and abandon ship...")
    else:
        lines.append(f"{ink.g}You will have to start over from scratch!")
    return ink.nl.join(lines)
