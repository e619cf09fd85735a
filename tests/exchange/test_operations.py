"""What the exchange's staff does while it runs: accounts, and keys that customers made."""

from base64 import b64encode
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from surefoot.errors import Misuse
from surefoot.exchange.core.listing import SCALE, units
from surefoot.exchange.operations import Operations
from surefoot.spot.enums import SymbolStatus
from surefoot.world import SeededEntropy
from tests.conftest import KeyPair
from tests.exchange.conftest import ApiClient, Bench


@pytest.fixture
def operations(bench: Bench) -> Operations:
    accounts = [bench.alice, bench.bob]
    return Operations(bench.front, accounts, SeededEntropy("operations"), lambda: bench.now_us)


def signer(pair: KeyPair) -> Callable[[bytes], str]:
    key = load_pem_private_key(pair.private.encode(), None)
    return lambda payload: b64encode(key.sign(payload, PKCS1v15(), SHA256())).decode()


def test_an_rsa_key_on_rest(bench: Bench, operations: Operations, rsa_pair: KeyPair) -> None:
    """AUTH-1: signed with `cryptography`, not by our signer."""
    api_key, sign = operations.register_key("alice", rsa_pair.public), signer(rsa_pair)
    text = urlencode({"timestamp": bench.now_us // 1000})
    headers = {"x-mbx-apikey": api_key}
    good = bench.raw(
        "GET", f"/api/v3/account?{text}&{urlencode({'signature': sign(text.encode())})}", headers
    )
    assert good.status == 200, good.body
    bad = bench.raw("GET", f"/api/v3/account?{text}&{urlencode({'signature': sign(b'other')})}", headers)
    assert bad.status == 400
    assert b"-1022" in bad.body


def test_an_rsa_key_on_the_websocket_api_cannot_log_on(
    bench: Bench, operations: Operations, rsa_pair: KeyPair
) -> None:
    """AUTH-1: it signs each request; session.logon takes Ed25519 only."""
    api_key, sign = operations.register_key("alice", rsa_pair.public), signer(rsa_pair)
    params = {"apiKey": api_key, "timestamp": bench.now_us // 1000}
    payload = "&".join(f"{name}={params[name]}" for name in sorted(params)).encode()
    api = ApiClient(bench)
    assert api.ask("account.status", **params, signature=sign(payload))["status"] == 200
    refused = api.ask("session.logon", **params, signature=sign(payload))
    assert (refused["status"], refused["error"]["code"]) == (401, -2015)


def test_an_ed25519_key_that_the_customer_made_logs_on(bench: Bench, operations: Operations) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    made = Ed25519PrivateKey.generate()
    pem = made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    params = {"apiKey": operations.register_key("bob", pem), "timestamp": bench.now_us // 1000}
    payload = "&".join(f"{name}={params[name]}" for name in sorted(params)).encode()
    answer = ApiClient(bench).ask("session.logon", **params, signature=b64encode(made.sign(payload)).decode())
    assert answer["status"] == 200, answer


def test_keys_and_accounts_that_cannot_be(operations: Operations, rsa_pair: KeyPair) -> None:
    with pytest.raises(Misuse, match="'carol' is not open here; there are alice, bob"):
        operations.register_key("carol", rsa_pair.public)
    with pytest.raises(Misuse, match="not a readable PEM"):
        operations.register_key("alice", b"nonsense")
    with pytest.raises(Misuse, match="already open"):
        operations.open_account("alice", {})


def test_an_account_that_is_opened_late(bench: Bench, operations: Operations) -> None:
    carol = operations.open_account("carol", {"USDT": 10 * SCALE})
    assert carol.uid not in {bench.alice.uid, bench.bob.uid}
    answer = bench.ok("GET", "account", carol)
    assert {row["asset"]: row["free"] for row in answer["balances"]} == {"USDT": "10.00000000"}


def test_a_price_is_moved_through_what_rests(bench: Bench, operations: Operations) -> None:
    """A market that trades down to a price fills what it passes, each at its own price, and prints there."""
    above = bench.limit("BUY", "59000", "0.001")
    at = bench.limit("BUY", "58000", "0.001")
    below = bench.limit("BUY", "57999", "0.001")
    ask = bench.limit("SELL", "60000", "0.001", bench.bob)
    operations.trade_at("BTCUSDT", units("58000"))
    assert bench.engine.last_price("BTCUSDT") == units("58000")
    seen = [
        bench.ok("GET", "order", account, symbol="BTCUSDT", orderId=order["orderId"])
        for account, order in (
            (bench.alice, above),
            (bench.alice, at),
            (bench.alice, below),
            (bench.bob, ask),
        )
    ]
    assert [(order["status"], order["cummulativeQuoteQty"]) for order in seen] == [
        ("FILLED", "59.00000000"),
        ("FILLED", "58.00000000"),
        ("NEW", "0.00000000"),
        ("NEW", "0.00000000"),
    ]
    operations.trade_at("BTCUSDT", units("60000"))
    assert bench.engine.last_price("BTCUSDT") == units("60000")
    filled = bench.ok("GET", "order", bench.bob, symbol="BTCUSDT", orderId=ask["orderId"])
    assert filled["status"] == "FILLED"
    book = bench.get("depth", symbol="BTCUSDT")
    assert book["bids"] == [["57999.00000000", "0.00100000"]]
    assert book["asks"] == []


def test_a_moved_price_sets_off_stops(bench: Bench, operations: Operations) -> None:
    bench.limit("BUY", "57000", "0.01", bench.bob)
    stop = {"symbol": "BTCUSDT", "side": "SELL", "type": "STOP_LOSS", "quantity": "0.001"}
    placed = bench.ok("POST", "order", **stop, stopPrice="58000")
    operations.trade_at("BTCUSDT", units("58000.01"))
    assert bench.ok("GET", "order", symbol="BTCUSDT", orderId=placed["orderId"])["status"] == "NEW"
    operations.trade_at("BTCUSDT", units("58000"))
    done = bench.ok("GET", "order", symbol="BTCUSDT", orderId=placed["orderId"])
    assert (done["status"], done["cummulativeQuoteQty"]) == ("FILLED", "57.00000000")


@pytest.mark.parametrize(
    ("symbol", "price", "named"),
    [
        ("NONE", "1", "'NONE' is not listed here; there are BTCUSDT"),
        ("BTCUSDT", "58000.001", "no price 58000.001: its tick is 0.01"),
        ("BTCUSDT", "0", "no price 0"),
        ("BTCUSDT", "-1", "no price -1"),
    ],
)
def test_prices_that_cannot_be(operations: Operations, symbol: str, price: str, named: str) -> None:
    with pytest.raises(Misuse, match=named):
        operations.trade_at(symbol, units(price))


def test_a_halted_market_takes_cancels_and_no_orders(bench: Bench, operations: Operations) -> None:
    placed = bench.limit("BUY", "50000", "0.001")
    operations.turn("BTCUSDT", SymbolStatus.HALT)
    (row,) = bench.get("exchangeInfo", symbol="BTCUSDT")["symbols"]
    assert row["status"] == "HALT"
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}
    refused = bench.no("POST", "order", **order, quantity="0.001", price="50000")
    assert refused == (-1013, "Market is closed.")
    with pytest.raises(Misuse, match="does not trade now: its status is HALT"):
        operations.trade_at("BTCUSDT", units("58000"))
    gone = bench.ok("DELETE", "order", symbol="BTCUSDT", orderId=placed["orderId"])
    assert gone["status"] == "CANCELED"
    bench.ok("POST", "order", **{**order, "symbol": "ETHUSDT"}, quantity="0.01", price="3000")
    operations.turn("BTCUSDT", SymbolStatus.TRADING)
    assert bench.limit("BUY", "50000", "0.001")["status"] == "NEW"
