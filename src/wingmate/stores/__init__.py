"""Ways for a crew to remember: in memory, in a SQLite file, and as JSON lines."""

from __future__ import annotations

from ._jsonl import export_facts, import_facts
from ._memory import MemoryStore
from ._sqlite import SqliteStore

__all__ = ("MemoryStore", "SqliteStore", "export_facts", "import_facts")
