"""Events of the streams (official pages *WebSocket Streams* and *User Data Streams*).

Binance spells them with one letter a field; here every field has its word. `event` holds what any stream may
tell, `market` the market streams, `user` an account's own.
"""

from surefoot.spot.events.event import Event, ServerShutdown, UnknownEvent
from surefoot.spot.events.market import (
    AggTradeEvent,
    AvgPriceEvent,
    BlockTradeEvent,
    BookTickerEvent,
    DepthUpdate,
    KlineEvent,
    MarketEvent,
    MiniTickerEvent,
    MiniTickersEvent,
    PartialDepth,
    ReferencePriceEvent,
    RollingTickerEvent,
    RollingTickersEvent,
    StreamKline,
    TickerEvent,
    TradeEvent,
)
from surefoot.spot.events.user import (
    BalanceUpdate,
    EventStreamTerminated,
    ExecutionReport,
    ExternalLockUpdate,
    ListedOrder,
    ListStatus,
    OutboundAccountPosition,
    PositionBalance,
    UserEvent,
)

__all__ = [
    "AggTradeEvent",
    "AvgPriceEvent",
    "BalanceUpdate",
    "BlockTradeEvent",
    "BookTickerEvent",
    "DepthUpdate",
    "Event",
    "EventStreamTerminated",
    "ExecutionReport",
    "ExternalLockUpdate",
    "KlineEvent",
    "ListStatus",
    "ListedOrder",
    "MarketEvent",
    "MiniTickerEvent",
    "MiniTickersEvent",
    "OutboundAccountPosition",
    "PartialDepth",
    "PositionBalance",
    "ReferencePriceEvent",
    "RollingTickerEvent",
    "RollingTickersEvent",
    "ServerShutdown",
    "StreamKline",
    "TickerEvent",
    "TradeEvent",
    "UnknownEvent",
    "UserEvent",
]
