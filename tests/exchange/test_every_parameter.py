"""No documented parameter of a served operation is accepted and ignored, on either way in.

Changing it changes the answer or what queries say afterwards, or it is refused with the documented code. Two
exchanges that were treated alike answer alike, so that a difference comes from the parameter alone.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from surefoot.serve.routes import WS_API
from tests.exchange import cases_of_accounts, cases_of_lists, cases_of_orders
from tests.exchange.inhabited import WAYS, Answered, Case, Cases, Inhabited, Key

FACTS = Path(__file__).parents[1] / "facts"
REST_ROWS = json.loads((FACTS / "endpoints.json").read_text())
WS_ROWS = json.loads((FACTS / "ws_api.json").read_text())
CODES = {row["code"] for row in json.loads((FACTS / "errors.json").read_text())["codes"]}
CASES: Cases = cases_of_orders.CASES | cases_of_lists.CASES | cases_of_accounts.CASES
SIGNING = {"apiKey", "recvWindow", "signature", "timestamp"}
SHOWN_APART = {("userDataStream.unsubscribe", "subscriptionId")}
"""Needs a connection with a past: `test_one_of_two_subscriptions_ends`."""


def _documented() -> set[Key]:
    """Every parameter of every served operation but market data's, by the WebSocket API's name."""
    found = {(row["ws_api_method"], param["name"]) for row in REST_ROWS for param in row["params"]}
    found |= {(row["method"], param["name"]) for row in WS_ROWS for param in row["params"]}
    found |= {("order.test", name) for operation, name in found if operation == "order.place"}
    here = {row["method"] for row in WS_ROWS if row["group"] != "market" and row["method"] in WS_API}
    return {key for key in found if key[0] in here - {"executionRules"} and key[1] not in SIGNING}


@pytest.fixture(params=WAYS)
def ask(request: pytest.FixtureRequest, make_bench: Any, connect: Any) -> Any:
    """Ask one request of a fresh exchange: `ask(operation, values, crowded)` -> answer and later answers."""

    def ask(operation: str, values: dict[str, Any], crowded: bool) -> tuple[Answered, list[Any]]:
        bench = make_bench()
        inhabited = Inhabited(bench)
        if crowded:
            use_up(bench)
        api = connect(bench)
        route = WS_API[operation]
        answered = WAYS[request.param](bench, api, route, inhabited.values(values))
        return answered, inhabited.later()

    return ask


def use_up(bench: Any) -> None:
    """Place orders until the order count of ten seconds is reached."""
    order = {"symbol": "ETHUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}
    while bench.signed("POST", "order", **order, price="2000", quantity="0.01").status == 200:
        pass


@pytest.mark.parametrize(("operation", "name"), CASES)
def test_a_parameter_is_heard(ask: Any, operation: str, name: str) -> None:
    case: Case = CASES[operation, name]
    assert list(case.change) == [name]
    before, later = ask(operation, dict(case.base), case.crowded)
    assert before.code == case.before, before
    assert (before, later) == ask(operation, dict(case.base), case.crowded), "alike asked, alike answered"
    after = ask(operation, case.changed(), case.crowded)
    assert after[0].code == case.code, after[0]
    assert after != (before, later)


def test_one_of_two_subscriptions_ends(make_bench: Any, connect: Any) -> None:
    bench = make_bench()
    api = connect(bench)
    for account in (bench.alice, bench.bob):
        api.hmac("userDataStream.subscribe.signature", account)
    assert api.ask("userDataStream.unsubscribe", subscriptionId=1)["result"] == {}
    [ended] = api.wire.take()
    assert (ended["subscriptionId"], ended["event"]["e"]) == (1, "eventStreamTerminated")
    assert api.ask("session.subscriptions")["result"] == [{"subscriptionId": 0}]


def test_every_documented_parameter_has_its_case() -> None:
    assert _documented() == set(CASES) | SHOWN_APART
    assert {case.code for case in CASES.values()} - {None} <= CODES
