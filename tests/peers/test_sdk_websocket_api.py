"""The official SDK's WebSocket API, with an HMAC key and logged on with an Ed25519 key: every call."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.peers import answers, events, flows, flows_of_lists
from tests.peers.answers import SYMBOL, Row
from tests.peers.flows import BTC, Ask, snake
from tests.peers.peer import Peer
from tests.peers.table import compare, faces, made, makes
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
    ("account_commission", BTC, answers.commission),
    ("my_filters", BTC, answers.rate_limited),  # the SDK's model of this answer has no place for its result
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
    "cancel_replace": "order_cancel_replace",
    "all_orders": "all_orders",
    "cancel_all": "open_orders_cancel_all",
    "order_counts": "account_rate_limits_orders",
    "prevented_matches": "my_prevented_matches",
    "amend": "order_amend_keep_priority",
    "amendments": "order_amendments",
    "old_oco": "order_list_place",
    "oco": "order_list_place_oco",
    "oto": "order_list_place_oto",
    "otoco": "order_list_place_otoco",
    "query_list": "order_list_status",
    "open_lists": "open_order_lists_status",
    "cancel_list": "order_list_cancel",
    "all_lists": "all_order_lists",
}
FACES = {"ws": WEBSOCKET}
NOT_SERVED: Mapping[str, Mapping[str, Any]] = {
    "sor_order_place": flows.SOR,
    "sor_order_test": flows.SOR,
    "my_allocations": BTC,
    "order_list_place_opo": flows_of_lists.OPO,
    "order_list_place_opoco": flows_of_lists.OPOCO,
}
"""Smart order routing, and lists that pay for orders with orders: the exchange has neither."""
OF_SUBSCRIPTIONS = ("session_subscriptions", "user_data_stream_unsubscribe", "order_place")


@pytest.fixture(scope="module", params=["hmac", "ed25519"])
def peer(request: pytest.FixtureRequest, start: Callable[..., Peer], prepared: Venue) -> Peer:
    peer = start("sdk_websocket_api.py", request.param)
    if request.param == "ed25519":
        assert peer.call("session_logon")["authorizedSince"] > 0
    return peer


@pytest.mark.parametrize(("name", "kwargs", "check"), ROWS, ids=[row[0] for row in ROWS])
def test_a_question(peer: Peer, name: str, kwargs: dict[str, Any], check: answers.Check) -> None:
    check(peer.call(name, **kwargs))


@makes(*NO_REFERENCE_PRICE)
def test_no_reference_price(peer: Peer) -> None:
    for name in NO_REFERENCE_PRICE:
        assert "-2043" in peer.refused(name, **ETH)


@faces(FACES, *flows.ORDERS)
def test_orders(peer: Peer, venue: Venue, names: Mapping[str, str]) -> None:
    flows.the_whole_of_an_account(Ask(peer, names, snake), venue)


@faces(FACES, *flows.HISTORY)
def test_history(peer: Peer, names: Mapping[str, str]) -> None:
    flows.the_rest_of_an_account(Ask(peer, names, snake))


@faces(FACES, *flows.AMENDING)
def test_amendments(peer: Peer, names: Mapping[str, str]) -> None:
    flows.amend(Ask(peer, names, snake))


@faces(FACES, "oco", "cancel_list", "all_lists", *flows_of_lists.LISTS)
def test_lists(peer: Peer, names: Mapping[str, str]) -> None:
    ask = Ask(peer, names, snake)
    flows_of_lists.the_whole_of_lists(ask)
    flows_of_lists.history_of_lists(ask)


@faces(FACES, "old_oco", "query_list", "open_lists", "cancel_list", "open_orders")
def test_the_deprecated_oco(peer: Peer, names: Mapping[str, str]) -> None:
    flows_of_lists.the_deprecated_oco(Ask(peer, names, snake))


@pytest.mark.parametrize("name", NOT_SERVED)
def test_what_is_not_served_is_refused(peer: Peer, name: str) -> None:
    parameters = {snake(key): value for key, value in NOT_SERVED[name].items()}
    assert "-1020" in peer.refused(name, **parameters)


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


def test_every_call_is_made(peer: Peer) -> None:
    compare(peer.offers, made(sys.modules[__name__], ROWS), NOT_SERVED)
