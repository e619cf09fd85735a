"""What all feeds have in common: their listeners, and what they look at."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from surefoot.exchange.core.commands import MarketEffect
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.data.market_data import MarketData
from surefoot.exchange.feeds.listeners import StreamListener
from surefoot.exchange.feeds.stream_names import StreamName
from surefoot.exchange.render.amounts import Spelling

_encode = msgspec.json.Encoder().encode


class Sources(msgspec.Struct, frozen=True):
    """What feeds look at: the engine's books, and each symbol's past."""

    engine: Engine
    data: Mapping[str, MarketData]

    def form(self, symbol: str, unit: int) -> Spelling:
        """How events of that symbol are spelled."""
        return Spelling(self.engine.listings[symbol].digits, unit)


class Feed:
    """One market stream that somebody hears."""

    def __init__(self, name: StreamName, sources: Sources) -> None:
        self.name = name
        self.sources = sources
        self.listeners: dict[StreamListener, None] = {}

    def joined(self) -> None:
        """Somebody new listens."""

    def on(self, effect: MarketEffect) -> None:
        """Something happened at the stream's symbol."""

    def tick(self, now_us: int) -> None:
        """A period of the stream is over."""

    def tell_form(self, spell: Callable[[Spelling], Any]) -> None:
        """Send one event of the stream's symbol to everybody; `spell` is given how to spell it."""
        self.tell(lambda unit: spell(self.sources.form(self.name.symbol, unit)))

    def tell(self, spell: Callable[[int], Any]) -> None:
        """Send one event to everybody; `spell` is given the unit of its times."""
        bodies: dict[int, bytes] = {}
        for listener in tuple(self.listeners):
            body = bodies.get(listener.unit)
            if body is None:
                body = bodies[listener.unit] = _encode(spell(listener.unit))
            listener.hear(self.name.text, body)
