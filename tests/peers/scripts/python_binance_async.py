"""python-binance's `AsyncClient`, pointed at a local exchange."""

import asyncio

from binance.async_client import AsyncClient
from puppet import Methods, listen_in, serve_async, settings
from python_binance_calls import point, spot_calls


async def main() -> None:
    where = settings()
    client = point(AsyncClient, where)(where["api_key"], where["secret"])
    listen_in()

    async def listed(items):
        return [item async for item in items]

    async def historical(*args, **kwargs):
        return await listed(await client.get_historical_klines_generator(*args, **kwargs))

    async def aggregated(*args, **kwargs):
        return await listed(client.aggregate_trade_iter(*args, **kwargs))

    more = {"get_historical_klines_generator": historical, "aggregate_trade_iter": aggregated}
    await serve_async(Methods(client, more), spot_calls(AsyncClient))
    await client.close_connection()


asyncio.run(main())
