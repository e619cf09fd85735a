"""An account's business in Binance's own words, for every client that speaks them: REST or WebSocket API.

A flow asks through `Ask`, which knows what this client calls it, and how it spells a parameter.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import count
from typing import Any

from tests.peers.peer import Peer
from tests.peers.venue import BTC_USDT, Venue

BTC = {"symbol": BTC_USDT}
LIMIT = {**BTC, "type": "LIMIT", "timeInForce": "GTC"}
SOR = {**LIMIT, "side": "BUY", "quantity": "0.002", "price": "50000"}
ORDERS = ("place", "query", "cancel", "open_orders", "account", "my_trades", "test", "cancel_replace")
HISTORY = ("place", "cancel", "open_orders", "all_orders", "cancel_all", "order_counts", "prevented_matches")
AMENDING = ("place", "cancel", "amend", "amendments")
_numbers: Iterator[int] = count(1)


class Ask:
    """One face of a client: what it calls each request, and how it spells a parameter."""

    def __init__(
        self, peer: Peer, names: Mapping[str, str], spell: Callable[[str], str] = lambda name: name
    ) -> None:
        self.peer, self._names, self._spell = peer, names, spell

    def __call__(self, request: str, **parameters: Any) -> Any:
        spelled = {self._spell(name): value for name, value in parameters.items()}
        return self.peer.call(self._names[request], **spelled)

    def knows(self, request: str) -> bool:
        """Whether the client offers it."""
        return request in self._names

    def free(self, asset: str) -> Decimal:
        """The account's free balance of an asset."""
        balances = self("account")["balances"]
        return next(Decimal(row["free"]) for row in balances if row["asset"] == asset)

    def clean(self) -> None:
        """No order is open."""
        assert self("open_orders", **BTC) == []


def snake(name: str) -> str:
    """A parameter as the official SDK spells it."""
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def fresh_id() -> str:
    """A client order id that nobody has used."""
    return f"peer-{next(_numbers)}"


def life_of_an_order(ask: Ask) -> None:
    """Placed, found, cancelled, found again."""
    mine = fresh_id()
    order = ask("place", **LIMIT, side="BUY", quantity="0.002", price="50000", newClientOrderId=mine)
    told = {
        key: order[key] for key in ("symbol", "clientOrderId", "status", "origQty", "price", "side", "type")
    }
    assert told == {
        "symbol": BTC_USDT,
        "clientOrderId": mine,
        "status": "NEW",
        "origQty": "0.00200000",
        "price": "50000.00000000",
        "side": "BUY",
        "type": "LIMIT",
    }
    number = order["orderId"]
    found = ask("query", **BTC, orderId=number)
    assert (found["clientOrderId"], found["status"], found["isWorking"]) == (mine, "NEW", True)
    assert ask("query", **BTC, origClientOrderId=mine)["orderId"] == number
    assert [row["orderId"] for row in ask("open_orders", **BTC)] == [number]
    assert [row["orderId"] for row in ask("open_orders")] == [number]
    gone = ask("cancel", **BTC, orderId=number)
    assert (gone["origClientOrderId"], gone["orderId"], gone["status"]) == (mine, number, "CANCELED")
    assert ask("query", **BTC, orderId=number)["status"] == "CANCELED"
    ask.clean()


def a_fill(ask: Ask, venue: Venue) -> None:
    """Alice takes what bob offers: her balances, her trades."""
    offer = venue.sell("60000", "0.002")
    bitcoins, dollars = ask.free("BTC"), ask.free("USDT")
    order = ask("place", **BTC, side="BUY", type="MARKET", quantity="0.002")
    assert (order["status"], order["executedQty"]) == ("FILLED", "0.00200000")
    assert order["cummulativeQuoteQty"] == "120.00000000"
    (fill,) = order["fills"]
    assert (fill["price"], fill["qty"], fill["commissionAsset"]) == ("60000.00000000", "0.00200000", "BTC")
    assert Decimal(fill["commission"]) == Decimal("0.000002")
    assert ask.free("BTC") - bitcoins == Decimal("0.001998")
    assert dollars - ask.free("USDT") == 120
    assert order["orderId"] > offer
    if ask.knows("my_trades"):
        _my_trade(ask, order["orderId"], fill["tradeId"])


def _my_trade(ask: Ask, order_id: int, trade_id: int) -> None:
    trade = ask("my_trades", **BTC)[-1]
    told = {key: trade[key] for key in ("id", "orderId", "price", "qty", "isBuyer", "isMaker")}
    assert told == {
        "id": trade_id,
        "orderId": order_id,
        "price": "60000.00000000",
        "qty": "0.00200000",
        "isBuyer": True,
        "isMaker": False,
    }
    assert [row["id"] for row in ask("my_trades", **BTC, orderId=order_id)] == [trade_id]


def a_partial_fill(ask: Ask, venue: Venue) -> None:
    """Bob takes a part of what alice offers; the rest is cancelled."""
    order = ask("place", **LIMIT, side="SELL", quantity="0.003", price="61000")
    venue.buy("61000", "0.001")
    found = ask("query", **BTC, orderId=order["orderId"])
    assert (found["status"], found["executedQty"]) == ("PARTIALLY_FILLED", "0.00100000")
    gone = ask("cancel", **BTC, orderId=order["orderId"])
    assert (gone["status"], gone["executedQty"]) == ("CANCELED", "0.00100000")


def a_test_order(ask: Ask) -> None:
    """Judged, not placed."""
    order = {**LIMIT, "side": "BUY", "quantity": "0.002", "price": "50000"}
    assert ask("test", **order) == {}
    ask.clean()


def all_orders(ask: Ask) -> None:
    """The history has the latest order last."""
    order = ask("place", **LIMIT, side="BUY", quantity="0.002", price="50000")
    ask("cancel", **BTC, orderId=order["orderId"])
    listed = ask("all_orders", **BTC)
    assert (listed[-1]["orderId"], listed[-1]["status"]) == (order["orderId"], "CANCELED")
    assert [row["orderId"] for row in ask("all_orders", **BTC, orderId=order["orderId"])] == [
        order["orderId"]
    ]


def cancel_all(ask: Ask) -> None:
    """All of a symbol at once."""
    order = {**LIMIT, "side": "BUY", "quantity": "0.002"}
    placed = [ask("place", **order, price=price)["orderId"] for price in ("50000", "50001")]
    gone = ask("cancel_all", **BTC)
    assert sorted((row["orderId"], row["status"]) for row in gone) == [(it, "CANCELED") for it in placed]
    ask.clean()


def cancel_replace(ask: Ask) -> None:
    """One order for another."""
    order = {**LIMIT, "side": "BUY", "quantity": "0.002"}
    first = ask("place", **order, price="50000")["orderId"]
    replaced = ask(
        "cancel_replace", **order, price="50001", cancelReplaceMode="STOP_ON_FAILURE", cancelOrderId=first
    )
    assert (replaced["cancelResult"], replaced["newOrderResult"]) == ("SUCCESS", "SUCCESS")
    assert replaced["cancelResponse"]["orderId"] == first
    second = replaced["newOrderResponse"]["orderId"]
    assert [row["orderId"] for row in ask("open_orders", **BTC)] == [second]
    ask("cancel", **BTC, orderId=second)


def amend(ask: Ask) -> None:
    """Less, at the same place in the queue."""
    order = ask("place", **LIMIT, side="BUY", quantity="0.002", price="50000")["orderId"]
    amended = ask("amend", **BTC, orderId=order, newQty="0.001")["amendedOrder"]
    assert (amended["orderId"], amended["qty"]) == (order, "0.00100000")
    (row,) = ask("amendments", **BTC, orderId=order)
    assert (row["origQty"], row["newQty"]) == ("0.00200000", "0.00100000")
    ask("cancel", **BTC, orderId=order)


def order_counts(ask: Ask) -> None:
    """What has been used of the order limits."""
    counts = ask("order_counts")
    assert [(row["rateLimitType"], row["interval"]) for row in counts] == [
        ("ORDERS", "SECOND"),
        ("ORDERS", "DAY"),
    ]
    assert all(row["count"] <= row["limit"] for row in counts)


def a_prevented_match(ask: Ask) -> None:
    """Alice would trade with herself; her taker order expires instead."""
    resting = ask("place", **LIMIT, side="SELL", quantity="0.002", price="65000")
    taker = {"side": "BUY", "quantity": "0.002", "price": "65000", "selfTradePreventionMode": "EXPIRE_TAKER"}
    expired = ask("place", **LIMIT, **taker)
    assert expired["status"] == "EXPIRED_IN_MATCH"
    (match,) = ask("prevented_matches", **BTC, orderId=expired["orderId"])
    assert (match["takerOrderId"], match["makerOrderId"]) == (expired["orderId"], resting["orderId"])
    assert (match["selfTradePreventionMode"], match["price"]) == ("EXPIRE_TAKER", "65000.00000000")
    ask("cancel", **BTC, orderId=resting["orderId"])


def conditional_orders(ask: Ask) -> None:
    """Orders that wait for a price, and an iceberg."""
    stop = {"side": "SELL", "quantity": "0.002", "stopPrice": "40000"}
    waiting = [
        ask("place", **BTC, **stop, type="STOP_LOSS"),
        ask("place", **LIMIT | {"type": "STOP_LOSS_LIMIT"}, **stop, price="39000"),
        ask("place", **BTC, **stop | {"stopPrice": "90000"}, type="TAKE_PROFIT"),
        ask("place", **LIMIT | {"type": "TAKE_PROFIT_LIMIT"}, **stop | {"stopPrice": "90000"}, price="91000"),
        ask("place", **BTC, side="SELL", quantity="0.002", type="STOP_LOSS", trailingDelta=100),
        ask("place", **BTC, side="SELL", quantity="0.002", type="LIMIT_MAKER", price="80000"),
        ask("place", **LIMIT, side="SELL", quantity="0.002", icebergQty="0.001", price="80001"),
    ]
    found = ask("open_orders", **BTC)
    assert [(row["orderId"], row["isWorking"]) for row in found] == [
        (order["orderId"], number >= 5) for number, order in enumerate(waiting)
    ]
    assert [row["stopPrice"] for row in found[:4]] == [
        f"{price}.00000000" for price in (40000, 40000, 90000, 90000)
    ]
    assert (found[4]["trailingDelta"], found[6]["icebergQty"]) == (100, "0.00100000")
    assert [row["type"] for row in found[:2]] == ["STOP_LOSS", "STOP_LOSS_LIMIT"]
    for order in waiting:
        ask("cancel", **BTC, orderId=order["orderId"])


def the_whole_of_an_account(ask: Ask, venue: Venue) -> None:
    """What every client can do with single orders."""
    life_of_an_order(ask)
    a_fill(ask, venue)
    a_partial_fill(ask, venue)
    a_test_order(ask)
    conditional_orders(ask)
    if ask.knows("cancel_replace"):
        cancel_replace(ask)


def the_rest_of_an_account(ask: Ask) -> None:
    """What the clients of the whole API can do besides."""
    all_orders(ask)
    cancel_all(ask)
    order_counts(ask)
    a_prevented_match(ask)
