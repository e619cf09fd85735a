"""Who hears what: market streams and user events, from the engine's effects to the listeners' wires.

Depth is gathered: changes of a period become one event, snapshots are sent when something changed.
"""

from collections.abc import Iterable
from typing import Protocol

import msgspec

from surefoot.exchange import render, render_events
from surefoot.exchange.commands import (
    BalanceChange,
    DepthChange,
    Effect,
    ListChange,
    Report,
    TopChange,
    TradeTick,
)
from surefoot.exchange.engine import Engine
from surefoot.exchange.stream_names import StreamName

_encode = msgspec.json.Encoder().encode


class Wire(Protocol):
    """A connection, as far as a session has to know it. `send` never waits: a reader too slow is cut off."""

    def send(self, data: bytes) -> None: ...
    def close(self, code: int, reason: str) -> None: ...


class StreamListener:
    """A connection to the market streams. `combined` wraps each event with the name of its stream."""

    def __init__(self, wire: Wire, *, combined: bool, unit: int) -> None:
        self.wire = wire
        self.combined = combined
        self.unit = unit
        self.names: dict[str, StreamName] = {}

    def hear(self, name: StreamName, body: bytes) -> None:
        """Send one event of the stream `name`."""
        if self.combined:
            body = b'{"stream":%s,"data":%s}' % (_encode(name.text), body)
        self.wire.send(body)


class UserListener(msgspec.Struct, frozen=True, eq=False):
    """One user data subscription of one connection."""

    account: str
    subscription_id: int
    wire: Wire
    unit: int

    def hear(self, body: bytes) -> None:
        """Send one event of the account."""
        self.wire.send(b'{"subscriptionId":%d,"event":%s}' % (self.subscription_id, body))


class _Window:
    """Depth changes of one symbol since the last event: the newest quantity of each price counts."""

    def __init__(self) -> None:
        self.ids: tuple[int, int] | None = None
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}

    def add(self, change: DepthChange) -> None:
        first = change.first_id if self.ids is None else self.ids[0]
        self.ids = (first, change.last_id)
        self.bids.update(change.bids)
        self.asks.update(change.asks)


class Hub:
    """All listeners of the exchange."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._streams: dict[StreamName, dict[StreamListener, None]] = {}
        self._users: dict[str, dict[UserListener, None]] = {}
        self._windows: dict[StreamName, _Window] = {}
        self._stale: dict[StreamName, None] = {}

    def subscribe(self, listener: StreamListener, name: StreamName) -> None:
        """Send the stream `name` to `listener` from now on."""
        listener.names[name.text] = name
        self._streams.setdefault(name, {})[listener] = None
        if name.kind == "depth" and name.levels:
            self._stale[name] = None
        elif name.kind == "depth":
            self._windows.setdefault(name, _Window())

    def unsubscribe(self, listener: StreamListener, name: StreamName) -> None:
        """Stop sending the stream `name` to `listener`."""
        listener.names.pop(name.text, None)
        heard = self._streams.get(name, {})
        heard.pop(listener, None)
        if not heard:
            self._streams.pop(name, None)
            self._windows.pop(name, None)
            self._stale.pop(name, None)

    def follow(self, listener: UserListener) -> None:
        """Send the events of the listener's account from now on."""
        self._users.setdefault(listener.account, {})[listener] = None

    def unfollow(self, listener: UserListener) -> None:
        """Stop sending the account's events."""
        followers = self._users.get(listener.account, {})
        followers.pop(listener, None)
        if not followers:
            self._users.pop(listener.account, None)

    def dispatch(self, effects: Iterable[Effect]) -> None:
        """Tell every listener what concerns it, in the order in which it happened."""
        for effect in effects:
            match effect:
                case Report() | BalanceChange() | ListChange():
                    self._tell_user(effect)
                case DepthChange():
                    self._gather(effect)
                case TradeTick() | TopChange():
                    self._tell_streams(effect)

    def tick(self, period_ms: int, now_us: int) -> None:
        """The end of a depth period of 100 ms or 1000 ms."""
        for name in [name for name in self._windows if name.period_ms == period_ms]:
            window = self._windows[name]
            if window.ids is not None:
                self._windows[name] = _Window()
                self._tell_changes(name, window, now_us)
        for name in [name for name in self._stale if name.period_ms == period_ms]:
            del self._stale[name]
            body = _encode(render.depth(self._engine.depth(name.symbol, name.levels)))
            for listener in tuple(self._streams.get(name, ())):
                listener.hear(name, body)

    def _tell_user(self, effect: Report | BalanceChange | ListChange) -> None:
        for listener in tuple(self._users.get(effect.account, ())):
            if isinstance(effect, Report):
                event = render_events.execution_report(effect, listener.unit)
            elif isinstance(effect, ListChange):
                event = render_events.list_status(effect, listener.unit)
            else:
                event = render_events.account_position(effect, listener.unit)
            listener.hear(_encode(event))

    def _tell_streams(self, effect: TradeTick | TopChange) -> None:
        kind = "trade" if isinstance(effect, TradeTick) else "bookTicker"
        name = StreamName(f"{effect.symbol.lower()}@{kind}", effect.symbol, kind)
        for listener in tuple(self._streams.get(name, ())):
            if isinstance(effect, TradeTick):
                event = render_events.trade(effect, listener.unit)
            else:
                event = render_events.best_prices(effect)
            listener.hear(name, _encode(event))

    def _gather(self, change: DepthChange) -> None:
        for name, window in self._windows.items():
            if name.symbol == change.symbol:
                window.add(change)
        for name in self._streams:
            if name.levels and name.symbol == change.symbol:
                self._stale[name] = None

    def _tell_changes(self, name: StreamName, window: _Window, now_us: int) -> None:
        assert window.ids is not None
        bids = sorted(window.bids.items(), reverse=True)
        asks = sorted(window.asks.items())
        for listener in tuple(self._streams.get(name, ())):
            time = now_us // listener.unit
            event = render_events.depth_update(name.symbol, time, window.ids, bids, asks)
            listener.hear(name, _encode(event))
