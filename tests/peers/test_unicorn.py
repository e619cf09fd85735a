"""unicorn-binance-websocket-api: every call of the WebSocket API that it offers, streams, user data."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.peers import answers, events, flows
from tests.peers.answers import SYMBOL, Row
from tests.peers.flows import LIMIT, Ask, snake
from tests.peers.peer import Peer, PeerError
from tests.peers.table import compare, faces, made, makes
from tests.peers.venue import BTC_USDT, Venue

pytestmark = pytest.mark.xdist_group("unicorn")

ETH = {"symbol": SYMBOL}
MONTHS = {**ETH, "interval": "1M"}
GENERAL: tuple[Row, ...] = (
    ("ping", {}, answers.equals({})),
    ("get_server_time", {}, answers.time),
    ("get_exchange_info", {}, answers.exchange_info),
    ("get_exchange_info", {"symbols": [SYMBOL]}, answers.exchange_info),
    ("get_order_book", ETH, answers.depth),
)
MARKET: tuple[Row, ...] = (
    ("get_recent_trades", ETH, answers.trades),
    ("get_historical_trades", ETH, answers.trades),
    ("get_aggregate_trades", ETH, answers.agg_trades),
    ("get_klines", MONTHS, answers.klines),
    ("get_ui_klines", MONTHS, answers.klines),
    ("get_current_average_price", ETH, answers.avg_price),
)
ROWS = (*GENERAL, *MARKET)
WEBSOCKET = {
    "place": "create_order",
    "query": "get_order",
    "cancel": "cancel_order",
    "open_orders": "get_open_orders",
    "account": "get_account_status",
    "test": "create_test_order",
    "cancel_all": "cancel_open_orders",
}
FACES = {"ws": WEBSOCKET}
STREAMS: dict[str, events.Sees] = {
    "trade": events.trade,
    "aggTrade": events.agg_trade,
    "kline_1M": events.kline,
    "miniTicker": events.mini_ticker,
    "ticker": events.ticker,
    "ticker_1h": events.window_ticker("1h"),
    "avgPrice": events.avg_price,
    "bookTicker": events.book_ticker,
    "depth": events.depth_update,
    "depth@100ms": events.depth_update,
    "depth5": events.partial_depth,
    "depth20@100ms": events.partial_depth,
}


def spelled(parameter: str) -> str:
    return "order_type" if parameter == "type" else snake(parameter)


@pytest.fixture(scope="module")
def peer(start: Callable[..., Peer], prepared: Venue) -> Peer:
    return start("unicorn.py")


@pytest.mark.parametrize(("name", "kwargs", "check"), ROWS, ids=[row[0] for row in ROWS])
def test_a_question(peer: Peer, name: str, kwargs: dict[str, Any], check: answers.Check) -> None:
    check(peer.call(name, **kwargs))


@faces(FACES, *WEBSOCKET)
def test_orders(peer: Peer, venue: Venue, names: Mapping[str, str]) -> None:
    ask = Ask(peer, names, spelled)
    flows.the_whole_of_an_account(ask, venue)
    flows.cancel_all(ask)


@makes("cancel_and_replace_order")
def test_it_misspells_a_parameter_of_cancel_replace(peer: Peer) -> None:
    """It sends NewClientOrderId; Binance documents newClientOrderId, and -1104 for what it does not read."""
    order = {spelled(name): value for name, value in LIMIT.items()}
    with pytest.raises(PeerError) as refused:
        peer.call(
            "cancel_and_replace_order",
            **order,
            side="BUY",
            quantity="0.002",
            price="50000",
            cancel_order_id=1,
        )
    assert refused.value.code == -1104


@makes("get_unfilled_order_count")
def test_it_asks_for_order_counts_without_the_time(peer: Peer) -> None:
    """It signs without a timestamp, which Binance documents as mandatory."""
    with pytest.raises(PeerError) as refused:
        peer.call("get_unfilled_order_count")
    assert (refused.value.code, "'timestamp'" in refused.value.text) == (-1102, True)


@makes("get_listen_key")
def test_what_binance_has_removed_is_gone(peer: Peer) -> None:
    with pytest.raises(PeerError) as refused:
        peer.call("get_listen_key")
    assert refused.value.type == "Refused"


def test_a_refusal_has_its_code(peer: Peer) -> None:
    order = {spelled(name): value for name, value in LIMIT.items()}
    with pytest.raises(PeerError) as refused:
        peer.call("create_order", **order, side="BUY", quantity="0.0000001", price="50000")
    assert (refused.value.code, refused.value.text) == (-1013, "Filter failure: LOT_SIZE")


def test_streams(peer: Peer, venue: Venue) -> None:
    peer.call("open", "market", list(STREAMS), ["ethusdt"])
    events.happen(venue)
    missing = {f"ethusdt@{channel}": sees for channel, sees in STREAMS.items()}

    def last_one_came(message: Any) -> bool:
        sees = missing.get(message.get("stream"))
        if sees is not None and sees(message["data"]):
            del missing[message["stream"]]
        return not missing

    peer.until(last_one_came, "next", "market")


def test_user_data(peer: Peer, venue: Venue) -> None:
    peer.call("open", "user", "arr", "!userData")
    order = {spelled(name): value for name, value in LIMIT.items()}
    placed = peer.call("create_order", **order, side="BUY", quantity="0.002", price="60000")["orderId"]
    _until(peer, events.execution("NEW", placed))
    _until(peer, events.balances)
    venue.sell("60000", "0.002")
    filled = _until(peer, events.execution("FILLED", placed))
    assert (filled["symbol"] if "symbol" in filled else filled["s"]) == BTC_USDT


def _until(peer: Peer, sees: events.Sees) -> Any:
    message = peer.until(lambda message: sees(message.get("event", message)), "next", "user")
    return message.get("event", message)


def test_every_call_is_made(peer: Peer) -> None:
    compare(peer.offers, made(sys.modules[__name__], ROWS), ())
