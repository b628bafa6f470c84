"""Villagers: what each does for a living, and together a village."""

from ._farmer import Farmer
from ._landscaper import Landscaper
from ._lumberjack import Lumberjack

__all__ = ("Farmer", "Landscaper", "Lumberjack")
