"""surefoot's `AsyncClient`, as its documentation uses it."""

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from benchmarks.chaos.actors import stage
from benchmarks.chaos.actors.stage import SYMBOL, Ear
from surefoot import (
    AsyncClient,
    CancelReplaceMode,
    Credentials,
    Gap,
    OrderType,
    Secret,
    Side,
    TimeInForce,
    local,
)
from surefoot.errors import OutcomeUnknown
from surefoot.spot import streams
from surefoot.spot.enums import ExecutionType
from surefoot.spot.events import ExecutionReport, TradeEvent

_LIMIT = {"time_in_force": TimeInForce.GTC, "price": 50_000}
_QUANTITY = Decimal("0.001")


class Part:
    """One client."""

    def __init__(self, client: AsyncClient, *made_of: Any) -> None:
        self._client, self._made_of = client, made_of
        self._tasks: list[asyncio.Task[None]] = []

    async def order(self, kind: str) -> object:
        """An order; an error carries its id."""
        return await _order(self._client, kind)

    async def order_ws(self, kind: str) -> object:
        """The same over the WebSocket API."""
        async with AsyncClient(*self._made_of, transport="ws_api") as client:
            return await _order(client, kind)

    async def read(self) -> object:
        """A signed read."""
        return await self._client.account()

    async def replace(self) -> object:
        """Replace an order that is not there any more."""
        return await self._client.cancel_replace(
            SYMBOL,
            Side.BUY,
            OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            quantity=_QUANTITY,
            price=50_000,
            cancel_replace_mode=CancelReplaceMode.ALLOW_FAILURE,
            cancel_order_id=999,
        )

    async def number(self, quantity: float) -> object:
        """An order for a computed quantity; a float is refused here."""
        money: Any = quantity
        return await self._client.new_order(
            SYMBOL, Side.BUY, OrderType.LIMIT, time_in_force=TimeInForce.GTC, quantity=money, price=60_000
        )

    async def listen(self, stream: str, ear: Ear) -> None:
        """Iterate a stream for ever."""
        client = self._client
        opened = client.user_data() if stream == "user" else client.stream(streams.trade(SYMBOL))
        events = await opened.__aenter__()
        self._tasks.append(asyncio.create_task(_hear(events, ear)))

    async def close(self) -> None:
        """End everything."""
        for task in self._tasks:
            task.cancel()
        await self._client.__aexit__(None, None, None)


async def _order(client: AsyncClient, kind: str) -> object:
    words: dict[str, Any] = {} if kind == "MARKET" else _LIMIT
    return await client.new_order(SYMBOL, Side.BUY, OrderType(kind), quantity=_QUANTITY, **words)


async def _hear(events: Any, ear: Ear) -> None:
    async for event in events:
        match event:
            case ExecutionReport(execution_type=ExecutionType.TRADE) | TradeEvent():
                ear.trade(event.trade_id)
            case Gap():
                ear.warned(event)


async def opens(where: Mapping[str, Any]) -> Part:
    """A client of the exchange, entered."""
    environment = local(where["rest"], where["ws_api"], where["ws"])
    key, secret = Secret(where["api_key"]), Secret(where["secret"])
    made_of = environment, Credentials(environment="local", api_key=key, secret=secret)
    return Part(await AsyncClient(*made_of).__aenter__(), *made_of)


def knows(error: BaseException) -> bool:
    """Its name says it."""
    return isinstance(error, OutcomeUnknown)


if __name__ == "__main__":
    stage.run(opens, knows)
