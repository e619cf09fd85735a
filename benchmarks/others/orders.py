"""The order of the benchmarks over REST, by other people's clients."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.chunks import SIZE, awaited_one_by_one, in_flight, one_by_one, together
from benchmarks.figures import Worked
from benchmarks.others import pointed
from benchmarks.others.pointed import KEY, MARKET, ORDER, SECRET

LANES = 32

Measure = Callable[[Callable[[], Awaitable[object]]], Awaitable[Worked]]


def _one_by_one(seconds: float) -> Measure:
    return lambda once: awaited_one_by_one(once, seconds)


def _in_flight(seconds: float) -> Measure:
    return lambda once: in_flight(once, LANES, seconds)


async def _python_binance(port: int, measure: Measure) -> Worked:
    client = pointed.python_binance(port)

    async def once() -> object:
        return await client.create_order(**ORDER, timeInForce="GTC", quantity="0.01", price="60000.00")

    worked = await measure(once)
    await client.close_connection()
    return worked


async def _ccxt(port: int, measure: Measure) -> Worked:
    client = await pointed.ccxt("async_support", port)

    async def once() -> object:
        return await client.create_order(MARKET, "limit", "buy", 0.01, 60000)

    worked = await measure(once)
    await client.close()
    return worked


def python_binance(seconds: float, port: int) -> Worked:
    """python-binance's `AsyncClient`."""
    return asyncio.run(_python_binance(port, _one_by_one(seconds)))


def python_binance_in_flight(seconds: float, port: int) -> Worked:
    """The same, many orders at once."""
    return asyncio.run(_python_binance(port, _in_flight(seconds)))


def ccxt_async(seconds: float, port: int) -> Worked:
    """ccxt's async client."""
    return asyncio.run(_ccxt(port, _one_by_one(seconds)))


def ccxt_async_in_flight(seconds: float, port: int) -> Worked:
    """The same, many orders at once."""
    return asyncio.run(_ccxt(port, _in_flight(seconds)))


def _official(port: int) -> Callable[[], Any]:
    from binance_common.configuration import ConfigurationRestAPI
    from binance_sdk_spot.spot import Spot

    configuration = ConfigurationRestAPI(
        api_key=KEY, api_secret=SECRET, base_path=f"http://127.0.0.1:{port}", timeout=10_000
    )
    client = Spot(config_rest_api=configuration).rest_api

    def once() -> object:
        return client.new_order(**ORDER, time_in_force="GTC", quantity=0.01, price=60000.0).data()

    return once


def official(seconds: float, port: int) -> Worked:
    """The official SDK, which is blocking."""
    return one_by_one(_official(port), seconds)


def official_in_flight(seconds: float, port: int) -> Worked:
    """The same in many threads."""
    once = _official(port)
    with ThreadPoolExecutor(LANES) as threads:

        def many() -> int:
            for done in [threads.submit(once) for _ in range(SIZE * 2)]:
                done.result()
            return SIZE * 2

        return together(many, seconds)
