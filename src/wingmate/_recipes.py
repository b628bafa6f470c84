"""Recipes written down: a frozen value as JSON (or TOML), and back.

A recipe becomes `{"use": "module:Name", field: …}`, a class or function `{"ref": "module:name"}`.
Reading one back imports what it names, so read only what you would run.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import PurePath
from types import FunctionType
from typing import Any, cast

import attrs

from ._facts import Json
from ._secrets import Secret
from .errors import ConfigError

RESERVED = frozenset({"use", "ref"})


def describe(value: object) -> Json:
    """Write a recipe as JSON. Raises `ConfigError` for what cannot travel, plain-text secrets included."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return _describe_number(value)
    if isinstance(value, Mapping):
        return _describe_mapping(cast("Mapping[object, object]", value))
    if isinstance(value, list | tuple):
        return [describe(item) for item in cast("Sequence[object]", value)]
    return _describe_thing(value)


def _describe_number(value: float) -> Json:
    if math.isfinite(value):
        return value
    raise ConfigError(f"{value} cannot be written down; choose a finite number")


def _describe_thing(value: Any) -> Json:
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, type | FunctionType):
        return {"ref": public_path(value)}
    if attrs.has(cast("type[object]", type(value))):
        return _describe_recipe(value)
    raise ConfigError(f"{value!r} cannot be written down: use a frozen attrs class or a function")


def build(data: Json) -> Any:
    """Make the recipe that *data* describes. Raises `ConfigError` naming what is wrong with it."""
    if isinstance(data, Mapping):
        return _build_mapping(data)
    if isinstance(data, Sequence) and not isinstance(data, str):
        return [build(item) for item in data]
    return data


def _build_mapping(data: Mapping[str, Json]) -> Any:
    rest = dict(data)
    if isinstance(path := rest.pop("ref", None), str):
        if rest:
            raise ConfigError(f"a reference has no settings: {sorted(rest)} beside ref = {path!r}")
        return find(path)
    if isinstance(path := rest.pop("use", None), str):
        return _build_recipe(path, rest)
    return {key: build(item) for key, item in data.items()}


def find(path: str) -> Any:
    """Import what `module:name` names. Raises `ConfigError` saying which half is wrong."""
    module_name, colon, name = path.partition(":")
    if not colon or not module_name or not name:
        raise ConfigError(f"{path!r} is not of the form module:name")
    try:
        module = import_module(module_name)
    except ImportError as exc:
        raise ConfigError(f"{path!r}: no module {module_name!r} can be imported ({exc})") from exc
    found: Any = module
    for part in name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError as exc:
            raise ConfigError(f"{path!r}: {module_name} has no {name!r}") from exc
    return found


def public_path(thing: Any) -> str:
    """Name a class or function the way its users import it."""
    module_name, name = thing.__module__, thing.__qualname__
    if "<" in name or module_name == "__main__":
        raise ConfigError(f"{name} cannot be written down: move it to the top of an importable module")
    parts = module_name.split(".")
    # The shortest public package that offers the name: wingmate.transports, not ….transports._tcp.
    public = next((n for n, part in enumerate(parts) if part.startswith("_")), len(parts))
    for length in range(1, public + 1):
        candidate = ".".join(parts[:length])
        if getattr(import_module(candidate), name.partition(".")[0], None) is not None:
            path = f"{candidate}:{name}"
            if find(path) is thing:
                return path
    return f"{module_name}:{name}"


def _describe_mapping(value: Mapping[object, object]) -> Json:
    for key in value:
        if not isinstance(key, str) or key in RESERVED:
            raise ConfigError(f"{key!r} cannot be the key of a table here")
    return {str(key): describe(item) for key, item in value.items()}


def _describe_recipe(value: Any) -> Json:
    if isinstance(value, Secret) and value.reference.startswith("text:"):
        raise ConfigError("a secret given as text is not written down; use env:NAME or file:PATH")
    settings: dict[str, Json] = {"use": public_path(type(value))}
    for field in attrs.fields(cast("type[attrs.AttrsInstance]", type(value))):
        held = getattr(value, field.name)
        if field.init and not _is_default(field, held):
            settings[field.alias] = describe(held)
    return settings


def _is_default(field: attrs.Attribute[Any], held: object) -> bool:
    default: Any = field.default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type] # attrs types its own class as a function
        return not default.takes_self and default.factory() == held
    return default is not attrs.NOTHING and type(default) is type(held) and default == held


def _build_recipe(path: str, settings: Mapping[str, Json]) -> Any:
    cls = find(path)
    if not (isinstance(cls, type) and attrs.has(cls)):
        raise ConfigError(f"{path!r} is not a recipe (a frozen attrs class)")
    fields = {field.alias: field for field in attrs.fields(cls) if field.init}
    for name in settings:
        if name not in fields:
            raise ConfigError(f"{path} has no setting {name!r}; it has {', '.join(sorted(fields)) or 'none'}")
    made = {name: _fit(fields[name], build(item)) for name, item in settings.items()}
    try:
        return cls(**made)
    except (TypeError, ValueError) as exc:
        raise ConfigError(f"{path}: {exc}") from exc


def _fit(field: attrs.Attribute[Any], value: object) -> object:
    # JSON knows lists only; the annotation tells which of them were tuples.
    if not isinstance(value, list) or not str(field.type).startswith("tuple"):
        return value  # pyright: ignore[reportUnknownVariableType] - any list is an object
    return tuple(cast("list[object]", value))
