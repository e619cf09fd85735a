"""Keys, signatures and timestamps, judged the way the exchange does; verified apart, with the stdlib."""

import hashlib
import hmac
import json

import msgspec
import pytest

from surefoot.serve.authentication import encoded, known_key, signed_by, timely
from surefoot.serve.denial import Denial
from surefoot.serve.forms import read_form
from surefoot.serve.frames import BadFrame, read_frame
from surefoot.wire import HttpRequest

NOW = 1_499_827_319_559_000
NAME = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"


class StdlibHmac:
    """HMAC SHA-256 by the standard library."""

    def __init__(self, secret: str) -> None:
        self.secret = secret.encode()

    def verify(self, payload: bytes, signature: str) -> bool:
        return hmac.compare_digest(hmac.new(self.secret, payload, hashlib.sha256).hexdigest(), signature)


class ApiKey(msgspec.Struct, frozen=True):
    name: str
    verifier: StdlibHmac


class OneKey:
    def __init__(self, key: ApiKey) -> None:
        self.key = key

    def find(self, api_key: str) -> ApiKey | None:
        return self.key if api_key == self.key.name else None


KEY = ApiKey(NAME, StdlibHmac("secret"))


def code_of(judge, *args) -> int:
    with pytest.raises(Denial) as caught:
        judge(*args)
    return caught.value.code


OFFICIAL = (
    "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1"
    "&recvWindow=5000&timestamp=1499827319559"
)
SIGNATURE = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"


@pytest.mark.parametrize("split", [None, 0, 3, 7])
def test_the_official_example_holds_in_query_body_or_both(split: int | None) -> None:
    """AUTH-1: the payload is the query followed by the body, without separator and without the signature."""
    parts = OFFICIAL.split("&")
    signed = f"&signature={SIGNATURE}"
    if split is None:
        request = HttpRequest("POST", f"/api/v3/order?{OFFICIAL}{signed}", {})
        payload = OFFICIAL
    else:
        query, body = "&".join(parts[:split]), "&".join(parts[split:])
        request = HttpRequest("POST", f"/api/v3/order?{query}", {}, (body + signed).encode())
        payload = query + body
    form = read_form(request)
    assert form.payload == payload
    assert form.values["signature"] == SIGNATURE
    if split in (None, 0):
        signed_by(KEY_OF_THE_EXAMPLE, form.payload, form.values["signature"])


KEY_OF_THE_EXAMPLE = ApiKey(NAME, StdlibHmac(SECRET))


def test_the_payload_is_taken_as_received() -> None:
    """AUTH-1: percent-encoding is not normalised before it is verified."""
    request = HttpRequest("GET", "/x?symbol=%ef%bc%91&b=%31&signature=%41", {})
    form = read_form(request)
    assert form.payload == "symbol=%ef%bc%91&b=%31"
    assert form.values == {"symbol": "１", "b": "1", "signature": "A"}


@pytest.mark.parametrize(
    ("query", "body", "payload"),
    [
        ("a=1&signature=00", "b=2", "a=1b=2"),
        ("a=1", "b=2&signature=00", "a=1b=2"),
        ("signature=00", "", ""),
        ("signature=00&a=1", "", "signature=00&a=1"),
        ("a=1&signature=00&b=2", "", "a=1&signature=00&b=2"),
        ("a=1", "signature=00&b=2", "a=1signature=00&b=2"),
        ("a=1&sign%61ture=00", "", "a=1&sign%61ture=00"),
    ],
)
def test_the_signature_is_left_out_where_it_is_last(query: str, body: str, payload: str) -> None:
    """AUTH-1: elsewhere it would have to sign itself."""
    assert read_form(HttpRequest("POST", f"/x?{query}", {}, body.encode())).payload == payload


@pytest.mark.parametrize(
    "payload", ["symbol=１２３", 'symbols=["BTCUSDT"]', "a=b c", "a=b|c", "a=b^c", "a={b}", "a=b\\c"]
)
def test_a_payload_is_encoded_before_it_is_signed(payload: str) -> None:
    """AUTH-1: enforced since 2026-01-15, whoever signed the raw text."""
    assert code_of(encoded, payload) == -1022


def test_what_a_url_may_hold_is_encoded_enough() -> None:
    """AUTH-1."""
    encoded("a=%EF%BC%91&b=~-._!$'()*+,;:@/?&c=")
    encoded("")


def test_the_query_wins_over_the_body() -> None:
    request = HttpRequest("POST", "/api/v3/order?side=BUY", {}, b"side=SELL&type=LIMIT")
    assert read_form(request).values == {"side": "BUY", "type": "LIMIT"}


@pytest.mark.parametrize(
    ("target", "headers", "body", "code"),
    [
        ("/x?a=1&a=2", {}, b"", -1101),
        ("/x", {}, b"a=1&a=1", -1101),
        ("/x", {"content-type": "application/json"}, b"{}", -1102),
        ("/x?a=%ff", {}, b"", -1100),
        ("/x", {}, b"\xff", -1100),
    ],
)
def test_forms_that_cannot_be_read(target: str, headers: dict[str, str], body: bytes, code: int) -> None:
    assert code_of(read_form, HttpRequest("POST", target, headers, body)) == code


def test_a_get_has_no_body() -> None:
    assert code_of(read_form, HttpRequest("GET", "/x", {}, b"a=1")) == -1101


def test_keys() -> None:
    ring = OneKey(KEY)
    assert known_key(ring, NAME) is KEY
    for name in (None, "", "short", NAME + "!"):
        assert code_of(known_key, ring, name) == -2014
    assert code_of(known_key, ring, "A" * 64) == -2015
    with pytest.raises(Denial) as caught:
        known_key(ring, None)
    assert caught.value.status == 401


def test_signatures() -> None:
    signed_by(KEY, "a=1", hmac.new(b"secret", b"a=1", hashlib.sha256).hexdigest())
    assert code_of(signed_by, KEY, "a=1", None) == -1102
    assert code_of(signed_by, KEY, "a=1", "") == -1102
    assert code_of(signed_by, KEY, "a=2", hmac.new(b"secret", b"a=1", hashlib.sha256).hexdigest()) == -1022


@pytest.mark.parametrize(
    ("offset_us", "window", "good"),
    [
        (0, None, True),
        (999_999, None, True),
        (1_000_000, None, False),
        (-5_000_000, None, True),
        (-5_000_001, None, False),
        (-60_000_000, "60000", True),
        (-60_000_001, "60000", False),
        (-1_500, "1.5", True),
        (-1_501, "1.5", False),
    ],
)
def test_the_window_to_the_microsecond(offset_us: int, window: str | None, good: bool) -> None:
    """AUTH-3: less than 1 s ahead, at most recvWindow behind; µs timestamps and fractions of a ms count."""
    given = {"timestamp": str(NOW + offset_us)} | ({"recvWindow": window} if window else {})
    if good:
        timely(given, NOW)
    else:
        assert code_of(timely, given, NOW) == -1021


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, -1102),
        ({"timestamp": ""}, -1102),
        ({"timestamp": "now"}, -1100),
        ({"timestamp": "99999999999999999999"}, -1108),
        ({"timestamp": "0"}, -1021),
        ({"timestamp": str(NOW // 1000), "recvWindow": "60001"}, -1131),
        ({"timestamp": str(NOW // 1000), "recvWindow": "60000.001"}, -1131),
        ({"timestamp": str(NOW // 1000), "recvWindow": "1.2345"}, -1111),
        ({"timestamp": str(NOW // 1000), "recvWindow": "-1"}, -1100),
        ({"timestamp": str(NOW // 1000), "recvWindow": ""}, -1105),
    ],
)
def test_bad_times(given: dict[str, str], code: int) -> None:
    assert code_of(timely, given, NOW) == code


def test_frames_sign_sorted_raw_text() -> None:
    """AUTH-1: numbers exactly as sent, no percent-encoding, apiKey included, signature left out."""
    frame = read_frame(
        '{"id":"a","method":"v3/order.place","params":{"timestamp":1645423376532,"symbol":"１２３",'
        '"price":"0.10","quantity":1.00,"apiKey":"k","signature":"s","flag":true,"none":null}}'.encode()
    )
    assert frame.payload == (
        "apiKey=k&flag=true&none=&price=0.10&quantity=1.00&symbol=１２３&timestamp=1645423376532"
    )
    assert frame.id == "a"
    assert frame.values["quantity"] == "1.00"


@pytest.mark.parametrize(
    ("text", "request_id"),
    [
        ("", None),
        ("{", None),
        ("[]", None),
        ('{"id":1}', 1),
        ('{"id":1,"method":2}', 1),
        ('{"id":1,"method":"a","params":[]}', 1),
        ('{"id":1.5,"method":"a"}', None),
        ('{"id":true,"method":"a"}', None),
        ('{"id":{},"method":"a"}', None),
        (f'{{"id":"{"x" * 37}","method":"a"}}', None),
        (f'{{"id":{2**63},"method":"a"}}', None),
        ("[" * 9000, None),
        ('{"method":"a","id":' + "[" * 9000 + "]" * 9000 + "}", None),
        ('{"id":1,"method":"a","params":{"b":' + "[" * 9000 + "]" * 9000 + "}}", None),
    ],
)
def test_bad_frames(text: str, request_id: object) -> None:
    with pytest.raises(BadFrame) as caught:
        read_frame(text.encode())
    assert (caught.value.code, caught.value.id) == (-1135, request_id)


@pytest.mark.parametrize("request_id", [0, -5, 2**63 - 1, "x" * 36, None])
def test_good_ids(request_id: object) -> None:
    frame = read_frame(json.dumps({"id": request_id, "method": "ping"}).encode())
    assert frame.id == request_id
    assert frame.values == {}
