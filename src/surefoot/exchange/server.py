"""The exchange on sockets: REST, WebSocket API and streams on one port. Only here is the event loop."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from contextvars import Context, copy_context
from types import TracebackType
from typing import Any, Protocol, Self

import msgspec

from surefoot.errors import Misuse
from surefoot.exchange.accounts import Account
from surefoot.exchange.admin import desk as admin
from surefoot.exchange.calls.desk import Desk
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.data.market_data import market_data
from surefoot.exchange.door.addresses import address_of
from surefoot.exchange.door.attendance import Attendance, Visit
from surefoot.exchange.door.connections import api_options, stream_choice
from surefoot.exchange.door.events import EventWire, StruckListener
from surefoot.exchange.door.firewall import PAGE, suspicious
from surefoot.exchange.door.front import Front
from surefoot.exchange.door.hub import Hub
from surefoot.exchange.door.lapses import by_the_clock
from surefoot.exchange.door.mishaps import Answered, Mishaps, StruckSession
from surefoot.exchange.door.outages import Outages
from surefoot.exchange.door.sessions import ApiSession
from surefoot.exchange.door.sockets import BoundedWire, Session, SessionSink
from surefoot.exchange.door.streams import StreamSession
from surefoot.exchange.faults.clock import ExchangeClock
from surefoot.exchange.faults.plan import Plan
from surefoot.exchange.faults.rules import Channel
from surefoot.exchange.feeds.stream_names import FAST_MS, due
from surefoot.exchange.keys import KeyRing
from surefoot.exchange.limits.limiter import Limiter
from surefoot.exchange.limits.profile import LimitProfile, limits_of
from surefoot.exchange.listen_keys import ListenKeys
from surefoot.exchange.operations import Operations
from surefoot.exchange.render.exchange_info import ExchangeInfo
from surefoot.net.listen import Listener, listen
from surefoot.net.websocket import TextSink, WebSocket
from surefoot.serve.answers import rest_denial
from surefoot.serve.denial import Denial
from surefoot.serve.venues import BINANCE, Venue
from surefoot.wire import HttpRequest, HttpResponse
from surefoot.world import World

API_PATH = "/ws-api/v3"
_BEAT_US, _LEAST_US = FAST_MS * 1000, 1000
_DAY_MS = 86_400_000


class Stepper(Protocol):
    """Something that makes the market move: told the time, it says when it wants to be told again (µs)."""

    def step(self, now_us: int) -> int: ...


class Binding(msgspec.Struct, frozen=True):
    """Where to listen: loopback and any free port unless said otherwise; `tls` encrypts everything."""

    host: str = "127.0.0.1"
    port: int = 0
    tls: ssl.SSLContext | None = None


class ExchangeServer:
    """A running exchange: ``async with ExchangeServer(...) as exchange: exchange.rest_url``.

    `clock_skew_ms` is how far its clock is ahead of the world's; `clock` can be set, and `now_us` never goes
    back. `faults` are the rules by which it fails. `steppers` move the market while it runs.
    On leaving, connected clients are told `serverShutdown` before they are disconnected.
    Raises `Misuse` on entering when the port is taken.
    """

    def __init__(
        self,
        engine: Engine,
        accounts: Sequence[Account],
        world: World,
        *,
        info: Mapping[str, Any],
        limits: LimitProfile | None = None,
        beat_ms: float | None = None,
        venue: Venue = BINANCE,
        binding: Binding = Binding(),  # noqa: B008 - frozen
        clock_skew_ms: float = 0,
        steppers: Iterable[Stepper] = (),
    ) -> None:
        self.engine = engine
        self.accounts = list(accounts)
        self.binding = binding
        self.clock = ExchangeClock(world.clock.wall_ms, clock_skew_ms)
        self.now_us = self.clock.now_us
        self.faults = Plan(self.now_us)
        self.waiting = LoopWaiting()
        self._steppers = tuple(steppers)
        self._beat_us = _BEAT_US if beat_ms is None else int(beat_ms * 1000)
        shown = ExchangeInfo(info, engine.listings)
        updated = {account.name: self.now_us() for account in accounts}
        limiter = Limiter(limits or limits_of(info))
        keys = KeyRing(accounts, self.now_us(), hmac_only=venue.hmac_only)
        listen_keys = ListenKeys(world.entropy)
        desk = Desk(engine, shown, world.entropy, updated, limiter, market_data(engine), listen_keys)
        self.front = Front(desk, keys, Hub(engine, desk.data), venue)
        self.operations = Operations(self.front, self.accounts, world.entropy, self.now_us)
        self.attendance = Attendance()
        self.front.on_ban = self.attendance.expel
        self.outages = Outages(self.attendance, self.faults, self.waiting, self.now_us)
        self._stack = AsyncExitStack()
        self._listener: Listener | None = None
        self._group: asyncio.TaskGroup

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._listener is not None, "the exchange is not running; enter it with async with"
        return self._listener.port

    @property
    def rest_url(self) -> str:
        """Base of REST, before ``/api/v3``."""
        return self._url("http")

    @property
    def ws_url(self) -> str:
        """Base of the streams, before ``/ws`` and ``/stream``."""
        return self._url("ws")

    @property
    def ws_api_url(self) -> str:
        """The WebSocket API."""
        return self._url("ws") + API_PATH

    def _url(self, scheme: str) -> str:
        secure = "s" if self.binding.tls else ""
        host = f"[{self.binding.host}]" if ":" in self.binding.host else self.binding.host
        return f"{scheme}{secure}://{host}:{self.port}"

    async def __aenter__(self) -> Self:
        dues = [stepper.step(self.now_us()) for stepper in self._steppers]
        self.front.settle(self.now_us())
        self.waiting.context = copy_context()
        binding = self.binding
        venue = self.front.venue
        self._listener = await listen(
            Reception(self),
            binding.host,
            binding.port,
            tls=binding.tls,
            ping_every_ms=venue.ping_every_ms,
            pong_timeout_ms=venue.pong_timeout_ms,
        )
        self._stack.push_async_callback(self._listener.close)
        self._stack.callback(self.waiting.forget)
        self._group = group = await self._stack.enter_async_context(asyncio.TaskGroup())
        moves = [self._move(*pair) for pair in zip(self._steppers, dues, strict=True)]
        for work in (self._beat(), *moves):
            self._stack.callback(group.create_task(work).cancel)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.attendance.announce(self.now_us())
        # The task group must not see what went wrong in the body: it would wrap it into a group.
        await self._stack.__aexit__(None, None, None)

    async def shut_down(self, lead_ms: float = 0) -> None:
        """As `outages.shut_down`, and return once those connections are told to end."""
        told = self.attendance.announce(self.now_us())
        await asyncio.sleep(lead_ms / 1000)
        self.attendance.dismiss(told, "the server shuts down")

    def refuse_connections(self, for_ms: float) -> None:
        """Listen to nobody for so long: who connects is refused, who is connected stays. Raises `Misuse`.

        The admin endpoint is not to be reached either meanwhile.
        """
        if not 0 < for_ms <= _DAY_MS:
            raise Misuse(f"for_ms {for_ms} is not above 0 and at most a day ({_DAY_MS} ms)")
        if self._listener is not None:
            self._listener.refuse()
            self.waiting.after(for_ms, lambda: self._group.create_task(self._listen_again()))

    async def _listen_again(self) -> None:
        assert self._listener is not None
        await self._listener.accept()

    async def _beat(self) -> None:
        """What happens by the clock: streams that speak periodically, and the end of old connections."""
        before_us, beat_us = self.now_us(), self._beat_us
        while True:
            await asyncio.sleep(max(beat_us - before_us % beat_us, _LEAST_US) / 1e6)
            now_us = self.now_us()
            for period_ms in due(before_us, now_us):
                self.front.hub.tick(period_ms, now_us)
            self.attendance.expire(now_us)
            by_the_clock(self.front, now_us)
            before_us = now_us

    async def _move(self, stepper: Stepper, due_us: int) -> None:
        while True:
            await asyncio.sleep(max(0, due_us - self.now_us()) / 1e6)
            due_us = stepper.step(self.now_us())
            self.front.settle(self.now_us())


class Reception:
    """What the listener asks: who answers a request, who takes a WebSocket."""

    def __init__(self, server: ExchangeServer) -> None:
        self._server = server
        self._front = server.front
        self._mishaps = Mishaps(server.front, server.faults, server.clock, server.waiting)

    def respond(self, request: HttpRequest, peer: str) -> Answered | Awaitable[Answered]:
        """Answer a REST request, or one of the admin endpoint, which no limit counts and no fault strikes."""
        if admin.is_admin(request):
            return admin.respond(self._server, request, peer)
        try:
            return self._mishaps.rest(request, address_of(request, peer))
        except Misuse as misuse:
            return HttpResponse(400, {}, str(misuse).encode())

    def accept(self, request: HttpRequest, peer: str) -> Answered | Callable[[WebSocket], TextSink]:
        """Let a WebSocket in, or say why not."""
        now_us = self._server.now_us()
        if suspicious(request):
            return HttpResponse(403, {"content-type": "text/html"}, PAGE)
        path, _, query = request.target.partition("?")
        try:
            address = address_of(request, peer)
            struck = self._mishaps.handshake("ws_api" if path == API_PATH else "streams", address)
            if struck is not None:
                return struck
            self._front.limiter.connect(address, now_us)
            if path == API_PATH:
                return self._api(query, address, now_us)
            return self._streams(path, query, address, now_us)
        except Denial as denial:
            self._front.settle(now_us)
            return rest_denial(denial, {}, now_us // 1000)
        except Misuse as misuse:
            return HttpResponse(400, {}, str(misuse).encode())

    def _api(self, query: str, address: str, now_us: int) -> Callable[[WebSocket], TextSink]:
        options = api_options(query, self._front.venue)
        self._front.limiter.spend(address, self._front.limiter.profile.connect_weight, now_us)

        def open_session(socket: WebSocket) -> TextSink:
            wire = BoundedWire(socket)
            session = ApiSession(
                self._front,
                wire,
                address,
                options,
                now_us,
                wire_of=lambda account: self._events(wire, "user", address, account),
            )
            struck = StruckSession(session, self._mishaps, wire, address)
            return self._sink(struck, Visit(wire, session.shutdown_event, now_us, "ws_api", address))

        return open_session

    def _streams(self, path: str, query: str, address: str, now_us: int) -> Callable[[WebSocket], TextSink]:
        symbols = frozenset(self._front.desk.info.names())
        choice = stream_choice(
            path,
            query,
            symbols,
            most=self._front.limiter.profile.streams_per_connection,
            venue=self._front.venue,
            account_of=lambda text: self._front.desk.listen_keys.account_of(text, now_us),
        )

        def open_session(socket: WebSocket) -> TextSink:
            wire = BoundedWire(socket)
            listener = StruckListener(
                wire,
                lambda on, account: self._events(wire, on, address, account),
                combined=choice.combined,
                unit=choice.unit,
            )
            session = StreamSession(self._front, listener, symbols, address)
            session.start(choice)
            clock = self._server.now_us
            socket.pulse.on_control = lambda: session.counted(clock())
            return self._sink(session, Visit(wire, session.shutdown_event, clock(), "market", address))

        return open_session

    def _sink(self, session: Session, visit: Visit) -> TextSink:
        return SessionSink(session, visit, self._server.attendance, self._server.now_us)

    def _events(self, wire: BoundedWire, on: Channel, address: str, account: str) -> EventWire:
        return EventWire(wire, self._server.faults, self._server.waiting, (on, address, account))


class LoopWaiting:
    """Waits with the running loop; what is still waited for when the exchange ends does not happen.

    Whoever asks for it, it happens in the exchange's own `context`.
    """

    def __init__(self) -> None:
        self._timers: set[asyncio.TimerHandle] = set()
        self.context: Context | None = None

    async def sleep(self, ms: float) -> None:
        """Let so much time pass."""
        if ms:
            await asyncio.sleep(ms / 1000)

    def after(self, ms: float, call: Callable[[], object]) -> None:
        """Call this when so much time has passed."""

        def due() -> None:
            self._timers.discard(timer)
            call()

        timer = asyncio.get_running_loop().call_later(ms / 1000, due, context=self.context)
        self._timers.add(timer)

    def forget(self) -> None:
        """Call nothing any more."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
