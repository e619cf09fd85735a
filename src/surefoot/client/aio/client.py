"""The asynchronous client: REST requests, and the doors to sessions and streams."""

import asyncio
import ssl
from pathlib import Path
from typing import Literal, Self, TypeVar, get_args

from surefoot.client.aio import openers
from surefoot.client.aio.checks import AsyncChecks
from surefoot.client.aio.feeds import Callback
from surefoot.client.aio.market_stream import MarketStream, StreamOptions
from surefoot.client.aio.ranges import AsyncRanges
from surefoot.client.aio.rest import RestWire
from surefoot.client.aio.session import ApiSession
from surefoot.client.aio.stream import EventStream
from surefoot.client.aio.timekeeper import Timekeeper
from surefoot.client.allowance import AllowanceView
from surefoot.client.call import SignBefore, Wire, call, measure
from surefoot.client.desk import Desk
from surefoot.client.methods.async_all import AsyncMethods
from surefoot.client.rotation import Rotation
from surefoot.client.timesync import Measurement
from surefoot.codec.streams import EventDecoder
from surefoot.credentials import Credentials
from surefoot.errors import Misuse
from surefoot.net.tls import client_context
from surefoot.rules.retries import Retries
from surefoot.spot.environments import Environment
from surefoot.spot.request import Request
from surefoot.telemetry.observations import Sink
from surefoot.world import Storage, World, storage_at, system_world

A = TypeVar("A")

Transport = Literal["rest", "ws_api"]
"""The way that requests go: REST over kept connections, or one connection of the WebSocket API."""


class AsyncClient(AsyncMethods, AsyncChecks, AsyncRanges):
    """Asks one venue. One method per request (see `AsyncMethods`); `send` is the door they all use.

    `environment` is always spelled out; `credentials` must belong to it. Writes to production need
    `production_trading=True`. `transport` is the way that requests go; their answers and errors are the same
    on both. `tls` replaces the default trust (for a venue with a private authority).
    `proxy` is ``http://user:password@host:port`` (CONNECT) or ``socks5://…``, or ``"environment"`` for what
    HTTPS_PROXY, ALL_PROXY and NO_PROXY say; without it the environment is not looked at.
    `cache` is a folder (or storage) where exchangeInfo is kept for a fast start. What else is written, into
    the world's storage, is which environment a key belongs to (`surefoot.credentials.binding`). `retries`
    says how often a request is sent again where that is safe (`rules.retries`). Entering measures the clock
    when there is a key, and raises `CannotConnect` where nobody answers; over the WebSocket API it connects,
    and logs on with an Ed25519 key.
    """

    def __init__(
        self,
        environment: Environment,
        credentials: Credentials | None = None,
        *,
        transport: Transport = "rest",
        production_trading: bool = False,
        tls: ssl.SSLContext | None = None,
        proxy: str | None = None,
        world: World | None = None,
        sink: Sink | None = None,
        cache: str | Path | Storage | None = None,
        retries: Retries = Retries(),  # noqa: B008 - frozen
    ) -> None:
        if transport not in get_args(Transport):
            raise Misuse(f"transport {transport!r}: one of {', '.join(map(repr, get_args(Transport)))}")
        world = world or system_world()
        desk = Desk(
            environment,
            credentials,
            world=world,
            sink=sink,
            production_trading=production_trading,
            proxy=proxy,
            cache=storage_at(cache),
            retries=retries,
        )
        secure = environment.rest.startswith("https:") or environment.ws_api.startswith("wss:")
        self._begin(desk, world, tls or (client_context() if secure else None), transport)

    @classmethod
    def of(cls, desk: Desk, world: World, tls: ssl.SSLContext | None) -> Self:
        """The client of a desk that is there already."""
        client = cls.__new__(cls)
        client._begin(desk, world, tls, "rest")
        return client

    def _begin(self, desk: Desk, world: World, tls: ssl.SSLContext | None, transport: Transport) -> None:
        self.desk = desk
        self._world, self._tls, self._transport = world, tls, transport
        self._asking = asyncio.Lock()
        self._wire: RestWire | None = None
        self._session: ApiSession | None = None
        self._timekeeper: Timekeeper | None = None

    def __repr__(self) -> str:
        state = "closed" if self._wire is None and self._session is None else "open"
        return f"AsyncClient({self.desk}, {self._transport}, {state})"

    async def __aenter__(self) -> Self:
        if self._wire is not None or self._session is not None:
            raise Misuse("the client is open already")
        if self._transport == "ws_api":
            self._session = await self.session().__aenter__()
            return await self._keeping_time()
        self._wire = RestWire(self.desk, self._world.clock, self._tls)
        if self.desk.key is not None:
            try:
                await self.sync()
            except BaseException:
                await self.__aexit__()
                raise
        return await self._keeping_time()

    async def __aexit__(self, *_: object) -> None:
        keeper, self._timekeeper = self._timekeeper, None
        try:
            if keeper is not None:
                await keeper.__aexit__()
        finally:
            await self._close()

    async def _close(self) -> None:
        wire, self._wire = self._wire, None
        session, self._session = self._session, None
        if wire is not None:
            await wire.close()
        if session is not None:
            await session.close()

    @property
    def budget(self) -> AllowanceView:
        """What is used of the exchange's limits, by whom; and rain mode by hand."""
        return AllowanceView(self.desk.allowance)

    async def send(
        self,
        request: Request[A],
        *,
        recv_window_ms: int | None = None,
        sign_before_ms: SignBefore | None = None,
    ) -> A:
        """Ask `request`; returns its typed answer or raises the error that says whether it happened.

        `recv_window_ms` overrides the measured one; `sign_before_ms` (exchange's clock) is the last moment at
        which it may be signed.
        """
        if self._session is not None:
            return await self._session.send(
                request, recv_window_ms=recv_window_ms, sign_before_ms=sign_before_ms
            )
        return await call(
            self._opened(), self.desk, request, recv_window_ms=recv_window_ms, sign_before_ms=sign_before_ms
        )

    async def sync(self) -> Measurement:
        """Measure the exchange's clock now (AUTH-3)."""
        return await measure(await self._way(), self.desk)

    def session(self, *, sign_each: bool = False) -> ApiSession:
        """A WebSocket API session of the same account; `sign_each` signs every request instead of
        logging on.
        """
        return ApiSession(self.desk, self._world.clock, self._tls, sign_each=sign_each)

    def user_data(
        self,
        *,
        callback: Callback | None = None,
        microseconds: bool = False,
        rotation: Rotation | None = None,
    ) -> EventStream:
        """The account's own events: enter it before the first order (TRACK-2). All are kept until they are
        read; with `microseconds` their times are in them. `rotation` says when its connection is replaced.
        """
        if microseconds:
            self.desk.environment.must_say_microseconds()
        return EventStream(
            "user data",
            openers.user_data(self.desk, self._world.clock, self._tls, microseconds=microseconds),
            desk=self.desk,
            entropy=self._world.entropy,
            callback=callback,
            microseconds=microseconds,
            rotation=rotation,
        )

    def stream(
        self,
        *names: str,
        callback: Callback | None = None,
        decode: EventDecoder | None = None,
        options: StreamOptions | None = None,
    ) -> MarketStream:
        """Market streams by name on one connection (names: `surefoot.spot.streams`); more can be subscribed
        once it is entered.

        Their events go to `callback`, or are iterated. `decode` reads their payloads instead of surefoot's
        typed events. Raises `Misuse` for names that there cannot be.
        """
        options = options or StreamOptions()
        if options.microseconds:
            self.desk.environment.must_say_microseconds()
        stream = MarketStream(desk=self.desk, tls=self._tls, entropy=self._world.entropy, options=options)
        stream.add(names, callback, decode)
        return stream

    async def _keeping_time(self) -> Self:
        if self.desk.key is not None:
            keeper = Timekeeper(self.desk, self._world.clock, self._way)
            self._timekeeper = await keeper.__aenter__()
        return self

    async def _way(self) -> Wire:
        return self._opened() if self._session is None else await self._session.way()

    def _opened(self) -> RestWire:
        if self._wire is None:
            raise Misuse("the client is not open: use it inside `async with AsyncClient(...) as client`")
        return self._wire


connect = AsyncClient
"""``async with surefoot.connect(TESTNET, credentials) as spot: …``"""
