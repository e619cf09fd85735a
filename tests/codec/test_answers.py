"""An answer that may have several shapes is read by the one that fits."""

import json

import pytest

from surefoot.codec.rest import decode_answer
from surefoot.errors import ProtocolViolation
from surefoot.spot.enums import ContingencyType, OrderType, Side
from surefoot.spot.orders import CancelAnswer, CanceledList
from surefoot.spot.sor import NewSorOrder
from surefoot.spot.trade import CancelOpenOrders, CancelOrder

ORDER = {
    **{"symbol": "BTCUSDT", "orderId": 1, "orderListId": -1, "clientOrderId": "c", "origClientOrderId": "o"},
    **{"transactTime": 5, "price": "1.10", "origQty": "2", "executedQty": "0", "cummulativeQuoteQty": "0"},
    **{"status": "CANCELED", "timeInForce": "GTC", "type": "LIMIT", "side": "BUY"},
}
LIST = {
    **{"orderListId": 7, "contingencyType": "OCO", "listStatusType": "ALL_DONE"},
    **{"listOrderStatus": "ALL_DONE", "listClientOrderId": "l", "transactionTime": 5, "symbol": "BTCUSDT"},
    "orders": [{"symbol": "BTCUSDT", "orderId": 1, "clientOrderId": "c"}],
    "orderReports": [{name: value for name, value in ORDER.items() if name != "origClientOrderId"}],
}
CANCEL = CancelOrder(symbol="BTCUSDT", order_id=1)
SOR = NewSorOrder(symbol="BTCUSDT", side=Side.BUY, type=OrderType.MARKET, quantity=1)  # type: ignore[arg-type]


def test_a_cancel_answers_the_order_or_the_list_it_took_along() -> None:
    assert isinstance(decode_answer(CANCEL, json.dumps(ORDER).encode()), CancelAnswer)
    listed = decode_answer(CANCEL, json.dumps(LIST).encode())
    assert isinstance(listed, CanceledList)
    assert listed.contingency_type is ContingencyType.OCO
    assert listed.order_reports[0].order_id == 1


def test_a_cancel_of_all_answers_both_in_one_array() -> None:
    asked = CancelOpenOrders(symbol="BTCUSDT")
    answer = decode_answer(asked, json.dumps([ORDER, LIST, ORDER]).encode())
    assert [type(one) for one in answer] == [CancelAnswer, CanceledList, CancelAnswer]


def test_what_fits_no_shape_is_nonsense() -> None:
    for body in (b'{"odd":1}', b"[]", b"<html>"):
        with pytest.raises(ProtocolViolation, match="CancelOrder"):
            decode_answer(CANCEL, body)
    with pytest.raises(ProtocolViolation, match="CancelOpenOrders"):
        decode_answer(CancelOpenOrders(symbol="A"), b'[{"odd":1}]')


PLACED = b'{"symbol":"A","orderId":1,"orderListId":-1,"clientOrderId":"c","transactTime":1}'


@pytest.mark.parametrize("body", [PLACED, b"[" + PLACED + b"]"])
def test_a_sor_order_is_the_same_in_an_array_of_one(body: bytes) -> None:
    """REST answers the order, the WebSocket API an array that holds it."""
    assert decode_answer(SOR, body).order_id == 1


@pytest.mark.parametrize("body", [b"[]", b"[" + PLACED + b"," + PLACED + b"]", b"[nonsense"])
def test_an_array_of_none_or_two_is_nonsense(body: bytes) -> None:
    with pytest.raises(ProtocolViolation, match="NewSorOrder"):
        decode_answer(SOR, body)
