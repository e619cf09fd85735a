"""What each environment serves, as tables: what has no twin there is refused before it is sent (ENV-4).

Sources: official pages *Market Data Only*, *Spot Testnet General Info*, *Demo Mode*; for Binance.US the
*REST API* page of its own documentation. Only what is certain is refused.
"""

import msgspec

from surefoot.spot.request import Endpoint


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What a venue serves. `only` names the REST paths that there are (None: all), `lacks` the beginnings of
    those that there are not. `takes` are the kinds of keys that it knows, and `microseconds` is whether it
    can say its times in them. `source` is where that is written.
    """

    only: frozenset[str] | None = None
    lacks: tuple[str, ...] = ()
    takes: tuple[str, ...] = ("HMAC", "RSA", "Ed25519")
    microseconds: bool = True
    source: str = "the official documentation"

    def serves(self, endpoint: Endpoint) -> bool:
        """Whether there is such an endpoint; those of the WebSocket API alone go by its URL."""
        path = endpoint.path
        if not path:
            return True
        return (self.only is None or path in self.only) and not path.startswith(self.lacks)


EVERYTHING = Offer()

NO_WALLET = Offer(lacks=("/sapi/",), source="the page Spot Testnet General Info, and Demo Mode's")
"""The whole of ``/api``, and nothing of ``/sapi``."""

MARKET_DATA = Offer(
    only=frozenset(
        {
            "/api/v3/ping",
            "/api/v3/time",
            "/api/v3/exchangeInfo",
            "/api/v3/depth",
            "/api/v3/trades",
            "/api/v3/aggTrades",
            "/api/v3/klines",
            "/api/v3/uiKlines",
            "/api/v3/avgPrice",
            "/api/v3/ticker",
            "/api/v3/ticker/24hr",
            "/api/v3/ticker/price",
            "/api/v3/ticker/bookTicker",
        }
    ),
    takes=(),
    source="the page Market Data Only",
)

UNITED_STATES = Offer(
    lacks=(
        "/api/v3/orderList/",  # the old POST order/oco is what there is; lists are read and cancelled as ever
        "/api/v3/sor/",
        "/api/v3/order/amend",  # amend/keepPriority and amendments
        "/api/v3/account/commission",
        "/api/v3/myAllocations",
        "/api/v3/myFilters",
        "/api/v3/uiKlines",
        "/api/v3/ticker/tradingDay",
        "/api/v3/referencePrice",  # and its calculation
        "/api/v3/executionRules",
        "/api/v3/historicalBlockTrades",
    ),
    takes=("HMAC",),
    microseconds=False,
    source="its documentation (binance-us-api-docs, 2024-06)",
)
