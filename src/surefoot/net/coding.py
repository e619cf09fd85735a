"""Content codings: gzip and deflate read within bounds, gzip made for those who ask."""

import re
import zlib
from collections.abc import Mapping

from surefoot.errors import ProtocolViolation
from surefoot.wire import HttpRequest, HttpResponse

LARGE_BYTES = 4_096
"""Smaller bodies fit a few packets anyway."""

_CODINGS = frozenset({"gzip", "x-gzip", "deflate"})
_ANY_WBITS, _GZIP_WBITS, _FAST = 47, 31, 1
_REFUSED = re.compile(r"q=0(\.0{0,3})?")
_OK = 200


class TooLarge(ProtocolViolation):
    """A head or a body beyond the limits; `status` is what a server answers (431 or 413)."""

    def __init__(self, what: str, status: int) -> None:
        super().__init__(f"{what} is larger than allowed")
        self.status = status


def is_coded(coding: str) -> bool:
    """Whether a ``Content-Encoding`` of that text can be undone here."""
    return coding.lower() in _CODINGS


def inflated(body: bytes, most: int) -> bytes:
    """A gzip or deflate body as it was; raises `TooLarge` before more than `most` bytes are made of it, and
    `ProtocolViolation` for anything but one whole stream.
    """
    inflate = zlib.decompressobj(wbits=_ANY_WBITS)
    try:
        plain = inflate.decompress(body, most + 1)
    except zlib.error as error:
        raise ProtocolViolation(f"a compressed body cannot be read: {error}") from None
    if len(plain) > most:
        raise TooLarge("the decompressed body", 413)
    if not inflate.eof or inflate.unused_data:
        raise ProtocolViolation("a compressed body is cut short, or something follows it")
    return plain


def compressed(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """The same answer in gzip, where it is large and whoever asks takes gzip."""
    if len(response.body) < LARGE_BYTES or response.status != _OK or not takes_gzip(request.headers):
        return response
    deflate = zlib.compressobj(_FAST, wbits=_GZIP_WBITS)
    body = deflate.compress(response.body) + deflate.flush()
    headers = {**response.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return HttpResponse(response.status, headers, body)


def takes_gzip(headers: Mapping[str, str]) -> bool:
    """Whether ``Accept-Encoding`` (names in lower case) asks for gzip: RFC 9110, section 12.5.3."""
    for choice in headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = choice.partition(";")
        if coding.strip() in {"gzip", "x-gzip"}:
            return not _REFUSED.fullmatch(weight.strip())
    return False
