"""AUTH: keys of every kind, and what each of them is refused; on REST and on the WebSocket API."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from surefoot.errors import Misuse
from surefoot.exchange.admin.keys import OPERATIONS
from surefoot.exchange.door.lapses import by_the_clock
from surefoot.exchange.key_operations import KeyKind, NewKey
from surefoot.exchange.keys import Permissions, permissions_of
from surefoot.exchange.operations import Operations
from surefoot.world import SeededEntropy
from tests.exchange.asked import SMALL
from tests.exchange.conftest import ADDRESS, ApiClient, Bench
from tests.exchange.test_limits_profiles import decode, msgspec_json

SECOND = 1_000_000
REJECTED = (401, -2015, "Invalid API-key, IP, or permissions for action.")
KINDS: list[KeyKind] = ["HMAC", "Ed25519", "RSA"]
READ_ONLY = {"trading": False}


def signature(key: NewKey, payload: bytes) -> str:
    """By the standard library and `cryptography`, not by our signers."""
    if key.secret is not None:
        return hmac.new(key.secret.reveal().encode(), payload, hashlib.sha256).hexdigest()
    assert key.private_key is not None
    private: Any = load_pem_private_key(key.private_key.reveal().encode(), None)
    if hasattr(private, "key_size"):
        return b64encode(private.sign(payload, PKCS1v15(), SHA256())).decode()
    return b64encode(private.sign(payload)).decode()


class Holder:
    """Somebody with a key, who uses it on REST and on one WebSocket API connection."""

    def __init__(self, bench: Bench, key: NewKey, connect: Callable[[Bench], ApiClient]) -> None:
        self.bench, self.key, self.api = bench, key, connect(bench)

    def rest(self, method: str, path: str, **params: Any) -> tuple[int, int | None, str | None]:
        text = urlencode({**params, "timestamp": self.bench.now_us // 1000})
        text += "&" + urlencode({"signature": signature(self.key, text.encode())})
        answer = self.bench.raw(method, f"{path}?{text}", {"x-mbx-apikey": self.key.api_key})
        return _told(answer.status, json.loads(answer.body))

    def ws(self, method: str, *, sign: bool = True, **params: Any) -> tuple[int, int | None, str | None]:
        params["timestamp"] = self.bench.now_us // 1000
        if sign:
            params["apiKey"] = self.key.api_key
            payload = "&".join(f"{name}={params[name]}" for name in sorted(params))
            params["signature"] = signature(self.key, payload.encode())
        self.api.wire.take()  # events of the account
        answer = self.api.ask(method, **params)
        return _told(answer["status"], answer.get("error", {}))

    def reads(self) -> list[Any]:
        return [self.rest("GET", "/api/v3/openOrders"), self.ws("openOrders.status")]

    def trades(self) -> list[Any]:
        test = self.rest("POST", "/api/v3/order/test", **SMALL), self.ws("order.test", **SMALL)
        return [*test, self.rest("POST", "/api/v3/order", **SMALL), self.ws("order.place", **SMALL)]

    def listens(self) -> Any:
        return self.ws("userDataStream.subscribe.signature")


def _told(status: int, body: Any) -> tuple[int, int | None, str | None]:
    said = body if isinstance(body, dict) else {}
    return status, said.get("code"), said.get("msg")


OK = (200, None, None)


@pytest.fixture
def operations(bench: Bench) -> Operations:
    return Operations(bench.front, [bench.alice, bench.bob], SeededEntropy("keys"), lambda: bench.now_us)


@pytest.fixture
def holder(bench: Bench, operations: Operations, connect: Any) -> Any:
    def of(kind: KeyKind = "HMAC", permissions: Any = None, account: str = "alice") -> Holder:
        return Holder(bench, operations.keys.open(account, kind, permissions), connect)

    return of


@pytest.mark.parametrize("kind", KINDS)
def test_a_trading_key(holder: Any, kind: KeyKind) -> None:
    """AUTH-1: all three kinds do everything, on both ways."""
    one = holder(kind)
    assert {*one.reads(), *one.trades(), one.listens()} == {OK}


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_that_may_only_read(holder: Any, operations: Operations, kind: KeyKind) -> None:
    """*By default, an API key cannot TRADE*: USER_DATA and USER_STREAM, but -2015 for TRADE until then."""
    one = holder(kind, READ_ONLY)
    assert {*one.reads(), one.listens()} == {OK}
    assert set(one.trades()) == {REJECTED}
    assert one.rest("DELETE", "/api/v3/openOrders", symbol="BTCUSDT") == REJECTED
    operations.keys.change(one.key.api_key, {"trading": True})
    assert set(one.trades()) == {OK}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "permissions",
    [
        {"addresses": ["198.51.100.1", "198.51.100.2"]},
        {"elsewhere": True},
        {"expiresAt": 1_767_268_800_000},  # the bench's noon
        {"reading": False, "trading": False},
    ],
    ids=["another address", "another environment", "expired", "nothing"],
)
def test_keys_that_are_good_for_nothing(holder: Any, kind: KeyKind, permissions: Any) -> None:
    """-2015 for everything: wrong IP, unknown here, no longer valid, without permissions."""
    one = holder(kind, permissions)
    assert {*one.reads(), *one.trades(), one.listens()} == {REJECTED}


def test_a_key_without_reading_trades_all_the_same(holder: Any) -> None:
    one = holder("HMAC", {"reading": False})
    assert set(one.trades()) == {OK}
    assert set(one.reads()) == {REJECTED}


def test_the_right_address_works(holder: Any) -> None:
    assert set(holder("HMAC", {"addresses": [ADDRESS]}).trades()) == {OK}


def test_a_key_expires_at_its_moment(holder: Any, bench: Bench) -> None:
    one = holder("Ed25519", {"expiresAt": bench.now_us // 1000 + 1000})
    bench.now_us += SECOND - 1
    assert set(one.trades()) == {OK}
    bench.now_us += 1
    assert set(one.reads()) == {REJECTED}


@pytest.mark.parametrize("kind", KINDS)
def test_a_revoked_key(holder: Any, operations: Operations, kind: KeyKind) -> None:
    one = holder(kind)
    operations.keys.revoke(one.key.api_key)
    assert {*one.reads(), *one.trades(), one.listens()} == {REJECTED}


def test_the_key_comes_before_signature_and_time(holder: Any, bench: Bench) -> None:
    """What is said of a key is said whatever else is wrong (our choice: the pages name no order)."""
    one = holder("HMAC", READ_ONLY)
    answer = bench.raw("POST", "/api/v3/order?timestamp=1", {"x-mbx-apikey": one.key.api_key})
    assert json.loads(answer.body)["code"] == -2015


@pytest.fixture
def session(holder: Any) -> Any:
    """A connection logged on, with a subscription made by log-on."""

    def of(permissions: Any = None) -> Holder:
        one: Holder = holder("Ed25519", permissions)
        assert one.ws("session.logon") == OK
        assert one.api.ask("userDataStream.subscribe")["status"] == 200
        return one

    return of


REVOKED = {"id": None, "status": 401, "error": {"code": REJECTED[1], "msg": REJECTED[2]}}


def heard(one: Holder) -> list[dict[str, Any]]:
    """All that a request of the session is answered with."""
    params = {"timestamp": one.bench.now_us // 1000}
    asked = {"id": "next", "method": "openOrders.status", "params": params}
    return one.api.text(json.dumps(asked))


def test_a_session_of_a_revoked_key(session: Any, operations: Operations, bench: Bench) -> None:
    """*Regarding API key revocation*: after the next request the session is revoked, with an id of null."""
    one = session()
    operations.keys.revoke(one.key.api_key)
    [last] = one.api.wire.take()  # the account's events end at once
    assert (last["subscriptionId"], last["event"]["e"]) == (0, "eventStreamTerminated")
    bench.limit("BUY", "50000", "0.001")
    assert one.api.wire.take() == []
    assert heard(one) == [REVOKED]
    status = one.api.ask("session.status")["result"]
    assert (status["apiKey"], status["authorizedSince"]) == (None, None)
    assert heard(one)[0]["error"]["code"] == -1102  # the connection stays, but nobody is logged on
    assert one.api.wire.closed is None


@pytest.mark.parametrize(
    "change", [{"trading": False}, {"reading": False}, {"addresses": ["198.51.100.1"]}, {"expiresAt": 1}]
)
def test_a_session_whose_key_may_do_less(session: Any, operations: Operations, change: Any) -> None:
    """ "For _any reason_ (e.g. IP address is not whitelisted, … doesn't have correct permissions, etc)"."""
    one = session()
    operations.keys.change(one.key.api_key, change)
    one.api.wire.take()
    told = one.api.text('{"id": 1, "method": "session.status"}')
    assert told[0] == REVOKED
    assert told[-1]["result"]["apiKey"] is None  # what needs no key is answered all the same


def test_a_session_that_never_could_trade(session: Any, operations: Operations) -> None:
    """The session stays; another key may sign the order, or its own once trading is enabled."""
    one = session(READ_ONLY)
    assert one.ws("order.place", sign=False, **SMALL) == REJECTED
    assert one.ws("openOrders.status", sign=False) == OK
    operations.keys.change(one.key.api_key, {"trading": True})
    assert one.ws("order.place", sign=False, **SMALL) == OK
    operations.keys.change(one.key.api_key, READ_ONLY)
    one.api.wire.take()
    assert heard(one)[0] == REVOKED


def test_an_explicit_key_in_a_revoked_session(session: Any, operations: Operations, bench: Bench) -> None:
    """What is signed by itself is answered, after the session's end was told."""
    one = session()
    operations.keys.revoke(one.key.api_key)
    one.api.wire.take()
    answer = one.api.hmac("openOrders.status", bench.alice)
    assert answer == REVOKED
    assert one.api.wire.take()[0]["status"] == 200


def test_streams_by_signature_end_with_their_key(holder: Any, operations: Operations, bench: Bench) -> None:
    one = holder("HMAC")
    assert one.listens() == OK
    bench.limit("BUY", "50000", "0.001")
    assert one.api.wire.take()
    operations.keys.revoke(one.key.api_key)
    assert [message["event"]["e"] for message in one.api.wire.take()] == ["eventStreamTerminated"]
    assert one.api.ask("session.subscriptions")["result"] == []


def test_streams_end_when_their_key_expires(holder: Any, operations: Operations, bench: Bench) -> None:
    one = holder("HMAC", {"expiresAt": bench.now_us // 1000 + 1000})
    assert one.listens() == OK
    by_the_clock(bench.front, bench.now_us)
    assert one.api.wire.take() == []
    bench.now_us += SECOND
    for _ in range(2):
        by_the_clock(bench.front, bench.now_us)
    assert [message["event"]["e"] for message in one.api.wire.take()] == ["eventStreamTerminated"]


def test_only_a_key_that_may_read_logs_on(holder: Any) -> None:
    assert holder("Ed25519", {"reading": False}).ws("session.logon") == REJECTED
    assert holder("HMAC").ws("session.logon") == REJECTED
    assert holder("RSA").ws("session.logon") == REJECTED


def test_what_are_no_keys(operations: Operations) -> None:
    for attempt, named in (
        (lambda: operations.keys.open("nobody"), "alice, bob"),
        (lambda: operations.keys.open("alice", "DSA"), "HMAC"),  # type: ignore[arg-type]
        (lambda: operations.keys.open("alice", "HMAC", {"fly": True}), "fly"),
        (lambda: operations.keys.open("alice", "HMAC", {"addresses": ["home"]}), "home"),
        (lambda: operations.keys.revoke("A" * 64), "…AAAAAA"),
    ):
        with pytest.raises(Misuse, match=named):
            attempt()
    assert permissions_of(None) == Permissions()


def test_keys_over_the_admin_endpoint(bench: Bench, operations: Operations, connect: Any) -> None:
    class Server:
        def __init__(self) -> None:
            self.operations = operations

    def ask(name: str, **body: Any) -> Any:
        row = OPERATIONS[name]
        return json.loads(msgspec_json(row.act(Server(), decode(json.dumps(body), row.body))))

    made = ask("keys/open", account="bob", kind="HMAC", permissions={"trading": False})
    from surefoot.values import Secret

    one = Holder(bench, NewKey(made["apiKey"], secret=Secret(made["secret"])), connect)
    assert set(one.trades()) == {REJECTED}
    ask("keys/change", apiKey=made["apiKey"], permissions={"trading": True})
    assert set(one.trades()) == {OK}
    ask("keys/revoke", apiKey=made["apiKey"])
    [shown] = [row for row in ask("keys") if row["apiKey"] == made["apiKey"]]
    assert (shown["account"], shown["revoked"], shown["permissions"]["trading"]) == ("bob", True, True)
    assert "secret" not in json.dumps(ask("keys"))
    pem = ask("keys/open", account="bob", kind="RSA")["privateKey"]
    public = load_pem_private_key(pem.encode(), None).public_key()
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    text = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert len(ask("keys/register", account="bob", publicKey=text)["apiKey"]) == 64
