"""Every documented answer is decoded by its request's type, and nothing that is documented is lost."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from surefoot.codec.rest import decode_answer
from surefoot.errors import ProtocolViolation
from surefoot.spot.account import Order
from surefoot.spot.market_klines import Kline
from surefoot.spot.orders import CancelAnswer, CanceledLeg, OrderAnswer
from surefoot.spot.request import Request
from tests.project.facts import REQUESTS, REST, WS, Row, facts, rows

SAMPLES: Mapping[str, Any] = {
    "string": "TEXT",
    "decimal-string": "1.25",
    "price decimal-string": "1.25",
    "qty decimal-string": "1.25",
    "int": 7,
    "bool": True,
    "null": None,
    "see filters.json": {"filterType": "LOT_SIZE", "minQty": "1.25"},
}
KLINE = [7, "1.25", "1.25", "1.25", "1.25", "1.25", 7, "1.25", 7, "1.25", "1.25", "0"]


def sample(shape: Any) -> Any:
    """A JSON answer of the documented shape."""
    if isinstance(shape, Mapping):
        return {name: "TEXT" if name == "symbol" else sample(kind) for name, kind in shape.items()}
    if isinstance(shape, list):
        return KLINE if "openTime" in shape else [sample(kind) for kind in shape]
    return SAMPLES[shape]


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each value of a JSON tree with the way to it."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}")
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}.{number}")
    else:
        yield path, value


def as_money(value: Any) -> Any:
    return Decimal(value) if value == SAMPLES["decimal-string"] else value


OF_LISTS = {
    *("orderListId", "contingencyType", "listStatusType", "listOrderStatus", "listClientOrderId"),
    *("transactionTime", "symbol", "orders", "orderReports"),
}


def apart(shape: Any) -> list[Any]:
    """An array that mixes orders and order lists is documented as one element with the fields of both."""
    if not (
        isinstance(shape, list) and isinstance(shape[0], Mapping) and {"side", "orders"} <= set(shape[0])
    ):
        return [shape]
    both = shape[0]
    listed = {name: kind for name, kind in both.items() if name in OF_LISTS}
    alone = OF_LISTS - {"symbol", "orderListId"}
    return [[{name: kind for name, kind in both.items() if name not in alone}], [listed]]


def documented() -> Iterator[tuple[Row, str, Any]]:
    for row in (*REST.values(), *WS.values()):
        for number, answer in enumerate(row["response"]):
            if "shape" in answer:
                for part, shape in enumerate(apart(answer["shape"])):
                    yield row, f"{row['doc']}-{number}-{part}", shape


CASES = [pytest.param(row, shape, id=name) for row, name, shape in documented()]


def heard(kind: type[Request[Any]], body: bytes) -> dict[str, Any] | None:
    """What `kind` hears in `body`, by path; None when it cannot be the one that was asked."""
    asked = kind(**{f.name: "X" for f in msgspec.structs.fields(kind) if f.required})
    try:
        answer = decode_answer(asked, body)
    except ProtocolViolation:
        return None
    return dict(leaves(msgspec.to_builtins(answer, builtin_types=(Decimal,))))


@pytest.mark.parametrize(("row", "shape"), CASES)
def test_no_documented_field_is_lost(row: Row, shape: Any) -> None:
    """One request of the endpoint hears every field with its type: money is Decimal, a number a number."""
    said = sample(shape)
    body = msgspec.json.encode(said)
    answers = [heard(kind, body) for kind in REQUESTS if row in rows(kind)]
    plain = said[0] if isinstance(said, list) and row["doc"] == WS["sor.order.place"]["doc"] else said
    expected = {path: as_money(value) for path, value in leaves(plain) if path not in UNUSED}
    assert any(answer is not None and expected.items() <= answer.items() for answer in answers), answers


UNUSED = {".0.11"}  # of a candle


def test_a_candle_has_the_documented_columns_but_the_unused_one() -> None:
    (shape,) = REST["GET", "/api/v3/klines"]["response"][0]["shape"]
    camel = [name.replace("_", "") for name in Kline.__struct_fields__]
    assert camel == [name.lower() for name in shape if name != "unused"]


@pytest.mark.parametrize("kind", [OrderAnswer, Order, CancelAnswer, CanceledLeg])
def test_an_order_may_say_every_conditional_field(kind: type[msgspec.Struct]) -> None:
    conditional = set(facts("enums")["conditional_order_response_fields"])
    assert conditional <= set(kind.__struct_encode_fields__)
    optional = {field.encode_name for field in msgspec.structs.fields(kind) if not field.required}
    assert conditional <= optional
