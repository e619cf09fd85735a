"""The official SDK's streams: every stream it offers, without a word about types that do not fit."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.peers import events
from tests.peers.peer import Peer
from tests.peers.table import compare, made, makes
from tests.peers.venue import Venue

pytestmark = pytest.mark.xdist_group("sdk-streams")

ETH = {"symbol": "ethusdt"}
STREAMS: tuple[tuple[str, Mapping[str, Any], events.Sees], ...] = (
    ("trade", ETH, events.trade),
    ("agg_trade", ETH, events.agg_trade),
    ("kline", {**ETH, "interval": "1M"}, events.kline),
    ("kline_offset", {**ETH, "interval": "1M"}, events.kline),
    ("mini_ticker", ETH, events.mini_ticker),
    ("all_mini_ticker", {}, events.in_array(events.mini_ticker)),
    ("ticker", ETH, events.ticker),
    ("rolling_window_ticker", {**ETH, "window_size": "1h"}, events.window_ticker("1h")),
    ("all_market_rolling_window_ticker", {"window_size": "1d"}, events.in_array(events.window_ticker("1d"))),
    ("avg_price", ETH, events.avg_price),
    ("book_ticker", ETH, events.book_ticker),
    ("diff_book_depth", ETH, events.depth_update),
    ("diff_book_depth", {**ETH, "update_speed": "100ms"}, events.depth_update),
    ("partial_book_depth", {**ETH, "levels": "5"}, events.partial_depth),
    ("partial_book_depth", {**ETH, "levels": "20", "update_speed": "100ms"}, events.partial_depth),
)

SILENT = {"block_trade": "ethusdt@blockTrade", "reference_price": "ethusdt@referencePrice"}
"""Nobody negotiates trades besides the book, and no symbol has a reference price."""

REMOVED = ("user_data",)
"""It takes a listenKey; Binance switched these off on 2026-02-20."""


@pytest.fixture(scope="module")
def peer(start: Callable[..., Peer], prepared: Venue) -> Peer:
    return start("sdk_streams.py")


@makes(*(stream for stream, _, _ in STREAMS))
def test_streams(peer: Peer, venue: Venue) -> None:
    opened = [
        peer.start("open", f"{number} {stream}", stream, **kwargs)
        for number, (stream, kwargs, _) in enumerate(STREAMS)
    ]
    for pending in opened:
        pending.result()
    events.happen(venue)
    for number, (stream, _, sees) in enumerate(STREAMS):
        peer.until(sees, "next", f"{number} {stream}")


@makes("trade", "list_subscribe", "unsubscribe")
def test_subscriptions(peer: Peer) -> None:
    peer.call("open", "trades", "trade", **ETH)
    assert peer.call("list_subscribe", "trades") == ["ethusdt@trade"]
    peer.call("unsubscribe", "trades")
    assert peer.call("list_subscribe", "trades") == []


@makes(*SILENT)
def test_streams_that_have_nothing_to_tell(peer: Peer) -> None:
    for stream, name in SILENT.items():
        peer.call("open", stream, stream, **ETH)
        assert peer.call("list_subscribe", stream) == [name]


def test_every_stream_is_opened(peer: Peer) -> None:
    compare(peer.offers, made(sys.modules[__name__], ()), REMOVED)
