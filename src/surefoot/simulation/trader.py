"""One trader of the story `orders`: the shipped client on a host of its own, used as a careful program would.

It subscribes to its own events before the first order, never sends an order of unknown outcome again, looks
such orders up when they can no longer arrive, and reads again whatever a gap may have hidden. Besides it
reads what it is curious about (`errands`).
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from functools import partial
from typing import Protocol, TypeVar

from surefoot.client.aio import AsyncClient, EventStream
from surefoot.client.streams import Gap, State
from surefoot.errors import (
    Facts,
    NoAnswer,
    NotDelivered,
    OutcomeUnknown,
    ProtocolViolation,
    Refused,
    StaleTimestamp,
    SurefootError,
    UnknownOrder,
)
from surefoot.simulation.draws import weighted
from surefoot.simulation.errands import ATTEMPT_S, SHELL_S, Door, Errands
from surefoot.simulation.hearing import Span
from surefoot.simulation.options import REST, SIGNED, Style
from surefoot.simulation.prices import draw_order
from surefoot.simulation.runner import Simulation
from surefoot.simulation.view import Fate, View
from surefoot.simulation.world import EPOCH_MS
from surefoot.spot import streams
from surefoot.spot.account import GetAccount, GetMyTrades, GetOpenOrders, GetOrder
from surefoot.spot.events import Event
from surefoot.spot.market import GetBookTicker
from surefoot.spot.trade import CancelOrder
from surefoot.telemetry.observations import Observation, Retried

_T = TypeVar("_T")
_ENGINE_MS = 10_000  # rest-api, General API information: after 10 s the exchange gives an order up
_MARGIN_MS = 1_000
_PATIENCE_S = 1.0
_RECOVERY_S = 400.0  # bans, and windows of five minutes, are waited for
_TURNED_AWAY = frozenset({403, 418, 429, 451})
WRITE_S = ATTEMPT_S + 16.0 + SHELL_S
"""How long a write may take: to find room or a connection, and then one attempt (recvWindow + 10 s and 1 s,
ENV-3).
"""


def is_passing(error: SurefootError) -> bool:
    """Whether the same read may be answered later."""
    turned_away = isinstance(error, Refused) and error.facts.status in _TURNED_AWAY
    passing = (NotDelivered, NoAnswer, ProtocolViolation, StaleTimestamp, OutcomeUnknown)
    return turned_away or isinstance(error, passing)


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


def run_ms(sim: Simulation) -> int:
    """The run's own clock, in milliseconds since 1970: an exchange's that is never wrong."""
    return int(EPOCH_MS + sim.loop.time() * 1000)


class Phases:
    """Of a run: nothing goes wrong any more once it is `healed`; everything is over once it is `judged`."""

    def __init__(self) -> None:
        self.healed, self.judged = asyncio.Event(), asyncio.Event()


class Surroundings(Protocol):
    """What a trader's story knows: seconds between actions, and the limit of weight per minute."""

    @property
    def pause_s(self) -> float: ...
    @property
    def weight(self) -> int: ...
    @property
    def disturbed(self) -> bool:
        """Whether anything went wrong so far."""
        ...

    def hid_something_from(self, account: str) -> bool:
        """Whether the account was not told something, and nobody could know."""
        ...


class Trader:
    """Trades in the safety phase (until `done`), settles after `healed`, and keeps its `view`; `heard` is
    everything that its streams told, by their name, and `spans` since when.
    """

    def __init__(self, sim: Simulation, name: str, style: Style, around: Surroundings) -> None:
        self.name = name
        self.symbols = style.symbols
        self.view = View()
        self.resent = Resent()
        self.done = asyncio.Event()
        self.settled = asyncio.Event()
        self._sim = sim
        self._style = style
        self._around = around
        self.errands = Errands(sim, name, style.symbols)
        self.heard: dict[str, list[Event]] = {}
        self.spans: dict[str, Span] = {}
        self._dice = sim.dice(f"trader/{name}")
        self._doubts: dict[str, Facts] = {}
        self._mine: dict[int, str] = {}

    async def live(self, make: ClientMaker, phases: Phases) -> None:
        """The whole life; returns when it is `judged`."""
        async with AsyncExitStack() as stack:
            client = await self._enter(stack, lambda: make(self.resent))
            stream = await self._listening(stack, client.user_data)
            names = [name(symbol) for symbol in self.symbols for name in (streams.book_ticker, streams.trade)]
            market = await self._listening(stack, lambda: client.stream(*names))
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
            await self._trade(door)
            self.done.set()
            await phases.healed.wait()
            await self._settle(client)
            async with asyncio.timeout(_RECOVERY_S):
                await self._patiently(lambda: door.send(GetOpenOrders(symbol=self.symbols[0])))
            self.settled.set()
            await phases.judged.wait()
            for one in (stream, market):
                alive = one.state is State.LIVE
                self._sim.require(alive, f"{self.name}'s {one.name} is {one.state} after healing")
            for task in listening:
                task.cancel()

    async def _listening(self, stack: AsyncExitStack, make: Callable[[], EventStream]) -> EventStream:
        """A stream that is live."""
        asked_ms = run_ms(self._sim)
        stream = await self._enter(stack, make)
        self.heard[stream.name] = []
        self.spans[stream.name] = Span(asked_ms, run_ms(self._sim))
        return stream

    async def _enter(self, stack: AsyncExitStack, make: Callable[[], AbstractAsyncContextManager[_T]]) -> _T:
        return await self._patiently(lambda: stack.enter_async_context(make()))

    async def _patiently(self, ask: Callable[[], Awaitable[_T]]) -> _T:
        """A read, until it is answered."""
        while True:
            try:
                return await ask()
            except SurefootError as error:
                if not is_passing(error):
                    raise
            await asyncio.sleep(_PATIENCE_S)

    async def _trade(self, door: Door) -> None:
        style = self._style
        async with asyncio.TaskGroup() as group:
            if style.overload_s:
                group.create_task(self.errands.overload(door, style.overload_s, self._around.weight))
            for _ in range(style.actions):
                await self._act(door)

    async def _listen(self, stream: EventStream, read_again: Callable[[], Awaitable[None]]) -> None:
        async for event in stream:
            self.view.hear(event)
            self.heard[stream.name].append(event)
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
        await asyncio.sleep(self._dice.uniform() * 2 * self._around.pause_s)
        began_s = self._sim.loop.time()
        action = weighted(self._dice, {self._place: 60, self._cancel: 20, self.errands.one: 20})
        await action(door)
        took_s = self._sim.loop.time() - began_s
        in_time = took_s <= WRITE_S or action == self.errands.one
        self._sim.require(in_time, f"{self.name}'s {action.__name__} took {took_s:.3f} s")

    async def _place(self, door: Door) -> None:
        order = draw_order(self._dice, self.symbols)
        try:
            answer = await door.send(order)
        except OutcomeUnknown as doubt:
            self._sim.count("unknown orders")
            self._sim.require(self._around.disturbed, f"{doubt} without any fault")
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
            self._sim.require(self._around.disturbed, f"{doubt} without any fault")
        except (Refused, NotDelivered) as error:
            self._sim.count(f"cancels {type(error).__name__}")

    async def _settle(self, client: AsyncClient) -> None:
        await self._wait_until_doubts_are_too_late(client)
        for client_order_id, facts in self._doubts.items():
            await self._resolve(client, client_order_id, facts)
        await self._patiently(lambda: self._cancel_everything(client))
        if self._around.hid_something_from(self.name):
            self._sim.count("accounts read again")
            await self._read_account(client)
            await self._read_tops(client)

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
