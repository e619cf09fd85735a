"""The trader: journalled, guarded, resolved. It never raises `OutcomeUnknown`: to find out is its job."""

from pathlib import Path
from typing import Self

from surefoot.client.aio import AsyncClient
from surefoot.client.aio.client import Transport
from surefoot.credentials import Credentials
from surefoot.errors import NotPlaced
from surefoot.execution.aio.handles import OrderHandle
from surefoot.execution.aio.options import TraderOptions
from surefoot.execution.aio.works import Works
from surefoot.execution.cancelling import cancel
from surefoot.execution.ids import Namer
from surefoot.execution.intent import Intent, MarketOrder, request_of
from surefoot.execution.journal import Store
from surefoot.execution.records import OrderRecord
from surefoot.execution.views import Views
from surefoot.spot.enums import Side
from surefoot.spot.environments import Environment
from surefoot.telemetry.observations import Sink
from surefoot.values import UNSET, Money, UnsetType
from surefoot.world import World


class Trader:
    """Trades one account. `journal` is a path (SQLite), a ``postgresql://`` URL, or a `Store`; it belongs to
    this account alone, and to one process at a time.
    """

    def __init__(
        self,
        environment: Environment,
        credentials: Credentials,
        *,
        journal: str | Path | Store,
        symbols: tuple[str, ...] = (),
        account: str = "main",
        strategy: str = "sf",
        transport: Transport = "rest",
        production_trading: bool = False,
        world: World | None = None,
        sink: Sink | None = None,
        options: TraderOptions = TraderOptions(),  # noqa: B008 - frozen
    ) -> None:
        client = AsyncClient(
            environment,
            credentials,
            transport=transport,
            production_trading=production_trading,
            world=world,
            sink=sink,
        )
        assert not isinstance(journal, str | Path)
        self.client = client
        self.views = Views()
        namer = Namer(strategy, client.desk.entropy)
        self._symbols = symbols
        self._works = Works(client, journal, self.views, account=account, namer=namer, options=options)

    async def __aenter__(self) -> Self:
        await self._works.open(self._symbols)
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

    async def place(self, intent: Intent, *, again: int = 0) -> OrderHandle:
        """Place it, and return once it is known that it exists. Nothing is sent before it is written down.

        Raises what refused it, here or there, and `NotPlaced` where nobody knew and evidence says that it did
        not happen: then it is placed anew, under a new id, up to `again` times.
        """
        request = request_of(intent)
        while True:
            try:
                id = await self._works.submit(request, again=again)
            except NotPlaced:
                if again <= 0:
                    raise
                again -= 1
            else:
                return OrderHandle(id, self._works.port.pen)

    async def cancel(self, order: OrderHandle | str) -> OrderRecord:
        """Cancel it; returns once it is over, however it ended."""
        works = self._works
        id = order if isinstance(order, str) else order.id
        return await works.stories.told(cancel(works.port, id), f"cancel {id}")
