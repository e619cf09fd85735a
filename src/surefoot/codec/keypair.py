"""Which kind of key a PEM holds: Ed25519 or RSA, the two that Binance takes besides HMAC."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from surefoot.codec.pem import read_private, read_public
from surefoot.codec.rsa import RsaKey, RsaVerifier
from surefoot.codec.sign import Ed25519Key, Ed25519Verifier
from surefoot.errors import Misuse
from surefoot.values import Secret


def private_key(pem: Secret, passphrase: Secret | None = None) -> Ed25519Key | RsaKey:
    """The signer in `pem` (PKCS#8, perhaps encrypted); raises `Misuse` for other kinds of key."""
    key = read_private(pem, passphrase)
    if isinstance(key, Ed25519PrivateKey):
        return Ed25519Key(key)
    if isinstance(key, RSAPrivateKey):
        return RsaKey(key)
    raise Misuse(f"expected an Ed25519 or RSA private key, got {type(key).__name__}")


def public_key(pem: bytes) -> Ed25519Verifier | RsaVerifier:
    """The verifier in `pem` (SubjectPublicKeyInfo); raises `Misuse` for other kinds of key."""
    key = read_public(pem)
    if isinstance(key, Ed25519PublicKey):
        return Ed25519Verifier(key)
    if isinstance(key, RSAPublicKey):
        return RsaVerifier(key)
    raise Misuse(f"expected an Ed25519 or RSA public key, got {type(key).__name__}")
