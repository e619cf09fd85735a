"""Signatures: HMAC SHA-256 and Ed25519, signing and verifying (rest-api, *SIGNED endpoint security*; AUTH-1).

A key signs the exact bytes it is handed; what those bytes are is said in `params`. RSA is in `rsa`.
"""

import binascii
import hashlib
from base64 import b64decode, b64encode
from hmac import compare_digest
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from surefoot.codec.pem import read_private, read_public
from surefoot.errors import Misuse
from surefoot.values import Secret

_BLOCK = 64
_INNER = bytes(0x36 ^ byte for byte in range(256))
_OUTER = bytes(0x5C ^ byte for byte in range(256))


class Signer(Protocol):
    """Makes the `signature` parameter. `can_log_on` is whether session.logon takes this `kind` of key."""

    kind: str
    can_log_on: bool

    def sign(self, payload: bytes) -> str: ...


class Verifier(Protocol):
    """Judges a signature; malformed text is simply not valid."""

    def verify(self, payload: bytes, signature: str) -> bool: ...


class HmacKey:
    """A shared secret. Signs lower-case hex; verifies either case."""

    kind = "HMAC"
    can_log_on = False

    def __init__(self, secret: Secret) -> None:
        key = secret.reveal().encode()
        if not key:
            raise Misuse("the API secret is empty")
        padded = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(padded.translate(_INNER))
        self._outer = hashlib.sha256(padded.translate(_OUTER))

    def sign(self, payload: bytes) -> str:
        inner = self._inner.copy()
        inner.update(payload)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.hexdigest()

    def verify(self, payload: bytes, signature: str) -> bool:
        return signature.isascii() and compare_digest(self.sign(payload), signature.lower())


class Ed25519Verifier:
    """The public half, as an exchange keeps it."""

    def __init__(self, public_key: Ed25519PublicKey) -> None:
        self._key = public_key

    @classmethod
    def from_pem(cls, pem: bytes) -> "Ed25519Verifier":
        """Read a public key; raises `Misuse` when it is of another kind."""
        key = read_public(pem)
        if not isinstance(key, Ed25519PublicKey):
            raise Misuse(f"expected an Ed25519 public key, got {type(key).__name__}")
        return cls(key)

    def verify(self, payload: bytes, signature: str) -> bool:
        try:
            self._key.verify(b64decode(signature, validate=True), payload)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


class Ed25519Key:
    """A private key; signs base64. The only kind that session.logon takes."""

    kind = "Ed25519"
    can_log_on = True

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def from_pem(cls, pem: Secret, passphrase: Secret | None = None) -> "Ed25519Key":
        """Read a PKCS#8 PEM; raises `Misuse` when it is unreadable or of another kind."""
        key = read_private(pem, passphrase)
        if not isinstance(key, Ed25519PrivateKey):
            raise Misuse(f"expected an Ed25519 private key, got {type(key).__name__}")
        return cls(key)

    @classmethod
    def from_seed(cls, seed: bytes) -> "Ed25519Key":
        """The key made from 32 secret bytes."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    def pem(self) -> Secret:
        """The private key as PKCS#8 PEM."""
        text = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return Secret(text.decode())

    def public_pem(self) -> bytes:
        """The public key as PEM, to be registered with the exchange."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def verifier(self) -> Ed25519Verifier:
        """The public half."""
        return Ed25519Verifier(self._key.public_key())

    def sign(self, payload: bytes) -> str:
        return b64encode(self._key.sign(payload)).decode()
