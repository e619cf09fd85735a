"""Brackets as a caller holds them, and as a trader carries them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from surefoot.errors import Misuse, NoAnswer, ProtocolViolation, Refused
from surefoot.execution.aio.handles import OrderHandle
from surefoot.execution.bracket import ON_THE_MOVE, Bracket, BracketState
from surefoot.execution.bracket_orders import ENTRY
from surefoot.execution.bracketing import begin_bracket, carry_bracket, withdraw_bracket
from surefoot.execution.brackets import BracketRecord, exposure_ms
from surefoot.execution.cancelling import cancel
from surefoot.execution.charges import largest_share
from surefoot.rules.symbols import SymbolRules
from surefoot.spot.account import GetAccount
from surefoot.spot.account_rates import GetCommission
from surefoot.spot.request import Request

if TYPE_CHECKING:
    from surefoot.execution.aio.port import ClientPort
    from surefoot.execution.aio.works import Works

_WHILE_MS = 1_000


class BracketHandle:
    """One bracket of the trader's. It is not the bracket: to drop it cancels nothing."""

    def __init__(self, id: str, port: ClientPort) -> None:
        self.id = id
        self._port = port

    def __repr__(self) -> str:
        record = self.record
        return f"BracketHandle({self.id}, {record.plan.symbol}, {record.state})"

    @property
    def record(self) -> BracketRecord:
        """All that is known of it now."""
        known = self._port.views.brackets.get(self.id)
        if known is None:
            raise LookupError(f"bracket {self.id} ended long ago: the journal has its history")
        return known

    @property
    def state(self) -> BracketState:
        """Where it is in its life."""
        return self.record.state

    @property
    def entry(self) -> OrderHandle:
        """The order that enters."""
        return OrderHandle(self.record.ids[ENTRY], self._port.pen)

    @property
    def left(self) -> Decimal | None:
        """What was owned of it in the base asset at its last move; None while it enters."""
        return self.record.left

    @property
    def unprotected_ms(self) -> int:
        """The longest time, so far, that anything bought was without protection: from the first fill to the
        moment at which the exchange took the OCO.
        """
        port = self._port
        return exposure_ms(self.record, port.views.fills_of, port.now_ms())

    async def until(self, *states: BracketState) -> BracketRecord:
        """Return once it is in one of these states, or over."""
        while not self.record.is_over and self.state not in states:
            await self._port.pen.change_of(self.id)
        return self.record

    async def done(self) -> BracketRecord:
        """Return once it is over, however it ended."""
        return await self.until()

    async def cancel(self, *, close: bool = False) -> BracketRecord:
        """Cancel entry and protection. What is owned then stays, without protection; with `close` it is sold
        at the market. Returns once it is over.
        """
        withdraw_bracket(self._port, self.id, close=close)
        return await self.done()


class BracketDesk:
    """Carries the brackets of a trader, and submits for them (`bracketing.Submitter`)."""

    def __init__(self, works: Works) -> None:
        self._works = works

    async def place(self, bracket: Bracket) -> BracketHandle:
        """Enter; returns once it is known that the entry exists. Raises what kept it from entering."""
        works = self._works
        port = works.port
        id = await begin_bracket(port, self, bracket)
        end = works.stories.carry(carry_bracket(port, self, id), f"bracket {id}")
        handle = BracketHandle(id, port)
        while not (end.done() or handle.record.is_over or self._has_entered(handle.record)):
            await port.until(lambda: handle.record.is_over or self._has_entered(handle.record), _soon(port))
        if end.done() or handle.record.is_over:
            await end
        return handle

    def resume(self) -> None:
        """Go on with every bracket of earlier lives that is not over."""
        works = self._works
        for record in works.views.brackets.unfinished():
            works.stories.carry(carry_bracket(works.port, self, record.id), f"bracket {record.id}")

    async def settle(self, within_ms: int) -> None:
        """Wait so long for those that are about to be protected or closed."""
        works = self._works
        await works.port.until(lambda: not self._moving(), works.port.now_ms() + within_ms)

    async def submit(
        self, request: Request[Any], *, bracket: str | None = None, reduces: bool = False
    ) -> str:
        """See `Works.submit`."""
        return await self._works.submit(request, bracket=bracket, reduces=reduces)

    async def cancel(self, id: str) -> object:
        """See `execution.cancelling.cancel`."""
        works = self._works
        return await works.stories.told(cancel(works.port, id), f"cancel {id}")

    async def rules(self, symbol: str) -> SymbolRules:
        """The rules of a symbol."""
        return await self._works.client.rules(symbol)

    async def commission(self, symbol: str) -> Decimal | None:
        """See `charges.largest_share`; asked at every entry, for rates and balances change."""
        client, rules = self._works.client, await self._works.client.rules(symbol)
        try:
            rates = await client.send(GetCommission(symbol=symbol))
            account = await client.send(GetAccount()) if rates.discount.enabled_for_account else None
        except (Misuse, NoAnswer, ProtocolViolation, Refused):
            return None
        return largest_share(rates, rules.base, account)

    def fresh_id(self) -> str:
        """A client order id that nobody ever used."""
        works = self._works
        return works.namer.fresh(works.port.now_ms())

    def handle(self, id: str) -> BracketHandle:
        """The bracket of that id, of an earlier life too."""
        return BracketHandle(id, self._works.port)

    def _has_entered(self, record: BracketRecord) -> bool:
        order = self._works.views.orders.shelf.get(record.ids[ENTRY])
        return order is not None and order.order_id is not None

    def _moving(self) -> bool:
        return any(record.state in ON_THE_MOVE for record in self._works.views.brackets.unfinished())


def _soon(port: ClientPort) -> int:
    return port.now_ms() + _WHILE_MS
