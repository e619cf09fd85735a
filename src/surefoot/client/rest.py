"""REST as this client speaks it: the desk's key on the codec's text, in HTTP bytes (pure)."""

from collections.abc import Mapping
from typing import Any

from surefoot.client.desk import Desk
from surefoot.codec import rest
from surefoot.codec.rest import SignedRequest
from surefoot.errors import Misuse
from surefoot.net.http1 import header_block, request_bytes
from surefoot.spot.environments import Environment
from surefoot.spot.request import Request
from surefoot.wire import Origin, parse_url

_AGENT = "surefoot/0.1"
_READ_MS = 10_000


def read_ms(spelled: SignedRequest, total_ms: float) -> float:
    """The longest silence to bear: 10 s for a read; for a write as long as it may take (ENV-3)."""
    return _READ_MS if spelled.method == "GET" else total_ms


class RestSpelling:
    """Spells requests for one desk. The header lines never change, so they are made once for each of its
    `origins`, the preferred one first; `base` is the path before ``/api/v3``.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.origins, self.base = origins_of(desk.environment)
        key = {"X-MBX-APIKEY": desk.key.api_key.reveal()} if desk.key else {}
        self.hosts = [origin.authority for origin in self.origins]
        self._blocks = [_Blocks(origin, key) for origin in self.origins]

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

    def http(self, spelled: SignedRequest, host: int = 0) -> bytes:
        """The whole HTTP request, for one of the `origins`."""
        blocks = self._blocks[host]
        if spelled.body:
            return request_bytes(spelled.method, spelled.target, blocks.keyed_form, spelled.body)
        block = blocks.keyed if spelled.payload else blocks.public
        return request_bytes(spelled.method, spelled.target, block, b"")


class _Blocks:
    """The header lines of requests to one origin."""

    def __init__(self, origin: Origin, key: Mapping[str, str]) -> None:
        common = {"Host": origin.authority, "User-Agent": _AGENT, "Accept-Encoding": "gzip"}
        self.public = header_block(common)
        self.keyed = header_block({**common, **key})
        self.keyed_form = header_block({**common, **key, "Content-Type": "application/x-www-form-urlencoded"})


def origins_of(environment: Environment) -> tuple[tuple[Origin, ...], str]:
    """Where an environment's REST API is, the preferred origin first, and the path before ``/api/v3``."""
    parsed = [parse_url(url) for url in environment.urls("rest")]
    return tuple(origin for origin, _ in parsed), parsed[0][1]
