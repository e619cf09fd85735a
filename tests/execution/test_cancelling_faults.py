"""A cancel ends with an order that is over, or with an error that says why not (RETRY-3, law 4)."""

import asyncio
from typing import Any

import pytest

from surefoot.errors import InvalidRequest, NotPlaced, OrderRefused, UnknownOrder
from surefoot.exchange.faults import (
    Answer,
    BadBody,
    Latency,
    LostAnswer,
    LostRequest,
    Mute,
    ReadLag,
    SlowEngine,
)
from surefoot.execution.intent import LimitOrder
from surefoot.execution.lives import ListState, OrderState
from surefoot.spot.enums import Side
from tests.execution.stage import SYMBOL, D, Stage, play
from tests.execution.test_placing_faults import limit, must_agree, oco, otoco

FAULTS: dict[str, Any] = {
    "lost answer": LostAnswer(),
    "silence": LostAnswer("silence"),
    "lost request": LostRequest(),
    "-1007": Answer(code=-1007),
    "-1007 executed": Answer(code=-1007, executed=True),
    "503": Answer(status=503),
    "429": Answer(status=429, retry_after_s=3),
    "418": Answer(status=418, retry_after_s=3),
    "slow": SlowEngine(),
    "truncated": BadBody(),
    "-1021": Answer(status=400, code=-1021),
    "-2011": Answer(status=400, code=-2011),
}
RESTING = LimitOrder(SYMBOL, Side.BUY, "0.01", "50000")


@pytest.mark.parametrize("deaf", [False, True], ids=["heard", "deaf"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_cancel_goes_on_until_the_order_is_over(fault: str, deaf: bool) -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            handle = await trader.place(RESTING)
            await rival.sell("0.004")
            await asyncio.sleep(0.5)
            if deaf:
                stage.fault(Mute(), "executionReport")
            number = stage.fault(FAULTS[fault], "order.cancel", times=2)
            record = await trader.cancel(handle)
            assert record.state is OrderState.CANCELED
            assert record.executed_qty == D("0.004")
            assert stage.open_there() == ()
            assert stage.server.faults.struck[number] > 0
            await asyncio.wait_for(handle.done(), 60)
            must_agree(stage, trader)

    play(story)


@pytest.mark.parametrize("deaf", [False, True], ids=["heard", "deaf"])
def test_an_order_that_was_filled_meanwhile_is_no_error(deaf: bool) -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            handle = await trader.place(RESTING)
            if deaf:
                stage.fault(Mute(), "executionReport")
            stage.fault(Latency(ms=100), "order.cancel")
            cancelling = asyncio.ensure_future(trader.cancel(handle))
            await asyncio.sleep(0.02)
            await rival.sell("0.01")
            record = await cancelling
            assert record.state is OrderState.FILLED
            assert record.known_qty == D("0.01")
            must_agree(stage, trader)

    play(story)


def test_reads_that_lag_make_a_cancel_wait_not_err() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            handle = await trader.place(RESTING)
            stage.fault(Mute(), "executionReport")
            stage.fault(LostAnswer("silence"), "order.cancel")
            stage.fault(ReadLag(ms=25_000), "*", times=None, for_ms=30_000)
            assert (await trader.cancel(handle)).state is OrderState.CANCELED

    play(story)


def test_what_the_exchange_refuses_for_good_is_raised_and_told() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            handle = await trader.place(RESTING)
            stage.fault(Answer(status=400, code=-1100), "order.cancel")
            with pytest.raises(InvalidRequest):
                await trader.cancel(handle)
            assert handle.record.is_open
        assert "cancelRefused" in [row.kind for row in stage.platter.rows]

    play(story)


def test_an_order_that_nobody_knows_is_not_cancelled() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            with pytest.raises(UnknownOrder, match="does not know it"):
                await trader.cancel("sf-nobody")

    play(story)


PLACING: dict[str, tuple[Any, bool]] = {
    "slow": (SlowEngine(ms=3_000), True),
    "lost answer": (LostAnswer("silence"), True),
    "lost request": (LostRequest("silence"), False),
    "-1007 executed": (SlowEngine(), True),
    "late": (Latency(ms=700), True),
}


@pytest.mark.parametrize("lost", [False, True], ids=["", "cancel's answer lost"])
@pytest.mark.parametrize("deaf", [False, True], ids=["heard", "deaf"])
@pytest.mark.parametrize("fault", PLACING)
def test_an_order_in_flight_is_cancelled_as_soon_as_it_is_there(fault: str, deaf: bool, lost: bool) -> None:
    what, executed = PLACING[fault]

    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            await rival.sell("0.004")
            stage.fault(what, "order.place")
            if deaf:
                stage.server.outages.mute()
            if lost:
                stage.fault(LostAnswer(), "order.cancel")
            placing = asyncio.ensure_future(trader.place(RESTING))
            await asyncio.sleep(0.05)
            (order,) = trader.views.orders.shelf.active.values()
            assert order.in_flight or (fault, deaf) == ("lost answer", False)
            record = await trader.cancel(order.id)
            (outcome,) = await asyncio.gather(placing, return_exceptions=True)
            if executed:
                assert not isinstance(outcome, BaseException)
                assert record.state is OrderState.CANCELED
            else:
                assert isinstance(outcome, NotPlaced)
                assert record.state is OrderState.NOT_PLACED
            await asyncio.sleep(100)
            assert stage.open_there() == ()
            must_agree(stage, trader)

    play(story)


@pytest.mark.parametrize("fault", [None, *FAULTS])
def test_who_cancels_a_leg_cancels_its_list(fault: str | None) -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            await oco(trader)
            shelf = trader.views.orders.shelf
            leg = next(iter(shelf.active))
            if fault is not None:
                stage.fault(FAULTS[fault], "order.cancel")
            assert (await trader.cancel(leg)).state is OrderState.CANCELED
            await asyncio.sleep(5)
            assert stage.open_there() == ()
            assert [known.state for known in shelf.lists.values()] == [ListState.ALL_DONE]
            must_agree(stage, trader)

    play(story)


def test_cancel_all_cancels_everything_also_what_is_in_flight() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            await limit(trader)
            await oco(trader)
            await otoco(trader)
            stage.fault(SlowEngine(ms=2_000), "order.place")
            placing = asyncio.ensure_future(limit(trader))
            await asyncio.sleep(0.1)
            ends = await trader.cancel_all()
            await placing
            assert len(ends) == 7
            assert {end.state for end in ends} <= {OrderState.CANCELED, OrderState.EXPIRED}
            assert stage.open_there() == ()
            must_agree(stage, trader)

    play(story)


def test_one_cancel_that_is_refused_does_not_keep_the_others_from_being_sent() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            for _ in range(4):
                await limit(trader)
            stage.fault(Answer(status=400, code=-1100), "order.cancel")
            with pytest.raises(InvalidRequest):
                await trader.cancel_all()
            assert len(stage.open_there()) == 1

    play(story)


@pytest.mark.parametrize("mode", ["amend", "cancelReplace"])
def test_what_the_old_order_executed_meanwhile_is_taken_off_the_new_one(mode: str) -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            handle = await trader.place(RESTING)
            stage.fault(Latency(ms=100), "order.*")
            changes: dict[str, Any] = {"quantity": "0.008"} if mode == "amend" else {"price": "49000"}
            replacing = asyncio.ensure_future(trader.replace(handle, **changes))
            await asyncio.sleep(0.03)
            await rival.sell("0.003")
            now = await replacing
            await asyncio.sleep(1)
            total = D("0.008") if mode == "amend" else D("0.01")
            assert (now.id == handle.id) is (mode == "amend")
            if mode == "amend":
                assert now.record.qty == total
            else:
                assert handle.record.executed_qty + now.record.qty == total
            assert now.record.is_open
            must_agree(stage, trader)

    play(story)


def test_an_order_that_was_filled_before_it_could_be_replaced_is_not_doubled() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            handle = await trader.place(RESTING)
            stage.fault(Latency(ms=100), "order.cancelReplace")
            replacing = asyncio.ensure_future(trader.replace(handle, price="49000"))
            await asyncio.sleep(0.03)
            await rival.sell("0.01")
            with pytest.raises(OrderRefused):
                await replacing
            assert len(stage.there()) == 1
            await asyncio.wait_for(handle.done(), 60)
            must_agree(stage, trader)

    play(story)
