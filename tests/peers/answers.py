"""The market that every client is shown, and what it must then be told, in Binance's own words.

Bob alone trades ETHUSDT: three trades, and one order on each side that nobody takes.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.peers.venue import Venue

SYMBOL = "ETHUSDT"
TRADES = (("3000.00000000", "0.01000000"), ("3001.00000000", "0.02000000"), ("2999.00000000", "0.03000000"))
BID, BID_QTY, ASK, ASK_QTY = "2990.00000000", "1.00000000", "3010.00000000", "2.00000000"
VOLUME, QUOTE_VOLUME = 0.06, 179.99
AVERAGE = QUOTE_VOLUME / VOLUME

Check = Callable[[Any], None]
Row = tuple[str, Mapping[str, Any], Check]


def prepare(venue: Venue) -> None:
    """Make that market."""
    for price, quantity in TRADES:
        venue.trade(price, quantity, SYMBOL)
    venue.buy(BID, BID_QTY, SYMBOL)
    venue.sell(ASK, ASK_QTY, SYMBOL)


def equals(expected: Any) -> Check:
    def check(answer: Any) -> None:
        assert answer == expected

    return check


def each(check: Check) -> Check:
    """A list of one."""

    def listed(answer: Any) -> None:
        assert len(answer) == 1
        check(answer[0])

    return listed


def among(check: Check) -> Check:
    """Among all symbols."""

    def found(answer: Any) -> None:
        assert {row["symbol"] for row in answer} == {"BTCUSDT", "ETHUSDT", "BNBUSDT", "ETHBTC"}
        check(next(row for row in answer if row["symbol"] == SYMBOL))

    return found


def time(answer: Any) -> None:
    assert answer["serverTime"] > 1_600_000_000_000


def exchange_info(answer: Any) -> None:
    row = next(row for row in answer["symbols"] if row["symbol"] == SYMBOL)
    assert (row["baseAsset"], row["quoteAsset"], row["status"]) == ("ETH", "USDT", "TRADING")
    assert {"PRICE_FILTER", "LOT_SIZE", "NOTIONAL"} <= {item["filterType"] for item in row["filters"]}
    assert answer["timezone"] == "UTC"
    assert len(answer["rateLimits"]) >= 3


def depth(answer: Any) -> None:
    assert answer["bids"] == [[BID, BID_QTY]]
    assert answer["asks"] == [[ASK, ASK_QTY]]
    assert answer["lastUpdateId"] > 0


def book_ticker(answer: Any) -> None:
    expected = {"symbol": SYMBOL, "bidPrice": BID, "bidQty": BID_QTY, "askPrice": ASK, "askQty": ASK_QTY}
    assert answer == expected


def price(answer: Any) -> None:
    assert answer == {"symbol": SYMBOL, "price": TRADES[-1][0]}


def trades(answer: Any) -> None:
    assert [(row["price"], row["qty"]) for row in answer] == list(TRADES)
    assert [row["isBuyerMaker"] for row in answer] == [False] * 3
    assert answer[0]["quoteQty"] == "30.00000000"
    assert answer[1]["id"] == answer[0]["id"] + 1


def agg_trades(answer: Any) -> None:
    assert [(row["p"], row["q"]) for row in answer] == list(TRADES)
    assert all(row["f"] == row["l"] for row in answer)


def klines(answer: Any) -> None:
    row = answer[-1]
    assert len(row) == 12
    assert row[1:5] == [TRADES[0][0], TRADES[1][0], TRADES[2][0], TRADES[2][0]]
    assert float(row[5]) == pytest.approx(VOLUME)
    assert float(row[7]) == pytest.approx(QUOTE_VOLUME)
    assert row[8] == 3


def avg_price(answer: Any) -> None:
    assert answer["mins"] == 5
    assert float(answer["price"]) == pytest.approx(AVERAGE)


def ticker(answer: Any) -> None:
    """Of a window that holds all trades: rolling, trading day, and (with more) 24 hours."""
    assert answer["symbol"] == SYMBOL
    told = [answer[key] for key in ("openPrice", "highPrice", "lowPrice", "lastPrice")]
    assert told == [TRADES[0][0], TRADES[1][0], TRADES[2][0], TRADES[2][0]]
    assert answer["priceChange"] == "-1.00000000"
    assert float(answer["volume"]) == pytest.approx(VOLUME)
    assert answer["count"] == 3


def ticker_24hr(answer: Any) -> None:
    ticker(answer)
    told = {key: answer[key] for key in ("bidPrice", "bidQty", "askPrice", "askQty")}
    assert told == {"bidPrice": BID, "bidQty": BID_QTY, "askPrice": ASK, "askQty": ASK_QTY}


def commission(answer: Any) -> None:
    assert answer["symbol"] == "BTCUSDT"
    rates = answer["standardCommission"]
    assert (float(rates["maker"]), float(rates["taker"])) == (0.001, 0.001)


def empty(answer: Any) -> None:
    assert answer == []


def ticker_mini(answer: Any) -> None:
    assert answer["symbol"] == SYMBOL
    assert (answer["openPrice"], answer["lastPrice"]) == (TRADES[0][0], TRADES[2][0])
    assert "priceChange" not in answer
    assert "bidPrice" not in answer


def execution_rules(answer: Any) -> None:
    assert isinstance(answer["symbolRules"], list)


def my_filters(answer: Any) -> None:
    assert {"MAX_NUM_ORDERS", "MAX_NUM_ALGO_ORDERS"} <= {row["filterType"] for row in answer["symbolFilters"]}
    assert answer["exchangeFilters"] == answer["assetFilters"] == []


def rate_limited(answer: Any) -> None:
    assert answer["rateLimits"][0]["count"] >= 40
