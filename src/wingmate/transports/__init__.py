"""Ways to reach a game: recipes that nest, such as `Recorded(Telnet(Tcp("host", 23)), "log.cast")`."""

from __future__ import annotations

from ._server import ServerTelnet as ServerTelnet

__all__ = ("ServerTelnet",)
