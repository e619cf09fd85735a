"""One connection to the market streams: its control messages (official page *WebSocket Streams*)."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec

from surefoot.exchange.hub import Hub, StreamListener
from surefoot.exchange.stream_names import StreamName, parse_stream
from surefoot.serve.frames import valid_id

MAX_STREAMS = 1024
_MAX_MESSAGES_PER_SECOND = 5
_POLICY_VIOLATION = 1008
_METHODS = ("SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY")
_encode = msgspec.json.Encoder().encode


class ControlError(Exception):
    """A control message that is refused: the documented code and text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class StreamSession:
    """Answers the control messages of one connection; `on_text` and `over` are called by the shell."""

    def __init__(self, hub: Hub, listener: StreamListener, symbols: Collection[str]) -> None:
        self._hub = hub
        self._listener = listener
        self._symbols = symbols
        self._second = 0
        self._messages = 0

    def start(self, names: Collection[StreamName]) -> None:
        """Subscribe to the streams that the URL names."""
        for name in names:
            self._hub.subscribe(self._listener, name)

    def on_text(self, data: bytes, now_us: int) -> None:
        """Answer one control message; more than five in a second end the connection."""
        if now_us // 1_000_000 != self._second:
            self._second, self._messages = now_us // 1_000_000, 0
        self._messages += 1
        if self._messages > _MAX_MESSAGES_PER_SECOND:
            self._listener.wire.close(_POLICY_VIOLATION, "Too many requests")
            return
        self._listener.wire.send(_encode(self._answer(data)))

    def over(self) -> None:
        """The connection is closed."""
        for name in tuple(self._listener.names.values()):
            self._hub.unsubscribe(self._listener, name)

    def _answer(self, data: bytes) -> dict[str, Any]:
        request_id: Any = None
        try:
            message = _read(data)
            request_id = _request_id(message)
            return {"result": self._result(message), "id": request_id}
        except ControlError as error:
            return {"code": error.code, "msg": error.text, "id": request_id}

    def _result(self, message: Mapping[str, Any]) -> Any:
        method = message.get("method")
        if method is None:
            raise _invalid("missing field `method` at line 1 column 2")
        if method not in _METHODS:
            expected = ", ".join(f"`{name}`" for name in _METHODS)
            raise _invalid(f"unknown variant {method}, expected one of {expected} at line 1 column 28")
        params = message.get("params", [])
        if not isinstance(params, list):
            raise _invalid("params must be a list")
        return _CONTROLS[method](self, params)

    def subscribe(self, params: list[Any]) -> None:
        """SUBSCRIBE: all of the streams, or none when one of them is not served here."""
        names = [self._name(text) for text in params]
        if len({*self._listener.names, *params}) > MAX_STREAMS:
            raise _invalid("too many parameters")
        self.start(names)

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
        name = parse_stream(text, self._symbols) if isinstance(text, str) else None
        if name is None:
            raise _invalid(f"unknown stream {text}")
        return name


_CONTROLS: Mapping[str, Callable[[StreamSession, list[Any]], Any]] = {
    "SUBSCRIBE": StreamSession.subscribe,
    "UNSUBSCRIBE": StreamSession.unsubscribe,
    "LIST_SUBSCRIPTIONS": StreamSession.subscriptions,
    "SET_PROPERTY": StreamSession.set_property,
    "GET_PROPERTY": StreamSession.get_property,
}


def _invalid(text: str) -> ControlError:
    return ControlError(2, f"Invalid request: {text}")


def _read(data: bytes) -> Mapping[str, Any]:
    try:
        message = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ControlError(3, "Invalid JSON: expected value at line 1 column 1") from None
    if not isinstance(message, dict):
        raise _invalid("missing field `method` at line 1 column 1")
    return message


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
