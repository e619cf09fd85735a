"""Every market data answer has the documented fields, order and JSON types, on REST and the WebSocket API."""

import json
from pathlib import Path
from typing import Any

import pytest

from surefoot.serve.routes import REST
from tests.exchange.market_floor import Past

FACTS = Path(__file__).parents[1] / "facts"
ROWS = [
    row
    for row in json.loads((FACTS / "endpoints.json").read_text())
    if row["group"] == "market" or row["path"] == "/api/v3/executionRules"
]
BTC = {"symbol": "BTCUSDT"}
TWO = {"symbols": '["BTCUSDT","ETHUSDT"]'}
MINI = {"type": "MINI"}

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
    "referencePrice": [None, None, BTC],
    "referencePrice/calculation": [BTC, None, None],
}
# There is nothing to show of these here: no block trade is ever made, no symbol has an execution rule.
EMPTY = {"historicalBlockTrades", "executionRules"}
NUMBERS = {"openTime", "closeTime", "trades"}
CASES = [
    pytest.param(row, number, id=f"{row['path']}-{number}")
    for row in ROWS
    for number in range(len(row["response"]))
    if QUERIES[row["path"].removeprefix("/api/v3/")][number] is not None
]


def is_decimal(value: object) -> bool:
    return isinstance(value, str) and len(value.partition(".")[2]) == 8


def check(value: Any, wanted: Any, where: str) -> None:
    match wanted:
        case [[*names]] if len(names) > 2:
            for row in value:
                check_row(row, names, where)
        case [one]:
            for item in value:
                check(item, one, f"{where}[]")
        case [*several]:
            assert len(value) == len(several), where
            for item, kind in zip(value, several, strict=True):
                check(item, kind, where)
        case {**fields}:
            assert list(value) == list(fields), where
            for name, kind in fields.items():
                check(value[name], kind, f"{where}.{name}")
        case str(kind):
            check_leaf(value, kind, where)


def check_row(row: list[Any], names: list[str], where: str) -> None:
    assert len(row) == len(names), where
    assert row[-1] == "0"
    for value, name in zip(row[:-1], names[:-1], strict=True):
        assert (type(value) is int) if name in NUMBERS else is_decimal(value), f"{where}.{name}"


def check_leaf(value: Any, kind: str, where: str) -> None:
    if where.endswith("priceChangePercent"):
        assert len(value.partition(".")[2]) == 3, where
    elif kind.endswith("decimal-string"):
        assert is_decimal(value), where
    else:
        assert type(value) is {"int": int, "string": str, "bool": bool}[kind], where


@pytest.fixture
def lived(bench):
    Past(bench).live()
    bench.limit("BUY", "59000", "0.001")
    bench.limit("SELL", "61000", "0.001")
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
        answer = lived.raw("GET", f"{row['path']}?symbol=BTCUSDT")
        assert (answer.status, json.loads(answer.body)) == (400, documented["error"])
        assert (twin["status"], twin["error"]) == (400, documented["error"])
        return
    answer = lived.get(path, **query)
    assert twin["result"] == answer
    assert answer or path in EMPTY
    check(answer, documented["shape"] if path != "executionRules" else {"symbolRules": [NO_RULES]}, path)


NO_RULES = {"symbol": "string", "rules": ["never"]}


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
