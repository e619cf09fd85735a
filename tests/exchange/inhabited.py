"""An exchange with a past that touches every query, and both ways to ask it: the same again each time."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from surefoot.exchange.core.treasury import Treasury
from surefoot.serve.route import Route
from tests.exchange.asked import LIMIT, OCO, SMALL

BTC = {"symbol": "BTCUSDT"}
ETH = {"symbol": "ETHUSDT", "timeInForce": "GTC", "type": "LIMIT"}
LATER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("account", {}),
    ("openOrders", {}),
    ("allOrders", {"symbol": "BTCUSDT"}),
    ("allOrders", {"symbol": "ETHUSDT"}),
    ("allOrderList", {}),
    ("myTrades", {"symbol": "BTCUSDT"}),
)


class Case(NamedTuple):
    """What is asked first, what is changed (None: left out), and the codes of both answers (None: it works).

    `crowded`: the account has used up its order count before.
    """

    base: Mapping[str, Any]
    change: Mapping[str, Any]
    code: int | None = None
    before: int | None = None
    crowded: bool = False

    def changed(self) -> dict[str, Any]:
        merged = {**self.base, **self.change}
        return {name: value for name, value in merged.items() if value is not None}


Key = tuple[str, str]
Cases = dict[Key, Case]


def changes(operation: str, base: Mapping[str, Any], **values: Any) -> Cases:
    """One case a parameter: the same request with it (or with another value of it) works differently."""
    return {(operation, name): Case(base, {name: value}) for name, value in values.items()}


def refusals(operation: str, base: Mapping[str, Any], **values: tuple[Any, int]) -> Cases:
    """One case a parameter: this value of it is refused with this code."""
    return {(operation, name): Case(base, {name: value}, code) for name, (value, code) in values.items()}


class Inhabited:
    """Alice traded, amended, prevented herself, listed, and rests on both sides; Bob quotes two symbols.

    `known` has the ids and times that cases name with ``@``.
    """

    def __init__(self, bench: Any) -> None:
        self.bench = bench
        self.known: dict[str, int] = {}
        self._emptied()
        self._trade()
        self._rest()
        self._prevent()
        for name in ("listA", "listB"):
            self._note(name, bench.ok("POST", "orderList/oco", **OCO, listClientOrderId=name)["orderListId"])
        for side, price in (("SELL", "60100"), ("BUY", "59900")):
            bench.limit(side, price, "1", bench.bob)
        for side, price in (("SELL", "3001"), ("BUY", "2990")):
            bench.ok("POST", "order", bench.bob, **ETH, side=side, price=price, quantity="10")

    def _note(self, name: str, number: int) -> None:
        """One second a step."""
        self.known[name] = number
        self.known[f"{name}.time"] = self.bench.now_us // 1000
        self.bench.now_us += 1_000_000

    def _emptied(self) -> None:
        """Alice once had what is all gone."""
        engine, alice = self.bench.engine, self.bench.alice.name
        treasury = Treasury(engine.ledger, engine.outbox, {})
        treasury.deposit(self.bench.now_us, alice, "GONE", 1)
        treasury.withdraw(self.bench.now_us, alice, "GONE", 1)

    def _trade(self) -> None:
        bench = self.bench
        for name, price, parts in (("first", "60000", 1), ("second", "60010", 2)):
            made = bench.limit("SELL", price, f"0.00{parts}", newClientOrderId=name)
            for part in range(parts):
                fill = bench.limit("BUY", price, "0.001", bench.bob)["fills"][0]
                self._note(f"{name}.fill{part}", fill["tradeId"])
            self._note(name, made["orderId"])
        selling = ETH | {"side": "SELL", "price": "3000", "quantity": "0.01"}
        bench.ok("POST", "order", **selling)
        bench.ok("POST", "order", bench.bob, **selling | {"side": "BUY"})

    def _rest(self) -> None:
        bench = self.bench
        for name, sizes in (("one", ("0.0025", "0.002")), ("two", ("0.002",))):
            made = bench.ok("POST", "order", **LIMIT, quantity="0.003", newClientOrderId=name)
            self._note(name, made["orderId"])
            for number, size in enumerate(sizes):
                amend = BTC | {"orderId": made["orderId"], "newQty": size, "newClientOrderId": name}
                done = bench.ok("PUT", "order/amend/keepPriority", **amend)
                self._note(f"{name}.amend{number}", done["executionId"])
        self._note("half", bench.limit("SELL", "60020", "0.002", newClientOrderId="half")["orderId"])
        bench.limit("BUY", "60020", "0.001", bench.bob)
        bench.ok("POST", "order", **ETH, side="BUY", price="2000", quantity="0.01")

    def _prevent(self) -> None:
        selling = SMALL | {"side": "SELL", "selfTradePreventionMode": "EXPIRE_TAKER"}
        for name in ("taker0", "taker1"):
            made = self.bench.ok("POST", "order", **selling)
            self._note(name, made["orderId"])
            self._note(f"{name}.match", made["preventedMatchId"])

    def values(self, asked: Mapping[str, Any]) -> dict[str, str]:
        """The parameters as texts; ``@name`` is what is known by that name."""
        return {name: self._value(value) for name, value in asked.items()}

    def _value(self, value: Any) -> str:
        return str(self.known[value[1:]]) if isinstance(value, str) and value[:1] == "@" else str(value)

    def later(self) -> list[Any]:
        """What queries answer now."""
        asked = [self.bench.ok("GET", path, **values) for path, values in LATER]
        return [self.bench.get("depth", symbol="BTCUSDT"), *asked]


class Answered(NamedTuple):
    """The code of a refusal (None: it worked), and all that was said."""

    code: int | None
    content: Any


def over_rest(bench: Any, _: Any, route: Route, values: Mapping[str, Any]) -> Answered:
    """Alice asks over REST."""
    path = route.path.removeprefix("/api/v3/")
    if route.signed:
        answer = bench.signed(route.method, path, **values)
    else:
        answer = bench.raw(route.method, f"{route.path}?{urlencode(values)}")
    content = json.loads(answer.body)
    return Answered(None if answer.status == 200 else content["code"], content)


def over_ws_api(bench: Any, api: Any, route: Route, values: Mapping[str, Any]) -> Answered:
    """Alice asks over the WebSocket API."""
    signed = route.signed
    said = api.hmac(route.operation, bench.alice, **values) if signed else api.ask(route.operation, **values)
    if said["status"] == 200:
        return Answered(None, said["result"])
    return Answered(said["error"]["code"], said["error"])


WAYS = {"rest": over_rest, "ws_api": over_ws_api}
