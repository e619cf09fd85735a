"""HTTP/1.1 as bytes: whatever the pieces, the same message; whatever the nonsense, one error."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.errors import ProtocolViolation
from surefoot.net.http1 import (
    RequestParser,
    ResponseParser,
    TooLarge,
    encode_request,
    encode_response,
    header_block,
    request_bytes,
)
from surefoot.net.limits import Limits
from surefoot.wire import HttpRequest, HttpResponse

SMALL = Limits(max_head_bytes=256, max_body_bytes=64)
ZIPPED = gzip.compress(b'{"a":1}', mtime=0)


def response(body: bytes, *heads: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *heads, "", ""]).encode() + body


RESPONSES = {
    "length": (response(b"hello", "Content-Length: 5"), b"hello"),
    "empty value": (response(b"hello", "X-Empty:", "Content-Length: 5"), b"hello"),
    "chunked": (
        response(b"3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nT: t\r\n\r\n", "Transfer-Encoding: chunked"),
        b"hello",
    ),
    "gzip": (response(ZIPPED, f"Content-Length: {len(ZIPPED)}", "Content-Encoding: GZIP"), b'{"a":1}'),
    "deflate": (response(zlib.compress(b"hi"), "Content-Length: 10", "Content-Encoding: deflate"), b"hi"),
    "no content": (response(b"", status="204 No Content"), b""),
    "continue": (response(b"", status="100 Continue") + response(b"hi", "Content-Length: 2"), b"hi"),
    "early hints": (response(b"", status="103 Early Hints") + response(b"hi", "Content-Length: 2"), b"hi"),
}


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_in_any_two_pieces_and_in_bytes(name: str) -> None:
    data, body = RESPONSES[name]
    cuts = [[data[:at], data[at:]] for at in range(1, len(data))]
    for pieces in [*cuts, [bytes([byte]) for byte in data], [data]]:
        parser = ResponseParser()
        *early, last = [parser.feed(piece) for piece in pieces]
        assert not any(early)
        assert last is not None
        assert last.body == body
        assert parser.keep_alive


def test_headers_are_lower_case_and_repeated_ones_are_joined() -> None:
    heard = ResponseParser().feed(response(b"", "X-A: 1", "x-a: 2", "E:", "Content-Length: 0"))
    assert heard is not None
    assert heard.headers == {"x-a": "1, 2", "e": "", "content-length": "0"}


def test_a_body_that_lasts_until_the_end() -> None:
    for data, body in [(response(b"abc"), b"abc"), (response(ZIPPED, "Content-Encoding: gzip"), b'{"a":1}')]:
        for at in range(1, len(data)):
            parser = ResponseParser()
            assert parser.feed(data[:at]) is None
            assert parser.feed(data[at:]) is None
            whole = parser.finish()
            assert whole is not None
            assert whole.body == body
            assert not parser.keep_alive


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200",
        response(b"hel", "Content-Length: 5"),
        response(b"3\r\nhel\r\n", "Transfer-Encoding: chunked"),
        response(b"", status="100 Continue"),
    ],
)
def test_an_end_before_the_end_is_no_response(data: bytes) -> None:
    parser = ResponseParser()
    assert parser.feed(data) is None
    assert parser.finish() is None


@pytest.mark.parametrize(
    "body", [ZIPPED[:-3], ZIPPED + b"x", b"not gzip", ZIPPED[:4]], ids=["cut", "more", "none", "head"]
)
def test_a_compressed_body_that_cannot_be_read(body: bytes) -> None:
    with pytest.raises(ProtocolViolation, match="compressed body"):
        ResponseParser().feed(response(body, f"Content-Length: {len(body)}", "Content-Encoding: gzip"))


@pytest.mark.parametrize("size", [64, 65])
def test_a_compressed_body_is_bounded_by_what_it_becomes(size: int) -> None:
    body = gzip.compress(b"a" * size)
    data = response(body, f"Content-Length: {len(body)}", "Content-Encoding: gzip")
    if size == 64:
        assert ResponseParser(SMALL).feed(data) is not None
        return
    with pytest.raises(TooLarge, match="decompressed"):
        ResponseParser(SMALL).feed(data)


@pytest.mark.parametrize(
    "surplus", [b"HTTP/1.1 200 OK\r\nX:", b"nonsense", response(b"", "Content-Length: 0")]
)
def test_surplus_costs_the_connection_and_not_the_response(surplus: bytes) -> None:
    parser = ResponseParser()
    heard = parser.feed(response(b"hi", "Content-Length: 2") + surplus)
    assert heard is not None
    assert heard.body == b"hi"
    assert not parser.keep_alive
    with pytest.raises(ProtocolViolation, match="more came"):
        parser.feed(b"x")


@pytest.mark.parametrize(
    ("data", "keeps"),
    [
        (response(b"", "Content-Length: 0"), True),
        (response(b"", "Content-Length: 0", "Connection: close"), False),
        (response(b"", "Content-Length: 0").replace(b"1.1", b"1.0"), False),
        (response(b"", "Upgrade: x", "Connection: upgrade", status="101 Switching Protocols"), False),
    ],
)
def test_whether_the_connection_may_serve_another(data: bytes, keeps: bool) -> None:
    parser = ResponseParser()
    assert parser.feed(data) is not None
    assert parser.keep_alive is keeps


def test_the_answer_to_head_has_a_length_and_no_body() -> None:
    parser = ResponseParser(bodyless=True)
    heard = parser.feed(response(b"", "Content-Length: 5"))
    assert heard is not None
    assert heard.body == b""
    assert parser.keep_alive
    parser = ResponseParser(bodyless=True)
    assert parser.feed(response(b"hello", "Content-Length: 5")) is not None
    assert not parser.keep_alive


REQUESTS = (
    b"GET /a?b=1 HTTP/1.1\r\nHost: h\r\n\r\n"
    b"POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
    b"POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
    b"HEAD /d HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
)


def test_pipelined_requests_in_any_two_pieces_and_in_bytes() -> None:
    cuts = [[REQUESTS[:at], REQUESTS[at:]] for at in range(1, len(REQUESTS))]
    for pieces in [*cuts, [bytes([byte]) for byte in REQUESTS], [REQUESTS]]:
        parser = RequestParser(SMALL)
        arrived = [one for piece in pieces for one in parser.feed(piece)]
        said = [(one.request.method, one.request.target, one.request.body, one.keep_alive) for one in arrived]
        assert said == [
            ("GET", "/a?b=1", b"", True),
            ("POST", "/b", b"abc", True),
            ("POST", "/c", b"abc", True),
            ("HEAD", "/d", b"", False),
        ]
        assert not parser.midway


def test_what_follows_an_upgrade_is_kept() -> None:
    parser = RequestParser()
    head = b"GET /ws HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n"
    (arrived,) = parser.feed(head + b"\x81\x00")
    assert arrived.upgrade
    assert parser.tail == b"\x81\x00"


def test_requests_before_nonsense_are_not_lost() -> None:
    parser = RequestParser()
    with pytest.raises(ProtocolViolation):
        parser.feed(b"GET /a HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n")
    assert [one.request.target for one in parser.taken()] == ["/a"]
    assert parser.taken() == []


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /" + b"a" * 300 + b" HTTP/1.1\r\n", 431),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 300, 431),
        (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 50, 431),
        (b"\r\n" * 200, 431),
        (b"POST / HTTP/1.1\r\nContent-Length: 65\r\n\r\n" + b"a" * 65, 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"20\r\n" + b"a" * 32 + b"\r\n", 0),
        (
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"20\r\n" + b"a" * 32 + b"\r\n") * 3,
            413,
        ),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 300, 431),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: " + b"x" * 300, 431),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_limits(head: bytes, status: int, step: int) -> None:
    """However slowly it comes, a head, a body, a chunk or a trailer does not grow for ever."""
    parser, found = RequestParser(SMALL), 0
    try:
        for at in range(0, len(head), step):
            parser.feed(head[at : at + step])
    except TooLarge as error:
        found = error.status
    if step == 10_000 and b"chunked" in head and status == 431:
        with pytest.raises(TooLarge):  # one read may hold more; the next one is counted
            parser.feed(b"x" * 300)
    else:
        assert found == status


def test_a_large_piece_with_the_begin_of_the_next_request_is_no_large_head() -> None:
    parser = RequestParser(SMALL)
    many = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n" * 50
    assert len(parser.feed(many + b"GET / HTT")) == 50
    assert len(parser.feed(b"P/1.1\r\n\r\n")) == 1


@pytest.mark.parametrize("text", ["a\r\nX: y", "a\nb", "a\rb", "a\0b", "\r\n\r\nGET / HTTP/1.1"])
def test_a_header_cannot_become_another(text: str) -> None:
    for headers in ({"X": text}, {text: "x"}):
        with pytest.raises(ProtocolViolation, match="line break"):
            header_block(headers)
        with pytest.raises(ProtocolViolation):
            encode_response(HttpResponse(200, headers))


def test_a_header_beyond_latin_1() -> None:
    assert header_block({"X": "é"}) == b"X: \xe9\r\n"
    with pytest.raises(ProtocolViolation, match="Latin-1"):
        header_block({"X": "€"})


@pytest.mark.parametrize("target", ["", "/a b", "/a\r\nX: y", "/a\tb", "/a\0", "/é", "/\x7f"])
def test_a_target_cannot_become_another_request(target: str) -> None:
    with pytest.raises(ProtocolViolation, match="target"):
        request_bytes("GET", target, b"", b"")


@pytest.mark.parametrize("method", ["", "GET /", "GET\r\n", "GÉT", "G T"])
def test_a_method_cannot_become_another_request(method: str) -> None:
    with pytest.raises(ProtocolViolation, match="method"):
        request_bytes(method, "/", b"", b"")


@pytest.mark.parametrize(
    ("status", "head_only", "tail"),
    [
        (200, False, b"Content-Length: 2\r\n\r\nhi"),
        (200, True, b"Content-Length: 2\r\n\r\n"),
        (204, False, b"204 No Content\r\n\r\n"),
        (304, False, b"304 Not Modified\r\n\r\n"),
        (799, False, b"799 Unknown\r\nContent-Length: 2\r\n\r\nhi"),
    ],
)
def test_responses_spelled(status: int, head_only: bool, tail: bytes) -> None:
    assert encode_response(HttpResponse(status, {}, b"hi"), head_only=head_only).endswith(tail)


TOKENS = st.text("abcXYZ0189-", min_size=1, max_size=8).map(lambda text: f"x-{text.lower()}")
VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=12)


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    target=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20).map(
        lambda text: "/" + text
    ),
    headers=st.dictionaries(TOKENS, VALUES, max_size=4),
    body=st.binary(max_size=40),
    step=st.integers(1, 50),
)
def test_what_is_spelled_is_read(
    method: str, target: str, headers: dict[str, str], body: bytes, step: int
) -> None:
    """Both roles understand each other, in pieces of any size."""
    sent = HttpRequest(method, target, headers, body)
    data, parser = encode_request(sent), RequestParser()
    arrived = [one for at in range(0, len(data), step) for one in parser.feed(data[at : at + step])]
    assert [(a.request.method, a.request.target, a.request.body) for a in arrived] == [(method, target, body)]
    assert headers.items() <= arrived[0].request.headers.items()
    data, reader = encode_response(HttpResponse(200, headers, body)), ResponseParser()
    heard = [reader.feed(data[at : at + step]) for at in range(0, len(data), step)]
    assert heard[-1] is not None
    assert heard[-1].body == body


PIECES = st.lists(
    st.one_of(
        st.binary(max_size=30),
        st.sampled_from(
            [
                b"GET / HTTP/1.1\r\n",
                b"HTTP/1.1 200 OK\r\n",
                b"Content-Length: 3\r\n",
                b"Transfer-Encoding: chunked\r\n",
                b"Content-Encoding: gzip\r\n",
                b"Connection: Upgrade\r\nUpgrade: websocket\r\n",
                b"\r\n",
                b"3\r\nabc\r\n",
                b"0\r\n\r\n",
                b"X: ",
                ZIPPED,
            ]
        ),
    ),
    max_size=12,
)


@given(PIECES)
def test_nonsense_raises_one_error_only(pieces: list[bytes]) -> None:
    for parser in (RequestParser(SMALL), ResponseParser(SMALL), ResponseParser(SMALL, bodyless=True)):
        try:
            for piece in pieces:
                parser.feed(piece)
            if isinstance(parser, ResponseParser):
                parser.finish()
        except ProtocolViolation:
            pass
