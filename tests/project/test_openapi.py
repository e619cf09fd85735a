"""The OpenAPI document says of every endpoint what the documentation says."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.project.facts import FACTS, REST, Row, parameters
from tools.openapi import openapi_page

DOCUMENT = json.loads(openapi_page())
ERRORS = json.loads((FACTS / "errors.json").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]


def operation(row: Row) -> dict[str, Any]:
    found = DOCUMENT["paths"][row["path"]][row["method"].lower()]
    assert isinstance(found, dict)
    return found


def sent(found: dict[str, Any]) -> dict[str, bool]:
    """Each parameter, and whether it must be sent."""
    if "requestBody" in found:
        form = found["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        return {name: name in form["required"] for name in form["properties"]}
    return {parameter["name"]: parameter["required"] for parameter in found["parameters"]}


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, inner in node.items():
            if name == "$ref":
                yield inner
            yield from references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from references(inner)


def test_every_endpoint_is_there() -> None:
    found = {(word.upper(), path) for path, words in DOCUMENT["paths"].items() for word in words}
    assert found == set(REST)


@pytest.mark.parametrize("row", REST.values(), ids=lambda row: row["doc"])
def test_an_operation_equals_its_row(row: Row) -> None:
    found = operation(row)
    signing = {"timestamp": True, "recvWindow": False} if row["signed"] else {}
    documented = {param["name"]: param["mandatory"] is True for param in parameters(row)} | signing
    assert {name: needed for name, needed in sent(found).items() if name != "signature"} == documented
    assert found["x-websocket-method"] == row["ws_api_method"]
    assert found["x-order-count"] == row["order_count"]
    assert ("security" in found) is row["signed"] is ("signature" in sent(found))


def test_every_status_is_documented() -> None:
    """Those that a request can meet; the ones of the server's own faults stand together."""
    known = {str(row["status"]) for row in ERRORS["http_status"]} | {"5XX"}
    operations = [found for words in DOCUMENT["paths"].values() for found in words.values()]
    assert {status for found in operations for status in found["responses"]} <= known
    assert all(("401" in found["responses"]) == ("security" in found) for found in operations)
    assert [found["operationId"] for found in operations if "409" in found["responses"]] == ["cancel_replace"]


def test_every_reference_resolves_and_every_type_is_used() -> None:
    used = {reference.rsplit("/", 1)[1] for reference in references(DOCUMENT)}
    assert used == set(SCHEMAS)


def test_operations_have_names_of_their_own() -> None:
    names = [found["operationId"] for words in DOCUMENT["paths"].values() for found in words.values()]
    assert len(names) == len(set(names)) == len(REST)


def test_money_is_text_and_enumerations_are_listed() -> None:
    order = SCHEMAS["OrderAnswer"]
    price = order["properties"]["price"]
    assert (price["type"], price["format"]) == ("string", "decimal")
    assert SCHEMAS["Side"]["enum"] == ["BUY", "SELL"]
    assert "fills" not in order["required"]
