"""What the streams must tell of one more trade on ETHUSDT and one more bid, in Binance's own words."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.peers.answers import SYMBOL
from tests.peers.venue import Venue

PRICE, QUANTITY = "3005.00000000", "0.05000000"
BID, BID_QTY = "2991.00000000", "0.50000000"

Event = Mapping[str, Any]
Sees = Callable[[Any], bool]


def happen(venue: Venue) -> None:
    """The trade, and the bid."""
    venue.trade(PRICE, QUANTITY, SYMBOL)
    venue.buy(BID, BID_QTY, SYMBOL)


def combined(sees: Sees, stream: str) -> Sees:
    """The same in a combined stream's envelope."""
    return lambda message: message["stream"] == stream and sees(message["data"])


def in_array(sees: Sees) -> Sees:
    """Among the rows of an all-market stream."""
    return lambda message: any(row["s"] == SYMBOL and sees(row) for row in message)


def _is(event: Event, name: str) -> bool:
    return event.get("e") == name and event["s"] == SYMBOL and event["E"] > 1_600_000_000_000


def trade(event: Event) -> bool:
    return _is(event, "trade") and (event["p"], event["q"], event["m"]) == (PRICE, QUANTITY, False)


def agg_trade(event: Event) -> bool:
    return _is(event, "aggTrade") and (event["p"], event["q"], event["l"] - event["f"]) == (
        PRICE,
        QUANTITY,
        0,
    )


def kline(event: Event) -> bool:
    """Of an interval that holds the trade, and perhaps earlier ones."""
    row = event["k"]
    return _is(event, "kline") and (row["c"], row["h"], row["s"]) == (PRICE, PRICE, SYMBOL) and row["n"] >= 1


def mini_ticker(event: Event) -> bool:
    return _is(event, "24hrMiniTicker") and (event["c"], event["h"], event["o"]) == (
        PRICE,
        PRICE,
        "3000.00000000",
    )


def ticker(event: Event) -> bool:
    return _is(event, "24hrTicker") and (event["c"], event["h"], event["b"]) == (PRICE, PRICE, BID)


def window_ticker(window: str) -> Sees:
    return lambda event: _is(event, f"{window}Ticker") and (event["c"], event["h"]) == (PRICE, PRICE)


def avg_price(event: Event) -> bool:
    return _is(event, "avgPrice") and event["i"] == "5m" and float(event["w"]) > 2999.9


def book_ticker(event: Event) -> bool:
    return (event["s"], event["b"], event["B"]) == (SYMBOL, BID, BID_QTY)


def depth_update(event: Event) -> bool:
    return _is(event, "depthUpdate") and [BID, BID_QTY] in event["b"] and event["U"] <= event["u"]


def partial_depth(event: Event) -> bool:
    return event["bids"][0] == [BID, BID_QTY] and event["lastUpdateId"] > 0


def execution(status: str, order_id: int) -> Sees:
    """A user event: the order's state."""

    def sees(event: Event) -> bool:
        return event.get("e", "executionReport") == "executionReport" and (
            (event.get("X"), event.get("i")) == (status, order_id)
        )

    return sees


def balances(event: Event) -> bool:
    """A user event: what the account has now."""
    rows = event["B"] if isinstance(event.get("B"), list) else ()
    return {"BTC", "USDT"} <= {row["a"] for row in rows}
