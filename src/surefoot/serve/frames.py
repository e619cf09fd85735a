"""WebSocket API requests as sent: id, method, parameters, and the sorted raw text that was signed."""

from collections.abc import Mapping
from typing import Any

import msgspec

from surefoot.serve.denial import Denial

RequestId = int | str | None

_MAX_ID = 36
_BAD_JSON = (-1135, "Invalid JSON Request")


class Frame(msgspec.Struct, frozen=True):
    """One request. `values` are the parameters as text; `payload` is what a signature has to match."""

    id: RequestId
    method: str
    values: Mapping[str, str]
    payload: str


class _Raw(msgspec.Struct):
    id: Any = None
    method: Any = None
    params: msgspec.Raw = msgspec.Raw(b"{}")


class BadFrame(Denial):
    """A frame that cannot be read; `id` is the request's id as far as it could be."""

    def __init__(self, request_id: RequestId = None) -> None:
        super().__init__(*_BAD_JSON)
        self.id = request_id


_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)  # the last: nested too deeply
_decoder = msgspec.json.Decoder(_Raw)
_params = msgspec.json.Decoder(dict[str, msgspec.Raw] | None)
_text = msgspec.json.Decoder(str)


def read_frame(data: bytes) -> Frame:
    """Take one text frame apart; raises `BadFrame`."""
    try:
        raw = _decoder.decode(data)
    except _UNREADABLE:
        raise BadFrame from None
    if not valid_id(raw.id):
        raise BadFrame
    try:
        params = _params.decode(raw.params) or {}
        values = {name: _value(bytes(value)) for name, value in params.items()}
    except _UNREADABLE:
        raise BadFrame(raw.id) from None
    if not isinstance(raw.method, str):
        raise BadFrame(raw.id)
    return Frame(raw.id, raw.method, values, _payload(values))


def valid_id(value: object) -> bool:
    """Whether `value` may be a request id: a 64-bit integer, a string of at most 36 characters, or null."""
    if isinstance(value, str):
        return len(value) <= _MAX_ID
    if isinstance(value, bool):
        return False
    return value is None or (isinstance(value, int) and -(2**63) <= value < 2**63)


def _value(raw: bytes) -> str:
    """A parameter as text: strings without quotes, everything else exactly as sent; null is empty."""
    if raw[:1] == b'"':
        return _text.decode(raw)
    return "" if raw == b"null" else raw.decode()


def _payload(values: Mapping[str, str]) -> str:
    return "&".join(f"{name}={values[name]}" for name in sorted(values) if name != "signature")
