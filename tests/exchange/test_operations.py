"""What the exchange's staff does while it runs: accounts, and keys that customers made."""

from base64 import b64encode
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from surefoot.errors import Misuse
from surefoot.exchange.listing import SCALE
from surefoot.exchange.operations import Operations
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
