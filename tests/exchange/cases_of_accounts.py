"""For each parameter of the account, general and session chapters: what shows that it is heard."""

from tests.exchange.inhabited import Cases, changes, refusals

BTC = {"symbol": "BTCUSDT"}
LINES = BTC | {"orderId": "@one"}
MATCHES = BTC | {"orderId": "@one"}
TWO = '["BTCUSDT","ETHUSDT"]'

CASES: Cases = {
    **changes("account.status", {}, omitZeroBalances="true"),
    **changes("order.status", BTC | {"orderId": "@one"}, orderId="@two"),
    **changes("order.status", BTC | {"origClientOrderId": "one"}, origClientOrderId="two"),
    **refusals("order.status", BTC | {"orderId": "@half"}, symbol=("ETHUSDT", -2013)),
    **changes("openOrders.status", {}, symbol="BTCUSDT"),
    **changes(
        "allOrders",
        BTC,
        symbol="ETHUSDT",
        orderId="@two",
        startTime="@two.time",
        endTime="@one.time",
        limit=2,
    ),
    **changes(
        "myTrades",
        BTC,
        symbol="ETHUSDT",
        orderId="@second",
        startTime="@second.fill1.time",
        endTime="@second.fill0.time",
        fromId="@second.fill0",
        limit=1,
    ),
    **changes("account.commission", BTC, symbol="ETHUSDT"),
    **changes("order.amendments", LINES, orderId="@two", fromExecutionId="@one.amend1", limit=1),
    **refusals("order.amendments", LINES, symbol=("NOPE", -1121)),
    **refusals("myFilters", BTC, symbol=("NOPE", -1121)),
    **changes(
        "myPreventedMatches", MATCHES, orderId="@taker0", fromPreventedMatchId="@taker1.match", limit=1
    ),
    **changes("myPreventedMatches", MATCHES, symbol="ETHUSDT"),
    **changes(
        "myPreventedMatches", BTC | {"preventedMatchId": "@taker0.match"}, preventedMatchId="@taker1.match"
    ),
    **changes(
        "exchangeInfo",
        {},
        symbol="BTCUSDT",
        symbols=TWO,
        permissions="MARGIN",
        showPermissionSets="false",
        symbolStatus="HALT",
    ),
}
