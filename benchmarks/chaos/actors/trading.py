"""surefoot's `Trader`, as its documentation uses it: it finds out by itself what became of an order."""

import asyncio
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.chaos.actors import ours, stage
from benchmarks.chaos.actors.stage import SYMBOL, Ear
from surefoot import Credentials, LimitOrder, MarketOrder, Policy, Secret, Side, Trader, local
from surefoot.execution.entries import GapSeen
from surefoot.execution.fills import Fill

_QUANTITY = Decimal("0.001")
_JOURNALS = Path(tempfile.mkdtemp(prefix="surefoot-chaos-"))
_NUMBERS = count(1)


class Part(ours.Part):
    """One trader, with a journal of its own; what places nothing goes through its client."""

    def __init__(self, trader: Trader, stack: AsyncExitStack, made_of: tuple[Any, ...]) -> None:
        super().__init__(trader.client)
        self._trader, self._stack, self._trader_of = trader, stack, made_of

    async def order(self, kind: str) -> object:
        """An order; returns once it is known that it exists."""
        return await self._trader.place(_intent(kind))

    async def order_ws(self, kind: str) -> object:
        """The same by a trader that uses the WebSocket API."""
        async with _trader(*self._trader_of, transport="ws_api") as trader:
            return await trader.place(_intent(kind))

    async def number(self, quantity: float) -> object:
        """An order for a computed quantity; a float is refused here."""
        money: Any = quantity
        return await self._trader.place(LimitOrder(SYMBOL, Side.BUY, money, Decimal(60_000)))

    async def listen(self, stream: str, ear: Ear) -> None:
        """Iterate the trader's events for ever, or a market stream of its client."""
        if stream != "user":
            await super().listen(stream, ear)
            return
        self._tasks.append(asyncio.create_task(_hear(self._trader, ear)))

    async def close(self) -> None:
        """End everything."""
        for task in self._tasks:
            task.cancel()
        await self._stack.aclose()


def _intent(kind: str) -> MarketOrder | LimitOrder:
    if kind == "MARKET":
        return MarketOrder(SYMBOL, Side.BUY, _QUANTITY)
    return LimitOrder(SYMBOL, Side.BUY, _QUANTITY, Decimal(50_000))


async def _hear(trader: Trader, ear: Ear) -> None:
    async for told in trader.events():
        match told:
            case Fill():
                ear.trade(told.trade_id)
            case GapSeen():
                ear.warned(told.reason)


def _trader(environment: Any, credentials: Credentials, **options: Any) -> Trader:
    journal = _JOURNALS / f"{next(_NUMBERS)}.db"
    return Trader(environment, credentials, journal=journal, policy=Policy(symbols={SYMBOL}), **options)


async def opens(where: Mapping[str, Any]) -> Part:
    """A trader at the exchange, entered."""
    environment = local(where["rest"], where["ws_api"], where["ws"])
    key, secret = Secret(where["api_key"]), Secret(where["secret"])
    made_of = environment, Credentials(environment="local", api_key=key, secret=secret)
    stack = AsyncExitStack()
    return Part(await stack.enter_async_context(_trader(*made_of)), stack, made_of)


if __name__ == "__main__":
    stage.run(opens, ours.knows)
