"""What somebody wants, said shortly; every placing request of `surefoot.spot` will do as well (pure)."""

from typing import Any

import msgspec

from surefoot.errors import Misuse
from surefoot.execution.requests import is_placing
from surefoot.spot.enums import NewOrderRespType, OrderType, Side, TimeInForce
from surefoot.spot.order_lists import ListTicket
from surefoot.spot.request import Request
from surefoot.spot.trade import NewOrder, OrderTicket
from surefoot.values import UNSET, Money, UnsetType, money, optional_money


class LimitOrder(msgspec.Struct, frozen=True):
    """Buy or sell `quantity` at `price` or better. What is not filled at once rests (GTC)."""

    symbol: str
    side: Side
    quantity: Money
    price: Money
    time_in_force: TimeInForce = TimeInForce.GTC


class MarketOrder(msgspec.Struct, frozen=True):
    """Buy or sell at once, at the book's prices: a `quantity` of the base asset, or for `quote` of the quote
    asset.
    """

    symbol: str
    side: Side
    quantity: Money | UnsetType = UNSET
    quote: Money | UnsetType = UNSET


Intent = LimitOrder | MarketOrder | Request[Any]


def request_of(intent: object) -> Request[Any]:
    """The request that an intent is, asking for the whole answer; raises `Misuse` for what places nothing."""
    match intent:
        case LimitOrder():
            request: Request[Any] = _limit(intent)
        case MarketOrder():
            request = _market(intent)
        case Request() if is_placing(intent):
            request = intent
        case _:
            name = type(intent).__name__
            raise Misuse(
                f"{name} places nothing: pass LimitOrder, MarketOrder, Bracket, or a request such as NewOrder"
            )
    if isinstance(request, OrderTicket | ListTicket) and request.new_order_resp_type is UNSET:
        return msgspec.structs.replace(request, new_order_resp_type=NewOrderRespType.FULL)
    return request


def _limit(intent: LimitOrder) -> NewOrder:
    return NewOrder(
        symbol=intent.symbol,
        side=intent.side,
        type=OrderType.LIMIT,
        time_in_force=intent.time_in_force,
        quantity=money("quantity", intent.quantity),
        price=money("price", intent.price),
    )


def _market(intent: MarketOrder) -> NewOrder:
    if (intent.quantity is UNSET) is (intent.quote is UNSET):
        raise Misuse("a market order has a quantity (base asset) or a quote amount: one of them, not both")
    return NewOrder(
        symbol=intent.symbol,
        side=intent.side,
        type=OrderType.MARKET,
        quantity=optional_money("quantity", intent.quantity),
        quote_order_qty=optional_money("quote", intent.quote),
    )
