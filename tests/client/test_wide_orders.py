"""Order lists, replacements and amendments against the embedded exchange, over both ways."""

from decimal import Decimal

import pytest

from surefoot import errors
from surefoot.client.aio import AsyncClient
from surefoot.client.aio.client import Transport
from surefoot.spot.enums import (
    CancelReplaceMode,
    CancelReplaceResult,
    ContingencyType,
    ListOrderStatus,
    OrderType,
    Side,
    TimeInForce,
)
from surefoot.spot.order_replace import CancelReplaceAnswer, ListReplaceAnswer, RefusedHalf
from surefoot.spot.orders import CancelAnswer, CanceledList, OrderAnswer, OrderListAnswer
from tests.client.street import Place

BOTH = pytest.mark.parametrize("transport", ["rest", "ws_api"])
LOW, LOWER = Decimal(60_000), Decimal(59_000)
QTY = "0.001"


def opened(place: Place, transport: Transport) -> AsyncClient:
    return AsyncClient(place.environment, place.ed25519, transport=transport)


async def resting(client: AsyncClient, quantity: str = QTY) -> OrderAnswer:
    """A BUY that rests."""
    return await client.new_order(
        "BTCUSDT", Side.BUY, OrderType.LIMIT, time_in_force=TimeInForce.GTC, quantity=quantity, price=LOW
    )


async def oto(client: AsyncClient) -> OrderListAnswer:
    """A BUY that rests, and what would follow it."""
    return await client.new_oto(
        "BTCUSDT",
        working_type=OrderType.LIMIT,
        working_side=Side.BUY,
        working_price=LOW,
        working_quantity=QTY,
        working_time_in_force=TimeInForce.GTC,
        pending_type=OrderType.MARKET,
        pending_side=Side.SELL,
        pending_quantity=QTY,
    )


async def replaced(client: AsyncClient, order_id: int) -> CancelReplaceAnswer | ListReplaceAnswer:
    """A BUY that rests lower, in the place of another order."""
    return await client.cancel_replace(
        "BTCUSDT",
        Side.BUY,
        OrderType.LIMIT,
        cancel_replace_mode=CancelReplaceMode.STOP_ON_FAILURE,
        cancel_order_id=order_id,
        time_in_force=TimeInForce.GTC,
        quantity=QTY,
        price=LOWER,
    )


@BOTH
async def test_a_list_is_placed_found_and_cancelled(place: Place, transport: Transport) -> None:
    async with opened(place, transport) as client:
        placed = await oto(client)
        assert placed.contingency_type is ContingencyType.OTO
        assert len(placed.orders) == len(placed.order_reports) == 2
        found = await client.order_list(order_list_id=placed.order_list_id)
        assert found.list_order_status is ListOrderStatus.EXECUTING
        ended = await client.cancel_order_list("BTCUSDT", list_client_order_id=placed.list_client_order_id)
        assert ended.list_order_status is ListOrderStatus.ALL_DONE
        assert {leg.order_id for leg in ended.order_reports} == {order.order_id for order in placed.orders}


@BOTH
async def test_an_order_of_a_list_takes_its_list_along(place: Place, transport: Transport) -> None:
    async with opened(place, transport) as client:
        placed = await oto(client)
        ended = await client.cancel_order("BTCUSDT", order_id=placed.orders[0].order_id)
        assert isinstance(ended, (CancelAnswer, CanceledList))
        assert ended.order_list_id == placed.order_list_id
        found = await client.order_list(orig_client_order_id=placed.list_client_order_id)
        assert found.list_order_status is ListOrderStatus.ALL_DONE


@BOTH
async def test_all_open_orders_of_a_symbol_go_alone_and_in_lists(place: Place, transport: Transport) -> None:
    async with opened(place, transport) as client:
        await resting(client)
        await oto(client)
        ended = await client.cancel_open_orders("BTCUSDT")
        assert sorted(type(one).__name__ for one in ended) == ["CancelAnswer", "CanceledList"]
        assert await client.open_orders(symbol="BTCUSDT") == ()


@BOTH
async def test_an_order_is_replaced(place: Place, transport: Transport) -> None:
    async with opened(place, transport) as client:
        old = await resting(client)
        answer = await replaced(client, old.order_id)
        assert answer.cancel_result is answer.new_order_result is CancelReplaceResult.SUCCESS
        assert isinstance(answer.cancel_response, CancelAnswer)
        assert answer.cancel_response.order_id == old.order_id
        assert answer.new_order_response.price == LOWER


@BOTH
async def test_an_order_that_replaces_one_of_a_list_ends_the_list(place: Place, transport: Transport) -> None:
    async with opened(place, transport) as client:
        placed = await oto(client)
        answer = await replaced(client, placed.orders[0].order_id)
        assert isinstance(answer.cancel_response, CanceledList) is (transport == "ws_api")
        assert answer.cancel_response.order_list_id == placed.order_list_id
        assert answer.new_order_response.price == LOWER


@BOTH
async def test_half_of_a_replacement_is_told_apart(place: Place, transport: Transport) -> None:
    """RETRY-4: the old order is gone, the new one would have matched at once."""
    async with opened(place, transport) as client:
        old = await resting(client)
        with pytest.raises(errors.PartlyDone) as caught:
            await client.cancel_replace(
                "BTCUSDT",
                Side.BUY,
                OrderType.LIMIT_MAKER,
                cancel_replace_mode=CancelReplaceMode.STOP_ON_FAILURE,
                cancel_order_id=old.order_id,
                quantity=QTY,
                price=80_000,
            )
        assert isinstance(caught.value.done, CancelAnswer)
        assert caught.value.done.order_id == old.order_id
        assert isinstance(caught.value.refused, RefusedHalf)
        assert caught.value.refused.code == -2010


@BOTH
async def test_neither_half_happened(place: Place, transport: Transport) -> None:
    async with opened(place, transport) as client:
        with pytest.raises(errors.OrderRefused) as caught:
            await replaced(client, 9_999)
        assert caught.value.code == -2022
        assert caught.value.facts.data["cancelResponse"]["code"] == -2011


@BOTH
async def test_an_order_is_made_smaller_in_its_place(place: Place, transport: Transport) -> None:
    async with opened(place, transport) as client:
        order = await resting(client, "0.002")
        amended = await client.amend_order("BTCUSDT", order_id=order.order_id, new_qty=QTY)
        assert amended.amended_order.qty == Decimal(QTY)
        assert amended.amended_order.order_id == order.order_id
