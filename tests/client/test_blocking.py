"""The blocking client: the same lines, on a socket of its own, no loop and no thread of its own."""

import asyncio
import threading
from collections.abc import Callable
from decimal import Decimal

import pytest

from surefoot import errors
from surefoot.client.blocking import Client
from surefoot.spot.enums import OrderStatus, OrderType, Side, TimeInForce
from tests.client.street import Place, running


async def test_an_order_without_await(place: Place) -> None:
    def trade() -> tuple[OrderStatus, OrderStatus, int]:
        threads = threading.active_count()
        with Client(place.environment, place.hmac) as client:
            placed = client.new_order(
                "BTCUSDT",
                Side.BUY,
                OrderType.LIMIT,
                time_in_force=TimeInForce.GTC,
                quantity="0.001",
                price=Decimal(60_000),
            )
            found = client.order("BTCUSDT", orig_client_order_id=placed.client_order_id)
            canceled = client.cancel_order("BTCUSDT", order_id=found.order_id)
            return found.status, canceled.status, threading.active_count() - threads

    assert await asyncio.to_thread(trade) == (OrderStatus.NEW, OrderStatus.CANCELED, 0)


async def test_a_clock_that_steps_in_mid_session(place: Place) -> None:
    """AUTH-3: the blocking client resyncs and re-signs as the asynchronous one does."""

    def ask(step: Callable[[], None]) -> float:
        with Client(place.environment, place.ed25519) as client:
            step()
            client.account()
            return client.desk.offset_ms()

    offset = await asyncio.to_thread(ask, lambda: place.server.clock.set(90_000))
    assert offset == pytest.approx(90_000, abs=500)


async def test_nobody_there_and_not_open() -> None:
    async with running() as place:
        pass

    def ask() -> None:
        with Client(place.environment, place.hmac):
            raise AssertionError

    with pytest.raises(errors.CannotConnect, match="cannot connect"):
        await asyncio.to_thread(ask)
    with pytest.raises(errors.Misuse, match="with Client"):
        Client(place.environment).ping()
