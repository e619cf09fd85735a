"""Market streams on one connection: named at the beginning, and changed while it runs."""

import asyncio
import ssl
from collections.abc import Iterable, Sequence

import msgspec

from surefoot.client.aio.convergence import Convergence
from surefoot.client.aio.feeds import Callback
from surefoot.client.aio.intake import intake
from surefoot.client.aio.market_socket import MarketSocket, Switchboard
from surefoot.client.aio.stream import Ear, EventStream
from surefoot.client.desk import Desk
from surefoot.client.streams import State, SubscriptionEnded
from surefoot.codec.stream_messages import target
from surefoot.codec.streams import EventDecoder, market_decoder
from surefoot.errors import CannotConnect, InvalidRequest, Misuse, NoAnswer
from surefoot.net.websocket import WebSocket
from surefoot.spot.streams import parse_stream
from surefoot.world import Entropy

_BAD_REQUEST = 400
_SHOWN = 3


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

    def __post_init__(self) -> None:
        if self.capacity < 1:
            raise Misuse(f"capacity {self.capacity}: a queue holds 1 event at least")


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
        self.feeds.on_ended = self._ended
        self._tls, self._options = tls, options
        self._convergence = Convergence(self._refused)
        self._refusals: dict[str, InvalidRequest] = {}
        self._awaited: set[str] = set()
        self._market: MarketSocket | None = None

    def __repr__(self) -> str:
        return f"MarketStream({_listed(self.names)}, {self.state})"

    @property
    def names(self) -> tuple[str, ...]:
        """The streams that every connection carries, in the order in which they were asked for."""
        return self._convergence.subscriptions.wanted

    def add(self, names: Iterable[str], callback: Callback | None, decode: EventDecoder | None) -> list[str]:
        """Carry these streams from the next connection on; raises `Misuse`."""
        read = [parse_stream(name) for name in names]
        texts = [name.text for name in read]
        if not read:
            raise Misuse("name at least one stream")
        if self._options.raw and len({*self.names, *texts}) > 1:
            raise Misuse("a raw connection carries one stream: its events do not say which they belong to")
        self._convergence.subscriptions.want(texts)
        for name in read:
            reader = decode or market_decoder(name)
            if callback is None:
                conflate = self._options.conflate and decode is None
                self.feeds.open(name.text, reader, intake(self.inbox, name, conflate=conflate))
            else:
                self.feeds.call(name.text, reader, callback)
        return texts

    async def subscribe(
        self, *names: str, callback: Callback | None = None, decode: EventDecoder | None = None
    ) -> None:
        """Carry these streams too; returns once the exchange has acknowledged them.

        `decode` reads their payloads instead of surefoot's typed events; what it reads is all kept. Raises
        `Misuse` for names that there cannot be and for more than 1,024, `InvalidRequest` where the exchange
        refuses.
        """
        self.must_be_entered()
        texts = self.add(names, callback, decode)
        self._awaited.update(texts)
        try:
            await self._until_carried(texts)
        finally:
            self._awaited.difference_update(texts)
        refused = [self._refusals.pop(text) for text in texts if text in self._refusals]
        if refused:
            raise refused[0]

    async def unsubscribe(self, *names: str) -> None:
        """Carry these no more; returns once the exchange has acknowledged that. What was heard of them before
        may still be read.
        """
        self.must_be_entered()
        self._convergence.subscriptions.drop(names)
        self.feeds.close(names)
        await self._until_carried(names)

    async def _until_carried(self, names: Iterable[str]) -> None:
        while not (self.state is State.LIVE and self._convergence.arrived(names)):
            if self.state is State.CLOSED:
                raise Misuse("the stream is closed")
            changed = self._convergence.changed
            self._ask()
            await changed.wait()

    def _ask(self) -> None:
        if self.state is State.LIVE and not self._convergence.busy:
            self._tasks.create_task(self._converge(), name="subscribe")

    async def _converge(self) -> None:
        try:
            await self._convergence.converge()
        except NoAnswer:
            if self._socket is not None:
                self._socket.abort()

    async def _open(self, ear: Ear) -> WebSocket:
        """Name what fits in the target, ask for the rest; raises the first refusal where nobody has entered
        yet.
        """
        told, options = Switchboard(self.feeds, ear.lost), self._options
        self._market, names = self._convergence.begin(
            lambda names: MarketSocket(self._desk, told, raw=names[0] if options.raw and names else None)
        )
        ear.when_live(self._market.release)
        where = target("", names, combined=not options.raw, microseconds=options.microseconds)
        try:
            opened = await self._market.open(where, self._tls)
        except CannotConnect as error:
            if self._running is None and error.facts.status == _BAD_REQUEST:
                text = f"the exchange refused {_listed(names)} (HTTP 400); are the symbols right?"
                raise InvalidRequest(text, error.facts) from None
            raise
        try:
            await self._convergence.converge()
            if self._running is None and self._refusals:
                raise next(iter(self._refusals.values()))
        except BaseException:
            opened.abort()
            raise
        return opened

    def _refused(self, name: str, error: InvalidRequest) -> None:
        if self._running is None or name in self._awaited:
            self._refusals[name] = error
        else:
            self.feeds.announce(SubscriptionEnded(names=(name,), reason=str(error)))
        self.feeds.close((name,))

    def _ended(self, names: tuple[str, ...]) -> None:
        self._convergence.subscriptions.drop(names)
        self._ask()

    def _turned(self) -> None:
        super()._turned()
        self._convergence.wake()

    def _heard_ms(self) -> int:
        if self._socket is None or self._market is None:
            return self._last_heard_ms
        silent_ms = (asyncio.get_running_loop().time() - self._socket.pulse.heard_at) * 1000
        heard_ms = max(self._last_heard_ms, int(self._desk.now_ms() - silent_ms))
        # what was read late was said earlier: what was lost may follow it closely
        said: int = getattr(self._market.last, "event_time", heard_ms)
        return min(heard_ms, said // 1000 if self._options.microseconds else said)


def _listed(names: Sequence[str]) -> str:
    return ", ".join([*names[:_SHOWN], *("…" for _ in names[_SHOWN : _SHOWN + 1])])
