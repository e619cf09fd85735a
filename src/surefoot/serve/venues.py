"""Venues: Binance itself, and those that differ from it in what they offer and how they say it.

`binance-us` follows the official pages of its own repository (2023-09 to 2024-06): 33 requests on REST, their
twins on the WebSocket API, listen keys, HMAC keys only; and what has been seen there since: apiRestrictions,
and subscriptions by signature on the WebSocket API.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from surefoot.errors import Misuse
from surefoot.serve.chapters import listen_keys
from surefoot.serve.chapters.market import INTERVALS
from surefoot.serve.denial import Denial
from surefoot.serve.route import Route
from surefoot.serve.routes import REMOVED_METHODS, REMOVED_PATHS, ROUTES

VenueName = Literal["binance", "testnet", "demo", "binance-us"]

_V3 = "v3/"


class Venue(msgspec.Struct, frozen=True, kw_only=True):
    """What an exchange offers. `rest` finds its routes by method and path, `ws_api` by method.

    `removed_paths` and `removed_methods` answer 410. Streams whose kind begins like one of `no_streams` are
    unknown. Without `retry_after_on_orders`, -1015 does not say how long to wait. Times in microseconds are
    for `microseconds` only; `hmac_only`: keys of other kinds do not exist.
    """

    name: str
    rest: Mapping[tuple[str, str], Route]
    ws_api: Mapping[str, Route]
    removed_paths: frozenset[str] = REMOVED_PATHS
    removed_methods: frozenset[str] = REMOVED_METHODS
    no_streams: tuple[str, ...] = ()
    retry_after_on_orders: bool = True
    microseconds: bool = True
    hmac_only: bool = False
    ping_every_ms: float = 20_000
    pong_timeout_ms: float = 60_000

    def rest_route(self, method: str, path: str) -> Route | None:
        """The operation behind a method and a path, if it exists here."""
        return self.rest.get((method, path))

    def ws_route(self, method: str) -> Route | None:
        """The operation behind a WebSocket API method, with or without the ``v3/`` prefix."""
        return self.ws_api.get(method.removeprefix(_V3))

    def told(self, limited: Denial) -> Denial:
        """A -1015 as this venue says it."""
        if self.retry_after_on_orders:
            return limited
        return Denial(limited.code, limited.message, status=limited.status)

    def has_stream(self, text: str) -> bool:
        """Whether a stream of that name may exist here."""
        kind = text.removeprefix("!").partition("@")[0] if text.startswith("!") else text.partition("@")[2]
        return not kind.startswith(self.no_streams) if self.no_streams else True


def _venue(name: str, routes: Iterable[Route]) -> Venue:
    known = tuple(routes)
    return Venue(
        name=name,
        rest={(route.method, route.path): route for route in known if route.path},
        ws_api={route.operation: route for route in known if route.on_ws_api},
    )


def _without(*operations: str) -> list[Route]:
    return [route for route in ROUTES if route.operation not in operations]


_OF_US = frozenset(
    {
        *("ping", "time", "exchangeInfo", "depth", "trades.recent", "trades.historical", "trades.aggregate"),
        *("klines", "avgPrice", "ticker.24hr", "ticker.price", "ticker.book", "ticker"),
        *("order.place", "order.test", "order.status", "order.cancel", "order.cancelReplace"),
        *("openOrders.cancelAll", "openOrders.status", "allOrders", "orderList.place", "orderList.cancel"),
        *("orderList.status", "allOrderLists", "openOrderLists.status", "account.status", "myTrades"),
        *("account.rateLimits.orders", "myPreventedMatches", "account.apiRestrictions"),
        *("userDataStream.subscribe.signature", "userDataStream.unsubscribe", "session.subscriptions"),
    }
)


def _us_routes() -> list[Route]:
    """As elsewhere, but for 1s klines, and old trades that ask for a key."""
    routes = []
    for route in ROUTES:
        if route.operation == "klines":
            intervals = tuple(name for name in INTERVALS if name != "1s")
            changed = [
                msgspec.structs.replace(one, choices=intervals) if one.name == "interval" else one
                for one in route.parameters
            ]
            routes.append(msgspec.structs.replace(route, parameters=tuple(changed)))
        elif route.operation == "trades.historical":
            routes.append(msgspec.structs.replace(route, key_only=True))
        elif route.operation in _OF_US:
            routes.append(route)
    return [*routes, *listen_keys.ROUTES]


BINANCE = _venue("binance", ROUTES)
TESTNET = _venue("testnet", _without("account.apiRestrictions", "orderList.place"))
DEMO = _venue("demo", _without("account.apiRestrictions"))
BINANCE_US = msgspec.structs.replace(
    _venue("binance-us", _us_routes()),
    removed_paths=frozenset(),
    removed_methods=frozenset(),
    no_streams=("kline_1s", "avgPrice", "referencePrice", "blockTrade"),
    retry_after_on_orders=False,
    microseconds=False,
    hmac_only=True,
    ping_every_ms=180_000,
    pong_timeout_ms=600_000,
)
VENUES: Mapping[str, Venue] = {venue.name: venue for venue in (BINANCE, TESTNET, DEMO, BINANCE_US)}


def venue_named(name: str) -> Venue:
    """The venue of that name; raises `Misuse`."""
    try:
        return VENUES[name]
    except KeyError:
        raise Misuse(f"venue {name!r} is not known; there are {', '.join(VENUES)}") from None
