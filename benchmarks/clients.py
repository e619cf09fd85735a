"""surefoot's clients as its documentation uses them: orders are spelled, signed, sent, judged, decoded."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import uvloop

from benchmarks import desk
from benchmarks.chunks import awaited_one_by_one, in_flight, one_by_one
from benchmarks.figures import Worked
from benchmarks.raw import LANES
from surefoot.client.aio import AsyncClient
from surefoot.client.blocking import Client
from surefoot.credentials import Credentials
from surefoot.spot.enums import OrderType, Side, TimeInForce

Measure = Callable[[Callable[[], Awaitable[object]]], Awaitable[Worked]]


async def _rest(port: int, measure: Measure) -> Worked:
    async with AsyncClient(desk.environment(port), desk.HMAC) as client:

        async def once() -> object:
            return await client.new_order(
                "BTCUSDT",
                Side.BUY,
                OrderType.LIMIT,
                time_in_force=TimeInForce.GTC,
                quantity=desk.QUANTITY,
                price=desk.PRICE,
            )

        return await measure(once)


async def _session(port: int, credentials: Credentials, measure: Measure) -> Worked:
    client = AsyncClient(desk.environment(port), credentials)
    async with client.session() as session:

        async def once() -> object:
            return await session.send(desk.order())

        return await measure(once)


def _one_by_one(seconds: float) -> Measure:
    return lambda once: awaited_one_by_one(once, seconds)


def _in_flight(seconds: float) -> Measure:
    return lambda once: in_flight(once, LANES, seconds)


def _on(loop_factory: Callable[[], Any], flow: Any) -> Worked:
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        worked: Worked = runner.run(flow)
        return worked


def uvloop_rest(seconds: float, port: int) -> Worked:
    """`AsyncClient` on uvloop."""
    return _on(uvloop.new_event_loop, _rest(port, _one_by_one(seconds)))


def asyncio_rest(seconds: float, port: int) -> Worked:
    """`AsyncClient` on asyncio's own loop."""
    return _on(asyncio.new_event_loop, _rest(port, _one_by_one(seconds)))


def uvloop_rest_in_flight(seconds: float, port: int) -> Worked:
    """`AsyncClient` on uvloop, many orders at once."""
    return _on(uvloop.new_event_loop, _rest(port, _in_flight(seconds)))


def asyncio_rest_in_flight(seconds: float, port: int) -> Worked:
    """`AsyncClient` on asyncio's own loop, many orders at once."""
    return _on(asyncio.new_event_loop, _rest(port, _in_flight(seconds)))


def _logged_on(seconds: float, port: int) -> Coroutine[Any, Any, Worked]:
    return _session(port, desk.ed25519_credentials(), _one_by_one(seconds))


def _signing(seconds: float, port: int) -> Coroutine[Any, Any, Worked]:
    return _session(port, desk.HMAC, _one_by_one(seconds))


def uvloop_session(seconds: float, port: int) -> Worked:
    """A logged-on WebSocket API session on uvloop."""
    return _on(uvloop.new_event_loop, _logged_on(seconds, port))


def asyncio_session(seconds: float, port: int) -> Worked:
    """A logged-on WebSocket API session on asyncio's own loop."""
    return _on(asyncio.new_event_loop, _logged_on(seconds, port))


def uvloop_session_signing(seconds: float, port: int) -> Worked:
    """A WebSocket API session that signs every request (HMAC), on uvloop."""
    return _on(uvloop.new_event_loop, _signing(seconds, port))


def asyncio_session_signing(seconds: float, port: int) -> Worked:
    """The same on asyncio's own loop."""
    return _on(asyncio.new_event_loop, _signing(seconds, port))


def blocking_rest(seconds: float, port: int) -> Worked:
    """The blocking `Client`."""
    with Client(desk.environment(port), desk.HMAC) as client:

        def once() -> object:
            return client.new_order(
                "BTCUSDT",
                Side.BUY,
                OrderType.LIMIT,
                time_in_force=TimeInForce.GTC,
                quantity=desk.QUANTITY,
                price=desk.PRICE,
            )

        return one_by_one(once, seconds)
