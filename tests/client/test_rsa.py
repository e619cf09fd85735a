"""A client whose key is RSA, end to end: REST, WebSocket API without a log-on, its own events."""

import asyncio

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from surefoot import errors
from surefoot.client.aio import AsyncClient
from surefoot.client.blocking import Client
from surefoot.credentials import Credentials
from surefoot.spot.account import GetAccount
from surefoot.values import Secret
from tests.client.street import Place
from tests.conftest import KeyPair


def credentials(place: Place, pair: KeyPair, passphrase: str) -> Credentials:
    """An encrypted RSA key of the exchange's first account."""
    key = load_pem_private_key(pair.private.encode(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"sesame"))
    api_key = place.server.operations.register_key(place.server.accounts[0].name, pair.public)
    return Credentials(
        environment="local",
        api_key=Secret(api_key),
        private_key=Secret(locked.decode()),
        passphrase=Secret(passphrase),
    )


async def test_an_rsa_key_on_every_way_in(place: Place, rsa_pair: KeyPair) -> None:
    """AUTH-1."""
    key = credentials(place, rsa_pair, "sesame")
    async with AsyncClient(place.environment, key) as client:
        balances = (await client.account()).balances
        async with client.session() as session, client.user_data():
            assert not session.logged_on
            assert (await session.send(GetAccount())).balances == balances

    def ask() -> object:
        with Client(place.environment, key) as blocking:
            return blocking.account().balances

    assert await asyncio.to_thread(ask) == balances


async def test_a_wrong_passphrase_is_said_before_anything_is_sent(place: Place, rsa_pair: KeyPair) -> None:
    with pytest.raises(errors.Misuse, match="is the passphrase the right one"):
        AsyncClient(place.environment, credentials(place, rsa_pair, "guess"))
