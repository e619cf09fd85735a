"""Account endpoints (official page *REST API*, chapter Account endpoints)."""

from decimal import Decimal
from typing import ClassVar

from surefoot.spot.enums import SecurityType
from surefoot.spot.orders import OrderFacts
from surefoot.spot.request import Answer, Endpoint, Request
from surefoot.spot.weights import ByPresence
from surefoot.values import UNSET, UnsetType


class Balance(Answer, frozen=True):
    """What an account has of one asset: free to use, and locked by open orders."""

    asset: str
    free: Decimal
    locked: Decimal


class CommissionRates(Answer, frozen=True):
    """Rates as factors (0.001 is 0.1 %)."""

    maker: Decimal
    taker: Decimal
    buyer: Decimal
    seller: Decimal


class Account(Answer, frozen=True):
    """An account's permissions, rates and balances. `update_time` is milliseconds since 1970."""

    can_trade: bool
    can_withdraw: bool
    can_deposit: bool
    update_time: int
    account_type: str
    balances: tuple[Balance, ...]
    permissions: tuple[str, ...]
    commission_rates: CommissionRates | UnsetType = UNSET
    brokered: bool | UnsetType = UNSET
    require_self_trade_prevention: bool | UnsetType = UNSET
    prevent_sor: bool | UnsetType = UNSET
    uid: int | UnsetType = UNSET
    maker_commission: int | UnsetType = UNSET
    taker_commission: int | UnsetType = UNSET
    buyer_commission: int | UnsetType = UNSET
    seller_commission: int | UnsetType = UNSET


class GetAccount(Request[Account], frozen=True):
    """Account information."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/account",
        ws_method="account.status",
        weight=20,
        security=SecurityType.USER_DATA,
        answer=Account,
    )
    omit_zero_balances: bool | UnsetType = UNSET


class ApiRestrictions(Answer, frozen=True):
    """What a key may do, and whether only from certain addresses (`ip_restrict`). `create_time` is
    milliseconds since 1970.
    """

    ip_restrict: bool
    create_time: int
    enable_reading: bool
    enable_withdrawals: bool
    enable_spot_and_margin_trading: bool
    enable_internal_transfer: bool | UnsetType = UNSET
    enable_margin: bool | UnsetType = UNSET
    enable_futures: bool | UnsetType = UNSET
    permits_universal_transfer: bool | UnsetType = UNSET
    enable_vanilla_options: bool | UnsetType = UNSET
    enable_fix_api_trade: bool | UnsetType = UNSET
    enable_fix_read_only: bool | UnsetType = UNSET
    enable_portfolio_margin_trading: bool | UnsetType = UNSET


class GetApiRestrictions(Request[ApiRestrictions], frozen=True):
    """What the key that asks may do: REST only, in production and on Binance.US only (Wallet API)."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/sapi/v1/account/apiRestrictions",
        ws_method="",
        weight=1,
        security=SecurityType.USER_DATA,
        answer=ApiRestrictions,
    )


class Order(OrderFacts, frozen=True, kw_only=True):
    """An order as the exchange remembers it. Times are milliseconds since 1970."""

    time: int
    update_time: int
    is_working: bool
    working_time: int | UnsetType = UNSET


class GetOrder(Request[Order], frozen=True):
    """Query an order by `order_id` or `orig_client_order_id`."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/order",
        ws_method="order.status",
        weight=4,
        security=SecurityType.USER_DATA,
        answer=Order,
    )
    symbol: str
    order_id: int | UnsetType = UNSET
    orig_client_order_id: str | UnsetType = UNSET


class GetOpenOrders(Request[tuple[Order, ...]], frozen=True):
    """Open orders of one symbol, or (at weight 80) of all."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/openOrders",
        ws_method="openOrders.status",
        weight=ByPresence("symbol", present=6, absent=80),
        security=SecurityType.USER_DATA,
        answer=tuple[Order, ...],
    )
    symbol: str | UnsetType = UNSET


class Trade(Answer, frozen=True):
    """One of the account's own executions. `time` is milliseconds since 1970."""

    symbol: str
    id: int
    order_id: int
    order_list_id: int
    price: Decimal
    qty: Decimal
    quote_qty: Decimal
    commission: Decimal
    commission_asset: str
    time: int
    is_buyer: bool
    is_maker: bool
    is_best_match: bool


class GetMyTrades(Request[tuple[Trade, ...]], frozen=True):
    """The account's trades of a symbol, oldest first; times in milliseconds, at most 24 h apart."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/myTrades",
        ws_method="myTrades",
        weight=ByPresence("order_id", present=5, absent=20),
        security=SecurityType.USER_DATA,
        answer=tuple[Trade, ...],
    )
    symbol: str
    order_id: int | UnsetType = UNSET
    start_time: int | UnsetType = UNSET
    end_time: int | UnsetType = UNSET
    from_id: int | UnsetType = UNSET
    limit: int | UnsetType = UNSET
