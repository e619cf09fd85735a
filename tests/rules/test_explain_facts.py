"""Every code, engine text, filter and status of the documentation has an explanation of its own (OBS-2)."""

import json
from pathlib import Path
from typing import Any

import pytest

from surefoot import explain
from surefoot.errors import Happened
from surefoot.rules.explain import Retry
from surefoot.rules.explain.calls import Kind, call_of
from surefoot.rules.explain.causes import CAUSES
from surefoot.rules.outcomes import Said, judge
from tests.project.facts import REST, WS, facts

FACTS: dict[str, Any] = facts("errors")
ORDER = {"method": "POST", "path": "/api/v3/order"}
READ = {"method": "GET", "path": "/api/v3/account"}
MEANS = {
    "never": {Retry.AFTER_FIX, Retry.NEVER},
    "after_wait": {Retry.AFTER_WAIT},
    "after_resync": {Retry.AFTER_RESYNC, Retry.RESOLVE_FIRST, Retry.AFTER_FIX},
    "unknown_outcome": {Retry.RESOLVE_FIRST},
    "safe": {Retry.SAFE, Retry.NEVER},
}
OF_ORDERS = [row for row in FACTS["codes"] if row["code"] not in {-2021, -2022}]


@pytest.mark.parametrize("row", OF_ORDERS, ids=lambda row: str(row["code"]))
def test_every_code_is_known(row: dict[str, Any]) -> None:
    for message in (*row["messages"], ""):
        answer = explain(json.dumps({"code": row["code"], "msg": message}), ORDER)
        assert answer.cause in CAUSES
        assert answer.code == row["code"]
        assert answer.retry in MEANS[row["retry"]]
        assert (answer.happened is Happened.UNKNOWN) == (row["retry"] == "unknown_outcome")
        assert explain(row["code"], ORDER).cause in CAUSES


@pytest.mark.parametrize("row", FACTS["codes"], ids=lambda row: str(row["code"]))
def test_a_code_means_what_the_client_makes_of_it(row: dict[str, Any]) -> None:
    """RETRY-3: the explanation and the client's own judgement agree, with any status."""
    happened = {"Refused": Happened.NO, "Unknown": Happened.UNKNOWN, "Partly": Happened.HALF}
    for status in (400, 429, 500, 503):
        outcome = judge(Said(status=status, code=row["code"]))
        answer = explain(json.dumps({"code": row["code"], "msg": "x"}), {**ORDER, "status": status})
        assert answer.happened is happened[type(outcome).__name__]


@pytest.mark.parametrize("row", FACTS["engine_messages"], ids=lambda row: row["msg"][:40])
def test_every_engine_text_is_known_with_its_code_and_without(row: dict[str, Any]) -> None:
    for code in row["typical_codes"]:
        for text in (json.dumps({"code": code, "msg": row["msg"]}), f"binance {row['msg']}"):
            answer = explain(text, ORDER)
            assert answer.cause not in {"order_rejected", "rejected_by_engine", "not_recognised"}
            assert answer.happened is Happened.NO
            assert answer.retry in MEANS[row["retry"]]


@pytest.mark.parametrize("row", FACTS["filter_failures"], ids=lambda row: row["msg"])
def test_every_filter_is_known(row: dict[str, Any]) -> None:
    name = row["msg"].split(": ")[1]
    answer = explain(json.dumps({"code": -1013, "msg": row["msg"]}), ORDER)
    assert answer.cause == f"filter_{name.lower()}"
    assert answer.cause in CAUSES
    assert (answer.happened, answer.ambiguous) == (Happened.NO, False)
    assert answer.retry in MEANS[row["retry"]]


@pytest.mark.parametrize("row", FACTS["http_status"], ids=lambda row: str(row["status"]))
def test_every_status_is_known(row: dict[str, Any]) -> None:
    status = 502 if row["status"] == "5xx" else row["status"]
    answer = explain("", {**ORDER, "status": status})
    assert (answer.cause == "not_recognised") == (status == 200)
    if row["retry"] == "unknown_outcome":
        assert (answer.happened, answer.retry) == (Happened.UNKNOWN, Retry.RESOLVE_FIRST)
        assert explain("", {**READ, "status": status}).retry is Retry.SAFE


@pytest.mark.parametrize(("method", "path"), REST, ids=lambda word: word)
def test_every_endpoint_is_a_read_or_not(method: str, path: str) -> None:
    """What changes something is never taken for a read; a test order is a read in effect."""
    kind = call_of(method, path).kind
    writes = method != "GET" and not path.endswith("/test") and "userDataStream" not in path
    assert (kind in {Kind.WRITE, Kind.CANCEL}) == writes


@pytest.mark.parametrize("method", WS)
def test_every_websocket_method_is_a_read_or_not(method: str) -> None:
    kind = call_of(method, None).kind
    order = ("order.", "orderList.", "sor.", "openOrders.", "openOrderLists.")
    asks = (".status", ".test", ".amendments")
    assert (kind in {Kind.WRITE, Kind.CANCEL}) == (method.startswith(order) and not method.endswith(asks))
    assert call_of(None, method) == call_of(method, None)


def test_the_page_of_causes_is_complete() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "explain.md").read_text(encoding="utf-8")
    assert [word for word in CAUSES if f"`{word}`" not in page] == []
