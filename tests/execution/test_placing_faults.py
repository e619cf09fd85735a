"""Whatever becomes of the answer: one intent, at most one order, and the truth of it (RETRY-3, TRACK-1)."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from surefoot.client.aio.client import Transport
from surefoot.errors import NotPlaced, OrderRefused
from surefoot.exchange.faults import Answer, BadBody, LostAnswer, LostRequest, SlowEngine
from surefoot.execution.aio.trader import Trader
from surefoot.execution.entries import NotPlaced as SaidNotPlaced
from surefoot.execution.intent import LimitOrder, MarketOrder
from surefoot.execution.lives import IN_FLIGHT, ListState, OrderState
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.order_list_oco import NewOco
from surefoot.spot.order_list_oto import NewOtoco
from tests.execution.stage import SYMBOL, Rival, Stage, play

D = Decimal
QTY = D("0.01")


class Kind(NamedTuple):
    """A way to add exposure: the operation, how it is done, how many orders it makes, and what it needs."""

    operation: str
    act: Callable[[Trader], Awaitable[Any]]
    orders: int
    before: int = 0


async def market(trader: Trader) -> Any:
    return await trader.place(MarketOrder(SYMBOL, Side.BUY, QTY))


async def limit(trader: Trader) -> Any:
    return await trader.place(LimitOrder(SYMBOL, Side.BUY, QTY, "40000"))


async def crossing(trader: Trader) -> Any:
    return await trader.place(LimitOrder(SYMBOL, Side.BUY, "0.05", "51000", TimeInForce.IOC))


async def oco(trader: Trader) -> Any:
    return await trader.place(
        NewOco(
            symbol=SYMBOL,
            side=Side.SELL,
            quantity=QTY,
            above_type=OrderType.LIMIT_MAKER,
            above_price=D(80_000),
            below_type=OrderType.STOP_LOSS,
            below_stop_price=D(30_000),
        )
    )


async def otoco(trader: Trader) -> Any:
    return await trader.place(
        NewOtoco(
            symbol=SYMBOL,
            working_type=OrderType.LIMIT,
            working_side=Side.BUY,
            working_price=D(40_000),
            working_quantity=QTY,
            working_time_in_force=TimeInForce.GTC,
            pending_side=Side.SELL,
            pending_quantity=QTY,
            pending_above_type=OrderType.LIMIT_MAKER,
            pending_above_price=D(80_000),
            pending_below_type=OrderType.STOP_LOSS,
            pending_below_stop_price=D(30_000),
        )
    )


async def replaced(trader: Trader) -> Any:
    (resting,) = [order.id for order in trader.views.orders.shelf.active.values() if order.own]
    return await trader.replace(resting, price="41000")


async def amended(trader: Trader) -> Any:
    (resting,) = [order.id for order in trader.views.orders.shelf.active.values() if order.own]
    return await trader.replace(resting, quantity="0.004")


KINDS = {
    "market": Kind("order.place", market, 1),
    "limit": Kind("order.place", limit, 1),
    "ioc": Kind("order.place", crossing, 1),
    "oco": Kind("orderList.place.oco", oco, 2),
    "otoco": Kind("orderList.place.otoco", otoco, 3),
    "cancelReplace": Kind("order.cancelReplace", replaced, 1, before=1),
    "amend": Kind("order.amend.keepPriority", amended, 0, before=1),
}

# The fault, and whether the exchange does what was asked.
UNKNOWN: dict[str, tuple[Any, bool]] = {
    "lost answer": (LostAnswer(), True),
    "silence": (LostAnswer("silence"), True),
    "half-open": (LostAnswer("half_open"), True),
    "lost request": (LostRequest(), False),
    "silent request": (LostRequest("silence"), False),
    "-1007 executed": (Answer(code=-1007, executed=True), True),
    "-1007": (Answer(code=-1007), False),
    "503": (Answer(status=503, body="html"), False),
    "slow": (SlowEngine(), True),
    "slow, and no": (SlowEngine(executed=False), False),
    "truncated": (BadBody(), True),
}


async def prepared(stage: Stage, trader: Trader, rival: Rival, kind: Kind) -> None:
    """A book to trade against, and an order to change where the kind needs one."""
    await rival.sell("0.02", "50000")
    if kind.before:
        await trader.place(LimitOrder(SYMBOL, Side.BUY, QTY, "40000"))
    assert len(stage.there()) == kind.before


def must_agree(stage: Stage, trader: Trader) -> None:
    """Our orders are the exchange's, and every execution is known once."""
    shelf = trader.views.orders.shelf
    for truth in stage.there():
        order = shelf.by_order_id(SYMBOL, truth.order_id)
        assert order is not None
        assert order.own
        assert order.state == truth.status
        assert order.executed_qty == D(truth.executed_qty).scaleb(-8)
        assert order.known_qty == order.executed_qty
        assert order.qty in {D(truth.orig_qty).scaleb(-8), D(0)}
    known = [fill.trade_id for order in shelf.settled for fill in trader.views.fills_of(order)]
    known += [fill.trade_id for order in shelf.active for fill in trader.views.fills_of(order)]
    assert sorted(known) == stage.trades_there()
    assert trader.views.orders.submissions == {}
    assert trader.views.tripped is None


@pytest.mark.parametrize("fault", UNKNOWN)
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("transport", ["rest", "ws_api"])
def test_an_unknown_outcome_becomes_known_and_nothing_is_sent_twice(
    transport: Transport, name: str, fault: str
) -> None:
    kind, (what, executed) = KINDS[name], UNKNOWN[fault]

    async def story(stage: Stage) -> None:
        async with stage.trader(transport=transport) as trader, stage.rival() as rival:
            await prepared(stage, trader, rival, kind)
            began = len(stage.platter.rows)
            number = stage.fault(what, kind.operation)
            if executed:
                await kind.act(trader)
            else:
                with pytest.raises(NotPlaced) as caught:
                    await kind.act(trader)
                assert caught.value.client_order_id is not None
            assert stage.server.faults.struck[number] == 1
            await asyncio.sleep(1)
            assert len(stage.there()) == kind.before + kind.orders * executed
            must_agree(stage, trader)
            await trader._works.port.commit()
            told = [row.kind for row in stage.platter.rows[began:]]
            assert told.count("submitted") == 1
            assert told.count("inDoubt") == 1
            end = "resolved" if executed else "notPlaced"
            assert told.index("submitted") < told.index("inDoubt") < told.index(end)
            assert ("notPlaced" in told) is not executed

    play(story)


@pytest.mark.parametrize("name", KINDS)
def test_what_the_exchange_answers_is_taken_at_its_word(name: str) -> None:
    kind = KINDS[name]

    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            await prepared(stage, trader, rival, kind)
            await kind.act(trader)
            assert len(stage.there()) == kind.before + kind.orders
            must_agree(stage, trader)
        assert "inDoubt" not in stage.kinds()
        assert stage.kinds()[-1] in {"placed", "listPlaced", "amended"}

    play(story)


@pytest.mark.parametrize("name", KINDS)
def test_what_the_exchange_refuses_did_not_happen(name: str) -> None:
    kind = KINDS[name]

    async def story(stage: Stage) -> None:
        async with stage.trader() as trader, stage.rival() as rival:
            await prepared(stage, trader, rival, kind)
            stage.fault(
                Answer(status=400, code=-2010, message="Account has insufficient balance."), kind.operation
            )
            with pytest.raises(OrderRefused):
                await kind.act(trader)
            must_agree(stage, trader)
            assert len(stage.there()) == kind.before
        (said,) = [entry for entry in stage.journal() if isinstance(entry, SaidNotPlaced)]
        assert (said.because, said.code) == ("refused", -2010)

    play(story)


@pytest.mark.parametrize("name", ["oco", "otoco"])
def test_a_list_that_was_not_placed_is_known_as_such(name: str) -> None:
    kind = KINDS[name]

    async def story(stage: Stage) -> None:
        async with stage.trader() as trader:
            stage.fault(LostRequest(), kind.operation)
            with pytest.raises(NotPlaced):
                await kind.act(trader)
            shelf = trader.views.orders.shelf
            assert [known.state for known in shelf.lists.values()] == [ListState.NOT_PLACED]
            states = {order.state for order in shelf.settled.values()}
            assert states == {OrderState.NOT_PLACED}
            assert not any(order.state in IN_FLIGHT for order in shelf.active.values())

    play(story)
