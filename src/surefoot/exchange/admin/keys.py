"""API keys over the admin endpoint."""

from collections.abc import Mapping
from typing import Any

import msgspec

from surefoot.exchange.admin.operation import Nothing, Operation
from surefoot.exchange.key_operations import KeyKind, KeyOperations
from surefoot.exchange.keys import Key, Permissions


class OpenKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another key for an account; by default one that trades."""

    account: str
    kind: KeyKind = "Ed25519"
    permissions: Permissions = Permissions()


class RegisterKey(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A public key (PEM) that the account's owner made."""

    account: str
    public_key: str
    permissions: Permissions = Permissions()


class ChangeKey(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What the key may do from now on; what is left out stays as it is."""

    api_key: str
    permissions: dict[str, Any]


class NamedKey(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A key by its name."""

    api_key: str


def _of(server: Any) -> KeyOperations:
    keys: KeyOperations = server.operations.keys
    return keys


def _shown(key: Key) -> Any:
    return {
        "apiKey": key.api_key,
        "account": key.account.name,
        "revoked": key.revoked,
        "permissions": key.permissions,
    }


def show(server: Any, _: Nothing) -> Any:
    """Every key, without its secret."""
    return [_shown(key) for key in _of(server).all()]


def open_key(server: Any, body: OpenKey) -> Any:
    """Make a key; the only time that its secret is told."""
    made = _of(server).open(body.account, body.kind, body.permissions)
    told = {"secret": made.secret, "privateKey": made.private_key}
    return {"apiKey": made.api_key} | {name: text.reveal() for name, text in told.items() if text}


def register(server: Any, body: RegisterKey) -> Any:
    """Take a public key; answers its API key."""
    return {"apiKey": _of(server).register(body.account, body.public_key.encode(), body.permissions)}


def change(server: Any, body: ChangeKey) -> Any:
    """Change what a key may do."""
    _of(server).change(body.api_key, body.permissions)
    return {}


def revoke(server: Any, body: NamedKey) -> Any:
    """Delete a key."""
    _of(server).revoke(body.api_key)
    return {}


OPERATIONS: Mapping[str, Operation] = {
    "keys": Operation(Nothing, show),
    "keys/open": Operation(OpenKey, open_key),
    "keys/register": Operation(RegisterKey, register),
    "keys/change": Operation(ChangeKey, change),
    "keys/revoke": Operation(NamedKey, revoke),
}
"""By the path below ``/admin/``."""
