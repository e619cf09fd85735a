"""How long to wait and how much to take, as values."""

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes in bytes beyond which a message is refused and its connection closed.

    `max_unsent_bytes` is what a reader may leave unread of what it is owed.
    """

    max_head_bytes: int = 65_536
    max_body_bytes: int = 64 * 1024 * 1024
    max_message_bytes: int = 16 * 1024 * 1024
    max_unsent_bytes: int = 4 * 1024 * 1024


class Timeouts(msgspec.Struct, frozen=True, kw_only=True):
    """Times in milliseconds, apart (ENV-3): to connect, between bytes of an answer, for the whole exchange.

    `idle_ms` is how long a server keeps a silent connection, and a client one that nobody uses. A server
    gives a request `total_ms` to arrive, from its first byte to its last.
    """

    connect_ms: float = 3_000
    read_ms: float = 10_000
    total_ms: float = 15_000
    idle_ms: float = 75_000
