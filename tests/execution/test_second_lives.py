"""Whenever a trader's host dies, the next life on its disk finds out what became of everything (TRACK-1)."""

import asyncio

import pytest

from surefoot.errors import JournalError
from surefoot.exchange.faults import LostAnswer
from surefoot.execution.entries import Submitted
from surefoot.execution.intent import LimitOrder, MarketOrder
from surefoot.execution.lives import OrderState
from surefoot.spot.enums import Side
from tests.execution.stage import SYMBOL, Stage, play
from tests.execution.test_placing_faults import KINDS, must_agree, prepared

AT_MS = [0.0, 0.2, 0.35, 0.6, 1.0, 1.6, 2.2, 3.0, 5.0, 9.0, 60.0]
"""How long after the wish the host dies: before the commit, before the send, on the way, on the way back."""


async def first_life(stage: Stage, name: str, wish: "asyncio.Future[None]") -> None:
    """Prepares, says so, wishes, and lives on."""
    kind = KINDS[name]
    async with stage.trader(stage.home.world) as trader, stage.rival() as rival:
        await prepared(stage, trader, rival, kind)
        await trader._works.port.commit()
        wish.set_result(None)
        await kind.act(trader)
        await asyncio.sleep(1_000)


@pytest.mark.parametrize("at_ms", AT_MS)
@pytest.mark.parametrize("name", KINDS)
def test_one_intent_is_at_most_one_order_over_two_lives(name: str, at_ms: float) -> None:
    kind = KINDS[name]

    async def story(stage: Stage) -> None:
        wish: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        stage.home.start(first_life(stage, name, wish))
        await wish
        await asyncio.sleep(at_ms / 1_000)
        stage.home.kill()
        async with stage.trader(stage.home.world) as trader:
            await asyncio.sleep(70)
            must_agree(stage, trader)
            assert len(stage.there()) in {kind.before, kind.before + kind.orders}
            assert all(not order.in_flight for order in trader.views.orders.shelf.active.values())
            meant = [entry.id for entry in stage.journal() if isinstance(entry, Submitted)]
            assert len(meant) == len(set(meant))

    play(story)


def test_an_execution_that_no_life_was_told_of_belongs_to_its_order() -> None:
    """The trades of the account are read before the order is looked for."""

    async def dies_unheard(stage: Stage) -> None:
        async with stage.trader(stage.home.world) as trader:
            await trader.place(MarketOrder(SYMBOL, Side.BUY, "0.01"))

    async def story(stage: Stage) -> None:
        async with stage.rival() as rival:
            await rival.sell("0.004")
            await rival.sell("0.01", "50001")
            stage.fault(LostAnswer("silence"), "order.place")
            stage.home.start(dies_unheard(stage))
            await stage.heard()
            stage.home.kill(power_loss=True)
            async with stage.trader(stage.home.world) as trader:
                shelf = trader.views.orders.shelf
                (id,) = [*shelf.active, *shelf.settled]
                await asyncio.sleep(60)
                record = shelf.settled[id]
                assert record.state is OrderState.FILLED
                assert record.known_qty == record.executed_qty > 0
                assert len(trader.views.fills_of(id)) == 2

    play(story)


def test_a_trader_that_is_killed_again_and_again_ends_with_the_truth() -> None:
    lives = 12

    async def life(stage: Stage, number: int) -> None:
        async with stage.trader(stage.home.world) as trader:
            shelf = trader.views.orders.shelf
            await trader.place(LimitOrder(SYMBOL, Side.BUY, "0.01", "40000"))
            await trader.place(MarketOrder(SYMBOL, Side.BUY, "0.001"))
            for id in [order.id for order in shelf.active.values() if order.is_open][:1]:
                await trader.cancel(id)
            await trader.place(LimitOrder(SYMBOL, Side.SELL, "0.001", "70000"))
            await asyncio.sleep(1_000)

    async def story(stage: Stage) -> None:
        async with stage.rival() as rival:
            await rival.sell("1")
            for number in range(lives):
                stage.home.start(life(stage, number))
                await asyncio.sleep(0.02 + 0.0031 * number)
                stage.home.kill(power_loss=number % 2 == 0)
            async with stage.trader(stage.home.world) as trader:
                await asyncio.sleep(90)
                must_agree(stage, trader)
                assert trader.views.lives <= lives + 1
            assert len(stage.there()) > 6

    play(story)


def test_the_journal_of_another_account_is_refused_and_nothing_is_written() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            await trader.place(LimitOrder(SYMBOL, Side.BUY, "0.01", "40000"))
        before = list(stage.platter.rows)
        with pytest.raises(JournalError, match="has a journal of its own"):
            async with stage.trader(number=1):
                raise AssertionError("opened")
        assert stage.platter.rows == before
        assert stage.platter.holder is None

    play(story)


def test_a_life_that_left_in_peace_leaves_nothing_to_find_out() -> None:
    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            handle = await trader.place(LimitOrder(SYMBOL, Side.BUY, "0.01", "40000"))
            before = handle.record
        async with stage.trader() as trader:
            assert trader.views.orders.submissions == {}
            assert trader.views.orders.shelf.get(handle.id) == before
            assert trader.views.lives == 2

    play(story)


@pytest.mark.parametrize("name", ["limit", "oco", "otoco"])
def test_an_order_that_was_cancelled_before_its_placement_was_written_down_is_found(name: str) -> None:
    """A cancel leaves at once, and renames what it cancels; the host died before either answer was safe."""
    kind = KINDS[name]

    async def life(stage: Stage, over: "asyncio.Future[None]") -> None:
        async with stage.trader(stage.home.world) as trader:
            await kind.act(trader)
            stage.platter.full = True
            await trader.cancel(next(iter(trader.views.orders.shelf.active)))
            over.set_result(None)
            await asyncio.sleep(1_000)

    async def story(stage: Stage) -> None:
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        stage.home.start(life(stage, over))
        await over
        assert stage.kinds() == ["submitted"]
        stage.home.kill()
        stage.platter.full = False
        async with stage.trader(stage.home.world) as trader:
            await asyncio.sleep(70)
            must_agree(stage, trader)
            states = {order.state for order in trader.views.orders.shelf.settled.values()}
            assert states <= {OrderState.CANCELED, OrderState.EXPIRED}
            assert len(trader.views.orders.shelf.settled) == kind.orders

    play(story)
