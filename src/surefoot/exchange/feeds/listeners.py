"""Those who are told: connections to the market streams, and subscriptions to an account's events."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from surefoot.exchange.feeds.stream_names import StreamName

_encode = msgspec.json.Encoder().encode

POLICY_VIOLATION = 1008
"""The close code for who breaks a limit, or is banned (RFC 6455, 7.4.1)."""


class Wire(Protocol):
    """A connection, as far as a session has to know it. `send` never waits: a reader too slow is cut off."""

    def send(self, data: bytes) -> None: ...
    def close(self, code: int, reason: str) -> None: ...


class StreamListener:
    """A connection to the market streams. `combined` wraps each event with the name of its stream."""

    def __init__(self, wire: Wire, *, combined: bool, unit: int) -> None:
        self.wire = wire
        self.combined = combined
        self.unit = unit
        self.names: dict[str, StreamName] = {}

    def hear(self, stream: str, body: bytes) -> None:
        """Send one event of that stream."""
        self.wire.send(self.wrapped(stream, body))

    def wrapped(self, stream: str, body: bytes) -> bytes:
        """The event as this connection wants it."""
        return b'{"stream":%s,"data":%s}' % (_encode(stream), body) if self.combined else body


class Follower(Protocol):
    """Whoever hears the events of `account`; `unit` is that of their times."""

    @property
    def account(self) -> str: ...
    @property
    def unit(self) -> int: ...
    def hear(self, body: bytes) -> None: ...


class KeyListener(msgspec.Struct, frozen=True, eq=False):
    """A connection to the streams that hears an account's events by a listen key, as they are."""

    account: str
    listen_key: str
    listener: StreamListener

    @property
    def unit(self) -> int:
        """That of the connection."""
        return self.listener.unit

    def hear(self, body: bytes) -> None:
        """Send one event of the account."""
        self.listener.hear(self.listen_key, body)


class UserListener(msgspec.Struct, frozen=True, eq=False):
    """One user data subscription of one connection, made with the key `api_key`; `over` is told its number
    when the exchange ends it.
    """

    account: str
    subscription_id: int
    wire: Wire
    unit: int
    api_key: str = ""
    over: Callable[[int], None] = lambda number: None

    def hear(self, body: bytes) -> None:
        """Send one event of the account."""
        self.wire.send(b'{"subscriptionId":%d,"event":%s}' % (self.subscription_id, body))
