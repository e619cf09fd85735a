"""Keys as people keep them: PEM text, perhaps encrypted. What is wrong with one is said, and never shown."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from surefoot.errors import Misuse
from surefoot.values import Secret

_ENCRYPTED = ("BEGIN ENCRYPTED PRIVATE KEY", "Proc-Type: 4,ENCRYPTED")


def read_private(pem: Secret, passphrase: Secret | None = None) -> PrivateKeyTypes:
    """The private key in `pem` (PKCS#8; encrypted ones need their `passphrase`); raises `Misuse`."""
    text = pem.reveal()
    encrypted = any(mark in text for mark in _ENCRYPTED)
    if encrypted and passphrase is None:
        raise Misuse("the private key is encrypted; give its passphrase")
    phrase = passphrase.reveal().encode() if encrypted and passphrase is not None else None
    try:
        return load_pem_private_key(text.encode(), phrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        if encrypted:
            raise Misuse("the private key cannot be decrypted; is the passphrase the right one?") from None
        raise Misuse("the private key is not a readable PEM (PKCS#8)") from None


def read_public(pem: bytes) -> PublicKeyTypes:
    """The public key in `pem`; raises `Misuse`."""
    try:
        return load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise Misuse("the public key is not a readable PEM (BEGIN PUBLIC KEY)") from None
