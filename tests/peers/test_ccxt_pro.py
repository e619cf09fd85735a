"""ccxt.pro on Spot: what it watches, and what it asks over the WebSocket API."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.peers.answers import SYMBOL
from tests.peers.peer import Peer
from tests.peers.table import makes
from tests.peers.venue import Venue

pytestmark = pytest.mark.xdist_group("ccxt-pro")

ETH, BTC = "ETH/USDT", "BTC/USDT"
Sees = Callable[[Any], bool]

WATCHED: tuple[tuple[str, tuple[Any, ...], Sees], ...] = (
    ("watch_trades", (ETH,), lambda trades: trades[-1]["price"] == 3005 and trades[-1]["side"] == "buy"),
    ("watch_trades_for_symbols", ([ETH],), lambda trades: trades[-1]["amount"] == 0.05),
    (
        "watch_ticker",
        (ETH,),
        lambda ticker: (ticker["last"], ticker["low"]) == (3005, 2999),
    ),
    ("watch_tickers", ([ETH],), lambda tickers: tickers[ETH]["last"] == 3005),
    ("watch_bids_asks", ([ETH],), lambda best: (best[ETH]["bid"], best[ETH]["bidVolume"]) == (2990, 1)),
    ("watch_ohlcv", (ETH, "1M"), lambda rows: rows[-1][1:5] == [3000, 3005, 2999, 3005]),
    ("watch_ohlcv_for_symbols", ([[ETH, "1M"]],), lambda found: found[ETH]["1M"][-1][4] == 3005),
    ("watch_order_book", (ETH,), lambda book: book["bids"] == [[2990, 1]] and book["asks"] == [[3010, 2]]),
    ("watch_order_book_for_symbols", ([ETH],), lambda book: book["asks"][-1] == [3010, 2]),
)


@pytest.fixture(scope="module")
def peer(start: Callable[..., Peer], prepared: Venue) -> Peer:
    return start("ccxt_binance.py", "pro")


@pytest.mark.parametrize(("name", "arguments", "sees"), WATCHED, ids=[row[0] for row in WATCHED])
def test_watching(peer: Peer, venue: Venue, name: str, arguments: tuple[Any, ...], sees: Sees) -> None:
    peer.heard_of(lambda: venue.trade("3005", "0.05", SYMBOL), sees, name, *arguments)


@makes("watch_orders", "watch_my_trades", "watch_balance")
def test_watching_the_account(peer: Peer, venue: Venue) -> None:
    watched = [peer.start(name) for name in ("watch_balance", "watch_orders", "watch_my_trades")]
    order = peer.call("create_order_ws", BTC, "limit", "buy", 0.002, 60000)
    venue.sell("60000", "0.002")
    while not watched[2].has_come(0.1):  # it had not subscribed yet
        order = peer.call("create_order_ws", BTC, "limit", "buy", 0.002, 60000)
        venue.sell("60000", "0.002")
    balance, orders, trades = (pending.result() for pending in watched)
    assert {"BTC", "USDT"} <= set(balance["total"])
    assert orders[-1]["symbol"] == BTC
    assert (trades[-1]["price"], trades[-1]["amount"], trades[-1]["takerOrMaker"]) == (60000, 0.002, "maker")
    assert trades[-1]["order"] == order["id"]


ORDER_CALLS = (
    "create_order_ws",
    "fetch_order_ws",
    "fetch_open_orders_ws",
    "fetch_orders_ws",
    "edit_order_ws",
)


@makes(*ORDER_CALLS, "cancel_order_ws", "cancel_all_orders_ws")
def test_orders_over_the_websocket_api(peer: Peer) -> None:
    order = peer.call("create_order_ws", BTC, "limit", "buy", 0.002, 50000)
    assert peer.call("fetch_order_ws", order["id"], BTC)["status"] == "open"
    assert [row["id"] for row in peer.call("fetch_open_orders_ws", BTC)] == [order["id"]]
    changed = peer.call("edit_order_ws", order["id"], BTC, "limit", "buy", 0.001, 50001)
    assert (changed["status"], changed["price"]) == ("open", 50001)
    assert peer.call("cancel_order_ws", changed["id"], BTC)["status"] == "canceled"
    assert {order["id"], changed["id"]} <= {row["id"] for row in peer.call("fetch_orders_ws", BTC)}
    last = peer.call("create_order_ws", BTC, "limit", "buy", 0.002, 50000)
    assert [row["id"] for row in peer.call("cancel_all_orders_ws", BTC)] == [last["id"]]


@makes("create_order_ws", "fetch_balance_ws", "fetch_my_trades_ws", "fetch_closed_orders_ws")
def test_a_fill_over_the_websocket_api(peer: Peer, venue: Venue) -> None:
    venue.sell("60000", "0.002")
    before = _bitcoins(peer.call("fetch_balance_ws"))
    order = peer.call("create_order_ws", BTC, "market", "buy", 0.002)
    assert (order["status"], order["filled"], order["average"]) == ("closed", 0.002, 60000)
    assert _bitcoins(peer.call("fetch_balance_ws")) - before == Decimal("0.001998")
    assert peer.call("fetch_my_trades_ws", BTC)[-1]["order"] == order["id"]
    assert peer.call("fetch_closed_orders_ws", BTC)[-1]["id"] == order["id"]


def _bitcoins(balance: Mapping[str, Any]) -> Decimal:
    """As the exchange said it: of what it does not know to be Spot's, this call of ccxt parses nothing."""
    return next(Decimal(row["free"]) for row in balance["info"]["balances"] if row["asset"] == "BTC")


@makes("fetch_ohlcv_ws", "fetch_trades_ws")
def test_market_data_over_the_websocket_api(peer: Peer) -> None:
    assert peer.call("fetch_ohlcv_ws", ETH, "1M")[-1][1] == 3000
    assert peer.call("fetch_trades_ws", ETH)[0]["price"] == 3000
