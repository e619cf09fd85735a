"""What was asked, and whether it can change anything: by method and path, or by what a client calls it.

What cannot be told is taken for a write: nobody orders twice because a read was taken too seriously.
"""

import re
from enum import StrEnum
from types import MappingProxyType

import msgspec

from surefoot.spot import (
    account,
    account_history,
    account_rates,
    general,
    market,
    market_klines,
    market_prices,
    market_tickers,
    market_trades,
    order_list_oco,
    order_list_oto,
    order_lists,
    order_replace,
    session,
    sor,
    trade,
)
from surefoot.spot.request import Request

_CHAPTERS = (
    account,
    account_history,
    account_rates,
    general,
    market,
    market_klines,
    market_prices,
    market_tickers,
    market_trades,
    order_list_oco,
    order_list_oto,
    order_lists,
    order_replace,
    session,
    sor,
    trade,
)


class Kind(StrEnum):
    """What a request is about; only the last ones can change an account."""

    READ = "read"
    TEST = "test"
    STREAM = "stream"
    CANCEL = "cancel"
    WRITE = "write"
    OPEN = "open"


class Call(msgspec.Struct, frozen=True):
    """What was asked, as far as it is known. `path` is what follows the version, such as ``order/test``."""

    kind: Kind = Kind.OPEN
    method: str | None = None
    path: str | None = None
    host: str | None = None

    @property
    def harmless(self) -> bool:
        """Whether it changes nothing, so that its outcome is irrelevant."""
        return self.kind in {Kind.READ, Kind.TEST, Kind.STREAM}

    @property
    def words(self) -> str:
        """Method and path, as far as they are known."""
        return " ".join(word for word in (self.method, self.path) if word)


_REST_VERBS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"})
_VERSIONED = re.compile(r"/(?:s?api|dapi|fapi|eapi|papi)/v\d+/(.*)")
_OURS = re.compile(r"(?:^|/)api/v\d+/")
_TESTS = frozenset({"order/test", "sor/order/test", "order.test", "sor.order.test"})
_STREAMS = frozenset({"userDataStream", "userDataStream/isolated"})


def _endpoints() -> dict[str, bool]:
    """WebSocket methods and paths, and whether any request of that name changes something."""
    kinds = [
        kind
        for chapter in _CHAPTERS
        for kind in vars(chapter).values()
        if isinstance(kind, type) and issubclass(kind, Request) and hasattr(kind, "endpoint")
    ]
    known = {kind.endpoint.ws_method: kind.endpoint.mutates for kind in kinds if kind.endpoint.ws_method}
    for kind in kinds:
        path = short_path(kind.endpoint.path)
        if path:
            known[path] = known.get(path, False) or kind.endpoint.mutates
    return known


def short_path(path: str) -> str:
    """What follows the version; a path without one as it is, without slashes and query."""
    path = re.sub(r"^[a-z]+://[^/]*", "", path.strip()).split("?")[0].split("#")[0].rstrip(".,;:)]}")
    found = _VERSIONED.search(path)
    return (found[1] if found else re.sub(r"^/?v\d+/", "", path)).strip("/")


_MUTATES = MappingProxyType(_endpoints())


def call_of(method: str | None, path: str | None, host: str | None = None) -> Call:
    """The call of a method and a path, both of which may be unknown; a WebSocket API method may be either."""
    verb = (method or "").strip().upper()
    if verb and verb not in _REST_VERBS:
        return _ws_call((method or "").strip(), host) if path is None else call_of(None, path, host)
    if path is None:
        return Call(_by_verb(verb), verb or None, None, host)
    if "." in path and "/" not in path:
        return _ws_call(path.strip(), host)
    short = short_path(path)
    return Call(_rest_kind(verb, path, short), verb or None, short or None, host)


def _ws_call(name: str, host: str | None) -> Call:
    bare = name.removeprefix("v3/")
    if bare in _TESTS:
        kind = Kind.TEST
    elif bare.startswith(("session.", "userDataStream.")) or bare in {
        "SUBSCRIBE",
        "UNSUBSCRIBE",
        "LIST_SUBSCRIPTIONS",
    }:
        kind = Kind.STREAM
    else:
        kind = _written(bare) if _MUTATES.get(bare, True) else Kind.READ
    return Call(kind, None, bare, host)


def _by_verb(verb: str) -> Kind:
    if verb in {"GET", "HEAD", "OPTIONS"}:
        return Kind.READ
    return Kind.WRITE if verb else Kind.OPEN


def _rest_kind(verb: str, path: str, short: str) -> Kind:
    if short in _TESTS:
        return Kind.TEST
    if short in _STREAMS:
        return Kind.STREAM
    kind = _by_verb(verb)
    foreign = _VERSIONED.search(path) is not None and _OURS.search(path) is None
    if kind is Kind.OPEN and not foreign and not _MUTATES.get(short, True):
        return Kind.READ
    if kind is Kind.WRITE and (verb == "DELETE" or short.endswith("cancel")):
        return Kind.CANCEL
    return kind


def _written(name: str) -> Kind:
    return Kind.CANCEL if "cancel" in name and "Replace" not in name else Kind.WRITE


# What clients call it: functions in tracebacks, words in logs.
_WRITES = re.compile(
    r"\b(?:(?:create|edit|place|submit|send|cancel|replace|amend|new)_?(?!_?test)\w*orders?(?:async|list|s)?"
    r"|order_(?:limit|market|oco|place)\w*|create_\w*orders?_\w+|cancel_and_replace|cancel_?replace\w*"
    r"|market_?(?:buy|sell)|sor_place|(?:buy|sell)(?=\()|(?:open|close)_(?:trade|position)|withdraw|transfer"
    r"|create_stoploss|private_?(?:post|put|delete)\w*)\b"
    r"|Could not (?:place|create|cancel)\b|\bexecut(?:e|ing) (?:\w+ ){0,2}trade"
    r"|\b(?:(?:plac|creat|replac)(?:e|ing)|(?:cancell?|amend|edit|submitt?)(?:ing)?) (?:\w+ ){0,3}order"
    r"|\b(?:submit|send|sending|post|posting|buy|sell|market|limit|new) order\b"
    r"|\border (?:failed|timed out|not placed)"
    r"|execute_(?:entry|exit|trade_exit)",
    re.IGNORECASE,
)
_SENDS = re.compile(
    r"\b_?(?:post|put|delete)\(|[\"'](?:POST|PUT|DELETE|post|put|delete)[\"'],"
    r"|\bin (?:\w+_)?(?:buy|sell)(?:_\w+)?\b"
)
_CANCELS = re.compile(
    r"\bcancel_(?!replace)\w*orders?\w*|\bcancelOrder\b|Could not cancel\b"
    r"|\bcancel(?:l?ing)? (?:\w+ ){0,3}order",
    re.IGNORECASE,
)
_FETCHES = (
    r"fetch_(?!rest)[a-z]\w+|fetch(?!Request|Response)[A-Z]\w+|load_markets|loadMarkets|reload_markets|watch_[a-z]\w+|watch[A-Z]\w+"
    r"|get_(?:account\w*|\w*klines\w*|historical_\w+|order_book|server_time|exchange_info|symbol_\w+|all_\w+|open_orders?|order"
    r"|my_trades|tickers?|ticker_\w+|asset_balance|recent_trades|aggregate_trades|avg_price|orderbook_tickers?|trade_fee"
    r"|system_status|balances?|fee|rate)|_async_get_\w+|exchange_?[iI]nfo|create_test_order|order_test|new_order_test|klines"
    r"|ui_klines|ticker_price|ticker_24hr|book_ticker|server_time"
    r"|get(?:Account|MyTrades|OrderBook|OrderStatus|OpenOrders|AllOrders|CandlestickBars|ServerTime|ExchangeInfo"
    r"|AllPrices|Price|Trades|AggTrades|BookTickers)"
)
_READS = re.compile(
    rf"\bin (?:\w+\.)*(?:{_FETCHES})(?![\w.])|\b(?:{_FETCHES})\(|\bCould not (?:get|fetch|load)\b"
    r"|Error in reload_markets|\b_get\("
)
_SESSIONS = re.compile(r"\buserDataStream\.(?:un)?subscribe|\bsession\.(?:logon|logout|status)\b")
_SOCKET = re.compile(
    r"web ?socket|wss?:|ConnectionClosed|close (?:code|frame)|\b1(?:00[0-9]|01[0-5])\b", re.IGNORECASE
)
_LISTENS = re.compile(
    r"stream\.binance\.|data-stream\.binance|stream\.testnet|demo-stream|/stream\?|streams=|@(?:trade|aggTrade|kline|depth"
    r"|ticker|bookTicker|miniTicker|avgPrice)\b|user[_ ]?data[_ ]?stream|user[_ ](?:socket|stream)"
    r"|listen ?key|BinanceSocketManager"
    r"|keepalive_websocket|market[_ ]stream|!ticker|!miniTicker|websocket_streams"
    r"|websocket connection was closed"
    r"|order_book_data_source|watch_(?!order)[a-z]\w+\(",
    re.IGNORECASE,
)
_TALKS = re.compile(
    r"ws-api|ws_api|websocket_api|order\.(?:place|cancel)|orderList\.|sor\.order", re.IGNORECASE
)


def call_in_words(text: str) -> Call:
    """What was asked, told by the names of functions and by the words of a log."""
    if _WRITES.search(text) or _SENDS.search(text):
        return Call(Kind.CANCEL if _CANCELS.search(text) and "create_" not in text else Kind.WRITE)
    if _TALKS.search(text):
        return Call()
    if _SESSIONS.search(text):
        return Call(Kind.STREAM)
    if _READS.search(text):
        return Call(Kind.READ)
    return Call(Kind.STREAM) if _LISTENS.search(text) and _SOCKET.search(text) else Call()


def graver(one: Call, other: Call) -> Call:
    """The call that can do more, where two are told; what is not told at all does not count."""
    if one.kind is other.kind:
        return one if one.path or not other.path else other
    if Kind.OPEN in {one.kind, other.kind}:
        return other if one.kind is Kind.OPEN else one
    return max(one, other, key=lambda call: list(Kind).index(call.kind))
