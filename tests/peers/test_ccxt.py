"""ccxt's unified API on Spot, blocking and async: markets, market data, orders, balances, fees."""

from collections.abc import Callable

import pytest

from tests.peers.flows import fresh_id
from tests.peers.peer import Peer, PeerError
from tests.peers.table import makes
from tests.peers.venue import Venue

pytestmark = pytest.mark.xdist_group("ccxt")

ETH, BTC = "ETH/USDT", "BTC/USDT"


@pytest.fixture(scope="module", params=["blocking", "async"])
def peer(request: pytest.FixtureRequest, start: Callable[..., Peer], prepared: Venue) -> Peer:
    return start("ccxt_binance.py", request.param)


@makes("fetch_time", "fetch_markets", "load_markets")
def test_markets(peer: Peer) -> None:
    assert peer.call("fetch_time") > 1_600_000_000_000
    markets = {market["symbol"]: market for market in peer.call("fetch_markets")}
    assert set(markets) == {"BTC/USDT", "ETH/USDT", "BNB/USDT", "ETH/BTC"} == set(peer.call("load_markets"))
    market = markets[ETH]
    assert (market["active"], market["spot"], market["precision"]) == (
        True,
        True,
        {"amount": 0.0001, "price": 0.01, "base": 1e-8, "quote": 1e-8},
    )
    assert market["limits"]["cost"]["min"] == 5


@makes("fetch_order_book", "fetch_l2_order_book", "fetch_bids_asks")
def test_books(peer: Peer) -> None:
    for name in ("fetch_order_book", "fetch_l2_order_book"):
        book = peer.call(name, ETH)
        assert (book["bids"], book["asks"]) == ([[2990, 1]], [[3010, 2]])
    best = peer.call("fetch_bids_asks", [ETH])[ETH]
    assert (best["bid"], best["bidVolume"], best["ask"], best["askVolume"]) == (2990, 1, 3010, 2)


@makes("fetch_ticker", "fetch_tickers", "fetch_last_prices")
def test_tickers(peer: Peer) -> None:
    tickers = [
        peer.call("fetch_ticker", ETH),
        peer.call("fetch_tickers", [ETH])[ETH],
        peer.call("fetch_tickers")[ETH],
    ]
    for ticker in tickers:
        told = {
            key: ticker[key] for key in ("open", "high", "low", "last", "bid", "ask", "change", "baseVolume")
        }
        assert told == {
            "open": 3000,
            "high": 3001,
            "low": 2999,
            "last": 2999,
            "bid": 2990,
            "ask": 3010,
            "change": -1,
            "baseVolume": 0.06,
        }
    assert peer.call("fetch_last_prices", [ETH])[ETH]["price"] == 2999


@makes("fetch_trades", "fetch_ohlcv")
def test_trades(peer: Peer) -> None:
    trades = peer.call("fetch_trades", ETH)
    assert [(trade["price"], trade["amount"], trade["side"]) for trade in trades] == [
        (3000, 0.01, "buy"),
        (3001, 0.02, "buy"),
        (2999, 0.03, "buy"),
    ]
    *_, opening, highest, lowest, closing, volume = peer.call("fetch_ohlcv", ETH, "1M")[-1]
    assert (opening, highest, lowest, closing) == (3000, 3001, 2999, 2999)
    assert volume == pytest.approx(0.06)


ORDER_QUERIES = (
    "fetch_order",
    "fetch_open_orders",
    "fetch_orders",
    "fetch_canceled_orders",
    "fetch_canceled_and_closed_orders",
)


@makes(*ORDER_QUERIES, "create_order", "edit_order", "cancel_order", "cancel_all_orders")
def test_life_of_an_order(peer: Peer) -> None:
    mine = fresh_id()
    order = peer.call("create_order", BTC, "limit", "buy", 0.002, 50000, {"clientOrderId": mine})
    assert (order["status"], order["clientOrderId"], order["amount"]) == ("open", mine, 0.002)
    assert peer.call("fetch_order", order["id"], BTC)["price"] == 50000
    assert [row["id"] for row in peer.call("fetch_open_orders", BTC)] == [order["id"]]
    changed = peer.call("edit_order", order["id"], BTC, "limit", "buy", 0.001, 50001)
    assert (changed["status"], changed["price"], changed["amount"]) == ("open", 50001, 0.001)
    assert peer.call("fetch_order", order["id"], BTC)["status"] == "canceled"
    assert peer.call("cancel_order", changed["id"], BTC)["status"] == "canceled"
    for name in ("fetch_orders", "fetch_canceled_orders", "fetch_canceled_and_closed_orders"):
        assert {order["id"], changed["id"]} <= {row["id"] for row in peer.call(name, BTC)}
    peer.call("create_order", BTC, "limit", "buy", 0.002, 50000)
    assert [row["status"] for row in peer.call("cancel_all_orders", BTC)] == ["canceled"]
    assert peer.call("fetch_open_orders", BTC) == []


@makes("fetch_balance", "create_order", "fetch_closed_orders", "fetch_my_trades", "fetch_order_trades")
def test_a_fill(peer: Peer, venue: Venue) -> None:
    venue.sell("60000", "0.002")
    before = peer.call("fetch_balance")
    order = peer.call("create_order", BTC, "market", "buy", 0.002)
    assert (order["status"], order["filled"], order["average"], order["cost"]) == (
        "closed",
        0.002,
        60000,
        120,
    )
    assert order["fees"] == [{"currency": "BTC", "cost": 0.000002}]
    after = peer.call("fetch_balance")
    assert after["BTC"]["free"] - before["BTC"]["free"] == pytest.approx(0.001998)
    assert before["USDT"]["total"] - after["USDT"]["total"] == pytest.approx(120)
    assert peer.call("fetch_closed_orders", BTC)[-1]["id"] == order["id"]
    trades = [peer.call("fetch_my_trades", BTC)[-1], *peer.call("fetch_order_trades", order["id"], BTC)]
    assert [(trade["order"], trade["price"], trade["takerOrMaker"]) for trade in trades] == [
        (order["id"], 60000, "taker")
    ] * 2


SHORT = (
    *("create_limit_order", "create_limit_buy_order", "create_limit_sell_order", "create_post_only_order"),
    *("create_market_order", "create_market_buy_order", "create_market_sell_order"),
    *(
        "create_market_order_with_cost",
        "create_market_buy_order_with_cost",
        "create_market_sell_order_with_cost",
    ),
)


@makes(*SHORT)
def test_short_forms(peer: Peer, venue: Venue) -> None:
    venue.sell("60000", "0.006")
    bought = [
        peer.call("create_limit_order", BTC, "buy", 0.001, 60000),
        peer.call("create_limit_buy_order", BTC, 0.001, 60000),
        peer.call("create_market_order", BTC, "buy", 0.001),
        peer.call("create_market_buy_order", BTC, 0.001),
        peer.call("create_market_order_with_cost", BTC, "buy", 60),
        peer.call("create_market_buy_order_with_cost", BTC, 60),
    ]
    venue.buy("60000", "0.003")
    sold = [
        peer.call("create_limit_sell_order", BTC, 0.001, 60000),
        peer.call("create_market_sell_order", BTC, 0.001),
        peer.call("create_market_sell_order_with_cost", BTC, 60),
    ]
    assert [(order["status"], order["filled"]) for order in (*bought, *sold)] == [("closed", 0.001)] * 9
    maker = peer.call("create_post_only_order", BTC, "limit", "sell", 0.001, 80000)
    assert (maker["status"], maker["postOnly"]) == ("open", True)
    peer.call("cancel_order", maker["id"], BTC)


CONDITIONAL = (
    "create_stop_limit_order",
    "create_stop_loss_order",
    "create_take_profit_order",
    "create_trigger_order",
)


@makes(*CONDITIONAL, "create_trailing_percent_order")
def test_conditional_orders(peer: Peer) -> None:
    waiting = [
        peer.call("create_stop_limit_order", BTC, "sell", 0.001, 39000, 40000),
        peer.call("create_stop_loss_order", BTC, "limit", "sell", 0.001, 39000, 40000),
        peer.call("create_take_profit_order", BTC, "limit", "sell", 0.001, 91000, 90000),
        peer.call("create_trigger_order", BTC, "limit", "sell", 0.001, 39000, 40000),
        peer.call(
            "create_trailing_percent_order",
            BTC,
            "limit",
            "sell",
            0.001,
            39000,
            1,
            45000,
            {"stopLossOrTakeProfit": "stopLoss"},
        ),
    ]
    found = {order["id"]: order for order in peer.call("fetch_open_orders", BTC)}
    assert [found[order["id"]]["triggerPrice"] for order in waiting] == [40000, 40000, 90000, 40000, 45000]
    for order in waiting:
        peer.call("cancel_order", order["id"], BTC)


@pytest.mark.parametrize(("amount", "kind"), [(0.0005, "BadRequest"), (1500, "InsufficientFunds")])
def test_a_refusal_is_translated(peer: Peer, amount: float, kind: str) -> None:
    with pytest.raises(PeerError) as refused:
        peer.call("create_order", ETH, "limit", "sell", amount, 4000)
    assert refused.value.type == kind


@makes("cancel_order")
def test_an_order_that_is_not_there(peer: Peer) -> None:
    with pytest.raises(PeerError) as refused:
        peer.call("cancel_order", "1", BTC)
    assert refused.value.type == "OrderNotFound"
