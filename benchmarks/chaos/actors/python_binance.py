"""python-binance: `AsyncClient.create` (which measures the clock) and `BinanceSocketManager`."""

import asyncio
from collections.abc import Mapping
from typing import Any

from binance import BinanceSocketManager
from binance.async_client import AsyncClient

from benchmarks.chaos.actors import stage
from benchmarks.chaos.actors.stage import SYMBOL, Ear

_PAUSE_S = 1.0
_RESTART = {"BinanceWebsocketUnableToConnect", "ReadLoopClosed"}
"""The errors on which its documentation says to restart the socket; after others it reconnects by itself."""


class Part:
    """One client."""

    def __init__(self, client: Any, sockets: Any) -> None:
        self._client, self._sockets = client, sockets
        self._tasks: list[asyncio.Task[None]] = []

    async def order(self, kind: str) -> object:
        """An order as its documentation places one."""
        if kind == "MARKET":
            return await self._client.order_market_buy(symbol=SYMBOL, quantity="0.001")
        return await self._client.order_limit_buy(symbol=SYMBOL, quantity="0.001", price="50000")

    async def order_ws(self, kind: str) -> object:
        """The same over the WebSocket API."""
        words = {} if kind == "MARKET" else {"timeInForce": "GTC", "price": "50000"}
        return await self._client.ws_create_order(
            symbol=SYMBOL, side="BUY", type=kind, quantity="0.001", **words
        )

    async def read(self) -> object:
        """A signed read."""
        return await self._client.get_account()

    async def replace(self) -> object:
        """Replace an order that is not there any more."""
        return await self._client.cancel_replace_order(
            symbol=SYMBOL,
            side="BUY",
            type="LIMIT",
            timeInForce="GTC",
            quantity="0.001",
            price="50000",
            cancelReplaceMode="ALLOW_FAILURE",
            cancelOrderId=999,
        )

    async def number(self, quantity: float) -> object:
        """An order for a computed quantity, a float."""
        return await self._client.order_limit_buy(symbol=SYMBOL, quantity=quantity, price="60000")

    async def listen(self, stream: str, ear: Ear) -> None:
        """Hear a stream for ever; restart it where the documentation says so."""
        socket = await self._open(stream)
        self._tasks.append(asyncio.create_task(self._hear(stream, socket, ear)))

    async def _open(self, stream: str) -> Any:
        made = self._sockets.user_socket() if stream == "user" else self._sockets.trade_socket(SYMBOL)
        return await made.__aenter__()

    async def _hear(self, stream: str, socket: Any, ear: Ear) -> None:
        while True:
            try:
                message = await socket.recv()
                if message.get("e") == "error":
                    ear.warned(message)
                    if message["type"] in _RESTART:
                        socket = await self._open(stream)
                elif message.get("e") == "trade" or message.get("x") == "TRADE":
                    ear.trade(message["t"])
            except Exception as error:
                ear.warned(repr(error))
                await asyncio.sleep(_PAUSE_S)
                if type(error).__name__ in _RESTART:
                    socket = await self._open(stream)

    async def close(self) -> None:
        """End everything."""
        for task in self._tasks:
            task.cancel()
        await self._client.close_connection()


async def opens(where: Mapping[str, Any]) -> Part:
    """A client pointed at the exchange: subclasses, since its addresses belong to classes."""
    addresses = {"API_URL": where["rest"] + "/api", "WS_API_URL": where["ws_api"]}
    pointed: Any = type("Pointed", (AsyncClient,), addresses)
    client = await pointed.create(where["api_key"], where["secret"])
    manager = type("PointedSockets", (BinanceSocketManager,), {"STREAM_URL": where["ws"] + "/"})
    return Part(client, manager(client))


def knows(error: BaseException) -> bool:
    """It has no class of error for that."""
    return False


if __name__ == "__main__":
    stage.run(opens, knows)
