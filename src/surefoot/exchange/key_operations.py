"""What whoever runs an exchange can do to its API keys while it runs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_args

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from surefoot.codec.keypair import private_key, public_key
from surefoot.codec.sign import HmacKey, Verifier
from surefoot.errors import Misuse
from surefoot.exchange.accounts import KEY_LENGTH, Account, new_private_key
from surefoot.exchange.door.front import Front
from surefoot.exchange.door.lapses import cut
from surefoot.exchange.keys import Key, Permissions, make_key, permissions_of
from surefoot.values import Secret
from surefoot.world import Entropy

KeyKind = Literal["Ed25519", "HMAC", "RSA"]
Given = Permissions | Mapping[str, Any] | None
"""Permissions, or what differs from those of a key that trades, in JSON's shape."""

_RSA_BITS, _EXPONENT = 2_048, 65_537


class NewKey(msgspec.Struct, frozen=True):
    """A key as its owner gets it: either the `secret` of an HMAC key, or a `private_key` (PEM)."""

    api_key: str
    secret: Secret | None = None
    private_key: Secret | None = None


class KeyOperations:
    """Acts at once; what was subscribed with a key that is no longer good ends with `eventStreamTerminated`.

    Raises `Misuse` for an account or a key that is not known, and for what are no permissions.
    """

    def __init__(
        self, front: Front, accounts: Sequence[Account], entropy: Entropy, now_us: Callable[[], int]
    ) -> None:
        self._front = front
        self._accounts = accounts
        self._entropy = entropy
        self._now_us = now_us

    def open(self, account: str, kind: KeyKind = "Ed25519", permissions: Given = None) -> NewKey:
        """Make another key for an account. RSA keys are new every time, whatever the seed."""
        if kind not in get_args(KeyKind):
            raise Misuse(f"a key of the kind {kind!r}: {', '.join(get_args(KeyKind))}")
        api_key = self._entropy.token(KEY_LENGTH)
        if kind == "HMAC":
            secret = Secret(self._entropy.token(KEY_LENGTH))
            self._put(api_key, account, HmacKey(secret), permissions)
            return NewKey(api_key, secret=secret)
        pem = new_private_key(self._entropy).pem() if kind == "Ed25519" else _new_rsa()
        self._put(api_key, account, public_key(private_key(pem).public_pem()), permissions)
        return NewKey(api_key, private_key=pem)

    def register(self, account: str, public_pem: bytes, permissions: Given = None) -> str:
        """Take the public key (PEM; Ed25519, or RSA of 2,048 to 4,096 bits) that an account's owner made;
        returns its API key. Raises `Misuse` for other keys.
        """
        api_key = self._entropy.token(KEY_LENGTH)
        self._put(api_key, account, public_key(public_pem), permissions)
        return api_key

    def change(self, api_key: str, permissions: Given) -> None:
        """Let a key do other things from now on; a session that was logged on with it and may do less now is
        revoked at its next request.
        """
        key = self._known(api_key)
        if isinstance(permissions, Mapping):
            permissions = permissions_of(msgspec.to_builtins(key.permissions) | dict(permissions))
        self._replace(msgspec.structs.replace(key, permissions=permissions_of(permissions)))

    def revoke(self, api_key: str) -> None:
        """The key is deleted: refused from now on, with -2015."""
        self._replace(msgspec.structs.replace(self._known(api_key), revoked=True))

    def all(self) -> Sequence[Key]:
        """Every key that there is or was."""
        return tuple(self._front.keys)

    def _put(self, api_key: str, account: str, verifier: Verifier, permissions: Given) -> None:
        if self._front.keys.hmac_only and not isinstance(verifier, HmacKey):
            raise Misuse("this venue has HMAC keys only; open one of the kind 'HMAC'")
        owner = next((known for known in self._accounts if known.name == account), None)
        if owner is None:
            known = ", ".join(known.name for known in self._accounts)
            raise Misuse(f"account {account!r} is not open here; there are {known}")
        self._front.keys.put(make_key(api_key, owner, verifier, permissions_of(permissions), self._now_us()))

    def _known(self, api_key: str) -> Key:
        key = self._front.keys.find(api_key)
        if key is None:
            raise Misuse(f"the API key …{api_key[-6:]} is not known here; open or register it first")
        return key

    def _replace(self, key: Key) -> None:
        self._front.keys.put(key)
        if not (key.lives(self._now_us()) and key.permissions.reading):
            cut(self._front, key.api_key, self._now_us())


def _new_rsa() -> Secret:
    key = rsa.generate_private_key(public_exponent=_EXPONENT, key_size=_RSA_BITS)
    return Secret(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
