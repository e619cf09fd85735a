"""What the steps of a bracket have in common: its record, its orders, its moves, and how it waits (pure)."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Protocol

from surefoot.errors import NoAnswer, SurefootError
from surefoot.execution import entries
from surefoot.execution.bracket import BRACKET_LIFE, BracketState
from surefoot.execution.bracket_orders import ENTRY, EXITS
from surefoot.execution.brackets import BracketRecord, kept
from surefoot.execution.evidence import read
from surefoot.execution.fills import Fill, fill_of_trade
from surefoot.execution.lives import OrderState
from surefoot.execution.port import Port
from surefoot.execution.records import OrderRecord
from surefoot.rules.quantise import EXACT, ZERO
from surefoot.rules.symbols import SymbolRules
from surefoot.spot.account import GetMyTrades, GetOrder, Trade
from surefoot.spot.request import Request
from surefoot.values import UNSET

SOON_MS = 250
_LONGEST_MS = 15_000
_PAGE = 1_000


class Submitter(Protocol):
    """What a bracket asks of a trader."""

    async def submit(
        self, request: Request[Any], *, bracket: str | None = None, reduces: bool = False
    ) -> str:
        """Write it down and send it; returns its id once it is known to exist. Raises what refused it, and
        `NotPlaced` where it was unknown and did not happen. `reduces`: it is the way out of a position.
        """
        ...

    async def cancel(self, id: str) -> object:
        """Return once the order is over, however it ended; raises where that could not be done."""
        ...

    async def rules(self, symbol: str) -> SymbolRules:
        """The rules of a symbol."""
        ...

    async def commission(self, symbol: str) -> Decimal | None:
        """The largest share of a bought quantity that commission may take; zero where it is known to be paid
        in something else, None where the venue does not say.
        """
        ...

    def fresh_id(self) -> str:
        """A client order id that nobody ever used."""
        ...


class Carried:
    """One bracket while somebody carries it. `failure` is what kept it from entering, for its owner."""

    def __init__(self, port: Port, submitter: Submitter, id: str, rules: SymbolRules) -> None:
        self.port, self.submitter, self.id, self.rules = port, submitter, id, rules
        self.failure: SurefootError | None = None
        self._at = self.record.state
        self._tries = 0

    @property
    def record(self) -> BracketRecord:
        """All that is known of it now."""
        record = self.port.views.brackets.get(self.id)
        assert record is not None, self.id
        return record

    def begin(self) -> BracketState:
        """A step begins; returns where the bracket is."""
        self._at = self.record.state
        return self._at

    def was_moved(self) -> bool:
        """Whether its owner moved it since the step began: then the step is over."""
        return self.record.state is not self._at

    def move(
        self,
        state: BracketState,
        text: str = "",
        *,
        ids: dict[str, str] | None = None,
        left: Decimal | None = None,
        exposed_since_ms: int | None = None,
        exposed_until_ms: int | None = None,
    ) -> None:
        """It is about to do what `state` says (`entries.BracketMoved`); nothing where its owner has moved it
        meanwhile.
        """
        if self.was_moved():
            return
        assert state in BRACKET_LIFE[self._at], f"{self._at} to {state}"
        moved = entries.BracketMoved(
            at_ms=self.port.now_ms(),
            id=self.id,
            state=state,
            ids=ids or {},
            left=left,
            exposed_since_ms=exposed_since_ms,
            exposed_until_ms=exposed_until_ms,
            text=text,
        )
        self.port.note(moved)
        self._at = state

    def fresh(self, *roles: str) -> dict[str, str]:
        """Ids for orders that are about to be placed."""
        return {role: self.submitter.fresh_id() for role in roles}

    def order(self, role: str) -> OrderRecord | None:
        """What is known of an order of it."""
        id = self.record.ids.get(role)
        return None if id is None else self.port.views.orders.shelf.get(id)

    def is_known(self, role: str) -> bool:
        """Whether the journal knows the submission of that id: it may have been sent, then."""
        id, orders = self.record.ids[role], self.port.views.orders
        shelf = orders.shelf
        return (
            id in orders.submissions
            or id in orders.not_placed
            or id in shelf.lists
            or shelf.get(id) is not None
        )

    def fills(self, role: str) -> Sequence[Fill]:
        """The executions of an order of it."""
        id = self.record.ids.get(role)
        return () if id is None else self.port.views.fills_of(id)

    async def wait(self, done: Callable[[], bool], for_ms: int) -> bool:
        """Wait so long for `done()`, or until its owner moves it; returns whether `done()` holds."""
        await self.port.until(lambda: done() or self.was_moved(), self.port.now_ms() + for_ms)
        return done()

    async def pause(self, retry_at_ms: int | None = None) -> None:
        """Before the same once more: at once the first time, then ever later; not before that moment."""
        pause_ms = min(_LONGEST_MS, SOON_MS << min(self._tries - 1, 10)) if self._tries else 0
        self._tries += 1
        if retry_at_ms is not None:
            pause_ms = max(pause_ms, retry_at_ms - self.port.now_ms())
        await self.wait(lambda: False, pause_ms)

    def calm(self) -> None:
        """It has gone well for a while: the next pause is short again."""
        self._tries = 0


def is_over(order: OrderRecord | None) -> bool:
    """Whether an order is known, and nothing happens to it any more."""
    return order is not None and (order.is_final or order.state is OrderState.NOT_PLACED)


async def ended(carried: Carried, role: str) -> OrderRecord:
    """The order of that role, once it is over. Events tell it; without them it is looked for."""
    tries = 0
    while True:
        for_ms = min(_LONGEST_MS, SOON_MS << tries)
        by_ms, tries = carried.port.now_ms() + for_ms, min(tries + 1, 10)
        if await carried.port.until(lambda: is_over(carried.order(role)), by_ms):
            order = carried.order(role)
            assert order is not None, role
            return order
        await look(carried, role)


async def look(carried: Carried, role: str) -> None:
    """Read an order; one that is on its way is found by those who resolve it. Raises `UnknownOrder`."""
    order = carried.order(role)
    if order is not None and order.in_flight:
        return
    port, id = carried.port, carried.record.ids[role]
    order_id = None if order is None else order.order_id
    query = GetOrder(
        symbol=carried.record.plan.symbol,
        order_id=UNSET if order_id is None else order_id,
        orig_client_order_id=id if order_id is None else UNSET,
    )
    port.note(*await read(port, await port.ask(query)))


async def cancelled(carried: Carried, role: str) -> OrderRecord:
    """Cancel an order, and with it its list; returns once it is over, however it ended."""
    await carried.submitter.cancel(carried.record.ids[role])
    return await ended(carried, role)


async def executions(carried: Carried, role: str) -> Sequence[Fill]:
    """All executions of an order that is over, read where events do not tell them soon."""
    order, port = carried.order(role), carried.port
    if order is None or not order.executed_qty:
        return ()
    whole = order.executed_qty
    if await port.until(lambda: _sum(carried.fills(role)) == whole, port.now_ms() + SOON_MS):
        return carried.fills(role)
    asked = GetMyTrades(symbol=order.symbol, order_id=order.order_id or UNSET, limit=_PAGE)
    trades: tuple[Trade, ...] = await port.ask(asked)
    port.note(*(entries.TradeRead(at_ms=port.now_ms(), trade=trade) for trade in trades))
    told = [fill_of_trade(trade) for trade in trades]
    if _sum(told) != whole:
        raise NoAnswer(f"order {order.id}: {whole} are executed, and only {_sum(told)} can be read yet")
    return told


def _sum(fills: Sequence[Fill]) -> Decimal:
    total = ZERO
    for fill in fills:
        total = EXACT.add(total, fill.qty)
    return total


async def left_now(carried: Carried) -> Decimal:
    """What is owned and not sold, once all its orders are over."""
    record, base = carried.record, carried.rules.base
    left = record.left
    if left is None:
        left = kept(await executions(carried, ENTRY), base)
    for role in EXITS:
        left = EXACT.add(left, kept(await executions(carried, role), base))
    return left
