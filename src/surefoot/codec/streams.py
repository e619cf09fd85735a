"""Stream names, subscriptions and events (official pages *WebSocket Streams* and *User Data Streams*)."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from surefoot.errors import ProtocolViolation
from surefoot.spot.events import (
    BookTickerEvent,
    DepthUpdate,
    Event,
    EventStreamTerminated,
    ExecutionReport,
    OutboundAccountPosition,
    ServerShutdown,
    UnknownEvent,
)


class _Named(msgspec.Struct, frozen=True):
    e: str = ""


class _Wrapped(msgspec.Struct, frozen=True):
    stream: str = ""
    data: msgspec.Raw = msgspec.Raw(b"")


def _decoders(kinds: Mapping[str, type[Event]]) -> Mapping[str, msgspec.json.Decoder[Any]]:
    return MappingProxyType({name: msgspec.json.Decoder(kind) for name, kind in kinds.items()})


_NAME = msgspec.json.Decoder(_Named)
_WRAPPED = msgspec.json.Decoder(_Wrapped)
_USER = _decoders(
    {
        "executionReport": ExecutionReport,
        "outboundAccountPosition": OutboundAccountPosition,
        "eventStreamTerminated": EventStreamTerminated,
        "serverShutdown": ServerShutdown,
    }
)
_MARKET = _decoders({"depthUpdate": DepthUpdate, "serverShutdown": ServerShutdown})
_BOOK_TICKER = msgspec.json.Decoder(BookTickerEvent)


def decode_user_event(raw: bytes | msgspec.Raw) -> Event:
    """One event of the user data stream; an unknown type becomes `UnknownEvent`."""
    return _decode(raw, _USER)


def decode_combined(data: bytes) -> tuple[str, Event]:
    """One message of ``/stream``: the stream's name and its event."""
    try:
        wrapped = _WRAPPED.decode(data)
        if wrapped.stream.endswith("@bookTicker"):
            return wrapped.stream, _BOOK_TICKER.decode(wrapped.data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProtocolViolation(f"not a combined stream message: {error}") from None
    return wrapped.stream, _decode(wrapped.data, _MARKET)


def _decode(raw: bytes | msgspec.Raw, decoders: Mapping[str, msgspec.json.Decoder[Any]]) -> Event:
    try:
        name = _NAME.decode(raw).e
        decoder = decoders.get(name)
        if decoder is None:
            return UnknownEvent(name=name, raw=bytes(raw))
        event: Event = decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProtocolViolation(f"not an event of the documented form: {error}") from None
    return event


def book_ticker(symbol: str) -> str:
    """Name of a symbol's best-price stream."""
    return f"{symbol.lower()}@bookTicker"


def depth(symbol: str, *, fast: bool = True) -> str:
    """Name of a symbol's diff depth stream: every 100 ms, or every 1,000 ms when not `fast`."""
    return f"{symbol.lower()}@depth{'@100ms' if fast else ''}"


def combined_target(base: str, names: Sequence[str]) -> str:
    """Request target of a combined connection to these streams."""
    return f"{base}/stream?streams={'/'.join(names)}"
