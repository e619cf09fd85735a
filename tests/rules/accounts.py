"""What an account has, in few words, for judgements that look at it."""

from decimal import Decimal
from typing import Any

from surefoot.rules.snapshot import Snapshot
from surefoot.spot.account import Balance, Order
from surefoot.spot.enums import OrderStatus, OrderType, Side, TimeInForce


def open_order(**facts: Any) -> Order:
    """An open order: a BUY of 1 BTC at 100 unless said otherwise."""
    usual: dict[str, Any] = {
        "symbol": "BTCUSDT",
        "order_id": 7,
        "order_list_id": -1,
        "client_order_id": "mine",
        "price": Decimal(100),
        "orig_qty": Decimal(1),
        "executed_qty": Decimal(0),
        "cummulative_quote_qty": Decimal(0),
        "status": OrderStatus.NEW,
        "time_in_force": TimeInForce.GTC,
        "type": OrderType.LIMIT,
        "side": Side.BUY,
        "time": 0,
        "update_time": 0,
        "is_working": True,
    }
    return Order(**(usual | facts))


def having(*orders: Order, base: str = "0", quote: str = "0", locked: str = "0", **facts: Any) -> Snapshot:
    """An account with so much of BTC (free, and `locked`) and USDT, and these open orders."""
    balances = {
        "BTC": Balance(asset="BTC", free=Decimal(base), locked=Decimal(locked)),
        "USDT": Balance(asset="USDT", free=Decimal(quote), locked=Decimal(0)),
    }
    return Snapshot(balances=balances, open_orders=orders, **facts)
