"""An exchange to talk to without sockets: an engine, two accounts, a clock that stands still."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from surefoot.exchange.accounts import Account, ample_balances, default_accounts
from surefoot.exchange.assembly import default_info
from surefoot.exchange.calls.desk import Desk
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.listing import listing_from_exchange_info, units
from surefoot.exchange.data.market_data import market_data
from surefoot.exchange.door.front import Front
from surefoot.exchange.door.hub import Hub
from surefoot.exchange.door.session_calls import Options
from surefoot.exchange.door.sessions import ApiSession
from surefoot.exchange.keys import KeyRing
from surefoot.exchange.limits.limiter import Limiter
from surefoot.exchange.limits.profile import limits_of
from surefoot.exchange.listen_keys import ListenKeys
from surefoot.exchange.render.exchange_info import ExchangeInfo
from surefoot.serve.venues import BINANCE, BINANCE_US, Venue
from surefoot.wire import HttpRequest, HttpResponse
from surefoot.world import SeededEntropy
from tests.exchange.listening import Listening

NOON_US = 1_767_268_800_000_000
ADDRESS = "192.0.2.1"


class FakeWire:
    """Keeps what was sent; `closed` is the close code, if any."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.closed: int | None = None

    def send(self, data: bytes) -> None:
        self.sent.append(json.loads(data))

    def close(self, code: int, reason: str) -> None:
        self.closed = code

    def take(self) -> list[dict[str, Any]]:
        taken, self.sent = self.sent, []
        return taken


class Bench:
    """A front, its engine, and a client that signs with the standard library and `cryptography`."""

    def __init__(
        self, change: Callable[[dict[str, Any]], None] = lambda info: None, venue: Venue = BINANCE
    ) -> None:
        info = default_info(venue.name)
        for row in info["symbols"]:
            row["defaultSelfTradePreventionMode"] = "NONE"  # alice may trade with herself unless a test says
        change(info)
        entropy = SeededEntropy("bench")
        listings = [listing_from_exchange_info(row) for row in info["symbols"]]
        quote = "USD" if venue is BINANCE_US else "USDT"
        prices = {f"BTC{quote}": units("60000"), f"ETH{quote}": units("3000")}
        self.now_us = NOON_US
        self.engine = Engine(
            listings,
            entropy=entropy,
            now_us=self.now_us,
            last_prices=prices,
            asset_filters=info.get("assetFilters", ()),
        )
        self.alice, self.bob = default_accounts(entropy)
        for account in (self.alice, self.bob):
            self.engine.open_account(account.name, ample_balances(listings))
        shown = ExchangeInfo(info, self.engine.listings)
        updated = {account.name: self.now_us for account in (self.alice, self.bob)}
        limiter, keys = Limiter(limits_of(info)), ListenKeys(entropy)
        desk = Desk(self.engine, shown, entropy, updated, limiter, market_data(self.engine), keys)
        ring = KeyRing([self.alice, self.bob], self.now_us, hmac_only=venue.hmac_only)
        self.front = Front(desk, ring, Hub(self.engine, desk.data), venue)

    def raw(
        self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> HttpResponse:
        request = HttpRequest(method, target, headers or {}, body)
        return self.front.rest(request, ADDRESS, self.now_us)

    def get(self, path: str, **params: Any) -> Any:
        """An unsigned GET that must succeed."""
        answer = self.raw("GET", f"/api/v3/{path}" + (f"?{urlencode(params)}" if params else ""))
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def signed(self, method: str, path: str, account: Account | None = None, **params: Any) -> HttpResponse:
        """A request signed by HMAC: POST in the body, the rest in the query."""
        account = account or self.alice
        text = urlencode({**params, "timestamp": params.get("timestamp", self.now_us // 1000)})
        signature = hmac.new(account.secret.reveal().encode(), text.encode(), hashlib.sha256).hexdigest()
        text += f"&signature={signature}"
        headers = {"x-mbx-apikey": account.api_key}
        if method == "POST":
            return self.raw(method, f"/api/v3/{path}", headers, text.encode())
        return self.raw(method, f"/api/v3/{path}?{text}", headers)

    def ok(self, method: str, path: str, account: Account | None = None, **params: Any) -> Any:
        """A signed request that must succeed."""
        answer = self.signed(method, path, account, **params)
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def no(self, method: str, path: str, account: Account | None = None, **params: Any) -> tuple[int, str]:
        """A signed request that must fail: code and message."""
        answer = self.signed(method, path, account, **params)
        assert answer.status != 200, answer.body
        body = json.loads(answer.body)
        return body["code"], body["msg"]

    def limit(self, side: str, price: str, quantity: str, account: Account | None = None, **more: Any) -> Any:
        """Place a LIMIT GTC on BTCUSDT."""
        order = {"symbol": "BTCUSDT", "side": side, "type": "LIMIT", "timeInForce": "GTC"}
        return self.ok("POST", "order", account, **order, quantity=quantity, price=price, **more)


class ApiClient:
    """One WebSocket API connection to a bench."""

    def __init__(self, bench: Bench, options: Options | None = None) -> None:
        self.bench = bench
        self.wire = FakeWire()
        self.session = ApiSession(bench.front, self.wire, ADDRESS, options or Options(), bench.now_us)

    def text(self, data: str) -> list[dict[str, Any]]:
        self.session.on_text(data.encode(), self.bench.now_us)
        return self.wire.take()

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The answer to an unsigned request; what else was sent stays on the wire."""
        self.session.on_text(
            json.dumps({"id": "x", "method": method, "params": params}).encode(), self.bench.now_us
        )
        return self.wire.sent.pop(0)

    def hmac(self, method: str, account: Account, **params: Any) -> dict[str, Any]:
        """The answer to a request with its own HMAC signature."""
        params = {"apiKey": account.api_key, "timestamp": self.bench.now_us // 1000, **params}
        key = account.secret.reveal().encode()
        params["signature"] = hmac.new(key, _sorted(params), hashlib.sha256).hexdigest()
        return self.ask(method, **params)

    def ed25519(self, method: str, account: Account, **params: Any) -> dict[str, Any]:
        """The answer to a request with its own Ed25519 signature."""
        from base64 import b64encode

        key: Any = load_pem_private_key(account.ed25519_private_key.reveal().encode(), None)
        params = {"apiKey": account.ed25519_api_key, "timestamp": self.bench.now_us // 1000, **params}
        params["signature"] = b64encode(key.sign(_sorted(params))).decode()
        return self.ask(method, **params)


def _sorted(params: dict[str, Any]) -> bytes:
    return "&".join(f"{name}={params[name]}" for name in sorted(params)).encode()


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def make_bench() -> Callable[..., Bench]:
    return Bench


@pytest.fixture
def connect() -> Callable[..., ApiClient]:
    return ApiClient


@pytest.fixture
def listen(bench) -> Callable[..., Listening]:
    """Connects to the market streams: path and query as in the URL."""
    return lambda path="/ws", query="": Listening(bench, FakeWire(), path, query)


@pytest.fixture
def encode() -> Callable[[str], str]:
    return lambda text: quote(text, safe="")


@pytest.fixture
def run_on_uvloop() -> Callable[[Any], Any]:
    uvloop = pytest.importorskip("uvloop")
    return uvloop.run


@pytest.fixture
def traded(bench):
    """Alice sold 0.001 BTC to Bob in two fills, and has an order in the book."""
    bench.limit("SELL", "60000", "0.0005")
    bench.limit("SELL", "60001", "0.0015", newClientOrderId="second")
    bench.limit("BUY", "60001", "0.001", bench.bob)
    return bench
