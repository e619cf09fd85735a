"""ccxt.pro: its unified methods, `adjustForTimeDifference` on; "retries" adds its documented retries."""

import asyncio
import sys
from collections.abc import Mapping
from typing import Any

import ccxt.pro as ccxt

from benchmarks.chaos.actors import stage
from benchmarks.chaos.actors.stage import Ear

_MARKET = "BTC/USDT"
_PAUSE_S = 0.5
_RETRIES = {"maxRetriesOnFailure": 3, "maxRetriesOnFailureDelay": 1000}
_LIVE = "https://api.binance.com/"


class Pointed(ccxt.binance):  # type: ignore[misc]  # not installed here
    """Reads Spot's table of errors, which it finds by the address, also at another address."""

    def get_exceptions_by_url(self, url: str, exact_or_broad: str) -> Any:
        """The table of the live address."""
        return super().get_exceptions_by_url(_LIVE, exact_or_broad)


class Part:
    """One client."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._tasks: list[asyncio.Task[None]] = []

    async def order(self, kind: str) -> object:
        """An order as its documentation places one."""
        return await self._client.create_order(*_order(kind))

    async def order_ws(self, kind: str) -> object:
        """The same over the WebSocket API."""
        return await self._client.create_order_ws(*_order(kind))

    async def read(self) -> object:
        """A signed read."""
        return await self._client.fetch_balance({"type": "spot"})

    async def replace(self) -> object:
        """Replace an order that is not there any more."""
        mode = {"cancelReplaceMode": "ALLOW_FAILURE"}
        return await self._client.edit_order("999", _MARKET, "limit", "buy", 0.001, 50000, mode)

    async def number(self, quantity: float) -> object:
        """An order for a computed quantity, a float."""
        return await self._client.create_order(_MARKET, "limit", "buy", quantity, 60000)

    async def listen(self, stream: str, ear: Ear) -> None:
        """Watch in the loop that its documentation shows: an error is printed, and watched again."""
        watch = self._client.watch_my_trades if stream == "user" else self._client.watch_trades
        self._tasks.append(asyncio.create_task(self._hear(watch, ear)))

    async def _hear(self, watch: Any, ear: Ear) -> None:
        while True:
            try:
                for trade in await watch(_MARKET):
                    ear.trade(int(trade["id"]))
            except Exception as error:
                ear.warned(repr(error))
                await asyncio.sleep(_PAUSE_S)

    async def close(self) -> None:
        """End everything."""
        for task in self._tasks:
            task.cancel()
        await self._client.close()


def _order(kind: str) -> tuple[Any, ...]:
    words = (_MARKET, kind.lower(), "buy", 0.001)
    return words if kind == "MARKET" else (*words, 50000)


async def opens(where: Mapping[str, Any]) -> Part:
    """A client pointed at the exchange, Spot alone, its markets loaded."""
    client = Pointed({"apiKey": where["api_key"], "secret": where["secret"]})
    client.options |= {"fetchMargins": False, "fetchCurrencies": False, "fetchMarkets": {"types": ["spot"]}}
    client.options |= {"adjustForTimeDifference": True, **(_RETRIES if "retries" in sys.argv else {})}
    client.urls["api"] |= dict.fromkeys(("public", "private"), where["rest"] + "/api/v3")
    client.urls["api"]["ws"] = {"spot": where["ws"] + "/ws", "ws-api": {"spot": where["ws_api"]}}
    await client.load_markets()
    return Part(client)


def knows(error: BaseException) -> bool:
    """Its manual says of this class that the user does not know the outcome."""
    return isinstance(error, ccxt.RequestTimeout)


if __name__ == "__main__":
    stage.run(opens, knows)
