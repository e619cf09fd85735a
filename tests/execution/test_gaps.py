"""A user stream that was deaf hides nothing for long, and nothing counts twice (TRACK-3)."""

import asyncio
from typing import Any

import pytest

from surefoot.client.aio import AsyncClient
from surefoot.exchange.faults import (
    Answer,
    Cut,
    Duplicate,
    LostAnswer,
    LostRequest,
    Mute,
    ReadLag,
    Reorder,
    Withhold,
)
from surefoot.execution import entries
from surefoot.execution.aio.events import Events
from surefoot.execution.fills import Fill
from surefoot.execution.intent import LimitOrder
from surefoot.execution.lives import OrderState
from surefoot.spot.enums import OrderType, Side, TimeInForce
from tests.execution.stage import SYMBOL, D, Stage, play
from tests.execution.test_placing_faults import must_agree

RESTING = LimitOrder(SYMBOL, Side.BUY, "0.01", "50000")


async def listened(events: Events, heard: list[Any]) -> None:
    heard.extend([event async for event in events])


DEAF = {
    "cut": lambda stage: stage.server.outages.cut(),
    "closed": lambda stage: stage.server.outages.cut(how="close"),
    "mute": lambda stage: stage.server.outages.mute(),
    "cut by a fill": lambda stage: stage.fault(Cut(), "executionReport"),
    "muted by a fill": lambda stage: stage.fault(Mute(), "executionReport"),
}


@pytest.mark.parametrize("how", DEAF)
def test_fills_while_the_stream_was_deaf_are_told_once_each(how: str) -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            heard: list[Any] = []
            listening = asyncio.ensure_future(listened(trader.events(), heard))
            handle = await trader.place(RESTING)
            stream = [fill async for fill in _first(handle.fills(), 0)]
            assert stream == []
            DEAF[how](stage)
            for qty in ("0.001", "0.002", "0.003", "0.004"):
                await rival.sell(qty)
                await asyncio.sleep(0.01)
            record = await asyncio.wait_for(handle.done(), 300)
            assert record.state is OrderState.FILLED
            told = [fill async for fill in handle.fills()]
            await asyncio.sleep(60)
            must_agree(stage, trader)
        await listening
        assert [fill.trade_id for fill in told] == stage.trades_there()
        fills = [event.trade_id for event in heard if isinstance(event, Fill)]
        assert sorted(fills) == stage.trades_there()
        if how != "muted by a fill":
            assert any(isinstance(event, entries.GapSeen) for event in heard)

    play(story)


async def _first(told: Any, number: int) -> Any:
    for _ in range(number):
        yield await anext(told)


@pytest.mark.parametrize(
    "fault",
    [Duplicate(times=3), Withhold(), Withhold(ms=4_000), Reorder()],
    ids=["duplicate", "withheld", "late", "reordered"],
)
def test_events_that_come_twice_late_out_of_order_or_never(fault: Any) -> None:
    """An event that never comes is noticed by what is read every minute."""

    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            heard: list[Any] = []
            listening = asyncio.ensure_future(listened(trader.events(), heard))
            handle = await trader.place(RESTING)
            number = stage.fault(fault, "executionReport", times=3)
            for qty in ("0.001", "0.002", "0.003", "0.004"):
                await rival.sell(qty)
                await asyncio.sleep(0.01)
            await asyncio.wait_for(handle.done(), 100)
            assert stage.server.faults.struck[number] == 3
            told = [fill.trade_id async for fill in handle.fills()]
            await asyncio.sleep(150)
            must_agree(stage, trader)
        await listening
        assert sorted(told) == stage.trades_there()
        assert sorted(e.trade_id for e in heard if isinstance(e, Fill)) == stage.trades_there()

    play(story)


@pytest.mark.parametrize("how", ["cut", "mute"])
def test_what_somebody_else_did_meanwhile_is_known_although_later_news_overtook_it(how: str) -> None:
    """An order of ours answers with a newer trade before the gap is read: the older ones are read all the
    same.
    """

    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival, _elsewhere(stage) as elsewhere:
            heard: list[Any] = []
            listening = asyncio.ensure_future(listened(trader.events(), heard))
            await trader.place(LimitOrder(SYMBOL, Side.BUY, "0.01", "40000"))
            DEAF[how](stage)
            stage.fault(Answer(status=503), "openOrders.status", times=3)
            for number in range(3):
                await rival.sell("0.001")
                await elsewhere.new_order(
                    SYMBOL,
                    Side.BUY,
                    OrderType.LIMIT,
                    time_in_force=TimeInForce.IOC,
                    quantity=D("0.001"),
                    price=D(50_000),
                    new_client_order_id=f"web-{number}",
                )
            await rival.sell("0.005")
            await trader.buy(SYMBOL, quantity="0.005")
            await asyncio.sleep(200)
        await listening
        fills = [event.trade_id for event in heard if isinstance(event, Fill)]
        assert sorted(fills) == stage.trades_there()
        assert len(fills) == 4

    play(story)


def _elsewhere(stage: Stage) -> Any:
    """Another program that uses the same account."""

    return AsyncClient(stage.environment, stage.key(), world=stage.world)


def test_a_ban_while_a_gap_is_read_delays_it_and_ends_nothing() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            handle = await trader.place(RESTING)
            stage.fault(Answer(status=418, retry_after_s=200), "openOrders.status")
            stage.server.outages.cut()
            await rival.sell("0.01")
            await asyncio.sleep(30)
            record = await asyncio.wait_for(handle.done(), 600)
            assert record.state is OrderState.FILLED
            await asyncio.sleep(120)
            must_agree(stage, trader)
            assert (await trader.place(LimitOrder(SYMBOL, Side.BUY, "0.01", "40000"))).record.is_open

    play(story)


def test_reads_that_fail_for_long_end_nothing() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            handle = await trader.place(RESTING)
            stage.fault(Answer(status=503), "openOrders.status", times=None, for_ms=240_000)
            for _ in range(3):
                stage.server.outages.cut()
                await rival.sell("0.002")
                await asyncio.sleep(40)
            await rival.sell("0.004")
            await asyncio.wait_for(handle.done(), 600)
            await asyncio.sleep(250)
            must_agree(stage, trader)

    play(story)


@pytest.mark.parametrize("gap", [False, True])
def test_a_gap_during_a_doubt_makes_the_verdict_take_the_long_way(gap: bool) -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            stage.fault(LostRequest(), "order.place")
            clock = asyncio.get_running_loop().time
            began = clock()
            placing = asyncio.ensure_future(trader.place(RESTING))
            await asyncio.sleep(2)
            if gap:
                stage.server.outages.cut()
            (failure,) = await asyncio.gather(placing, return_exceptions=True)
            assert type(failure).__name__ == "NotPlaced"
            took_s = clock() - began
            window_s = trader.client.desk.clock.recv_window_ms / 1_000
            assert took_s >= window_s + 11
            assert (took_s >= window_s + 45) is gap
            assert took_s < window_s + 47
            assert ("twice" in str(failure)) is gap

    play(story)


def test_an_order_that_reads_do_not_show_yet_is_not_taken_for_absent() -> None:
    """Read lag over 20 s, and a stream that was deaf: the doubt outlasts both."""

    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            stage.fault(ReadLag(ms=25_000), "*", times=None, for_ms=60_000)
            stage.fault(LostAnswer("silence"), "order.place")
            placing = asyncio.ensure_future(trader.place(RESTING))
            stage.fault(Cut(), "executionReport")
            handle = await placing
            assert handle.record.is_open
            await asyncio.sleep(60)
            must_agree(stage, trader)

    play(story)


def test_events_wait_for_what_the_gap_hid() -> None:
    """So that who listens hears fills in their order, as long as reads are answered soon."""

    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            handle = await trader.place(RESTING)
            stage.fault(Cut(), "executionReport", skip=0)
            await rival.sell("0.001")
            await rival.sell("0.002")
            for _ in range(20):
                await asyncio.sleep(0.05)
                if handle.record.executed_qty < D("0.01"):
                    await rival.sell("0.0005")
            await asyncio.sleep(10)
            told = [fill.trade_id for fill in trader.views.fills_of(handle.id)]
            assert told == stage.trades_there()

    play(story)
