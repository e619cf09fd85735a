"""python-binance, blocking and async: every Spot call of REST and of the WebSocket API that it offers."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.peers import answers, flows, flows_of_lists, test_python_binance_v3
from tests.peers.answers import SYMBOL, Row
from tests.peers.flows import BTC, Ask
from tests.peers.peer import Peer, PeerError
from tests.peers.table import compare, faces, made, makes
from tests.peers.venue import BTC_USDT, Venue

pytestmark = pytest.mark.xdist_group("python-binance")

ETH = {"symbol": SYMBOL}
GENERAL: tuple[Row, ...] = (
    ("ping", {}, answers.equals({})),
    ("get_server_time", {}, answers.time),
    ("get_exchange_info", {}, answers.exchange_info),
    ("get_order_book", ETH, answers.depth),
    ("get_orderbook_ticker", ETH, answers.book_ticker),
    ("get_orderbook_tickers", {}, answers.among(answers.book_ticker)),
    ("get_orderbook_tickers", {"symbols": f'["{SYMBOL}"]'}, answers.each(answers.book_ticker)),
    ("ws_ping", {}, answers.equals({})),
    ("ws_get_time", {}, answers.time),
    ("ws_get_exchange_info", {}, answers.exchange_info),
    ("ws_get_order_book", ETH, answers.depth),
    ("ws_get_orderbook_ticker", ETH, answers.book_ticker),
)
MARKET: tuple[Row, ...] = (
    ("get_recent_trades", ETH, answers.trades),
    ("get_historical_trades", ETH, answers.trades),
    ("get_aggregate_trades", ETH, answers.agg_trades),
    ("aggregate_trade_iter", {**ETH, "start_str": "1 hour ago UTC"}, answers.agg_trades),
    ("get_klines", {**ETH, "interval": "1M"}, answers.klines),
    ("get_ui_klines", {**ETH, "interval": "1M"}, answers.klines),
    ("get_historical_klines", {**ETH, "interval": "1M", "start_str": "2 months ago UTC"}, answers.klines),
    (
        "get_historical_klines_generator",
        {**ETH, "interval": "1M", "start_str": "2 months ago UTC"},
        answers.klines,
    ),
    ("get_avg_price", ETH, answers.avg_price),
    ("get_ticker", ETH, answers.ticker_24hr),
    ("get_ticker", {}, answers.among(answers.ticker_24hr)),
    ("get_symbol_ticker", ETH, answers.price),
    ("get_symbol_ticker", {}, answers.among(answers.price)),
    ("get_all_tickers", {}, answers.among(answers.price)),
    ("get_symbol_ticker_window", ETH, answers.ticker),
    ("v3_get_ticker_trading_day", ETH, answers.ticker),
    ("ws_get_recent_trades", ETH, answers.trades),
    ("ws_get_historical_trades", ETH, answers.trades),
    ("ws_get_aggregate_trades", ETH, answers.agg_trades),
    ("ws_get_klines", {**ETH, "interval": "1M"}, answers.klines),
    ("ws_get_uiKlines", {**ETH, "interval": "1M"}, answers.klines),
    ("ws_get_avg_price", ETH, answers.avg_price),
    ("ws_get_ticker", ETH, answers.ticker_24hr),
    ("ws_get_trading_day_ticker", ETH, answers.ticker),
    ("ws_get_symbol_ticker_window", ETH, answers.ticker),
    ("ws_get_symbol_ticker", ETH, answers.price),
)
ACCOUNT: tuple[Row, ...] = (
    ("v3_get_account_commission", {"symbol": BTC_USDT}, answers.commission),
    ("ws_get_commission_rates", {"symbol": BTC_USDT}, answers.commission),
)
ROWS = (*GENERAL, *MARKET, *ACCOUNT)


@pytest.fixture(scope="module", params=["blocking", "async"])
def peer(request: pytest.FixtureRequest, start: Callable[..., Peer], prepared: Venue) -> Peer:
    return start(f"python_binance_{request.param}.py")


@pytest.mark.parametrize(("name", "kwargs", "check"), ROWS, ids=[row[0] for row in ROWS])
def test_a_question(peer: Peer, name: str, kwargs: dict[str, Any], check: answers.Check) -> None:
    check(peer.call(name, **kwargs))


REST = {
    "place": "create_order",
    "query": "get_order",
    "cancel": "cancel_order",
    "open_orders": "get_open_orders",
    "account": "get_account",
    "my_trades": "get_my_trades",
    "test": "create_test_order",
    "cancel_replace": "cancel_replace_order",
    "all_orders": "get_all_orders",
    "cancel_all": "cancel_all_open_orders",
    "order_counts": "get_current_order_count",
    "prevented_matches": "get_prevented_matches",
    "oco": "create_oco_order",
    "oto": "v3_post_order_list_oto",
    "otoco": "v3_post_order_list_otoco",
    "query_list": "v3_get_order_list",
    "open_lists": "get_open_oco_orders",
    "cancel_list": "v3_delete_order_list",
    "all_lists": "v3_get_all_order_list",
}
WEBSOCKET = {
    "place": "ws_create_order",
    "query": "ws_get_order",
    "cancel": "ws_cancel_order",
    "open_orders": "ws_get_open_orders",
    "account": "ws_get_account",
    "my_trades": "ws_get_my_trades",
    "test": "ws_create_test_order",
    "cancel_replace": "ws_cancel_and_replace_order",
    "all_orders": "ws_get_all_orders",
    "cancel_all": "ws_cancel_all_open_orders",
    "order_counts": "ws_get_account_rate_limits_orders",
    "prevented_matches": "ws_get_prevented_matches",
    "oco": "ws_create_oco_order",
    "oto": "ws_create_oto_order",
    "otoco": "ws_create_otoco_order",
    "query_list": "ws_get_oco_order",
    "open_lists": "ws_get_oco_open_orders",
    "cancel_list": "ws_cancel_oco_order",
}
FACES = {"rest": REST, "ws": WEBSOCKET}


@faces(FACES, *flows.ORDERS)
def test_orders(peer: Peer, venue: Venue, names: Mapping[str, str]) -> None:
    flows.the_whole_of_an_account(Ask(peer, names), venue)


@faces(FACES, *flows.HISTORY)
def test_history(peer: Peer, names: Mapping[str, str]) -> None:
    flows.the_rest_of_an_account(Ask(peer, names))


@faces(FACES, *flows_of_lists.LISTS)
def test_lists(peer: Peer, names: Mapping[str, str]) -> None:
    flows_of_lists.the_whole_of_lists(Ask(peer, names))


@faces({"rest": REST}, "oco", "cancel_list", "all_lists")
def test_history_of_lists(peer: Peer, names: Mapping[str, str]) -> None:
    flows_of_lists.history_of_lists(Ask(peer, names))


@makes("order_oco_buy", "order_oco_sell", "v3_delete_order_list")
def test_short_forms_of_lists(peer: Peer) -> None:
    sell = {name: value for name, value in flows_of_lists.OCO.items() if name != "side"}
    buy = sell | {
        "aboveType": "STOP_LOSS_LIMIT",
        "abovePrice": "71000",
        "aboveStopPrice": "70000",
        "aboveTimeInForce": "GTC",
        "belowType": "LIMIT_MAKER",
        "belowPrice": "50000",
    }
    del buy["belowStopPrice"], buy["belowTimeInForce"]
    for name, parameters in (("order_oco_sell", sell), ("order_oco_buy", buy)):
        number = peer.call(name, **parameters)["orderListId"]
        peer.call("v3_delete_order_list", **BTC, orderListId=number)


SHORT = (
    "order_limit",
    "order_limit_buy",
    "order_limit_sell",
    "order_market",
    "order_market_buy",
    "order_market_sell",
)


@pytest.mark.parametrize(
    "names", [{name: f"{face}{name}" for name in SHORT} for face in ("", "ws_")], ids=["rest", "ws"]
)
def test_short_forms(peer: Peer, venue: Venue, names: Mapping[str, str]) -> None:
    ask = Ask(peer, names)
    amount = {**BTC, "quantity": "0.001"}
    venue.sell("60000", "0.004")
    taken = [
        ask("order_limit", **amount, side="BUY", price="60000"),
        ask("order_limit_buy", **amount, price="60000"),
        ask("order_market", **amount, side="BUY"),
        ask("order_market_buy", **amount),
    ]
    venue.buy("60000", "0.002")
    taken += [ask("order_limit_sell", **amount, price="60000"), ask("order_market_sell", **amount)]
    assert [order["status"] for order in taken] == ["FILLED"] * 6
    assert [order["side"] for order in taken] == ["BUY"] * 4 + ["SELL"] * 2


@makes("get_asset_balance", "get_account")
def test_one_balance(peer: Peer) -> None:
    balances = {row["asset"]: row for row in peer.call("get_account")["balances"]}
    assert peer.call("get_asset_balance", asset="BTC") == balances["BTC"]


@pytest.mark.parametrize("name", ["create_order", "ws_create_order"])
def test_a_refusal_has_its_code(peer: Peer, name: str) -> None:
    with pytest.raises(PeerError) as refused:
        peer.call(name, **flows.LIMIT, side="BUY", quantity="0.0000001", price="50000")
    assert (refused.value.type, refused.value.code) == ("BinanceAPIException", -1013)
    assert "Filter failure: LOT_SIZE" in str(refused.value)


REMOVED = ("stream_get_listen_key", "stream_keepalive", "stream_close")
"""Binance switched these off on 2026-02-20."""

NOT_SERVED: Mapping[str, Mapping[str, Any]] = {
    "v3_post_cancel_replace": {},  # goes to a path that was never documented
    "v3_post_sor_order": flows.SOR,
    "v3_post_sor_order_test": flows.SOR,
    "ws_create_sor_order": flows.SOR,
    "ws_create_test_sor_order": flows.SOR,
    "get_allocations": BTC,
    "ws_get_allocations": BTC,
}
"""Smart order routing, which the exchange does not have."""


@pytest.mark.parametrize("name", NOT_SERVED)
def test_what_is_not_served_is_refused(peer: Peer, name: str) -> None:
    assert "-1020" in peer.refused(name, **NOT_SERVED[name])


@pytest.mark.parametrize("name", REMOVED)
def test_what_binance_has_removed_is_gone(peer: Peer, name: str) -> None:
    with pytest.raises(PeerError) as refused:
        peer.call(name, **({} if name == "stream_get_listen_key" else {"listenKey": "x" * 60}))
    assert refused.value.type == "BinanceAPIException"


def test_every_call_is_made(peer: Peer) -> None:
    v3 = test_python_binance_v3
    made_somewhere = made(sys.modules[__name__], ROWS) | made(v3, ())
    second_names = {v3.NOT_SERVED, *v3.REMOVED} & set(peer.offers)
    compare(peer.offers, made_somewhere, {*NOT_SERVED, *REMOVED, *second_names})
