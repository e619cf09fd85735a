"""Listens to the user data stream, remembers what it said, and tells each order's life as it comes."""

import asyncio
from collections.abc import Callable

from surefoot.cli.demo.voice import STREAM, Step, Voice
from surefoot.client.aio import EventStream
from surefoot.client.streams import Gap
from surefoot.errors import SurefootError
from surefoot.spot.enums import FINAL_STATUSES, ExecutionType
from surefoot.spot.events import Event, ExecutionReport, OutboundAccountPosition
from surefoot.values import trimmed


class StreamBroken(SurefootError):
    """The user data stream had a gap, so the demo cannot be checked by its fills alone; run it again."""


class Ears:
    """What the stream said so far. `listen` runs as a task; `until` waits for something to be true."""

    def __init__(self, events: EventStream, voice: Voice) -> None:
        self._events, self._voice = events, voice
        self._news = asyncio.Condition()
        self.reports: list[ExecutionReport] = []
        self.balances: dict[str, tuple[object, object]] = {}

    async def listen(self) -> None:
        """Hear events until cancelled; raises `StreamBroken` on a gap."""
        async for event in self._events:
            self._hear(event)
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

    def of(self, client_order_id: str) -> list[ExecutionReport]:
        """Every report of one order, by the id it was placed with."""
        return [report for report in self.reports if report.placed_as == client_order_id]

    def finished(self, client_order_id: str) -> bool:
        """Whether the stream has told the order's end."""
        reports = self.of(client_order_id)
        return bool(reports) and reports[-1].status in FINAL_STATUSES

    def _hear(self, event: Event) -> None:
        if isinstance(event, Gap):
            raise StreamBroken(f"the user data stream was deaf: {event.reason}; run the demo again")
        if isinstance(event, OutboundAccountPosition):
            for balance in event.balances:
                self.balances[balance.asset] = (balance.free, balance.locked)
        if isinstance(event, ExecutionReport):
            self.reports.append(event)
            self._voice.tell(_step(event))


def _step(report: ExecutionReport) -> Step:
    text = f"{report.status.value:<16} {trimmed(report.executed_qty)} of {trimmed(report.quantity)}"
    if report.execution_type is ExecutionType.TRADE:
        role = "maker" if report.is_maker else "taker"
        text += (
            f", {trimmed(report.last_qty)} at {trimmed(report.last_price)} as {role},"
            f" commission {trimmed(report.commission)} {report.commission_asset}"
        )
    return Step(
        step=STREAM,
        text=f"{report.placed_as} {text}",
        facts={
            "client_order_id": report.placed_as,
            "order_id": report.order_id,
            "execution_type": report.execution_type,
            "status": report.status,
            "executed_qty": report.executed_qty,
            "last_qty": report.last_qty,
            "last_price": report.last_price,
            "commission": report.commission,
            "commission_asset": report.commission_asset,
            "trade_id": report.trade_id,
            "latency_ms": report.event_time - report.transact_time,
        },
    )
