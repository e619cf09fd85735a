"""Order lists in Binance's own words: OCO, OTO and OTOCO, placed, found and cancelled."""

from typing import Any

from tests.peers.flows import BTC, Ask

LISTS = ("oco", "oto", "otoco", "query_list", "open_lists", "cancel_list", "open_orders")
_SELL = {"side": "SELL", "quantity": "0.002"}
OCO = {
    **BTC,
    **_SELL,
    "aboveType": "LIMIT_MAKER",
    "abovePrice": "70000",
    "belowType": "STOP_LOSS_LIMIT",
    "belowPrice": "49000",
    "belowStopPrice": "50000",
    "belowTimeInForce": "GTC",
}
DEPRECATED_OCO = {
    **BTC,
    **_SELL,
    "price": "70000",
    "stopPrice": "50000",
    "stopLimitPrice": "49000",
    "stopLimitTimeInForce": "GTC",
}
_WORKING = {
    **BTC,
    "workingType": "LIMIT",
    "workingSide": "BUY",
    "workingPrice": "50000",
    "workingQuantity": "0.002",
    "workingTimeInForce": "GTC",
}
OTO = {
    **_WORKING,
    "pendingType": "LIMIT_MAKER",
    "pendingSide": "SELL",
    "pendingPrice": "70000",
    "pendingQuantity": "0.002",
}
OPO = {**_WORKING, "pendingType": "LIMIT_MAKER", "pendingSide": "SELL", "pendingPrice": "70000"}
OTOCO = {
    **_WORKING,
    "pendingSide": "SELL",
    "pendingQuantity": "0.002",
    "pendingAboveType": "LIMIT_MAKER",
    "pendingAbovePrice": "70000",
    "pendingBelowType": "STOP_LOSS_LIMIT",
    "pendingBelowPrice": "49000",
    "pendingBelowStopPrice": "50000",
    "pendingBelowTimeInForce": "GTC",
}
OPOCO = {name: value for name, value in OTOCO.items() if name != "pendingQuantity"}


def life_of_a_list(ask: Ask, place: str, parameters: dict[str, Any], contingency: str, orders: int) -> None:
    """Placed, found in three ways, cancelled as a whole."""
    placed = ask(place, **parameters)
    number = placed["orderListId"]
    told = (placed["contingencyType"], placed["listStatusType"], placed["listOrderStatus"])
    assert told == (contingency, "EXEC_STARTED", "EXECUTING")
    assert len(placed["orders"]) == len(placed["orderReports"]) == orders
    assert ask("query_list", orderListId=number)["listClientOrderId"] == placed["listClientOrderId"]
    assert [row["orderListId"] for row in ask("open_lists")] == [number]
    gone = ask("cancel_list", **BTC, orderListId=number)
    assert (gone["orderListId"], gone["listOrderStatus"]) == (number, "ALL_DONE")
    assert {row["status"] for row in gone["orderReports"]} == {"CANCELED"}
    assert ask("open_lists") == []
    ask.clean()


def the_whole_of_lists(ask: Ask) -> None:
    """Every kind of list."""
    life_of_a_list(ask, "oco", OCO, "OCO", 2)
    life_of_a_list(ask, "oto", OTO, "OTO", 2)
    life_of_a_list(ask, "otoco", OTOCO, "OTO", 3)


def history_of_lists(ask: Ask) -> None:
    """The history has the latest list last."""
    number = ask("oco", **OCO)["orderListId"]
    ask("cancel_list", **BTC, orderListId=number)
    latest = ask("all_lists")[-1]
    assert (latest["orderListId"], latest["listOrderStatus"]) == (number, "ALL_DONE")


def the_deprecated_oco(ask: Ask) -> None:
    """The way of placing an OCO that has been deprecated."""
    life_of_a_list(ask, "old_oco", DEPRECATED_OCO, "OCO", 2)
