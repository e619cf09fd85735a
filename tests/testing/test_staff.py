"""Limits and keys of an embedded exchange, from a test's own thread and over real sockets."""

import pytest

import surefoot
from surefoot import OrderType, Side, TimeInForce, errors
from surefoot.credentials import Credentials
from surefoot.exchange.key_operations import KeyKind
from surefoot.testing import EmbeddedExchange

FLOOR = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 1}


def order(venue: EmbeddedExchange, key: Credentials) -> None:
    with surefoot.Client(venue.environment, key) as client:
        client.new_order(
            "BTCUSDT",
            Side.BUY,
            OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            quantity="0.001",
            price="50000",
        )


@pytest.mark.parametrize("kind", ["Ed25519", "HMAC", "RSA"])
def test_keys_of_every_kind(exchange: EmbeddedExchange, kind: KeyKind) -> None:
    """AUTH-1: opened, narrowed, and deleted while it runs."""
    owner = exchange.open_account(USDT=1_000)
    key = exchange.keys.open(owner, kind)
    order(exchange, key)
    exchange.keys.change(key, {"trading": False})
    with pytest.raises(errors.NotAuthorized, match="-2015"):
        order(exchange, key)
    order(exchange, owner)
    exchange.keys.revoke(key)
    with surefoot.Client(exchange.environment, key) as client, pytest.raises(errors.NotAuthorized):
        client.account()


def test_an_account_that_may_only_look(exchange: EmbeddedExchange) -> None:
    key = exchange.open_account(USDT=1_000, permissions={"trading": False, "addresses": ["127.0.0.1"]})
    with surefoot.Client(exchange.environment, key) as client:
        assert client.account().balances[0].free == 1_000
    with pytest.raises(errors.NotAuthorized):
        order(exchange, key)


def test_bans_are_made_seen_and_lifted(exchange: EmbeddedExchange) -> None:
    """LIMIT-5 from the other side: what the exchange counted of a client."""
    with surefoot.Client(exchange.environment) as client:
        client.ping()
        assert exchange.limits.addresses()["127.0.0.1"][0].count >= 1
        exchange.limits.ban(seconds=60)
    [record] = exchange.limits.bans()
    assert (record.address, record.bans, record.requests_during_bans) == ("127.0.0.1", 1, 0)
    exchange.limits.lift()
    assert exchange.limits.bans()[0].banned_until == 0
    exchange.limits.change([FLOOR])
    assert exchange.limits.accounts() == {}
