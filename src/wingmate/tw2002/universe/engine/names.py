"""Names for ports, Ferrengi and their ships."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

# ruff: noqa: SIM905 - words in a row read better than a list of quotes
# Invented: all lists of this module; only the suffixes were seen behind real ports' names.
_HEADS = (
    "Ab Ac Al An Ar As Ba Bel Ben Bor Bra Cal Car Cas Cor Cy Dar Del Dor Dra El Er Fal Fen Gal Gor Hal "
    "Hel Hy Id Il Jan Jor Ka Kel Kor La Lor Mal Mer Mor Na Ner Nor Ob Or Pal Per Qua Ra Rho Ri Sa Sel "
    "Sha Sor Tal Tel Tor Ul Va Vel Vor Wa Xan Yor Zan Zel"
).split()
_MIDDLES = "a ae an ar da de di do er ga i ia ki la le li lo mi na ni o ra re ri ro sa ta te ti u va".split()
_TAILS = (
    "bar con dan den dor dra gan gon gur kar lan lia lon mar mir mon mus nar nia nis non nus ra ran rax "
    "ris ron rus sar sis son tar this tis ton tus vex via vin vor xis zar"
).split()
_SUFFIXES = ("", "", "", " Annex", " Primus", " Major", " Minor", " II", " III", " IV", " Alpha", " Beta")
_FERRENGI = "Bo Brok Dak Ger Gil Jas Kar Krax Lek Lom Mor Nib Pel Quo Rom Ser Tol Zek".split()
_FERRENGI_ENDS = "ak ar as ax ek el ik og ok om or ul us".split()
_SHIPS_FIRST = ("Ivory", "Golden", "Silent", "Greedy", "Crimson", "Hidden", "Laughing", "Iron", "Velvet")
_SHIPS_LAST = ("Talon", "Profit", "Ledger", "Bargain", "Margin", "Fang", "Contract", "Coin", "Dagger")


def port_name(dice: Random, taken: set[str]) -> str:
    """Make a port name that no other port has, and take it."""
    while True:
        middle = dice.choice(_MIDDLES) if dice.random() < 0.6 else ""
        name = dice.choice(_HEADS) + middle + dice.choice(_TAILS) + dice.choice(_SUFFIXES)
        if name not in taken:
            taken.add(name)
            return name


def ferrengi_name(dice: Random, taken: set[str]) -> str:
    """Make a name for a Ferrengi that no other has, and take it."""
    while True:
        name = dice.choice(_FERRENGI) + dice.choice(_FERRENGI_ENDS)
        if name in taken:
            name += dice.choice(_FERRENGI_ENDS)
        if name not in taken:
            taken.add(name)
            return name


def ferrengi_ship(dice: Random) -> str:
    """Name a Ferrengi ship."""
    return f"{dice.choice(_SHIPS_FIRST)} {dice.choice(_SHIPS_LAST)}"
