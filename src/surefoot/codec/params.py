"""Requests as parameters: one canonical text for REST, sorted raw text for the WebSocket API.

REST (rest-api, *SIGNED endpoint security*): each value is percent-encoded first, the encoded text is signed,
and those same bytes are sent. WebSocket API: parameters sorted by name, raw UTF-8, joined with ``&``.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import msgspec

from surefoot.spot.request import Request
from surefoot.values import plain

_SAFE = "-_.~"  # with letters and digits: RFC 3986 unreserved; the rest is percent-encoded as UTF-8
_NEEDS_NOTHING = re.compile(r"[A-Za-z0-9._~-]*").fullmatch


def encoded(text: str) -> str:
    """`text` percent-encoded for a query or a form."""
    return text if _NEEDS_NOTHING(text) is not None else quote(text, safe=_SAFE)


def _encoded(value: Any) -> str:
    if type(value) is str:
        return value if value.isalnum() and value.isascii() else encoded(value)
    return plain(value) if type(value) is Decimal else encoded(_text(value))


def _text(value: Any) -> str:
    """How Binance reads a value: fixed-point numbers, lower-case booleans, JSON arrays."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return plain(value)
    return msgspec.json.encode(value).decode()


def _given(request: Request[Any]) -> dict[str, Any]:
    """What the request says, by its names on the wire, in the order of its fields; `UNSET` is not said."""
    given: dict[str, Any] = msgspec.to_builtins(request, builtin_types=(Decimal,))
    return given


def query(request: Request[Any]) -> str:
    """The request's own parameters as one percent-encoded string, in the order of its fields."""
    return "&".join([f"{name}={_encoded(value)}" for name, value in _given(request).items()])


def wsapi_params(request: Request[Any]) -> dict[str, Any]:
    """The request's own parameters for the WebSocket API's JSON: decimals as text, arrays as arrays."""
    params = _given(request)
    for name, value in params.items():
        if isinstance(value, Decimal):
            params[name] = plain(value)
    return params


def sorted_payload(params: Mapping[str, Any]) -> str:
    """What the WebSocket API signs: every parameter but `signature`, sorted by name, unencoded."""
    return "&".join([f"{name}={_text(params[name])}" for name in sorted(params) if name != "signature"])
