"""What a caller holds: of a list, of an amendment; a list is cancelled whole; nothing waits past a kill."""

import asyncio

import pytest

from surefoot.errors import PolicyRefusal
from surefoot.exchange.faults import Answer
from surefoot.execution.aio import ListHandle
from surefoot.execution.intent import LimitOrder
from surefoot.execution.lives import ListState, OrderState
from surefoot.spot.enums import Side
from surefoot.spot.order_replace import AmendOrder
from tests.execution.stage import SYMBOL, D, Stage, play
from tests.execution.test_placing_faults import oco

LOW = LimitOrder(SYMBOL, Side.BUY, "0.02", "40000")


def test_of_a_list_the_caller_holds_the_list_and_cancels_it_whole() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            handle = await oco(trader)
            assert isinstance(handle, ListHandle)
            assert handle.state is ListState.EXECUTING
            assert [order.state for order in handle.orders] == [OrderState.NEW, OrderState.NEW]
            assert SYMBOL in repr(handle)
            assert (await trader.cancel(handle)).state is ListState.ALL_DONE
            assert (await handle.done()).state is ListState.ALL_DONE
            assert stage.open_there() == ()

    play(story)


def test_of_an_amendment_the_caller_holds_the_order_that_it_amended() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            order = await trader.place(LOW)
            amended = await trader.place(
                AmendOrder(symbol=SYMBOL, order_id=order.order_id or 0, new_qty=D("0.01"))
            )
            assert amended.id == order.id
            assert amended.record.qty == D("0.01")

    play(story)


def test_an_order_that_waits_for_room_does_not_leave_after_a_kill() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            stage.fault(Answer(429, retry_after_s=2), "order.place")
            placing = asyncio.ensure_future(trader.place(LOW))
            await asyncio.sleep(0.5)
            assert trader.doubts, "it is written down, and waits"
            await trader.kill("enough")
            with pytest.raises(PolicyRefusal, match="enough"):
                await placing
            await asyncio.sleep(5)
            assert stage.there() == ()

    play(story)
