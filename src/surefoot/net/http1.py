"""HTTP/1.1 as bytes, both roles: spelled here, parsed by httptools. No socket, no clock."""

import zlib
from collections.abc import Mapping
from http import HTTPStatus

import httptools
import msgspec

from surefoot.errors import ProtocolViolation
from surefoot.net.limits import Limits
from surefoot.wire import HttpRequest, HttpResponse

_NO_BODY = frozenset({204, 304})
_CONTINUE, _SWITCHING, _OK = 100, 101, 200
_REASONS = {status.value: status.phrase for status in HTTPStatus}


class TooLarge(ProtocolViolation):
    """A head or a body beyond the limits; `status` is what a server answers (431 or 413)."""

    def __init__(self, what: str, status: int) -> None:
        super().__init__(f"{what} is larger than allowed")
        self.status = status


def header_block(headers: Mapping[str, str]) -> bytes:
    """Header lines, ready to stand in every request that shares them; raises `ProtocolViolation` on
    line breaks.
    """
    block = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    if block.count("\r") + block.count("\n") != 2 * len(headers):
        raise ProtocolViolation("a header holds a line break")
    return block.encode("latin-1")


def request_bytes(method: str, target: str, block: bytes, body: bytes) -> bytes:
    """One whole request: `target` goes out exactly as given."""
    length = b"Content-Length: %d\r\n\r\n" % len(body) if body or method in {"POST", "PUT"} else b"\r\n"
    return b"%b %b HTTP/1.1\r\n%b%b%b" % (method.encode(), target.encode("ascii"), block, length, body)


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
    """What the two parsers share: headers and body of one message, within the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._unfinished_bytes = 0
        self._start()

    def _start(self) -> None:
        self._headers: dict[str, str] = {}
        self._head_bytes = 0
        self._body = bytearray()
        self._complete = False
        self._in_body = False

    def on_message_begin(self) -> None:
        self._start()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count_head(len(name) + len(value))
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def on_headers_complete(self) -> None:
        self._in_body = True

    def on_body(self, data: bytes) -> None:
        if len(self._body) + len(data) > self._limits.max_body_bytes:
            raise TooLarge("the body", 413)
        self._body += data

    def on_message_complete(self) -> None:
        self._complete = True

    def _count_unfinished(self, size: int) -> None:
        """Bytes of a head that is still incomplete: a header line without an end must not grow for ever."""
        if self._in_body or self._complete:
            self._unfinished_bytes = 0
            return
        self._unfinished_bytes += size
        if self._unfinished_bytes > self._limits.max_head_bytes:
            raise TooLarge("the head", 431)

    def _count_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > self._limits.max_head_bytes:
            raise TooLarge("the head", 431)


class ResponseParser(_Message):
    """Reads one response at a time. `keep_alive` tells whether the connection may serve another."""

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        super().__init__(limits)
        self._parser = httptools.HttpResponseParser(self)
        self._done: HttpResponse | None = None
        self.keep_alive = False
        self.started = False

    def feed(self, data: bytes) -> HttpResponse | None:
        """The response once it is whole; raises `ProtocolViolation` on anything that is not one."""
        self.started = True
        if self._done is not None:
            raise ProtocolViolation("more came than was asked for")
        _feed(self._parser, data)
        self._count_unfinished(len(data))
        return self._done

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status == _CONTINUE:
            return
        if self._done is not None:
            raise ProtocolViolation("more came than was asked for")
        self.keep_alive = self._parser.should_keep_alive()
        self._done = HttpResponse(status, self._headers, self._plain_body())

    def finish(self) -> HttpResponse | None:
        """The connection ended: a response whose body lasts until then is whole now; else None."""
        lasts = not {"content-length", "transfer-encoding"} & self._headers.keys()
        if self._done is None and self._in_body and lasts:
            self._done = HttpResponse(self._parser.get_status_code(), self._headers, self._plain_body())
        return self._done

    def _plain_body(self) -> bytes:
        body = bytes(self._body)
        if self._headers.get("content-encoding", "identity") not in {"gzip", "deflate"} or not body:
            return body
        inflate = zlib.decompressobj(wbits=47)
        try:
            plain = inflate.decompress(body, self._limits.max_body_bytes)
        except zlib.error as error:
            raise ProtocolViolation(f"a compressed body cannot be read: {error}") from None
        if inflate.unconsumed_tail:
            raise TooLarge("the decompressed body", 413)
        if not inflate.eof:
            raise ProtocolViolation("a compressed body is cut short")
        return plain


class Arrival(msgspec.Struct, frozen=True):
    """One request a server received, and whether the connection goes on after it."""

    request: HttpRequest
    keep_alive: bool
    upgrade: bool = False


class RequestParser(_Message):
    """Reads requests, several at a time when they are pipelined."""

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        super().__init__(limits)
        self._parser = httptools.HttpRequestParser(self)
        self._target = b""
        self._arrived: list[Arrival] = []

    def on_message_begin(self) -> None:
        self._start()
        self._target = b""

    def on_url(self, url: bytes) -> None:
        self._count_head(len(url))
        self._target += url

    def on_message_complete(self) -> None:
        method = self._parser.get_method().decode("ascii")
        try:
            target = self._target.decode("ascii")
        except UnicodeDecodeError:
            raise ProtocolViolation("the request target is not ASCII") from None
        request = HttpRequest(method, target, self._headers, bytes(self._body))
        self._arrived.append(
            Arrival(request, self._parser.should_keep_alive(), bool(self._parser.should_upgrade()))
        )
        self._in_body = False
        self._complete = True

    def feed(self, data: bytes) -> list[Arrival]:
        """The requests that are whole now; raises `ProtocolViolation` (`TooLarge` beyond the limits)."""
        _feed(self._parser, data)
        self._count_unfinished(len(data))
        arrived, self._arrived = self._arrived, []
        return arrived


def _feed(parser: httptools.HttpRequestParser | httptools.HttpResponseParser, data: bytes) -> None:
    try:
        parser.feed_data(data)
    except httptools.HttpParserUpgrade:
        return
    except httptools.HttpParserCallbackError as error:
        inner = error.__context__
        raise inner if isinstance(inner, ProtocolViolation) else ProtocolViolation(str(error)) from None
    except httptools.HttpParserError as error:
        raise ProtocolViolation(f"not HTTP/1.1: {error}") from None
