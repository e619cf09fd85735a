"""ccxt's implicit API of Spot: every endpoint that it knows, by its own name."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.peers import answers, flows, flows_of_lists
from tests.peers.answers import SYMBOL, Row
from tests.peers.flows import BTC, Ask
from tests.peers.peer import Peer, PeerError
from tests.peers.table import compare, faces, made, makes
from tests.peers.venue import Venue

pytestmark = pytest.mark.xdist_group("ccxt-implicit")

ETH = {"symbol": SYMBOL}
MONTHS = {**ETH, "interval": "1M"}
ROWS: tuple[Row, ...] = (
    ("public_get_ping", {}, answers.equals({})),
    ("public_get_time", {}, answers.time),
    ("public_get_exchangeinfo", {}, answers.exchange_info),
    ("public_get_executionrules", ETH, answers.execution_rules),
    ("public_get_depth", ETH, answers.depth),
    ("public_get_trades", ETH, answers.trades),
    ("public_get_historicaltrades", ETH, answers.trades),
    ("public_get_historicalblocktrades", {**ETH, "fromId": 0}, answers.empty),
    ("public_get_aggtrades", ETH, answers.agg_trades),
    ("public_get_klines", MONTHS, answers.klines),
    ("public_get_uiklines", MONTHS, answers.klines),
    ("public_get_avgprice", ETH, answers.avg_price),
    ("public_get_ticker", ETH, answers.ticker),
    ("public_get_ticker_24hr", ETH, answers.ticker_24hr),
    ("public_get_ticker_tradingday", ETH, answers.ticker),
    ("public_get_ticker_price", ETH, answers.price),
    ("public_get_ticker_bookticker", ETH, answers.book_ticker),
    ("private_get_account_commission", BTC, answers.commission),
)
REST = {
    "place": "private_post_order",
    "query": "private_get_order",
    "cancel": "private_delete_order",
    "open_orders": "private_get_openorders",
    "account": "private_get_account",
    "my_trades": "private_get_mytrades",
    "test": "private_post_order_test",
    "cancel_replace": "private_post_order_cancelreplace",
    "all_orders": "private_get_allorders",
    "cancel_all": "private_delete_openorders",
    "order_counts": "private_get_ratelimit_order",
    "prevented_matches": "private_get_mypreventedmatches",
    "old_oco": "private_post_order_oco",
    "oco": "private_post_orderlist_oco",
    "oto": "private_post_orderlist_oto",
    "otoco": "private_post_orderlist_otoco",
    "query_list": "private_get_orderlist",
    "open_lists": "private_get_openorderlist",
    "cancel_list": "private_delete_orderlist",
    "all_lists": "private_get_allorderlist",
}
FACES = {"rest": REST}
NO_REFERENCE_PRICE = ("public_get_referenceprice", "public_get_referenceprice_calculation")
NOT_SERVED: Mapping[str, Mapping[str, Any]] = {
    "private_post_sor_order": flows.SOR,
    "private_post_sor_order_test": flows.SOR,
    "private_get_myallocations": BTC,
    "private_post_orderlist_opo": flows_of_lists.OPO,
    "private_post_orderlist_opoco": flows_of_lists.OPOCO,
}
"""Smart order routing, and lists that pay for orders with orders: the exchange has neither."""

REMOVED = ("public_post_userdatastream", "public_put_userdatastream", "public_delete_userdatastream")
"""Binance switched these off on 2026-02-20."""


@pytest.fixture(scope="module", params=["blocking", "async"])
def peer(request: pytest.FixtureRequest, start: Callable[..., Peer], prepared: Venue) -> Peer:
    return start("ccxt_binance.py", request.param)


@pytest.mark.parametrize(("name", "kwargs", "check"), ROWS, ids=[row[0] for row in ROWS])
def test_a_question(peer: Peer, name: str, kwargs: dict[str, Any], check: answers.Check) -> None:
    check(peer.call(name, **kwargs))


@makes(*NO_REFERENCE_PRICE)
def test_no_reference_price(peer: Peer) -> None:
    for name in NO_REFERENCE_PRICE:
        assert "-2043" in peer.refused(name, **ETH)


@faces(FACES, *flows.ORDERS)
def test_orders(peer: Peer, venue: Venue, names: Mapping[str, str]) -> None:
    flows.the_whole_of_an_account(Ask(peer, names), venue)


@faces(FACES, *flows.HISTORY)
def test_history(peer: Peer, names: Mapping[str, str]) -> None:
    flows.the_rest_of_an_account(Ask(peer, names))


@faces(FACES, "old_oco", "oco", "cancel_list", "all_lists", *flows_of_lists.LISTS)
def test_lists(peer: Peer, names: Mapping[str, str]) -> None:
    ask = Ask(peer, names)
    flows_of_lists.the_whole_of_lists(ask)
    flows_of_lists.history_of_lists(ask)
    flows_of_lists.the_deprecated_oco(ask)


@pytest.mark.parametrize("name", NOT_SERVED)
def test_what_is_not_served_is_refused(peer: Peer, name: str) -> None:
    assert "-1020" in peer.refused(name, **NOT_SERVED[name])


@pytest.mark.parametrize("name", REMOVED)
def test_what_binance_has_removed_is_gone(peer: Peer, name: str) -> None:
    with pytest.raises(PeerError):
        peer.call(name)


def test_every_call_is_made(peer: Peer) -> None:
    compare(peer.offers, made(sys.modules[__name__], ROWS), {*NOT_SERVED, *REMOVED})
