"""The command line: `wingmate demo`, `run`, `universe`, `map`, `knowledge`."""

from ._main import main

__all__ = ("main",)
