"""surefoot: trade Binance Spot without slipping. The public names, and nothing else.

Each name is loaded when it is first used: who blocks never pays for asyncio and WebSockets.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surefoot.client.aio import AsyncClient, StreamOptions, connect
    from surefoot.client.blocking import Client
    from surefoot.client.rotation import Rotation
    from surefoot.client.streams import Gap, SubscriptionEnded
    from surefoot.credentials import Credentials
    from surefoot.errors import JournalError, NotPlaced, PolicyRefusal, SurefootError
    from surefoot.execution.aio import BracketHandle, OrderHandle, Trader, TraderOptions
    from surefoot.execution.blocking import BlockingTrader
    from surefoot.execution.bracket import Bracket, BracketState
    from surefoot.execution.fills import Fill
    from surefoot.execution.intent import LimitOrder, MarketOrder
    from surefoot.execution.lives import OrderState
    from surefoot.execution.policy import READ_ONLY, Policy
    from surefoot.execution.records import OrderRecord
    from surefoot.market.aio import OrderBook
    from surefoot.market.blocking import BlockingOrderBook
    from surefoot.market.book import BookState
    from surefoot.rules.explain import Explanation, explain
    from surefoot.spot.enums import (
        FINAL_STATUSES,
        CancelReplaceMode,
        CancelRestrictions,
        KlineInterval,
        NewOrderRespType,
        OrderStatus,
        OrderType,
        PegOffsetType,
        PegPriceType,
        SelfTradePreventionMode,
        Side,
        TimeInForce,
    )
    from surefoot.spot.environments import (
        BINANCE_US,
        DATA_ONLY,
        DEMO,
        PRODUCTION,
        TESTNET,
        Environment,
        local,
    )
    from surefoot.spot.orders import CancelAnswer, CanceledList, OrderAnswer
    from surefoot.values import Secret

__all__ = [
    "BINANCE_US",
    "DATA_ONLY",
    "DEMO",
    "FINAL_STATUSES",
    "PRODUCTION",
    "READ_ONLY",
    "TESTNET",
    "AsyncClient",
    "BlockingOrderBook",
    "BlockingTrader",
    "BookState",
    "Bracket",
    "BracketHandle",
    "BracketState",
    "CancelAnswer",
    "CancelReplaceMode",
    "CancelRestrictions",
    "CanceledList",
    "Client",
    "Credentials",
    "Environment",
    "Explanation",
    "Fill",
    "Gap",
    "JournalError",
    "KlineInterval",
    "LimitOrder",
    "MarketOrder",
    "NewOrderRespType",
    "NotPlaced",
    "OrderAnswer",
    "OrderBook",
    "OrderHandle",
    "OrderRecord",
    "OrderState",
    "OrderStatus",
    "OrderType",
    "PegOffsetType",
    "PegPriceType",
    "Policy",
    "PolicyRefusal",
    "Retries",
    "Rotation",
    "Secret",
    "SelfTradePreventionMode",
    "Side",
    "StreamOptions",
    "SubscriptionEnded",
    "SurefootError",
    "TimeInForce",
    "Trader",
    "TraderOptions",
    "connect",
    "explain",
    "local",
    "spending",
]

_HOMES = {
    "BINANCE_US": "spot.environments",
    "DATA_ONLY": "spot.environments",
    "DEMO": "spot.environments",
    "FINAL_STATUSES": "spot.enums",
    "PRODUCTION": "spot.environments",
    "READ_ONLY": "execution.policy",
    "TESTNET": "spot.environments",
    "AsyncClient": "client.aio",
    "BlockingOrderBook": "market.blocking",
    "BlockingTrader": "execution.blocking",
    "BookState": "market.book",
    "Bracket": "execution.bracket",
    "BracketHandle": "execution.aio",
    "BracketState": "execution.bracket",
    "CancelAnswer": "spot.orders",
    "CancelReplaceMode": "spot.enums",
    "CancelRestrictions": "spot.enums",
    "CanceledList": "spot.orders",
    "Client": "client.blocking",
    "Credentials": "credentials",
    "Environment": "spot.environments",
    "Explanation": "rules.explain",
    "Fill": "execution.fills",
    "Gap": "client.streams",
    "JournalError": "errors",
    "KlineInterval": "spot.enums",
    "LimitOrder": "execution.intent",
    "MarketOrder": "execution.intent",
    "NewOrderRespType": "spot.enums",
    "NotPlaced": "errors",
    "OrderAnswer": "spot.orders",
    "OrderBook": "market.aio",
    "OrderHandle": "execution.aio",
    "OrderRecord": "execution.records",
    "OrderState": "execution.lives",
    "OrderStatus": "spot.enums",
    "OrderType": "spot.enums",
    "PegOffsetType": "spot.enums",
    "PegPriceType": "spot.enums",
    "Policy": "execution.policy",
    "PolicyRefusal": "errors",
    "Retries": "rules.retries",
    "Rotation": "client.rotation",
    "Secret": "values",
    "SelfTradePreventionMode": "spot.enums",
    "Side": "spot.enums",
    "StreamOptions": "client.aio",
    "SubscriptionEnded": "client.streams",
    "SurefootError": "errors",
    "TimeInForce": "spot.enums",
    "Trader": "execution.aio",
    "TraderOptions": "execution.aio",
    "connect": "client.aio",
    "explain": "rules.explain",
    "local": "spot.environments",
    "spending": "budget.ledger",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return __all__
