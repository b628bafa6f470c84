"""Where a crew's things are kept: the map, the universe, passwords, unknown screens, recordings."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from attrs import frozen

from .._secrets import home
from ..errors import ConfigError


def default_folder(name: str) -> Path:
    """Choose the platform's place for a program's state."""
    if folder := os.environ.get("WINGMATE_STATE"):
        return home(folder) / name
    try:
        from platformdirs import user_state_path  # noqa: PLC0415 - an extra
    except ImportError:
        # The freedesktop.org default is right on most machines that lack the extra.
        return Path.home() / ".local" / "state" / "wingmate" / name
    return user_state_path("wingmate", appauthor=False) / name


@frozen
class StateFolder:
    """One crew's folder, private to its owner."""

    path: Path

    @property
    def knowledge(self) -> Path:
        """The store of facts and claims."""
        return self.path / "knowledge.sqlite"

    @property
    def universe(self) -> Path:
        """The embedded universe's save."""
        return self.path / "universe.sqlite"

    @property
    def captures(self) -> Path:
        """Screens no rule knew."""
        return self.path / "captures"

    @property
    def recordings(self) -> Path:
        """Sessions, if they are recorded."""
        return self.path / "recordings"

    def prepare(self) -> StateFolder:
        """Make the folder. Raises `ConfigError` if that is impossible."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as exc:
            raise ConfigError(
                f"the state folder {self.path} cannot be made: {exc}; choose another with --state"
            ) from exc
        return self

    def password_files(self, names: Iterable[str]) -> dict[str, Path]:
        """Give each bot a password of its own, made up once and kept in a file only the owner reads."""
        folder = self.path / "passwords"
        files = {name: folder / name for name in names}
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            for path in files.values():
                write_private(path, secrets.token_urlsafe(12) + "\n")
        except OSError as exc:
            raise ConfigError(f"the passwords cannot be kept in {folder}: {exc}") from exc
        return files


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner may read, unless it exists; whole or not at all."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def check_report(path: Path | None) -> None:
    """Make sure that a report can be written, before hours of play depend on it. Raises `ConfigError`."""
    if path is None:
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a folder")
        draft.touch()
        draft.unlink()
    except (OSError, ValueError) as exc:
        raise ConfigError(f"the report cannot be written to {path}: {exc}; choose another --report") from exc


def write_report(path: Path, report: object) -> None:
    """Write a report as JSON, whole or not at all. Raises `ConfigError`."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
        draft.replace(path)
    except OSError as exc:
        raise ConfigError(f"the report cannot be written to {path}: {exc}") from exc
