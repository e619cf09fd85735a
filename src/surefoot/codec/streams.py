"""Events of the streams, from their JSON (official pages *WebSocket Streams* and *User Data Streams*).

Each message is decoded once: an event of the user stream is told by its ``e``, one of a market stream by the
name of its stream.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import msgspec

from surefoot.codec.answers import UNREADABLE
from surefoot.errors import ProtocolViolation
from surefoot.spot import events
from surefoot.spot.events import Event, UnknownEvent
from surefoot.spot.market import Level
from surefoot.spot.streams import StreamKind, StreamName

Payload = bytes | msgspec.Raw
EventDecoder = Callable[[bytes], Event]
"""Reads the payload of one message; raises msgspec's errors for another form."""


class _Named(msgspec.Struct, frozen=True):
    e: str = ""


class _Levels(msgspec.Struct, frozen=True, rename="camel", gc=False):
    last_update_id: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


_NAME = msgspec.json.Decoder(_Named)
_USER_EVENTS = (
    events.ExecutionReport
    | events.OutboundAccountPosition
    | events.BalanceUpdate
    | events.ListStatus
    | events.ExternalLockUpdate
    | events.EventStreamTerminated
    | events.ServerShutdown
)
_USER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_USER_EVENTS)
_USER_NAMES = frozenset(str(kind.__struct_config__.tag) for kind in _USER_EVENTS.__args__)
_CONNECTION: msgspec.json.Decoder[Any] = msgspec.json.Decoder(
    events.ServerShutdown | events.EventStreamTerminated  # of one kind alone the name could be left out
)
EVENTS: Mapping[StreamKind, type[Event]] = MappingProxyType(
    {
        StreamKind.AGG_TRADE: events.AggTradeEvent,
        StreamKind.TRADE: events.TradeEvent,
        StreamKind.BLOCK_TRADE: events.BlockTradeEvent,
        StreamKind.KLINE: events.KlineEvent,
        StreamKind.MINI_TICKER: events.MiniTickerEvent,
        StreamKind.MINI_TICKERS: events.MiniTickersEvent,
        StreamKind.TICKER: events.TickerEvent,
        StreamKind.ROLLING_TICKER: events.RollingTickerEvent,
        StreamKind.ROLLING_TICKERS: events.RollingTickersEvent,
        StreamKind.BOOK_TICKER: events.BookTickerEvent,
        StreamKind.AVG_PRICE: events.AvgPriceEvent,
        StreamKind.PARTIAL_DEPTH: events.PartialDepth,
        StreamKind.DEPTH: events.DepthUpdate,
        StreamKind.REFERENCE_PRICE: events.ReferencePriceEvent,
    }
)
"""The event that a stream of each kind tells."""

_OWN_FORM = {StreamKind.PARTIAL_DEPTH, StreamKind.MINI_TICKERS, StreamKind.ROLLING_TICKERS}
_DECODERS: Mapping[StreamKind, EventDecoder] = MappingProxyType(
    {kind: msgspec.json.Decoder(event).decode for kind, event in EVENTS.items() if kind not in _OWN_FORM}
)
_MARKET_NAMES = frozenset(str(kind.__struct_config__.tag) for kind in EVENTS.values())
_LEVELS = msgspec.json.Decoder(_Levels)
_MINI_TICKERS = msgspec.json.Decoder(tuple[events.MiniTickerEvent, ...])
_ROLLING_TICKERS = msgspec.json.Decoder(tuple[events.RollingTickerEvent, ...])


def decode_user_event(raw: Payload) -> Event:
    """One event of the user data stream; an unknown type becomes `UnknownEvent`. Raises `ProtocolViolation`
    for what is not an event of the documented form.
    """
    try:
        event: Event = _USER.decode(raw)
    except UNREADABLE as error:
        return _stranger(bytes(raw), error, _USER_NAMES)
    return event


def market_decoder(name: StreamName) -> EventDecoder:
    """The reader of the messages of the stream `name`."""
    match name.kind:
        case StreamKind.PARTIAL_DEPTH:
            return partial(_partial_depth, name.symbol)
        case StreamKind.MINI_TICKERS:
            return _mini_tickers
        case StreamKind.ROLLING_TICKERS:
            return _rolling_tickers
        case kind:
            return _DECODERS[kind]


def decode_stranger(raw: bytes, error: Exception) -> Event:
    """What a market stream said that its reader could not read, for the reason `error`: that the server shuts
    down, an event that this version does not know, or nonsense, which raises `ProtocolViolation`.
    """
    try:
        event: Event = _CONNECTION.decode(raw)
    except UNREADABLE:
        return _stranger(raw, error, _MARKET_NAMES)
    return event


def _stranger(raw: bytes, error: Exception, known: frozenset[str]) -> Event:
    try:
        name = _NAME.decode(raw).e
    except UNREADABLE as worse:
        raise _violation(worse) from None
    if not name or name in known:
        raise _violation(error)
    return UnknownEvent(name=name, raw=raw)


def _violation(error: Exception) -> ProtocolViolation:
    return ProtocolViolation(f"not an event of the documented form: {error}")


def _partial_depth(symbol: str, raw: bytes) -> Event:
    heard = _LEVELS.decode(raw)
    return events.PartialDepth(
        symbol=symbol, last_update_id=heard.last_update_id, bids=heard.bids, asks=heard.asks
    )


def _mini_tickers(raw: bytes) -> Event:
    return events.MiniTickersEvent(tickers=_MINI_TICKERS.decode(raw))


def _rolling_tickers(raw: bytes) -> Event:
    return events.RollingTickersEvent(tickers=_ROLLING_TICKERS.decode(raw))
