"""Who hears what: from the engine's effects to market streams and to the owners of accounts."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from surefoot.exchange.core.commands import (
    BalanceChange,
    BalanceUpdate,
    Effect,
    ExternalLock,
    ListChange,
    MarketEffect,
    Report,
    UserEffect,
)
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.data.market_data import MarketData
from surefoot.exchange.feeds.feed import Feed, Sources
from surefoot.exchange.feeds.listeners import Follower, KeyListener, StreamListener, UserListener
from surefoot.exchange.feeds.opening import open_feed
from surefoot.exchange.feeds.stream_names import StreamName
from surefoot.exchange.listen_keys import Ended
from surefoot.exchange.render import events as render_events
from surefoot.exchange.render.amounts import Json

_encode = msgspec.json.Encoder().encode
_OF_ALL = ""

_EVENTS: Mapping[type[UserEffect], Callable[[Any, int], Json]] = {
    Report: render_events.execution_report,
    ListChange: render_events.list_status,
    BalanceChange: render_events.account_position,
    BalanceUpdate: render_events.balance_update,
    ExternalLock: render_events.external_lock,
}


class Hub:
    """All listeners of the exchange."""

    def __init__(self, engine: Engine, data: Mapping[str, MarketData]) -> None:
        self._sources = Sources(engine, data)
        self._feeds: dict[str, Feed] = {}
        self._of_symbol: dict[str, dict[str, Feed]] = {}
        self._users: dict[str, dict[Follower, None]] = {}

    @property
    def streams(self) -> tuple[str, ...]:
        """The market streams that somebody hears."""
        return tuple(self._feeds)

    def subscribe(self, listener: StreamListener, name: StreamName) -> None:
        """Send the stream `name` to `listener` from now on; once more than that changes nothing."""
        if name.text in listener.names:
            return
        feed = self._feeds.get(name.text)
        if feed is None:
            feed = self._feeds[name.text] = open_feed(name, self._sources)
            self._of_symbol.setdefault(name.symbol, {})[name.text] = feed
        listener.names[name.text] = name
        feed.listeners[listener] = None
        feed.joined()

    def unsubscribe(self, listener: StreamListener, name: StreamName) -> None:
        """Stop sending the stream `name` to `listener`, which hears it."""
        del listener.names[name.text]
        feed = self._feeds[name.text]
        del feed.listeners[listener]
        if not feed.listeners:
            del self._feeds[name.text]
            del self._of_symbol[name.symbol][name.text]

    def follow(self, listener: Follower) -> None:
        """Send the events of the listener's account from now on."""
        self._users.setdefault(listener.account, {})[listener] = None

    def unfollow(self, listener: Follower) -> None:
        """Stop sending the account's events."""
        followers = self._users.get(listener.account, {})
        followers.pop(listener, None)
        if not followers:
            self._users.pop(listener.account, None)

    def cut(self, api_key: str, now_us: int) -> None:
        """A key is no longer good: whatever was subscribed with it hears that it ended, and then nothing."""
        for listener in self._followers():
            if isinstance(listener, UserListener) and listener.api_key == api_key:
                self.unfollow(listener)
                listener.over(listener.subscription_id)
                listener.hear(_encode(render_events.terminated(now_us, listener.unit)))

    def end_listen_key(self, ended: Ended, now_us: int) -> None:
        """Who listens by it hears nothing more; when it expired, that is told."""
        for listener in self._followers():
            if isinstance(listener, KeyListener) and listener.listen_key == ended.text:
                self.unfollow(listener)
                if ended.expired:
                    told = render_events.listen_key_expired(ended.text, now_us, listener.unit)
                    listener.hear(_encode(told))

    def _followers(self) -> tuple[Follower, ...]:
        return tuple(listener for users in self._users.values() for listener in users)

    def dispatch(self, effects: Iterable[Effect]) -> None:
        """Tell every listener what concerns it, in the order in which it happened."""
        for effect in effects:
            if isinstance(effect, MarketEffect):
                self._tell_streams(effect)
            else:
                self._tell_user(effect)

    def tick(self, period_ms: int, now_us: int) -> None:
        """The end of a period of that length."""
        for feed in [feed for feed in self._feeds.values() if feed.name.period_ms == period_ms]:
            feed.tick(now_us)

    def _tell_streams(self, effect: MarketEffect) -> None:
        of_symbol, of_all = self._of_symbol.get(effect.symbol, {}), self._of_symbol.get(_OF_ALL, {})
        for feed in (*of_symbol.values(), *of_all.values()):
            feed.on(effect)

    def _tell_user(self, effect: UserEffect) -> None:
        for listener in tuple(self._users.get(effect.account, ())):
            listener.hear(_encode(_EVENTS[type(effect)](effect, listener.unit)))
