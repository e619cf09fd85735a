"""The official SDK's streams: every stream it offers, without a word about types that do not fit."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.peers import answers, events
from tests.peers.peer import Peer
from tests.peers.venue import Venue

pytestmark = pytest.mark.xdist_group("sdk-streams")

ETH = {"symbol": "ethusdt"}
STREAMS: tuple[tuple[str, Mapping[str, Any], events.Sees], ...] = (
    ("trade", ETH, events.trade),
    ("book_ticker", ETH, events.book_ticker),
    ("diff_book_depth", ETH, events.depth_update),
    ("diff_book_depth", {**ETH, "update_speed": "100ms"}, events.depth_update),
    ("partial_book_depth", {**ETH, "levels": "5"}, events.partial_depth),
    ("partial_book_depth", {**ETH, "levels": "20", "update_speed": "100ms"}, events.partial_depth),
)


@pytest.fixture(scope="module")
def peer(start: Callable[..., Peer], venue: Venue) -> Peer:
    answers.prepare(venue)
    return start("sdk_streams.py")


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
    assert peer.call("listed", "0 trade") == ["ethusdt@trade"]
    peer.call("close", "0 trade")
    assert peer.call("listed", "0 trade") == []
