"""The order of the benchmarks over the WebSocket API, by other people's clients."""

import asyncio

from benchmarks.chunks import awaited_one_by_one
from benchmarks.figures import Worked
from benchmarks.others import pointed
from benchmarks.others.pointed import KEY, ORDER, SECRET


async def _python_binance(seconds: float, port: int) -> Worked:
    client = pointed.python_binance(port)

    async def once() -> object:
        return await client.ws_create_order(**ORDER, timeInForce="GTC", quantity="0.01", price="60000.00")

    worked = await awaited_one_by_one(once, seconds)
    await client.close_connection()
    return worked


async def _official(seconds: float, port: int) -> Worked:
    from binance_common.configuration import ConfigurationWebSocketAPI
    from binance_sdk_spot.spot import Spot
    from binance_sdk_spot.websocket_api.models import enums

    at = f"ws://127.0.0.1:{port}/ws-api/v3"
    configuration = ConfigurationWebSocketAPI(api_key=KEY, api_secret=SECRET, stream_url=at)
    connection = await Spot(config_ws_api=configuration).websocket_api.create_connection()
    buy, limit = enums.OrderPlaceSideEnum.BUY, enums.OrderPlaceTypeEnum.LIMIT
    gtc = enums.OrderPlaceTimeInForceEnum.GTC

    async def once() -> object:
        placed = await connection.order_place(
            "BTCUSDT", buy, limit, time_in_force=gtc, price=60000.0, quantity=0.01
        )
        return placed.data()

    worked = await awaited_one_by_one(once, seconds)
    await connection.close_connection(close_session=True)
    return worked


def python_binance(seconds: float, port: int) -> Worked:
    """python-binance's `AsyncClient.ws_create_order`, each signed by itself (HMAC)."""
    return asyncio.run(_python_binance(seconds, port))


def official(seconds: float, port: int) -> Worked:
    """The official SDK's `order_place`, each signed by itself (HMAC)."""
    return asyncio.run(_official(seconds, port))
