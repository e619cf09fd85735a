"""How events are put into the queue of a stream: kept, or only the newest (see `client.streams.POLICIES`)."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from surefoot.client.aio.inbox import Inbox
from surefoot.client.streams import POLICIES, Policy
from surefoot.spot.events import (
    Event,
    KlineEvent,
    MiniTickerEvent,
    MiniTickersEvent,
    RollingTickerEvent,
    RollingTickersEvent,
)
from surefoot.spot.streams import StreamName


def intake(inbox: Inbox[Event], name: StreamName, *, conflate: bool) -> Callable[[Event], None]:
    """How events of the stream `name` are put into the queue."""
    policy = POLICIES[name.kind] if conflate else Policy.KEEP
    match policy:
        case Policy.KEEP:
            return inbox.put
        case Policy.NEWEST:
            return partial(inbox.put_newest, name.text)
        case Policy.NEWEST_UNTIL_CLOSED:
            return partial(_put_kline, inbox, name.text)
        case Policy.NEWEST_OF_SYMBOL:
            return lambda event: inbox.put_newest(name.text, event, merge_tickers)


def _put_kline(inbox: Inbox[Event], name: str, event: Event) -> None:
    inbox.put_newest(name, event)
    if isinstance(event, KlineEvent) and event.kline.is_closed:
        inbox.seal(name)


def merge_tickers(old: Event, new: Event) -> Event:
    """The newest ticker of every symbol that either of two events tells."""
    match old, new:
        case MiniTickersEvent(), MiniTickersEvent():
            return MiniTickersEvent(tickers=_newest(old.tickers, new.tickers))
        case RollingTickersEvent(), RollingTickersEvent():
            return RollingTickersEvent(tickers=_newest(old.tickers, new.tickers))
    return new


Ticker = TypeVar("Ticker", bound=MiniTickerEvent | RollingTickerEvent)


def _newest(old: tuple[Ticker, ...], new: tuple[Ticker, ...]) -> tuple[Ticker, ...]:
    changed = {ticker.symbol for ticker in new}
    return (*(ticker for ticker in old if ticker.symbol not in changed), *new)
