"""The same lines over REST and over the WebSocket API: the same answers, the same errors."""

from decimal import Decimal
from typing import Any, ClassVar, cast

import pytest

from surefoot import errors
from surefoot.client.aio import AsyncClient
from surefoot.client.aio.client import Transport
from surefoot.credentials import Credentials
from surefoot.spot.enums import OrderStatus, OrderType, Side, TimeInForce
from surefoot.spot.general import Empty
from surefoot.spot.orders import CancelAnswer
from surefoot.spot.request import Endpoint, Request
from surefoot.spot.session import GetSessionStatus, GetSubscriptions, Logon, Logout
from surefoot.spot.trade import NewOrder
from tests.client.street import Place, Street, running

BOTH = pytest.mark.parametrize("transport", ["rest", "ws_api"])
KEYS = pytest.mark.parametrize("key", ["hmac", "ed25519"])


def opened(place: Place, transport: Transport, key: str = "ed25519") -> AsyncClient:
    credentials: Credentials = getattr(place, key)
    return AsyncClient(place.environment, credentials, transport=transport)


@KEYS
@BOTH
async def test_an_order_lives_its_whole_life(place: Place, transport: Transport, key: str) -> None:
    async with opened(place, transport, key) as client:
        placed = await client.new_order(
            "BTCUSDT",
            Side.BUY,
            OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            quantity="0.001",
            price=Decimal(60_000),
        )
        found = await client.order("BTCUSDT", orig_client_order_id=placed.client_order_id)
        canceled = await client.cancel_order("BTCUSDT", order_id=placed.order_id)
        assert isinstance(canceled, CancelAnswer)
        assert (found.status, canceled.status) == (OrderStatus.NEW, OrderStatus.CANCELED)
        assert await client.open_orders() == ()


@BOTH
async def test_a_client_is_entered_once_and_says_what_it_is(place: Place, transport: Transport) -> None:
    client = opened(place, transport, "hmac")
    tail = place.hmac.key_tail
    assert repr(client) == f"AsyncClient(local, key …{tail}, {transport}, closed)"
    async with client:
        assert repr(client) == f"AsyncClient(local, key …{tail}, {transport}, open)"
        with pytest.raises(errors.Misuse, match="open already"):
            await client.__aenter__()
        await client.ping()


@BOTH
async def test_a_refusal_is_the_same_error(place: Place, transport: Transport) -> None:
    async with opened(place, transport) as client:
        with pytest.raises(errors.UnknownOrder) as caught:
            await client.cancel_order("BTCUSDT", order_id=9_999)
        assert (caught.value.code, caught.value.status) == (-2011, 400)


@BOTH
async def test_market_data_needs_no_key(place: Place, transport: Transport) -> None:
    async with AsyncClient(place.environment, transport=transport) as client:
        assert (await client.exchange_info(symbols=("BTCUSDT",))).symbols[0].symbol == "BTCUSDT"
        with pytest.raises(errors.Misuse, match="needs a key"):
            await client.account()


@BOTH
async def test_an_order_is_checked_by_rules_heard_over_the_same_way(
    place: Place, transport: Transport
) -> None:
    async with opened(place, transport) as client:
        order = NewOrder(
            symbol="BTCUSDT",
            side=Side.BUY,
            type=OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            quantity=Decimal("0.0011111111"),
            price=Decimal(60_000),
        )
        checked = await client.check(order, await client.snapshot("BTCUSDT"))
        assert checked.order.quantity < order.quantity
        assert (await client.rules("BTCUSDT")).symbol == "BTCUSDT"


@BOTH
async def test_the_clock_is_measured_over_the_same_way(transport: Transport) -> None:
    async with running(clock_skew_ms=90_000) as place, opened(place, transport) as client:
        await client.account()
        assert client.desk.offset_ms() == pytest.approx(90_000, abs=500)
        assert (await client.sync()).round_trip_ms >= 0


@BOTH
async def test_nobody_there_and_not_open(transport: Transport) -> None:
    async with running() as place:
        pass
    with pytest.raises(errors.CannotConnect):
        async with opened(place, transport):
            raise AssertionError
    with pytest.raises(errors.Misuse, match="async with"):
        await opened(place, transport).ping()


async def test_the_websocket_api_alone_is_used_when_it_is_asked_for(street: tuple[Street, Place]) -> None:
    """After a cut the next request opens a connection of its own; a read that was cut is asked again there
    (RETRY-1).
    """
    proxy, place = street
    async with opened(place, "ws_api") as client:
        await client.account()
        proxy.cut()
        assert (await client.account()).can_trade


def test_another_way_does_not_exist(place: Place) -> None:
    with pytest.raises(errors.Misuse, match="'rest', 'ws_api'"):
        AsyncClient(place.environment, transport=cast(Any, "fix"))


class RestOnly(Request[Empty], frozen=True):
    """A request that the WebSocket API does not have."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET", path="/api/v3/ping", ws_method="", weight=1, answer=Empty
    )


async def test_a_request_without_a_twin_is_refused_here(place: Place) -> None:
    async with opened(place, "rest") as client:
        assert await client.send(RestOnly()) == Empty()
        with pytest.raises(errors.Misuse, match=r"session\.status exists on the WebSocket API only"):
            await client.send(GetSessionStatus())
    async with opened(place, "ws_api") as client:
        assert (await client.send(GetSessionStatus())).api_key is not None
        with pytest.raises(errors.Misuse, match="exists on REST only"):
            await client.send(RestOnly())


async def test_a_session_that_logs_out_signs_each_request_again(place: Place) -> None:
    async with opened(place, "rest") as client, client.session() as session:
        assert session.logged_on
        assert (await session.send(Logout())).api_key is None
        assert not session.logged_on
        assert (await session.send(Logon())).api_key is not None
        assert session.logged_on
        assert await session.send(GetSubscriptions()) == ()
