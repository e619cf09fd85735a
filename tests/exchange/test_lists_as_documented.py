"""Sentences of the official pages about order lists, each shown to hold."""

from typing import Any

from tests.exchange.asked import OCO, OTO, PAIR, PENDING


def followed(bench: Any, connect: Any) -> Any:
    """Alice's user data stream."""
    api = connect(bench)
    assert api.hmac("userDataStream.subscribe.signature", bench.alice)["status"] == 200
    return api.wire


def told(wire: Any, kind: str) -> list[dict[str, Any]]:
    return [message["event"] for message in wire.take() if message["event"]["e"] == kind]


def test_every_report_names_its_list(bench: Any, connect: Any) -> None:
    """`g` is the OrderListId: from the first event of the working order on."""
    wire = followed(bench, connect)
    for path, legs in (("orderList/oto", PENDING), ("orderList/otoco", PAIR)):
        number = bench.ok("POST", path, **OTO, **legs)["orderListId"]
        assert {event["g"] for event in told(wire, "executionReport")} == {number}


def test_a_list_is_cancelled_by_both_of_its_ids_or_not_at_all(bench: Any) -> None:
    """`orderListId` is searched first, then `listClientOrderId` is checked against what it found."""
    first = bench.ok("POST", "orderList/oco", **OCO, listClientOrderId="first")["orderListId"]
    second = bench.ok("POST", "orderList/oco", **OCO, listClientOrderId="second")["orderListId"]
    named = {"symbol": "BTCUSDT", "orderListId": first}
    assert bench.no("DELETE", "orderList", **named, listClientOrderId="second")[0] == -2011
    assert [row["orderListId"] for row in bench.ok("GET", "openOrderList")] == [first, second]
    ended = bench.ok("DELETE", "orderList", **named, listClientOrderId="first")
    assert ended["orderListId"] == first
