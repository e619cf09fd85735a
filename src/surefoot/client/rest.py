"""REST as this client speaks it: the desk's key on the codec's text, in HTTP bytes (pure)."""

from typing import Any

from surefoot.client.desk import Desk
from surefoot.codec import rest
from surefoot.codec.rest import SignedRequest
from surefoot.errors import Misuse
from surefoot.net.http1 import header_block, request_bytes
from surefoot.spot.request import Request
from surefoot.wire import parse_url

_AGENT = "surefoot/0.1"
_READ_MS = 10_000


def read_ms(spelled: SignedRequest, total_ms: float) -> float:
    """The longest silence to bear: 10 s for a read; for a write as long as it may take (ENV-3)."""
    return _READ_MS if spelled.method == "GET" else total_ms


class RestSpelling:
    """Spells requests for one desk. The header lines never change, so they are made once; `base` is the path
    before ``/api/v3``.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.origin, self.base = parse_url(desk.environment.rest)
        common = {"Host": self.origin.authority, "User-Agent": _AGENT, "Accept-Encoding": "gzip"}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        key = {"X-MBX-APIKEY": desk.key.api_key.reveal()} if desk.key else {}
        self._public = header_block(common)
        self._keyed = header_block(common | key)
        self._keyed_form = header_block(common | key | form)

    def spell(self, request: Request[Any], recv_window_ms: int | None) -> SignedRequest:
        """The request's text, stamped and signed now if it needs a signature."""
        endpoint = request.endpoint
        if not endpoint.path:
            raise Misuse(
                f"{endpoint.ws_method} exists on the WebSocket API only; send it over client.session()"
            )
        if not endpoint.signed:
            return rest.unsigned(request, self.base)
        key, clock = self._desk.signing_key(request), self._desk.clock
        window_ms = clock.window_ms(recv_window_ms)
        return rest.signed(request, key.signer, self._desk.now_ms(), window_ms, self.base)

    def http(self, spelled: SignedRequest) -> bytes:
        """The whole HTTP request."""
        if spelled.body:
            return request_bytes(spelled.method, spelled.target, self._keyed_form, spelled.body)
        block = self._keyed if spelled.payload else self._public
        return request_bytes(spelled.method, spelled.target, block, b"")
