"""What goes into the engine and what comes out of it, as frozen structs.

Amounts, prices and quantities are integers at 1e-8 of their asset; times are integer microseconds since 1970.
Nothing here knows how a word is spelled on the wire: that is `render`.

What the engine makes for every order is made by position there: by name it would take ten times as long.
"""

import msgspec

from surefoot.exchange.core.listing import Digits
from surefoot.spot.enums import (
    CancelRestrictions,
    ContingencyType,
    ExecutionType,
    ExpiryReason,
    ListOrderStatus,
    ListStatusType,
    OrderRejectReason,
    OrderStatus,
    OrderType,
    SelfTradePreventionMode,
    Side,
    TimeInForce,
)


class Place(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A new order. `price` is None for MARKET, `time_in_force` None where the type has none.

    `trailing_delta` is in basis points; without `prevention` the symbol's own mode counts. Exactly one of
    `quantity` and `quote_order_qty` is given (the latter for MARKET only). Without a `client_order_id` the
    engine makes one.
    """

    account: str
    symbol: str
    side: Side
    type: OrderType
    time_in_force: TimeInForce | None = None
    quantity: int | None = None
    quote_order_qty: int | None = None
    price: int | None = None
    client_order_id: str | None = None
    strategy_id: int | None = None
    strategy_type: int | None = None
    stop_price: int | None = None
    trailing_delta: int | None = None
    iceberg_qty: int | None = None
    prevention: SelfTradePreventionMode | None = None


class Cancel(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Cancel an open order, named by either id or by both (they must then belong together)."""

    account: str
    symbol: str
    order_id: int | None = None
    orig_client_order_id: str | None = None
    new_client_order_id: str | None = None
    restrictions: CancelRestrictions | None = None


class Refusal(msgspec.Struct, frozen=True):
    """The engine's no: Binance's code and text. Nothing has changed."""

    code: int
    message: str


class Particulars(msgspec.Struct, frozen=True, gc=False):
    """What only some orders have: 0 or None where this one has not.

    `trailing_time_us` is when a trailing stop began to follow prices (None: not yet). The prevented quantity
    is what self-trade prevention took from the order, `prevented_match_id` the last time it did.
    """

    stop_price: int = 0
    iceberg_qty: int = 0
    trailing_delta: int | None = None
    trailing_time_us: int | None = None
    prevented_qty: int = 0
    prevented_match_id: int | None = None


EIGHT = Digits()

PLAIN = Particulars()
"""Of an order that has none of it."""


class OrderSnapshot(msgspec.Struct, frozen=True, gc=False):
    """An order at one moment. `price` is 0 for MARKET, `orig_quote_order_qty` 0 unless one was given.

    `order_list_id` is -1 outside lists; `working_time_us` is 0 until the order works on the book.
    """

    account: str
    symbol: str
    order_id: int
    client_order_id: str
    side: Side
    type: OrderType
    time_in_force: TimeInForce
    price: int
    orig_qty: int
    executed_qty: int
    cummulative_quote_qty: int
    orig_quote_order_qty: int
    status: OrderStatus
    time_us: int
    update_time_us: int
    working_time_us: int
    strategy_id: int | None
    strategy_type: int | None
    expiry_reason: ExpiryReason | None
    prevention: SelfTradePreventionMode
    order_list_id: int = -1
    particulars: Particulars = PLAIN
    digits: Digits = EIGHT


class Fill(msgspec.Struct, frozen=True, gc=False):
    """One execution as one side of it sees it: a placement's fill and a line of myTrades alike."""

    symbol: str
    trade_id: int
    order_id: int
    price: int
    qty: int
    quote_qty: int
    commission: int
    commission_asset: str
    time_us: int
    is_buyer: bool
    is_maker: bool
    order_list_id: int = -1
    digits: Digits = EIGHT


class PreventedMatch(msgspec.Struct, frozen=True, gc=False):
    """A trade of an account with itself that did not happen: what it took from each order (None: nothing)."""

    symbol: str
    match_id: int
    taker_order_id: int
    maker_order_id: int
    prevention: SelfTradePreventionMode
    price: int
    taker_qty: int | None
    maker_qty: int | None
    time_us: int
    digits: Digits = EIGHT


class Placed(msgspec.Struct, frozen=True):
    """An accepted order as this call left it, what it took at once, and what it might not take."""

    order: OrderSnapshot
    fills: tuple[Fill, ...]
    prevented: tuple[PreventedMatch, ...] = ()


class Canceled(msgspec.Struct, frozen=True):
    """A cancelled order under its new client order id, and the id it was placed with.

    A leg took its list along: then that list, and all of the legs that ended with it.
    """

    order: OrderSnapshot
    orig_client_order_id: str
    order_list: "ListSnapshot | None" = None
    legs: "tuple[Canceled, ...]" = ()


class Held(msgspec.Struct, frozen=True):
    """What an account has of one asset: free, and locked by open orders."""

    asset: str
    free: int
    locked: int
    places: int = 8


class Depth(msgspec.Struct, frozen=True):
    """Levels as (price, quantity): bids high to low, asks low to high."""

    last_update_id: int
    bids: tuple[tuple[int, int], ...]
    asks: tuple[tuple[int, int], ...]


class Prevented(msgspec.Struct, frozen=True, gc=False):
    """What self-trade prevention did to the order of a report: the match and what it took from this order."""

    match: PreventedMatch
    last_qty: int
    counter_order_id: int
    match_qty: int


class Report(msgspec.Struct, frozen=True, gc=False):
    """The facts of one executionReport for the order's owner. `trade_id` is -1 unless it is a fill.

    `orig_client_order_id` is empty unless this is a cancel or an amend. `order` is the order right after the
    event.
    """

    order: OrderSnapshot
    execution_type: ExecutionType
    execution_id: int
    time_us: int
    is_on_book: bool
    orig_client_order_id: str = ""
    prevented: Prevented | None = None
    reject_reason: OrderRejectReason = OrderRejectReason.NONE
    last_qty: int = 0
    last_price: int = 0
    last_quote_qty: int = 0
    commission: int = 0
    commission_asset: str | None = None
    trade_id: int = -1
    is_maker: bool = False

    @property
    def account(self) -> str:
        """Whose order it is."""
        return self.order.account


class Leg(msgspec.Struct, frozen=True, gc=False):
    """One order of a list, by its names."""

    order_id: int
    client_order_id: str


class ListSnapshot(msgspec.Struct, frozen=True):
    """A list at one moment."""

    account: str
    symbol: str
    order_list_id: int
    list_client_order_id: str
    contingency: ContingencyType
    status_type: ListStatusType
    order_status: ListOrderStatus
    time_us: int
    legs: tuple[Leg, ...]


class ListChange(msgspec.Struct, frozen=True):
    """The facts of one listStatus event."""

    order_list: ListSnapshot
    time_us: int

    @property
    def account(self) -> str:
        """Whose list it is."""
        return self.order_list.account


class BalanceChange(msgspec.Struct, frozen=True):
    """The balances of one account that may have changed, absolute."""

    account: str
    time_us: int
    balances: tuple[Held, ...]


class TradeTick(msgspec.Struct, frozen=True, gc=False):
    """One public trade."""

    symbol: str
    trade_id: int
    price: int
    qty: int
    time_us: int
    buyer_order_id: int
    seller_order_id: int
    buyer_is_maker: bool


class TopChange(msgspec.Struct, frozen=True, gc=False):
    """The best prices and their quantities (all 0 on an empty side); also what `book_ticker` answers."""

    symbol: str
    update_id: int
    bid: int
    bid_qty: int
    ask: int
    ask_qty: int


class DepthChange(msgspec.Struct, frozen=True):
    """Levels that changed with their new absolute quantities (0: gone), numbered `first_id` to `last_id`."""

    symbol: str
    time_us: int
    first_id: int
    last_id: int
    bids: tuple[tuple[int, int], ...]
    asks: tuple[tuple[int, int], ...]


class BlockTrade(msgspec.Struct, frozen=True, gc=False):
    """A public trade that two parties agreed upon besides the book. `id` counts from 1 at each symbol."""

    symbol: str
    id: int
    price: int
    qty: int
    time_us: int
    buyer_is_maker: bool


class BalanceUpdate(msgspec.Struct, frozen=True, gc=False):
    """A deposit (`delta` above zero) or a withdrawal."""

    account: str
    asset: str
    delta: int
    time_us: int
    places: int = 8


class ExternalLock(msgspec.Struct, frozen=True, gc=False):
    """Something outside locked (`delta` above zero) or unlocked a part of a balance."""

    account: str
    asset: str
    delta: int
    time_us: int
    places: int = 8


UserEffect = Report | ListChange | BalanceChange | BalanceUpdate | ExternalLock
MarketEffect = TradeTick | TopChange | DepthChange | BlockTrade
Effect = UserEffect | MarketEffect
