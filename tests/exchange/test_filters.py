"""Each filter refuses what it must and nothing else, with the server's code and text (RULES-1)."""

from typing import Any

import pytest

from surefoot.exchange.core.commands import Placed, Refusal
from surefoot.exchange.core.listing import units
from surefoot.spot.enums import OrderType, Side
from tests.exchange.trading import NOW_US, Floor, filtered, place

PRICE = {"filterType": "PRICE_FILTER", "minPrice": "10", "maxPrice": "100000", "tickSize": "0.5"}
LOT = {"filterType": "LOT_SIZE", "minQty": "0.1", "maxQty": "50", "stepSize": "0.05"}
MARKET_LOT = {"filterType": "MARKET_LOT_SIZE", "minQty": "0", "maxQty": "5", "stepSize": "0"}
NOTIONAL = {
    "filterType": "NOTIONAL",
    "minNotional": "100",
    "applyMinToMarket": True,
    "maxNotional": "1000",
    "applyMaxToMarket": False,
    "avgPriceMins": 5,
}
MIN_NOTIONAL = {"filterType": "MIN_NOTIONAL", "minNotional": "100", "applyToMarket": False, "avgPriceMins": 5}
PERCENT = {"filterType": "PERCENT_PRICE", "multiplierUp": "1.5", "multiplierDown": "0.5", "avgPriceMins": 5}
BY_SIDE = {
    "filterType": "PERCENT_PRICE_BY_SIDE",
    "bidMultiplierUp": "1.2",
    "bidMultiplierDown": "0.2",
    "askMultiplierUp": "5",
    "askMultiplierDown": "0.8",
    "avgPriceMins": 1,
}


def verdict(answer: Placed | Refusal) -> str:
    """The filter that refused, or "ok"."""
    if isinstance(answer, Placed):
        return "ok"
    assert answer.code == -1013
    kind, _, name = answer.message.partition(": ")
    assert kind == "Filter failure"
    return name


@pytest.mark.parametrize(
    ("raw", "side", "quantity", "price", "expected"),
    [
        (PRICE, Side.BUY, "1", "10", "ok"),
        (PRICE, Side.BUY, "1", "9.5", "PRICE_FILTER"),
        (PRICE, Side.SELL, "1", "100000", "ok"),
        (PRICE, Side.SELL, "1", "100000.5", "PRICE_FILTER"),
        (PRICE, Side.SELL, "1", "99.75", "PRICE_FILTER"),
        (LOT, Side.BUY, "0.1", "100", "ok"),
        (LOT, Side.BUY, "0.05", "100", "LOT_SIZE"),
        (LOT, Side.BUY, "50", "100", "ok"),
        (LOT, Side.BUY, "50.05", "100", "LOT_SIZE"),
        (LOT, Side.BUY, "0.12", "100", "LOT_SIZE"),
        (MARKET_LOT, Side.BUY, "6", "100", "ok"),
        (NOTIONAL, Side.BUY, "1", "100", "ok"),
        (NOTIONAL, Side.BUY, "1", "99.99", "NOTIONAL"),
        (NOTIONAL, Side.BUY, "10", "100", "ok"),
        (NOTIONAL, Side.BUY, "10", "100.01", "NOTIONAL"),
        (MIN_NOTIONAL, Side.SELL, "1", "99.99999999", "MIN_NOTIONAL"),
        (MIN_NOTIONAL, Side.SELL, "1", "100", "ok"),
        (PERCENT, Side.BUY, "1", "90000", "ok"),
        (PERCENT, Side.BUY, "1", "90000.01", "PERCENT_PRICE"),
        (PERCENT, Side.SELL, "1", "30000", "ok"),
        (PERCENT, Side.SELL, "1", "29999.99", "PERCENT_PRICE"),
        (BY_SIDE, Side.BUY, "1", "72000", "ok"),
        (BY_SIDE, Side.BUY, "1", "72000.01", "PERCENT_PRICE_BY_SIDE"),
        (BY_SIDE, Side.BUY, "1", "11999.99", "PERCENT_PRICE_BY_SIDE"),
        (BY_SIDE, Side.SELL, "1", "48000", "ok"),
        (BY_SIDE, Side.SELL, "1", "47999.99", "PERCENT_PRICE_BY_SIDE"),
        (BY_SIDE, Side.SELL, "1", "300000.01", "PERCENT_PRICE_BY_SIDE"),
    ],
)
def test_limit_orders(raw: dict[str, Any], side: Side, quantity: str, price: str, expected: str) -> None:
    assert verdict(Floor(filtered(raw)).limit(side, quantity, price)) == expected


@pytest.mark.parametrize(
    ("raw", "quantity", "quote", "expected"),
    [
        (LOT, "0.12", None, "LOT_SIZE"),
        (MARKET_LOT, "5", None, "ok"),
        (MARKET_LOT, "5.01", None, "MARKET_LOT_SIZE"),
        (MARKET_LOT, None, "300000", "ok"),
        (MARKET_LOT, None, "360000", "MARKET_LOT_SIZE"),
        (NOTIONAL, "0.0016", None, "NOTIONAL"),  # at the reference price: 96
        (NOTIONAL, "0.0017", None, "ok"),
        (NOTIONAL, "1", None, "ok"),  # the maximum does not apply to market orders here
        (NOTIONAL, None, "99.99", "NOTIONAL"),
        (NOTIONAL, None, "100", "ok"),
        (NOTIONAL | {"applyMaxToMarket": True}, None, "1000.01", "NOTIONAL"),
        (NOTIONAL | {"applyMinToMarket": False}, "0.0016", None, "ok"),
        (MIN_NOTIONAL, "0.001", None, "ok"),
        (MIN_NOTIONAL | {"applyToMarket": True}, "0.001", None, "MIN_NOTIONAL"),
        (BY_SIDE, "1", None, "ok"),
        (PRICE, "1", None, "ok"),
    ],
)
def test_market_orders(raw: dict[str, Any], quantity: str | None, quote: str | None, expected: str) -> None:
    floor = Floor(filtered(raw))
    floor.engine.open_account("maker", {"BTC": units("100")}, house=True)
    floor.limit(Side.SELL, "100", "60000", by="maker")
    assert verdict(floor.market(Side.BUY, quantity, quote=quote)) == expected


def test_the_reference_price_follows_the_trades() -> None:
    floor = Floor(filtered(BY_SIDE))
    floor.limit(Side.SELL, "1", "70000", by="ben")
    assert verdict(floor.limit(Side.BUY, "1", "72000.01")) == "PERCENT_PRICE_BY_SIDE"
    floor.limit(Side.BUY, "1", "70000")
    assert verdict(floor.limit(Side.BUY, "1", "84000")) == "ok"


def test_max_num_orders_counts_the_symbol_only() -> None:
    floor = Floor(filtered({"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 2}))
    floor.limit(Side.BUY, "1", "100")
    first = floor.limit(Side.BUY, "1", "100", symbol="ETHUSDT")
    assert verdict(floor.limit(Side.BUY, "1", "100")) == "ok"
    assert verdict(floor.limit(Side.BUY, "1", "100")) == "MAX_NUM_ORDERS"
    assert verdict(floor.limit(Side.BUY, "1", "100", by="ben")) == "ok"
    assert isinstance(first, Placed)


def test_exchange_max_num_orders_counts_everywhere() -> None:
    everywhere = {"filterType": "EXCHANGE_MAX_NUM_ORDERS", "maxNumOrders": 1}
    floor = Floor(filtered(), exchange_filters=(everywhere,))
    floor.limit(Side.BUY, "1", "100")
    assert verdict(floor.limit(Side.BUY, "1", "100", symbol="ETHUSDT")) == "EXCHANGE_MAX_NUM_ORDERS"


def test_max_position_counts_free_locked_open_buys_and_this_order() -> None:
    floor = Floor(filtered({"filterType": "MAX_POSITION", "maxPosition": "1003"}))
    floor.limit(Side.SELL, "10", "70000")
    assert verdict(floor.limit(Side.BUY, "2", "100")) == "ok"
    assert verdict(floor.limit(Side.BUY, "1.00000001", "100")) == "MAX_POSITION"
    assert verdict(floor.limit(Side.BUY, "1", "100")) == "ok"
    assert verdict(floor.limit(Side.SELL, "1", "70000")) == "ok"


def test_order_test_judges_filters_but_neither_funds_nor_book() -> None:
    floor = Floor(filtered(LOT), balances={"USDT": "0"})
    fine = place(side=Side.BUY, kind=OrderType.MARKET, quote="100")
    assert floor.engine.test(NOW_US, fine) is None
    wrong = place(side=Side.BUY, kind=OrderType.MARKET, quantity="0.12")
    assert floor.engine.test(NOW_US, wrong) == Refusal(-1013, "Filter failure: LOT_SIZE")
    assert floor.engine.outbox == []


@pytest.mark.parametrize("name", ["LOT_SIZE", "MARKET_LOT_SIZE"])
def test_too_little_on_the_book_for_a_quote_quantity(name: str) -> None:
    """Each filter has a text of its own for what the book cannot give."""
    grid = {"filterType": "LOT_SIZE", "minQty": "0.1", "maxQty": "100", "stepSize": "0.1"}
    filters = {"LOT_SIZE": grid, name: grid | {"filterType": name, "minQty": "0.5"}}
    floor = Floor(filtered(*filters.values()))
    floor.limit(Side.SELL, "0.6", "60000", by="ben")
    floor.limit(Side.BUY, "0.5", "60000")
    text = f"Order book liquidity is less than `{name}` filter minimum quantity."
    assert floor.market(Side.BUY, quote="60000") == Refusal(-2010, text)
