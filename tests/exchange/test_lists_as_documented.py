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


def test_a_pending_order_that_was_amended_needs_no_more_than_it_trades(bench: Any) -> None:
    """It was asked for more than alice has, and made smaller while it was pending."""
    much = {"pendingType": "LIMIT", "pendingPrice": "61000", "pendingTimeInForce": "GTC"}
    placed = bench.ok("POST", "orderList/oto", **OTO | {"pendingQuantity": "140"}, **much)
    working, pending = (row["orderId"] for row in placed["orders"])
    named = {"symbol": "BTCUSDT", "orderId": pending}
    bench.ok("PUT", "order/amend/keepPriority", **named, newQty="90")
    bench.limit("SELL", "50000", "0.001", bench.bob)
    assert bench.ok("GET", "order", symbol="BTCUSDT", orderId=working)["status"] == "FILLED"
    live = bench.ok("GET", "order", **named)
    assert (live["status"], live["origQty"]) == ("NEW", "90.00000000")
    held = {row["asset"]: row["locked"] for row in bench.ok("GET", "account")["balances"]}
    assert held["BTC"] == "90.00000000"


def test_filters_are_asked_again_when_a_pending_order_goes_live(bench: Any, connect: Any) -> None:
    """*Order Expiry Reason* REJECTED: common reasons are lack of funds and rejection by filters."""
    late = {"pendingType": "LIMIT", "pendingPrice": "290000", "pendingTimeInForce": "GTC"}
    placed = bench.ok("POST", "orderList/oto", **OTO, **late)
    wire = followed(bench, connect)
    bench.now_us += 600_000_000
    bench.limit("SELL", "50000", "0.001", bench.bob)  # five times the average is 250,000 now
    done = bench.ok("GET", "order", symbol="BTCUSDT", orderId=placed["orders"][1]["orderId"])
    assert (done["status"], done["expiryReason"]) == ("EXPIRED", "REJECTED")
    reasons = [event["eR"] for event in told(wire, "executionReport") if event["x"] == "EXPIRED"]
    assert reasons == ["REJECTED"]


def test_amending_a_pending_order_locks_nothing(bench: Any) -> None:
    """It holds money from when it goes live on."""
    selling = {"pendingType": "LIMIT_MAKER", "pendingPrice": "61000"}
    placed = bench.ok("POST", "orderList/oto", **OTO | {"pendingQuantity": "140"}, **selling)
    before = bench.ok("GET", "account")["balances"]
    named = {"symbol": "BTCUSDT", "orderId": placed["orders"][1]["orderId"]}
    bench.ok("PUT", "order/amend/keepPriority", **named, newQty="120")
    assert bench.ok("GET", "account")["balances"] == before


def test_a_cancelled_list_names_its_orders_as_they_were(bench: Any, connect: Any) -> None:
    """In every sample of a cancel, `orders` has the ids that `orderReports` calls the original ones."""
    api, named = connect(bench), {"symbol": "BTCUSDT"}
    for end in ("orderList", "openOrders", "order.cancel"):
        placed = bench.ok("POST", "orderList/oco", **OCO, newOrderRespType="ACK")
        before = [leg["clientOrderId"] for leg in placed["orders"]]
        if end == "orderList":
            answer = bench.ok(
                "DELETE", end, **named, orderListId=placed["orderListId"], newClientOrderId="bye"
            )
        elif end == "openOrders":
            [answer] = bench.ok("DELETE", end, **named)
        else:
            answer = api.hmac(end, bench.alice, **named, orderId=placed["orders"][0]["orderId"])["result"]
        assert [leg["clientOrderId"] for leg in answer["orders"]] == before
        assert [leg["origClientOrderId"] for leg in answer["orderReports"]] == before
        assert not {leg["clientOrderId"] for leg in answer["orderReports"]} & set(before)


def test_cancel_all_is_one_cancel(bench: Any) -> None:
    """In its sample every order, also of a list, has the same new client order id."""
    for _ in range(2):
        bench.limit("BUY", "50000", "0.001")
    bench.ok("POST", "orderList/oco", **OCO)
    ended = bench.ok("DELETE", "openOrders", symbol="BTCUSDT")
    orders = [order for row in ended for order in row.get("orderReports", [row])]
    assert len(orders) == 4
    assert len({order["clientOrderId"] for order in orders}) == 1
    assert len({order["origClientOrderId"] for order in orders}) == 4
