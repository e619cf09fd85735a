"""The official SDK's WebSocket API with an HMAC key and logged on with an Ed25519 key: every call it offers."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.peers import answers, events, flows
from tests.peers.answers import SYMBOL, Row
from tests.peers.flows import BTC, Ask, snake
from tests.peers.peer import Peer
from tests.peers.table import faces, makes
from tests.peers.venue import Venue

pytestmark = pytest.mark.xdist_group("sdk-websocket-api")

ETH = {"symbol": SYMBOL}
MONTHS = {**ETH, "interval": "1M"}
GENERAL: tuple[Row, ...] = (
    ("ping", {}, answers.equals({})),
    ("time", {}, answers.time),
    ("exchange_info", {}, answers.exchange_info),
    ("depth", ETH, answers.depth),
    ("ticker_book", ETH, answers.book_ticker),
    ("ticker_book", {"symbols": [SYMBOL]}, answers.each(answers.book_ticker)),
    ("ticker_book", {}, answers.among(answers.book_ticker)),
)
MARKET: tuple[Row, ...] = (
    ("trades_recent", ETH, answers.trades),
    ("trades_historical", ETH, answers.trades),
    ("trades_aggregate", ETH, answers.agg_trades),
    ("klines", MONTHS, answers.klines),
    ("ui_klines", MONTHS, answers.klines),
    ("avg_price", ETH, answers.avg_price),
    ("ticker24hr", ETH, answers.ticker_24hr),
    ("ticker24hr", {}, answers.among(answers.ticker_24hr)),
    ("ticker24hr", {"symbols": [SYMBOL], "type": "MINI"}, answers.each(answers.ticker_mini)),
    ("ticker_price", ETH, answers.price),
    ("ticker_price", {}, answers.among(answers.price)),
    ("ticker_trading_day", ETH, answers.ticker),
    ("ticker_trading_day", {"symbols": [SYMBOL]}, answers.each(answers.ticker)),
    ("ticker", ETH, answers.ticker),
    ("ticker", {"symbols": [SYMBOL], "window_size": "1h"}, answers.each(answers.ticker)),
    ("block_trades_historical", {**ETH, "from_id": 0}, answers.empty),
    ("execution_rules", ETH, answers.execution_rules),
)
ROWS = (*GENERAL, *MARKET)
NO_REFERENCE_PRICE = ("reference_price", "reference_price_calculation")
WEBSOCKET = {
    "place": "order_place",
    "query": "order_status",
    "cancel": "order_cancel",
    "open_orders": "open_orders_status",
    "account": "account_status",
    "my_trades": "my_trades",
    "test": "order_test",
}
FACES = {"ws": WEBSOCKET}
OF_SUBSCRIPTIONS = ("session_subscriptions", "user_data_stream_unsubscribe", "order_place")


@pytest.fixture(scope="module")
def prepared(venue: Venue) -> Venue:
    answers.prepare(venue)
    return venue


@pytest.fixture(scope="module", params=["hmac", "ed25519"])
def peer(request: pytest.FixtureRequest, start: Callable[..., Peer], prepared: Venue) -> Peer:
    peer = start("sdk_websocket_api.py", request.param)
    if request.param == "ed25519":
        assert peer.call("session_logon")["authorizedSince"] > 0
    return peer


@pytest.mark.parametrize(("name", "kwargs", "check"), ROWS, ids=[row[0] for row in ROWS])
def test_a_question(peer: Peer, name: str, kwargs: dict[str, Any], check: answers.Check) -> None:
    check(peer.call(name, **kwargs))


@pytest.mark.parametrize("name", NO_REFERENCE_PRICE)
def test_no_reference_price(peer: Peer, name: str) -> None:
    assert "-2043" in peer.refused(name, **ETH)


@faces(FACES, *WEBSOCKET)
def test_orders(peer: Peer, venue: Venue, names: Mapping[str, str]) -> None:
    ask = Ask(peer, names, snake)
    flows.life_of_an_order(ask)
    flows.a_fill(ask, venue)
    flows.a_partial_fill(ask, venue)
    flows.a_test_order(ask)


def test_a_refusal_has_its_code(peer: Peer) -> None:
    told = peer.refused(
        "order_place", **BTC, side="BUY", type="LIMIT", time_in_force="GTC", quantity="1", price="0.1"
    )
    assert "-1013" in told
    assert "Filter failure: NOTIONAL" in told


def user_data(peer: Peer, venue: Venue, subscribe: str) -> None:
    """Subscribed, told of an order's fills, unsubscribed."""
    number = peer.call(subscribe)["subscriptionId"]
    assert peer.call("session_subscriptions") == [{"subscriptionId": number}]
    order = {"side": "BUY", "type": "LIMIT", "time_in_force": "GTC", "quantity": "0.002", "price": "60000"}
    placed = peer.call("order_place", **BTC, **order)["orderId"]
    peer.until(events.execution("NEW", placed), "next_event")
    peer.until(events.balances, "next_event")
    venue.sell("60000", "0.002")
    filled = peer.until(events.execution("FILLED", placed), "next_event")
    assert (filled["z"], filled["Z"], filled["m"]) == ("0.00200000", "120.00000000", True)
    assert peer.call("user_data_stream_unsubscribe", subscription_id=number) == {}
    assert peer.call("session_subscriptions") == []


@makes("session_status", "user_data_stream_subscribe_signature", *OF_SUBSCRIPTIONS)
def test_user_data_by_signature(start: Callable[..., Peer], venue: Venue) -> None:
    with start("sdk_websocket_api.py", "hmac") as peer:
        assert "apiKey" not in peer.call("session_status")
        assert "-2015" in peer.refused("session_logon")
        user_data(peer, venue, "user_data_stream_subscribe_signature")


@makes("session_logon", "session_status", "session_logout", "user_data_stream_subscribe", *OF_SUBSCRIPTIONS)
def test_user_data_logged_on(start: Callable[..., Peer], venue: Venue) -> None:
    with start("sdk_websocket_api.py", "ed25519") as peer:
        logged_on = peer.call("session_logon")
        assert peer.call("session_status")["apiKey"] == logged_on["apiKey"]
        user_data(peer, venue, "user_data_stream_subscribe")
        assert "apiKey" not in peer.call("session_logout")
