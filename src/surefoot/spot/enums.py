"""Enumerations of the official page *ENUM definitions*, open: unknown values decode to their own text."""

from enum import IntEnum, StrEnum
from typing import Self


class OpenEnum(StrEnum):
    """An enumeration that the exchange may extend: unknown values never break decoding.

    ``Side("FUTURE_VALUE")`` is a nameless member equal to ``"FUTURE_VALUE"``; it is not remembered, so a
    stream of nonsense cannot grow memory. `known` tells the difference.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        stranger = str.__new__(cls, value)
        stranger._name_ = stranger._value_ = value
        return stranger

    @property
    def known(self) -> bool:
        """Whether this value was documented when this version of surefoot was written."""
        return self._value_ in type(self)._value2member_map_


class SymbolStatus(OpenEnum):
    """Whether a symbol takes orders."""

    TRADING = "TRADING"  # orders accepted
    END_OF_DAY = "END_OF_DAY"  # listed in enums only
    HALT = "HALT"  # emergency stop, market data continues
    BREAK = "BREAK"  # planned stop, no market data
    CANCEL_ONLY = "CANCEL_ONLY"  # only cancel and amend, market data except klines (new 2026-07-07)


class OrderStatus(OpenEnum):
    """Where an order is in its life."""

    NEW = "NEW"  # on the book or waiting for its trigger
    PENDING_NEW = "PENDING_NEW"  # pending leg waiting for the working order
    PARTIALLY_FILLED = "PARTIALLY_FILLED"  # some quantity filled, still open
    FILLED = "FILLED"  # done, all filled
    CANCELED = "CANCELED"  # done, cancelled by the user (may carry fills)
    PENDING_CANCEL = "PENDING_CANCEL"  # unused
    REJECTED = "REJECTED"  # done, never accepted
    EXPIRED = "EXPIRED"
    EXPIRED_IN_MATCH = "EXPIRED_IN_MATCH"  # done, self-trade prevention (may carry fills)


class OrderType(OpenEnum):
    """Kinds of order."""

    LIMIT = "LIMIT"
    MARKET = "MARKET"
    STOP_LOSS = "STOP_LOSS"  # MARKET when triggered
    STOP_LOSS_LIMIT = "STOP_LOSS_LIMIT"  # LIMIT when triggered
    TAKE_PROFIT = "TAKE_PROFIT"  # MARKET when triggered
    TAKE_PROFIT_LIMIT = "TAKE_PROFIT_LIMIT"  # LIMIT when triggered
    LIMIT_MAKER = "LIMIT_MAKER"  # post-only


class NewOrderRespType(OpenEnum):
    """How much a placement answers."""

    ACK = "ACK"  # symbol, orderId, orderListId, clientOrderId, transactTime
    RESULT = "RESULT"  # order without fills
    FULL = "FULL"  # order with fills


class WorkingFloor(OpenEnum):
    """Where an order works."""

    EXCHANGE = "EXCHANGE"  # own book
    SOR = "SOR"  # other books of the SOR group


class Side(OpenEnum):
    """Buy or sell."""

    BUY = "BUY"
    SELL = "SELL"


class TimeInForce(OpenEnum):
    """How long an order lives."""

    GTC = "GTC"  # until cancelled
    IOC = "IOC"  # fill now, expire the rest
    FOK = "FOK"  # all now or expire


class RateLimitType(OpenEnum):
    """What a rate limit counts."""

    REQUEST_WEIGHT = "REQUEST_WEIGHT"  # per IP, REST and WS API
    ORDERS = "ORDERS"  # unfilled orders per account
    RAW_REQUESTS = "RAW_REQUESTS"  # REST calls per IP
    CONNECTIONS = "CONNECTIONS"  # WS API connection attempts per IP (WS exchangeInfo only)


class RateLimitInterval(OpenEnum):
    """The unit of a rate limit interval."""

    SECOND = "SECOND"  # header letter S
    MINUTE = "MINUTE"  # M
    HOUR = "HOUR"  # H (header letters and WS page only)
    DAY = "DAY"  # D


class SelfTradePreventionMode(OpenEnum):
    """What happens when an account would trade with itself."""

    NONE = "NONE"  # self trade allowed
    EXPIRE_MAKER = "EXPIRE_MAKER"  # resting order expires
    EXPIRE_TAKER = "EXPIRE_TAKER"  # incoming order expires
    EXPIRE_BOTH = "EXPIRE_BOTH"  # both expire
    DECREMENT = "DECREMENT"  # both shrink by the match, the smaller expires
    TRANSFER = "TRANSFER"


class ExecutionType(OpenEnum):
    """Why an execution report was sent."""

    NEW = "NEW"  # accepted
    CANCELED = "CANCELED"  # cancelled
    REPLACED = "REPLACED"  # amended
    REJECTED = "REJECTED"  # refused (e.g. new half of cancelReplace)
    TRADE = "TRADE"  # fill
    EXPIRED = "EXPIRED"  # expired
    TRADE_PREVENTION = "TRADE_PREVENTION"  # expired through STP


class ExpiryReason(OpenEnum):
    """Why an order expired."""

    NONE = "NONE"
    REJECTED = "REJECTED"  # contingent/pending leg refused at trigger (funds, filters)
    EXCHANGE_CANCELED = "EXCHANGE_CANCELED"  # by Binance
    OCO_TRIGGER = "OCO_TRIGGER"  # other OCO leg started or list expired
    OTO_PHASE_ONE_EXPIRED = "OTO_PHASE_ONE_EXPIRED"  # working order expired
    UNFILLED_IOC_QUANTITY_EXPIRED = "UNFILLED_IOC_QUANTITY_EXPIRED"  # IOC remainder
    UNFILLED_FOK_ORDER_EXPIRED = "UNFILLED_FOK_ORDER_EXPIRED"  # FOK not fillable
    INSUFFICIENT_LIQUIDITY = "INSUFFICIENT_LIQUIDITY"  # book ran out
    EXECUTION_RULE_PRICE_RANGE_EXCEEDED = (
        "EXECUTION_RULE_PRICE_RANGE_EXCEEDED"  # next fill would leave the price range
    )


class OrderRejectReason(OpenEnum):
    """Why an order was rejected."""

    NONE = "NONE"
    INSUFFICIENT_BALANCES = "INSUFFICIENT_BALANCES"
    STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY = "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY"
    WOULD_MATCH_IMMEDIATELY = "WOULD_MATCH_IMMEDIATELY"
    OCO_BAD_PRICES = "OCO_BAD_PRICES"


class CancelRestrictions(OpenEnum):
    """In which state alone a cancel may act."""

    ONLY_NEW = "ONLY_NEW"
    ONLY_PARTIALLY_FILLED = "ONLY_PARTIALLY_FILLED"


class SecurityType(OpenEnum):
    """What a request needs: nothing, a key, a signature."""

    NONE = "NONE"
    TRADE = "TRADE"  # signed
    USER_DATA = "USER_DATA"  # signed
    USER_STREAM = "USER_STREAM"  # signed (WS API subscriptions)


class Permission(OpenEnum):
    """Who may trade a symbol; exchangeInfo spells them in `permissionSets`."""

    SPOT = "SPOT"
    MARGIN = "MARGIN"
    LEVERAGED = "LEVERAGED"
    TRD_GRP_002 = "TRD_GRP_002"
    TRD_GRP_003 = "TRD_GRP_003"
    TRD_GRP_004 = "TRD_GRP_004"
    TRD_GRP_005 = "TRD_GRP_005"
    TRD_GRP_006 = "TRD_GRP_006"
    TRD_GRP_007 = "TRD_GRP_007"
    TRD_GRP_008 = "TRD_GRP_008"
    TRD_GRP_009 = "TRD_GRP_009"
    TRD_GRP_010 = "TRD_GRP_010"
    TRD_GRP_011 = "TRD_GRP_011"
    TRD_GRP_012 = "TRD_GRP_012"
    TRD_GRP_013 = "TRD_GRP_013"
    TRD_GRP_014 = "TRD_GRP_014"
    TRD_GRP_015 = "TRD_GRP_015"
    TRD_GRP_016 = "TRD_GRP_016"
    TRD_GRP_017 = "TRD_GRP_017"
    TRD_GRP_018 = "TRD_GRP_018"
    TRD_GRP_019 = "TRD_GRP_019"
    TRD_GRP_020 = "TRD_GRP_020"
    TRD_GRP_021 = "TRD_GRP_021"
    TRD_GRP_022 = "TRD_GRP_022"
    TRD_GRP_023 = "TRD_GRP_023"
    TRD_GRP_024 = "TRD_GRP_024"
    TRD_GRP_025 = "TRD_GRP_025"


class ListStatusType(OpenEnum):
    """What happened to an order list."""

    RESPONSE = "RESPONSE"  # answer to a failed action
    EXEC_STARTED = "EXEC_STARTED"  # list placed or progressed
    UPDATED = "UPDATED"  # client order id of a leg changed (amend)
    ALL_DONE = "ALL_DONE"  # list finished


class ListOrderStatus(OpenEnum):
    """Where an order list is in its life."""

    EXECUTING = "EXECUTING"  # active
    ALL_DONE = "ALL_DONE"  # finished
    REJECT = "REJECT"  # answer to a failed action


class ContingencyType(OpenEnum):
    """How the orders of a list depend on each other."""

    OCO = "OCO"
    OTO = "OTO"  # also reported for OTOCO, OPO and OPOCO


class AllocationType(OpenEnum):
    """Where an allocation came from."""

    SOR = "SOR"


class ExecutionRule(OpenEnum):
    """Rules that limit where an order may execute."""

    PRICE_RANGE = "PRICE_RANGE"


class PegPriceType(OpenEnum):
    """Which best price a pegged order takes."""

    PRIMARY_PEG = "PRIMARY_PEG"  # best price of the own side
    MARKET_PEG = "MARKET_PEG"  # best price of the other side


class PegOffsetType(OpenEnum):
    """In what the offset of a pegged order is counted."""

    PRICE_LEVEL = "PRICE_LEVEL"


class CancelReplaceMode(OpenEnum):
    """Whether the new order is tried when the cancel failed."""

    STOP_ON_FAILURE = "STOP_ON_FAILURE"
    ALLOW_FAILURE = "ALLOW_FAILURE"


class CancelReplaceResult(OpenEnum):
    """What became of one half of a cancel-replace."""

    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"
    NOT_ATTEMPTED = "NOT_ATTEMPTED"  # newOrderResult only


class OrderRateLimitExceededMode(OpenEnum):
    """Whether a cancel-replace still cancels when the order limit is reached."""

    DO_NOTHING = "DO_NOTHING"  # default
    CANCEL_ONLY = "CANCEL_ONLY"


class MatchType(OpenEnum):
    """How a fill came about that was not a match of two orders."""

    ONE_PARTY_TRADE_REPORT = "ONE_PARTY_TRADE_REPORT"  # fill by SOR allocation


class ReferencePriceCalculation(OpenEnum):
    """How a reference price is made."""

    ARITHMETIC_MEAN = "ARITHMETIC_MEAN"  # engine, bucketed mean
    EXTERNAL = "EXTERNAL"  # see externalCalculationId


class KlineInterval(OpenEnum):
    """The width of a candle; case matters: `m` is a minute, `M` a month."""

    ONE_SECOND = "1s"
    ONE_MINUTE = "1m"
    THREE_MINUTES = "3m"
    FIVE_MINUTES = "5m"
    FIFTEEN_MINUTES = "15m"
    THIRTY_MINUTES = "30m"
    ONE_HOUR = "1h"
    TWO_HOURS = "2h"
    FOUR_HOURS = "4h"
    SIX_HOURS = "6h"
    EIGHT_HOURS = "8h"
    TWELVE_HOURS = "12h"
    ONE_DAY = "1d"
    THREE_DAYS = "3d"
    ONE_WEEK = "1w"
    ONE_MONTH = "1M"


class TickerType(OpenEnum):
    """How much a ticker answers."""

    FULL = "FULL"  # default
    MINI = "MINI"


class ExternalCalculationId(IntEnum):
    """Where an external reference price comes from; open as `OpenEnum`."""

    BY_HAND = 0
    MEAN_OF_FOUR_FEEDS = 1
    FUTURES_INDEX = 2
    FIVE_MINUTE_MEAN = 3  # of the spot mid

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int):
            return None
        stranger = int.__new__(cls, value)
        stranger._name_, stranger._value_ = str(value), value
        return stranger


OPEN_STATUSES = frozenset({OrderStatus.NEW, OrderStatus.PENDING_NEW, OrderStatus.PARTIALLY_FILLED})
"""An order in one of these may still fill."""

FINAL_STATUSES = frozenset(
    {
        OrderStatus.FILLED,
        OrderStatus.CANCELED,
        OrderStatus.REJECTED,
        OrderStatus.EXPIRED,
        OrderStatus.EXPIRED_IN_MATCH,
    }
)
"""An order in one of these never changes again (it may carry fills)."""
