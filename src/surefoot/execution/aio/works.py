"""The inside of a trader: what is open while it lives, and the stories that run in it."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from surefoot.client.aio import AsyncClient
from surefoot.errors import Misuse
from surefoot.execution import entries
from surefoot.execution.aio.brackets import BracketDesk
from surefoot.execution.aio.listening import listen
from surefoot.execution.aio.opening import belongs, replay
from surefoot.execution.aio.options import TraderOptions
from surefoot.execution.aio.pen import Pen
from surefoot.execution.aio.port import ClientPort
from surefoot.execution.aio.prices import Prices, wanted
from surefoot.execution.aio.stopping import cancel_all, trip, watch_file, watch_signal
from surefoot.execution.aio.stories import Stories
from surefoot.execution.aio.watching import Watch
from surefoot.execution.cancelling import cancel
from surefoot.execution.ids import Namer
from surefoot.execution.journal import Checkpoint, Store
from surefoot.execution.placing import Terms, carry_out, submitted
from surefoot.execution.records import OrderRecord
from surefoot.execution.requests import id_of
from surefoot.execution.resolving import resolve
from surefoot.execution.resync import read_trades, resync
from surefoot.execution.views import Views
from surefoot.spot.account import GetAccount
from surefoot.spot.request import Request
from surefoot.values import UNSET

VERSION = "1"
"""Of the entries that this version writes."""


class Works:
    """Opened once. Whatever the trader does is a story that runs here, and outlives whoever waits for it."""

    def __init__(
        self,
        client: AsyncClient,
        store: Store,
        views: Views,
        *,
        account: str,
        namer: Namer,
        options: TraderOptions,
    ) -> None:
        self.client, self.views, self.options, self.namer = client, views, options, namer
        self._store, self._account = store, account
        self._stack = AsyncExitStack()
        self.stories = Stories()
        self._port: ClientPort | None = None
        self.brackets = BracketDesk(self)

    @property
    def port(self) -> ClientPort:
        """What stories are told over; raises `Misuse` while the trader is not open."""
        if self._port is None:
            raise Misuse("the trader is not open: use it inside `async with Trader(...) as trader`")
        return self._port

    async def open(self) -> None:
        """Replay, make sure whose journal it is, hear the account, read what was missed, resolve doubts."""
        async with AsyncExitStack() as stack:
            seq, since = await replay(self._store, self.views)
            stack.push_async_callback(self._store.close)
            await stack.enter_async_context(self.client)
            pen = Pen(self.views, self._store, seq, self.client.desk.now_ms)
            port = ClientPort(pen, self.client, self.options.resolution)
            stream = await stack.enter_async_context(self.client.user_data())
            port.listen_to(stream)
            await self._introduce(port)
            self.prices = Prices(self.client, self.views.standpoint)
            stack.push_async_callback(self.prices.close)
            stack.callback(pen.close)
            await stack.enter_async_context(self.stories)
            stack.push_async_callback(self.stories.settle, self.options.stop_within_ms)
            self._port = port
            doubts = list(self.views.orders.submissions)
            self.stories.beside(listen(stream, port, self.read_up), "listen")
            self.stories.beside(watch_file(self.options, self.kill), "watch the kill file")
            stack.callback(watch_signal(self.options, self.kill))
            await self.read_up()
            for id in doubts:
                self.stories.begin(resolve(port, id), f"resolve {id}")
            stack.push_async_callback(self.brackets.settle, self.options.stop_within_ms)
            self.brackets.resume()
            self.stories.beside(self._watch(port).run(since), "watch")
            self._stack = stack.pop_all()

    async def close(self) -> None:
        """Wait a while for orders that are on their way, then end everything."""
        await self._stack.aclose()
        self._port = None

    async def submit(
        self,
        request: Request[Any],
        *,
        again: int = 0,
        instead_of: str | None = None,
        bracket: str | None = None,
        reduces: bool = False,
    ) -> str:
        """As `carry`; returns its id."""
        request = await self.carry(
            request, again=again, instead_of=instead_of, bracket=bracket, reduces=reduces
        )
        return id_of(request)

    async def carry(
        self,
        request: Request[Any],
        *,
        again: int = 0,
        instead_of: str | None = None,
        bracket: str | None = None,
        reduces: bool = False,
    ) -> Request[Any]:
        """Check it, write it down, send it; returns it as it was sent once it is known to exist. Raises as
        `execution.placing.carry_out`, and what `AsyncClient.check` and the operator's limits refuse.
        """
        port = self.port
        ready = await self._prepared(request)
        terms = Terms(
            sign_within_ms=self.options.sign_within_ms,
            recv_window_ms=self.client.desk.clock.recv_window_ms,
            again=again,
            instead_of=instead_of,
            bracket=bracket,
            reduces=reduces,
        )
        entry = submitted(port, ready, terms)
        await self.stories.told(carry_out(port, ready, entry), f"place {entry.id}")
        return ready

    async def read_up(self) -> None:
        """Read what the stream may not have told, of every symbol that matters."""
        for symbol in self.views.books.unlisted:
            await self._list(symbol)
        allowed = self.views.policy.symbols
        symbols = set(self.views.orders.seen.symbols()) | set(() if allowed is UNSET else allowed)
        await resync(self.port, tuple(sorted(symbols)))

    async def _introduce(self, port: ClientPort) -> None:
        told = await port.ask(GetAccount())
        await belongs(self._store, self.client, self._account, told)
        now_ms = port.now_ms()
        port.note(
            entries.Opened(at_ms=now_ms, version=VERSION, life=self.views.lives + 1),
            entries.AccountRead(at_ms=now_ms, account=told),
        )
        await port.commit()

    async def _prepared(self, request: Request[Any]) -> Request[Any]:
        """`request` as the exchange takes it, with everything known that the limits and the fold need."""
        port, symbol = self.port, str(request.symbol)  # type: ignore[attr-defined]
        checked = await self.client.check(self.namer.named(request, port.now_ms()))
        if symbol not in self.views.books.ledger:
            await self._list(symbol)
        if not self.views.orders.seen.knows(symbol):
            await read_trades(port, symbol)
        if wanted(self.views.policy, checked.order):
            await self.prices.fresh(symbol)
        ready: Request[Any] = checked.order
        return ready

    async def _list(self, symbol: str) -> None:
        """Note what a symbol trades."""
        rules = await self.client.rules(symbol)
        if symbol not in self.views.books.ledger:
            self.port.note(
                entries.Listed(at_ms=self.port.now_ms(), symbol=symbol, base=rules.base, quote=rules.quote)
            )

    def kill(self, reason: str) -> asyncio.Future[tuple[OrderRecord, ...]]:
        """Stop all trading, and cancel everything."""
        trip(self.port, reason)
        return self.stories.begin(cancel_all(self.port), f"kill: {reason}")

    def _watch(self, port: ClientPort) -> Watch:
        return Watch(
            port,
            self.options,
            self.namer,
            read_up=self.read_up,
            cancel=lambda id: self.stories.begin(cancel(port, id), f"cancel {id}"),
            checkpoint=lambda: self._store.checkpoint(Checkpoint(port.pen.seq, self.views.checkpoint())),
            tell=self.client.desk.teller.warn,
        )
