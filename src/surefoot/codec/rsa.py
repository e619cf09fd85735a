"""RSA signatures: PKCS#1 v1.5 with SHA-256, 2,048 to 4,096 bits (rest-api, *SIGNED endpoint security*).

Binance takes them on REST and on the WebSocket API, request by request; session.logon refuses them.
"""

import binascii
from base64 import b64decode, b64encode
from typing import TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from surefoot.codec.pem import read_private, read_public
from surefoot.errors import Misuse
from surefoot.values import Secret

_SHORTEST_BITS, _LONGEST_BITS = 2_048, 4_096

K = TypeVar("K", RSAPrivateKey, RSAPublicKey)


class RsaVerifier:
    """The public half, as an exchange keeps it; raises `Misuse` for a key that is too short or too long."""

    def __init__(self, public_key: RSAPublicKey) -> None:
        self._key = _sized(public_key)

    @classmethod
    def from_pem(cls, pem: bytes) -> "RsaVerifier":
        """Read a public key; raises `Misuse` when it is of another kind."""
        key = read_public(pem)
        if not isinstance(key, RSAPublicKey):
            raise Misuse(f"expected an RSA public key, got {type(key).__name__}")
        return cls(key)

    def verify(self, payload: bytes, signature: str) -> bool:
        try:
            self._key.verify(b64decode(signature, validate=True), payload, PKCS1v15(), SHA256())
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


class RsaKey:
    """A private key; signs base64. Raises `Misuse` for a key that is too short or too long."""

    kind = "RSA"
    can_log_on = False

    def __init__(self, key: RSAPrivateKey) -> None:
        self._key = _sized(key)

    @classmethod
    def from_pem(cls, pem: Secret, passphrase: Secret | None = None) -> "RsaKey":
        """Read a PKCS#8 PEM; raises `Misuse` when it is unreadable or of another kind."""
        key = read_private(pem, passphrase)
        if not isinstance(key, RSAPrivateKey):
            raise Misuse(f"expected an RSA private key, got {type(key).__name__}")
        return cls(key)

    def public_pem(self) -> bytes:
        """The public key as PEM, to be registered with the exchange."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def verifier(self) -> RsaVerifier:
        """The public half."""
        return RsaVerifier(self._key.public_key())

    def sign(self, payload: bytes) -> str:
        return b64encode(self._key.sign(payload, PKCS1v15(), SHA256())).decode()


def _sized(key: K) -> K:
    if not _SHORTEST_BITS <= key.key_size <= _LONGEST_BITS:
        raise Misuse(
            f"an RSA key of {key.key_size} bits; the exchange takes {_SHORTEST_BITS} to {_LONGEST_BITS}"
        )
    return key
