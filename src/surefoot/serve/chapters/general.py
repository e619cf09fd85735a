"""General endpoints: parameters and routes, as the official pages print them."""

from surefoot.serve import combinations, combinations_market, tables
from surefoot.serve.parameters import Kind, Parameter
from surefoot.serve.route import Route
from surefoot.serve.weights import Fixed, PerSymbol

PERMISSIONS = ("SPOT", "MARGIN", "LEVERAGED", *(f"TRD_GRP_{number:03}" for number in range(2, 26)))

EXCHANGE_INFO = (
    tables.ANY_SYMBOL,
    tables.SYMBOLS,
    Parameter("permissions", Kind.CHOICES, choices=PERMISSIONS),
    Parameter("showPermissionSets", Kind.BOOLEAN),
    tables.STATUS,
)

ROUTES = (
    Route(operation="ping", method="GET", path="/api/v3/ping", weight=Fixed(1)),
    Route(operation="time", method="GET", path="/api/v3/time", weight=Fixed(1)),
    Route(
        operation="exchangeInfo",
        method="GET",
        path="/api/v3/exchangeInfo",
        weight=Fixed(20),
        parameters=EXCHANGE_INFO,
        combination=combinations.exchange_info,
    ),
    Route(
        operation="executionRules",
        method="GET",
        path="/api/v3/executionRules",
        weight=PerSymbol(2, cap=40, omitted=40),
        parameters=(tables.ANY_SYMBOL, tables.SYMBOLS, tables.STATUS),
        combination=combinations_market.one_at_most,
    ),
)
