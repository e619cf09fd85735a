"""python-binance's second set of names for REST, which only its async client has in full."""

from collections.abc import Callable, Mapping

import pytest

from tests.peers import flows, flows_of_lists
from tests.peers.flows import BTC, Ask
from tests.peers.peer import Peer, PeerError
from tests.peers.table import faces
from tests.peers.venue import Venue

pytestmark = pytest.mark.xdist_group("python-binance-v3")

REST = {
    "place": "v3_post_order",
    "query": "v3_get_order",
    "cancel": "v3_delete_order",
    "open_orders": "v3_get_open_orders",
    "account": "v3_get_account",
    "my_trades": "v3_get_my_trades",
    "test": "v3_post_order_test",
    "cancel_replace": "v3_post_order_cancel_replace",
    "all_orders": "v3_get_all_orders",
    "cancel_all": "v3_delete_open_orders",
    "order_counts": "v3_get_rate_limit_order",
    "prevented_matches": "v3_get_my_prevented_matches",
    "oco": "v3_post_order_list_oco",
    "oto": "v3_post_order_list_oto",
    "otoco": "v3_post_order_list_otoco",
    "query_list": "v3_get_order_list",
    "open_lists": "v3_get_open_order_list",
    "cancel_list": "v3_delete_order_list",
}
FACES = {"rest": REST}
NOT_SERVED = "v3_get_my_allocations"
REMOVED = ("v3_post_user_data_stream", "v3_put_user_data_stream", "v3_delete_user_data_stream")
NAMES = {*REST.values(), NOT_SERVED, *REMOVED}


@pytest.fixture(scope="module")
def peer(start: Callable[..., Peer]) -> Peer:
    return start("python_binance_async.py")


@faces(FACES, *flows.ORDERS)
def test_orders(peer: Peer, venue: Venue, names: Mapping[str, str]) -> None:
    flows.the_whole_of_an_account(Ask(peer, names), venue)


@faces(FACES, *flows.HISTORY)
def test_history(peer: Peer, names: Mapping[str, str]) -> None:
    flows.the_rest_of_an_account(Ask(peer, names))


@faces(FACES, *flows_of_lists.LISTS)
def test_lists(peer: Peer, names: Mapping[str, str]) -> None:
    flows_of_lists.the_whole_of_lists(Ask(peer, names))


def test_what_is_not_served_is_refused(peer: Peer) -> None:
    assert "-1020" in peer.refused(NOT_SERVED, **BTC)


@pytest.mark.parametrize("name", REMOVED)
def test_what_binance_has_removed_is_gone(peer: Peer, name: str) -> None:
    with pytest.raises(PeerError) as refused:
        peer.call(name)
    assert refused.value.type == "BinanceAPIException"
