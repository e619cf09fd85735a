"""Best prices for the operator's limits, by a market stream where they are needed."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from surefoot.client.aio import AsyncClient, MarketStream
from surefoot.execution.policy import Policy
from surefoot.execution.standing import Top
from surefoot.execution.standpoint import Standpoint
from surefoot.rules.legs import legs_of
from surefoot.spot import streams
from surefoot.spot.enums import Side
from surefoot.spot.events import BookTickerEvent, Event
from surefoot.spot.market import GetBookTicker
from surefoot.spot.request import Request
from surefoot.values import UNSET

_NOTIONALS = ("notional_per_order", "notional_per_minute", "notional_per_day")


def wanted(policy: Policy, request: Request[Any]) -> bool:
    """Whether the limits need the book to judge `request`: for a band, a loss, an order without a price; and
    where amounts are limited for a SELL, which may fetch more than its price.
    """
    if policy.band is not None or policy.loss_per_day is not UNSET:
        return True
    limited = any(getattr(policy, name) is not UNSET for name in _NOTIONALS)
    for leg in legs_of(request):
        order = leg.order
        if order.price is UNSET and order.stop_price is UNSET:
            return True
        if limited and order.side == Side.SELL:
            return True
    return False


class Prices:
    """Keeps the tops of a standpoint fresh, of the symbols that were asked for. `live` streams tell every
    change: what they said last holds until they say something else.
    """

    def __init__(self, client: AsyncClient, standpoint: Standpoint) -> None:
        self._client, self._standpoint = client, standpoint
        self._stack = AsyncExitStack()
        self._stream: MarketStream | None = None
        self._symbols: set[str] = set()
        self._turn = asyncio.Lock()

    async def fresh(self, symbol: str) -> None:
        """Return once the best prices of `symbol` are known as of now."""
        if symbol not in self._symbols:
            async with self._turn:
                await self._follow(symbol)
        known = self._standpoint.tops.get(symbol)
        stream = self._stream
        if known is not None and stream is not None and stream.deaf_since_ms is None:
            now_ms = self._client.desk.now_ms()
            self._standpoint.tops[symbol] = Top(known.bid, known.ask, now_ms)
            return
        await self._read(symbol)

    async def close(self) -> None:
        """Follow no more."""
        await self._stack.aclose()

    async def _follow(self, symbol: str) -> None:
        if symbol in self._symbols:
            return
        name = streams.book_ticker(symbol)
        if self._stream is None:
            self._stream = self._client.stream(name, callback=self._hear)
            await self._stack.enter_async_context(self._stream)
        else:
            await self._stream.subscribe(name, callback=self._hear)
        self._symbols.add(symbol)
        await self._read(symbol)

    async def _read(self, symbol: str) -> None:
        asked_ms = self._client.desk.now_ms()
        top = await self._client.send(GetBookTicker(symbol=symbol))
        known = self._standpoint.tops.get(symbol)
        if known is None or known.at_ms <= asked_ms:
            self._standpoint.tops[symbol] = Top(top.bid_price, top.ask_price, asked_ms)

    def _hear(self, event: Event) -> None:
        if isinstance(event, BookTickerEvent):
            now_ms = self._client.desk.now_ms()
            self._standpoint.tops[event.symbol] = Top(event.bid_price, event.ask_price, now_ms)
