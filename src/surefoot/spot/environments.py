"""Environments: one object holds all URLs of a venue, so that nothing points elsewhere (ENV-1).

Source: official pages *General API Information*, *WebSocket API*, *WebSocket Streams*, *Market Data Only*,
*Spot Testnet General Info*, *Demo Mode*; Binance.US has pages of its own.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from surefoot.errors import Forbidden, Misuse
from surefoot.spot.offers import EVERYTHING, MARKET_DATA, NO_WALLET, UNITED_STATES, Offer
from surefoot.spot.request import Endpoint

Urls = str | tuple[str, ...]
"""One URL, or several of the same place, the preferred one first."""


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """A venue and its URLs. `rest` is the base before ``/api/v3``; `ws_api` the whole WebSocket API URL;
    `streams` the base before ``/ws`` and ``/stream``; an empty one is a way that it does not have.

    `alternatives` are groups of URLs that lead to the same place: another of a URL's group is asked where
    it does not answer. `production` is True where real money moves; a host where it does is refused without.
    `offer` is what it serves.
    """

    name: str
    rest: str
    ws_api: str
    streams: str
    alternatives: tuple[tuple[str, ...], ...] = ()
    production: bool = False
    offer: Offer = EVERYTHING

    def __post_init__(self) -> None:
        for url in self._all():
            if not self.production and moves_money(url):
                raise Forbidden(f"{url} is production, and {self.name!r} is not; name a URL of {self.name!r}")
        for group in self.alternatives:
            if len({urlsplit(url).path.rstrip("/") for url in group}) > 1:
                raise Misuse(f"{', '.join(group)} differ in more than the host: they are not the same place")

    def with_urls(
        self, *, rest: Urls | None = None, ws_api: Urls | None = None, streams: Urls | None = None
    ) -> "Environment":
        """The same venue at other URLs, such as those of a private link; where several are given, the first
        is preferred. Raises `Forbidden` for a production host of a venue that is not production.
        """
        given = {"rest": rest, "ws_api": ws_api, "streams": streams}
        several = {name: (urls,) if isinstance(urls, str) else urls for name, urls in given.items() if urls}
        groups = tuple(group for group in several.values() if len(group) > 1)
        return msgspec.structs.replace(
            self,
            **{name: group[0] for name, group in several.items()},
            alternatives=(*groups, *self.alternatives),
        )

    def urls(self, way: str) -> tuple[str, ...]:
        """All URLs of a way (``rest``, ``ws_api``, ``streams``), the preferred one first; raises `Misuse`
        where the venue has none.
        """
        preferred: str = getattr(self, way)
        if not preferred:
            raise Misuse(f"{self.name} has no {_WAYS[way]}: nothing was sent; it serves {self._served()}")
        for group in self.alternatives:
            if preferred in group:
                return (preferred, *(url for url in group if url != preferred))
        return (preferred,)

    def must_serve(self, endpoint: Endpoint) -> None:
        """Raises `Misuse` for an endpoint that has no twin here."""
        if not self.offer.serves(endpoint):
            raise Misuse(
                f"{self.name} has no {endpoint.method} {endpoint.path}, says {self.offer.source}: nothing was"
                f" sent; it serves {self._served()}"
            )

    def must_take(self, kind: str) -> None:
        """Raises `Misuse` for a key of a kind that is not known here."""
        takes = self.offer.takes
        if kind not in takes:
            known = f"only keys of the kind {' or '.join(takes)}" if takes else "no keys: leave it out"
            raise Misuse(f"{self.name} takes {known}, and this one is {kind}: nothing was sent")

    def must_say_microseconds(self) -> None:
        """Raises `Misuse` where times come in milliseconds only."""
        if not self.offer.microseconds:
            raise Misuse(f"{self.name} says its times in milliseconds only: leave out microseconds")

    def _all(self) -> Iterator[str]:
        yield from (self.rest, self.ws_api, self.streams)
        for group in self.alternatives:
            yield from group

    def _served(self) -> str:
        only = self.offer.only
        return "everything else" if only is None else ", ".join(sorted(only))


_WAYS = {"rest": "REST API", "ws_api": "WebSocket API", "streams": "market streams"}


def moves_money(url: str) -> bool:
    """Whether a URL is one where real money moves: any host of Binance's that does not say it is the
    testnet, demo mode, or market data. Raises `Misuse` for what is no URL.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError as error:
        raise Misuse(f"{url!r} is not a URL ({error})") from None
    labels = host.lower().rstrip(".").split(".")
    harmless = "testnet" in labels or labels[0].startswith(("demo-", "data-"))
    return "binance" in labels and not harmless


_NUMBERED = tuple(f"https://api{number}.binance.com" for number in (1, 2, 3, 4))

PRODUCTION = Environment(
    name="production",
    rest="https://api.binance.com",
    ws_api="wss://ws-api.binance.com:443/ws-api/v3",
    streams="wss://stream.binance.com:9443",
    alternatives=(
        ("https://api.binance.com", "https://api-gcp.binance.com", *_NUMBERED),
        ("wss://ws-api.binance.com:443/ws-api/v3", "wss://ws-api.binance.com:9443/ws-api/v3"),
        ("wss://stream.binance.com:9443", "wss://stream.binance.com:443"),
    ),
    production=True,
)
"""Real money. Writes need `production_trading=True` besides."""

DATA_ONLY = Environment(
    name="data-only",
    rest="https://data-api.binance.vision",
    ws_api="",
    streams="wss://data-stream.binance.vision",
    offer=MARKET_DATA,
)
"""Production's market data, without keys, without the WebSocket API."""

TESTNET = Environment(
    name="testnet",
    rest="https://testnet.binance.vision",
    ws_api="wss://ws-api.testnet.binance.vision/ws-api/v3",
    streams="wss://stream.testnet.binance.vision",
    alternatives=(
        ("https://testnet.binance.vision", "https://api1.testnet.binance.vision"),
        (
            "wss://ws-api.testnet.binance.vision/ws-api/v3",
            "wss://ws-api.testnet.binance.vision:9443/ws-api/v3",
        ),
        ("wss://stream.testnet.binance.vision", "wss://stream.testnet.binance.vision:9443"),
    ),
    offer=NO_WALLET,
)
"""Play money; wiped about once a month."""

DEMO = Environment(
    name="demo",
    rest="https://demo-api.binance.com",
    ws_api="wss://demo-ws-api.binance.com/ws-api/v3",
    streams="wss://demo-stream.binance.com",
    alternatives=(("wss://demo-stream.binance.com", "wss://demo-stream.binance.com:9443"),),
    offer=NO_WALLET,
)
"""Demo mode: play money, the limits and about the prices of production."""

BINANCE_US = Environment(
    name="binance-us",
    rest="https://api.binance.us",
    ws_api="wss://ws-api.binance.us:443/ws-api/v3",
    streams="wss://stream.binance.us:9443",
    alternatives=(("wss://ws-api.binance.us:443/ws-api/v3", "wss://ws-api.binance.us:9443/ws-api/v3"),),
    production=True,
    offer=UNITED_STATES,
)
"""Binance.US: real money, its own listings and rules. Writes need `production_trading=True` besides."""

ENVIRONMENTS = {
    environment.name: environment for environment in (PRODUCTION, DATA_ONLY, TESTNET, DEMO, BINANCE_US)
}


LOCAL = "local"
"""The name of every embedded exchange."""


def local(rest: str, ws_api: str, streams: str) -> Environment:
    """The embedded exchange at the given URLs."""
    return Environment(name=LOCAL, rest=rest, ws_api=ws_api, streams=streams)


def named(name: str) -> Environment:
    """The environment called `name`; raises `Misuse` listing the names there are."""
    try:
        return ENVIRONMENTS[name]
    except KeyError:
        known = ", ".join(sorted(ENVIRONMENTS))
        raise Misuse(f"environment {name!r} is unknown; choose one of: {known}") from None
