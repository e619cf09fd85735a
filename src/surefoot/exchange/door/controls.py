"""Control messages of the market streams and their answers (official page *WebSocket Streams*)."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec

from surefoot.exchange.door.front import Front
from surefoot.exchange.feeds.listeners import StreamListener
from surefoot.exchange.feeds.stream_names import StreamName, parse_stream
from surefoot.serve.frames import valid_id

_METHODS = ("SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY")
_BYTE = re.compile(r"\(byte (\d+)\)")
_encode = msgspec.json.Encoder().encode


class ControlError(Exception):
    """A control message that is refused: the documented code and text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class Controls:
    """What one connection may ask about its own subscriptions."""

    def __init__(self, front: Front, listener: StreamListener, symbols: Collection[str]) -> None:
        self._hub = front.hub
        self._limiter = front.limiter
        self._venue = front.venue
        self._listener = listener
        self._symbols = symbols

    def answer(self, data: bytes) -> bytes:
        """The answer to one control message."""
        return _encode(self._answer(data))

    def _answer(self, data: bytes) -> dict[str, Any]:
        request_id: Any = None
        try:
            message = _read(data)
            request_id = _request_id(message)
            return {"result": self._result(message, data), "id": request_id}
        except ControlError as error:
            return {"code": error.code, "msg": error.text, "id": request_id}

    def _result(self, message: Mapping[str, Any], data: bytes) -> Any:
        method = message.get("method")
        if method is None:
            raise _invalid(f"missing field `method` {_place(data, len(data) - 1)}")
        if method not in _METHODS:
            expected = ", ".join(f"`{name}`" for name in _METHODS)
            place = _place(data, len(data) - 1)
            raise _invalid(f"unknown variant {method}, expected one of {expected} {place}")
        params = message.get("params", [])
        if not isinstance(params, list):
            raise _invalid("params must be a list")
        return _CONTROLS[method](self, params)

    def subscribe(self, params: list[Any]) -> None:
        """SUBSCRIBE: all of the streams, or none when one of them is not served here."""
        names = [self._name(text) for text in params]
        if len({*self._listener.names, *params}) > self._limiter.profile.streams_per_connection:
            raise _invalid("too many parameters")
        for name in names:
            self._hub.subscribe(self._listener, name)

    def unsubscribe(self, params: list[Any]) -> None:
        """UNSUBSCRIBE; a stream that was not subscribed is no error."""
        if not all(isinstance(text, str) for text in params):
            raise _invalid("stream names must be strings")
        for text in params:
            if (name := self._listener.names.get(text)) is not None:
                self._hub.unsubscribe(self._listener, name)

    def subscriptions(self, params: list[Any]) -> list[str]:
        """LIST_SUBSCRIPTIONS."""
        if params:
            raise _invalid("too many parameters")
        return list(self._listener.names)

    def set_property(self, params: list[Any]) -> None:
        """SET_PROPERTY: the only property is `combined`."""
        _property(params, most=2)
        if len(params) != 2 or not isinstance(params[1], bool):  # noqa: PLR2004
            raise ControlError(1, "Invalid value type: expected Boolean")
        self._listener.combined = params[1]

    def get_property(self, params: list[Any]) -> bool:
        """GET_PROPERTY."""
        _property(params, most=1)
        return self._listener.combined

    def _name(self, text: object) -> StreamName:
        name = None
        if isinstance(text, str) and self._venue.has_stream(text):
            name = parse_stream(text, self._symbols)
        if name is None:
            raise _invalid(f"unknown stream {text}")
        return name


_CONTROLS: Mapping[str, Callable[[Controls, list[Any]], Any]] = {
    "SUBSCRIBE": Controls.subscribe,
    "UNSUBSCRIBE": Controls.unsubscribe,
    "LIST_SUBSCRIPTIONS": Controls.subscriptions,
    "SET_PROPERTY": Controls.set_property,
    "GET_PROPERTY": Controls.get_property,
}


def _invalid(text: str) -> ControlError:
    return ControlError(2, f"Invalid request: {text}")


def _read(data: bytes) -> Mapping[str, Any]:
    try:
        message = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        byte = _BYTE.search(str(error))
        place = _place(data, int(byte[1]) if byte else len(data))
        raise ControlError(3, f"Invalid JSON: expected value {place}") from None
    if not isinstance(message, dict):
        raise _invalid(f"missing field `method` {_place(data, len(data) - 1)}")
    return message


def _place(data: bytes, byte: int) -> str:
    """Where that byte is, counted from 1."""
    before = data[:byte]
    line, column = before.count(b"\n") + 1, byte - before.rfind(b"\n")
    return f"at line {line} column {column}"


def _request_id(message: Mapping[str, Any]) -> Any:
    if "id" not in message or not valid_id(message["id"]):
        raise _invalid("request ID must be an unsigned integer")
    return message["id"]


def _property(params: list[Any], *, most: int) -> None:
    if not params or not isinstance(params[0], str):
        raise _invalid("property name must be a string")
    if len(params) > most:
        raise _invalid("too many parameters")
    if params[0] != "combined":
        raise ControlError(0, "Unknown property")
