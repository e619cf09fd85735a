"""Clients with little patience and small limits, so that much is little and for ever is soon."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from surefoot.net.blocking import BlockingHttp
from surefoot.net.pool import HttpPool
from surefoot.net.websocket import dial_websocket
from surefoot.values import Secret
from tests.badinput.hostile import LIMITS


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines of 300 ms, bodies and messages of 1 MiB at most."""
    for name, wait_ms in (("call._READ_TOTAL_MS", 300), ("call._ENGINE_MS", 0), ("call._MARGIN_MS", 0)):
        monkeypatch.setattr(f"surefoot.client.{name}", wait_ms)
    monkeypatch.setattr("surefoot.client.rest._READ_MS", 200)
    for made in (HttpPool.__init__, BlockingHttp.__init__, dial_websocket):
        monkeypatch.setitem(made.__kwdefaults__, "limits", LIMITS)


@pytest.fixture(scope="session")
def ed25519_key() -> Secret:
    """A private key whose owner logs on."""
    made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Secret(made.decode())
