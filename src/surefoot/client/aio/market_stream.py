"""Market streams on one connection: named at the beginning, and changed while it runs."""

import asyncio
import ssl
from collections.abc import Iterable

import msgspec

from surefoot.client.aio.intake import intake
from surefoot.client.aio.market_socket import MarketSocket, Route, Switchboard
from surefoot.client.aio.stream import Callback, Ear, EventStream, callback_failed, check_callback
from surefoot.client.desk import Desk
from surefoot.client.streams import State, SubscriptionEnded
from surefoot.client.subscriptions import Subscriptions
from surefoot.codec.stream_messages import Acknowledged, target
from surefoot.codec.streams import EventDecoder, market_decoder
from surefoot.errors import Facts, InvalidRequest, Misuse, NoAnswer
from surefoot.net.websocket import WebSocket
from surefoot.spot.events import Event
from surefoot.spot.streams import StreamName, parse_stream
from surefoot.world import Entropy


class StreamOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a connection of market streams is opened and read.

    With `microseconds` the times of its events are in microseconds. `conflate` lets a slow reader get only
    the newest event of the kinds whose policy says so (`surefoot.client.streams.POLICIES`); otherwise
    everything is kept. `raw` connections carry one stream, without its name around every event. `capacity`
    counts the unread events at which the socket is read no more.
    """

    microseconds: bool = False
    conflate: bool = True
    raw: bool = False
    capacity: int = 10_000


class MarketStream(EventStream):
    """Market streams, as one asynchronous iterator of events; see `EventStream` for its life.

    `subscribe` and `unsubscribe` change what it carries; what it carries is subscribed again after every
    reconnection. The events of streams with a callback go there and not to the iteration, which then tells
    only `Gap`, `SubscriptionEnded` and what befell the connection; callbacks hear these too. A callback that
    raises ends its streams.
    """

    def __init__(
        self, *, desk: Desk, tls: ssl.SSLContext | None, entropy: Entropy, options: StreamOptions
    ) -> None:
        super().__init__("market", self._open, desk=desk, entropy=entropy, capacity=options.capacity)
        self._tls, self._options = tls, options
        self._subscriptions = Subscriptions()
        self._routes: dict[bytes, Route] = {}
        self._callbacks: dict[str, Callback] = {}
        self._refusals: dict[str, InvalidRequest] = {}
        self._awaited: set[str] = set()
        self._market: MarketSocket | None = None
        self._converging = asyncio.Lock()
        self._changed = asyncio.Event()

    @property
    def names(self) -> tuple[str, ...]:
        """The streams that every connection carries, in the order in which they were asked for."""
        return self._subscriptions.wanted

    def add(self, names: Iterable[str], callback: Callback | None, decode: EventDecoder | None) -> list[str]:
        """Carry these streams from the next connection on; raises `Misuse`."""
        read = [parse_stream(name) for name in names]
        if not read:
            raise Misuse("name at least one stream")
        check_callback(callback)
        texts = [name.text for name in read]
        if self._options.raw and len({*self.names, *texts}) > 1:
            raise Misuse("a raw connection carries one stream: its events do not say which they belong to")
        self._subscriptions.want(texts)
        for name in read:
            self._routes[name.text.encode()] = self._route(name, callback, decode)
        return texts

    async def subscribe(
        self, *names: str, callback: Callback | None = None, decode: EventDecoder | None = None
    ) -> None:
        """Carry these streams too; returns once the exchange has acknowledged them.

        `decode` reads their payloads instead of surefoot's typed events. Raises `Misuse` for names that
        there cannot be and for more than 1,024, `InvalidRequest` where the exchange refuses.
        """
        self.must_be_entered()
        texts = self.add(names, callback, decode)
        self._awaited |= set(texts)
        try:
            await self._until_carried(texts)
        finally:
            self._awaited -= set(texts)
        refused = [self._refusals.pop(text) for text in texts if text in self._refusals]
        if refused:
            raise refused[0]

    async def unsubscribe(self, *names: str) -> None:
        """Carry these no more; returns once the exchange has acknowledged that. What was heard of them before
        may still be read.
        """
        self.must_be_entered()
        self._drop(names)
        await self._until_carried(list(names))

    async def _until_carried(self, names: list[str]) -> None:
        while not (self.state is State.LIVE and self._subscriptions.carries(names)):
            if self.state is State.CLOSED:
                raise Misuse("the stream is closed")
            changed = self._changed
            if self.state is State.LIVE and self._market is not None and not self._converging.locked():
                self._tasks.create_task(self._change(self._market), name="subscribe")
            await changed.wait()

    async def _change(self, socket: MarketSocket) -> None:
        try:
            await self._converge(socket)
        except NoAnswer:
            if socket is self._market:
                self._cut()

    async def _converge(self, socket: MarketSocket) -> None:
        """Ask until the connection carries what is wanted."""
        async with self._converging:
            while socket is self._market and (change := self._subscriptions.next()) is not None:
                answer = await socket.ask(change)
                if socket is not self._market:
                    return
                name = self._subscriptions.settle(change, refused=answer.refused)
                if name is not None:
                    self._refuse(name, answer)
                self._wake()
        self._wake()

    async def _open(self, ear: Ear) -> WebSocket:
        names = self._subscriptions.begin()
        told = Switchboard(self._routes, self._announce, self._failed, ear.lost)
        options = self._options
        socket = self._market = MarketSocket(
            self._desk, told, raw=names[0] if options.raw and names else None
        )
        ear.when_live(socket.release)
        where = target("", names, combined=not options.raw, microseconds=options.microseconds)
        opened = await socket.open(where, self._tls)
        first = self._running is None
        self._awaited |= set(self.names) if first else set()
        try:
            await self._converge(socket)
            if first and self._refusals:
                raise next(iter(self._refusals.values()))
        except BaseException:
            opened.abort()
            raise
        finally:
            self._awaited -= set(self.names) if first else set()
        return opened

    def _refuse(self, name: str, answer: Acknowledged) -> None:
        self._forget(name)
        text = f"the exchange refused the stream {name!r}: {answer.message} ({answer.code})"
        if name in self._awaited:
            self._refusals[name] = InvalidRequest(text, Facts(code=answer.code, message=answer.message))
        else:
            self._announce(SubscriptionEnded(names=(name,), reason=text))

    def _failed(self, route: Route, error: Exception) -> None:
        """A callback raised: it is called no more, for none of its streams."""
        failed = self._callbacks.get(route.name)
        if failed is None:
            return
        names = tuple(name for name, callback in self._callbacks.items() if callback == failed)
        self._drop(names)
        self._announce(SubscriptionEnded(names=names, reason=callback_failed(error)))
        if self._market is not None and self.state is State.LIVE:
            self._tasks.create_task(self._change(self._market), name="unsubscribe")

    def _drop(self, names: Iterable[str]) -> None:
        self._subscriptions.drop(names)
        for name in names:
            self._forget(name)

    def _forget(self, name: str) -> None:
        self._routes.pop(name.encode(), None)
        self._callbacks.pop(name, None)
        self.inbox.seal(name)

    def _announce(self, event: Event) -> None:
        self.inbox.seal_all()
        self.inbox.put(event)
        for callback in tuple(dict.fromkeys(self._callbacks.values())):
            try:
                callback(event)
            except Exception as error:
                name = next(name for name, known in self._callbacks.items() if known == callback)
                self._failed(self._routes[name.encode()], error)

    def _turned(self) -> None:
        super()._turned()
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _cut(self) -> None:
        if self._socket is not None:
            self._socket.abort()

    def _heard_ms(self) -> int:
        if self._socket is None or self._market is None:
            return self._last_heard_ms
        silent_ms = (asyncio.get_running_loop().time() - self._socket.heard_at) * 1000
        heard_ms = max(self._last_heard_ms, int(self._desk.now_ms() - silent_ms))
        said = getattr(self._market.last, "event_time", heard_ms)
        return min(heard_ms, said // 1000 if self._options.microseconds else said)

    def _route(self, name: StreamName, callback: Callback | None, decode: EventDecoder | None) -> Route:
        if callback is not None:
            self._callbacks[name.text] = callback
            deliver = callback
        else:
            self._callbacks.pop(name.text, None)
            deliver = intake(self.inbox, name, conflate=self._options.conflate and decode is None)
        return Route(name.text, decode or market_decoder(name), deliver)
