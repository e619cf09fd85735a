"""Every order has a client order id before it is sent, alone or in a list (ORDER-4)."""

from decimal import Decimal
from typing import Any

import pytest

from surefoot.client.ids import identified
from surefoot.client.teller import client_order_id
from surefoot.errors import Misuse
from surefoot.spot.enums import CancelReplaceMode, OrderType, Side
from surefoot.spot.order_list_oco import NewOco
from surefoot.spot.order_list_oto import NewOtoco
from surefoot.spot.order_lists import CancelOrderList
from surefoot.spot.order_replace import CancelReplace
from surefoot.spot.request import Request
from surefoot.spot.trade import CancelOrder, NewOrder, TestOrder
from surefoot.values import CLIENT_ORDER_ID, UNSET
from surefoot.world import SeededEntropy

NOW_MS = 1_700_000_000_000
ONE = Decimal(1)


def with_ids(request: Request[Any]) -> Any:
    return identified(request, NOW_MS, SeededEntropy(3))


def test_an_order_is_given_an_id_and_keeps_its_own() -> None:
    order = NewOrder(symbol="A", side=Side.BUY, type=OrderType.MARKET)
    assert CLIENT_ORDER_ID.fullmatch(with_ids(order).new_client_order_id)
    mine = NewOrder(symbol="A", side=Side.BUY, type=OrderType.MARKET, new_client_order_id="mine")
    assert with_ids(mine) is mine


def test_a_list_and_each_of_its_orders_are_given_ids() -> None:
    oco = NewOco(
        symbol="A",
        side=Side.SELL,
        quantity=ONE,
        above_type=OrderType.LIMIT_MAKER,
        below_type=OrderType.STOP_LOSS,
        above_client_order_id="mine",
    )
    sent = with_ids(oco)
    ids = [sent.list_client_order_id, sent.above_client_order_id, sent.below_client_order_id]
    assert ids[1] == "mine"
    assert len(set(ids)) == 3
    assert client_order_id(sent) == sent.list_client_order_id
    otoco = NewOtoco(
        symbol="A",
        working_type=OrderType.LIMIT,
        working_side=Side.BUY,
        working_price=ONE,
        working_quantity=ONE,
        pending_side=Side.SELL,
        pending_quantity=ONE,
        pending_above_type=OrderType.LIMIT_MAKER,
    )
    names = [name for name in otoco.__struct_fields__ if name.endswith("client_order_id")]
    assert len({getattr(with_ids(otoco), name) for name in names}) == len(names) == 4


def test_a_replacement_is_given_an_id_but_its_cancel_is_not() -> None:
    replace = CancelReplace(
        symbol="A",
        side=Side.BUY,
        type=OrderType.MARKET,
        cancel_replace_mode=CancelReplaceMode.STOP_ON_FAILURE,
        cancel_order_id=1,
    )
    sent = with_ids(replace)
    assert CLIENT_ORDER_ID.fullmatch(sent.new_client_order_id)
    assert (sent.cancel_new_client_order_id, sent.cancel_orig_client_order_id) == (UNSET, UNSET)


@pytest.mark.parametrize(
    "request_",
    [
        TestOrder(symbol="A", side=Side.BUY, type=OrderType.MARKET),
        CancelOrder(symbol="A", orig_client_order_id="an id of another platform: any text"),
        CancelOrderList(symbol="A", list_client_order_id="likewise, also with blanks"),
    ],
    ids=lambda request: type(request).__name__,
)
def test_what_places_nothing_is_left_as_it_is(request_: Request[Any]) -> None:
    assert with_ids(request_) is request_


@pytest.mark.parametrize(
    "request_",
    [
        NewOrder(symbol="A", side=Side.BUY, type=OrderType.MARKET, new_client_order_id="with blank"),
        TestOrder(symbol="A", side=Side.BUY, type=OrderType.MARKET, new_client_order_id=""),
        CancelOrder(symbol="A", order_id=1, new_client_order_id="x" * 37),
        NewOco(
            symbol="A",
            side=Side.SELL,
            quantity=ONE,
            above_type=OrderType.LIMIT_MAKER,
            below_type=OrderType.STOP_LOSS,
            below_client_order_id="ä",
        ),
    ],
    ids=lambda request: type(request).__name__,
)
def test_a_new_id_that_the_exchange_would_not_take_is_misuse(request_: Request[Any]) -> None:
    with pytest.raises(Misuse, match="client order id"):
        with_ids(request_)
