"""python-binance's sockets: `BinanceSocketManager` and `DepthCacheManager`, pointed at a local exchange.

`open(name, socket, ...)` opens one of its sockets, `next(name)` hears the next message.
"""

import asyncio
import inspect
from typing import Any

from binance import BinanceSocketManager, DepthCacheManager
from binance.async_client import AsyncClient
from puppet import functions, listen_in, serve_async, settings
from python_binance_calls import point

SOCKETS = [name for name in functions(BinanceSocketManager) if name.endswith("_socket")]


class Sockets:
    """Sockets under way, by name."""

    def __init__(self, client: AsyncClient) -> None:
        self.client = client
        self.manager = BinanceSocketManager(client)
        self.open_ones: dict[str, Any] = {}

    async def open(self, name: str, socket: str, *args: Any, **kwargs: Any) -> None:
        self.open_ones[name] = await getattr(self.manager, socket)(*args, **kwargs).__aenter__()

    async def open_depth_cache(self, name: str, symbol: str, **kwargs: Any) -> None:
        cache = DepthCacheManager(self.client, symbol, bm=self.manager, **kwargs)
        self.open_ones[name] = await cache.__aenter__()

    async def next(self, name: str) -> Any:
        return await self.open_ones[name].recv()

    async def next_book(self, name: str) -> Any:
        cache = await self.open_ones[name].recv()
        return {"bids": cache.get_bids(), "asks": cache.get_asks(), "update": cache.update_time}


async def main() -> None:
    where = settings()
    client = point(AsyncClient, where)(where["api_key"], where["secret"])
    sockets = Sockets(client)
    listen_in()
    calls = {name: getattr(sockets, name) for name in dir(sockets) if not name.startswith("_")}
    sources = {name: inspect.getsource(getattr(BinanceSocketManager, name)) for name in SOCKETS}
    offers = [name for name, source in sources.items() if "self._get_socket(" in source]
    await serve_async(calls | {"create_order": client.create_order}, [*offers, "user_socket"])
    await client.close_connection()


asyncio.run(main())
