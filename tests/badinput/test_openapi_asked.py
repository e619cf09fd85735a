"""The exchange is asked whatever the OpenAPI document says can be asked, well signed: its statuses, types and
shapes are the documented ones, and it never fails.
"""

import copy
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from surefoot.credentials import Credentials
from surefoot.serve.routes import REST
from surefoot.testing import EmbeddedExchange, exchange
from surefoot.world import system_world
from tools.openapi import openapi_page

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DOCUMENT = json.loads(openapi_page())
NUMBER = r"^(0|[1-9][0-9]{0,4})(\.[0-9]{1,3})?$"
MINE = "mine"
TELLING: dict[str, dict[str, Any]] = {
    "symbol": {"enum": ["BTCUSDT", "NOPE"]},
    "origClientOrderId": {"enum": [MINE, "other"]},
    "cancelOrigClientOrderId": {"enum": [MINE, "other"]},
    "limit": {"type": "integer", "minimum": 1, "maximum": 20},
    "type": {"enum": ["LIMIT", "MARKET"]},
    "timeInForce": {"enum": ["GTC", "IOC"]},
    "quantity": {"enum": ["0.01", "0.02", "7"]},
    "price": {"enum": ["50000", "60000", "70000"]},
    "newOrderRespType": {"enum": ["ACK", "RESULT", "FULL"]},
}
"""What chance gives too seldom is always given, and of an order's other parameters only what is needed."""


def telling(document: Any) -> Any:
    """The document with narrower parameters, so that more requests come through; answers stay the same."""
    narrow = copy.deepcopy(document)
    for words in narrow["paths"].values():
        for operation in words.values():
            for parameter in operation.get("parameters", ()):
                if "schema" in parameter:
                    parameter["schema"] = _narrower(parameter["name"], parameter["schema"])
                    parameter["required"] |= parameter["name"] in TELLING
            form = (
                operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded")
            )
            if form:
                needed, found = form["schema"]["required"], form["schema"]["properties"]
                kept = {name: found[name] for name in found if name in needed or name in TELLING}
                form["schema"]["properties"] = {name: _narrower(name, kept[name]) for name in kept}
                form["schema"]["required"] = list(kept)
    return narrow


def _narrower(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    if name in TELLING:
        return TELLING[name]
    return {"type": "string", "pattern": NUMBER} if schema.get("format") == "decimal" else schema


def operations(document: Any) -> dict[str, Any]:
    """By their names."""
    found = (one.ok() for one in schemathesis.openapi.from_dict(document).get_all_operations())
    return {operation.definition.raw["operationId"]: operation for operation in found}


AS_DOCUMENTED, NARROWER = operations(DOCUMENT), operations(telling(DOCUMENT))
SUCCEED = {
    "ping",
    "time",
    "exchange_info",
    "depth",
    "trades",
    "klines",
    "avg_price",
    "account",
    "open_orders",
}
SUCCEED |= {"order", "my_trades", "cancel_order", "test_order", "all_orders", "new_order"}


class Asking:
    """Sends what was generated, signed by one account, whose order `MINE` is in the book."""

    def __init__(self, venue: EmbeddedExchange) -> None:
        self._venue = venue
        self._key: Credentials = venue.open_account(key="HMAC", USDT=10**6, BTC=100, ETH=100)
        self._session = requests.Session()
        self._session.trust_env = False
        self.statuses: set[int] = set()

    def place(self) -> None:
        """An order of our own in the book."""
        text = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=50000"
        text += f"&newClientOrderId={MINE}"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        asked = requests.Request("POST", f"{self._venue.environment.rest}/api/v3/order", form, data=text)
        assert self._send(asked.prepare()).status_code == 200

    def ask(self, case: Any) -> None:
        kwargs = case.as_transport_kwargs(base_url=self._venue.environment.rest)
        kwargs["headers"] = {name: text for name, text in kwargs["headers"].items() if name != "X-MBX-APIKEY"}
        answer = self._send(
            requests.Request(**kwargs).prepare(), signed="security" in case.operation.definition.raw
        )
        self.statuses.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    def _send(self, prepared: requests.PreparedRequest, *, signed: bool = True) -> requests.Response:
        if signed:
            prepared.headers["X-MBX-APIKEY"] = self._key.api_key.reveal()
            if prepared.method in {"POST", "PUT"}:
                prepared.prepare_body(self._signed(prepared.body or ""), None)
                prepared.headers["Content-Type"] = "application/x-www-form-urlencoded"
            else:
                url, _, query = (prepared.url or "").partition("?")
                prepared.url = f"{url}?{self._signed(query)}"
        return self._session.send(prepared, timeout=10, allow_redirects=False)

    def _signed(self, text: str | bytes) -> str:
        """The same parameters, of now."""
        text = text.decode() if isinstance(text, bytes) else text
        ours = ("timestamp=", "signature=", "recvWindow=")
        kept = [part for part in text.split("&") if part and not part.startswith(ours)]
        payload = "&".join([*kept, f"timestamp={int(system_world().clock.wall_ms())}"])
        assert self._key.secret is not None
        secret = self._key.secret.reveal().encode()
        return f"{payload}&signature={hmac.new(secret, payload.encode(), hashlib.sha256).hexdigest()}"

    def close(self) -> None:
        self._session.close()


@pytest.fixture
def asking() -> Iterator[Asking]:
    """An exchange that is never tired of being asked."""
    with exchange(seed=1, liquidity="quiet", limits="generous") as venue:
        found = Asking(venue)
        yield found
        found.close()


def _asked(asking: Asking, operation: Any, count: int) -> None:
    @settings(max_examples=count, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        asking.ask(case)

    ask()


@pytest.mark.parametrize("name", AS_DOCUMENTED)
def test_as_documented(asking: Asking, name: str) -> None:
    _asked(asking, AS_DOCUMENTED[name], 10)


@pytest.mark.parametrize("name", NARROWER)
def test_what_comes_through(asking: Asking, name: str) -> None:
    asking.place()
    _asked(asking, NARROWER[name], 20)
    assert 200 in asking.statuses or name not in SUCCEED
    operation = NARROWER[name]
    served = (operation.method.upper(), operation.path) in REST
    assert served != (404 in asking.statuses)
