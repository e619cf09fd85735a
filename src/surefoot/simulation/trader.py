"""One trader of the story `orders`: the shipped client on a host of its own, used as a careful program would.

It subscribes to its own events before the first order, never sends an order of unknown outcome again, looks
such orders up when they can no longer arrive, and reads again whatever a gap may have hidden.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from functools import partial
from typing import Protocol, TypeVar

from surefoot.client.aio import AsyncClient, EventStream
from surefoot.client.streams import Gap, State
from surefoot.errors import (
    CannotConnect,
    Facts,
    NoAnswer,
    NotDelivered,
    OutcomeUnknown,
    Refused,
    UnknownOrder,
)
from surefoot.simulation.draws import weighted
from surefoot.simulation.options import REST, SIGNED, Style
from surefoot.simulation.prices import draw_order
from surefoot.simulation.runner import Simulation
from surefoot.simulation.view import EXISTS, Fate, View
from surefoot.spot import streams
from surefoot.spot.account import GetAccount, GetMyTrades, GetOpenOrders, GetOrder
from surefoot.spot.market import GetBookTicker
from surefoot.spot.request import Request
from surefoot.spot.trade import CancelOrder
from surefoot.telemetry.observations import Observation, Retried

_T = TypeVar("_T")
_ENGINE_MS = 10_000  # rest-api, General API information: after 10 s the exchange gives an order up
_MARGIN_MS = 1_000
_PATIENCE_S = 1.0
_RECOVERY_S = 120.0


class Door(Protocol):
    """Where requests go in: REST or a session."""

    async def send(self, request: Request[_T]) -> _T: ...


class Resent:
    """Observes which orders the client sent again: `ids` of those that the exchange refused at the gate
    (-1021, 429), `unsent` of those of which nothing had left.
    """

    def __init__(self) -> None:
        self.ids: list[str | None] = []
        self.unsent: list[str | None] = []

    def hears(self, kind: type[Observation]) -> bool:
        return kind is Retried

    def tell(self, observation: Observation) -> None:
        assert isinstance(observation, Retried)
        left = not observation.reason.startswith("nothing was sent")
        (self.ids if left else self.unsent).append(observation.client_order_id)


ClientMaker = Callable[[Resent], AsyncClient]


class Trader:
    """Trades in the safety phase (until `done`), settles after `healed`, and keeps its `view`."""

    def __init__(self, sim: Simulation, name: str, style: Style, pause_s: float) -> None:
        self.name = name
        self.symbols = style.symbols
        self.view = View()
        self.resent = Resent()
        self.done = asyncio.Event()
        self.settled = asyncio.Event()
        self._sim = sim
        self._style = style
        self._pause_s = pause_s
        self._dice = sim.dice(f"trader/{name}")
        self._doubts: dict[str, Facts] = {}
        self._mine: dict[int, str] = {}

    async def live(self, make: ClientMaker, healed: asyncio.Event, judged: asyncio.Event) -> None:
        """The whole life; returns when `judged` is set."""
        async with AsyncExitStack() as stack:
            client = await self._enter(stack, lambda: make(self.resent))
            stream = await self._enter(stack, client.user_data)
            names = [streams.book_ticker(symbol) for symbol in self.symbols]
            market = await self._enter(stack, lambda: client.stream(*names))
            door: Door = client
            if self._style.door != REST:
                door = await self._enter(stack, lambda: client.session(sign_each=self._style.door == SIGNED))
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            listening = [
                tasks.create_task(self._listen(stream, lambda: self._read_account(client))),
                tasks.create_task(self._listen(market, lambda: self._read_tops(client))),
            ]
            await self._read_account(client)
            await self._read_tops(client)
            for _ in range(self._style.actions):
                await self._act(door)
            self.done.set()
            await healed.wait()
            await self._settle(client)
            async with asyncio.timeout(_RECOVERY_S):
                await self._patiently(lambda: door.send(GetOpenOrders(symbol=self.symbols[0])))
            self.settled.set()
            await judged.wait()
            for one in (stream, market):
                alive = one.state is State.LIVE
                self._sim.require(alive, f"{self.name}'s {one.name} is {one.state} after healing")
            for task in listening:
                task.cancel()

    async def _enter(self, stack: AsyncExitStack, make: Callable[[], AbstractAsyncContextManager[_T]]) -> _T:
        while True:
            with suppress(CannotConnect, NoAnswer):
                return await stack.enter_async_context(make())
            await asyncio.sleep(_PATIENCE_S)

    async def _patiently(self, ask: Callable[[], Awaitable[_T]]) -> _T:
        """A read, until it is answered."""
        while True:
            with suppress(CannotConnect, NoAnswer):
                return await ask()
            await asyncio.sleep(_PATIENCE_S)

    async def _listen(self, stream: EventStream, read_again: Callable[[], Awaitable[None]]) -> None:
        async for event in stream:
            self.view.hear(event)
            if isinstance(event, Gap):
                self._sim.count(f"gaps of {stream.name}")
                await read_again()

    async def _read_account(self, client: AsyncClient) -> None:
        self.view.read_account(await self._patiently(lambda: client.send(GetAccount())))
        for symbol in self.symbols:
            known = GetMyTrades(symbol=symbol, from_id=0, limit=1000)
            self.view.read_trades(await self._patiently(partial(client.send, known)))

    async def _read_tops(self, client: AsyncClient) -> None:
        for symbol in self.symbols:
            self.view.tops.pop(symbol, None)
            self.view.read_top(await self._patiently(partial(client.send, GetBookTicker(symbol=symbol))))

    async def _act(self, door: Door) -> None:
        await asyncio.sleep(self._dice.uniform() * 2 * self._pause_s)
        await weighted(self._dice, {self._place: 70, self._cancel: 20, self._look: 10})(door)

    async def _place(self, door: Door) -> None:
        order = draw_order(self._dice, self.symbols)
        try:
            answer = await door.send(order)
        except OutcomeUnknown as doubt:
            self._sim.count("unknown orders")
            self._sim.require(bool(self._sim.faults.happened), f"{doubt} without any fault")
            self._fate(doubt.client_order_id, Fate.UNKNOWN)
            self._doubts[doubt.client_order_id or ""] = doubt.facts
        except (Refused, NotDelivered) as error:
            self._sim.count(f"orders {type(error).__name__}")
            self._fate(error.client_order_id, Fate.REFUSED)
        else:
            self._sim.count("orders accepted")
            self._fate(answer.client_order_id, Fate.ACCEPTED)
            self._mine[answer.order_id] = order.symbol

    def _fate(self, client_order_id: str | None, fate: Fate) -> None:
        if client_order_id is None:
            self._sim.require(fate is Fate.REFUSED, f"an order of fate {fate} without its client order id")
        else:
            self._sim.require(client_order_id not in self.view.fates, f"{client_order_id} was used twice")
            self.view.fates[client_order_id] = fate

    async def _cancel(self, door: Door) -> None:
        if not self._mine:
            return
        order_id, symbol = self._mine.popitem()
        try:
            await door.send(CancelOrder(symbol=symbol, order_id=order_id))
        except OutcomeUnknown as doubt:
            self._sim.count("unknown cancels")
            self._sim.require(bool(self._sim.faults.happened), f"{doubt} without any fault")
        except (Refused, NotDelivered) as error:
            self._sim.count(f"cancels {type(error).__name__}")

    async def _look(self, door: Door) -> None:
        with suppress(NoAnswer, CannotConnect):
            await door.send(GetOpenOrders(symbol=self.symbols[0]))

    async def _settle(self, client: AsyncClient) -> None:
        await self._wait_until_doubts_are_too_late(client)
        for client_order_id, facts in self._doubts.items():
            await self._resolve(client, client_order_id, facts)
        await self._patiently(lambda: self._cancel_everything(client))

    async def _wait_until_doubts_are_too_late(self, client: AsyncClient) -> None:
        fence_ms = max((facts.too_late_after_ms or 0 for facts in self._doubts.values()), default=0)
        wait_ms = fence_ms + _ENGINE_MS + _MARGIN_MS - client.desk.now_ms()
        await asyncio.sleep(max(0, wait_ms) / 1000)

    async def _resolve(self, client: AsyncClient, client_order_id: str, facts: Facts) -> None:
        """Look an order of unknown outcome up (RETRY-3)."""
        query = GetOrder(symbol=facts.request.symbol, orig_client_order_id=client_order_id)
        try:
            await self._patiently(lambda: client.send(query))
            self.view.fates[client_order_id] = Fate.FOUND
        except UnknownOrder:
            self.view.fates[client_order_id] = Fate.ABSENT
        self._sim.count(f"doubts {self.view.fates[client_order_id]}")

    async def _cancel_everything(self, client: AsyncClient) -> None:
        for symbol in self.symbols:
            for order in await client.send(GetOpenOrders(symbol=symbol)):
                with suppress(UnknownOrder):  # filled in the meantime
                    await client.send(CancelOrder(symbol=symbol, order_id=order.order_id))

    @property
    def placed(self) -> set[str]:
        """The client order ids that exist at the exchange, as this trader believes."""
        return set(self.view.with_fate(*EXISTS))
