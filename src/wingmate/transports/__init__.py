"""Ways to reach a game: recipes that nest, such as `Recorded(Telnet(Tcp("host", 23)), "log.cast")`."""

from __future__ import annotations

from ._playback import Playback as Playback
from ._program import Program as Program
from ._recorded import Recorded as Recorded
from ._server import ServerTelnet as ServerTelnet
from ._tcp import Tcp as Tcp
from ._telnet import Telnet as Telnet
from ._tls import Tls as Tls
from ._wrapped import WrappedStream as WrappedStream

__all__ = ("Playback", "Program", "Recorded", "ServerTelnet", "Tcp", "Telnet", "Tls", "WrappedStream")
