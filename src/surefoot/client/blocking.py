"""The blocking client: the same flow, on a socket of its own and no thread.

What only streams need is imported when the first one is made: who never streams never pays for asyncio.
"""

import os
import ssl
import threading
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from surefoot.client.allowance import AllowanceView
from surefoot.client.call import Wire, call, measure, run_blocking
from surefoot.client.checks import BlockingChecks
from surefoot.client.desk import Desk
from surefoot.client.heard import http_said
from surefoot.client.hosts import Hosts, asked_by_health
from surefoot.client.methods.blocking_all import BlockingMethods
from surefoot.client.ranges import BlockingRanges
from surefoot.client.rest import RestSpelling, read_ms
from surefoot.client.timesync import FIRST, QUICK, Measurement
from surefoot.codec.rest import SignedRequest
from surefoot.credentials import Credentials
from surefoot.errors import Misuse
from surefoot.net.blocking import BlockingHttp
from surefoot.net.tls import client_context
from surefoot.rules.outcomes import Said
from surefoot.rules.retries import Retries
from surefoot.spot.environments import Environment
from surefoot.spot.request import Request
from surefoot.telemetry.observations import Sink
from surefoot.wire import Lost
from surefoot.world import Clock, Storage, World, storage_at, system_world

if TYPE_CHECKING:
    from surefoot.client.aio.blocking_stream import BlockingStream
    from surefoot.client.aio.client import AsyncClient
    from surefoot.client.aio.feeds import Callback
    from surefoot.client.aio.guest import Closable
    from surefoot.client.aio.market_stream import StreamOptions
    from surefoot.client.rotation import Rotation
    from surefoot.codec.streams import EventDecoder

A = TypeVar("A")


class BlockingWire:
    """The way to REST that never suspends: its coroutines end before they yield. Threads take `turn`s; a
    process forked from the one that made it must not use it.
    """

    def __init__(self, desk: Desk, clock: Clock, tls: ssl.SSLContext | None) -> None:
        self._desk, self._clock = desk, clock
        self._pid = os.getpid()
        self.turn = threading.RLock()
        self._rest, self._closed = threading.Condition(self.turn), False
        self._spelling = RestSpelling(desk)
        self._hosts = Hosts(self._spelling.hosts, desk.teller.note)
        self._https = [BlockingHttp(to, tls=tls, proxy=desk.proxy_to(to)) for to in self._spelling.origins]

    usable = True

    async def ready(self, by_ms: float) -> None:
        """Connections are made as they are needed."""

    def spell(self, request: Request[Any], recv_window_ms: int | None) -> SignedRequest:
        return self._spelling.spell(request, recv_window_ms)

    async def exchange(self, spelled: SignedRequest, total_ms: float) -> Said | Lost:
        if len(self._https) == 1:
            return await self._ask(0, spelled, total_ms)
        careful = spelled.method != "GET"
        return await asked_by_health(
            self._hosts, lambda host: self._ask(host, spelled, total_ms), self.now_ms, careful=careful
        )

    async def _ask(self, host: int, spelled: SignedRequest, total_ms: float) -> Said | Lost:
        data = self._spelling.http(spelled, host)
        heard = self._https[host].exchange(data, read_ms=read_ms(spelled, total_ms), total_ms=total_ms)
        return heard if isinstance(heard, Lost) else http_said(heard, self._desk.now_ms)

    async def resync(self, known: Measurement | None) -> None:
        if self._desk.clock.measurement is known:
            await measure(self, self._desk, FIRST if known is None else QUICK)

    async def sleep_until(self, moment_ms: float) -> None:
        """Others may have their turn meanwhile."""
        while not self._closed and (left_ms := moment_ms - self._desk.now_ms()) > 0:
            self._rest.wait(left_ms / 1000)
        if self._closed:
            raise Misuse("the client was closed by another thread meanwhile: nothing was sent")

    def now_ms(self) -> float:
        return self._clock.monotonic_ms()

    def later(self, work: Callable[[], None]) -> None:
        work()

    @property
    def forked(self) -> bool:
        """Whether this process is a fork of the one that has the connection: both would hear the same
        answers.
        """
        return os.getpid() != self._pid

    def close(self) -> None:
        """Close every connection; whoever waits for a turn gets none. In a fork nobody else is left, and the
        turn may be that of a thread which is not here.
        """
        for http in self._https:
            http.close()
        if self.forked:
            return
        with self.turn:
            self._closed = True
            self._rest.notify_all()


class Client(BlockingMethods, BlockingChecks, BlockingRanges):
    """Asks one venue, blocking: the same words as `AsyncClient`, no await. Threads that share it take turns.

    Its options are those of `AsyncClient`. Requests need no thread. Streams live on one private thread, which
    all clients of the process share while there are any; leaving the client closes its own. A forked process
    gets a connection of its own.
    """

    def __init__(
        self,
        environment: Environment,
        credentials: Credentials | None = None,
        *,
        production_trading: bool = False,
        tls: ssl.SSLContext | None = None,
        proxy: str | None = None,
        world: World | None = None,
        sink: Sink | None = None,
        cache: str | Path | Storage | None = None,
        retries: Retries = Retries(),  # noqa: B008 - frozen
    ) -> None:
        self._world = world or system_world()
        self.desk = Desk(
            environment,
            credentials,
            world=self._world,
            sink=sink,
            production_trading=production_trading,
            proxy=proxy,
            cache=storage_at(cache),
            retries=retries,
        )
        self._tls = tls or (client_context() if environment.rest.startswith("https:") else None)
        self._wire: BlockingWire | None = None
        self.guests: set[Closable] = set()

    def __repr__(self) -> str:
        return f"Client({self.desk}, {'closed' if self._wire is None else 'open'})"

    def __enter__(self) -> Self:
        if self._wire is not None:
            raise Misuse("the client is open already")
        self._wire = self._dialling()
        if self.desk.key is not None:
            try:
                self.sync()
            except BaseException:
                self.__exit__()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        for one in tuple(self.guests):
            one.close()
        wire = self._wire
        if wire is not None:
            with nullcontext() if wire.forked else wire.turn:
                self._wire = None
                wire.close()

    @property
    def budget(self) -> AllowanceView:
        """What is used of the exchange's limits, by whom; and rain mode by hand."""
        return AllowanceView(self.desk.allowance)

    def send(
        self, request: Request[A], *, recv_window_ms: int | None = None, sign_before_ms: int | None = None
    ) -> A:
        """Ask `request`; returns its typed answer or raises the error that says whether it happened."""
        return self._ask(
            lambda wire: call(
                wire, self.desk, request, recv_window_ms=recv_window_ms, sign_before_ms=sign_before_ms
            )
        )

    def sync(self) -> Measurement:
        """Measure the exchange's clock now (AUTH-3)."""
        return self._ask(lambda wire: measure(wire, self.desk))

    def stream(
        self,
        *names: str,
        timeout_ms: float | None = None,
        callback: "Callback | None" = None,
        decode: "EventDecoder | None" = None,
        options: "StreamOptions | None" = None,
    ) -> "BlockingStream":
        """Market streams by name, as a blocking iterator; see `AsyncClient.stream`. Iterating ends when
        nothing came for `timeout_ms`.
        """
        from surefoot.client.aio.blocking_stream import BlockingStream  # noqa: PLC0415 - see the module

        stream = self.asynchronous().stream(*names, callback=callback, decode=decode, options=options)
        return BlockingStream(stream, timeout_ms=timeout_ms, among=self.guests)

    def user_data(
        self,
        *,
        timeout_ms: float | None = None,
        callback: "Callback | None" = None,
        microseconds: bool = False,
        rotation: "Rotation | None" = None,
    ) -> "BlockingStream":
        """The account's own events, as a blocking iterator; see `AsyncClient.user_data`."""
        from surefoot.client.aio.blocking_stream import BlockingStream  # noqa: PLC0415 - see the module

        stream = self.asynchronous().user_data(
            callback=callback, microseconds=microseconds, rotation=rotation
        )
        return BlockingStream(stream, timeout_ms=timeout_ms, among=self.guests)

    def asynchronous(self) -> "AsyncClient":
        """An asynchronous client of the same account, with the same clock."""
        from surefoot.client.aio.client import AsyncClient  # noqa: PLC0415 - see the module

        return AsyncClient.of(self.desk, self._world, self._tls)

    def _ask(self, flow: Callable[[Wire], Coroutine[Any, Any, A]]) -> A:
        wire = self._opened()
        with wire.turn:
            if wire is not self._wire:
                raise Misuse("the client was closed by another thread meanwhile: nothing was sent")
            return run_blocking(flow(wire))

    def _opened(self) -> BlockingWire:
        if self._wire is None:
            raise Misuse("the client is not open: use it inside `with Client(...) as client`")
        if self._wire.forked:
            self._wire.close()
            self._wire = self._dialling()
        return self._wire

    def _dialling(self) -> BlockingWire:
        return BlockingWire(self.desk, self._world.clock, self._tls)
