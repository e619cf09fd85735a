"""Requests as parameters: one canonical text for REST, sorted raw text for the WebSocket API.

REST (rest-api, *SIGNED endpoint security*): each value is percent-encoded first, the encoded text is signed,
and those same bytes are sent. WebSocket API: parameters sorted by name, raw UTF-8, joined with ``&``.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from msgspec.structs import astuple

from surefoot.errors import Misuse
from surefoot.spot.request import Request
from surefoot.values import UnsetType, plain

_SAFE = "-_.~"  # with letters and digits: RFC 3986 unreserved; the rest is percent-encoded as UTF-8
_ARRAYS_AND_NUMBERS = (int, tuple, list)
_AS_THEY_ARE = (Decimal, date, datetime, time, timedelta, bytes, bytearray, UUID)
"""What msgspec would turn into text: all but Decimal have no text that is exact here, and are refused."""
_SPELLABLE = (str, Decimal, Enum, UnsetType, *_ARRAYS_AND_NUMBERS)
_NEEDS_NOTHING = re.compile(r"[A-Za-z0-9._~-]*").fullmatch


def encoded(text: str) -> str:
    """`text` percent-encoded for a query or a form."""
    return text if _NEEDS_NOTHING(text) is not None else quote(text, safe=_SAFE)


def _text(name: str, value: Any) -> str:
    """How Binance reads a value: fixed-point numbers, lower-case booleans, JSON arrays. Raises `Misuse` for
    what has no exact text (RULES-1), such as a float.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal) and value.is_finite():
        return plain(value)
    if isinstance(value, _ARRAYS_AND_NUMBERS):
        return msgspec.json.encode(value).decode()
    raise _unspellable(name, value)


def _unspellable(name: str, value: Any) -> Misuse:
    return Misuse(
        f"{name}: {type(value).__name__} {value!r} cannot be sent; amounts are Decimal, times are"
        " milliseconds since 1970, and what is not given is left out"
    )


def _given(request: Request[Any]) -> dict[str, Any]:
    """What was given, by Binance's names, in the order of the fields: enumerations as text."""
    try:
        given: dict[str, Any] = msgspec.to_builtins(request, builtin_types=_AS_THEY_ARE)
    except TypeError:
        for name, value in zip(request.__struct_encode_fields__, astuple(request), strict=True):
            if not isinstance(value, _SPELLABLE):
                raise _unspellable(name, value) from None
        raise
    return given


def query(request: Request[Any]) -> str:
    """The request's own parameters as one percent-encoded string, in the order of its fields. Raises `Misuse`
    for a value that has no exact text.
    """
    parts = []
    for name, value in _given(request).items():
        if type(value) is str:
            text = value if value.isalnum() and value.isascii() else encoded(value)
        elif type(value) is Decimal and value.is_finite():
            text = plain(value)
        else:
            text = encoded(_text(name, value))
        parts.append(f"{name}={text}")
    return "&".join(parts)


def wsapi_params(request: Request[Any]) -> dict[str, Any]:
    """The request's own parameters for the WebSocket API's JSON: decimals as text, arrays as arrays. Raises
    as `query`.
    """
    params = _given(request)
    for name, value in params.items():
        if type(value) is not str:
            if type(value) is Decimal and value.is_finite():
                params[name] = plain(value)
            elif not isinstance(value, _ARRAYS_AND_NUMBERS):
                params[name] = _text(name, value)
    return params


def sorted_payload(params: Mapping[str, Any]) -> str:
    """What the WebSocket API signs: every parameter but `signature`, sorted by name, unencoded."""
    return "&".join([f"{name}={_text(name, params[name])}" for name in sorted(params) if name != "signature"])
