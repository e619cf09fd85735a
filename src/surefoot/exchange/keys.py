"""API keys as the exchange keeps them: whose they are, what they permit, from where, how long.

What a key does not permit is refused with -2015, which says key, address and permissions in one breath
(official pages *Request security* and *Error codes*).
"""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address
from typing import Any

import msgspec

from surefoot.codec.sign import Ed25519Key, Ed25519Verifier, HmacKey, Verifier
from surefoot.errors import Misuse
from surefoot.exchange.accounts import Account
from surefoot.spot.enums import SecurityType


class Permissions(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What a key may do. A key of Binance may at first read only: ``trading`` is enabled later.

    `withdrawals` is only shown (nothing is withdrawn here). `addresses`, if there are any, are the only IP
    addresses that the key works from. From `expires_at` on (milliseconds since 1970) it works no more.
    A key from `elsewhere` belongs to another environment: it is well made, and not known here.
    """

    reading: bool = True
    trading: bool = True
    withdrawals: bool = False
    addresses: tuple[str, ...] = ()
    expires_at: int | None = None
    elsewhere: bool = False

    def __post_init__(self) -> None:
        for text in self.addresses:
            try:
                ip_address(text)
            except ValueError:
                raise Misuse(f"{text!r} is no IP address that a key could be restricted to") from None


TRADING = Permissions()
"""What a key may do unless it is said otherwise."""


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """What the exchange keeps of one API key. `can_log_on`: whether session.logon takes it (Ed25519)."""

    api_key: str
    account: Account
    verifier: Verifier
    can_log_on: bool
    permissions: Permissions = TRADING
    created_us: int = 0
    revoked: bool = False

    def lives(self, now_us: int) -> bool:
        """Whether it is a key of this exchange that works still."""
        expires_at = self.permissions.expires_at
        expired = expires_at is not None and now_us >= expires_at * 1000
        return not (self.revoked or expired or self.permissions.elsewhere)

    def allows(self, security: SecurityType, address: str, now_us: int) -> bool:
        """Whether it may be used from that address for what needs such a permission."""
        may = self.permissions
        if not self.lives(now_us) or (may.addresses and address not in may.addresses):
            return False
        return may.trading if security is SecurityType.TRADE else may.reading

    def lost(self, before: "Key") -> bool:
        """Whether it may do less than it could `before`."""
        may, could = self.permissions, before.permissions
        return (could.trading and not may.trading) or (could.reading and not may.reading)


class KeyRing:
    """Every API key the exchange knows. `now_us`: when those of `accounts` were made; with `hmac_only`, of
    their two keys only the HMAC key is known.
    """

    def __init__(self, accounts: Iterable[Account], now_us: int = 0, *, hmac_only: bool = False) -> None:
        self.hmac_only = hmac_only
        self._keys: dict[str, Key] = {}
        for account in accounts:
            self.add(account, now_us)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys.values())

    def find(self, api_key: str) -> Key | None:
        """The key of that text, or None."""
        return self._keys.get(api_key)

    def add(self, account: Account, now_us: int = 0, permissions: Permissions = TRADING) -> None:
        """Know the keys of another account."""
        hmac = HmacKey(account.secret)
        self.put(make_key(account.api_key, account, hmac, permissions, now_us))
        if not self.hmac_only:
            ed25519 = Ed25519Key.from_pem(account.ed25519_private_key).verifier()
            self.put(make_key(account.ed25519_api_key, account, ed25519, permissions, now_us))

    def put(self, key: Key) -> Key:
        """Know a key, or know it otherwise than before."""
        self._keys[key.api_key] = key
        return key


def permissions_of(given: Permissions | Mapping[str, Any] | None) -> Permissions:
    """Permissions in JSON's shape, or those of a key that trades; raises `Misuse` for what is none."""
    if given is None:
        return TRADING
    if isinstance(given, Permissions):
        return given
    try:
        return msgspec.convert(given, Permissions)
    except msgspec.ValidationError as error:
        known = ", ".join(msgspec.structs.fields(Permissions)[number].encode_name for number in range(6))
        raise Misuse(f"these are no permissions of a key: {error}; there are {known}") from None


def make_key(
    api_key: str, account: Account, verifier: Verifier, permissions: Permissions, now_us: int
) -> Key:
    """A key that is checked with `verifier`."""
    return Key(
        api_key=api_key,
        account=account,
        verifier=verifier,
        can_log_on=isinstance(verifier, Ed25519Verifier),
        permissions=permissions,
        created_us=now_us,
    )
