"""Every market data answer has the documented fields, order and JSON types, on REST and the WebSocket API."""

import json
from pathlib import Path
from typing import Any

import pytest

from surefoot.exchange.market_operations import MarketOperations
from surefoot.serve.routes import REST
from tests.exchange.market_floor import Past
from tests.exchange.shapes import matches

FACTS = Path(__file__).parents[1] / "facts"
ROWS = [
    row
    for row in json.loads((FACTS / "endpoints.json").read_text())
    if row["group"] == "market" or row["path"] == "/api/v3/executionRules"
]
BTC = {"symbol": "BTCUSDT"}
TWO = {"symbols": '["BTCUSDT","ETHUSDT"]'}
MINI = {"type": "MINI"}

ETH = {"symbol": "ETHUSDT"}
BNB = {"symbol": "BNBUSDT"}

# One query for each documented answer, in the order of the documents; None where nothing here answers so.
QUERIES: dict[str, list[dict[str, Any] | None]] = {
    "executionRules": [BTC],
    "depth": [BTC],
    "trades": [BTC],
    "historicalTrades": [BTC],
    "historicalBlockTrades": [BTC | {"fromId": "0"}],
    "aggTrades": [BTC],
    "klines": [BTC | {"interval": "1h"}],
    "uiKlines": [BTC | {"interval": "1M"}],
    "avgPrice": [BTC],
    "ticker/24hr": [BTC, TWO, BTC | MINI, TWO | MINI],
    "ticker/tradingDay": [BTC, TWO, BTC | MINI, TWO | MINI],
    "ticker/price": [BTC, TWO],
    "ticker/bookTicker": [BTC, TWO],
    "ticker": [BTC, TWO, BTC | MINI, TWO | MINI],
    "referencePrice": [BTC, ETH, BNB],
    "referencePrice/calculation": [BNB, None, BTC],
}
NO_RULES = {"symbolRules": [{"symbol": "string", "rules": ["none is enforced here"]}]}
CASES = [
    pytest.param(row, number, id=f"{row['path']}-{number}")
    for row in ROWS
    for number in range(len(row["response"]))
    if QUERIES[row["path"].removeprefix("/api/v3/")][number] is not None
]


@pytest.fixture
def lived(bench):
    Past(bench).live()
    bench.limit("BUY", "59000", "0.001")
    bench.limit("SELL", "61000", "0.001")
    operations = MarketOperations(bench.front, lambda: bench.now_us)
    operations.block_trade("BTCUSDT", "59000.5", "20")
    operations.set_reference_price("BTCUSDT", "60000")
    operations.set_reference_price("ETHUSDT", None)
    return bench


@pytest.mark.parametrize(("row", "number"), CASES)
def test_an_answer_has_the_documented_shape(lived, connect, row: dict[str, Any], number: int) -> None:
    """DATA-1: fields, order and types of each documented answer; the WebSocket API says the same."""
    path = row["path"].removeprefix("/api/v3/")
    query, documented = QUERIES[path][number], row["response"][number]
    assert query is not None
    operation = REST[row["method"], row["path"]].operation
    assert operation == row["ws_api_method"]
    twin = connect(lived).ask(operation, **query)
    if "error" in documented:
        answer = lived.raw("GET", f"{row['path']}?symbol={query['symbol']}")
        assert (answer.status, json.loads(answer.body)) == (400, documented["error"])
        assert (twin["status"], twin["error"]) == (400, documented["error"])
        return
    answer = lived.get(path, **query)
    assert twin["result"] == answer
    assert answer
    matches(answer, NO_RULES if path == "executionRules" else documented["shape"], path)


def test_every_documented_answer_is_asked_for() -> None:
    documented = {row["path"].removeprefix("/api/v3/"): len(row["response"]) for row in ROWS}
    assert {path: len(queries) for path, queries in QUERIES.items()} == documented


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["path"])
def test_weights_are_the_documented_ones(row: dict[str, Any]) -> None:
    """LIMIT-1: for every number of symbols and every limit that a documented row begins or ends with."""
    weigh = REST[row["method"], row["path"]].weight.of
    rule = row["weight"]
    if isinstance(rule, int):
        assert weigh({}) == rule
    elif rule["by"] == "limit":
        for bound, cost in rule["table"]:
            assert weigh({"limit": bound}) == cost
        assert weigh({}) == 5
    else:
        assert weigh({"symbol": "A"}) == rule["single"]
        for count in (1, 2, 19, 20, 21, 49, 50, 51, 99, 100):
            assert weigh({"symbols": ("A",) * count}) == documented_weight(rule, count)
        if "omitted" in rule:
            assert weigh({}) == rule["omitted"]


def documented_weight(rule: dict[str, Any], count: int) -> int:
    if "per_symbol" in rule:
        return min(rule["per_symbol"] * count, rule["cap"])
    return next(cost for bound, cost in rule["table"] if bound is None or count <= bound)
