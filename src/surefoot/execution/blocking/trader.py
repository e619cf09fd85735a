"""The trader without await: the same words, and nothing is done twice."""

import ssl
from pathlib import Path
from typing import Self, overload

import msgspec

from surefoot.client.aio.client import Transport
from surefoot.credentials import Credentials
from surefoot.execution.aio import OrderHandle, Trader, TraderOptions
from surefoot.execution.aio.handles import ListHandle
from surefoot.execution.blocking.events import BlockingTraderEvents
from surefoot.execution.blocking.handles import BlockingBracketHandle, BlockingListHandle, BlockingOrderHandle
from surefoot.execution.blocking.lodging import Lodging
from surefoot.execution.blocking.readings import BlockingReadings
from surefoot.execution.blocking.signals import watch_signal
from surefoot.execution.bracket import Bracket
from surefoot.execution.intent import Intent, MarketOrder
from surefoot.execution.journal import Store
from surefoot.execution.policy import READ_ONLY, Policy
from surefoot.execution.records import ListRecord, OrderRecord
from surefoot.spot.enums import Side
from surefoot.spot.environments import Environment
from surefoot.spot.order_lists import ListTicket
from surefoot.telemetry.observations import Sink
from surefoot.values import UNSET, Money, UnsetType
from surefoot.world import Storage, World

Order = BlockingOrderHandle | str
AnyHandle = BlockingOrderHandle | BlockingListHandle | BlockingBracketHandle


class BlockingTrader(BlockingReadings):
    """Trades one account, see `Trader`: the same arguments, words and errors.

    It lives on the private thread that blocking streams use too, so it goes on between calls: it hears the
    account and ends doubts. Threads may share it, and a running event loop does not matter. To be interrupted
    while something is on its way (Ctrl+C) interrupts the waiting only; that goes on. A process forked while
    it is open may not use it. It must be left: what ends with the process is found out at the next start.
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
        self._trader = Trader(
            environment,
            credentials,
            journal=journal,
            policy=policy,
            account=account,
            strategy=strategy,
            transport=transport,
            production_trading=production_trading,
            tls=tls,
            proxy=proxy,
            world=world,
            sink=sink,
            cache=cache,
            options=msgspec.structs.replace(options, kill_signal=None),
        )
        self._kill_signal = options.kill_signal
        self._lodging = Lodging(self._trader)

    def __enter__(self) -> Self:
        self._unwatch = watch_signal(self._kill_signal, self._lodging.begin_to_kill)
        try:
            self._lodging.guest.open()
        except BaseException:
            self._unwatch()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._unwatch()
        self._lodging.guest.close()

    def buy(
        self, symbol: str, *, quantity: Money | UnsetType = UNSET, quote: Money | UnsetType = UNSET
    ) -> BlockingOrderHandle:
        """Buy at the market: a quantity, or for an amount of the quote asset."""
        return self.place(MarketOrder(symbol, Side.BUY, quantity, quote))

    def sell(
        self, symbol: str, *, quantity: Money | UnsetType = UNSET, quote: Money | UnsetType = UNSET
    ) -> BlockingOrderHandle:
        """Sell at the market: a quantity, or for an amount of the quote asset."""
        return self.place(MarketOrder(symbol, Side.SELL, quantity, quote))

    @overload
    def place(self, intent: Bracket) -> BlockingBracketHandle: ...
    @overload
    def place(self, intent: ListTicket, *, again: int = 0) -> BlockingListHandle: ...
    @overload
    def place(self, intent: Intent, *, again: int = 0) -> BlockingOrderHandle: ...
    def place(self, intent: Intent | Bracket, *, again: int = 0) -> AnyHandle:
        """Place it, and return once it is known that it exists; see `Trader.place`."""
        if isinstance(intent, Bracket):
            bracket = self._lodging.told(self._trader.place(intent))
            return BlockingBracketHandle(bracket, self._lodging)
        handle: OrderHandle | ListHandle = self._lodging.told(self._trader.place(intent, again=again))
        if isinstance(handle, ListHandle):
            return BlockingListHandle(handle, self._lodging)
        return BlockingOrderHandle(handle, self._lodging)

    @overload
    def cancel(self, order: BlockingListHandle) -> ListRecord: ...
    @overload
    def cancel(self, order: Order) -> OrderRecord: ...
    def cancel(self, order: Order | BlockingListHandle) -> OrderRecord | ListRecord:
        """Cancel an order or a whole list; returns once it is over, however it ended: it may have been filled
        first.
        """
        if isinstance(order, BlockingListHandle):
            return self._lodging.told(self._trader.cancel(order.inner))
        return self._lodging.told(self._trader.cancel(_id(order)))

    def replace(
        self,
        order: Order,
        *,
        quantity: Money | None = None,
        price: Money | None = None,
        stop_price: Money | None = None,
    ) -> BlockingOrderHandle:
        """Change an open order; see `Trader.replace`."""
        replaced = self._trader.replace(_id(order), quantity=quantity, price=price, stop_price=stop_price)
        return _handed(self._lodging, self._lodging.told(replaced))

    def cancel_all(self, symbol: str | None = None) -> tuple[OrderRecord, ...]:
        """Cancel every order of this trader's, or those of one symbol; returns what became of them."""
        return self._lodging.told(self._trader.cancel_all(symbol))

    def close_position(self, symbol: str) -> BlockingOrderHandle | None:
        """Cancel all orders of the symbol, and sell what was bought of it; see `Trader.close_position`."""
        handle = self._lodging.told(self._trader.close_position(symbol))
        return None if handle is None else _handed(self._lodging, handle)

    def committed(self) -> None:
        """Return once everything that was written down so far is safe; see `Trader.committed`."""
        self._lodging.told(self._trader.committed())

    def events(self, timeout_ms: float | None = None) -> BlockingTraderEvents:
        """All that happens from now on, in order: ``for event in trader.events(): …``. Iterating ends when
        nothing came for `timeout_ms`.
        """
        events = self._lodging.guest.call(self._trader.events)
        return BlockingTraderEvents(events, self._lodging, timeout_ms)

    def kill(self, reason: str) -> tuple[OrderRecord, ...]:
        """The kill switch; see `Trader.kill`."""
        return self._lodging.told(self._trader.kill(reason))

    def arm(self, reason: str) -> None:
        """Allow trading again; raises `Misuse` while the kill file exists."""
        self._lodging.guest.call(lambda: self._trader.arm(reason))


def _id(order: Order) -> str:
    return order if isinstance(order, str) else order.id


def _handed(lodging: Lodging, handle: OrderHandle) -> BlockingOrderHandle:
    return BlockingOrderHandle(handle, lodging)
