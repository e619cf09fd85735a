"""HTTP/1.1 as bytes, both roles: spelled here, parsed by httptools. No socket, no clock."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from http import HTTPStatus

import httptools
import msgspec

from surefoot.errors import ProtocolViolation
from surefoot.net.coding import TooLarge, inflated, is_coded
from surefoot.net.limits import Limits
from surefoot.wire import Headers, HttpRequest, HttpResponse

_NO_BODY = frozenset({204, 304})
_SWITCHING, _OK = 101, 200
_MANY = 1_024  # a piece of a byte costs dozens: so many pieces are put together
_LINE_BYTES = 4  # colon, blank and line end of a header line
_PLAIN_STARTS = frozenset({b"{", b"[", b""})  # JSON, or nothing: no compressed body begins like that
_CODING = b"content-encoding"
_REASONS = {status.value: status.phrase for status in HTTPStatus}


def header_block(headers: Mapping[str, str]) -> bytes:
    """Header lines, ready to stand in every request that shares them; raises `ProtocolViolation` for what
    cannot stand in a header, such as a line break.
    """
    block = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    if block.count("\r") + block.count("\n") != 2 * len(headers) or "\0" in block:
        raise ProtocolViolation("a header holds a line break or a NUL")
    try:
        return block.encode("latin-1")
    except UnicodeEncodeError:
        raise ProtocolViolation("a header holds a character outside Latin-1") from None


def request_bytes(method: str, target: str, block: bytes, body: bytes) -> bytes:
    """One whole request: `target` goes out exactly as given; raises `ProtocolViolation` if it cannot."""
    if body:
        return b"%b%bContent-Length: %d\r\n\r\n%b" % (_kept_line(method, target), block, len(body), body)
    length = b"Content-Length: 0\r\n\r\n" if method in {"POST", "PUT"} else b"\r\n"
    return b"%b%b%b" % (_request_line(method, target), block, length)


def _request_line(method: str, target: str) -> bytes:
    if not (method.isalpha() and method.isascii()):
        raise ProtocolViolation(f"{method!r} is not an HTTP method")
    return b"%b %b HTTP/1.1\r\n" % (method.encode(), target_bytes(target))


_kept_line = lru_cache(maxsize=64)(_request_line)
"""What has a body says everything there, so its line is one of a few."""


def target_bytes(target: str) -> bytes:
    """The target as it goes out; raises `ProtocolViolation` for blanks, controls and what is not ASCII."""
    if not target or " " in target or not (target.isascii() and target.isprintable()):
        raise ProtocolViolation(f"the request target {target!r} is empty or not printable ASCII")
    return target.encode()


def encode_request(request: HttpRequest) -> bytes:
    """One whole request with its own headers."""
    return request_bytes(request.method, request.target, header_block(request.headers), request.body)


def encode_response(response: HttpResponse, keep_alive: bool = True, *, head_only: bool = False) -> bytes:
    """One whole response; bodies are never sent with 1xx, 204, 304 or to a HEAD request."""
    status = response.status
    start = f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}\r\n".encode()
    bare = status in _NO_BODY or status < _OK
    length = b"" if bare else b"Content-Length: %d\r\n" % len(response.body)
    close = b"" if keep_alive else b"Connection: close\r\n"
    body = b"" if bare or head_only else response.body
    return b"%b%b%b%b\r\n%b" % (start, header_block(response.headers), length, close, body)


class _Message:
    """What the two parsers share: the body of one message, and everything within the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._fruitless_bytes = self._pending_bytes = 0
        self._bore_fruit = self._in_body = False

    def _begin(self) -> None:
        self._pieces: list[bytes] = []
        self._begun = bytearray()
        self._body_bytes = 0
        self._in_body = False

    def on_body(self, data: bytes) -> None:
        self._pieces.append(data)
        self._body_bytes += len(data)
        if self._body_bytes > self._limits.max_body_bytes:
            raise TooLarge("the body", 413)
        self._bore_fruit = True
        if len(self._pieces) > _MANY:
            self._begun += b"".join(self._pieces)
            self._pieces.clear()

    def _body(self) -> bytes:
        return b"".join([self._begun, *self._pieces] if self._begun else self._pieces)

    def _head_done(self, lines: Iterable[tuple[bytes, bytes]], start_bytes: int = 0) -> None:
        if self._pending_bytes > self._limits.max_head_bytes:  # or there is nothing to add up
            size = start_bytes + sum(len(name) + len(value) + _LINE_BYTES for name, value in lines)
            if size > self._limits.max_head_bytes:
                raise TooLarge("the head", 431)
        self._in_body = self._bore_fruit = True

    def _count_fruitless(self) -> None:
        """A line without an end (of a head, a chunk or a trailer) must not grow for ever."""
        self._fruitless_bytes = 0 if self._bore_fruit else self._pending_bytes
        self._bore_fruit = False
        if self._fruitless_bytes > self._limits.max_head_bytes:
            raise TooLarge("the head", 431)


class ResponseParser(_Message):
    """Reads one response. `keep_alive` tells whether the connection may serve another.

    Say `bodyless` for the answer to a HEAD request: its length is that of a body which never comes.
    Of a header that is said twice the last line counts.
    """

    def __init__(self, limits: Limits = Limits(), *, bodyless: bool = False) -> None:  # noqa: B008 - frozen
        super().__init__(limits)
        self._fields: dict[bytes, bytes] = {}
        self.on_header = self._fields.__setitem__  # an answer to an order has a dozen: each costs one C call
        self._parser = httptools.HttpResponseParser(self)
        self._bodyless = bodyless
        self._done: HttpResponse | None = None
        self.keep_alive = False

    def feed(self, data: bytes) -> HttpResponse | None:
        """The response once it is whole; raises `ProtocolViolation` on anything that is not one.

        Whatever follows a whole response belongs to nobody: it costs the connection, not the response.
        """
        if self._done is not None:
            raise ProtocolViolation("more came than was asked for")
        self._pending_bytes = self._fruitless_bytes + len(data)
        try:
            _feed(self._parser, data)
        except ProtocolViolation:
            if self._done is None:
                raise
            self.keep_alive = False
        if self._done is None:
            self._count_fruitless()
        return self._done

    def on_message_begin(self) -> None:
        if self._done is not None:
            raise ProtocolViolation("more came than was asked for")
        self._fields.clear()
        self._begin()

    def on_headers_complete(self) -> None:
        self._head_done(self._fields.items())
        if self._bodyless and self._parser.get_status_code() >= _OK:
            self.keep_alive = self._parser.should_keep_alive()
            self._done = self._response(b"")

    def on_body(self, data: bytes) -> None:
        if self._done is not None:
            raise ProtocolViolation("a body came that nobody asked for")
        super().on_body(data)

    def on_message_complete(self) -> None:
        self._in_body = False
        status = self._parser.get_status_code()
        if self._done is not None or (status < _OK and status != _SWITCHING):
            return  # the end of what was whole already, or a word ahead of the real response
        self.keep_alive = self._parser.should_keep_alive() and status != _SWITCHING
        self._done = self._response(self._plain_body())

    def finish(self) -> HttpResponse | None:
        """The connection ended: a response whose body lasts until then is whole now; else None.

        Raises `ProtocolViolation` when that body cannot be read.
        """
        lasts = not {b"content-length", b"transfer-encoding"} & {name.lower() for name in self._fields}
        if self._done is None and self._in_body and lasts:
            self._done = self._response(self._plain_body())
        return self._done

    def _response(self, body: bytes) -> HttpResponse:
        return HttpResponse(self._parser.get_status_code(), Headers(self._fields), body)

    def _plain_body(self) -> bytes:
        body = self._body()
        if body[:1] in _PLAIN_STARTS:
            return body
        codings = [text.decode("latin-1") for name, text in self._fields.items() if name.lower() == _CODING]
        return inflated(body, self._limits.max_body_bytes) if any(map(is_coded, codings)) else body


class Arrival(msgspec.Struct, frozen=True):
    """One request a server received, and whether the connection goes on after it."""

    request: HttpRequest
    keep_alive: bool
    upgrade: bool = False


class RequestParser(_Message):
    """Reads requests, several at a time when they are pipelined.

    `tail` is what followed a request to upgrade, and `midway` whether a request has begun and not ended.
    """

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        super().__init__(limits)
        self._parser = httptools.HttpRequestParser(self)
        self._lines: list[tuple[bytes, bytes]] = []
        self._target = b""
        self._arrived: list[Arrival] = []
        self.midway = False
        self.tail = b""

    def on_message_begin(self) -> None:
        self._begin()
        self._lines, self._target = [], b""
        self.midway = True

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._lines.append((name, value))

    def on_headers_complete(self) -> None:
        self._head_done(self._lines, len(self._target))

    def on_message_complete(self) -> None:
        method = self._parser.get_method().decode("ascii")
        try:
            target = self._target.decode("ascii")
        except UnicodeDecodeError:
            raise ProtocolViolation("the request target is not ASCII") from None
        request = HttpRequest(method, target, Headers(self._lines), self._body())
        self._arrived.append(
            Arrival(request, self._parser.should_keep_alive(), bool(self._parser.should_upgrade()))
        )
        self._in_body = self.midway = False
        self._bore_fruit = True

    def feed(self, data: bytes) -> list[Arrival]:
        """The requests that are whole now; raises `ProtocolViolation` (`TooLarge` beyond the limits)."""
        self._pending_bytes = self._fruitless_bytes + len(data)
        upgraded_at = _feed(self._parser, data)
        if upgraded_at is not None:
            self.tail = data[upgraded_at:]
        self._count_fruitless()
        return self.taken()

    def taken(self) -> list[Arrival]:
        """The requests that were whole before `feed` raised; each is given once."""
        arrived, self._arrived = self._arrived, []
        return arrived


def _feed(parser: httptools.HttpRequestParser | httptools.HttpResponseParser, data: bytes) -> int | None:
    """Where another protocol begins, if it does."""
    try:
        parser.feed_data(data)
    except httptools.HttpParserUpgrade as upgrade:
        return int(upgrade.args[0])
    except httptools.HttpParserCallbackError as error:
        inner = error.__context__
        raise inner if isinstance(inner, ProtocolViolation) else ProtocolViolation(str(error)) from None
    except httptools.HttpParserError as error:
        raise ProtocolViolation(f"not HTTP/1.1: {error}") from None
    return None
