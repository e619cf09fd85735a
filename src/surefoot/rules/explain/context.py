"""What is known of a failed request besides the text of its error."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from surefoot.errors import Facts, Misuse
from surefoot.values import UNSET, plain


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """All of it may be unknown.

    `method` is the HTTP verb or the WebSocket API's method; `environment` is where the request was meant to
    go, and `host` where it went. `client` is the library, `key_type` HMAC, RSA or Ed25519. `params` are what
    was sent. `stream` names a stream instead of a request. `after` says what came before, such as a time-out,
    a reconnect or a cancel. `signed_age_ms` is how old the signature was when the answer came,
    `round_trip_ms` how long question and answer took.
    """

    method: str | None = None
    path: str | None = None
    status: int | None = None
    environment: str | None = None
    host: str | None = None
    client: str | None = None
    key_type: str | None = None
    params: Mapping[str, str] = MappingProxyType({})
    stream: str | None = None
    after: str | None = None
    signed_age_ms: float | None = None
    round_trip_ms: float | None = None


_TEXTS = frozenset({"method", "path", "environment", "host", "client", "key_type", "stream", "after"})
_NUMBERS = frozenset({"status", "signed_age_ms", "round_trip_ms"})


def read_context(text: str) -> Context:
    """The context of a JSON object; raises `Misuse` naming what is wrong with it."""
    try:
        given = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Misuse(
            f'the context is not JSON ({error}); give an object such as {{"method": "POST"}}'
        ) from None
    return context_of(given)


def context_of(given: object) -> Context:
    """The context of a mapping; raises `Misuse` for a key it does not know, or a value of the wrong kind."""
    if not isinstance(given, Mapping):
        raise Misuse(f"the context is {type(given).__name__}, not an object; its keys: {', '.join(_keys())}")
    fields: dict[str, Any] = {}
    for name, value in given.items():
        if name not in _keys():
            raise Misuse(f"the context has no key {name!r}; it may have: {', '.join(_keys())}")
        if value is not None and value != "":
            fields[name] = _field(name, value)
    return Context(**fields)


def _keys() -> tuple[str, ...]:
    return Context.__struct_fields__


def _field(name: str, value: object) -> object:
    if name in _TEXTS:
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return str(value)
        raise Misuse(f"the context's {name} is a text, not {value!r}")
    if name in _NUMBERS:
        return _number(name, value)
    return _params(value)


def _number(name: str, value: object) -> float | int:
    try:
        number = msgspec.convert(value, float, strict=False)
        return int(number) if name == "status" else number
    except (msgspec.ValidationError, ValueError, OverflowError):
        raise Misuse(f"the context's {name} is a number, not {value!r}") from None


def _params(value: object) -> Mapping[str, str]:
    if isinstance(value, str):
        return dict(parse_qsl(value.lstrip("?&"), keep_blank_values=True))
    if isinstance(value, Mapping):
        return {str(name): spelled(each) for name, each in value.items()}
    raise Misuse(f"the context's params are an object or a query string, not {value!r}")


def spelled(value: object) -> str:
    """A parameter as it would be written, so that a float shows its exponent and a Decimal does not."""
    if isinstance(value, bool):
        return str(value).lower()
    return plain(value) if isinstance(value, Decimal) else str(value)


def context_of_facts(facts: Facts) -> Context:
    """What an error of surefoot's own knows of its request."""
    request = facts.request
    endpoint = getattr(request, "endpoint", None)
    params: dict[str, str] = {}
    if isinstance(request, msgspec.Struct):
        for name, spelling in zip(request.__struct_fields__, request.__struct_encode_fields__, strict=True):
            value = getattr(request, name)
            if value is not UNSET and value is not None:
                params[spelling] = spelled(value)
    return Context(
        method=getattr(endpoint, "method", None),
        path=(getattr(endpoint, "path", None) or getattr(endpoint, "ws_method", None)),
        status=facts.status,
        params=params,
    )
