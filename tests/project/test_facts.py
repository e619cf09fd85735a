"""The vocabulary equals the documentation: endpoints, weights, security, enumerations, codes, filters."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from surefoot.spot import account, codes, enums, general, market, session, trade
from surefoot.spot.filters import Filter
from surefoot.spot.request import ByFlag, ByLimit, ByPresence, BySymbols, Request, WeightRule
from surefoot.values import UNSET

FACTS = Path(__file__).parents[1] / "facts"


def facts(name: str) -> Any:
    return json.loads((FACTS / f"{name}.json").read_text(encoding="utf-8"))


REST = {(row["method"], row["path"]): row for row in facts("endpoints")}
WS = {row["method"]: row for row in facts("ws_api")}


CHAPTERS = (account, general, market, session, trade)

# `security` says whether a request is signed; the documentation says of these two what the connection needs.
WORDED_DIFFERENTLY = {"session.logon": "USER_STREAM", "userDataStream.subscribe": "NONE"}


def requests() -> Iterator[type[Request[Any]]]:
    for word in (word for chapter in CHAPTERS for word in vars(chapter).values()):
        if isinstance(word, type) and issubclass(word, Request) and "endpoint" in vars(word):
            yield word


REQUESTS = sorted(set(requests()), key=lambda kind: kind.__name__)
AS_IDS = {"argvalues": REQUESTS, "ids": lambda kind: kind.__name__}


def rows(kind: type[Request[Any]]) -> list[dict[str, Any]]:
    """The documented rows of a request: REST, WebSocket API, or both."""
    endpoint = kind.endpoint
    found = []
    if endpoint.path:
        found.append(REST[endpoint.method, endpoint.path])
    if endpoint.ws_method:
        found.append(WS[endpoint.ws_method])
    return found


def spelled(rule: WeightRule) -> Any:
    """A weight rule as the facts write it."""
    match rule:
        case ByLimit(default, table, clamp):
            return {"by": "limit", "default": default, "clamp": clamp, "table": [list(row) for row in table]}
        case ByPresence(param, present, absent):
            return {"by": "present", "param": camel(param), "present": present, "absent": absent}
        case ByFlag(param, true, false):
            return {"by": "flag", "param": camel(param), "true": true, "false": false}
    return rule


def camel(name: str) -> str:
    return msgspec.structs.fields(msgspec.defstruct("One", [(name, int)], rename="camel"))[0].encode_name


def parameters(row: dict[str, Any]) -> set[str]:
    names = {param["name"] for param in row["params"]}
    if inherited := row.get("inherits_params_of"):
        method, *path = inherited.split(" ")
        names |= parameters(REST[method, path[0]] if path else WS[method])
    return names


def test_there_are_requests() -> None:
    assert len(REQUESTS) >= 18


@pytest.mark.parametrize("kind", **AS_IDS)
def test_an_endpoint_equals_its_row(kind: type[Request[Any]]) -> None:
    """LIMIT-1: path, method, security, order count and the price of success are the documented ones."""
    assert rows(kind), f"{kind.__name__} is spelled nowhere"
    for row in rows(kind):
        endpoint = kind.endpoint
        assert endpoint.order_count == row["order_count"]
        assert endpoint.weight_on_success == row.get("weight_on_success")
        assert endpoint.security == WORDED_DIFFERENTLY.get(endpoint.ws_method, row["security"])
        assert endpoint.signed == row["signed"]
    if endpoint.path:
        assert endpoint.ws_method == rows(kind)[0]["ws_api_method"]


@pytest.mark.parametrize("kind", **AS_IDS)
def test_a_weight_rule_equals_its_row(kind: type[Request[Any]]) -> None:
    """LIMIT-1: every weight is known, including those that depend on parameters."""
    for row in rows(kind):
        if isinstance(kind.endpoint.weight, BySymbols):
            rule, given = row["weight"], kind.endpoint.weight
            assert rule["by"] == "symbols"
            assert (given.single, given.omitted) == (rule["single"], rule["omitted"])
            assert {weight for _, weight in rule["table"]} == {given.several}
        else:
            assert spelled(kind.endpoint.weight) == row["weight"]


@pytest.mark.parametrize("kind", **AS_IDS)
def test_every_parameter_is_documented(kind: type[Request[Any]]) -> None:
    sent = set(kind.__struct_encode_fields__)
    for row in rows(kind):
        assert sent <= parameters(row), f"{kind.__name__} sends what {row['doc']} does not know"


@pytest.mark.parametrize("kind", **AS_IDS)
def test_every_mandatory_parameter_is_required(kind: type[Request[Any]]) -> None:
    added = {"timestamp", "signature", "apiKey"}  # by the signature, not by the request
    required = {f.encode_name for f in msgspec.structs.fields(kind) if f.required}
    for row in rows(kind):
        mandatory = {p["name"] for p in row["params"] if p["mandatory"] is True}
        assert mandatory - added <= required


ENUMS = [kind.__name__ for kind in enums.OpenEnum.__subclasses__()]


@pytest.mark.parametrize("name", sorted(ENUMS))
def test_an_enumeration_equals_the_documented_one(name: str) -> None:
    documented = facts("enums")["enums"][name[0].lower() + name[1:]]
    assert [member.value for member in getattr(enums, name)] == list(documented)


def test_the_error_codes_are_the_documented_ones() -> None:
    documented = {row["code"]: row["name"] for row in facts("errors")["codes"]}
    assert set(codes.CODES) == set(documented)
    misnamed = {code for code, name in codes.CODES.items() if documented[code] not in {None, name}}
    assert misnamed == set()


def test_unknown_execution_equals_the_documented_retry_class() -> None:
    """RETRY-3: exactly the codes that may have been executed."""
    unknown = {row["code"] for row in facts("errors")["codes"] if row["retry"] == "unknown_outcome"}
    assert unknown == codes.UNKNOWN_EXECUTION


def test_a_filter_has_every_documented_field() -> None:
    """RULES-2: no field of a documented filter is lost while decoding."""
    for row in facts("filters")["filters"]:
        decoded = msgspec.convert({"filterType": row["filterType"]}, Filter)
        assert decoded.filter_type == row["filterType"]
        missing = set(row["fields"]) - set(Filter.__struct_encode_fields__)
        assert missing == set(), row["filterType"]


def test_a_filter_from_the_future_decodes() -> None:
    future = msgspec.json.decode(b'{"filterType":"FROM_THE_FUTURE","moonPhase":"0.5"}', type=Filter)
    assert (future.filter_type, future.tick_size) == ("FROM_THE_FUTURE", UNSET)
