"""What a trader does besides: checkpoints, comparison with the exchange, an audit that speaks up, surprises;
prices for the limits, positions closed (ORDER-6, TRACK-3, TRACK-5).
"""

import asyncio
from decimal import Decimal as D
from typing import Any

import pytest

from surefoot.client.aio import AsyncClient
from surefoot.errors import PolicyRefusal
from surefoot.exchange.faults import Withhold
from surefoot.execution import entries
from surefoot.execution.aio.prices import wanted
from surefoot.execution.intent import LimitOrder, MarketOrder, request_of
from surefoot.execution.lives import OrderState
from surefoot.execution.policy import Policy
from surefoot.execution.views import Views
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.trade import NewOrder
from tests.execution.stage import POLICY, SYMBOL, Stage, play

LOW = LimitOrder(SYMBOL, Side.BUY, "0.01", "40000")
RESTING = LimitOrder(SYMBOL, Side.BUY, "0.01", "50000")


def test_checkpoints_are_made_and_a_restart_goes_on_from_them() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader(checkpoint_every=8) as trader:
            orders = [await trader.place(LOW) for _ in range(4)]
            await asyncio.sleep(1)
            known = {order.id for order in trader.open_orders}
        assert known == {order.id for order in orders}
        (checkpoint,) = stage.platter.checkpoints[-1:]
        assert checkpoint.seq > 8
        early = checkpoint.seq // 2
        stage.platter.rows = [row for row in stage.platter.rows if row.seq > early]  # they are not read again
        async with stage.trader() as trader:
            assert {order.id for order in trader.open_orders} == known

    play(story)


def test_a_checkpoint_of_another_version_is_made_up_for() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader(checkpoint_every=4) as trader:
            order = await trader.place(LOW)
            await asyncio.sleep(1)
        broken = stage.platter.checkpoints[-1]._replace(body=b'{"of": "tomorrow"}')
        stage.platter.checkpoints = [broken]
        async with stage.trader() as trader:
            assert [one.id for one in trader.open_orders] == [order.id]

    play(story)


def test_a_fill_that_nobody_told_of_is_found_when_the_exchange_is_asked() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader(reconcile_every_ms=20_000) as trader, stage.rival() as rival:
            order = await trader.place(RESTING)
            stage.fault(Withhold(), "executionReport", times=9)
            await rival.sell("0.01")
            assert (await order.done()).state is OrderState.FILLED
            assert [fill.qty for fill in trader.views.fills_of(order.id)] == [D("0.01")]

    play(story)


def test_balances_that_do_not_follow_are_told_and_named() -> None:
    """Somebody takes money out, and the event of it is lost."""

    async def story(stage: Stage) -> None:
        async with stage.trader(reconcile_every_ms=5_000) as trader:
            await trader.place(LOW)
            await asyncio.sleep(31)  # the balances so far have been looked at
            stage.fault(Withhold(), "balanceUpdate", times=9)
            stage.fault(Withhold(), "outboundAccountPosition", times=9)
            account = stage.server.accounts[0].name
            stage.server.operations.deposit(account, "USDT", D(100))
            await asyncio.sleep(60)
            told = [entry for entry in stage.journal() if isinstance(entry, entries.Anomaly)]
            assert [one.what for one in told] == ["difference"]
            assert "USDT" in told[0].text
            assert "100" in told[0].text

    play(story)


def test_an_order_with_an_id_of_ours_that_the_journal_does_not_know_is_an_anomaly() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, AsyncClient(stage.environment, stage.key()) as other:
            await other.new_order(
                SYMBOL,
                Side.BUY,
                OrderType.LIMIT,
                time_in_force=TimeInForce.GTC,
                quantity=D("0.01"),
                price=D(40_000),
                new_client_order_id="sf-nobody",
            )
            await asyncio.sleep(1)
            assert [order.own for order in trader.open_orders] == [False]
        (told,) = [entry for entry in stage.journal() if isinstance(entry, entries.Anomaly)]
        assert (told.what, told.id) == ("orphan", "sf-nobody")

    play(story)


def test_a_position_is_closed_and_its_dust_stays() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            await rival.sell("0.0123456".ljust(7, "0")[:7])
            bought = await trader.buy(SYMBOL, quantity="0.01234")
            await bought.done()
            await trader.place(LOW)
            await rival.buy("1", "49000")
            sold = await trader.close_position(SYMBOL)
            assert sold is not None
            record = await sold.done()
            assert (record.side, record.state) == (Side.SELL, OrderState.FILLED)
            assert stage.open_there() == ()
            left = trader.position(SYMBOL).qty
            assert 0 <= left < D("0.00002"), "what does not fit a step"
            assert await trader.close_position(SYMBOL) is None

    play(story)


def test_a_price_band_looks_at_the_book_of_now() -> None:
    async def story(stage: Stage) -> None:
        trader = stage.trader()
        trader.views.policy = trader.views.guard.policy = Policy(symbols={SYMBOL}, price_band="0.01")
        async with trader, stage.rival() as rival:
            await rival.sell("1", "50000")
            with pytest.raises(PolicyRefusal, match="price_band"):
                await trader.place(LimitOrder(SYMBOL, Side.BUY, "0.001", "51000"))
            await rival.client.cancel_open_orders(SYMBOL)
            await rival.sell("1", "50900")
            await asyncio.sleep(1)
            await trader.place(LimitOrder(SYMBOL, Side.BUY, "0.001", "51000"))

    play(story)


SELL = LimitOrder(SYMBOL, Side.SELL, "0.01", "60000")
STOP = NewOrder(
    symbol=SYMBOL, side=Side.BUY, type=OrderType.STOP_LOSS, quantity=D("0.01"), stop_price=D(60_000)
)


@pytest.mark.parametrize(
    ("limits", "intent", "needed"),
    [
        ({}, LOW, False),
        ({}, SELL, False),
        ({}, STOP, False),
        ({}, MarketOrder(SYMBOL, Side.BUY, quantity="0.01"), True),
        ({"price_band": "0.1"}, LOW, True),
        ({"loss_per_day": {"USDT": 1}}, LOW, True),
        ({"notional_per_day": {"USDT": 1}}, LOW, False),
        ({"notional_per_day": {"USDT": 1}}, SELL, True),
    ],
)
def test_the_book_is_asked_for_where_the_limits_look_at_it(
    limits: dict[str, Any], intent: Any, needed: bool
) -> None:
    assert wanted(Policy(symbols={SYMBOL}, **limits), request_of(intent)) is needed


def test_the_views_of_a_policy_are_read_only_unless_symbols_are_named() -> None:
    with pytest.raises(PolicyRefusal, match="read_only"):
        Views().admit(request_of(LOW), 0)
    assert POLICY.symbols == {SYMBOL}


def test_a_trader_that_may_not_hear_any_more_stops_and_does_not_guess() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            await trader.place(LOW)
            stage.server.operations.keys.revoke(stage.key().api_key.reveal())
            stage.server.outages.cut("ws_api", "reset")
            await asyncio.sleep(60)
            assert trader.stopped is not None
            assert "refused for good" in trader.stopped
            with pytest.raises(PolicyRefusal, match="refused for good"):
                await trader.place(LOW)
        assert "deaf" in [entry.what for entry in stage.journal() if isinstance(entry, entries.Anomaly)]

    play(story)
