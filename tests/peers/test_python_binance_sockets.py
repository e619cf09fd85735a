"""python-binance's sockets: streams, user data and the local order book, in an event loop and in threads."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.peers import events
from tests.peers.answers import SYMBOL
from tests.peers.flows import LIMIT
from tests.peers.peer import Peer
from tests.peers.table import compare, made, makes
from tests.peers.venue import BTC_USDT, Venue

pytestmark = pytest.mark.xdist_group("python-binance-sockets")

ETH = {"symbol": SYMBOL}
SOCKETS: tuple[tuple[str, Mapping[str, Any], events.Sees], ...] = (
    ("trade_socket", ETH, events.trade),
    ("aggtrade_socket", ETH, events.agg_trade),
    ("kline_socket", {**ETH, "interval": "1M"}, events.kline),
    ("symbol_miniticker_socket", ETH, events.mini_ticker),
    ("symbol_ticker_socket", ETH, events.ticker),
    ("symbol_book_ticker_socket", ETH, events.book_ticker),
    ("depth_socket", ETH, events.depth_update),
    ("depth_socket", {**ETH, "interval": 100}, events.depth_update),
    ("depth_socket", {**ETH, "depth": "5"}, events.partial_depth),
    ("depth_socket", {**ETH, "depth": "20", "interval": 100}, events.partial_depth),
    ("multiplex_socket", {"streams": ["ethusdt@trade"]}, events.combined(events.trade, "ethusdt@trade")),
    (
        "multiplex_socket",
        {"streams": ["!miniTicker@arr", "ethusdt@avgPrice"]},
        events.combined(events.in_array(events.mini_ticker), "!miniTicker@arr"),
    ),
)
REMOVED = ("ticker_socket", "book_ticker_socket", "miniticker_socket")
"""Binance has ended !ticker@arr and !bookTicker, and never documented an interval of !miniTicker@arr."""


@pytest.fixture(scope="module")
def peer(start: Callable[..., Peer], prepared: Venue) -> Peer:
    return start("python_binance_sockets.py")


@makes(*(socket for socket, _, _ in SOCKETS))
def test_streams(peer: Peer, venue: Venue) -> None:
    for number, (socket, kwargs, _) in enumerate(SOCKETS):
        peer.call("open", f"stream {number}", socket, **kwargs)
    events.happen(venue)
    for number, (_, _, sees) in enumerate(SOCKETS):
        peer.until(sees, "next", f"stream {number}")


@makes("user_socket")
def test_user_socket(peer: Peer, venue: Venue) -> None:
    peer.call("open", "user", "user_socket")
    order = peer.call("create_order", **LIMIT, side="BUY", quantity="0.002", price="60000")["orderId"]
    peer.until(events.execution("NEW", order), "next", "user")
    venue.sell("60000", "0.001")
    peer.until(events.execution("PARTIALLY_FILLED", order), "next", "user")
    peer.until(events.balances, "next", "user")
    venue.sell("60000", "0.001")
    filled = peer.until(events.execution("FILLED", order), "next", "user")
    assert (filled["z"], filled["Z"], filled["N"], filled["m"]) == ("0.00200000", "120.00000000", "BTC", True)


def test_local_order_book(peer: Peer, venue: Venue) -> None:
    peer.call("open_depth_cache", "book", BTC_USDT, ws_interval=100)
    venue.buy("50000", "0.5")
    venue.sell("70000", "0.25")
    wanted = {"bids": [[50000.0, 0.5]], "asks": [[70000.0, 0.25]]}
    peer.until(lambda book: all(book[side] == wanted[side] for side in wanted), "next_book", "book")
    venue.buy("70000", "0.25")
    peer.until(lambda book: book["asks"] == [], "next_book", "book")


@pytest.mark.parametrize("socket", REMOVED)
def test_what_binance_has_ended_is_refused(peer: Peer, socket: str) -> None:
    assert "HTTP 400" in peer.refused("open", socket, socket)


def test_every_socket_is_opened(peer: Peer) -> None:
    compare(peer.offers, made(sys.modules[__name__], ()), REMOVED)


def test_sockets_in_a_thread(start: Callable[..., Peer], prepared: Venue) -> None:
    threads = start("python_binance_threads.py", "sockets")
    threads.call("start")
    threads.call("open", "trades", "start_trade_socket", symbol="BNBUSDT")
    event = _heard(threads, "trades", lambda: prepared.trade("600", "0.1", "BNBUSDT"))
    assert (event["e"], event["p"], event["q"]) == ("trade", "600.00000000", "0.10000000")


def test_a_book_in_a_thread(start: Callable[..., Peer], prepared: Venue) -> None:
    threads = start("python_binance_threads.py", "books")
    threads.call("start")
    threads.call("open", "book", "start_depth_cache", symbol="ETHBTC")
    book = _heard(threads, "book", lambda: prepared.buy("0.04", "0.1", "ETHBTC"))
    assert (book["bids"][0][0], book["asks"]) == (0.04, [])


def _heard(threads: Peer, name: str, act: Callable[[], object]) -> Any:
    """What is heard of it: done until it is heard, as the threads do not say when they are connected."""
    for _ in range(50):
        act()
        if event := threads.call("heard", name):
            return event
    raise AssertionError(f"{name} heard nothing")
