"""Requests as parameters: one canonical text for REST, sorted raw text for the WebSocket API.

REST (rest-api, *SIGNED endpoint security*): each value is percent-encoded first, the encoded text is signed,
and those same bytes are sent. WebSocket API: parameters sorted by name, raw UTF-8, joined with ``&``.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any
from urllib.parse import quote

import msgspec

from surefoot.spot.request import Request
from surefoot.values import UNSET

_SAFE = "-_.~"  # with letters and digits: RFC 3986 unreserved; the rest is percent-encoded as UTF-8
_NEEDS_NOTHING = re.compile(r"[A-Za-z0-9._~-]*").fullmatch


def encoded(text: str) -> str:
    """`text` percent-encoded for a query or a form."""
    return text if _NEEDS_NOTHING(text) else quote(text, safe=_SAFE)


def _speller(kind: type) -> Callable[[Any], str]:
    """How Binance reads a value of this kind: fixed-point numbers, lower-case booleans, JSON arrays."""
    if issubclass(kind, Enum):
        return attrgetter("_value_")
    if issubclass(kind, str):
        return str
    if issubclass(kind, Decimal):
        return "{:f}".format
    if issubclass(kind, bool):
        return lambda value: "true" if value else "false"
    return int.__repr__ if issubclass(kind, int) else lambda value: msgspec.json.encode(value).decode()


class _Spellers(dict[type, Callable[[Any], str]]):
    """One speller for each type that was ever sent."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        spell = self[kind] = _speller(kind)
        return spell


_SPELL = _Spellers()


def _text(value: object) -> str:
    return _SPELL[type(value)](value)


@cache
def _fields(kind: type[Request[Any]]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    names = zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True)
    return tuple((wire, attrgetter(field)) for wire, field in names)


def query(request: Request[Any]) -> str:
    """The request's own parameters as one percent-encoded string, in the order of its fields."""
    parts: list[str] = []
    for name, get in _fields(type(request)):
        value: object = get(request)
        if value is not UNSET:
            text = _SPELL[type(value)](value)
            parts.append(f"{name}={text}" if _NEEDS_NOTHING(text) else f"{name}={quote(text, safe=_SAFE)}")
    return "&".join(parts)


def wsapi_params(request: Request[Any]) -> dict[str, Any]:
    """The request's own parameters for the WebSocket API's JSON: decimals as text, arrays as arrays."""
    params: dict[str, Any] = {}
    for name, get in _fields(type(request)):
        value = get(request)
        if value is not UNSET:
            params[name] = value if isinstance(value, (bool, int, tuple)) else _text(value)
    return params


def sorted_payload(params: Mapping[str, Any]) -> str:
    """What the WebSocket API signs: every parameter but `signature`, sorted by name, unencoded."""
    return "&".join(f"{name}={_text(params[name])}" for name in sorted(params) if name != "signature")
