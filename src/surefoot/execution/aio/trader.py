"""The trader: journalled, guarded, resolved. It never raises `OutcomeUnknown`: to find out is its job."""

import asyncio
import ssl
from pathlib import Path
from typing import Self, overload

from surefoot.client.aio import AsyncClient
from surefoot.client.aio.client import Transport
from surefoot.credentials import Credentials
from surefoot.errors import NotPlaced
from surefoot.execution.aio.brackets import BracketHandle
from surefoot.execution.aio.closing import closed
from surefoot.execution.aio.events import Events
from surefoot.execution.aio.handles import ListHandle, OrderHandle, handle_of
from surefoot.execution.aio.options import TraderOptions
from surefoot.execution.aio.readings import Readings
from surefoot.execution.aio.replacing import replace
from surefoot.execution.aio.stopping import arm, cancel_all
from surefoot.execution.aio.works import Works
from surefoot.execution.bracket import Bracket
from surefoot.execution.cancelling import cancel, cancel_list
from surefoot.execution.ids import Namer
from surefoot.execution.intent import Intent, MarketOrder, request_of
from surefoot.execution.journal import Store
from surefoot.execution.policy import READ_ONLY, Policy
from surefoot.execution.records import ListRecord, OrderRecord
from surefoot.execution.requests import renewed
from surefoot.execution.sql.store import store_of
from surefoot.execution.views import Views
from surefoot.spot.enums import Side
from surefoot.spot.environments import Environment
from surefoot.spot.order_lists import ListTicket
from surefoot.telemetry.observations import Sink
from surefoot.values import UNSET, Money, UnsetType
from surefoot.world import Storage, World


class Trader(Readings):
    """Trades one account of one venue: many symbols, over REST or the WebSocket API (`transport`).

    `journal` is the path of a file (SQLite), a ``postgresql://`` URL, or a `Store`; it belongs to this
    account alone, and to one process at a time. `account` is the account's name in it. Without a `policy`
    nothing is traded: symbols and limits are spelled out. `strategy` is what the client order ids begin with.
    The other arguments are those of `AsyncClient`.

    Entering replays the journal, connects, hears the account's stream, reads what was missed and begins to
    resolve what is in doubt. Raises `JournalError` for a journal that cannot be used or is another's, and
    what `AsyncClient` raises.
    """

    def __init__(
        self,
        environment: Environment,
        credentials: Credentials,
        *,
        journal: str | Path | Store,
        policy: Policy = READ_ONLY,
        account: str = "main",
        strategy: str = "sf",
        transport: Transport = "rest",
        production_trading: bool = False,
        tls: ssl.SSLContext | None = None,
        proxy: str | None = None,
        world: World | None = None,
        sink: Sink | None = None,
        cache: str | Path | Storage | None = None,
        options: TraderOptions = TraderOptions(),  # noqa: B008 - frozen
    ) -> None:
        client = AsyncClient(
            environment,
            credentials,
            transport=transport,
            production_trading=production_trading,
            tls=tls,
            proxy=proxy,
            world=world,
            sink=sink,
            cache=cache,
        )
        store = store_of(journal, account) if isinstance(journal, str | Path) else journal
        self.client = client
        self.views = Views(policy)
        namer = Namer(strategy, client.desk.entropy)
        self._works = Works(client, store, self.views, account=account, namer=namer, options=options)

    async def __aenter__(self) -> Self:
        await self._works.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._works.close()

    async def buy(
        self, symbol: str, *, quantity: Money | UnsetType = UNSET, quote: Money | UnsetType = UNSET
    ) -> OrderHandle:
        """Buy at the market: a quantity, or for an amount of the quote asset."""
        return await self.place(MarketOrder(symbol, Side.BUY, quantity, quote))

    async def sell(
        self, symbol: str, *, quantity: Money | UnsetType = UNSET, quote: Money | UnsetType = UNSET
    ) -> OrderHandle:
        """Sell at the market: a quantity, or for an amount of the quote asset."""
        return await self.place(MarketOrder(symbol, Side.SELL, quantity, quote))

    @overload
    async def place(self, intent: Bracket) -> BracketHandle: ...
    @overload
    async def place(self, intent: ListTicket, *, again: int = 0) -> ListHandle: ...
    @overload
    async def place(self, intent: Intent, *, again: int = 0) -> OrderHandle: ...
    async def place(
        self, intent: Intent | Bracket, *, again: int = 0
    ) -> OrderHandle | ListHandle | BracketHandle:
        """Place it, and return once it is known that it exists. Nothing is sent before it is written down.

        Raises what refused it, here or there, and `NotPlaced` where nobody knew and evidence says that it did
        not happen: then it is placed anew, under a new id, up to `again` times.
        """
        if isinstance(intent, Bracket):
            return await self._works.brackets.place(intent)
        request, instead_of = request_of(intent), None
        while True:
            try:
                sent = await self._works.carry(request, again=again, instead_of=instead_of)
            except NotPlaced as error:
                if again <= 0:
                    raise
                again, instead_of, request = again - 1, error.client_order_id, renewed(request)
            else:
                return handle_of(sent, self._works.port.pen)

    @overload
    async def cancel(self, order: ListHandle) -> ListRecord: ...
    @overload
    async def cancel(self, order: OrderHandle | str) -> OrderRecord: ...
    async def cancel(self, order: OrderHandle | ListHandle | str) -> OrderRecord | ListRecord:
        """Cancel an order, or a list; returns once it is over, however it ended: it may have been filled
        first. An order of a list takes the whole list along.
        """
        works, id = self._works, _id(order)
        if isinstance(order, ListHandle):
            return await works.stories.told(cancel_list(works.port, id), f"cancel list {id}")
        return await works.stories.told(cancel(works.port, id), f"cancel {id}")

    async def replace(
        self,
        order: OrderHandle | str,
        *,
        quantity: Money | None = None,
        price: Money | None = None,
        stop_price: Money | None = None,
    ) -> OrderHandle:
        """Change an open order; `quantity` is the whole of it, with what is executed already.

        Where it only shrinks it is amended, and keeps its place in the queue. Otherwise it is cancelled and a
        new one placed, in one request of two steps: raises `PartlyDone` with both halves where only one
        worked. What the old one executed between our look and its cancel is taken off the new one, unless
        that executed first.
        """
        works = self._works
        replaced = replace(works, _id(order), quantity=quantity, price=price, stop_price=stop_price)
        return OrderHandle(await works.stories.told(replaced, f"replace {_id(order)}"), works.port.pen)

    async def cancel_all(self, symbol: str | None = None) -> tuple[OrderRecord, ...]:
        """Cancel every order of this trader's, or those of one symbol; returns what became of them."""
        works = self._works
        return await works.stories.told(cancel_all(works.port, symbol), "cancel all")

    async def close_position(self, symbol: str) -> OrderHandle | None:
        """Cancel all orders of the symbol, and sell at the market what was bought of it and can be sold;
        None where that is nothing. What filters leave behind is dust (`views.books.ledger.sellable`).
        """
        await self.cancel_all(symbol)
        works = self._works
        id = await works.stories.told(closed(works, symbol), f"close {symbol}")
        return None if id is None else OrderHandle(id, works.port.pen)

    def events(self) -> Events:
        """All that happens from now on, in order: ``async for event in trader.events(): …``"""
        return Events(self._works.port.pen)

    async def kill(self, reason: str) -> tuple[OrderRecord, ...]:
        """The kill switch: nothing new leaves from now on, and everything is cancelled at once. It stays so,
        also after a restart, until `arm`.
        """
        return await asyncio.shield(self._works.kill(reason))

    def arm(self, reason: str) -> None:
        """Allow trading again; raises `Misuse` while the kill file exists."""
        works = self._works
        arm(works.port, works.options, reason)


def _id(order: OrderHandle | ListHandle | str) -> str:
    return order if isinstance(order, str) else order.id
