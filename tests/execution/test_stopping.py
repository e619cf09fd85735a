"""Stopping: the kill switch, a full disk, a caller who goes, a trader that is closed (ORDER-6, law 4)."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from surefoot.errors import JournalError, LeftOpen, Misuse, NotPlaced, PolicyRefusal
from surefoot.exchange.faults import Answer, LostAnswer, LostRequest, SlowEngine
from surefoot.execution import entries
from surefoot.execution.aio.events import Events, Overrun
from surefoot.execution.intent import LimitOrder
from surefoot.execution.lives import OrderState
from surefoot.execution.records import OrderRecord
from surefoot.spot.enums import Side
from surefoot.spot.trade import NewOrder
from tests.execution.stage import SYMBOL, D, Stage, play
from tests.execution.test_placing_faults import limit, must_agree, oco
from tests.execution.told import limit as request

LOW = LimitOrder(SYMBOL, Side.BUY, "0.01", "40000")
RESTING = LimitOrder(SYMBOL, Side.BUY, "0.01", "50000")


def test_after_a_kill_nothing_leaves_and_nothing_is_open_also_in_the_next_life() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            await limit(trader)
            await oco(trader)
            ends = await trader.kill("enough")
            assert len(ends) == 3
            assert stage.open_there() == ()
            with pytest.raises(PolicyRefusal, match="enough"):
                await limit(trader)
        async with stage.trader() as trader:
            assert trader.views.tripped == "enough"
            with pytest.raises(PolicyRefusal):
                await limit(trader)
            trader.arm("looked into it")
            await limit(trader)
            must_agree(stage, trader)

    play(story)


def test_a_kill_while_an_order_is_written_down_keeps_it_here() -> None:
    async def story(stage: Stage) -> None:
        stage.platter.commit_s = 0.05
        async with stage.trader() as trader:
            await trader.cancel(await trader.place(LOW))
            placing = asyncio.ensure_future(trader.place(LOW))
            await asyncio.sleep(0.02)
            await trader.kill("now")
            with pytest.raises(PolicyRefusal):
                await placing
            assert len(stage.there()) == 1

    play(story)


def test_a_kill_catches_what_is_on_its_way() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            stage.fault(SlowEngine(ms=3_000), "order.place")
            placing = asyncio.ensure_future(trader.place(LOW))
            await asyncio.sleep(0.05)
            (end,) = await trader.kill("now")
            assert end.state is OrderState.CANCELED
            await placing
            assert stage.open_there() == ()

    play(story)


def test_a_file_kills_and_as_long_as_it_is_there_nothing_arms(tmp_path: Path) -> None:
    file = tmp_path / "kill"

    async def story(stage: Stage) -> None:
        async with stage.trader(kill_file=file) as trader:
            await limit(trader)
            file.touch()
            await asyncio.sleep(2)
            assert stage.open_there() == ()
            with pytest.raises(PolicyRefusal):
                await limit(trader)
            with pytest.raises(Misuse, match="remove it first"):
                trader.arm("too soon")
            file.unlink()
            await asyncio.sleep(1)
            with pytest.raises(PolicyRefusal):
                await limit(trader)
            trader.arm("now")
            await limit(trader)
            file.touch()
            await asyncio.sleep(2)
            assert stage.open_there() == ()
        async with stage.trader(kill_file=file) as trader:
            with pytest.raises(PolicyRefusal):
                await limit(trader)

    play(story)


def test_a_full_disk_lets_nothing_new_leave_and_every_cancel() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            handle = await trader.place(RESTING)
            other = await trader.place(LOW)
            stage.platter.full = True
            with pytest.raises(JournalError, match="full"):
                await trader.place(LOW)
            with pytest.raises((JournalError, PolicyRefusal)):
                await trader.place(LOW)
            assert len(stage.there()) == 2
            await rival.sell("0.004")
            await asyncio.sleep(1)
            assert handle.record.known_qty == D("0.004"), "what is heard is known all the same"
            assert (await trader.cancel(handle)).state is OrderState.CANCELED
            await trader.kill("the disk is full")
            assert other.record.state is OrderState.CANCELED
            assert stage.open_there() == ()
        stage.platter.full = False
        async with stage.trader() as trader:
            await asyncio.sleep(60)
            must_agree(stage, trader)

    play(story)


def test_a_disk_that_fills_up_during_a_doubt_does_not_change_the_verdict() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            stage.fault(LostAnswer("silence"), "order.place")
            stage.server.outages.mute()
            placing = asyncio.ensure_future(trader.place(LOW))
            await asyncio.sleep(0.05)
            stage.platter.full = True
            handle = await placing
            assert handle.record.is_open
            assert len(stage.open_there()) == 1

    play(story)


@pytest.mark.parametrize("executed", [True, False])
def test_who_does_not_wait_for_an_order_leaves_its_story_to_go_on(executed: bool) -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            stage.fault(LostAnswer("silence") if executed else LostRequest("silence"), "order.place")
            stage.server.outages.mute()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await trader.place(LOW)
            await asyncio.sleep(120)
            must_agree(stage, trader)
            shelf = trader.views.orders.shelf
            (order,) = [*shelf.active.values(), *shelf.settled.values()]
            assert order.state is (OrderState.NEW if executed else OrderState.NOT_PLACED)

    play(story)


def test_who_waits_when_the_trader_is_closed_is_told_so() -> None:
    """Nobody waits for ever, and nobody is told that it did not happen."""

    async def story(stage: Stage) -> None:
        async with stage.trader(stop_within_ms=100) as trader:
            handle = await trader.place(LOW)
            stage.fault(LostAnswer("silence"), "order.place")
            stage.server.outages.mute()
            done = asyncio.ensure_future(handle.done())
            events = asyncio.ensure_future(_all(trader.events()))
            placing = asyncio.ensure_future(trader.place(LOW))
            await asyncio.sleep(0.05)
        told = await asyncio.wait_for(asyncio.gather(done, placing, return_exceptions=True), 10)
        assert [type(error) for error in told] == [Misuse, LeftOpen]
        assert len(await asyncio.wait_for(events, 10)) > 0
        with pytest.raises(Misuse):
            await handle.done()
        async with stage.trader() as trader:
            await asyncio.sleep(60)
            must_agree(stage, trader)

    play(story)


async def _all(events: Any) -> list[Any]:
    return [event async for event in events]


def test_placed_anew_is_placed_under_a_new_id() -> None:
    """Also where the caller chose the first one."""

    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            stage.fault(LostRequest(), "order.place", times=2)
            asked: NewOrder = request("sf-mine", qty="0.01", price=D(40_000))
            handle = await trader.place(asked, again=2)
            assert handle.id != "sf-mine"
            assert handle.record.is_open
        meant = [entry for entry in stage.journal() if isinstance(entry, entries.Submitted)]
        assert [entry.again for entry in meant] == [2, 1, 0]
        assert len({entry.id for entry in meant}) == 3
        assert [entry.instead_of for entry in meant] == [None, meant[0].id, meant[1].id]
        assert len(stage.there()) == 1

    play(story)


def test_an_id_that_was_used_is_not_used_again() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            asked = request("sf-mine", qty="0.01")
            handle = await trader.place(asked)
            await rival.sell("0.01")
            before = await handle.done()
            with pytest.raises(Misuse, match="sf-mine"):
                await trader.place(asked)
            assert handle.record == before
            assert len(stage.there()) == 1
        async with stage.trader() as trader:
            with pytest.raises(Misuse, match="sf-mine"):
                await trader.place(asked)

    play(story)


def test_events_are_told_in_order_and_a_listener_that_fails_stops_nothing() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            failing = asyncio.ensure_future(_fails(trader.events()))
            events = trader.events()
            handle = await trader.place(RESTING)
            for qty in ("0.001", "0.002", "0.007"):
                await rival.sell(qty)
            await handle.done()
            events.close()
            told = [event for event in await _all(events) if isinstance(event, OrderRecord)]
            states = [(order.state, order.known_qty) for order in told]
            assert states == sorted(states, key=lambda state: state[1])
            assert states[-1] == (OrderState.FILLED, D("0.01"))
            (error,) = await asyncio.gather(failing, return_exceptions=True)
            assert isinstance(error, RuntimeError)
            assert (await trader.place(LOW)).record.is_open
            assert trader._works.port.pen.closers == []

    play(story)


async def _fails(events: Any) -> None:
    with events:
        async for _ in events:
            raise RuntimeError("mine")


def test_who_does_not_keep_up_is_told_so_and_costs_no_more() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            pen = trader._works.port.pen
            listeners = len(pen.listeners)
            events = Events(pen, capacity=10)
            for _ in range(6):
                await trader.cancel(await trader.place(LOW))
            assert len(pen.listeners) == listeners
            told = await _all(events)
            assert len(told) <= 16
            assert isinstance(told[-1], Overrun)

    play(story)


def test_fills_that_come_while_one_is_looked_at_are_not_skipped() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            handle = await trader.place(RESTING)
            told = []

            async def listen() -> None:
                async for fill in handle.fills():
                    told.append(fill.trade_id)
                    await asyncio.sleep(0.3)

            listening = asyncio.ensure_future(listen())
            for _ in range(10):
                await rival.sell("0.001")
                await asyncio.sleep(0.05)
            await asyncio.wait_for(listening, 60)
            assert told == stage.trades_there()

    play(story)


def test_everybody_who_waits_for_an_order_is_woken_every_time() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            handle = await trader.place(RESTING)
            waiting = [asyncio.ensure_future(handle.done()) for _ in range(3)]
            fills = [asyncio.ensure_future(_all(handle.fills())) for _ in range(3)]
            for _ in range(10):
                await rival.sell("0.001")
                await asyncio.sleep(0.05)
            ends = await asyncio.wait_for(asyncio.gather(*waiting), 10)
            assert {end.state for end in ends} == {OrderState.FILLED}
            assert [len(told) for told in await asyncio.wait_for(asyncio.gather(*fills), 10)] == [10] * 3

    play(story)


def test_two_first_orders_of_a_symbol_at_once_lose_no_execution() -> None:
    """Both look where the account's trades begin; the second look sees the first order's."""

    async def story(stage: Stage) -> None:
        async with stage.rival() as rival:
            await rival.sell("1")
        stage.fault(Answer(status=503), "myTrades", skip=1, times=2)
        async with stage.trader() as trader:
            both = await asyncio.gather(*(trader.buy(SYMBOL, quantity="0.01") for _ in range(2)))
            for handle in both:
                await asyncio.wait_for(handle.done(), 60)
            must_agree(stage, trader)

    play(story)


def test_a_thousand_orders_leave_nothing_behind_in_the_port() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            port = trader._works.port
            port._covered |= {f"sf-old-{number}" for number in range(1_024)}
            await trader.place(LOW)
            assert len(port._covered) == 1
            stage.fault(LostRequest(), "order.place")
            with pytest.raises(NotPlaced, match="whole"):
                await trader.place(LOW)

    play(story)
