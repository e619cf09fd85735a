"""Brackets played against the exchange on virtual time: every way in and every way out (ORDER-5)."""

import asyncio

import pytest

from surefoot.errors import Misuse, OrderRefused
from surefoot.exchange.core.list_commands import CancelAll
from surefoot.execution.bracket import BracketState
from surefoot.execution.intent import LimitOrder, MarketOrder
from surefoot.spot.enums import OrderStatus, OrderType, Side, TimeInForce
from tests.execution.staged import ALICE, BTC, D, Stage, bracket, played

S = BracketState


def test_filled_whole_it_is_protected_less_the_commission_and_sold_at_the_profit() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket())
        assert stage.state is S.ENTERING
        stage.fill("0.01")
        await stage.reaches(S.PROTECTED)
        assert stage.position == D("0.00999")
        assert sorted(order.orig_qty for order in stage.open()) == [999_000, 999_000]
        assert {order.type for order in stage.open()} == {OrderType.LIMIT_MAKER, OrderType.STOP_LOSS}
        stage.rises("68000")
        await stage.reaches(S.CLOSED)
        assert stage.position == 0
        assert stage.handle is not None
        assert stage.handle.record.text == "sold at the take-profit"
        assert stage.handle.left == 0
        assert 0 < stage.handle.unprotected_ms <= 20

    played(script)


def test_a_partial_fill_that_gets_old_is_protected_and_the_rest_is_not_bought() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket("0.02"))
        stage.fill("0.004")
        await asyncio.sleep(1.5)
        assert stage.state is S.ENTERING
        stage.fill("0.003")
        await asyncio.sleep(0.4)
        assert stage.state is S.ENTERING  # the first fill is the one that gets old
        await stage.reaches(S.PROTECTED)
        assert stage.position == D("0.006993")
        assert {order.orig_qty for order in stage.open()} == {699_000}  # a step is 0.00001
        assert stage.orders()[0].status is OrderStatus.CANCELED
        stage.falls("65000")
        await stage.reaches(S.CLOSED)
        assert stage.handle is not None
        assert (stage.position, stage.handle.left) == (D("0.000003"), D("0.000003"))
        assert stage.handle.record.text == "sold at the stop"
        assert 2_000 <= stage.handle.unprotected_ms <= 2_020

    played(script, within_ms=2_020)


def test_a_rest_that_comes_in_time_is_bought() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket("0.02"))
        stage.fill("0.004")
        await asyncio.sleep(1)
        stage.fill("0.016")
        await stage.reaches(S.PROTECTED)
        assert {order.orig_qty for order in stage.open()} == {1_998_000}

    played(script, within_ms=1_020)


def test_at_the_market_for_an_amount() -> None:
    async def script(stage: Stage) -> None:
        stage.trade(Side.SELL, "1", "66001")
        stage.bids("65500")
        await stage.enter(bracket(entry=MarketOrder(BTC, Side.BUY, quote="1000")))
        await stage.reaches(S.PROTECTED)
        assert {order.orig_qty for order in stage.open()} == {1_513_000}

    played(script)


def test_a_stop_with_a_limit() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket(stop_limit="64900"))
        stage.fill("0.01")
        await stage.reaches(S.PROTECTED)
        assert {order.type for order in stage.open()} == {OrderType.LIMIT_MAKER, OrderType.STOP_LOSS_LIMIT}
        stage.falls("64950")
        await stage.reaches(S.CLOSED)
        assert stage.position == 0

    played(script)


def test_what_is_too_small_is_left_and_said_so() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket())
        stage.fill("0.00005")
        await stage.reaches(S.DUST)
        assert stage.open() == []
        assert stage.handle is not None
        assert stage.handle.left == stage.position == D("0.00004995")
        assert "0.00004995 BTC is worth 2.72 USDT at 68000" in stage.handle.record.text

    played(script, within_ms=2_020)


def test_nothing_bought_is_nothing_entered() -> None:
    async def script(stage: Stage) -> None:
        limit = LimitOrder(BTC, Side.BUY, "0.01", "66000", TimeInForce.IOC)
        await stage.enter(bracket(entry=limit))
        await stage.reaches(S.NOT_ENTERED)
        assert stage.handle is not None
        assert stage.handle.record.text == "the entry is EXPIRED"

    played(script)


def test_an_entry_that_is_refused_is_raised() -> None:
    async def script(stage: Stage) -> None:
        words = "Account has insufficient balance for requested action."
        fault = {"kind": "answer", "status": 400, "code": -2010, "message": words}
        stage.server.faults.add({"fault": fault, "where": "order.place"})
        await stage.enter(bracket())
        assert isinstance(stage.failure, OrderRefused)
        (record,) = stage.trader.views.brackets.state().known
        assert (record.state, record.text) == (S.NOT_ENTERED, str(stage.failure))

    played(script)


def test_what_could_never_be_protected_is_refused_at_once() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket("0.00008", stop_limit="62500"))
        assert isinstance(stage.failure, Misuse)
        assert "a bracket that could not be protected" in str(stage.failure)
        assert stage.trader.views.brackets.state().known == ()

    played(script)


def test_one_list_where_there_is_no_commission() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket())
        assert len(stage.orders()) == 3
        stage.fill("0.01")
        await stage.reaches(S.PROTECTED)
        assert {order.orig_qty for order in stage.open()} == {1_000_000}
        stage.falls("65000")
        await stage.reaches(S.CLOSED)
        assert stage.handle is not None
        assert (stage.position, stage.handle.unprotected_ms) == (0, 0)

    played(script, rate=0)


def test_a_partial_fill_of_one_list_is_protected_by_another() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket("0.02"))
        stage.fill("0.004")
        await stage.reaches(S.PROTECTED)
        assert {order.orig_qty for order in stage.open()} == {400_000}
        assert len(stage.orders()) == 5
        stage.rises("68000")
        await stage.reaches(S.CLOSED)
        assert stage.position == 0

    played(script, rate=0, within_ms=2_020)


def test_a_profit_that_is_reached_already_is_taken_at_the_market() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket("0.02"))
        stage.fill("0.004")
        await asyncio.sleep(1)
        stage.bids("68500")
        stage.trade(Side.SELL, "0.001", "68500")
        await stage.reaches(S.CLOSED)
        assert stage.handle is not None
        assert stage.handle.record.text == "sold at the market"
        assert stage.position < D("0.00001")
        assert not any(order.order_list_id >= 0 for order in stage.orders())

    played(script, within_ms=2_040)


def test_a_stop_that_is_crossed_already_is_sold_at_the_market() -> None:
    async def script(stage: Stage) -> None:
        stage.bids("64000")
        stage.trade(Side.SELL, "0.001", "66010", by="market")
        entry = MarketOrder(BTC, Side.BUY, "0.01")
        stage.trade(Side.SELL, "1", "66020", by="market")
        stage.server.faults.add({"fault": {"kind": "latency", "ms": 100}, "where": "orderList.place.oco"})
        await stage.enter(bracket(entry=entry))
        await asyncio.sleep(0.02)
        stage.trade(Side.SELL, "0.001", "64000")
        await stage.reaches(S.CLOSED)
        assert stage.position < D("0.00001")

    played(script, within_ms=140)


def test_the_rest_of_a_profit_that_was_filled_in_part_is_protected_anew() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket())
        stage.fill("0.01")
        await stage.reaches(S.PROTECTED)
        stage.trade(Side.BUY, "0.004", "68000")
        await asyncio.sleep(1)
        assert stage.state is S.PROTECTED
        stage.falls("67000")
        await stage.reaches(S.RENEWING)
        await stage.reaches(S.PROTECTED)
        assert {order.orig_qty for order in stage.open()} == {599_000}
        stage.rises("68000")
        await stage.reaches(S.CLOSED)
        assert stage.position == 0

    played(script, within_ms=2_020)


def test_without_buyers_it_is_sold_as_soon_as_there_are_some() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket())
        stage.fill("0.01")
        await stage.reaches(S.PROTECTED)
        stage.trade(Side.BUY, "0.004", "68000")
        await stage.reaches(S.CLOSING)  # the last price is that of the profit
        await asyncio.sleep(20)
        assert stage.state is S.CLOSING
        stage.trade(Side.BUY, "0.002", "67000")
        stage.trade(Side.BUY, "0.002", "66500")
        await asyncio.sleep(20)
        stage.bids("66000")
        await stage.reaches(S.CLOSED)
        assert stage.position == 0

    played(script, within_ms=None)


def test_a_small_rest_of_a_profit_stays_on_sale() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket())
        stage.fill("0.01")
        await stage.reaches(S.PROTECTED)
        stage.trade(Side.BUY, "0.00994", "68000")
        await asyncio.sleep(5)
        assert stage.state is S.PROTECTED
        stage.trade(Side.BUY, "0.00005", "68000")
        await stage.reaches(S.CLOSED)
        assert stage.position == 0

    played(script)


@pytest.mark.parametrize("close", [False, True])
@pytest.mark.parametrize("filled", ["0", "0.004", "0.01"])
def test_its_owner_cancels_it(filled: str, close: bool) -> None:
    async def script(stage: Stage) -> None:
        stage.bids("65500")
        await stage.enter(bracket())
        if filled != "0":
            stage.fill(filled)
        await asyncio.sleep(0.5)
        assert stage.handle is not None
        await stage.home.start(stage.handle.cancel(close=close))
        assert stage.open() == []
        owned = D(filled) * D("0.999")
        if filled == "0":
            assert stage.state is S.NOT_ENTERED
        elif close:
            assert stage.state is S.CLOSED
            assert stage.position < D("0.00001")
        else:
            assert stage.state is S.RELEASED
            assert stage.handle.left == stage.position == owned

    played(script, within_ms=2_020)


def test_protection_that_somebody_else_cancels_is_placed_anew() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket())
        stage.fill("0.01")
        await stage.reaches(S.PROTECTED)
        now_us = stage.server.now_us()
        stage.server.engine.cancel_all(now_us, CancelAll(account=ALICE, symbol=BTC))
        stage.server.front.settle(now_us)
        await stage.reaches(S.PROTECTING)
        await stage.reaches(S.PROTECTED)
        assert {order.orig_qty for order in stage.open()} == {999_000}

    played(script)


def test_a_trader_that_leaves_goes_on_with_it_when_it_comes_back() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket("0.02"))
        stage.fill("0.004")
        await asyncio.sleep(1)
        await stage.comes_back()
        await stage.reaches(S.PROTECTED)
        await stage.comes_back()
        assert stage.state is S.PROTECTED
        stage.rises("68000")
        await stage.reaches(S.CLOSED)
        assert stage.handle is not None
        assert stage.handle.record.text == "sold at the take-profit"

    played(script, within_ms=2_100)


def test_a_trader_that_leaves_waits_for_what_is_about_to_be_protected() -> None:
    async def script(stage: Stage) -> None:
        stage.server.faults.add({"fault": {"kind": "latency", "ms": 300}, "where": "order.cancel"})
        await stage.enter(bracket("0.02"))
        stage.fill("0.004")
        await stage.reaches(S.TRIMMING)
        await stage.leave()
        assert {order.orig_qty for order in stage.open()} == {399_000}

    played(script, within_ms=2_320)


@pytest.mark.parametrize("kill", [False, True])
def test_cancelled_with_everything_else_it_is_not_protected_anew(kill: bool) -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket())
        stage.fill("0.01")
        await stage.reaches(S.PROTECTED)
        trader = stage.trader
        await stage.home.start(trader.kill("enough") if kill else trader.cancel_all(BTC))
        assert stage.state is S.RELEASED
        await asyncio.sleep(20)
        assert stage.open() == []

    played(script)
