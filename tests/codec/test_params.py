"""One canonical text: what is signed is what is sent."""

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.codec import params, rest, wsapi
from surefoot.codec.sign import Ed25519Key, HmacKey
from surefoot.errors import Misuse, ProtocolViolation
from surefoot.spot.account import GetMyTrades
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.general import GetExchangeInfo, Ping
from surefoot.spot.session import Logon
from surefoot.spot.trade import NewOrder
from surefoot.values import UNSET, Secret

KEY = HmacKey(Secret("NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"))
ED25519 = Ed25519Key.from_seed(bytes(32))
AMOUNTS = st.decimals(min_value="1e-18", max_value="1e18", allow_nan=False, allow_infinity=False)


def order(
    symbol: str = "LTCBTC", quantity: Decimal = Decimal(1), price: Decimal = Decimal("0.1")
) -> NewOrder:
    return NewOrder(
        symbol=symbol,
        side=Side.BUY,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=quantity,
        price=price,
    )


def test_a_query_is_in_the_order_of_the_fields_and_leaves_out_what_was_not_given() -> None:
    assert params.query(order()) == "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1"
    assert params.query(Ping()) == ""


def test_lists_are_json_and_encoded() -> None:
    text = params.query(GetExchangeInfo(symbols=("BTCUSDT", "ETHUSDT")))
    assert text == "symbols=%5B%22BTCUSDT%22%2C%22ETHUSDT%22%5D"
    assert params.query(GetExchangeInfo(show_permission_sets=False)) == "showPermissionSets=false"


@given(AMOUNTS)
def test_no_number_is_ever_in_scientific_notation(amount: Decimal) -> None:
    """RULES-1: `1E-5` is never sent."""
    sent = dict(parse_qsl(params.query(order(quantity=amount))))["quantity"]
    assert "e" not in sent.lower()
    assert Decimal(sent) == amount


@pytest.mark.parametrize("spell", [params.query, params.wsapi_params])
@pytest.mark.parametrize(
    "given",
    [0.001, float("nan"), Decimal("NaN"), Decimal("Infinity"), None, datetime(2026, 1, 1, tzinfo=UTC)],
)
def test_what_has_no_exact_text_is_refused_before_it_is_signed(
    spell: Callable[[NewOrder], object], given: object
) -> None:
    """RULES-1: no float reaches the wire, not even in a request that was built by hand."""
    with pytest.raises(Misuse, match=r"quantity: \w+ .* cannot be sent"):
        spell(order(quantity=given))  # type: ignore[arg-type]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_every_text_survives_the_encoding(symbol: str) -> None:
    """AUTH-1: percent-encoded before it is signed, so that signed and sent text are the same bytes."""
    text = params.query(order(symbol=symbol))
    assert text.isascii()
    assert unquote(text.split("&")[0].removeprefix("symbol="), errors="strict") == symbol


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_the_signed_bytes_are_the_sent_bytes(symbol: str) -> None:
    """AUTH-1: the signature comes last and is not part of what it signs."""
    signed = rest.signed(order(symbol=symbol), KEY, 1_499_827_319_559, 5000)
    sent, _, signature = signed.body.decode().rpartition("&signature=")
    assert sent == signed.payload
    assert KEY.verify(sent.encode(), signature)


def test_writes_go_into_a_form_and_reads_into_the_query() -> None:
    """AUTH-2."""
    write = rest.signed(order(), KEY, 1, 5000)
    assert (write.method, write.target) == ("POST", "/api/v3/order")
    assert write.body
    read = rest.signed(GetMyTrades(symbol="A"), KEY, 1, 5000)
    assert read.target.startswith("/api/v3/myTrades?symbol=A&recvWindow=5000&timestamp=1&signature=")
    assert read.body == b""
    assert read.too_late_after_ms == 5001


def test_base64_is_encoded_in_a_url() -> None:
    signature = rest.signed(GetMyTrades(symbol="A"), ED25519, 1, 5000).target.partition("&signature=")[2]
    assert not {"+", "/", "="} & set(signature)
    assert ED25519.verifier().verify(b"symbol=A&recvWindow=5000&timestamp=1", unquote(signature))


def test_the_websocket_api_signs_sorted_raw_text() -> None:
    """The official non-ASCII example, asked as a request of ours."""
    request = order(symbol="１２３４５６", quantity=Decimal("1.00000000"), price=Decimal("0.10000000"))
    key = Secret("vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A")
    signed = wsapi.signed(
        request, 7, api_key=key, signer=KEY, timestamp_ms=1645423376532, recv_window_ms=5000
    )
    sent = json.loads(signed.body)
    assert sent["id"] == 7
    assert sent["params"]["signature"] == "b33892ae8e687c939f4468c6268ddd4c40ac1af18ad19a064864c47bae0752cd"
    assert sent["params"]["price"] == "0.10000000"


def test_a_logged_on_request_needs_only_the_time() -> None:
    sent = json.loads(wsapi.logged_on(order(), 1, 5, 1000).body)
    assert sent["params"]["timestamp"] == 5
    assert "signature" not in sent["params"]
    assert "apiKey" not in sent["params"]


def test_unsigned_requests_carry_nothing_of_ours() -> None:
    assert json.loads(wsapi.unsigned(Ping(), 3).body) == {"id": 3, "method": "ping"}
    assert rest.unsigned(Ping()).target == "/api/v3/ping"
    assert wsapi.unsigned(Logon(), 1).payload == ""


@given(st.binary(max_size=200))
def test_garbage_is_a_protocol_violation(data: bytes) -> None:
    with contextlib.suppress(ProtocolViolation):
        wsapi.decode(data)
    rest.decode_error(data)


def test_unknown_fields_and_values_never_break_decoding() -> None:
    from surefoot.spot.account import GetOrder

    body = {
        "symbol": "A", "orderId": 1, "orderListId": -1, "clientOrderId": "c", "price": "1", "origQty": "1",
        "executedQty": "0", "cummulativeQuoteQty": "0", "status": "FROZEN", "timeInForce": "GTX",
        "type": "MYSTERY", "side": "BUY", "time": 1, "updateTime": 1, "isWorking": True,
        "brandNew": {"a": [1]},
    }  # fmt: skip
    answer = rest.decode_answer(GetOrder(symbol="A", order_id=1), json.dumps(body).encode())
    assert answer.status == "FROZEN"
    assert not answer.status.known
    assert answer.working_time is UNSET


def test_an_answer_of_another_form_names_the_place() -> None:
    with pytest.raises(ProtocolViolation, match=r"GetMyTrades.*Expected `array`"):
        rest.decode_answer(GetMyTrades(symbol="A"), b'{"no": "list"}')
