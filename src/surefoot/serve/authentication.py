"""Who asks, and is it really them, now: key, signature, timestamp (official page *Request security*)."""

import re
from collections.abc import Mapping
from typing import Protocol, TypeVar

from surefoot.codec.sign import Verifier
from surefoot.serve.combinations import microseconds
from surefoot.serve.denial import Denial, missing
from surefoot.serve.tables import RECV_WINDOW, TIMESTAMP
from surefoot.spot.enums import SecurityType

DEFAULT_RECV_WINDOW_US = 5_000_000
_AHEAD_US = 1_000_000
_KEY = re.compile(r"[A-Za-z0-9]{16,128}")
_ENCODED = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*")  # what a URL's query may consist of (RFC 3986)


class ApiKey(Protocol):
    """A key as the server keeps it: how its signatures are checked, and what it may be used for."""

    @property
    def verifier(self) -> Verifier: ...
    def allows(self, security: SecurityType, address: str, now_us: int) -> bool: ...


K_co = TypeVar("K_co", bound=ApiKey, covariant=True)


class KeyRing(Protocol[K_co]):
    """Where keys are looked up."""

    def find(self, api_key: str) -> K_co | None: ...


def known_key(keys: KeyRing[K_co], name: str | None) -> K_co:
    """The key called `name`; raises `Denial` -2014 when it cannot be one, -2015 when it is not known here."""
    if not name or not _KEY.fullmatch(name):
        raise Denial(-2014, "API-key format invalid.")
    key = keys.find(name)
    if key is None:
        raise rejected()
    return key


def permitted(key: ApiKey, security: SecurityType, address: str, now_us: int) -> None:
    """Raises `Denial` -2015 for what the key does not permit, from where it does not, or no longer."""
    if not key.allows(security, address, now_us):
        raise rejected()


def rejected() -> Denial:
    """-2015: the key is not known here, not valid from there, or may not do that."""
    return Denial(-2015, "Invalid API-key, IP, or permissions for action.")


def signed_by(key: ApiKey, payload: str, signature: str | None) -> None:
    """Raises `Denial` unless `signature` is the key's over exactly this payload (-1102 absent, -1022 bad)."""
    if not signature:
        raise missing("signature")
    if not key.verifier.verify(payload.encode(), signature):
        raise _not_valid()


def encoded(payload: str) -> None:
    """Raises `Denial` -1022 for a REST payload that was not percent-encoded before it was signed."""
    if not _ENCODED.fullmatch(payload):
        raise _not_valid()


def _not_valid() -> Denial:
    return Denial(-1022, "Signature for this request is not valid.")


def timely(given: Mapping[str, str], now_us: int) -> None:
    """Raises `Denial` unless the timestamp is less than 1 s ahead and at most recvWindow behind."""
    window = DEFAULT_RECV_WINDOW_US
    if "recvWindow" in given:
        window = int(RECV_WINDOW.judge(given["recvWindow"]) * 1000)
    if "timestamp" not in given:
        raise missing("timestamp")
    timestamp = microseconds(TIMESTAMP.judge(given["timestamp"]))
    if timestamp >= now_us + _AHEAD_US:
        raise Denial(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
    if now_us - timestamp > window:
        raise Denial(-1021, "Timestamp for this request is outside of the recvWindow.")
