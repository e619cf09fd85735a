"""The official SDK's REST client: every call it offers, without a word about types that do not fit."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.peers import answers, flows
from tests.peers.answers import SYMBOL, Row
from tests.peers.flows import BTC, Ask, snake
from tests.peers.peer import Peer
from tests.peers.table import faces
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
}
FACES = {"rest": REST}


@pytest.fixture(scope="module")
def prepared(venue: Venue) -> Venue:
    answers.prepare(venue)
    return venue


@pytest.fixture(scope="module", params=["hmac", "ed25519"])
def peer(request: pytest.FixtureRequest, start: Callable[..., Peer], prepared: Venue) -> Peer:
    return start("sdk_rest.py", request.param)


@pytest.mark.parametrize(("name", "kwargs", "check"), ROWS, ids=[row[0] for row in ROWS])
def test_a_question(peer: Peer, name: str, kwargs: dict[str, Any], check: answers.Check) -> None:
    check(peer.call(name, **kwargs))


@pytest.mark.parametrize("name", NO_REFERENCE_PRICE)
def test_no_reference_price(peer: Peer, name: str) -> None:
    assert "-2043" in peer.refused(name, **ETH)


@faces(FACES, *REST)
def test_orders(peer: Peer, venue: Venue, names: Mapping[str, str]) -> None:
    ask = Ask(peer, names, snake)
    flows.life_of_an_order(ask)
    flows.a_fill(ask, venue)
    flows.a_partial_fill(ask, venue)
    flows.a_test_order(ask)


def test_a_refusal_has_its_code(peer: Peer) -> None:
    told = peer.refused(
        "new_order", **BTC, side="BUY", type="LIMIT", time_in_force="GTC", quantity="1", price="0.1"
    )
    assert "-1013" in told
    assert "Filter failure: NOTIONAL" in told
