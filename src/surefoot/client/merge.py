"""What two connections of one stream say, told once and in order; and reports that come twice (pure).

Each connection tells one stretch of the same sequence, the old one the earlier. The old one's events are told
as they come (`passed`); of the next one's, what the old one told already is left out (`is_news`).
"""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

import msgspec

from surefoot.spot import events
from surefoot.spot.events import Event


class Said(msgspec.Struct, frozen=True):
    """One event of a connection. `stream` names the market stream it belongs to; `raw` is its payload where
    a caller's own decoder made the event of it, so that nothing is known about the event.
    """

    event: Event
    stream: str = ""
    raw: bytes | None = None


Position = int | tuple[int, int]

POSITIONS: Mapping[type[Event], Callable[[Any], Position]] = MappingProxyType(
    {
        events.TradeEvent: lambda event: event.trade_id,
        events.AggTradeEvent: lambda event: event.agg_trade_id,
        events.BlockTradeEvent: lambda event: event.trade_id,
        events.DepthUpdate: lambda event: event.final_update_id,
        events.BookTickerEvent: lambda event: event.update_id,
        events.PartialDepth: lambda event: event.last_update_id,
        events.KlineEvent: lambda event: (event.event_time, event.kline.open_time),
        events.MiniTickerEvent: lambda event: event.event_time,
        events.TickerEvent: lambda event: event.event_time,
        events.RollingTickerEvent: lambda event: event.event_time,
        events.AvgPriceEvent: lambda event: event.event_time,
        events.ReferencePriceEvent: lambda event: event.time,
    }
)
"""By what the events of a stream are in order: what is not later than the last one was told before."""

_SPANS: Mapping[type[Event], Callable[[Any], tuple[int, int]]] = MappingProxyType(
    {
        events.TradeEvent: lambda event: (event.trade_id, event.trade_id),
        events.AggTradeEvent: lambda event: (event.agg_trade_id, event.agg_trade_id),
        events.DepthUpdate: lambda event: (event.first_update_id, event.final_update_id),
    }
)
"""The first and last id of an event whose stream counts without a hole."""

_MOST = 65_536
_MOST_REPORTS = 256
_DIGEST_BYTES = 16


class Merge:
    """Remembers what the old connection tells while there are two. Bounded: of the events that have no order
    it knows the newest `most`.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._last: dict[str, Position] = {}
        self._ends: dict[str, int] = {}
        self._keys: deque[Hashable] = deque()
        self._told: Counter[Hashable] = Counter()

    def passed(self, said: Said) -> bool:
        """The old connection said this: it is told."""
        position = _position(said)
        if position is None:
            self._remember(_key(said))
        else:
            self._last[said.stream] = position
            if (span := _SPANS.get(type(said.event))) is not None:
                self._ends[said.stream] = span(said.event)[1]
        return True

    def is_news(self, said: Said) -> bool:
        """Whether what the next connection said has not been told."""
        position = _position(said)
        if position is not None:
            last = self._last.get(said.stream)
            return last is None or position > last  # type: ignore[operator]
        key = _key(said)
        if not self._told[key]:
            del self._told[key]
            return True
        self._told[key] -= 1
        return False

    def begins_too_late(self, held: Iterable[Said]) -> bool:
        """Whether something is missing between what the old connection told and what the next one has to
        tell, by the ids of streams that count without a hole.
        """
        first: dict[str, int] = {}
        for said in held:
            span = None if said.raw is not None else _SPANS.get(type(said.event))
            if span is not None:
                first.setdefault(said.stream, span(said.event)[0])
        return any(first[name] > end + 1 for name, end in self._ends.items() if name in first)

    def _remember(self, key: Hashable) -> None:
        self._keys.append(key)
        self._told[key] += 1
        if len(self._keys) > self._most:
            oldest = self._keys.popleft()
            self._told[oldest] -= 1
            if self._told[oldest] <= 0:
                del self._told[oldest]


class Reports:
    """The newest execution reports, to know one that comes again: each is one by symbol, order and execution
    id (official page *User Data Streams*).
    """

    def __init__(self, most: int = _MOST_REPORTS) -> None:
        self._known: dict[Hashable, None] = {}
        self._most = most

    def repeats(self, event: Event) -> bool:
        """Whether this is a report that was told before."""
        if not isinstance(event, events.ExecutionReport):
            return False
        key = (event.symbol, event.order_id, event.execution_id)
        if key in self._known:
            return True
        self._known[key] = None
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]
        return False


def _position(said: Said) -> Position | None:
    order = None if said.raw is not None else POSITIONS.get(type(said.event))
    return None if order is None else order(said.event)


def _key(said: Said) -> Hashable:
    event = said.event
    if said.raw is not None:
        return said.stream, blake2b(said.raw, digest_size=_DIGEST_BYTES).digest()
    if isinstance(event, events.ExecutionReport):
        return event.symbol, event.order_id, event.execution_id
    return said.stream, event
