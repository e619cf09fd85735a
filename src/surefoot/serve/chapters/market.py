"""Market data endpoints: parameters and routes, as the official pages print them."""

from surefoot.serve import combinations, combinations_market, tables
from surefoot.serve.parameters import Kind, Parameter
from surefoot.serve.route import Route
from surefoot.serve.weights import BySymbols, Fixed, PerLimit, PerSymbol, PerSymbols

INTERVALS = (
    *("1s", "1m", "3m", "5m", "15m", "30m"),
    *("1h", "2h", "4h", "6h", "8h", "12h"),
    *("1d", "3d", "1w", "1M"),
)
WINDOW_SIZES = (
    *(f"{minutes}m" for minutes in range(1, 60)),
    *(f"{hours}h" for hours in range(1, 24)),
    *(f"{days}d" for days in range(1, 8)),
)

_LIMIT = Parameter("limit", Kind.INT, low=1)  # more than there may be is cut down, not refused
_FROM_ID = Parameter("fromId", Kind.LONG)
_TIMES = (Parameter("startTime", Kind.LONG), Parameter("endTime", Kind.LONG))
_TIME_ZONE = Parameter("timeZone", Kind.TIME_ZONE)
_TYPE = Parameter("type", Kind.CHOICE, choices=("FULL", "MINI"), wrong=(-1139, "Invalid ticker type."))

DEPTH = (tables.SYMBOL, _LIMIT, tables.STATUS)
TRADES = (tables.SYMBOL, _LIMIT)
HISTORICAL_TRADES = (tables.SYMBOL, _LIMIT, _FROM_ID)
BLOCK_TRADES = (
    tables.SYMBOL,
    Parameter("fromId", Kind.LONG, mandatory=True),
    Parameter("limit", Kind.LONG, low=1),
)
AGGREGATE_TRADES = (tables.SYMBOL, _FROM_ID, *_TIMES, _LIMIT)
KLINES = (
    tables.SYMBOL,
    Parameter("interval", Kind.CHOICE, mandatory=True, choices=INTERVALS, wrong=(-1120, "Invalid interval.")),
    *_TIMES,
    _TIME_ZONE,
    _LIMIT,
)
SYMBOL_TICKER = (tables.ANY_SYMBOL, tables.SYMBOLS, tables.STATUS)
DAY_TICKER = (tables.ANY_SYMBOL, tables.SYMBOLS, _TYPE, tables.STATUS)
TRADING_DAY = (tables.ANY_SYMBOL, tables.SYMBOLS, _TIME_ZONE, _TYPE, tables.STATUS)
WINDOW_TICKER = (
    tables.ANY_SYMBOL,
    tables.SYMBOLS,
    Parameter("windowSize", Kind.CHOICE, choices=WINDOW_SIZES),
    _TYPE,
    tables.STATUS,
)

_TRADES = (
    Route(
        operation="depth",
        method="GET",
        path="/api/v3/depth",
        weight=PerLimit(100, ((100, 5), (500, 25), (1000, 50), (5000, 250))),
        parameters=DEPTH,
    ),
    Route(
        operation="trades.recent",
        method="GET",
        path="/api/v3/trades",
        weight=Fixed(25),
        parameters=TRADES,
    ),
    Route(
        operation="trades.historical",
        method="GET",
        path="/api/v3/historicalTrades",
        weight=Fixed(25),
        parameters=HISTORICAL_TRADES,
    ),
    Route(
        operation="blockTrades.historical",
        method="GET",
        path="/api/v3/historicalBlockTrades",
        weight=Fixed(25),
        parameters=BLOCK_TRADES,
    ),
    Route(
        operation="trades.aggregate",
        method="GET",
        path="/api/v3/aggTrades",
        weight=Fixed(4),
        parameters=AGGREGATE_TRADES,
        combination=combinations_market.aggregates,
    ),
)

_PRICES = (
    Route(operation="klines", method="GET", path="/api/v3/klines", weight=Fixed(2), parameters=KLINES),
    Route(operation="uiKlines", method="GET", path="/api/v3/uiKlines", weight=Fixed(2), parameters=KLINES),
    Route(
        operation="avgPrice",
        method="GET",
        path="/api/v3/avgPrice",
        weight=Fixed(2),
        parameters=(tables.SYMBOL,),
    ),
    Route(
        operation="referencePrice",
        method="GET",
        path="/api/v3/referencePrice",
        weight=Fixed(2),
        parameters=(tables.SYMBOL,),
    ),
    Route(
        operation="referencePrice.calculation",
        method="GET",
        path="/api/v3/referencePrice/calculation",
        weight=Fixed(2),
        parameters=(tables.SYMBOL, tables.STATUS),
    ),
)

_TICKERS = (
    Route(
        operation="ticker.24hr",
        method="GET",
        path="/api/v3/ticker/24hr",
        weight=BySymbols(((20, 2), (100, 40)), omitted=80),
        parameters=DAY_TICKER,
        combination=combinations.at_most_one_symbol,
    ),
    Route(
        operation="ticker.tradingDay",
        method="GET",
        path="/api/v3/ticker/tradingDay",
        weight=PerSymbol(4, cap=200, omitted=200),
        parameters=TRADING_DAY,
        combination=combinations_market.named_symbols,
    ),
    Route(
        operation="ticker",
        method="GET",
        path="/api/v3/ticker",
        weight=PerSymbol(4, cap=200, omitted=200),
        parameters=WINDOW_TICKER,
        combination=combinations_market.named_symbols,
    ),
    Route(
        operation="ticker.price",
        method="GET",
        path="/api/v3/ticker/price",
        weight=PerSymbols(2, 4),
        parameters=SYMBOL_TICKER,
        combination=combinations.at_most_one_symbol,
    ),
    Route(
        operation="ticker.book",
        method="GET",
        path="/api/v3/ticker/bookTicker",
        weight=PerSymbols(2, 4),
        parameters=SYMBOL_TICKER,
        combination=combinations.at_most_one_symbol,
    ),
)

ROUTES = (*_TRADES, *_PRICES, *_TICKERS)
