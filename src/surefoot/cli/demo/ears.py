"""Listens to a trader, remembers what it said, and tells each order's life as it comes."""

import asyncio
from collections.abc import Callable

from surefoot.cli.demo.voice import HEARD, Step, Voice
from surefoot.execution import entries
from surefoot.execution.aio import Events, Trader
from surefoot.execution.aio.events import Told
from surefoot.execution.fills import Fill
from surefoot.execution.lives import OrderState
from surefoot.execution.records import OrderRecord
from surefoot.values import trimmed


class Ears:
    """What the trader said so far. `listen` runs as a task; `until` waits for something to be true."""

    def __init__(self, trader: Trader, voice: Voice) -> None:
        self._trader, self._voice = trader, voice
        self._events: Events = trader.events()
        self._news = asyncio.Condition()
        self._last: dict[str, tuple[OrderState, object]] = {}
        self.fills: list[Fill] = []
        self.steps: dict[str, list[str]] = {}
        self.odd: list[str] = []

    async def listen(self) -> None:
        """Hear events until cancelled, or until the trader is closed."""
        async for told in self._events:
            self._hear(told)
            async with self._news:
                self._news.notify_all()

    async def until(self, true: Callable[[], bool], patience_s: float) -> bool:
        """Wait until `true()`; False when it is not after `patience_s` seconds."""
        try:
            async with asyncio.timeout(patience_s), self._news:
                await self._news.wait_for(true)
        except TimeoutError:
            return False
        return True

    def fills_of(self, order_id: int | None) -> list[Fill]:
        """The executions of one order, in the order in which they were told."""
        return [fill for fill in self.fills if fill.order_id == order_id]

    def _hear(self, told: Told) -> None:
        match told:
            case Fill():
                self.fills.append(told)
                self._tell_fill(told)
            case OrderRecord():
                if self._is_news(told):
                    self.steps.setdefault(told.id, []).append(told.state.value)
                    self._voice.tell(_of_order(told))
            case entries.Anomaly(text=text):
                self.odd.append(text)
                self._voice.tell(Step(step=HEARD, text=text, ok=False))
            case entries.GapSeen(reason=reason):
                text = f"the user stream was deaf ({reason}): what it hid is read"
                self._voice.tell(Step(step=HEARD, text=text))

    def _is_news(self, order: OrderRecord) -> bool:
        seen = (order.state, order.executed_qty)
        before, self._last[order.id] = self._last.get(order.id), seen
        return order.own and seen != before

    def _tell_fill(self, fill: Fill) -> None:
        order = self._trader.views.orders.shelf.by_order_id(fill.symbol, fill.order_id)
        id = str(fill.order_id) if order is None else order.id
        self._voice.tell(_of_fill(id, fill))


def _of_order(order: OrderRecord) -> Step:
    whole = order.qty or order.executed_qty
    text = f"{order.id} {order.state.value:<16} {trimmed(order.executed_qty)} of {trimmed(whole)}"
    if not whole:
        text = f"{order.id} {order.state.value:<16} for {trimmed(order.quote_order_qty)}"
    facts = {
        "client_order_id": order.id,
        "order_id": order.order_id,
        "status": order.state,
        "executed_qty": order.executed_qty,
    }
    return Step(step=HEARD, text=text, facts=facts)


def _of_fill(id: str, fill: Fill) -> Step:
    role = "" if fill.is_maker is None else " as maker" if fill.is_maker else " as taker"
    fee = f"{trimmed(fill.commission)} {fill.commission_asset}"
    facts = {
        "client_order_id": id,
        "trade_id": fill.trade_id,
        "price": fill.price,
        "qty": fill.qty,
        "commission": fill.commission,
        "commission_asset": fill.commission_asset,
    }
    text = f"{id} {'filled':<16} {trimmed(fill.qty)} at {trimmed(fill.price)}{role}, commission {fee}"
    return Step(step=HEARD, text=text, facts=facts)
