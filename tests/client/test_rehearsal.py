"""What a rehearsal shows is what would be sent, but for the key and the signature."""

from urllib.parse import quote

import pytest

import surefoot
from surefoot.client.desk import Desk
from surefoot.client.rehearsal import rehearsed
from surefoot.codec.keypair import private_key
from surefoot.codec.sign import HmacKey
from surefoot.credentials import Credentials
from surefoot.spot.account import GetAccount
from surefoot.spot.environments import PRODUCTION
from surefoot.spot.market import GetBookTicker
from surefoot.spot.trade import NewOrder
from surefoot.testing import EmbeddedExchange
from surefoot.values import Secret
from surefoot.world import system_world
from tests.conftest import KeyPair

ORDER = NewOrder(
    symbol="BTCUSDT", side=surefoot.Side.SELL, type=surefoot.OrderType.MARKET, new_client_order_id="mine"
)
HMAC = Credentials(environment="production", api_key=Secret("k" * 64), secret=Secret("hush"))


def desk(credentials: Credentials | None) -> Desk:
    return Desk(PRODUCTION, credentials, world=system_world())


@pytest.mark.parametrize("kind", ["HMAC", "RSA"])
def test_the_signature_of_what_is_shown_is_what_is_missing(kind: str, rsa_pair: KeyPair) -> None:
    """An order on production may be rehearsed: nothing leaves. Content-Length is that of the signed body."""
    rsa = Credentials(environment="production", api_key=HMAC.api_key, private_key=Secret(rsa_pair.private))
    signer = HmacKey(Secret("hush")) if kind == "HMAC" else private_key(Secret(rsa_pair.private))
    shown = rehearsed(desk(HMAC if kind == "HMAC" else rsa), ORDER)
    head, _, body = shown.partition(b"\r\n\r\n")
    missing = f"&signature={quote(signer.sign(body), safe='')}"
    assert f"Content-Length: {len(body) + len(missing)}".encode() in head.split(b"\r\n")
    assert body.startswith(b"symbol=BTCUSDT&side=SELL&type=MARKET&newClientOrderId=mine&recvWindow=")
    assert b"kkkk" not in shown
    assert b"signature" not in shown


def test_queries_and_public_requests() -> None:
    signed = rehearsed(desk(HMAC), GetAccount())
    assert signed.startswith(b"GET /api/v3/account?recvWindow=")
    assert b"signature" not in signed
    assert b"X-MBX-APIKEY" not in signed
    public = rehearsed(desk(None), GetBookTicker(symbol="BTCUSDT"))
    assert public.startswith(b"GET /api/v3/ticker/bookTicker?symbol=BTCUSDT HTTP/1.1\r\n")
    assert b"Host: api.binance.com\r\n" in public
    keyless = rehearsed(desk(None), ORDER)
    assert b"newClientOrderId=mine" in keyless
    assert b"signature" not in keyless


def test_nothing_is_sent(exchange: EmbeddedExchange) -> None:
    with surefoot.Client(exchange.environment, exchange.open_account(BTC=1)) as client:
        rehearsed(client.desk, ORDER)
        assert client.all_orders("BTCUSDT") == ()
