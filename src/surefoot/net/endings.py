"""How a server can leave a request without a proper answer: plain values, nothing is done here."""

from enum import StrEnum

import msgspec


class Ending(StrEnum):
    """What becomes of a connection."""

    CLOSE = "close"
    """It ends in order: the other side reads the end (FIN)."""
    RESET = "reset"
    """It is torn: the other side's next read fails (RST)."""
    SILENCE = "silence"
    """It stays open and is read, but what was asked is never answered."""
    HALF_OPEN = "half_open"
    """It stays open for the other side, and nothing is read nor written any more, not even its end."""


class Broken(msgspec.Struct, frozen=True):
    """Instead of an answer: these bytes as they are, and then that end."""

    ending: Ending
    data: bytes = b""
