"""The vocabulary equals the documentation, both ways: endpoints, weights, parameters."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest

from surefoot.codec.params import wsapi_params
from surefoot.spot.enums import OpenEnum
from surefoot.spot.request import Request, weight
from surefoot.values import UNSET
from tests.oracles import naive_weight
from tests.project.facts import REQUESTS, REST, WS, Row, parameters, rows

# `security` says whether a request is signed; the documentation says of these two what the connection needs.
WORDED_DIFFERENTLY = {"session.logon": "USER_STREAM", "userDataStream.subscribe": "NONE"}

ADDED = {"timestamp", "signature", "apiKey", "recvWindow"}  # by the signature, not by the request

AS_IDS = {"argvalues": REQUESTS, "ids": lambda kind: kind.__name__}


def test_every_documented_endpoint_has_a_request() -> None:
    """All REST endpoints and all methods of the WebSocket API, and nothing else."""
    endpoints = [kind.endpoint for kind in REQUESTS]
    assert {(e.method, e.path) for e in endpoints if e.path} == set(REST)
    assert {e.ws_method for e in endpoints if e.ws_method} == set(WS)


@pytest.mark.parametrize("kind", **AS_IDS)
def test_an_endpoint_equals_its_row(kind: type[Request[Any]]) -> None:
    """LIMIT-1: path, method, security, order count and the price of success are the documented ones."""
    assert rows(kind), f"{kind.__name__} is spelled nowhere"
    endpoint = kind.endpoint
    for row in rows(kind):
        on_success = row.get("weight_on_success")
        assert endpoint.order_count == row["order_count"]
        # an amendment is free only when it ends the order: until the answer says so it costs its weight
        assert endpoint.weight_on_success == (None if on_success == "conditional" else on_success)
        assert endpoint.security == WORDED_DIFFERENTLY.get(endpoint.ws_method, row["security"])
        assert endpoint.signed == row["signed"]
    if endpoint.path:
        assert endpoint.ws_method == rows(kind)[0]["ws_api_method"]


@pytest.mark.parametrize("kind", **AS_IDS)
def test_every_parameter_is_documented(kind: type[Request[Any]]) -> None:
    sent = set(kind.__struct_encode_fields__)
    for row in rows(kind):
        known = {param["name"] for param in parameters(row)}
        assert sent <= known, f"{kind.__name__} sends what {row['doc']} does not know"


@pytest.mark.parametrize("row", [*REST.values(), *WS.values()], ids=lambda row: row["doc"])
def test_every_documented_parameter_can_be_sent(row: Row) -> None:
    documented = {param["name"] for param in parameters(row)} - ADDED
    kinds = [kind for kind in REQUESTS if row in rows(kind)]
    assert documented == {name for kind in kinds for name in kind.__struct_encode_fields__}


# Several requests share one endpoint where one of two parameters decides what the answer is.
DECIDES = {"symbol", "symbols"}
# Mandatory over REST; over the WebSocket API one of several.
STRICTER = {("orderList.place", "stopPrice")}


@pytest.mark.parametrize("kind", **AS_IDS)
def test_a_parameter_is_required_where_it_is_mandatory(kind: type[Request[Any]]) -> None:
    required = {f.encode_name for f in msgspec.structs.fields(kind) if f.required}
    for row in rows(kind):
        mandatory = {p["name"] for p in parameters(row) if p["mandatory"] is True} - ADDED
        stricter = {name for method, name in STRICTER if kind.endpoint.ws_method == method}
        assert required - DECIDES - stricter == mandatory - DECIDES - stricter
        assert mandatory & DECIDES <= required


JSON_TYPES: Mapping[str, tuple[type, ...]] = {
    "STRING": (str, tuple),  # `symbols` of REST is an array in a string
    "ARRAY OF STRING": (tuple,),
    "ENUM": (OpenEnum, str, tuple),  # a window is text; `permissions` may be several
    "INT": (int,),
    "LONG": (int, Decimal),  # the tables call aboveIcebergQty a LONG
    "DECIMAL": (Decimal, int),  # and trailingDelta a DECIMAL
    "BOOLEAN": (bool,),
}


def plain_type(hint: Any) -> type:
    """What a field holds when it is sent."""
    if isinstance(hint, type) and not get_args(hint):
        return hint
    return tuple if get_origin(hint) is tuple else plain_type(get_args(hint)[0])


@pytest.mark.parametrize("kind", **AS_IDS)
def test_a_parameter_has_the_documented_type(kind: type[Request[Any]]) -> None:
    hints = get_type_hints(kind)
    names = dict(zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True))
    for param in (param for row in rows(kind) for param in parameters(row) if param["name"] in names):
        plain = plain_type(hints[names[param["name"]]])
        assert issubclass(plain, JSON_TYPES[param["type"]]), (param["name"], plain)


SYMBOLS = tuple(("BTCUSDT",) * count for count in (1, 2, 19, 20, 21, 49, 50, 51, 99, 100, 101, 200))
SAMPLES: Mapping[str, tuple[Any, ...]] = {
    "limit": (UNSET, 1, 20, 100, 101, 500, 501, 1000, 1001, 5000, 5001, 100_000),
    "symbol": (UNSET, "BTCUSDT"),
    "symbols": (
        UNSET,
        *(("BTCUSDT",) * count for count in (1, 2, 19, 20, 21, 49, 50, 51, 99, 100, 101, 200)),
    ),
    "order_id": (UNSET, 1),
    "prevented_match_id": (UNSET, 1),
    "compute_commission_rates": (UNSET, False, True),
}


def sample_requests(kind: type[Request[Any]]) -> Iterator[Request[Any]]:
    """The request with every combination of what its weight may depend on."""
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    varied = [name for name in SAMPLES if name in fields]
    fixed = {name: "X" for name, field in fields.items() if field.required and name not in varied}
    for values in product(*(SAMPLES[name] for name in varied)):
        given = dict(zip(varied, values, strict=True))
        if not any(fields[name].required and value is UNSET for name, value in given.items()):
            yield kind(**fixed, **given)


@pytest.mark.parametrize("kind", **AS_IDS)
def test_a_weight_is_the_documented_one(kind: type[Request[Any]]) -> None:
    """LIMIT-1: every weight is known, including those that depend on parameters."""
    asked = list(sample_requests(kind))
    assert asked
    for row in rows(kind):
        for request in asked:
            sent = {name: value for name, value in wsapi_params(request).items() if value != "X"}
            assert weight(request) == naive_weight.weight(row["weight"], sent)


def test_the_samples_reach_every_rule_of_the_documentation() -> None:
    """No weight depends on a parameter that the samples leave alone."""
    rules = [row["weight"] for row in REST.values() if isinstance(row["weight"], dict)]
    params = {rule.get("param", "limit" if rule["by"] == "limit" else "symbols") for rule in rules}
    cases = {name for rule in rules for name, _ in rule.get("cases", [])}
    assert {re.sub(r"[A-Z]", lambda m: "_" + m[0].lower(), name) for name in params | cases} <= set(SAMPLES)
