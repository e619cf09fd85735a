"""The program that is killed: it wants one thing done, exactly once, however often it has to begin again.

``python -m tests.crash.trading`` begets a process of its own for each errand that it is told, a line each on
its standard input, so that everything is imported once only. It says the number of the process, then its
report if it lives so long, then how it ended.
"""

import asyncio
import os
import signal
import sys
import traceback
from contextlib import suppress
from decimal import Decimal

import msgspec

from surefoot.client import call
from surefoot.credentials import Credentials
from surefoot.errors import NotDelivered, NotPlaced
from surefoot.execution.aio.options import TraderOptions
from surefoot.execution.aio.trader import Trader
from surefoot.execution.intent import LimitOrder, MarketOrder
from surefoot.execution.journal import Store
from surefoot.execution.policy import Policy
from surefoot.execution.records import OrderRecord
from surefoot.execution.resolution import OFFICIAL, ResolutionTimes
from surefoot.execution.sql.store import store_of
from surefoot.execution.views import Views
from surefoot.spot.enums import CancelReplaceMode, OrderType, Side, TimeInForce
from surefoot.spot.environments import local
from surefoot.spot.order_list_oco import NewOco
from surefoot.spot.order_replace import CancelReplace
from surefoot.values import Secret
from surefoot.world import World
from tests.crash.cases import Action, Step
from tests.crash.watch import Watch, WatchedStore

SYMBOL = "BTCUSDT"
GOAL, OLD = Decimal("0.001"), Decimal("0.002")
"""How much the order is for that all this is about, and the one that is there before it."""

_D = Decimal
QUICK = ResolutionTimes(engine_ms=1_500, margin_ms=300, lag_ms=2_500, apart_ms=500)
"""For an exchange whose engine needs less than a second, and whose reads lag by less, on a busy machine."""


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """One life: where, whose, what, and the step at which it ends, if it does. `lagging`: reads lag behind.
    `quick`: see `QUICK`.
    """

    rest: str
    ws_api: str
    ws: str
    api_key: str
    private_key: str
    account: str
    action: Action
    step: Step | None = None
    journal: str = ""
    commit_s: float = 0.0
    lagging: bool = False
    quick: bool = False

    @property
    def options(self) -> TraderOptions:
        """Those of the trader."""
        if self.quick:
            return TraderOptions(sign_within_ms=1_000, reconcile_every_ms=2_000, resolution=QUICK)
        return TraderOptions(reconcile_every_ms=30_000, resolution=OFFICIAL)


class Report(msgspec.Struct, frozen=True):
    """What a life knew at its end: orders with their state and what was executed, and executions."""

    orders: dict[str, tuple[str, str]]
    trades: list[int]
    tripped: str | None


async def live(
    errand: Errand,
    store: Store,
    watch: Watch,
    world: World | None = None,
    quiet: asyncio.Event | None = None,
) -> Report:
    """One life, which ends some time after it is `quiet`."""
    trader = Trader(
        local(errand.rest, errand.ws_api, errand.ws),
        Credentials(
            environment="local",
            api_key=Secret(errand.api_key),
            private_key=Secret(errand.private_key),
        ),
        journal=WatchedStore(store, watch),
        policy=Policy(symbols={SYMBOL}),
        account=errand.account,
        world=world,
        sink=watch,
        options=errand.options,
    )
    async with trader:
        await _resolved(trader)
        while not _done(trader.views):
            with suppress(NotPlaced, NotDelivered):
                await _do(trader, errand.action, watch)
            await _resolved(trader)
        if quiet is not None:
            await quiet.wait()
        patience = 2.2 if errand.lagging or not errand.quick else 0.2  # so often it is compared
        await asyncio.sleep(patience * errand.options.reconcile_every_ms / 1000)
        return report_of(trader.views)


async def _resolved(trader: Trader) -> None:
    while trader.views.orders.submissions:  # noqa: ASYNC110 - a program of a user's has no event for it
        await asyncio.sleep(0.05)


def _done(views: Views) -> bool:
    return any(order.qty == GOAL and order.order_id is not None for order in known(views))


def known(views: Views) -> list[OrderRecord]:
    """All orders."""
    shelf = views.orders.shelf
    return [*shelf.active.values(), *shelf.settled.values()]


async def _do(trader: Trader, action: Action, watch: Watch) -> None:
    intent = LimitOrder(SYMBOL, Side.BUY, GOAL, _D(59_000))
    if action is Action.REPLACE:
        old = await _old(trader)
        if old.is_open:
            watch.begin()
            await trader.place(_replacing(old))
            return
    watch.begin()
    match action:
        case Action.MARKET:
            await trader.place(MarketOrder(SYMBOL, Side.BUY, GOAL))
        case Action.LIMIT | Action.REPLACE:
            await trader.place(intent)
        case Action.IOC:
            await trader.place(LimitOrder(SYMBOL, Side.BUY, GOAL, _D(60_010), TimeInForce.IOC))
        case Action.OCO:
            await trader.place(_oco())


async def _old(trader: Trader) -> OrderRecord:
    """The order that is to be replaced, placed where there was none yet."""
    found = [order for order in known(trader.views) if order.qty == OLD and order.order_id is not None]
    if found:
        return found[0]
    return (await trader.place(LimitOrder(SYMBOL, Side.BUY, OLD, _D(58_000)))).record


def _replacing(old: OrderRecord) -> CancelReplace:
    return CancelReplace(
        symbol=SYMBOL,
        side=Side.BUY,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=GOAL,
        price=_D(59_000),
        cancel_replace_mode=CancelReplaceMode.STOP_ON_FAILURE,
        cancel_order_id=old.order_id,  # type: ignore[arg-type]
    )


def _oco() -> NewOco:
    return NewOco(
        symbol=SYMBOL,
        side=Side.SELL,
        quantity=GOAL,
        above_type=OrderType.LIMIT_MAKER,
        above_price=_D(66_000),
        below_type=OrderType.STOP_LOSS_LIMIT,
        below_stop_price=_D(55_000),
        below_price=_D(54_900),
        below_time_in_force=TimeInForce.GTC,
    )


def report_of(views: Views) -> Report:
    """What these views know."""
    orders = {order.id: (str(order.state), str(order.executed_qty)) for order in known(views)}
    trades = [fill.trade_id for order in known(views) for fill in views.fills_of(order.id)]
    return Report(orders, sorted(trades), views.tripped)


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _alive(line: bytes) -> None:
    """The life of a process of its own."""
    errand = msgspec.json.decode(line, type=Errand)
    for name, wait_ms in (("_READ_TOTAL_MS", 1_500), ("_ENGINE_MS", 300), ("_MARGIN_MS", 100)):
        setattr(call, name, wait_ms)  # so that a connection that hangs is not waited for as long as Binance's
    watch = Watch(errand.step, _kill, errand.commit_s)
    store = store_of(errand.journal, errand.account)
    _say(msgspec.json.encode(asyncio.run(live(errand, store, watch))))


def _say(line: bytes) -> None:
    os.write(1, line + b"\n")


def main() -> None:
    """One errand after the other."""
    for line in sys.stdin.buffer:
        child = os.fork()
        if not child:
            try:
                _alive(line)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _say(b"%d" % child)
        _, status = os.waitpid(child, 0)
        _say(b"%d" % os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
