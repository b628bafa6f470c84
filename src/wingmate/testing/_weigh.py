"""How much memory a thing holds on to."""

from __future__ import annotations

import gc
import sys
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

# Shared by everybody: no thing's own weight.
_COMMON = (type, ModuleType, BuiltinFunctionType)


def weigh(thing: object) -> int:
    """Count the bytes of everything that can be reached from a thing, classes and modules left out."""
    seen = {id(thing)}
    todo: list[Any] = [thing]
    weight = 0
    while todo:
        one = todo.pop()
        weight += sys.getsizeof(one, 0)
        # A function leads to the whole of its module; only what it closes over is its own.
        held = one.__closure__ or () if isinstance(one, FunctionType) else gc.get_referents(one)
        for other in held:
            if id(other) not in seen and not isinstance(other, _COMMON):
                seen.add(id(other))
                todo.append(other)
    return weight
