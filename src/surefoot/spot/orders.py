"""What the exchange says of orders and order lists (official page *REST API*, Trading endpoints)."""

from decimal import Decimal

from surefoot.spot.enums import (
    ContingencyType,
    ExpiryReason,
    ListOrderStatus,
    ListStatusType,
    MatchType,
    OrderStatus,
    OrderType,
    PegOffsetType,
    PegPriceType,
    SelfTradePreventionMode,
    Side,
    TimeInForce,
    WorkingFloor,
)
from surefoot.spot.request import Answer
from surefoot.values import UNSET, UnsetType


class Fill(Answer, frozen=True):
    """One execution inside a placement's answer; an allocation has `trade_id` -1 and an `alloc_id`."""

    price: Decimal
    qty: Decimal
    commission: Decimal
    commission_asset: str
    trade_id: int
    match_type: MatchType | UnsetType = UNSET
    alloc_id: int | UnsetType = UNSET


class PreventedFill(Answer, frozen=True):
    """A match inside a placement's answer that self-trade prevention stopped."""

    prevented_match_id: int
    maker_order_id: int
    price: Decimal
    taker_prevented_quantity: Decimal | UnsetType = UNSET
    maker_prevented_quantity: Decimal | UnsetType = UNSET


class OrderExtras(Answer, frozen=True):
    """What is said of an order only where it applies (rest-api, Conditional fields in Order Responses)."""

    stop_price: Decimal | UnsetType = UNSET
    iceberg_qty: Decimal | UnsetType = UNSET
    trailing_delta: int | UnsetType = UNSET
    trailing_time: int | UnsetType = UNSET
    strategy_id: int | UnsetType = UNSET
    strategy_type: int | UnsetType = UNSET
    prevented_match_id: int | UnsetType = UNSET
    prevented_quantity: Decimal | UnsetType = UNSET
    prevented_matches: tuple[PreventedFill, ...] | UnsetType = UNSET
    trade_group_id: int | UnsetType = UNSET
    used_sor: bool | UnsetType = UNSET
    working_floor: WorkingFloor | UnsetType = UNSET
    peg_price_type: PegPriceType | UnsetType = UNSET
    peg_offset_type: PegOffsetType | UnsetType = UNSET
    peg_offset_value: int | UnsetType = UNSET
    pegged_price: Decimal | UnsetType = UNSET
    expiry_reason: ExpiryReason | UnsetType = UNSET


class OrderAnswer(OrderExtras, frozen=True, kw_only=True):
    """What a placement answers. ACK carries the first five fields only, RESULT no `fills`.

    Times are milliseconds since 1970. `cummulative_quote_qty` ÷ `executed_qty` is the average price
    (the double m is Binance's).
    """

    symbol: str
    order_id: int
    order_list_id: int
    client_order_id: str
    transact_time: int
    price: Decimal | UnsetType = UNSET
    orig_qty: Decimal | UnsetType = UNSET
    executed_qty: Decimal | UnsetType = UNSET
    orig_quote_order_qty: Decimal | UnsetType = UNSET
    cummulative_quote_qty: Decimal | UnsetType = UNSET
    status: OrderStatus | UnsetType = UNSET
    time_in_force: TimeInForce | UnsetType = UNSET
    type: OrderType | UnsetType = UNSET
    side: Side | UnsetType = UNSET
    working_time: int | UnsetType = UNSET
    self_trade_prevention_mode: SelfTradePreventionMode | UnsetType = UNSET
    fills: tuple[Fill, ...] | UnsetType = UNSET


class Rates(Answer, frozen=True):
    """Commission rates of one order, as factors."""

    maker: Decimal
    taker: Decimal


class Discount(Answer, frozen=True):
    """The discount for paying commission in `discount_asset`; `discount` is the factor that remains."""

    enabled_for_account: bool
    enabled_for_symbol: bool
    discount_asset: str | UnsetType = UNSET
    discount: Decimal | UnsetType = UNSET


class TestOrderAnswer(Answer, frozen=True):
    """``{}``, or the commission rates when they were asked for."""

    standard_commission_for_order: Rates | UnsetType = UNSET
    special_commission_for_order: Rates | UnsetType = UNSET
    tax_commission_for_order: Rates | UnsetType = UNSET
    discount: Discount | UnsetType = UNSET


class OrderFacts(OrderExtras, frozen=True, kw_only=True):
    """What a cancel and a query both say of an order."""

    symbol: str
    order_id: int
    order_list_id: int
    client_order_id: str
    price: Decimal
    orig_qty: Decimal
    executed_qty: Decimal
    cummulative_quote_qty: Decimal
    status: OrderStatus
    time_in_force: TimeInForce
    type: OrderType
    side: Side
    orig_quote_order_qty: Decimal | UnsetType = UNSET
    self_trade_prevention_mode: SelfTradePreventionMode | UnsetType = UNSET


class CancelAnswer(OrderFacts, frozen=True, kw_only=True):
    """The order as the cancel left it; `client_order_id` is now the cancel's own id."""

    orig_client_order_id: str
    transact_time: int


class ListedOrder(Answer, frozen=True):
    """One order of a list, by its ids."""

    symbol: str
    order_id: int
    client_order_id: str


class OrderList(Answer, frozen=True):
    """An order list and where it is; `transaction_time` is milliseconds since 1970."""

    order_list_id: int
    contingency_type: ContingencyType
    list_status_type: ListStatusType
    list_order_status: ListOrderStatus
    list_client_order_id: str
    transaction_time: int
    symbol: str
    orders: tuple[ListedOrder, ...]


class OrderListAnswer(OrderList, frozen=True):
    """What the placement of a list answers: the list, and each order as a placement of its own."""

    order_reports: tuple[OrderAnswer, ...]


class CanceledLeg(OrderFacts, frozen=True, kw_only=True):
    """One order of a cancelled list."""

    transact_time: int
    orig_client_order_id: str | UnsetType = UNSET


class CanceledList(OrderList, frozen=True):
    """A list after its cancel, and each of its orders."""

    order_reports: tuple[CanceledLeg, ...]
