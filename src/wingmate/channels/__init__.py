"""Ways for bots to talk."""

from ._local import LocalChannel
from ._notices import NoticeBoard

__all__ = ("LocalChannel", "NoticeBoard")
