"""Market data endpoints: parameters and routes, as the official pages print them."""

from surefoot.serve import combinations, tables
from surefoot.serve.parameters import Kind, Parameter
from surefoot.serve.route import Route
from surefoot.serve.weights import PerLimit, PerSymbols

DEPTH = (tables.SYMBOL, Parameter("limit", Kind.INT, low=1), tables.STATUS)
BOOK_TICKER = (tables.ANY_SYMBOL, tables.SYMBOLS, tables.STATUS)

ROUTES = (
    Route(
        operation="depth",
        method="GET",
        path="/api/v3/depth",
        weight=PerLimit(100, ((100, 5), (500, 25), (1000, 50), (5000, 250))),
        parameters=DEPTH,
    ),
    Route(
        operation="ticker.book",
        method="GET",
        path="/api/v3/ticker/bookTicker",
        weight=PerSymbols(2, 4),
        parameters=BOOK_TICKER,
        combination=combinations.at_most_one_symbol,
    ),
)
