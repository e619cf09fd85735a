"""Typed answers, also where the same request may be answered by one shape or by another.

msgspec takes one untagged struct in a union; the exchange tags nothing. So the shapes are tried in their
order, the likely one first.
"""

from functools import cache
from types import UnionType
from typing import Any, Protocol, get_args, get_origin

import msgspec

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What a decoder raises for bytes that are not what it reads; the last: nested too deeply."""


class Decoder(Protocol):
    """Reads one JSON text into one type."""

    def decode(self, body: Any, /) -> Any:
        """The value; raises one of `UNREADABLE`."""
        ...


class _FirstThatFits:
    """Decodes into the first of several types that takes it; says why the last one did not."""

    def __init__(self, kinds: tuple[Any, ...]) -> None:
        *self._likely, self._last = [msgspec.json.Decoder(kind) for kind in kinds]

    def decode(self, body: Any, /) -> Any:
        for decoder in self._likely:
            try:
                return decoder.decode(body)
            except msgspec.ValidationError:
                continue
        return self._last.decode(body)


class _Each:
    """Decodes an array whose elements may be of several types."""

    def __init__(self, kinds: tuple[Any, ...]) -> None:
        self._raw = msgspec.json.Decoder(tuple[msgspec.Raw, ...])
        self._element = _FirstThatFits(kinds)

    def decode(self, body: Any, /) -> Any:
        return tuple([self._element.decode(raw) for raw in self._raw.decode(body)])


@cache
def decoder(answer: Any) -> Decoder:
    """The decoder of an answer's type: a struct, a tuple of one, or of several shapes."""
    if isinstance(answer, UnionType):
        return _FirstThatFits(get_args(answer))
    if get_origin(answer) is tuple and isinstance(element := get_args(answer)[0], UnionType):
        return _Each(get_args(element))
    return msgspec.json.Decoder(answer)


def unwrapped(body: bytes | msgspec.Raw) -> bytes | msgspec.Raw:
    """The one element of an array, or what is no array of one as it is."""
    if not bytes(body).startswith(b"["):
        return body
    elements = msgspec.json.decode(body, type=tuple[msgspec.Raw, ...])
    return elements[0] if len(elements) == 1 else body
