"""What travels on a connection of market streams besides events: its target, control messages, wrappers
(official page *WebSocket Streams*).
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from surefoot.codec.answers import UNREADABLE
from surefoot.errors import ProtocolViolation

_AS_IS = "@!_+:"


def target(base: str, names: Sequence[str], *, combined: bool = True, microseconds: bool = False) -> str:
    """Request target of a connection that begins with these streams; raw ones carry no names."""
    path = "/".join(quote(name, safe=_AS_IS).replace("+", "%2B") for name in names)
    options = ["timeUnit=MICROSECOND"] if microseconds else []
    if combined:
        options[:0] = [f"streams={path}"] if names else []
        path = "stream"
    else:
        path = f"ws/{path}"
    return f"{base}/{path}{'?' if options else ''}{'&'.join(options)}"


class _Control(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    method: str
    params: tuple[str, ...] = ()
    id: int


_ENCODER = msgspec.json.Encoder()


def control(method: str, names: Sequence[str], id: int) -> bytes:
    """``SUBSCRIBE`` or ``UNSUBSCRIBE`` these streams, or ``LIST_SUBSCRIPTIONS``."""
    return _ENCODER.encode(_Control(method=method, params=tuple(names), id=id))


class _Refusal(msgspec.Struct, frozen=True):
    code: int | None = None
    msg: str | None = None


class _Message(msgspec.Struct, frozen=True):
    stream: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"")
    id: int | str | None = None
    result: Any = msgspec.UNSET
    error: _Refusal | None = None
    code: int | None = None
    msg: str | None = None


class Wrapped(msgspec.Struct, frozen=True):
    """An event and the name of its stream."""

    stream: str
    data: bytes


class Acknowledged(msgspec.Struct, frozen=True):
    """The answer to the control message `id`; refused when there is a `code` or a `message`. `listed` are the
    streams of the connection, where it was asked for them.
    """

    id: int | str | None
    code: int | None = None
    message: str | None = None
    listed: tuple[str, ...] | None = None

    @property
    def refused(self) -> bool:
        """Whether the exchange said no."""
        return self.code is not None or self.message is not None


_MESSAGE = msgspec.json.Decoder(_Message)


def decode(data: bytes) -> Wrapped | Acknowledged | None:
    """One message of a market connection; None for an event without a wrapper. Raises `ProtocolViolation`."""
    if data[:1] == b"[":
        return None
    try:
        message = _MESSAGE.decode(data)
    except UNREADABLE as error:
        raise ProtocolViolation(f"not a message of a market connection: {error}") from None
    if message.stream is not None:
        return Wrapped(message.stream, bytes(message.data))
    refusal = message.error or _Refusal(message.code, message.msg)
    if message.result is not msgspec.UNSET or refusal.code is not None or refusal.msg is not None:
        return Acknowledged(message.id, refusal.code, refusal.msg, _listed(message.result))
    return None


def _listed(result: object) -> tuple[str, ...] | None:
    return tuple(map(str, result)) if isinstance(result, list) else None
