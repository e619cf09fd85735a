"""The official SDK's REST client: every call it offers, without a word about types that do not fit."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.peers import answers, flows, flows_of_lists
from tests.peers.answers import SYMBOL, Row
from tests.peers.flows import BTC, Ask, snake
from tests.peers.peer import Peer
from tests.peers.table import compare, faces, made, makes
from tests.peers.venue import Venue

pytestmark = pytest.mark.xdist_group("sdk-rest")

ETH = {"symbol": SYMBOL}
MONTHS = {**ETH, "interval": "1M"}
GENERAL: tuple[Row, ...] = (
    ("ping", {}, answers.equals({})),
    ("time", {}, answers.time),
    ("exchange_info", {}, answers.exchange_info),
    ("depth", ETH, answers.depth),
    ("ticker_book_ticker", ETH, answers.book_ticker),
    ("ticker_book_ticker", {"symbols": [SYMBOL]}, answers.each(answers.book_ticker)),
    ("ticker_book_ticker", {}, answers.among(answers.book_ticker)),
)
MARKET: tuple[Row, ...] = (
    ("get_trades", ETH, answers.trades),
    ("historical_trades", ETH, answers.trades),
    ("agg_trades", ETH, answers.agg_trades),
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
    ("historical_block_trades", {**ETH, "from_id": 0}, answers.empty),
    ("execution_rules", ETH, answers.execution_rules),
    ("account_commission", BTC, answers.commission),
    ("my_filters", BTC, answers.my_filters),
)
ROWS = (*GENERAL, *MARKET)
NO_REFERENCE_PRICE = ("reference_price", "reference_price_calculation")
REST = {
    "place": "new_order",
    "query": "get_order",
    "cancel": "delete_order",
    "open_orders": "get_open_orders",
    "account": "get_account",
    "my_trades": "my_trades",
    "test": "order_test",
    "cancel_replace": "order_cancel_replace",
    "all_orders": "all_orders",
    "cancel_all": "delete_open_orders",
    "order_counts": "rate_limit_order",
    "prevented_matches": "my_prevented_matches",
    "amend": "order_amend_keep_priority",
    "amendments": "order_amendments",
    "old_oco": "order_oco",
    "oco": "order_list_oco",
    "oto": "order_list_oto",
    "otoco": "order_list_otoco",
    "query_list": "get_order_list",
    "open_lists": "open_order_list",
    "cancel_list": "delete_order_list",
    "all_lists": "all_order_list",
}
FACES = {"rest": REST}
NOT_SERVED: Mapping[str, Mapping[str, Any]] = {
    "sor_order": flows.SOR,
    "sor_order_test": flows.SOR,
    "my_allocations": BTC,
    "order_list_opo": flows_of_lists.OPO,
    "order_list_opoco": flows_of_lists.OPOCO,
}
"""Smart order routing, and lists that pay for orders with orders: the exchange has neither."""


@pytest.fixture(scope="module", params=["hmac", "ed25519"])
def peer(request: pytest.FixtureRequest, start: Callable[..., Peer], prepared: Venue) -> Peer:
    return start("sdk_rest.py", request.param)


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
        "new_order", **BTC, side="BUY", type="LIMIT", time_in_force="GTC", quantity="1", price="0.1"
    )
    assert "-1013" in told
    assert "Filter failure: NOTIONAL" in told


def test_every_call_is_made(peer: Peer) -> None:
    compare(peer.offers, made(sys.modules[__name__], ROWS), NOT_SERVED)
